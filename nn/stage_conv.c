/* stage_conv.c: the stage of conv2d 3x3 - relu - conv2d 3x3 - relu - max_pooling2d 2 at the head of a net, on pictures
 * of one channel: forward by Winograd, backward over live gradients only (wino.h).
 *
 * The canonical weights stay the truth; the forms derived from them are made again behind each step, sixteen filters an
 * item. Each part of a batch owns a gradient block; the step adds the parts in a fixed tree.
 */
#include "wino.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FILTERS 16 /* of an item of the step */

struct conv {
	struct wino m;
	const struct nn_layer *first, *second;
	struct wino_code *code; /* [batch][ph * pw][c / 16]; NULL without a backward pass */
	float *grad; /* [parts][grad_size] */
	size_t grad_size;
	struct wino_scratch *scratch; /* [threads] */
	float *scratch_block;
	float **rows; /* [threads][4 * rows_size] weights, slots and gradient of an item, together */
	size_t rows_size;
};

static bool
is_relu(const struct nn_layer *l)
{
	return strcmp(l->kind->name, "activation") == 0 && strcmp(l->spec.activation, "relu") == 0;
}

static bool
is_conv3(const struct nn_layer *l)
{
	return strcmp(l->kind->name, "conv2d") == 0 && l->spec.kernel == 3 && l->spec.strides == 1 && l->spec.l2 == 0;
}

static int
match(const struct nn_plan *plan, int first, int end)
{
	const struct nn_layer *l = plan->net->layer + first;
	int c;

	if (first != 0 || end < 5 || !is_conv3(l) || !is_relu(l + 1) || !is_conv3(l + 2) || !is_relu(l + 3))
		return 0;
	if (strcmp(l[4].kind->name, "max_pooling2d") != 0 || l[4].spec.pool != 2 ||
	    l[4].out.dim[0] != l[4].in.dim[0] / 2 || l[4].out.dim[1] != l[4].in.dim[1] / 2)
		return 0;
	c = l[0].spec.filters;
	if (l[0].in.dim[2] != 1 || l[2].spec.filters != c || c % 16 != 0 || c > WINO_CHANNELS)
		return 0;
	if (l[0].in.dim[0] > WINO_SIDE || l[0].in.dim[1] > WINO_SIDE || l[2].out.dim[0] % 4 != 0 ||
	    l[2].out.dim[1] % 4 != 0)
		return 0;
	return 5;
}

/* ---- passes ---- */

static void
find(const struct nn_stage *st, const struct nn_step *step, int first, int n, const uint8_t **pixels)
{
	for (int i = 0; i < n; i++)
		pixels[i] = step->set->images->pixels + (size_t)step->set->index[step->pick[first + i]] * st->in->size;
}

static void
forward(struct nn_stage *st, const struct nn_step *step, int chunk, int thread)
{
	const struct conv *cv = st->data;
	const uint8_t *pixels[NN_CHUNK];
	int n, first = nn_chunk(step, chunk, &n);
	struct wino_code *code = cv->code == NULL ? NULL :
	    cv->code + (size_t)first * wino_pooled(&cv->m) * (size_t)(cv->m.c / 16);

	find(st, step, first, n, pixels);
	NN_ISA(nn_wino_forward)(&cv->m, &cv->scratch[thread], n, pixels, st->out->act + (size_t)first * st->out->size,
	    code);
}

static struct wino_grad
grad_of(const struct conv *cv, int part)
{
	float *g = cv->grad + (size_t)part * cv->grad_size;
	size_t c = (size_t)cv->m.c;

	return (struct wino_grad){.w2 = g, .b2 = g + 9 * c * c, .w1 = g + 9 * c * c + c, .b1 = g + 9 * c * c + 10 * c,
	    .fold = g + 9 * c * c + 11 * c};
}

static void
backward(struct nn_stage *st, const struct nn_step *step, int part, int thread)
{
	const struct conv *cv = st->data;
	struct wino_grad g = grad_of(cv, part);
	int chunks, chunk;

	if (part >= step->parts)
		return;
	chunk = nn_part(step, part, &chunks);
	memset(g.w2, 0, sizeof *g.w2 * cv->grad_size);
	for (int c = chunk; c < chunk + chunks && !nn_given_up(step); c++) {
		const uint8_t *pixels[NN_CHUNK];
		int n, first = nn_chunk(step, c, &n);
		size_t at = (size_t)first * st->out->size;

		find(st, step, first, n, pixels);
		NN_ISA(nn_wino_backward)(&cv->m, &cv->scratch[thread], n, pixels, st->out->act + at, st->out->grad + at,
		    cv->code + (size_t)first * wino_pooled(&cv->m) * (size_t)(cv->m.c / 16), &g);
	}
}

/* ---- the step ---- */

/* Sum over the parts of n floats at `at` of the gradient blocks, left in part 0. */
static float *
reduce(const struct conv *cv, int parts, size_t at, size_t n)
{
	for (int stride = 1; stride < parts; stride *= 2)
		for (int a = 0; a + stride < parts; a += 2 * stride) {
			float *restrict to = cv->grad + (size_t)a * cv->grad_size + at;
			const float *restrict from = cv->grad + (size_t)(a + stride) * cv->grad_size + at;

			for (size_t i = 0; i < n; i++)
				to[i] += from[i];
		}
	return cv->grad + at;
}

static void
update(const struct nn_stage *st, const struct nn_step *step, int layer, size_t offset, const float *g, size_t n)
{
	float *const *slot = st->plan->slot;

	nn_update(st->plan, step, layer, st->net->weights + offset, g, slot[0] != NULL ? slot[0] + offset : NULL,
	    slot[1] != NULL ? slot[1] + offset : NULL, n);
}

/* Filters f..f+15 of the second kernel: gradients lie as [out][9][in], weights as [9][in][out]. */
static void
step_filters(struct nn_stage *st, const struct nn_step *step, int f, int thread)
{
	struct conv *cv = st->data;
	const struct nn_plan *plan = st->plan;
	size_t c = (size_t)cv->m.c, run = 9 * c, n = run * FILTERS, offset = cv->second->tensor[0].offset + (size_t)f;
	float *g = reduce(cv, step->parts, (size_t)f * run, n), *to = cv->rows[thread];
	float *array[3] = {st->net->weights + offset, plan->slot[0] != NULL ? plan->slot[0] + offset : NULL,
	    plan->slot[1] != NULL ? plan->slot[1] + offset : NULL};
	float *own[3] = {to + n, array[1] != NULL ? to + 2 * n : NULL, array[2] != NULL ? to + 3 * n : NULL};

	for (size_t i = 0; i < run; i++)
		for (int k = 0; k < FILTERS; k++)
			to[i * FILTERS + (size_t)k] = g[(size_t)k * run + i];
	for (int a = 0; a < 3; a++)
		for (size_t i = 0; own[a] != NULL && i < run; i++)
			memcpy(own[a] + i * FILTERS, array[a] + i * c, sizeof *to * FILTERS);
	nn_update(st->plan, step, st->first + 2, own[0], to, own[1], own[2], n);
	for (int a = 0; a < 3; a++)
		for (size_t i = 0; own[a] != NULL && i < run; i++)
			memcpy(array[a] + i * c, own[a] + i * FILTERS, sizeof *to * FILTERS);
	NN_ISA(nn_wino_derive)(&cv->m, f);
}

static void
step_item(struct nn_stage *st, const struct nn_step *step, int item, int thread)
{
	const struct conv *cv = st->data;
	size_t c = (size_t)cv->m.c, small = 9 * c * c;

	if (item < cv->m.c / FILTERS) {
		if (st->plan->trainable[st->first + 2])
			step_filters(st, step, item * FILTERS, thread);
		return;
	}
	reduce(cv, step->parts, small, 11 * c);
	if (st->plan->trainable[st->first + 2])
		update(st, step, st->first + 2, cv->second->tensor[1].offset, cv->grad + small, c);
	if (st->plan->trainable[st->first]) {
		update(st, step, st->first, cv->first->tensor[0].offset, cv->grad + small + c, 9 * c);
		update(st, step, st->first, cv->first->tensor[1].offset, cv->grad + small + 10 * c, c);
	}
}

static int
phases(struct nn_stage *st, enum nn_pass_kind pass, struct nn_phase *phase)
{
	const struct conv *cv = st->data;

	switch (pass) {
	case NN_FORWARD:
		phase[0] = (struct nn_phase){.count = -1, .work = forward};
		return 1;
	case NN_BACKWARD:
		phase[0] = (struct nn_phase){.count = -1, .work = backward};
		return 1;
	case NN_STEP:
		phase[0] = (struct nn_phase){.count = cv->m.c / FILTERS + 1, .work = step_item};
		return 1;
	}
	return 0;
}

static void
reload(struct nn_stage *st)
{
	struct conv *cv = st->data;

	for (int f = 0; f < cv->m.c; f += FILTERS)
		NN_ISA(nn_wino_derive)(&cv->m, f);
}

/* ---- making ---- */

/* One thread's arrays out of one block; with block NULL only the size, in floats. */
static size_t
place(const struct wino *m, struct wino_scratch *s, float *block)
{
	size_t at = 0, c = (size_t)m->c, points = WINO_POINTS * (WINO_SLOTS * c + 16);
	size_t live = (size_t)m->h2 * (size_t)m->w2 * ((c + 63) / 64), row = (size_t)m->pw * c + 16;

#define TAKE(member, n) \
	do { \
		if (block != NULL) \
			s->member = (void *)(block + at); \
		at += ((n) + 15) / 16 * 16; \
	} while (0)
	TAKE(x, (size_t)(m->h * m->w));
	TAKE(map, (size_t)(m->h1 * m->w1) * c);
	TAKE(v, points);
	TAKE(m, points);
	TAKE(ring, 3 * (size_t)m->w1 * c);
	TAKE(blank, c);
	TAKE(blank2, c);
	TAKE(list, 2 * wino_pooled(m) * c);
	TAKE(found.at, row);
	TAKE(found.channel, row);
	TAKE(found.g, row);
	TAKE(live, 2 * live);
#undef TAKE
	return at + 16;
}

static int
make(struct nn_stage *st, struct nn_err *err)
{
	struct conv *cv = calloc(1, sizeof *cv);
	const struct nn_layer *l = st->net->layer + st->first;
	const struct nn_plan *plan = st->plan;
	int parts = plan->batch / NN_CHUNK < NN_PARTS ? plan->batch / NN_CHUNK : NN_PARTS;
	size_t c = (size_t)l->spec.filters, each;
	struct wino *m;

	if ((st->data = cv) == NULL)
		goto fail;
	cv->first = l;
	cv->second = l + 2;
	m = &cv->m;
	*m = (struct wino){.h = l->in.dim[0], .w = l->in.dim[1], .c = (int)c};
	m->h1 = m->h - 2, m->w1 = m->w - 2, m->h2 = m->h - 4, m->w2 = m->w - 4, m->ph = m->h2 / 2, m->pw = m->w2 / 2;
	m->w1k = st->net->weights + l[0].tensor[0].offset;
	m->b1 = st->net->weights + l[0].tensor[1].offset;
	m->w2k = st->net->weights + l[2].tensor[0].offset;
	m->b2 = st->net->weights + l[2].tensor[1].offset;
	m->u = nn_alloc(sizeof(float) * WINO_POINTS * c * c);
	m->turned = nn_alloc(sizeof(float) * 9 * c * c);
	m->tapsum = nn_alloc(sizeof(float) * c * c);
	m->norm = nn_alloc(sizeof(float) * c);
	cv->scratch = calloc((size_t)plan->threads, sizeof *cv->scratch);
	each = place(m, NULL, NULL);
	cv->scratch_block = nn_zalloc(sizeof(float) * each * (size_t)plan->threads);
	cv->rows = calloc((size_t)plan->threads, sizeof *cv->rows);
	if (m->u == NULL || m->turned == NULL || m->tapsum == NULL || m->norm == NULL || cv->scratch == NULL ||
	    cv->scratch_block == NULL ||
	    cv->rows == NULL)
		goto fail;
	for (int t = 0; t < plan->threads; t++)
		place(m, &cv->scratch[t], cv->scratch_block + (size_t)t * each);
	if (!st->backward)
		return 0;
	cv->grad_size = 9 * c * c + 12 * c;
	cv->grad = nn_alloc(sizeof(float) * cv->grad_size * (size_t)parts);
	cv->code = nn_alloc(sizeof *cv->code * (size_t)plan->batch * wino_pooled(m) * (c / 16));
	cv->rows_size = 9 * c * FILTERS;
	if (cv->grad == NULL || cv->code == NULL)
		goto fail;
	for (int t = 0; t < plan->threads; t++)
		if ((cv->rows[t] = nn_alloc(sizeof(float) * 4 * cv->rows_size)) == NULL)
			goto fail;
	return 0;

fail:
	return nn_plan_lacks(plan, err);
}

static void
conv_free(struct nn_stage *st)
{
	struct conv *cv = st->data;

	if (cv == NULL)
		return;
	for (int t = 0; cv->rows != NULL && t < st->plan->threads; t++)
		free(cv->rows[t]);
	free(cv->rows);
	free(cv->m.u);
	free(cv->m.turned);
	free(cv->m.tapsum);
	free(cv->m.norm);
	free(cv->scratch);
	free(cv->scratch_block);
	free(cv->code);
	free(cv->grad);
	free(cv);
	st->data = NULL;
}

const struct nn_stage_kind NN_ISA(nn_stage_conv) = {
	.name = "winograd",
	.match = match,
	.make = make,
	.free = conv_free,
	.phases = phases,
	.reload = reload,
};
