/* blocks.h: whole blocks of parameters as tensors under a prefix: weights, the optimizer's slots, the weights before a
 * run. */
#ifndef BLOCKS_H
#define BLOCKS_H

#include "file/tensors.h"
#include "nn/nn.h"
#include "util/err.h"

#define BLOCKS_FLOATS "write it as float32" /* the way out of a tensor of another type */

struct blocks { /* tensors to write */
	size_t n;
	struct tensor_source *x;
};

/* Adds the tensors of a block under a prefix; of the layers with pick[i] only, NULL: all. The block is borrowed. */
void blocks_add(struct blocks *l, const struct nn_net *net, const bool *pick, const char *prefix, const float *block);
void blocks_slot_prefix(char buf[64], const struct nn_optimizer_info *o, int k);
/* The same of the state that a file brought, which no run has begun with yet. */
void blocks_loaded_prefix(char buf[64], const struct nn_optimizer_info *o, int k);

bool blocks_no_floats(const struct tensor_entry *x); /* it is there, and holds none that become float32 */
/* How a tensor of the file does not fit one of the net's; NULL when it does. The caller's to free. */
char *blocks_misfit(const struct tensor_entry *x, const struct nn_tensor *w);
/* Where the tensors of a layer are there and fit, but for a bias, adds that as zeros. False: it has nothing to add. */
bool blocks_zero_bias(struct tensors *t, const struct nn_net *net, int layer);
/* Reads a whole block from the tensors under a prefix; all must be there. Counts them in *used. */
int blocks_read(struct tensors *t, const struct nn_net *net, const char *prefix, float *block, size_t *used,
    struct err *e);
/* A new block, read; NULL where the file has none under this prefix (ok stays) or with a sentence (*ok false). */
float *blocks_new(struct tensors *t, const struct nn_net *net, const char *prefix, size_t *used, bool *ok,
    struct err *e);
/* The tensors of a type or rank that no model has: neither float32 nor of a kind that was read as weights. They belong
 * to nobody here, and nobody asks for them. */
bool blocks_strange(const struct tensors *t, const struct tensor_entry *x);
/* Refuses a file with other tensors that nothing asked for: a sign that it is of another model. */
int blocks_check_used(const struct tensors *t, size_t used, const struct nn_net *net, struct err *e);

#endif
