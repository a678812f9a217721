/* torch.h: PyTorch's names and layout of weights: conv2d.weight [out, in, height, width], dense.weight [out, in]. A
 * dense layer behind a Flatten has its inputs in the order of channels there, and in that of pixels here.
 */
#ifndef TORCH_H
#define TORCH_H

#include "file/blocks.h"
#include "file/tensors.h"
#include "nn/nn.h"

bool torch_named(const struct tensors *t); /* whether a file's names are PyTorch's: X.weight, and no X.kernel */

/* The same tensors under Keras' names and in its layout, for this net. Takes `inner` over. ordered: they stand in the
 * order of the layers, so that modules of other names (features.0, fc1) are taken in that order; *in_order says so.
 * NULL with a sentence. */
struct tensors *torch_view(struct tensors *inner, const struct nn_net *net, bool ordered, bool *in_order,
    struct err *e);

/* A block of the net's weights as tensors to write, of the picked layers (NULL: all). *copy is the caller's to free
 * after l. -1 with a sentence. */
int torch_add(struct blocks *l, const struct nn_net *net, const bool *pick, const float *block, float **copy,
    struct err *e);
/* "weight" of "conv2d.kernel", as PyTorch calls it; NULL: it has none */
const char *torch_suffix(const char *name);
/* The picture whose flattening the layer's input is, in `dim`; false: none. */
bool torch_flat(const struct nn_net *net, int layer, int dim[3]);

#endif
