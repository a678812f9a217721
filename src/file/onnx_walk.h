/* onnx_walk.h: what the nodes of a graph of ONNX share while it is read as layers. */
#ifndef ONNX_WALK_H
#define ONNX_WALK_H

#include "file/onnx.h"
#include "file/onnx_read.h"

#define ONNX_SIDE_MAX 65536 /* of a picture, and channels */

/* A value on the way from the input to the output, as [batch, ...]. */
struct onnx_value_shape {
	struct pb name;
	struct nn_shape shape;
	bool first; /* its channels come first */
};

struct onnx_walker {
	struct onnx_file *f;
	struct onnx_layers *l;
	const struct onnx_op *op; /* that of the node which is taken */
	const struct onnx_node *last; /* the one before; NULL: none */
	struct pb at; /* the value that it gave */
	struct nn_shape shape; /* of that: height, width, channels, or one number */
	bool first; /* its channels come first */
	bool mean; /* it is one mean a channel, of which a Flatten makes a row */
	bool squeezed; /* of which one of the height and width is gone */
	bool open; /* the last layer may yet get its bias or offset */
	int flat[3]; /* the picture whose values stand in this row, its channels first; zeros: none */
	struct onnx_value_shape *past; /* the input, and what each node up to here has given */
	int npast;
	struct onnx_ints *folded; /* what nodes gave that reckon with whole numbers alone (onnx_fold.h) */
	int nfolded;
};

struct onnx_op {
	const char *name;
	int (*take)(struct onnx_walker *w, const struct onnx_node *n, struct err *e);
	const char *activation; /* of functions: Keras' name */
};
extern const struct onnx_op onnx_ops[]; /* ends with name NULL */

/* onnx_layers.c: a new layer; NULL with a sentence. */
struct onnx_layer *onnx_layer_add(struct onnx_walker *w, const struct onnx_node *n, struct nn_layer_spec spec,
    struct err *e);
/* A tensor of `count` floats, or of any number (0); NULL with a sentence. */
const struct onnx_constant *onnx_weights(struct onnx_walker *w, const struct onnx_node *n, int input, uint64_t count,
    struct err *e);

int onnx_take_sum(struct onnx_walker *w, const struct onnx_node *n, struct err *e); /* onnx_sums.c */
/* onnx_window.c: convolutions and poolings */
int onnx_take_conv(struct onnx_walker *w, const struct onnx_node *n, struct err *e);
int onnx_take_pool(struct onnx_walker *w, const struct onnx_node *n, struct err *e);
int onnx_take_pad(struct onnx_walker *w, const struct onnx_node *n, struct err *e);

#endif
