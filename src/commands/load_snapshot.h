/* load_snapshot.h: what `load @NAME` does. */
#ifndef LOAD_SNAPSHOT_H
#define LOAD_SNAPSHOT_H

#include "language/cmd.h"
#include "session/session.h"

/* Whether `load` is asked for a snapshot: @NAME, unless only a file is called so. */
bool load_snapshot_meant(const struct session *s, const char *text);
/* Brings the model of a snapshot back or, with only=, weights of layers alone, and says what was put back. -1 with a
 * sentence; then nothing has changed. */
int load_snapshot(struct session *s, const struct cmd_args *a, struct err *e);

#endif
