/* capture.h: a session whose output is kept as text, for tests of commands. */
#ifndef CAPTURE_H
#define CAPTURE_H

#include "session.h"

struct capture {
	struct session *s;
	struct out *out;
	char *text, *errors; /* lines so far, each ended by '\n'; never NULL */
};

void capture_open(struct capture *c);
void capture_close(struct capture *c);
void capture_clear(struct capture *c);
/* Runs a line from a clear capture; the session's status starts at 0 again. Returns the status. */
int capture_run(struct capture *c, const char *line);

#endif
