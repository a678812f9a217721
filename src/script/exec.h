/* exec.h: runs lines in order: what the driver of a session calls. */
#ifndef EXEC_H
#define EXEC_H

#include "session/session.h"

/* Runs one line, which may hold several commands. Returns the exit status so far: 0, 1 or 3; errors have been printed
 * to s->out. When a command starts a job, the commands after it wait: session_exec waits for the end of the job or,
 * where s->user.async is set, returns, and the host calls session_tick whenever the job's wake pipe can be read. While
 * a job goes on, a command that looks or steers acts at once when it is alone on its line; everything else joins the
 * queue, and so do all lines while s->user.in_turn is set. */
int session_exec(struct session *s, const char *line);
int session_exec_at(struct session *s, const char *line, struct source *source, int number); /* a line of a script */
/* Runs a line that is a single command which says the same again, outside the queue. False: it is none such. python: it
 * is what a line of Python was taken for, which is said as well. */
bool session_again(struct session *s, const char *line, bool python);
void session_tick(struct session *s); /* takes the job's events and goes on with the queue */

#endif
