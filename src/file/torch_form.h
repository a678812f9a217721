/* torch_form.h: how PyTorch names a layer's tensors, and how their values lie there. */
#ifndef TORCH_FORM_H
#define TORCH_FORM_H

#include "nn/nn.h"

#include <stdbool.h>
#include <stddef.h>

/* How a tensor lies there. */
struct torch_form {
	int rank, dim[4]; /* here */
	int flat[3]; /* height, width, channels of the picture that its first index counts; 0: none */
};

/* "weight" of "conv2d.kernel", as PyTorch calls it; NULL: it has none */
const char *torch_suffix(const char *name);
/* The picture whose flattening the layer's input is, in `dim`; false: none. */
bool torch_flat(const struct nn_net *net, int layer, int dim[3]);
struct torch_form torch_form_of(const struct nn_net *net, int layer, const struct nn_tensor *w);
size_t torch_form_place(const struct torch_form *f, size_t k); /* where value k, counted here, stands there */
void torch_form_there(const struct torch_form *f, int dim[4]); /* its shape there */

#endif
