/* slots.h: the state of an optimizer that a file brought with weights, for a run that goes on with it.
 *
 * It belongs to those weights: it is of use as long as the net has them to the bit, what trains is what trained then,
 * and the run has that optimizer. Where a change is taken back, it is of use again.
 */
#ifndef SLOTS_H
#define SLOTS_H

#include "nn/nn.h"
#include "util/err.h"
#include "util/out.h"

struct slots {
	const struct nn_optimizer_info *of; /* NULL: there is none */
	uint64_t steps; /* batches that it has seen */
	size_t params; /* of the net */
	float *slot[NN_SLOTS_MAX]; /* [params] in the order of the net's block, 0 where nothing trains */
	bool borrowed; /* these are another's */
	bool trainable[NN_LAYERS_MAX]; /* the flags that the layers had */
	char weights[65]; /* SHA-256 of the weights that it belongs to */
	char sha256[65]; /* of the optimizer, the steps and the arrays */
};

/* Room for the state of a net, zeroed. -1 with a sentence: no memory; x is then none, as before. */
int slots_new(struct slots *x, const struct nn_optimizer_info *of, const struct nn_net *net, struct err *e);
void slots_free(struct slots *x); /* zeros are fine, and are left */
/* Whether no array has a value that the optimizer cannot have come to: one that is not finite, or a mean of squares
 * below 0. -1 with a phrase. */
int slots_sound(const struct slots *x, struct err *e);
void slots_belong(struct slots *x, struct nn_net *net); /* to the weights that the net has now */
bool slots_of_weights(const struct slots *x, struct nn_net *net); /* whether it belongs to them, whatever trains now */
void slots_say(const struct slots *x, struct out *out); /* that it is there, and what for */
/* Whether a run of the net with this optimizer can go on with it; -1 with a sentence. */
int slots_fit(const struct slots *x, struct nn_net *net, const struct nn_optimizer_info *of, struct err *e);

#endif
