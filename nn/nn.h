/* nn.h: the whole public face of the computing library.
 *
 * nn trains sequential networks on small pictures. It never prints, exits, opens a file, reads a clock or
 * catches a signal: it gets arrays and gives arrays. All memory that it hands out stays its own unless a
 * comment says otherwise. A function that can fail returns -1 (or NULL) and writes one sentence into *err.
 *
 *     struct nn_err err;
 *     struct nn_layer_spec spec[] = {
 *         {.kind = "conv2d", .filters = 32, .kernel = 3}, {.kind = "activation", .activation = "relu"},
 *         {.kind = "max_pooling2d", .pool = 2},           {.kind = "flatten"},
 *         {.kind = "dense", .units = 10},                 {.kind = "activation", .activation = "softmax"},
 *     };
 *     struct nn_engine *eng = nn_engine_new(2, "auto", &err);
 *     struct nn_net *net = nn_net_new((struct nn_shape){3, {28, 28, 1}}, spec, 6, &err);
 *     nn_net_init(net, 0, 5, 1337);
 *
 *     struct nn_set train = {.images = &images, .index = index, .unit = unit, .count = n};
 *     struct nn_run_config cfg = nn_run_config_default();
 *     struct nn_run *run = nn_run_new(net, eng, &cfg, &train, NULL, &err);
 *     for (int epoch = 0; epoch < 5; epoch++) {
 *         struct nn_metrics sum = {0};
 *         for (uint32_t s = 0; s < nn_run_steps(run); s++)
 *             if (nn_run_step(run, &sum, &err) < 0) fail(err.text);
 *         report(sum.loss / sum.count, (double)sum.correct / sum.count);
 *     }
 *     nn_run_free(run);
 *     struct nn_metrics m;
 *     nn_eval(net, eng, &test, NULL, &m, NULL, &err);
 *     nn_net_free(net);
 *     nn_engine_free(eng);
 *
 * Shapes are channels last, without the batch: {28,28,1}. Parameters lie in one block of floats, in Keras'
 * order and layout: kernels of conv2d are [height][width][in][out], of dense [in][out], each before its bias.
 */
#ifndef NN_H
#define NN_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- errors ---- */

enum nn_lack { NN_LACK_NOTHING, NN_LACK_MEMORY, NN_LACK_THREADS };

struct nn_err {
	char text[512]; /* one sentence, no full stop, ends with the way out */
	enum nn_lack lack; /* what the machine has not given: whoever knows it has a way out to add */
};

/* Writes the sentence into *err (which may be NULL) and returns -1. */
int nn_fail(struct nn_err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int nn_lacks(struct nn_err *err, enum nn_lack lack, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* ---- engine: threads and kernels ---- */

#define NN_THREADS_MAX 64
#define NN_CHUNK 8 /* images whose gradients are summed together; defines the bits, whatever the threads */

/* Starts a thread that may call what computes: with room on its stack for what kernels keep there, whatever the
 * system's limit is, and with all signals blocked, which are for the threads of the program. Returns 0 or an error
 * number, as pthread_create. */
int nn_thread(pthread_t *thread, void *(*work)(void *), void *arg);

struct nn_engine;

/* An engine of `threads` threads (1..NN_THREADS_MAX, the caller's own included) that uses the named kernels:
 * "auto" (the best for this processor), "v4", "v3", "base" or "reference". Fails on a name this processor cannot
 * run. */
struct nn_engine *nn_engine_new(int threads, const char *kernels, struct nn_err *err);
void nn_engine_free(struct nn_engine *eng);
int nn_engine_threads(const struct nn_engine *eng);
const char *nn_engine_kernels(const struct nn_engine *eng); /* the kernels in use, never "auto" */

#define NN_CLASSES_MAX 4096 /* outputs of a net: what is counted for each pair of them fits into memory */
/* Asked before each NN_EVAL_BATCH images of long work (eval, cache filling), by the thread that does it; true ends it
 * with NN_STOPPED. NULL: never. What is asked may itself evaluate with this net and engine, and set flags: whatever is
 * under way goes on as it was begun. */
#define NN_EVAL_BATCH 256
void nn_engine_set_stop(struct nn_engine *eng, bool (*stop)(void *arg), void *arg);
#define NN_STOPPED 1
/* Asked while a batch is computed that takes long, each few images, by any thread of the engine: it only looks, at a
 * flag. True gives up the step, or ends an evaluation with NN_STOPPED. NULL: never. */
void nn_engine_set_give_up(struct nn_engine *eng, bool (*give_up)(void *arg), void *arg);

/* ---- layers ---- */

struct nn_shape {
	int rank; /* 1 or 3 */
	int dim[3]; /* {units} or {height, width, channels} */
};
size_t nn_shape_size(struct nn_shape s);

/* What the user asks for. Only the members of the kind are read. */
struct nn_layer_spec {
	const char *kind; /* a name in layers.def: conv2d activation max_pooling2d dropout flatten dense ... */
	int filters, kernel; /* conv2d */
	int pool; /* of a pooling: the window's side */
	int strides; /* 0: 1 of conv2d, the window's side of a pooling */
	const char *padding; /* of conv2d and poolings: "valid" (NULL) or "same" */
	int pad, top, bottom, left, right; /* zero_padding2d: pad on each side, and so many more */
	double momentum, epsilon; /* batch_normalization */
	double scale, offset; /* rescaling */
	double slope; /* leaky_re_lu: 0 <= slope */
	double l2; /* of conv2d and dense: l2 times the sum of the kernel's squares is a part of the loss */
	int units; /* dense */
	double rate; /* dropout: 0 <= rate < 1 */
	const char *activation; /* "relu", "tanh", ...; of conv2d and dense NULL for "linear" */
};

struct nn_tensor {
	char name[48]; /* "conv2d_1.kernel" */
	int rank, dim[4]; /* Keras' layout */
	size_t offset, count; /* in the parameter block, in floats */
};

#define NN_TENSORS_MAX 4 /* of one layer */

/* What came of it. Read-only for callers. */
struct nn_layer {
	const struct nn_layer_kind *kind;
	struct nn_layer_spec spec;
	char name[32]; /* Keras' automatic name: conv2d, conv2d_1, ... */
	struct nn_shape in, out;
	int ntensors;
	struct nn_tensor tensor[NN_TENSORS_MAX];
	size_t offset, params; /* range in the parameter block */
	size_t learn; /* of the params, the first, that the optimizer moves; the others are moving statistics */
	uint64_t macs; /* multiply-adds of a forward pass, one image */
	bool trainable; /* the flag, also on layers without parameters */
	double rate; /* of a dropout, as set now */
};

const char *nn_layer_kind_name(const struct nn_layer *l); /* "conv2d" */
const char *nn_layer_class(const struct nn_layer *l); /* Keras' class: "Conv2D" */
const char *nn_layer_initializer(const struct nn_layer *l); /* "glorot_uniform", "" without parameters */
bool nn_layer_has_rate(const struct nn_layer *l); /* a dropout: nn_net_set_rate changes l->rate */
/* Row i of its kernel weighs value i of its input and no other, as in a dense layer: where that value is always zero,
 * the row stands still although the layer trains. */
bool nn_layer_has_input_rows(const struct nn_layer *l);
const char *const *nn_layer_kinds(void); /* NULL-terminated, from layers.def */

/* What a kind is made with: members of nn_layer_spec, in the order in which a line of text gives them. */
enum nn_attr_type { NN_ATTR_INT, NN_ATTR_REAL, NN_ATTR_WORD };
struct nn_attr {
	const char *name; /* Keras' name: "filters", "kernel_size" */
	enum nn_attr_type type;
	size_t offset; /* in struct nn_layer_spec */
	double value; /* where it is left out, of a word its index; NAN: it must be given */
	const char *const *words; /* what a word may be, NULL-terminated */
	/* In a line of text it stands as KEY=VALUE, and not at all where it is the default; NULL: by its place. A word
	 * that has a default stands by itself, anywhere. */
	const char *key;
	bool zero; /* a whole number that may be 0 */
};
const struct nn_attr *nn_layer_attrs(const char *kind); /* ends with name NULL; NULL: no such kind */

/* ---- net ---- */

#define NN_LAYERS_MAX 64 /* also of their pieces: an activation that belongs to a conv2d counts as one more */

struct nn_net;

/* A sequential net. Fails with a sentence when a shape does not fit, a value is out of range, or the net would need
 * more than 2^31 floats. Every net ends with softmax (the loss is categorical cross-entropy). The weights are zero. */
struct nn_net *nn_net_new(struct nn_shape in, const struct nn_layer_spec *spec, int n, struct nn_err *err);
/* The parameters that such a net would have, before any memory is taken for them; SIZE_MAX where nn_net_new would
 * refuse. */
size_t nn_spec_params(struct nn_shape in, const struct nn_layer_spec *spec, int n, struct nn_err *err);
void nn_net_free(struct nn_net *net);
/* layers, flags, rates and parameters; NULL when out of memory */
struct nn_net *nn_net_clone(const struct nn_net *net);

struct nn_shape nn_net_input(const struct nn_net *net);
int nn_net_classes(const struct nn_net *net);
int nn_net_count(const struct nn_net *net); /* layers */
const struct nn_layer *nn_net_layer(const struct nn_net *net, int i);

size_t nn_net_params(const struct nn_net *net); /* floats in the block */
size_t nn_net_trainable(const struct nn_net *net); /* of them, those that train */

/* The block, brought up to date. The pointer stays the same for the net's life. Whoever writes through the second
 * calls it before writing and nn_net_changed after, so that packed copies are made again. */
const float *nn_net_weights(struct nn_net *net);
float *nn_net_weights_edit(struct nn_net *net);
void nn_net_changed(struct nn_net *net);

/* Layers first..last inclusive. Glorot uniform from Philox keyed by the seed, biases 0; the value depends on seed,
 * layer and position alone. */
void nn_net_init(struct nn_net *net, int first, int last, uint64_t seed);
/* Holds from the next batch on, also of a run that goes on. */
void nn_net_set_trainable(struct nn_net *net, int first, int last, bool on);
int nn_net_set_rate(struct nn_net *net, int layer, double rate, struct nn_err *err); /* of a dropout */

/* ---- data ---- */

/* Pictures as bytes; a pixel's value is byte / 255. Borrowed: must outlive what uses it. */
struct nn_images {
	struct nn_shape shape;
	size_t count;
	const uint8_t *pixels; /* [count][height][width][channels] */
};

/* A selection with targets: sample i is image index[i], its target output unit is unit[i]. Borrowed. */
struct nn_set {
	const struct nn_images *images;
	const uint32_t *index;
	const uint16_t *unit; /* NULL where only outputs are wanted */
	size_t count;
};

struct nn_metrics {
	double loss; /* sum over the samples of -log p(target) */
	uint64_t correct, count;
};

/* ---- feature cache ---- */

/* The outputs of the frozen leading layers, computed once: cut where they are smallest and before the first dropout
 * (with rate > 0 or not), packed without loss. Valid while those layers' weights, flags and the set stay the same;
 * run and eval check that and go uncached otherwise. */
struct nn_cache;

/* The layer whose output a cache would keep, or -1 when no leading layer with parameters is frozen. */
int nn_cache_cut(const struct nn_net *net);
/* Bytes the cache could need at most (stored plain). */
size_t nn_cache_bound(const struct nn_net *net, const struct nn_set *set);
/* Makes and fills a cache. Returns 0; NN_FULL when it would take more than `limit` bytes, packed; NN_STOPPED; or -1. *c
 * is NULL unless it returns 0. */
#define NN_FULL 2
int nn_cache_new(struct nn_cache **c, struct nn_net *net, struct nn_engine *eng, const struct nn_set *set, size_t limit,
    struct nn_err *err);
void nn_cache_free(struct nn_cache *c);
size_t nn_cache_bytes(const struct nn_cache *c);
bool nn_cache_valid(const struct nn_cache *c, struct nn_net *net, const struct nn_set *set);

/* ---- training ---- */

#define NN_SLOTS_MAX 2

/* From optimizers.def. Slot names are Keras' accumulators. */
struct nn_optimizer_info {
	const char *name; /* "adadelta" */
	const char *keras_class; /* "Adadelta" */
	double default_lr;
	int nslots;
	const char *slot[NN_SLOTS_MAX];
	bool squares[NN_SLOTS_MAX]; /* that one is a mean of squares, never below 0 */
	const char *hyper[4]; /* names of the hyper-parameters that it reads, NULL-terminated */
};
const struct nn_optimizer_info *nn_optimizer_find(const char *name); /* NULL when unknown */
const struct nn_optimizer_info *nn_optimizer_at(int i); /* NULL behind the last */

struct nn_run_config {
	const struct nn_optimizer_info *optimizer;
	double lr, rho, epsilon, momentum, beta_1, beta_2;
	float layer_lr[NN_LAYERS_MAX]; /* of a layer; NAN: lr */
	int batch; /* 1..65536 */
	bool shuffle;
	uint64_t seed; /* of shuffling and dropout */
	uint32_t epoch; /* number of the first epoch in the session's count; part of the random counter */
};
struct nn_run_config nn_run_config_default(void); /* adadelta at 1.0, batch 128, shuffle on, seed 1337, epoch 0 */

struct nn_run;

/* A run over the set from zeroed optimizer slots. net, engine, set and cache (may be NULL) are borrowed. Fails when
 * nothing is trainable or a target does not exist. */
struct nn_run *nn_run_new(struct nn_net *net, struct nn_engine *eng, const struct nn_run_config *cfg,
    const struct nn_set *train, const struct nn_cache *cache, struct nn_err *err);
void nn_run_free(struct nn_run *run); /* brings the net's weights up to date first */

uint32_t nn_run_steps(const struct nn_run *run); /* batches of an epoch, the last one shorter */
uint32_t nn_run_epoch(const struct nn_run *run); /* of the next step, in the session's count */
uint32_t nn_run_at(const struct nn_run *run); /* the next step within its epoch */
/* One batch: forward, loss, backward, step; adds to *sum. The epoch moves on by itself behind its last batch. Returns
 * 0, -1, or NN_STOPPED when it was given up: net, run and *sum are as before it. */
int nn_run_step(struct nn_run *run, struct nn_metrics *sum, struct nn_err *err);
void nn_run_set_lr(struct nn_run *run, double lr, const float *layer_lr); /* from the next batch on */
const char *nn_run_note(const struct nn_run *run); /* the stages in use, for `show stages`: "winograd+pool dense ..." */

/* State between steps, to save and go on with: the optimizer's slots (each nn_net_params floats in the canonical
 * order, zero where frozen) and three counters. nn_run_restore makes a new run go on as if it had never stopped. */
struct nn_run_state {
	uint32_t epoch, step; /* of the next batch */
	uint64_t iterations; /* steps since the run began (Adam's t) */
};
struct nn_run_state nn_run_state(const struct nn_run *run);
const float *nn_run_slot(struct nn_run *run, int k);
int nn_run_restore(struct nn_run *run, const struct nn_run_state *st, const float *const slot[NN_SLOTS_MAX],
    struct nn_err *err);

/* ---- looking ---- */

/* Loss and accuracy without dropout. probs: NULL or [count][classes]; unit may be NULL, then only probs are made.
 * Returns 0, NN_STOPPED or -1. */
int nn_eval(struct nn_net *net, struct nn_engine *eng, const struct nn_set *set, const struct nn_cache *cache,
    struct nn_metrics *m, float *probs, struct nn_err *err);

/* Output of layer `layer` without dropout, [count][size]; before: the input of that layer's successor. The input of
 * a softmax that is a layer of its own (the logits) is the output of the layer before it. */
int nn_forward(struct nn_net *net, struct nn_engine *eng, const struct nn_set *set, int layer, float *out,
    struct nn_err *err);

/* Mean loss and its gradient for one batch (the whole set), dropout off; grad: [nn_net_params] in the canonical order,
 * frozen layers included. Uses the engine's kernels, the ones that training uses. */
int nn_gradient(struct nn_net *net, struct nn_engine *eng, const struct nn_set *set, double *loss, float *grad,
    struct nn_err *err);

/* What an output unit says of an image: its logit, the sum that softmax gets, which the other units leave alone, or its
 * probability, in which they all have a part. */
enum nn_score { NN_LOGIT, NN_PROBABILITY };
/* The gradient of a unit's score by each value that layer `layer` gives (-1: by each value of the image), without
 * dropout and whether layers are frozen or not: grad, [count][size]. value: what the layer gives, or NULL. It is
 * computed layer by layer on the caller's thread, so that the bits are the same for any number of threads. Fails for
 * the last layer, which has no score behind it. Returns 0, NN_STOPPED or -1. */
int nn_sensitivity(struct nn_net *net, struct nn_engine *eng, const struct nn_set *set, int unit, enum nn_score score,
    int layer, float *value, float *grad, struct nn_err *err);

/* Largest relative difference between analytic and numeric gradients, computed in double precision with the plain
 * kernels over n random pictures; one figure for parameters and inputs together. */
int nn_gradcheck(const struct nn_net *net, int n, uint64_t seed, double *worst, struct nn_err *err);
/* The same of a unit's score, without dropout: by the inputs of all layers. */
int nn_sensitivity_check(const struct nn_net *net, int n, int unit, enum nn_score score, uint64_t seed, double *worst,
    struct nn_err *err);

/* ---- readers ----
 *
 * What simple readers make of numbers, such as a layer's outputs, tells what these already separate: ridge regression
 * to the classes, solved in closed form, and the nearest of the samples. All numbers are finite. */

#define NN_READERS_MAX 4000 /* samples: K has as many squared */
#define NN_NEAR_MAX 64

struct nn_readers;

/* Readers of n samples of `size` numbers each. Memory is n * size floats and n * n doubles. */
struct nn_readers *nn_readers_new(struct nn_engine *eng, size_t n, size_t size, int classes, struct nn_err *err);
void nn_readers_free(struct nn_readers *r);
/* Samples first..first+count-1, x[count][size], and their classes. */
void nn_readers_put(struct nn_readers *r, size_t first, size_t count, const float *x, const uint16_t *unit);
/* When all are there, once. lambda is `ridge` times the mean squared length of the samples without their mean (the
 * trace of X X' over n). Returns 0, NN_STOPPED or -1. */
int nn_readers_fit(struct nn_readers *r, double ridge, struct nn_err *err);
double nn_readers_lambda(const struct nn_readers *r);

struct nn_reading {
	uint16_t linear, near; /* the classes that the two readers say */
};
/* Reads count <= NN_EVAL_BATCH other samples, x[count][size], by the fit and by the `near` nearest. score: NULL, or
 * [count][classes] of what the ridge regression gives each class. */
void nn_readers_read(struct nn_readers *r, size_t count, const float *x, int near, struct nn_reading *to,
    double *score);

/* ---- random numbers ---- */

/* Philox4x32-10 (Salmon et al. 2011). The counter says where the number is used, so nothing is kept between calls. */
enum nn_purpose { NN_RNG_INIT, NN_RNG_SHUFFLE, NN_RNG_DROPOUT, NN_RNG_CHECK, NN_RNG_USER };
void nn_philox(uint64_t seed, const uint32_t counter[4], uint32_t out[4]);
/* A permutation of 0..n-1: Fisher-Yates from (seed, NN_RNG_SHUFFLE, epoch). */
void nn_shuffle(uint64_t seed, uint32_t epoch, uint32_t *order, size_t n);

#endif
