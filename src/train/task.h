/* task.h: long work that is no run, as a job. */
#ifndef TASK_H
#define TASK_H

#include "session/session.h"

/* work runs on the worker; the engine's stop callback ends it when the user says so (nn functions return NN_STOPPED).
 * Meanwhile no other command changes the session: all but those of CMD_ALWAYS wait. Then done runs on the session's
 * thread, gets what work returned, and prints the result; it returns -1 with a sentence, as a command does. release
 * frees arg. */
struct task {
	int (*work)(struct session *s, void *arg, struct err *e);
	int (*done)(struct session *s, void *arg, int rc, struct err *e);
	void (*release)(void *arg);
	void *arg;
	size_t images; /* how many work evaluates, from which follows the part that is shown; 0: not known */
	bool again; /* done prints and changes nothing: it may be called again, for another width */
};

/* Where the session is not async, it returns after done. -1 with a sentence. */
int task_start(struct session *s, const char *command, const struct task *t, struct err *e);

#endif
