/* models.h: nets and pictures of every kind that `build` and a data set can make, drawn by a seed. */
#ifndef TEST_MODELS_H
#define TEST_MODELS_H

#include "mnist.h"

enum model_family {
	MODEL_WINOGRAD, /* begins with the stretch that stage_conv.c takes */
	MODEL_NEARLY, /* misses it by one property */
	MODEL_CONV, /* convolutions of any kernel, with and without relu, pools and dropouts between them */
	MODEL_DENSE, /* dense layers and dropouts alone */
	MODEL_SMALLEST, /* no hidden layer */
	MODEL_FAMILIES
};

struct model {
	enum model_family family;
	char text[512]; /* as net_parse takes it */
	struct nn_shape shape;
	int batch, classes;
	struct nn_net *net; /* Glorot uniform; with a number that is odd, biases, too */
	struct mnist m;
	struct choice c; /* batch pictures, each of a kind of its own */
};

/* Number `number` of a fixed sequence; a batch costs at most `macs` multiply-adds forward. */
void model_make(struct model *d, uint32_t number, uint64_t macs);
void model_free(struct model *d);

#endif
