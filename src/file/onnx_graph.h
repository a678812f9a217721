/* onnx_graph.h: a graph of ONNX while it is made: nodes in a row, of which each takes what the one before gives.
 */
#ifndef ONNX_GRAPH_H
#define ONNX_GRAPH_H

#include "file/onnx.h"
#include "util/text.h"

/* An initializer. */
struct onnx_weights {
	struct str head; /* all of its message but the weights */
	const float *data; /* borrowed; NULL: they are in the head */
	size_t count;
	int kernel[4]; /* as it lies here: [height, width, in, out]; what is no kernel of a convolution is out alone */
};

struct onnx_graph {
	struct nn_net *net;
	struct str nodes, values, ends;
	struct onnx_weights *weights;
	int nweights;
	/* The value that the last node gives. */
	char *at;
	struct nn_shape shape; /* height, width, channels */
	bool first; /* its channels come first */
	/* That node, whose output has no name before the next one is known. */
	struct str inputs, rest;
};

void onnx_graph_begin(struct onnx_graph *g, struct nn_net *net);
/* Writes the file of it; -1 with a sentence. */
int onnx_graph_write(struct onnx_graph *g, struct session *s, FILE *f, struct err *e);
void onnx_graph_free(struct onnx_graph *g);

/* Begins a node, whose first input is the value that is there; `shape` is what it gives. Attributes and inputs that
 * follow are its own. */
void onnx_node(struct onnx_graph *g, const char *op, const char *name, struct nn_shape shape);
void onnx_ints_attr(struct onnx_graph *g, const char *name, const int *v, int n);
void onnx_int_attr(struct onnx_graph *g, const char *name, int v);
void onnx_float_attr(struct onnx_graph *g, const char *name, double v);
/* Another input, which is a constant: by name, and the value of it. */
void onnx_scalar(struct onnx_graph *g, const char *name, double v);
void onnx_ints(struct onnx_graph *g, const char *name, const int *v, int n); /* not negative */
void onnx_tensor(struct onnx_graph *g, const struct nn_tensor *t);
/* The channels of a picture come first from here on, or last: a Transpose where they do not. */
void onnx_channels(struct onnx_graph *g, bool first);

#endif
