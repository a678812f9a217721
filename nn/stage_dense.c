/* stage_dense.c: the stage of a dense layer with the dropout and flatten before it and the relu and dropout, or the softmax,
 * behind it. Zeros cost nothing: neither those of the input nor those of the gradient.
 *
 *     look      which inputs are live (a word for each 64)                      by chunk of images
 *     multiply  partial sums of up to GROUPS groups of features                 by group and block of units
 *     finish    y = bias + partial sums in order; relu, dropout or softmax      by chunk of images
 *     list      live gradients, by image and by unit                            by chunk of images, by 16 units
 *     learn     gradient of the inputs; gradient of the weights and its step    by chunk of 64 features
 *
 * The weight gradient of a chunk never leaves the cache: the optimizer follows at once. Packed weights and slots are the truth
 * while a run goes on; sync writes the canonical block.
 */
#include "dense.h"

#include <stdlib.h>
#include <string.h>

#define GROUPS 24
#define UNITS 16 /* of an item of `list`, and of a step's gradient */

struct dense {
	const struct nn_layer *layer;
	int index; /* of the dense layer in the net */
	int before, behind; /* indices of the dropouts, or -1 */
	bool relu, softmax, packed, trains;
	int in, out; /* features, units */
	int words, padded, blocks, groups; /* chunks of features; units up to 16; blocks of units; groups of chunks */
	float *own; /* [batch][in] the pictures of a net that begins here; else NULL */
	float *weights; /* [chunk][unit][64], with its slots */
	float *slot[NN_SLOTS_MAX];
	float *partial; /* [groups][batch][padded] */
	uint64_t *live, *keep; /* [words][batch], [batch][words]; keep: NULL without a dropout before */
	struct nn_packed *sample; /* [batch] */
	uint64_t *mask; /* [words][batch] */
	uint32_t *start; /* [words][batch] */
	float *dlogits; /* [batch][out] behind a softmax, else NULL */
	struct dense_list *image, *unit; /* [batch], [out] */
	uint32_t *at; /* their arrays */
	float *g;
	float **scratch; /* [threads] a chunk's weights as [64][units of a block], or its inputs, or a chunk's outputs */
};

static bool
is_kind(const struct nn_layer *l, const char *name)
{
	return strcmp(l->kind->name, name) == 0;
}

static bool
drops(const struct nn_plan *plan, int layer)
{
	return plan->train && nn_drop_threshold(plan->rate[layer]) > 0;
}

static bool
is_activation(const struct nn_layer *l, const char *name)
{
	return is_kind(l, "activation") && strcmp(l->spec.activation, name) == 0;
}

/* The stretch from `first`: fills *d's layers and returns how many. */
static int
stretch(const struct nn_plan *plan, int first, int end, struct dense *d)
{
	const struct nn_layer *l = plan->net->layer;
	int i = first;

	d->before = d->behind = -1;
	for (; i < end && (is_kind(l + i, "flatten") || (is_kind(l + i, "dropout") && d->before < 0)); i++)
		if (is_kind(l + i, "dropout"))
			d->before = i;
	if (i == end || !is_kind(l + i, "dense"))
		return 0;
	d->index = i++;
	if (i < end && is_activation(l + i, "softmax") && i + 1 == plan->net->n) {
		d->softmax = true;
		i++;
	} else if (i < end && is_activation(l + i, "relu")) {
		d->relu = true;
		i++;
		if (i < end && is_kind(l + i, "dropout"))
			d->behind = i++;
	}
	return i - first;
}

static int
match(const struct nn_plan *plan, int first, int end)
{
	struct dense d = {0};

	return stretch(plan, first, end, &d);
}

/* ---- forward ---- */

static int
min(int a, int b)
{
	return a < b ? a : b;
}

static struct nn_drop
drop_of(const struct nn_stage *st, const struct nn_step *step, int layer)
{
	return (struct nn_drop){step->seed, step->epoch, step->step, layer, st->plan->rate[layer]};
}

static const float *
input(const struct nn_stage *st)
{
	const struct dense *d = st->data;

	return d->packed ? NULL : d->own != NULL ? d->own : st->in->act;
}

/* Asks for what will be needed soon, but not next. */
static void
ahead(const float *w, int n)
{
	for (int i = 0; w != NULL && i < n; i += 16)
		__builtin_prefetch(w + i, 0, 2);
}

static void
look(struct nn_stage *st, const struct nn_step *step, int chunk, int thread)
{
	const struct dense *d = st->data;
	const float *act = input(st);
	size_t batch = (size_t)st->plan->batch;
	int n, first = nn_chunk(step, chunk, &n);

	if (d->own != NULL)
		nn_input(step, first, n, d->own + (size_t)first * (size_t)d->in);
	for (int i = first; i < first + n; i++) {
		uint64_t *live = d->live + i, *keep = NULL;

		if (d->packed) {
			struct nn_packed p = nn_cache_sample(step->cache, step->pick[i]);
			uint32_t at = 0;

			d->sample[i] = p;
			if (i + 1 < first + n) /* samples are drawn from all over memory */
				ahead((const float *)(const void *)nn_cache_sample(step->cache, step->pick[i + 1]).mask, 2 * d->words);
			for (int w = 0; w < d->words; w++) {
				live[(size_t)w * batch] = d->mask[(size_t)w * batch + (size_t)i] = p.mask[w];
				d->start[(size_t)w * batch + (size_t)i] = at;
				at += (uint32_t)__builtin_popcountll(p.mask[w]);
			}
		} else
			for (int w = 0; w < d->words; w++)
				live[(size_t)w * batch] = NN_ISA(nn_nonzero)(act + (size_t)i * (size_t)d->in + (size_t)w * DENSE_F, min(DENSE_F, d->in - w * DENSE_F));
		if (d->keep != NULL) {
			struct nn_drop drop = drop_of(st, step, d->before);

			keep = d->keep + (size_t)i * (size_t)d->words;
			NN_ISA(nn_keep)(&drop, i, 0, d->words, keep);
			for (int w = 0; w < d->words; w++)
				live[(size_t)w * batch] &= keep[w];
		}
	}
}

static struct dense_input
input_of(const struct nn_stage *st, const struct nn_step *step)
{
	const struct dense *d = st->data;

	return (struct dense_input){.count = step->count, .size = (size_t)d->in, .batch = (size_t)st->plan->batch, .live = d->live,
	    .scale = d->keep != NULL ? nn_drop_scale(st->plan->rate[d->before]) : 1, .act = input(st), .packed = d->sample, .mask = d->mask,
	    .start = d->start};
}

/* The weights of a chunk. */
static float *
weights(const struct dense *d, int c)
{
	return d->weights + (size_t)c * (size_t)d->out * DENSE_F;
}

static void
multiply(struct nn_stage *st, const struct nn_step *step, int item, int thread)
{
	const struct dense *d = st->data;
	struct dense_input in = input_of(st, step);
	int group = item / d->blocks, block = item % d->blocks, units = min(DENSE_U, d->out - block * DENSE_U);
	int wide = min(DENSE_U, d->padded - block * DENSE_U);
	int first = group * d->words / d->groups, last = (group + 1) * d->words / d->groups;
	float *sum = d->partial + (size_t)group * (size_t)st->plan->batch * (size_t)d->padded + (size_t)block * DENSE_U;
	float *turned = d->scratch[thread];

	for (int c = first; c < last; c++) {
		NN_ISA(nn_dense_turn)(weights(d, c) + (size_t)block * DENSE_U * DENSE_F, units, turned, (size_t)wide);
		if (c + 1 < last)
			ahead(weights(d, c + 1) + (size_t)block * DENSE_U * DENSE_F, units * DENSE_F);
		NN_ISA(nn_dense_chunk)(&in, c, turned, wide, c == first, sum, (size_t)d->padded);
	}
}

static void
finish(struct nn_stage *st, const struct nn_step *step, int chunk, int thread)
{
	const struct dense *d = st->data;
	const float *bias = st->net->weights + d->layer->tensor[1].offset;
	size_t out = (size_t)d->out, group = (size_t)st->plan->batch * (size_t)d->padded;
	int n, first = nn_chunk(step, chunk, &n);
	float *act = st->out->act + (size_t)first * out, *y = d->softmax ? d->scratch[thread] : act;

	for (int i = 0; i < n; i++) {
		const float *restrict p = d->partial + (size_t)(first + i) * (size_t)d->padded;
		float *restrict to = y + (size_t)i * out;

		for (size_t u = 0; u < out; u++)
			to[u] = bias[u] + p[u];
		for (int g = 1; g < d->groups; g++)
			for (size_t u = 0; u < out; u++)
				to[u] += p[(size_t)g * group + u];
	}
	if (d->relu)
		st->plan->kernels->relu_forward(out * (size_t)n, y, y);
	if (d->behind >= 0 && drops(st->plan, d->behind)) {
		struct nn_drop drop = drop_of(st, step, d->behind);

		NN_ISA(nn_dropout)(&drop, first, n, out, y, y);
	}
	if (!d->softmax)
		return;
	nn_head_forward(step, d->out, first, n, y, act);
	if (d->dlogits != NULL)
		nn_head_backward(step, d->out, first, n, act, d->dlogits + (size_t)first * out);
}

/* ---- backward ---- */

/* Lists the live ones of n gradients of the layer's sums, `step` apart from the first on; each weighs a row of its own. Behind a
 * relu those are dead where it is closed or the dropout took the unit. */
static inline void
list_live(const float *dy, const float *act, size_t step, int n, float scale, bool relu, struct dense_list *l)
{
	uint32_t *restrict at = l->at;
	float *restrict to = l->g;
	int many = 0;

	for (int i = 0; i < n; i++, dy += step, act += step) {
		float g = *dy * scale;
		int open = relu ? *act > 0 : 1;

		at[many] = (uint32_t)i * DENSE_F;
		to[many] = g;
		many += open & (g != 0); /* a branch would be guessed wrong */
	}
	l->n = many;
}

static void
list_of(const struct nn_stage *st, size_t from, size_t step, int n, struct dense_list *l)
{
	const struct dense *d = st->data;
	const float *dy = (d->softmax ? d->dlogits : st->out->grad) + from, *act = st->out->act + from;
	bool dropped = d->behind >= 0 && drops(st->plan, d->behind);

	if (d->relu)
		list_live(dy, act, step, n, dropped ? nn_drop_scale(st->plan->rate[d->behind]) : 1, true, l);
	else
		list_live(dy, act, step, n, 1, false, l);
}

static void
list(struct nn_stage *st, const struct nn_step *step, int item, int thread)
{
	const struct dense *d = st->data;
	size_t out = (size_t)d->out;

	if (item < step->chunks) {
		int n, first = nn_chunk(step, item, &n);

		for (int i = first; st->dx && i < first + n; i++)
			list_of(st, (size_t)i * out, 1, d->out, &d->image[i]);
		return;
	}
	int u0 = (item - step->chunks) * UNITS, u1 = min(u0 + UNITS, d->out);

	for (int u = u0; u < u1; u++)
		list_of(st, (size_t)u, out, step->count, &d->unit[u]);
}

static void
data(struct nn_stage *st, const struct nn_step *step, int c)
{
	const struct dense *d = st->data;
	const float *w = weights(d, c);
	int many = min(DENSE_F, d->in - c * DENSE_F);
	float scale = d->keep != NULL ? nn_drop_scale(st->plan->rate[d->before]) : 1;

	for (int u = 0; u < d->out * DENSE_F; u += 16) /* rows are read in no order */
		__builtin_prefetch(w + u);
	for (int i = 0; i < step->count; i++) {
		uint64_t keep = d->keep != NULL ? d->keep[(size_t)i * (size_t)d->words + (size_t)c] : ~UINT64_C(0);
		float *next = st->in->grad + (size_t)min(i + 2, step->count - 1) * (size_t)d->in + (size_t)c * DENSE_F;

		for (int j = 0; j < many; j += 16)
			__builtin_prefetch(next + j, 1);
		NN_ISA(nn_dense_back)(&d->image[i], w, keep, scale, many, st->in->grad + (size_t)i * (size_t)d->in + (size_t)c * DENSE_F);
	}
}

static void
learn_chunk(struct nn_stage *st, const struct nn_step *step, int c, int thread)
{
	struct dense *d = st->data;
	struct dense_input in = input_of(st, step);
	const struct nn_kernels *k = st->plan->kernels;
	size_t at = (size_t)c * (size_t)d->out * DENSE_F;
	float *x = d->scratch[thread], g[UNITS * DENSE_F];

	NN_ISA(nn_dense_gather)(&in, c, x);
	for (int u = 0; u < d->out; u += UNITS) {
		int n = min(UNITS, d->out - u);
		size_t from = at + (size_t)u * DENSE_F;

		for (int j = 0; j < n; j++) {
			ahead(d->weights + from + (size_t)(n + j) * DENSE_F, DENSE_F);
			for (int i = 0; i < NN_SLOTS_MAX; i++)
				if (d->slot[i] != NULL)
					ahead(d->slot[i] + from + (size_t)(n + j) * DENSE_F, DENSE_F);
			NN_ISA(nn_dense_sum)(&d->unit[u + j], x, g + j * DENSE_F);
		}
		k->update[step->opt->id](d->weights + from, g, d->slot[0] != NULL ? d->slot[0] + from : NULL,
		    d->slot[1] != NULL ? d->slot[1] + from : NULL, (size_t)n * DENSE_F, &step->coef[d->index]);
	}
}

/* The gradient of a bias is a small difference of large sums, which Adam makes a whole step of: it is summed in double. */
static void
learn_bias(struct nn_stage *st, const struct nn_step *step, int thread)
{
	const struct dense *d = st->data;
	const struct nn_plan *plan = st->plan;
	size_t offset = d->layer->tensor[1].offset;
	float *g = d->scratch[thread];

	for (int u = 0; u < d->out; u++) {
		const struct dense_list *l = &d->unit[u];
		double sum = 0;

		for (int i = 0; i < l->n; i++)
			sum += (double)l->g[i];
		g[u] = (float)sum;
	}
	plan->kernels->update[step->opt->id](st->net->weights + offset, g, plan->slot[0] != NULL ? plan->slot[0] + offset : NULL,
	    plan->slot[1] != NULL ? plan->slot[1] + offset : NULL, (size_t)d->out, &step->coef[d->index]);
}

static void
learn(struct nn_stage *st, const struct nn_step *step, int item, int thread)
{
	const struct dense *d = st->data;

	if (item == d->words) {
		if (d->trains)
			learn_bias(st, step, thread);
		return;
	}
	if (st->dx)
		data(st, step, item);
	if (d->trains)
		learn_chunk(st, step, item, thread);
}

static int
phases(struct nn_stage *st, enum nn_pass_kind pass, struct nn_phase *phase)
{
	const struct dense *d = st->data;

	switch (pass) {
	case NN_FORWARD:
		phase[0] = (struct nn_phase){.count = -1, .work = look};
		phase[1] = (struct nn_phase){.count = d->groups * d->blocks, .work = multiply};
		phase[2] = (struct nn_phase){.count = -1, .work = finish};
		return 3;
	case NN_BACKWARD:
		phase[0] = (struct nn_phase){.count = st->plan->batch / NN_CHUNK + (d->out + UNITS - 1) / UNITS, .work = list};
		phase[1] = (struct nn_phase){.count = d->words + 1, .work = learn};
		return 2;
	case NN_STEP:
		return 0;
	}
	return 0;
}

/* ---- packing ---- */

/* One of weights and slots: packed from the canonical [in][out], or back. */
static void
convert(const struct dense *d, float *canonical, float *packed, bool pack)
{
	size_t out = (size_t)d->out;

	for (int c = 0; c < d->words; c++, packed += out * DENSE_F) {
		int many = min(DENSE_F, d->in - c * DENSE_F);

		for (int u = 0; u < d->out; u += 16) /* a few units at a time, so that both sides stay in cache lines */
			for (int f = 0; f < many; f++) {
				float *w = canonical + ((size_t)c * DENSE_F + (size_t)f) * out;

				for (int j = u; j < min(u + 16, d->out); j++)
					if (pack)
						packed[j * DENSE_F + f] = w[j];
					else
						w[j] = packed[j * DENSE_F + f];
			}
	}
}

static void
convert_all(struct nn_stage *st, bool pack)
{
	const struct dense *d = st->data;
	size_t offset = d->layer->tensor[0].offset;

	convert(d, st->net->weights + offset, d->weights, pack);
	for (int k = 0; k < NN_SLOTS_MAX; k++)
		if (d->slot[k] != NULL)
			convert(d, st->plan->slot[k] + offset, d->slot[k], pack);
}

static void
reload(struct nn_stage *st)
{
	convert_all(st, true);
}

static void
sync(struct nn_stage *st)
{
	const struct dense *d = st->data;

	if (d->trains)
		convert_all(st, false);
}

/* ---- making ---- */

/* bytes of the weights */
static size_t
bytes(const struct dense *d)
{
	return sizeof(float) * (size_t)d->words * DENSE_F * (size_t)d->out;
}

static int
make_backward(struct nn_stage *st)
{
	struct dense *d = st->data;
	size_t batch = (size_t)st->plan->batch, out = (size_t)d->out;

	for (int k = 0; d->trains && k < NN_SLOTS_MAX; k++)
		if (st->plan->slot[k] != NULL && (d->slot[k] = nn_zalloc(bytes(d))) == NULL)
			return -1;
	if (d->softmax && (d->dlogits = nn_alloc(sizeof(float) * batch * out)) == NULL)
		return -1;
	d->image = calloc(batch, sizeof *d->image);
	d->unit = calloc(out, sizeof *d->unit);
	/* One more, since an entry is written before it is known to count. */
	d->at = nn_alloc(sizeof *d->at * 2 * (batch + 1) * (out + 1));
	d->g = nn_alloc(sizeof *d->g * 2 * (batch + 1) * (out + 1));
	if (d->image == NULL || d->unit == NULL || d->at == NULL || d->g == NULL)
		return -1;
	for (size_t i = 0; i < batch; i++)
		d->image[i] = (struct dense_list){0, d->at + i * (out + 1), d->g + i * (out + 1)};
	for (size_t u = 0, from = batch * (out + 1); u < out; u++)
		d->unit[u] = (struct dense_list){0, d->at + from + u * (batch + 1), d->g + from + u * (batch + 1)};
	return 0;
}

static int
make_forward(struct nn_stage *st)
{
	struct dense *d = st->data;
	size_t batch = (size_t)st->plan->batch, words = batch * (size_t)d->words;
	size_t scratch = DENSE_F * DENSE_U;

	if (st->backward && batch * DENSE_F > scratch)
		scratch = batch * DENSE_F;
	if (d->softmax && NN_CHUNK * (size_t)d->out > scratch)
		scratch = NN_CHUNK * (size_t)d->out;

	if (st->in->act == NULL && !d->packed && (d->own = nn_alloc(sizeof(float) * batch * (size_t)d->in)) == NULL)
		return -1;
	if (d->packed && ((d->sample = calloc(batch, sizeof *d->sample)) == NULL || (d->mask = nn_alloc(sizeof *d->mask * words)) == NULL ||
	    (d->start = nn_alloc(sizeof *d->start * words)) == NULL))
		return -1;
	if (d->before >= 0 && drops(st->plan, d->before) && (d->keep = nn_alloc(sizeof *d->keep * words)) == NULL)
		return -1;
	d->weights = nn_zalloc(bytes(d));
	d->partial = nn_alloc(sizeof(float) * (size_t)d->groups * batch * (size_t)d->padded);
	d->live = nn_alloc(sizeof *d->live * words);
	d->scratch = calloc((size_t)st->plan->threads, sizeof *d->scratch);
	if (d->weights == NULL || d->partial == NULL || d->live == NULL || d->scratch == NULL)
		return -1;
	for (int t = 0; t < st->plan->threads; t++)
		if ((d->scratch[t] = nn_zalloc(sizeof(float) * scratch)) == NULL)
			return -1;
	return 0;
}

static int
make(struct nn_stage *st, struct nn_err *err)
{
	struct dense *d = calloc(1, sizeof *d);

	st->data = d;
	if (d == NULL)
		return nn_fail(err, "out of memory; use fewer layers");
	stretch(st->plan, st->first, st->first + st->count, d);
	d->layer = st->net->layer + d->index;
	d->in = d->layer->in.dim[0];
	d->out = d->layer->out.dim[0];
	d->words = (d->in + DENSE_F - 1) / DENSE_F;
	d->padded = (d->out + 15) / 16 * 16;
	d->blocks = (d->padded + DENSE_U - 1) / DENSE_U;
	d->groups = min(GROUPS, d->words);
	d->packed = st->in->act == NULL && st->plan->begin > 0;
	d->trains = st->plan->trainable[d->index];
	if (make_forward(st) < 0 || (st->backward && make_backward(st) < 0))
		return nn_fail(err, "out of memory for a batch of %d; use a smaller batch", st->plan->batch);
	return 0;
}

static void
dense_free(struct nn_stage *st)
{
	struct dense *d = st->data;

	if (d == NULL)
		return;
	for (int t = 0; d->scratch != NULL && t < st->plan->threads; t++)
		free(d->scratch[t]);
	free(d->scratch);
	free(d->own);
	free(d->weights);
	for (int k = 0; k < NN_SLOTS_MAX; k++)
		free(d->slot[k]);
	free(d->partial);
	free(d->live);
	free(d->keep);
	free(d->sample);
	free(d->mask);
	free(d->start);
	free(d->dlogits);
	free(d->image);
	free(d->unit);
	free(d->at);
	free(d->g);
	free(d);
	st->data = NULL;
}

const struct nn_stage_kind NN_ISA(nn_stage_dense) = {
	.name = "dense",
	.match = match,
	.make = make,
	.free = dense_free,
	.phases = phases,
	.sync = sync,
	.reload = reload,
};
