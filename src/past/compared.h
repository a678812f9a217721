/* compared.h: what a comparison of ways to train came to: figures over seeds, with their errors. */
#ifndef COMPARED_H
#define COMPARED_H

#include "data/split.h"

/* The mean of n values and its standard error, sqrt(sum (x - mean)^2 / (n - 1) / n): NAN of a single value. */
struct estimate {
	double mean, error;
};
struct estimate estimate_of(const double *value, int n);
struct estimate estimate_difference(const double *value, const double *from, int n); /* of value[i] - from[i] */

/* One way to train, with so many images. */
struct compared_row {
	char mode[16];
	size_t limit;
	int epochs;
	double *accuracy, *loss; /* [compared.seeds] on the test images */
	struct estimate of_accuracy, of_loss;
	int against; /* the row it is paired with, of the same images: its own number where that is none */
	struct estimate gain; /* in accuracy over that row, seed by seed */
};

struct compared {
	struct split split; /* kind SPLIT_NONE: nothing was compared */
	char from[64]; /* where features come from: "r1 (gte5)"; "" where they come from nowhere */
	int seeds;
	uint64_t seed; /* the first one; the others follow it */
	size_t test; /* images */
	int n;
	struct compared_row *row;
};

/* Fills estimates and gains from the values. Rows of the same limit are paired with the one of this mode, or with the
 * first of them where there is no such row. */
void compared_estimate(struct compared *c, const char *against);
/* NULL: there is none. limit 0: the last one of that mode. */
const struct compared_row *compared_find(const struct compared *c, const char *mode, size_t limit);
void compared_free(struct compared *c);

#endif
