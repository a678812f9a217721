/* optimizers.h: the optimizers' equations for one parameter, so that every kernel file can compile them for its
 * instruction set and fuse them behind its gradients. w: the weight, g: its gradient, s0 and s1: its slots (NULL where
 * the optimizer has none). Products and sums stand as they are, without fused multiply-add: the same bits on all of
 * them.
 */
#ifndef NN_OPTIMIZERS_H
#define NN_OPTIMIZERS_H

#include "nn_int.h"

#include <math.h>

#include "opt_adadelta.h"
#include "opt_adam.h"
#include "opt_sgd.h"

static inline void
nn_update_record(float *w, float g, float *s0, float *s1, const struct nn_coef *c)
{
	*s0 = g;
}

#endif
