/* inside.h: the inside of a net as it is watched: the kernel of one layer, and what another makes of one picture. */
#ifndef INSIDE_H
#define INSIDE_H

#include "nn/nn.h"

struct inside_of { /* what is watched */
	int kernel, output; /* layers; -1: none */
	struct nn_shape shape;
	const uint8_t *pixels; /* of the picture that goes through the net; NULL: none does */
};

struct inside { /* what was seen */
	int epoch; /* counted from 1; 0: the net stood still */
	uint32_t step; /* how many batches of it were done */
	float *kernel, *output; /* NULL: not asked for */
};

/* NULL without memory, and where the evaluation was stopped. The net has to stand still. */
struct inside *inside_see(struct nn_net *net, struct nn_engine *eng, const struct inside_of *of);
void inside_free(struct inside *i);

/* Copies with pixels of their own, for a thread or a later time. The copy is false where there is no memory. */
bool inside_of_copy(struct inside_of *to, const struct inside_of *from);
bool inside_of_equal(const struct inside_of *a, const struct inside_of *b);
void inside_of_free(struct inside_of *of); /* of a copy; it watches nothing then */

#endif
