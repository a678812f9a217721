/* attrs.h: what a layer is made with, asked by Keras' names: for whoever writes it in another language. */
#ifndef ATTRS_H
#define ATTRS_H

#include "nn/nn.h"
#include "util/err.h"

#include <stdbool.h>

/* The value of an attribute, or `otherwise` where the kind has none of that name. */
int attrs_int(const struct nn_layer *l, const char *name, int otherwise);
double attrs_real(const struct nn_layer *l, const char *name, double otherwise);
const char *attrs_word(const struct nn_layer *l, const char *name, const char *otherwise);
/* What padding="same" puts around the input of a window of that side, as top, left, bottom, right: zeros where it is
 * "valid". True: there is some. */
bool attrs_around(const struct nn_layer *l, int side, int stride, int around[4]);
/* Refuses a layer with an attribute that is not one of `known` ("filters kernel_size") unless it has the value that a
 * text may leave out. -1 with a sentence: "conv2d: ONNX as written here knows no dilation". */
int attrs_known(const struct nn_layer *l, const char *known, const char *where, struct err *e);

#endif
