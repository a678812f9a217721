/* figures.h: an array of numbers in a few figures, and its histogram. */
#ifndef FIGURES_H
#define FIGURES_H

#include <stddef.h>
#include <stdint.h>

#define FIGURES_BINS 32

/* Of the values that are finite; without any, all but the counts is NAN or 0. Sums are made in order and in double, so
 * that they are the same each time. */
struct figures {
	size_t count, zeros, nonfinite;
	double min, max, mean, std; /* std: of the values, not of a sample: divided by their number */
	/* bins of equal width, each closed below, the last above as well, as numpy.histogram has them; where all values
	 * are the same, they reach from 0.5 below it to 0.5 above */
	double edge[FIGURES_BINS + 1];
	uint64_t bin[FIGURES_BINS];
	int zero_bin; /* the one that zeros belong to, where there are some */
};

void figures_of(struct figures *f, const float *x, size_t n);

#endif
