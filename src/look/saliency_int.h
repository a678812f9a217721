/* saliency_int.h: what saliency.c and occlude.c share. */
#ifndef SALIENCY_INT_H
#define SALIENCY_INT_H

#include "look/saliency.h"

struct asking {
	struct session *s;
	const struct image *image;
	struct saliency *out;
};

/* Fills in the square and its stride, or refuses them. */
int saliency_square(struct nn_shape shape, struct saliency_request *r, struct err *e);
/* Fills the map; a->out->p is known. */
int saliency_occlude(struct asking *a, struct err *e);

#endif
