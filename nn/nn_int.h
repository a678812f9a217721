/* nn_int.h: what layers, stages, kernels and optimizers share inside nn.
 *
 * A net is a list of layers. Before it computes, stage.c compiles the list into a plan: a chain of stages, each
 * covering one or more layers, and a list of phases. A phase is a parallel loop over items with a barrier behind it; a
 * training step is: forward phases of the stages in order, backward phases in reverse order, step phases of all stages
 * together.
 *
 * Bits must not depend on the number of threads: what an item computes depends on its number alone, and sums across
 * items are made in a fixed order.
 */
#ifndef NN_INT_H
#define NN_INT_H

#include "nn.h"

#include <stdatomic.h>

#define NN_ALIGN 128 /* bytes; of all that nn allocates: a pair of cache lines, which par.c keeps apart */
/* At most so many gradient buffers of a batch: part p sums the chunks nn_part() gives it, in order. */
#define NN_PARTS 64

void *nn_alloc(size_t bytes); /* aligned, not cleared; NULL when out of memory or bytes == SIZE_MAX */
void *nn_zalloc(size_t bytes); /* aligned and cleared */

/* ---- layers ---- */

struct nn_kernels;
struct nn_kernels_double;
struct nn_step;

/* What is computed are pieces, which are layers without extras: a layer is one piece, or several (`pieces` of its
 * kind), as a dense layer with an activation is dense and activation. In all of nn but its public face, the layers of a
 * net and their numbers are its pieces.
 *
 * One layer on some images of a batch. Arrays are float, or double when kd is set: NN_KERNEL() calls the right
 * table. */
struct nn_pass {
	const struct nn_kernels *k;
	const struct nn_kernels_double *kd; /* the gradient check's */
	const struct nn_step *step; /* where dropout finds seed, epoch and step */
	const struct nn_layer *layer;
	int index; /* of the layer */
	int first, n; /* the images first..first+n-1 of the batch */
	bool train; /* dropout is on */
	bool moments; /* a batch normalization takes mean and variance from these images */
	bool careful; /* zeros count: what they are multiplied by may not be finite */
	double rate; /* of a dropout */
	const void *x; /* [n][in] */
	void *y; /* [n][out]; read by backward */
	const void *w[NN_TENSORS_MAX];
	void *aux; /* [n][aux_size]: what forward keeps for backward; NULL when there will be no backward */
	const void *dy; /* [n][out] */
	void *dx; /* [n][in], written; NULL when not wanted */
	void *dw[NN_TENSORS_MAX]; /* added to; NULL when not wanted */
};

/* Values that the layer gives for these images. */
static inline size_t
nn_pass_size(const struct nn_pass *p)
{
	return nn_shape_size(p->layer->out) * (size_t)p->n;
}

/* Numbers among the arguments become float or double, as the table takes them. */
#define NN_KERNEL(p, name, ...) \
	do { \
		if ((p)->kd != NULL) \
			(p)->kd->name(__VA_ARGS__); \
		else \
			(p)->k->name(__VA_ARGS__); \
	} while (0)

#define NN_PIECES_MAX 3 /* of one layer */

struct nn_layer_kind {
	const char *name; /* "conv2d" */
	const char *keras_class; /* "Conv2D" */
	const char *initializer; /* "glorot_uniform", or "" */
	const struct nn_attr *attr; /* what it is made with, ends with name NULL; no other member of l->spec is set */
	/* From l->spec and l->in: checks the values, sets l->out, macs and the tensors' rank and dim (name: the suffix
	 * alone, "kernel"). What it says of a failure is put behind the layer's name: "kernel 5x5 is larger than its
	 * input 4x4; ...". A word of l->spec is one of the attribute's words and needs no check. */
	int (*shape)(struct nn_layer *l, struct nn_err *err);
	/* What a layer of this kind is made of, NN_PIECES_MAX at most; returns how many. The first with tensors has the
	 * layer's. NULL: it is one piece. */
	int (*pieces)(const struct nn_layer *l, struct nn_layer_spec *piece);
	void (*fans)(const struct nn_layer *l, double *in, double *out); /* of tensor 0, for the initialiser */
	size_t (*aux_size)(const struct nn_layer *l); /* bytes an image; NULL: none */
	/* True: the output is the input (flatten; dropout that is off). NULL: never. */
	bool (*alias)(const struct nn_layer *l, bool train, double rate);
	void (*init)(const struct nn_layer *l, float *w); /* all of its parameters; NULL: Glorot uniform, biases 0 */
	void (*forward)(const struct nn_pass *p);
	void (*backward)(const struct nn_pass *p); /* dx and, unless rows is set, dw */
	/* Weight gradient rows r0..r1-1 of tensor 0 (dim[0] rows) over all images of the pass; written, not added to.
	 * dw[0] points at row r0. r0 == 0: also the gradient of tensor 1. For layers whose gradient is too large for a
	 * copy a part. */
	void (*rows)(const struct nn_pass *p, int r0, int r1);
	bool random; /* a dropout: it has a rate, and the feature cache ends before it */
	bool input_rows; /* row i of tensor 0 weighs value i of the input alone */
};
#define NN_LAYER(x) extern const struct nn_layer_kind nn_layer_##x;
#include "layers.def"
#undef NN_LAYER
bool nn_layer_is_softmax(const struct nn_layer *l);
/* The words of an activation that another layer has, for its attribute: "linear" first, then those of the activation's
 * own kind; and the piece that it is, if any: returns 0 or 1. */
extern const char *const nn_activations[];
int nn_activation_piece(const char *activation, struct nn_layer_spec *piece);
/* NULL with a sentence that lists the kinds */
const struct nn_layer_kind *nn_kind_find(const char *name, struct nn_err *err);
/* Sets *to to what this kind is made with, out of *from, with words of its own in place of the caller's. Fails on a
 * word that it does not know. */
int nn_kind_spec(const struct nn_layer_kind *kind, const struct nn_layer_spec *from, struct nn_layer_spec *to,
    struct nn_err *err);
/* both from nn_kind_spec */
bool nn_kind_same_spec(const struct nn_layer_kind *kind, const struct nn_layer_spec *a, const struct nn_layer_spec *b);

/* ---- optimizers ---- */

enum nn_optimizer_id {
#define NN_OPTIMIZER(x) NN_OPT_##x,
#include "optimizers.def"
#undef NN_OPTIMIZER
	/* internal: writes the gradient into slot 0 and leaves the weights alone; nn_gradient is a step of it */
	NN_OPT_record,
	NN_OPTIMIZERS
};

/* Constants of one step for one layer, in single precision. */
struct nn_coef {
	float lr; /* Adam: with its bias correction */
	float rho, rho1; /* rho1 = 1 - rho */
	float epsilon, momentum;
	float beta_1, beta_11, beta_2, beta_21; /* beta_11 = 1 - beta_1 */
};

struct nn_optimizer {
	struct nn_optimizer_info info; /* first: an info pointer is an optimizer pointer */
	enum nn_optimizer_id id;
	/* c->lr holds the layer's rate; t counts steps from 1. NULL: nothing to do. */
	void (*prepare)(struct nn_coef *c, const struct nn_run_config *cfg, uint64_t t);
};
#define NN_OPTIMIZER(x) extern const struct nn_optimizer nn_optimizer_##x;
#include "optimizers.def"
#undef NN_OPTIMIZER
extern const struct nn_optimizer nn_optimizer_record;

/* n parameters: w, gradient g, slots s0 and s1 (NULL where the optimizer has none). True: one of them is wild now. */
typedef bool nn_update_fn(float *w, const float *g, float *s0, float *s1, size_t n, const struct nn_coef *c);

/* ---- the net ---- */

struct nn_plan;

struct nn_net {
	struct nn_shape in;
	int n; /* pieces */
	struct nn_layer *layer; /* [n] the pieces */
	int shown; /* layers as the public face has them */
	struct nn_layer *show; /* [shown] */
	int from[NN_LAYERS_MAX + 1]; /* the first piece of such a layer; from[shown] == n */
	int of[NN_LAYERS_MAX]; /* the layer that a piece belongs to */
	size_t params;
	float *weights; /* [params] the canonical block; older than dirty's packed copies while dirty is set */
	uint64_t version; /* counts every change of a weight */
	/* counts what plans are compiled anew for: weights written, flags, rates, a parameter that went wild */
	uint64_t edits;
	struct nn_plan *dirty; /* the plan that holds newer weights, or NULL */
	struct nn_plan *eval; /* the last evaluation's plan, kept for the next */
};

void nn_net_sync(struct nn_net *net); /* brings the canonical block up to date */
int nn_cut(const struct nn_net *net); /* nn_cache_cut() as the last piece of that layer; -1 */

/* ---- the pool ---- */

struct nn_stage;

/* Items of a phase run in any order on any thread. */
struct nn_phase {
	int count; /* items; negative: -count for each chunk of the batch */
	bool join; /* no barrier between this phase and the one before: their items run side by side */
	void (*work)(struct nn_stage *st, const struct nn_step *step, int item, int thread);
	struct nn_stage *stage; /* filled in by stage.c */
};

struct nn_par; /* par.c */
struct nn_par *nn_par_new(int threads);
void nn_par_free(struct nn_par *par);
/* Runs the phases one after the other; the caller is thread 0. Phase i has phase[i].count items (negative: times
 * `chunks`). Returns behind the last one. */
void nn_par_run(struct nn_par *par, const struct nn_phase *phase, int n, const struct nn_step *step, int chunks);
/* The same, but a step that is given up while the first `safe` phases run ends there, and none of the others begins. */
void nn_par_try(struct nn_par *par, const struct nn_phase *phase, int n, int safe, const struct nn_step *step,
    int chunks);
uint64_t nn_par_done(const struct nn_par *par, int thread); /* items that it has run so far; asked between two runs */

struct nn_engine {
	int threads;
	uint64_t id; /* never used twice in a process */
	const struct nn_kernels *kernels;
	struct nn_par *par;
	bool (*stop)(void *arg);
	void *stop_arg;
	bool (*give_up)(void *arg);
	void *give_up_arg;
};
bool nn_engine_stopped(const struct nn_engine *eng);

/* ---- a batch ---- */

/* Read-only for the stages, but for the arrays of results, whose elements belong to whoever works on that image. */
struct nn_step {
	const struct nn_plan *plan;
	int count; /* images */
	int chunks; /* of NN_CHUNK images, the last one shorter */
	int parts; /* gradient buffers, see nn_part() */
	const struct nn_set *set;
	/* [count] positions in the set: image i is set->index[pick[i]], its target set->unit[pick[i]] */
	const uint32_t *pick;
	const struct nn_cache *cache; /* input comes from here when the plan starts behind its cut; else NULL */
	uint64_t seed; /* of dropout */
	uint32_t epoch, step; /* step within the epoch */
	float scale; /* 1/count: of the mean loss */
	const struct nn_optimizer *opt;
	struct nn_coef coef[NN_LAYERS_MAX]; /* of the layers that train */
	double *loss; /* [count] -log p(target) */
	uint8_t *hit; /* [count] 1 when the largest output is the target's (the first of equal ones counts) */
	float *probs; /* [count][classes], or NULL */
	const struct nn_engine *asked; /* whether the step is given up; NULL: it is done to its end */
	atomic_bool *given_up; /* it is: all threads leave out what is left of it */
};

/* Whether the step is given up, to be asked every few images by what a phase before the step phases does for many. */
static inline bool
nn_given_up(const struct nn_step *s)
{
	if (s->asked == NULL)
		return false;
	if (atomic_load_explicit(s->given_up, memory_order_relaxed))
		return true;
	if (!s->asked->give_up(s->asked->give_up_arg))
		return false;
	atomic_store_explicit(s->given_up, true, memory_order_relaxed);
	return true;
}

/* The images of chunk c: first, and how many. */
static inline int
nn_chunk(const struct nn_step *s, int c, int *n)
{
	int first = c * NN_CHUNK;

	*n = s->count - first < NN_CHUNK ? s->count - first : NN_CHUNK;
	return first;
}

/* The chunks of part p: first, and how many. Up to NN_PARTS chunks (512 images) a part is a chunk. */
static inline int
nn_part(const struct nn_step *s, int p, int *n)
{
	int each = (s->chunks + NN_PARTS - 1) / NN_PARTS, first = p * each;

	*n = s->chunks - first < each ? s->chunks - first : each;
	return first;
}

/* ---- stages ---- */

/* What flows between two stages: arrays for a whole batch, rounded up to whole chunks. */
struct nn_edge {
	int layer; /* whose output it is; -1: the input of the net */
	size_t size; /* floats an image */
	/* [batch][size], channels last; NULL at the head of a plan: the first stage calls nn_input() or reads by
	 * itself */
	float *act;
	float *grad; /* [batch][size] gradient of the loss by act; NULL when no backward pass crosses it */
	void *extra; /* a private agreement of the two stages beside it; whoever made it frees it */
};

struct nn_stage {
	const struct nn_stage_kind *kind;
	struct nn_plan *plan;
	struct nn_net *net;
	int first, count; /* its layers */
	struct nn_edge *in, *out; /* the out edge of the last stage has act [batch][classes] and no grad */
	bool careful; /* its layers, or some before them, have wild parameters: plain kernels, and no zero left out */
	bool backward; /* a layer in it, or before it, trains */
	bool dx; /* in->grad is wanted */
	void *data; /* the kind's own */
};

enum nn_pass_kind { NN_FORWARD, NN_BACKWARD, NN_STEP };
#define NN_PHASES_MAX 8 /* of one stage and pass */

/* Kinds are tried in the order of kernels->stages at each layer; the plain stage (stage_plain.c, which runs any layers
 * one by one with the kernel table) takes what no other wants. */
struct nn_stage_kind {
	const char *name; /* for nn_run_note */
	/* How many layers from `first` on (never past `end`, exclusive) a stage of this kind would take; 0: not mine.
	 * The plan says whether it trains (plan->train), which layers do and the dropout rates. Equal forward
	 * arithmetic whether a layer is frozen, or whether the plan trains, is only asked within one plan's layers
	 * before plan->cut + 1. */
	int (*match)(const struct nn_plan *plan, int first, int end);
	int (*make)(struct nn_stage *st, struct nn_err *err); /* sets st->data; weights are packed by reload() later */
	void (*free)(struct nn_stage *st); /* also after a make that failed half way: data may be NULL */
	/* Fills phase[] (NN_PHASES_MAX) and returns how many. Step phases of all stages run side by side behind the
	 * last backward phase, without a barrier between stages; a stage may as well fuse its step with its last
	 * backward phase, but in a lengthy plan: there only step phases change weights, slots and what else outlasts
	 * the step. */
	int (*phases)(struct nn_stage *st, enum nn_pass_kind pass, struct nn_phase *phase);
	void (*sync)(struct nn_stage *st); /* canonical weights and slots from the packed copies; NULL: has none */
	void (*reload)(struct nn_stage *st); /* packed copies from canonical weights and slots; NULL: has none */
};

#define NN_STAGES_MAX NN_LAYERS_MAX

/* A parameter is wild when it is not a number, or infinite, or so large that what a few layers make of it may be
 * infinite. Zero times such a number need not be zero, and where a sum overflows depends on its order. So only the
 * layers before the first with a wild parameter run with kernels that leave zeros out; from there on the plain kernels
 * make every product, whatever kernels were chosen. */
#define NN_WILD_BITS 0x4f800000 /* of 2^32 */
/* An activation that is nothing, and yet not zero: what Winograd's stage gives where its rounding may have closed a
 * relu. A careful stage takes it as zero. */
#define NN_HARDLY 1e-30f

/* A compiled stretch of layers. Its flags and rates are a copy: nn_gradient trains frozen layers too, with rates 0. */
struct nn_plan {
	struct nn_net *net;
	const struct nn_kernels *kernels;
	int threads; /* of the engine; thread numbers are below */
	uint64_t engine; /* its id */
	int batch; /* images at most, a multiple of NN_CHUNK */
	int asked; /* the same as it was asked for */
	int begin, end; /* its layers, end exclusive; begin > 0: the input comes from a cache */
	bool train; /* dropout on, backward and step follow */
	bool trainable[NN_LAYERS_MAX]; /* has parameters that train in this plan */
	bool moments[NN_LAYERS_MAX]; /* a batch normalization that takes the batch's mean and variance */
	double rate[NN_LAYERS_MAX]; /* of dropouts */
	int cut; /* nn_cache_cut(): a stage ends there, so that cached and uncached are the same; -1 */
	int back; /* the first layer that trains: no gradient goes further back; end when none */
	int wild; /* the first layer with a wild parameter; end when none */
	atomic_bool went_wild; /* a step made a parameter wild in a layer before that */
	atomic_bool given_up; /* the step that runs */
	float *slot[NN_SLOTS_MAX]; /* [params] canonical, borrowed from the run; NULL where not used */
	int nstages;
	struct nn_stage stage[NN_STAGES_MAX];
	struct nn_edge edge[NN_STAGES_MAX + 1];
	bool lengthy; /* a batch takes long, so that a step can be given up: only step phases change weights */
	int nphases, nforward, safe; /* the first nforward phases are the forward pass; behind `safe` the step phases */
	struct nn_phase *phase;
	uint64_t version; /* of the net's weights that the packed copies hold */
	uint64_t edits; /* of the net when compiled */
	double *loss; /* [batch] */
	uint8_t *hit; /* [batch] */
	uint32_t *pick; /* [batch] for evaluation */
};

/* What a plan is to be. */
struct nn_plan_spec {
	int batch, begin, end;
	bool train;
	bool all; /* every layer trains, rates are 0: nn_gradient */
	float *slot[NN_SLOTS_MAX];
};
int nn_plan_lacks(const struct nn_plan *plan, struct nn_err *err); /* the error of a plan without memory for it */
struct nn_plan *nn_plan_new(struct nn_net *net, const struct nn_engine *eng, const struct nn_plan_spec *spec,
    struct nn_err *err);
void nn_plan_free(struct nn_plan *plan); /* syncs the net first when the plan is its dirty one */
/* One batch through the plan. step: set, pick, count, cache, seed, epoch, step, opt, coef, probs are the caller's; the
 * rest is filled in. Returns 0, or NN_STOPPED when a step was given up and has changed nothing. */
int nn_plan_run(struct nn_plan *plan, const struct nn_engine *eng, struct nn_step *step);
void nn_plan_note(const struct nn_plan *plan, char *buf, size_t len); /* names of the stages */

/* A step of the optimizer for n parameters of a layer. What went wild in it is kept in mind. */
void nn_update(struct nn_plan *plan, const struct nn_step *step, int layer, float *w, const float *g, float *s0,
    float *s1, size_t n);
void nn_went_wild(struct nn_plan *plan, int layer);

/* stage_norm.c takes a batch normalization that sums over the batch, whatever kernels were chosen. */
extern const struct nn_stage_kind nn_stage_plain, nn_stage_norm;

/* What the layers' l2 adds to the loss: of those that train. */
double nn_penalty(const struct nn_net *net);

/* The plan's input for images first..first+n-1 of the batch as floats: pixels / 255, or out of the cache. */
void nn_input(const struct nn_step *s, int first, int n, float *x);

/* The end of every net, for whoever took the last layer: probabilities (probs, [n][classes], also into s->probs),
 * s->loss and s->hit of n images from their logits. */
void nn_head_forward(const struct nn_step *s, int classes, int first, int n, const float *logits, float *probs);
/* Gradient of the mean loss by the logits: (p - [target]) * s->scale. */
void nn_head_backward(const struct nn_step *s, int classes, int first, int n, const float *probs, float *dlogits);

/* ---- random numbers ---- */

/* Dropout. Block b of an image decides positions 8b..8b+7: the j-th is kept when the j-th 16-bit half of the block (low
 * half of word 0 first) is >= nn_drop_threshold(rate); kept values are multiplied by nn_drop_scale(rate). */
static inline void
nn_drop_counter(uint32_t counter[4], uint32_t block, uint32_t sample, uint32_t step, uint32_t epoch, int layer)
{
	counter[0] = block;
	counter[1] = sample; /* within the batch */
	counter[2] = step; /* within the epoch */
	counter[3] = (uint32_t)NN_RNG_DROPOUT << 28 | (uint32_t)layer << 20 | (epoch & 0xfffff);
}

static inline uint32_t
nn_drop_threshold(double rate)
{
	return (uint32_t)(rate * 65536 + 0.5);
}

static inline float
nn_drop_scale(double rate)
{
	return (float)(1 / (1 - rate));
}

/* ---- feature cache ---- */

/* Sample i as packed: `mask` has a bit a float that is not +0 (bit j of word j / 64), `value` those floats in order. */
struct nn_packed {
	const uint64_t *mask; /* [(size + 63) / 64] */
	const float *value;
};
struct nn_packed nn_cache_sample(const struct nn_cache *c, size_t i);
int nn_cache_layer(const struct nn_cache *c); /* the cut that it was made for */
/* valid, and made by the same kernels */
bool nn_cache_fits(const struct nn_cache *c, struct nn_net *net, const struct nn_engine *eng, const struct nn_set *set);

/* The set belongs to this net: shape, indices and, with targets, units. */
int nn_set_check(const struct nn_net *net, const struct nn_set *set, bool targets, struct nn_err *err);

#endif
