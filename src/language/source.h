/* source.h: scripts, before their lines are run: which files are any. */
#ifndef SOURCE_H
#define SOURCE_H

#include "session/session.h"

/* Puts the lines of a script in front of what waits, for `source`. -1 with a sentence. */
int source_read(struct session *s, const char *path, struct err *e);
/* A script that is sourced by the line that runs: its name has the way to it. The caller's. */
struct source *source_within(const struct session *s, const char *path);
/* How much errors show of a script that the command line names: all; but under --safe not of what a link leads to,
 * which somebody else may have put in its place. */
enum source_shown source_may_show(const struct session *s, const char *path);

#endif
