/* diff.h: how far the weights of a layer have moved between two points. */
#ifndef DIFF_H
#define DIFF_H

#include "session/session.h"

struct layer_diff {
	double max; /* largest change, NAN where a weight is NaN */
	size_t changed; /* weights whose bits differ */
	size_t still; /* weights of the kernel whose bits do not */
	char sha[2][65];
};

/* a and b: whole blocks of parameters. */
void diff_layer(const struct nn_layer *l, const float *a, const float *b, struct layer_diff *d);

/* The weights of two points, for the caller to free: by name, or what the last run began with, and now. -1 with a
 * sentence, then too there may be some. */
int diff_points(struct session *s, const char *a, const char *b, float *w[2], struct err *e);

#endif
