/* queue.h: the lines that wait to be run, as data. script/exec.h drives them.
 *
 * Lines wait in one queue; a cursor in each says which of its commands is next. `source` puts its lines in front. The
 * queue moves while no job is active, so the order of commands is the order typed, whatever takes time.
 */
#ifndef QUEUE_H
#define QUEUE_H

#include "util/err.h"

#include <stdbool.h>
#include <stddef.h>

struct pending {
	struct pending *next;
	char *line, *script; /* script NULL: typed */
	int number;
	unsigned long lines; /* of output before it */
	size_t at; /* the next command's place in the line */
	bool leave; /* no line: the end of a sourced file */
	bool busy, gone; /* one of its commands is running; it has left the queue meanwhile */
};

struct queue {
	struct pending *first;
	int depth; /* of `source` */
	int status; /* so far: 0, 1, 3 */
	bool bail_set, bail; /* what `bail` was set to: an error ends everything */
	bool stopped; /* an error has ended what the host was running; bail */
	bool quit;
	int quit_code; /* of `quit N`; -1: the status */
	bool waiting; /* session_exec waits for a job: lines that come in join the queue */
	char *dropped; /* what a run that is being stopped made us drop, to be said behind its last word; NULL */
	struct {
		char *script; /* where the command of the job stood, for its errors; NULL: typed */
		int line;
		char *typed; /* the line, if it was typed: an error may point at its word */
		unsigned long lines; /* of output before it */
	} job;
};

struct session;

/* the last to run; borrowed */
struct pending *queue_add(struct queue *q, const char *line, const char *script, int number);
void pending_free(struct pending *p);
char *queue_waiting(const struct queue *q); /* the commands that wait, "" when none; the caller's to free */
/* Empties it and says what was dropped. */
void session_queue_drop(struct session *s, const char *why);
/* the same of lines that were not given to it yet; writes into them */
void session_lines_drop(struct session *s, char *lines, const char *why);
/* Puts the lines of a script in front of what waits. */
int queue_source(struct queue *q, const char *path, struct err *e);
void queue_free(struct queue *q);

#endif
