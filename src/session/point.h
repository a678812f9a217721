/* point.h: points in a session's past. @name is a snapshot, rN the weights after run N, init the weights that the seed
 * gives, now the present ones. */
#ifndef POINT_H
#define POINT_H

#include "session/session.h"

/* Keeps the present weights as a snapshot, which replaces one of the same name. -1 with a sentence. */
int point_keep(struct session *s, const char *name, struct err *e);

/* The snapshot @NAME, borrowed; NULL with a sentence. */
const struct snapshot *point_snapshot(const struct session *s, const char *text, struct err *e);
/* The weights of a point: nn_net_params floats, the caller's to free; NULL with a sentence. Without a text: the present
 * weights. */
float *point_weights(struct session *s, const char *text, struct err *e);

/* What a row calls a point: "r1", "@a", "init". Without a text "now" or, where it is the first of two, "before r2",
 * which is what the last run began with. The caller's. */
char *point_said(const struct session *s, const char *text, bool first);

/* What the present weights are called, also once the model has moved on: "r2", "before r3", which it began with, or
 * "r3, changed" where they are neither. The net must stand still. The caller's. */
char *point_now(const struct session *s);

#endif
