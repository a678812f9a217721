/* process.h: work that is done by a copy of this process, which answers with a text and ends.
 *
 * The copy has all that this process has in memory, and changes nothing of it: where it dies, whatever it died of, this
 * process goes on. It has one thread, which may start others; it prints nothing on a terminal. SIGTERM and the other
 * signals that end a process are its signals_pending, and it gets SIGTERM when the thread that started it ends.
 */
#ifndef PROCESS_H
#define PROCESS_H

#include "util/text.h"

#include <stdbool.h>
#include <sys/types.h>

struct process {
	pid_t pid; /* 0: there is none */
	int fd; /* of its answer */
	struct str answer; /* as far as it has come; the owner of the struct frees its text */
	int status; /* of waitpid, when it has ended */
	double halted; /* seconds of the monotonic clock when it was first asked to end; 0: it was not */
};

/* Starts one: work returns its answer, a text for free(). Of the locks that threads of this process hold, work must
 * take none. -1 with errno. */
int process_start(struct process *p, char *(*work)(void *arg), void *arg);
/* Waits until one of them has ended, at most so many milliseconds or until a signal comes, and gives its number; -1:
 * none has. */
int process_wait(struct process *p, int n, int milliseconds);
/* Asks it to end, and ends it where it has not two seconds after that was first asked: it may hang in a lock that
 * another thread held when it was copied. Called until it has ended. */
void process_halt(struct process *p);
/* Of one that has ended: "ended by signal 9 (Killed)"; NULL: it has given its answer. */
const char *process_died(const struct process *p, char *buf, size_t size);

#endif
