/* point.h: points in a session's past: @name a snapshot, rN the weights after run N, init the weights that the seed gives. */
#ifndef POINT_H
#define POINT_H

#include "session.h"

struct snapshot {
	char *name;
	float *weights; /* canonical block */
	size_t params;
};

/* Keeps the weights under a name; one of the same name is replaced. */
int snapshot_take(struct session *s, const char *name, struct err *e);
/* Forgets all, when the model changes its shape. */
void snapshot_clear(struct session *s);

/* The weights of a point: nn_net_params floats, the caller's to free. NULL text: now. NULL with a sentence. */
float *point_weights(struct session *s, const char *text, struct err *e);

#endif
