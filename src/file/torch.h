/* torch.h: PyTorch's names and layout of weights: conv2d.weight [out, in, height, width], dense.weight [out, in]. A
 * dense layer behind a Flatten has its inputs in the order of channels there, and in that of pixels here.
 */
#ifndef TORCH_H
#define TORCH_H

#include "file/blocks.h"
#include "file/tensors.h"
#include "nn/nn.h"
#include "util/text.h"

bool torch_named(const struct tensors *t); /* whether a file's names are PyTorch's: X.weight, and no X.kernel */

/* The same tensors under Keras' names and in its layout, for this net. Takes `inner` over. Modules of other names
 * (features.0, fc1) are taken in their order where that is the layers' (ordered), else by their shapes; what to tell of
 * it is added to `said`. NULL with a sentence. */
struct tensors *torch_view(struct tensors *inner, const struct nn_net *net, bool ordered, struct str *said,
    struct err *e);

/* A block of the net's weights as tensors to write, of the picked layers (NULL: all). *copy is the caller's to free
 * after l. -1 with a sentence. */
int torch_add(struct blocks *l, const struct nn_net *net, const bool *pick, const float *block, float **copy,
    struct err *e);

#endif
