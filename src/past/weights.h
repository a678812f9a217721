/* weights.h: copies of a net's parameters, which share what they have in common.
 *
 * A copy is kept by layers. Those of a pool that hold the same bits of a layer hold them once: what is frozen costs
 * nothing more, however many points of a session keep it.
 */
#ifndef WEIGHTS_H
#define WEIGHTS_H

#include "nn/nn.h"
#include "util/err.h"

struct weights;

/* All copies that may share. It has to outlive them. */
struct weights_pool {
	struct weights_part *first;
};

/* Room for the parameters of a net, to be filled, so that what is kept later needs no memory then; NULL without. */
struct weights *weights_new(const struct nn_net *net);
void weights_fill(struct weights *w, const float *from); /* once: what is shared is never written again */
/* Lets go of each layer that the pool holds already. Takes no memory, and may be called again. */
void weights_share(struct weights *w, struct weights_pool *pool);
/* These three in one; NULL with a sentence. */
struct weights *weights_keep(const struct nn_net *net, const float *from, struct weights_pool *pool, struct err *e);
void weights_free(struct weights *w); /* NULL is fine */

size_t weights_params(const struct weights *w);
void weights_get(const struct weights *w, float *to); /* all of them, in the order of the net's block */
float *weights_block(const struct weights *w, struct err *e); /* the same, the caller's; NULL with a sentence */
bool weights_equal(const struct weights *w, const float *block); /* to the bit */
/* Those from `offset` of the block on: there are as many behind it as the layer has. NULL: no layer begins there. */
const float *weights_layer(const struct weights *w, size_t offset);
/* The largest change of n weights: 0 only where all bits are the same; what differs and is no number makes it NAN. */
double weights_change(const float *was, const float *now, size_t n);
/* That of the weights of the layers with pick[i], from the copy to the net's own. */
double weights_moved(const struct weights *w, struct nn_net *net, const bool *pick);
size_t weights_bytes(const struct weights_pool *pool); /* what all copies of the pool take, each part counted once */

#endif
