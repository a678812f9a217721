/* onnx_read.h: a graph of ONNX as it lies in a file, and the layers that it is in thaw's words. */
#ifndef ONNX_READ_H
#define ONNX_READ_H

#include "file/floats.h"
#include "model/plan.h"
#include "util/protobuf.h"

#define ONNX_RANK_MAX 8
#define ONNX_INPUTS_MAX 8
#define ONNX_ANOTHER "get the file again, or load another"

/* ---- the file (onnx_message.c, onnx_tensor.c) ---- */

/* An initializer, or what a Constant gives. */
struct onnx_constant {
	struct pb name;
	uint64_t type;
	int rank;
	uint64_t dim[ONNX_RANK_MAX];
	uint64_t count; /* of values */
	enum floats floats; /* FLOATS_NONE: they are none that can be had here */
	struct pb values; /* floats one behind the other; whole numbers as `packed` says */
	bool packed; /* varints, not eight bytes each */
};

struct onnx_node {
	struct pb op, name, message;
	struct pb input[ONNX_INPUTS_MAX], output;
	int ninputs, noutputs; /* those that have a name */
};

struct onnx_file {
	const char *path; /* borrowed */
	uint8_t *bytes;
	size_t n;
	struct onnx_node *node;
	struct onnx_constant *constant;
	int nnodes, nconstants;
	void **own; /* memory of values that do not lie in the file as they are needed */
	size_t nown;
	struct pb input, output; /* names of the graph's own */
	int rank;
	uint64_t element; /* type of the input's values; 0: not said */
	uint64_t dim[ONNX_RANK_MAX]; /* of the input; 0: any */
	uint64_t opset;
	struct pb model, split, units; /* what thaw has written of itself; else empty */
};

/* Reads a file and checks it: every length, no external data, as many values as the dims say. The names and values
 * lie in f, which onnx_file_free lets go. -1 with a sentence, and nothing to free. */
int onnx_file_open(struct onnx_file *f, const char *path, struct err *e);
void onnx_file_free(struct onnx_file *f);
/* Zeroed memory that goes with f; n is at most a few times the file's size. NULL: there is none. */
void *onnx_own(struct onnx_file *f, size_t n);
/* A message of a tensor, checked. -1 with a sentence. */
int onnx_tensor_read(struct onnx_file *f, struct pb message, struct onnx_constant *c, struct err *e);
const struct onnx_constant *onnx_find(const struct onnx_file *f, const struct pb *name); /* NULL: it is none */
bool onnx_same(const struct pb *a, const struct pb *b); /* names */
/* Whole numbers; returns how many, or -1 where they are none or more than max. */
int onnx_numbers(const struct onnx_constant *c, int64_t *to, int max);
double onnx_float(const struct onnx_constant *c, uint64_t i); /* of floats */
const char *onnx_type_name(uint64_t type); /* "F32", as safetensors has it */

/* What a node is made with; `otherwise` where it is not said. */
int64_t onnx_int(const struct onnx_node *n, const char *name, int64_t otherwise);
double onnx_real(const struct onnx_node *n, const char *name, double otherwise); /* as short as a float needs */
struct pb onnx_text(const struct onnx_node *n, const char *name);
int onnx_int_list(const struct onnx_node *n, const char *name, int64_t *to, int max); /* -1: more; 0: not said */
bool onnx_value(const struct onnx_node *n, struct pb *tensor); /* the message of its tensor; false: it has none */
/* "FILE: node "NAME" (Conv): ", then what fmt says. -1. */
int onnx_fail(const struct onnx_file *f, const struct onnx_node *n, struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* ---- its layers (onnx_walk.c) ---- */

enum onnx_form {
	ONNX_AS_IS,
	ONNX_KERNEL, /* [out, in, height, width] there */
	ONNX_TURNED, /* [out, in] there */
};

/* Where a tensor of a layer comes from. */
struct onnx_source {
	const struct onnx_constant *from; /* NULL: there is none, and `count` values are `otherwise` */
	uint64_t count;
	float otherwise;
	enum onnx_form form;
	int flat[3]; /* its rows are those of a picture of this height, width, channels, whose channels came first */
};

struct onnx_layer {
	const struct onnx_node *node; /* whose weights they are */
	int nsources; /* 0: no weights */
	struct onnx_source source[NN_TENSORS_MAX]; /* in Keras' order */
};

struct onnx_layers {
	struct plan plan;
	struct nn_shape in;
	struct onnx_layer layer[NN_LAYERS_MAX]; /* as the plan's */
	bool open, logarithm; /* it ended with logits, or with the logarithms of what softmax gives */
};

/* The layers that the graph is, from its input to its output. -1 with a sentence that names the node which is none. */
int onnx_walk(struct onnx_file *f, struct onnx_layers *l, struct err *e);

#endif
