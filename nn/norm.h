/* norm.h: what the layer and the stage of a batch normalization share. */
#ifndef NN_NORM_H
#define NN_NORM_H

#include "kernels.h"

/* Channels are taken in blocks of this many, so that what there is of each lies on the stack. */
#define NORM_BLOCK 256

struct nn_norm_block {
	int first; /* channel */
	struct nn_norm d; /* over the images of a pass */
};
int nn_norm_blocks(const struct nn_layer *l);
struct nn_norm_block nn_norm_block(const struct nn_layer *l, int i, int images);
/* Mean and variance of m values whose sum and sum of squares these are. */
void nn_norm_moments(double sum, double square, double m, double *mean, double *variance);
/* One block: of y, and of dx (with a gradient through the batch's own m values, or m 0: through moving statistics).
 * mean, variance, sum and product begin at its first channel. */
void nn_norm_apply(const struct nn_pass *p, const struct nn_norm_block *b, const double *mean, const double *variance);
void nn_norm_back(const struct nn_pass *p, const struct nn_norm_block *b, const double *mean, const double *variance,
    const double *sum, const double *product, double m);
/* Adds to sum and square the values of p's images, or to sum and product what their gradients make. */
void nn_norm_add(const struct nn_pass *p, const struct nn_norm_block *b, double *sum, double *square);
void nn_norm_add_back(const struct nn_pass *p, const struct nn_norm_block *b, const double *mean, double *sum,
    double *product);

#endif
