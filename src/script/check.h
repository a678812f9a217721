/* check.h: reads scripts without running them, for --check. */
#ifndef CHECK_H
#define CHECK_H

#include "session/session.h"

struct check {
	int commands, wrong;
	bool unread; /* a script could not be read */
};

/* Say all that is wrong with a script ("-": standard input), or with the i-th -c. */
void check_script(struct session *s, const char *path, struct check *c);
void check_command(struct session *s, const char *line, int number, struct check *c);

#endif
