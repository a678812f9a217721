/* walk.h: layers one after another over a few images, each by its own kernels, with every value and every gradient on
 * the way kept: for what asks about the inside of a net, where no stage is in the way. Arrays are float, or double
 * where kd is set. A layer that only passes its input on shares the array.
 */
#ifndef NN_WALK_H
#define NN_WALK_H

#include "kernels.h"

struct nn_walk {
	const struct nn_net *net;
	const struct nn_kernels_double *kd; /* this, or k */
	const struct nn_kernels *k, *back; /* back: of backward; NULL: k */
	const struct nn_step *step; /* where dropout finds its counters; NULL unless train */
	int n; /* images, at most NN_CHUNK */
	bool train; /* dropout is on */
	int wild; /* layers from this one on leave no zero out */
	const void *weights; /* [params] */
	void *grad; /* [params] gradients of the weights, or NULL */
	void *act[NN_LAYERS_MAX + 1]; /* [n][size]; act[i] is the input of layer i */
	void *diff[NN_LAYERS_MAX + 1]; /* gradients by act, from `low` on */
	void *aux[NN_LAYERS_MAX];
	int low; /* backward goes no further than to the input of this layer */
};

/* Makes the arrays of a walk whose members up to `wild`, and low, are set; -1: out of memory. Free it also then. */
int nn_walk_make(struct nn_walk *w);
void nn_walk_free(struct nn_walk *w);
/* From act[first], which is the caller's to fill, to act[n]: the probabilities. */
void nn_walk_forward(struct nn_walk *w, int first);
/* Sets diff[n - 1] to the gradient of an output unit's logit or probability, behind nn_walk_forward. */
void nn_walk_score(struct nn_walk *w, int unit, enum nn_score score);
/* From diff[n - 1], the gradient by the logits, which is the caller's to fill, to diff[low]; with the gradients of the
 * weights where they are wanted. */
void nn_walk_backward(struct nn_walk *w);

#endif
