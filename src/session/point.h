/* point.h: points in a session's past: @name a snapshot, rN the weights after run N, init the weights that the seed
 * gives. */
#ifndef POINT_H
#define POINT_H

#include "session/session.h"

/* Keeps the weights under a name; a snapshot of the same name is replaced. */
int point_keep(struct session *s, const char *name, struct err *e);

/* The weights of a point: nn_net_params floats, the caller's to free. NULL text: now. NULL with a sentence. */
float *point_weights(struct session *s, const char *text, struct err *e);

#endif
