/* window.h: windows over a picture: how many, and where the first one begins. Keras' arithmetic: "valid" takes what is
 * whole; "same" gives size / stride of them, rounded up, and pads with as many rows as these need, the odd one behind.
 */
#ifndef NN_WINDOW_H
#define NN_WINDOW_H

#include "nn_int.h"

extern const char *const nn_paddings[]; /* "valid", "same" */

struct nn_window {
	int before, after, out; /* rows of padding on both sides, windows */
};
/* One direction. */
struct nn_window nn_window(int size, int k, int stride, const char *padding);
/* Whether the windows of a layer fit its input, which must be a picture: -1 with a sentence, in which `what` is
 * "kernel" or "pool". */
int nn_window_check(const struct nn_layer *l, const char *what, int k, int stride, struct nn_err *err);
/* Of a pooling: checks it and sets its shape; and what its kernels get. */
int nn_pool_shape(struct nn_layer *l, struct nn_err *err);
struct nn_pool;
struct nn_pool nn_pool_of(const struct nn_layer *l);

#endif
