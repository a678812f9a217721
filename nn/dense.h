/* dense.h: a dense layer over inputs and gradients of which most are zero.
 *
 * Features come in chunks of 64: a chunk's live values are a word. Weights lie as [chunk][unit][64], and are turned
 * block by block of 128 units for the forward pass. kernels_dense.c computes, stage_dense.c makes a stage of it.
 */
#ifndef NN_DENSE_H
#define NN_DENSE_H

#include "kernels_fast.h"

#define DENSE_F 64 /* features of a chunk */
#define DENSE_U 128 /* units of a block of turned weights */

struct dense_input {
	int count; /* images */
	size_t size; /* features */
	size_t batch; /* images that the next arrays have room for: those of a chunk lie together */
	const uint64_t *live; /* [words][batch]: not zero, and kept by the dropout before the layer */
	float scale; /* of that dropout */
	const float *act; /* [count][size]; NULL: packed */
	const struct nn_packed *packed; /* [count] */
	const uint64_t *mask; /* [words][batch]: packed's */
	const uint32_t *start; /* [words][batch]: index of the chunk's first value in packed */
};

/* Live gradients of one image or unit. */
struct dense_list {
	int n;
	uint32_t *at; /* offset of the row that it weighs */
	float *g;
};

/* sum[image * step + u] = (or +=, unless clear) sum over live features k of chunk c of x[k] w[k][u]; w: [64][units]. */
void NN_ISA(nn_dense_chunk)(const struct dense_input *in, int c, const float *w, int units, bool clear, float *sum,
    size_t step);
/* x of chunk c as [count][64], scaled, zero where not live. */
void NN_ISA(nn_dense_gather)(const struct dense_input *in, int c, float *x);
/* out[64] = sum over the list of g * rows[at ..], the even and the odd ones apart. */
void NN_ISA(nn_dense_sum)(const struct dense_list *l, const float *rows, float *out);
/* The same times scale into the first `many` of out, 0 where the bit in keep is clear. */
void NN_ISA(nn_dense_back)(const struct dense_list *l, const float *rows, uint64_t keep, float scale, int many,
    float *out);
/* to[f * step + u] = from[u * 64 + f] for f < 64, u < units. */
void NN_ISA(nn_dense_turn)(const float *from, int units, float *to, size_t step);
/* Bits of the n <= 64 values that are not zero. */
uint64_t NN_ISA(nn_nonzero)(const float *x, int n);

#endif
