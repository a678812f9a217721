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

/* How much of its lines errors, echoes and notes show: a file that was named may be any. */
enum source_shown {
	SOURCE_SHOWN,
	SOURCE_COMMANDS, /* what is wrong with a command, as long as a line is one; but not the line itself */
	SOURCE_HIDDEN, /* nothing: under --safe, what a file holds that a link leads to or that lies elsewhere */
};

/* Where lines come from, shared by them. */
struct source {
	int refs;
	char *path; /* "lab1.thaw", "-c", "stdin" */
	char *name; /* for errors: the files that have led to it, too: "all.thaw:3 > lab1.thaw" */
	enum source_shown shown;
	bool init; /* of the site or of the user: what stands behind an error in it is run all the same */
};

struct pending {
	struct pending *next;
	char *line;
	struct source *source; /* NULL: the line was typed */
	int number; /* of the line in its source */
	unsigned long lines; /* how many lines of output there were before it */
	size_t from, at; /* where the command that runs begins, and the next one */
	unsigned long cell; /* of the transcript: whose answer it is that its command gives */
	unsigned long python; /* the same of the line of Python that its first command was said in; 0: none */
	bool waited; /* it was typed while a job went on */
	bool leave; /* this is no line, but the end of a sourced file */
	bool hold; /* nor is this: a script that is played pauses here still */
	bool busy; /* one of its commands is running */
	bool gone; /* it has left the queue while its command runs */
};

struct queue {
	struct pending *first;
	int depth; /* how many scripts are inside each other */
	int status; /* the exit status so far: 0, 1 or 3 */
	bool bail_set, bail; /* what `bail` was set to, if it was: whether an error ends everything */
	bool stopped; /* an error has ended everything */
	bool cut; /* and something was left to run */
	bool quit;
	int quit_code; /* N of `quit N`; -1 where the status holds */
	bool init; /* the command that runs is of an init file */
	bool held; /* by `pause` in a script that is played: until the host is told to go on */
	bool waiting; /* session_exec waits for a job: lines that come in join the queue */
	/* A note on lines that were dropped when a job was stopped, said after its end; NULL: none were. The second one
	 * is for a job that left the run of that number to be resumed. */
	char *dropped[2];
	int dropped_run; /* 0: the job was no run */
	struct pending *job; /* the command that has started the job, for its errors */
	unsigned long said; /* how many lines of output there were when that command had said something */
	/* for `continue`: the lines of a script that an error or an interrupt has dropped, and the command that failed
	 * or was interrupted; or NULL */
	struct pending *rest, *failed;
	bool failing; /* `failed` did so just now */
	/* the comment that was shown last, of a script that is played */
	struct remark {
		const struct source *source; /* not to be looked into */
		int number; /* of its line; 0: there is none that the next one could go on with */
		unsigned long lines; /* of output behind it */
		size_t bytes; /* of its paragraph */
		int cells, longest; /* of its line, and of the longest line of the paragraph */
		bool ended; /* with a sentence */
		bool listed; /* its paragraph is an item of a list */
	} remark;
};

struct session;

struct source *source_new(const char *path, enum source_shown shown);
void source_free(struct source *s); /* lets go of it; NULL is fine */

/* Adds a line at the end or, typed while a script pauses, in front of the rest of that; the queue shares the source.
 * What it returns is borrowed. */
struct pending *queue_add(struct queue *q, const char *line, struct source *source, int number);
struct pending *pending_copy(const struct pending *p); /* of its line and where that comes from */
void pending_free(struct pending *p); /* NULL is fine */
/* The typed commands that wait, "" for none; the caller's to free. */
char *queue_waiting(const struct queue *q);
/* A script pauses: what is typed now comes first, and then it pauses still. */
void queue_hold(struct queue *q);
/* This command of a script has failed or is interrupted, and what waits is dropped next; NULL: none has. */
void queue_fail(struct queue *q, const struct pending *p);
bool queue_may_go_on(const struct queue *q); /* a script pauses, or there is the rest of one */
/* Out of the pause, or with that rest; again: beginning with what failed. -1 with a sentence: there is no such. */
int queue_go_on(struct queue *q, bool again, struct err *e);
/* Empties the queue and says what was dropped; of a script that a person watches, how it goes on. Where one pauses and
 * a line was typed meanwhile, only what that has brought is dropped. */
void session_queue_drop(struct session *s, const char *why);
/* The same, after adding lines that were not in the queue yet; writes into them. */
void session_lines_drop(struct session *s, char *lines, const char *why);
/* Puts the lines of a source's file in front of what waits. -1 with a sentence. */
int queue_source(struct queue *q, struct source *source, struct err *e);
int queue_append(struct queue *q, struct source *source, struct err *e); /* the same, behind what waits */
void queue_free(struct queue *q);

#endif
