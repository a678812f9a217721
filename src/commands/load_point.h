/* load_point.h: what `load @NAME` and `load rN` do. */
#ifndef LOAD_POINT_H
#define LOAD_POINT_H

#include "language/cmd.h"
#include "session/session.h"

/* Whether `load` is asked for a snapshot or for what a run has left: @NAME or rN, unless only a file is called so. */
bool load_point_meant(const struct session *s, const char *text);
/* Brings the model of a snapshot back, the weights after a run or, with only=, weights of layers alone, and says what
 * was put back. -1 with a sentence; then nothing has changed. */
int load_point(struct session *s, const struct cmd_args *a, struct err *e);

#endif
