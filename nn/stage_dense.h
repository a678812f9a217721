/* stage_dense.h: the stage of a dense layer, for stage_dense.c, which makes it, and stage_dense_passes.c, which runs
 * it. */
#ifndef NN_STAGE_DENSE_H
#define NN_STAGE_DENSE_H

#include "dense.h"

struct dense {
	const struct nn_layer *layer;
	int index; /* of the dense layer in the net */
	int before, behind; /* indices of the dropouts, or -1 */
	bool relu, softmax, packed, trains;
	int in, out; /* features, units */
	int words, padded, blocks, groups; /* chunks of features; units up to 16; blocks of units; groups of chunks */
	float *own; /* [batch][in] the pictures of a net that begins here; else NULL */
	float *weights; /* [chunk][unit][64], with its slots */
	float *slot[NN_SLOTS_MAX];
	float *partial; /* [groups][batch][padded] */
	uint64_t *live, *keep; /* [words][batch], [batch][words]; keep: NULL without a dropout before */
	struct nn_packed *sample; /* [batch] */
	uint64_t *mask; /* [words][batch] */
	uint32_t *start; /* [words][batch] */
	float *dlogits; /* [batch][out] behind a softmax, else NULL */
	struct dense_list *image, *unit; /* [batch], [out] */
	uint32_t *at; /* their arrays */
	float *g;
	/* [threads] a chunk's weights as [64][units of a block], or its inputs, or a chunk's outputs */
	float **scratch;
};

/* Whether the dropout at this index takes values in this plan. */
static inline bool
dense_drops(const struct nn_plan *plan, int layer)
{
	return plan->train && nn_drop_threshold(plan->rate[layer]) > 0;
}

static inline int
dense_min(int a, int b)
{
	return a < b ? a : b;
}

/* The stage's phases, as nn_stage_kind has them. */
int NN_ISA(nn_dense_phases)(struct nn_stage *st, enum nn_pass_kind pass, struct nn_phase *phase);

#endif
