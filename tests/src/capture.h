/* capture.h: a session whose output is kept as text, and whose work can be watched, for tests of commands. */
#ifndef CAPTURE_H
#define CAPTURE_H

#include "session/session.h"

struct capture {
	struct session *s;
	struct out *out;
	char *text, *errors; /* lines so far, each ended by '\n'; never NULL */
};

void capture_open(struct capture *c);
/* Before a session is used whose lines leave the data set as it is: the bundled one, read once for all of these. */
void capture_share(struct capture *c);
void capture_close(struct capture *c);
void capture_clear(struct capture *c);
/* Runs a line from a clear capture; the session's status starts at 0 again. Returns the status. */
int capture_run(struct capture *c, const char *line);

/* From here on a person sits there (capture_person: unique beginnings, errors go on), and whoever drives the session
 * takes the job's events (both). */
void capture_async(struct capture *c);
void capture_person(struct capture *c);

bool capture_busy(const struct capture *c); /* a job goes on */
void capture_tick(struct capture *c); /* waits for the worker to tell something, and takes it */
void capture_wait(struct capture *c); /* until the job is over and nothing waits any more */

int capture_status(const struct capture *c);
int capture_nruns(const struct capture *c);
struct run *capture_run_at(const struct capture *c, int i); /* the i-th, from 0 */
struct nn_net *capture_net(const struct capture *c);

#endif
