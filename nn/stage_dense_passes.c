/* stage_dense_passes.c: the phases of a dense layer's stage, forward and backward.
 *
 *     look      which inputs are live (a word for each 64)                      by chunk of images
 *     multiply  partial sums of up to 24       groups of features           by group and block of units
 *     finish    y = bias + partial sums in order; relu, dropout or softmax      by chunk of images
 *     list      live gradients, by image and by unit                            by chunk of images, by 16 units
 *     learn     gradient of the inputs; gradient of the weights and its step    by chunk of 64 features
 *
 * The weight gradient of a chunk never leaves the cache: the optimizer follows at once. In a lengthy plan the gradient
 * of the inputs is a phase by itself, and the rest belongs to the step.
 */
#include "stage_dense.h"

#define UNITS 16 /* of an item of `list`, and of a step's gradient */

/* ---- forward ---- */

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
				ahead((const float *)(const void *)nn_cache_sample(step->cache, step->pick[i + 1]).mask,
				    2 * d->words);
			for (int w = 0; w < d->words; w++) {
				live[(size_t)w * batch] = d->mask[(size_t)w * batch + (size_t)i] = p.mask[w];
				d->start[(size_t)w * batch + (size_t)i] = at;
				at += (uint32_t)__builtin_popcountll(p.mask[w]);
			}
		} else
			for (int w = 0; w < d->words; w++)
				live[(size_t)w * batch] = NN_ISA(nn_nonzero)(act + (size_t)i * (size_t)d->in +
				    (size_t)w * DENSE_F, dense_min(DENSE_F, d->in - w * DENSE_F));
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

	return (struct dense_input){.count = step->count, .size = (size_t)d->in, .batch = (size_t)st->plan->batch,
	    .live = d->live,
	    .scale = d->keep != NULL ? nn_drop_scale(st->plan->rate[d->before]) : 1, .act = input(st),
	    .packed = d->sample, .mask = d->mask,
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
	int group = item / d->blocks, block = item % d->blocks, units = dense_min(DENSE_U, d->out - block * DENSE_U);
	int wide = dense_min(DENSE_U, d->padded - block * DENSE_U);
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
	if (d->behind >= 0 && dense_drops(st->plan, d->behind)) {
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

/* Lists the live ones of n gradients of the layer's sums, `step` apart from the first on; each weighs a row of its own.
 * Behind a relu those are dead where it is closed or the dropout took the unit. */
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
	bool dropped = d->behind >= 0 && dense_drops(st->plan, d->behind);

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
	int u0 = (item - step->chunks) * UNITS, u1 = dense_min(u0 + UNITS, d->out);

	for (int u = u0; u < u1; u++)
		list_of(st, (size_t)u, out, step->count, &d->unit[u]);
}

static void
data(struct nn_stage *st, const struct nn_step *step, int c)
{
	const struct dense *d = st->data;
	const float *w = weights(d, c);
	int many = dense_min(DENSE_F, d->in - c * DENSE_F);
	float scale = d->keep != NULL ? nn_drop_scale(st->plan->rate[d->before]) : 1;

	for (int u = 0; u < d->out * DENSE_F; u += 16) /* rows are read in no order */
		__builtin_prefetch(w + u);
	for (int i = 0; i < step->count; i++) {
		uint64_t keep = d->keep != NULL ? d->keep[(size_t)i * (size_t)d->words + (size_t)c] : ~UINT64_C(0);
		float *next = st->in->grad + (size_t)dense_min(i + 2,
		    step->count - 1) * (size_t)d->in + (size_t)c * DENSE_F;

		for (int j = 0; j < many; j += 16)
			__builtin_prefetch(next + j, 1);
		NN_ISA(nn_dense_back)(&d->image[i], w, keep, scale, many, st->in->grad + (size_t)i * (size_t)d->in +
		    (size_t)c * DENSE_F);
	}
}

/* Of n units' weights some went wild. In the last chunk it may be those behind the last feature, which are nothing. */
static void
look_again(struct nn_stage *st, const float *w, int n, int many)
{
	const struct dense *d = st->data;

	for (int u = 0; u < n; u++)
		if (st->plan->kernels->wild((size_t)many, w + (size_t)u * DENSE_F))
			nn_went_wild(st->plan, d->index);
}

static void
learn_chunk(struct nn_stage *st, const struct nn_step *step, int c, int thread)
{
	struct dense *d = st->data;
	struct dense_input in = input_of(st, step);
	const struct nn_kernels *k = st->plan->kernels;
	size_t at = (size_t)c * (size_t)d->out * DENSE_F;
	int many = dense_min(DENSE_F, d->in - c * DENSE_F);
	float *x = d->scratch[thread], g[UNITS * DENSE_F];

	NN_ISA(nn_dense_gather)(&in, c, x);
	for (int u = 0; u < d->out; u += UNITS) {
		int n = dense_min(UNITS, d->out - u);
		size_t from = at + (size_t)u * DENSE_F;

		for (int j = 0; j < n; j++) {
			ahead(d->weights + from + (size_t)(n + j) * DENSE_F, DENSE_F);
			for (int i = 0; i < NN_SLOTS_MAX; i++)
				if (d->slot[i] != NULL)
					ahead(d->slot[i] + from + (size_t)(n + j) * DENSE_F, DENSE_F);
			NN_ISA(nn_dense_sum)(&d->unit[u + j], x, g + j * DENSE_F);
		}
		if (k->update[step->opt->id](d->weights + from, g, d->slot[0] != NULL ? d->slot[0] + from : NULL,
		    d->slot[1] != NULL ? d->slot[1] + from : NULL, (size_t)n * DENSE_F, &step->coef[d->index]))
			look_again(st, d->weights + from, n, many);
	}
}

/* The gradient of a bias is a small difference of large sums, which Adam makes a whole step of: it is summed in
 * double. */
static void
learn_bias(struct nn_stage *st, const struct nn_step *step, int thread)
{
	const struct dense *d = st->data;
	float *const *slot = st->plan->slot;
	size_t offset = d->layer->tensor[1].offset;
	float *g = d->scratch[thread];

	for (int u = 0; u < d->out; u++) {
		const struct dense_list *l = &d->unit[u];
		double sum = 0;

		for (int i = 0; i < l->n; i++)
			sum += (double)l->g[i];
		g[u] = (float)sum;
	}
	nn_update(st->plan, step, d->index, st->net->weights + offset, g, slot[0] != NULL ? slot[0] + offset : NULL,
	    slot[1] != NULL ? slot[1] + offset : NULL, (size_t)d->out);
}

static void
learn_alone(struct nn_stage *st, const struct nn_step *step, int item, int thread)
{
	const struct dense *d = st->data;

	if (item == d->words)
		learn_bias(st, step, thread);
	else
		learn_chunk(st, step, item, thread);
}

static void
back_alone(struct nn_stage *st, const struct nn_step *step, int item, int thread)
{
	data(st, step, item);
}

static void
learn(struct nn_stage *st, const struct nn_step *step, int item, int thread)
{
	const struct dense *d = st->data;

	if (st->dx && item < d->words)
		data(st, step, item);
	if (d->trains)
		learn_alone(st, step, item, thread);
}

int
NN_ISA(nn_dense_phases)(struct nn_stage *st, enum nn_pass_kind pass, struct nn_phase *phase)
{
	const struct dense *d = st->data;

	switch (pass) {
	case NN_FORWARD:
		phase[0] = (struct nn_phase){.count = -1, .work = look};
		phase[1] = (struct nn_phase){.count = d->groups * d->blocks, .work = multiply};
		phase[2] = (struct nn_phase){.count = -1, .work = finish};
		return 3;
	case NN_BACKWARD:
		phase[0] = (struct nn_phase){.count = st->plan->batch / NN_CHUNK + (d->out + UNITS - 1) / UNITS,
		    .work = list};
		phase[1] = (struct nn_phase){.count = d->words + 1, .work = learn};
		if (!st->plan->lengthy)
			return 2;
		phase[1] = (struct nn_phase){.count = d->words, .work = back_alone};
		return st->dx ? 2 : 1;
	case NN_STEP:
		phase[0] = (struct nn_phase){.count = d->words + 1, .work = learn_alone};
		return st->plan->lengthy && d->trains ? 1 : 0;
	}
	return 0;
}
