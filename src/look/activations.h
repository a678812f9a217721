/* activations.h: what each layer puts out for one picture, without dropout. */
#ifndef ACTIVATIONS_H
#define ACTIVATIONS_H

#include "data/image.h"
#include "session/session.h"

struct activations {
	int n;
	struct activation {
		int layer;
		struct nn_shape shape;
		float *value; /* [height][width][channels], or [units] */
	} at[NN_LAYERS_MAX];
	int predicted; /* the output unit with the largest probability */
	float *p; /* [classes] */
};

/* Evaluates the layers that are picked, NULL: all, between two batches if a run goes on. What is in *a is freed by
 * activations_free. -1 with a sentence. */
int activations_make(struct session *s, const struct image *im, const bool *pick, struct activations *a,
    struct err *e);
void activations_free(struct activations *a);

#endif
