/* mnist.h: what the tests of nn share: MNIST out of the assets, the activity's network, Keras' parity files. */
#ifndef TEST_MNIST_H
#define TEST_MNIST_H

#include "nn/nn.h"

struct mnist {
	struct nn_images images;
	uint8_t *pixels, *label;
};

struct choice { /* a split: digits below or from 5 on, in file order, units 0..4 */
	struct nn_set set;
	uint32_t *index;
	uint16_t *unit;
};

/* part: "train" or "t10k". Ends the program with a word on a failure. */
void mnist_load(struct mnist *m, const char *part);
void mnist_free(struct mnist *m);
void choice_make(struct choice *c, const struct mnist *m, int from, int to, size_t limit); /* digits from..to; limit 0: all */
void choice_free(struct choice *c);

/* Made-up pictures: noise on a blank ground, the same for the same seed; targets 0..classes-1. */
void noise_make(struct mnist *m, struct choice *c, struct nn_shape shape, size_t count, int classes, uint64_t seed);

/* A net with its weights, and made-up pictures for it. */
struct setup {
	struct mnist m;
	struct choice c;
	struct nn_net *net;
};
void setup_make(struct setup *s, struct nn_shape shape, const char *text, size_t count, int classes); /* text: as net_parse has it */
void setup_free(struct setup *s);

/* The activity's network, with the dropout rates given. */
struct nn_net *activity_new(double drop1, double drop2);
/* The weights of parity's formula. */
void activity_formula(struct nn_net *net, uint64_t seed);

/* "conv2d 8 3, relu, max_pooling2d 2, dropout .25, flatten, dense 10, softmax"; NULL with a sentence. */
struct nn_net *net_parse(struct nn_shape in, const char *text, struct nn_err *err);

struct nn_engine *engine(int threads, const char *kernels); /* NULL: this processor cannot */
const char *golden(const char *name); /* path of a file in tests/nn/parity */
double norm_difference(const float *a, const float *b, size_t n); /* relative L2: |a - b| / |b| */

#endif
