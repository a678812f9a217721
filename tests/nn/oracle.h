/* oracle.h: what a batch's gradient is, in double precision with the plain kernels, dropout included. */
#ifndef TEST_ORACLE_H
#define TEST_ORACLE_H

#include "nn/nn.h"

struct oracle {
	double loss; /* mean over the batch */
	double *grad; /* [params] */
	double *other; /* [params] the gradient with every open decision turned round; equal to grad when there is none */
	size_t open; /* relus and pools that are decided by less than the margin, and not by exactly nothing */
};

/* The set is the batch. The mask of a dropout is that of the run's step 0 in epoch 0 with this seed. margin[] is a share of the
 * largest input of each layer: what closer decisions turn to is chance in single precision. */
void oracle_make(struct oracle *o, const struct nn_net *net, const struct nn_set *set, uint64_t seed, const double *margin);
void oracle_free(struct oracle *o);

/* How far n floats times `sign`, from `at` on in the block, are from the oracle's, relative to its own length there, beyond
 * what open decisions explain. */
double oracle_difference(const struct oracle *o, const float *g, float sign, size_t at, size_t n);

#endif
