/* predictions.h: what a net made of the test images of a split, kept from when they were scored. */
#ifndef PREDICTIONS_H
#define PREDICTIONS_H

#include "data/split.h"

struct predictions {
	struct split split;
	int run, epoch; /* by which weights: those behind this epoch of the run; run 0: those of no run */
	int classes; /* output units */
	size_t n;
	uint32_t *index; /* of each image in the test part */
	uint16_t *unit; /* which one is right, */
	uint16_t *predicted; /* and which one was largest, the first of equals */
	float *p; /* the probability of that */
};

/* set: with units; probs: [set->count][classes]. NULL without memory. */
struct predictions *predictions_new(const struct split *split, const struct nn_set *set, const float *probs,
    int classes);
void predictions_free(struct predictions *p);

#endif
