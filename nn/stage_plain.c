/* stage_plain.c: runs any layers one by one with the kernel table, chunk by chunk: what every other stage is measured
 * by.
 *
 * Place j is the input of the stage's layer j, place `count` its output. A place's values are kept for the whole batch
 * where backward reads them again, else they live in a thread's scratch; the same for its gradient, which the weight
 * gradient of a dense layer reads. Layers that only pass their input on share one place. Forward is one phase, backward
 * another (each part of the batch sums its own weight gradients), and the step adds the parts in a fixed tree, or takes
 * a dense layer's gradient row by row, and updates.
 */
#include "kernels.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK 2048 /* parameters of an item of the step */

struct item { /* of the step */
	int layer; /* within the stage */
	size_t from, to; /* rows of a `rows` layer, else parameters */
};

struct scratch { /* of a thread */
	float *place[2]; /* [NN_CHUNK][largest place] */
	float *rows;
};

struct plain {
	const struct nn_layer *layer;
	int count;
	bool alias[NN_LAYERS_MAX];
	size_t size[NN_LAYERS_MAX + 1]; /* of a place */
	float *act[NN_LAYERS_MAX + 1]; /* [batch][size] or NULL: scratch */
	float *grad[NN_LAYERS_MAX + 1]; /* the same */
	bool own_act[NN_LAYERS_MAX + 1], own_grad[NN_LAYERS_MAX + 1];
	void *aux[NN_LAYERS_MAX]; /* [batch][aux_size] or NULL */
	float *dw[NN_LAYERS_MAX]; /* [parts][params] or NULL */
	int low; /* the first layer that backward goes through, `count` when none */
	struct scratch *scratch; /* [threads] */
	struct item *item;
	int nitems;
};

static bool
trains(const struct nn_stage *st, int j)
{
	return st->plan->trainable[st->first + j];
}

/* The softmax that ends the net. */
static bool
is_head(const struct nn_stage *st, int j)
{
	return st->first + j == st->net->n - 1;
}

/* ---- passes ---- */

static struct nn_pass
pass_of(const struct nn_stage *st, const struct nn_step *step, int j, int first, int n)
{
	const struct plain *pl = st->data;
	const struct nn_layer *l = &pl->layer[j];
	struct nn_pass p = {
		.k = st->careful ? &nn_kernels_reference : st->plan->kernels,
		.step = step,
		.layer = l,
		.index = st->first + j,
		.first = first,
		.n = n,
		.train = st->plan->train,
		.moments = st->plan->moments[st->first + j],
		.careful = st->careful,
		.rate = st->plan->rate[st->first + j],
	};

	for (int t = 0; t < l->ntensors; t++)
		p.w[t] = st->net->weights + l->tensor[t].offset;
	if (pl->aux[j] != NULL)
		p.aux = (char *)pl->aux[j] + l->kind->aux_size(l) * (size_t)first;
	return p;
}

/* The input of a careful stage. */
static void
take(float *restrict x, const float *restrict act, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] = act[i] == NN_HARDLY ? 0 : act[i];
}

static void
forward(struct nn_stage *st, const struct nn_step *step, int item, int thread)
{
	const struct plain *pl = st->data;
	int n, first = nn_chunk(step, item, &n), turn = 0;
	float *x;

	if (pl->act[0] != NULL)
		x = pl->act[0] + pl->size[0] * (size_t)first;
	else
		x = pl->scratch[thread].place[turn ^= 1];
	if (st->in->act == NULL)
		nn_input(step, first, n, x);
	else if (st->careful)
		take(x, st->in->act + pl->size[0] * (size_t)first, pl->size[0] * (size_t)n);
	for (int j = 0; j < pl->count; j++) {
		struct nn_pass p = pass_of(st, step, j, first, n);
		float *y = pl->act[j + 1] != NULL ? pl->act[j + 1] + pl->size[j + 1] * (size_t)first :
		    pl->scratch[thread].place[turn ^= 1];

		if (pl->alias[j]) {
			/* Without a place of its own the output is the input. */
			if (pl->act[j + 1] != NULL && y != x)
				memcpy(y, x, sizeof *y * pl->size[j] * (size_t)n);
			else if (pl->act[j + 1] == NULL) {
				turn ^= 1;
				y = x;
			}
		} else if (is_head(st, j))
			nn_head_forward(step, (int)pl->size[j], first, n, x, y);
		else {
			p.x = x;
			p.y = y;
			pl->layer[j].kind->forward(&p);
		}
		x = y;
	}
}

static void
backward_chunk(struct nn_stage *st, const struct nn_step *step, int part, int first, int n, int thread)
{
	const struct plain *pl = st->data;
	const float *dy = st->out->grad != NULL ? st->out->grad + pl->size[pl->count] * (size_t)first : NULL;
	int turn = 0;

	for (int j = pl->count - 1; j >= pl->low; j--) {
		struct nn_pass p = pass_of(st, step, j, first, n);
		bool want = j > pl->low || st->dx; /* a gradient of its input */
		float *dx = NULL;

		if (want)
			dx = pl->grad[j] != NULL ? pl->grad[j] + pl->size[j] * (size_t)first :
			    pl->scratch[thread].place[turn ^= 1];
		if (pl->alias[j]) {
			if (want && pl->grad[j] != NULL && dx != dy)
				memcpy(dx, dy, sizeof *dx * pl->size[j] * (size_t)n);
			else if (want && pl->grad[j] == NULL) {
				turn ^= 1;
				continue; /* dy stays where it is */
			}
		} else if (is_head(st, j)) {
			nn_head_backward(step, (int)pl->size[j], first, n, pl->act[j + 1] + pl->size[j] * (size_t)first,
			    dx);
		} else {
			p.x = pl->act[j] != NULL ? pl->act[j] + pl->size[j] * (size_t)first : NULL;
			p.y = pl->act[j + 1] + pl->size[j + 1] * (size_t)first;
			p.dy = dy;
			p.dx = dx;
			if (pl->dw[j] != NULL)
				for (int t = 0; t < pl->layer[j].ntensors; t++)
					p.dw[t] = pl->dw[j] + pl->layer[j].learn * (size_t)part +
					    (pl->layer[j].tensor[t].offset - pl->layer[j].offset);
			pl->layer[j].kind->backward(&p);
		}
		dy = dx;
	}
}

static void
backward(struct nn_stage *st, const struct nn_step *step, int part, int thread)
{
	const struct plain *pl = st->data;
	int chunks, chunk;

	if (part >= step->parts)
		return;
	chunk = nn_part(step, part, &chunks);
	for (int j = pl->low; j < pl->count; j++)
		if (pl->dw[j] != NULL)
			memset(pl->dw[j] + pl->layer[j].learn * (size_t)part, 0, sizeof(float) * pl->layer[j].learn);
	for (int c = chunk; c < chunk + chunks && !nn_given_up(step); c++) {
		int n, first = nn_chunk(step, c, &n);

		backward_chunk(st, step, part, first, n, thread);
	}
}

/* ---- the step ---- */

/* The gradient of l2 times the sum of the kernel's squares. */
static void
add_l2(const struct nn_stage *st, const struct nn_layer *l, size_t offset, float *restrict g, size_t n)
{
	size_t end = l->tensor[0].offset + l->tensor[0].count;
	const float *restrict w = st->net->weights + offset;
	float twice = (float)(2 * l->spec.l2);

	n = offset + n <= end ? n : offset < end ? end - offset : 0;
	for (size_t i = 0; i < n; i++)
		g[i] += twice * w[i];
}

/* Parameters from `offset` on. g is changed. */
static void
update(const struct nn_stage *st, const struct nn_step *step, int j, size_t offset, float *g, size_t n)
{
	const struct nn_layer *l = &((const struct plain *)st->data)->layer[j];
	float *const *slot = st->plan->slot;

	if (l->spec.l2 > 0 && l->trainable)
		add_l2(st, l, offset, g, n);
	nn_update(st->plan, step, st->first + j, st->net->weights + offset, g,
	    slot[0] != NULL ? slot[0] + offset : NULL, slot[1] != NULL ? slot[1] + offset : NULL, n);
}

static void
step_params(struct nn_stage *st, const struct nn_step *step, const struct item *it)
{
	const struct plain *pl = st->data;
	const struct nn_layer *l = &pl->layer[it->layer];
	float *dw = pl->dw[it->layer];

	for (int stride = 1; stride < step->parts; stride *= 2)
		for (int a = 0; a + stride < step->parts; a += 2 * stride) {
			float *restrict to = dw + l->learn * (size_t)a;
			const float *restrict from = dw + l->learn * (size_t)(a + stride);

			for (size_t i = it->from; i < it->to; i++)
				to[i] += from[i];
		}
	update(st, step, it->layer, l->offset + it->from, dw + it->from, it->to - it->from);
}

static void
step_rows(struct nn_stage *st, const struct nn_step *step, const struct item *it, int thread)
{
	const struct plain *pl = st->data;
	const struct nn_layer *l = &pl->layer[it->layer];
	struct nn_pass p = pass_of(st, step, it->layer, 0, step->count);
	size_t width = l->tensor[0].count / (size_t)l->tensor[0].dim[0], n = (it->to - it->from) * width;
	float *g = pl->scratch[thread].rows;

	p.x = pl->act[it->layer];
	p.dy = pl->grad[it->layer + 1];
	p.dw[0] = g;
	p.dw[1] = g + n;
	l->kind->rows(&p, (int)it->from, (int)it->to);
	update(st, step, it->layer, l->tensor[0].offset + it->from * width, g, n);
	if (it->from == 0)
		update(st, step, it->layer, l->tensor[1].offset, g + n, l->tensor[1].count);
}

static void
step_item(struct nn_stage *st, const struct nn_step *step, int item, int thread)
{
	const struct plain *pl = st->data;
	const struct item *it = &pl->item[item];

	if (pl->layer[it->layer].kind->rows != NULL)
		step_rows(st, step, it, thread);
	else
		step_params(st, step, it);
}

static int
phases(struct nn_stage *st, enum nn_pass_kind pass, struct nn_phase *phase)
{
	const struct plain *pl = st->data;

	switch (pass) {
	case NN_FORWARD:
		phase[0] = (struct nn_phase){.count = -1, .work = forward};
		return 1;
	case NN_BACKWARD:
		phase[0] = (struct nn_phase){.count = -1, .work = backward};
		return 1;
	case NN_STEP:
		phase[0] = (struct nn_phase){.count = pl->nitems, .work = step_item};
		return pl->nitems > 0;
	}
	return 0;
}

/* ---- making ---- */

/* Decides which places are kept. */
static void
keep(struct nn_stage *st, bool *act, bool *grad)
{
	struct plain *pl = st->data;

	/* x and y of every layer that backward goes through */
	for (int j = pl->low; j < pl->count; j++)
		act[j] = act[j + 1] = true;
	for (int j = pl->low; j < pl->count; j++)
		if (trains(st, j) && pl->layer[j].kind->rows != NULL)
			grad[j + 1] = true;
	/* A place that only passes on is the one before it. */
	for (int j = pl->count - 1; j >= 0; j--)
		if (pl->alias[j] && act[j + 1])
			act[j] = true;
	for (int j = 0; j < pl->count; j++)
		if (pl->alias[j] && grad[j])
			grad[j + 1] = true;
}

static int
make_places(struct nn_stage *st)
{
	struct plain *pl = st->data;
	bool act[NN_LAYERS_MAX + 1] = {false}, grad[NN_LAYERS_MAX + 1] = {false};
	size_t batch = (size_t)st->plan->batch;

	keep(st, act, grad);
	pl->act[0] = st->careful ? NULL : st->in->act;
	pl->act[pl->count] = st->out->act;
	pl->grad[0] = st->in->grad;
	pl->grad[pl->count] = st->out->grad;
	if (act[0] && pl->act[0] == NULL) {
		pl->own_act[0] = true;
		if ((pl->act[0] = nn_alloc(sizeof(float) * batch * pl->size[0])) == NULL)
			return -1;
	}
	for (int j = 1; j < pl->count; j++) {
		if (act[j] && pl->alias[j - 1])
			pl->act[j] = pl->act[j - 1];
		else if (act[j]) {
			pl->own_act[j] = true;
			if ((pl->act[j] = nn_alloc(sizeof(float) * batch * pl->size[j])) == NULL)
				return -1;
		}
	}
	for (int j = pl->count - 1; j > 0; j--) {
		if (grad[j] && pl->alias[j] && pl->grad[j + 1] != NULL)
			pl->grad[j] = pl->grad[j + 1];
		else if (grad[j]) {
			pl->own_grad[j] = true;
			if ((pl->grad[j] = nn_alloc(sizeof(float) * batch * pl->size[j])) == NULL)
				return -1;
		}
	}
	return 0;
}

static int
make_layers(struct nn_stage *st)
{
	struct plain *pl = st->data;

	for (int j = pl->low; j < pl->count; j++) {
		const struct nn_layer *l = &pl->layer[j];
		int parts = (st->plan->batch / NN_CHUNK) < NN_PARTS ? st->plan->batch / NN_CHUNK : NN_PARTS;

		if (l->kind->aux_size != NULL && l->kind->aux_size(l) > 0 &&
		    (pl->aux[j] = nn_alloc(l->kind->aux_size(l) * (size_t)st->plan->batch)) == NULL)
			return -1;
		if (trains(st, j) && l->kind->rows == NULL &&
		    (pl->dw[j] = nn_alloc(sizeof(float) * l->learn * (size_t)parts)) == NULL)
			return -1;
	}
	return 0;
}

/* The items of the step, and how much scratch a thread needs for one. */
static int
make_items(struct nn_stage *st, size_t *rows)
{
	struct plain *pl = st->data;

	for (int fill = 0; fill < 2; fill++) {
		int n = 0;

		for (int j = pl->low; j < pl->count; j++) {
			const struct nn_layer *l = &pl->layer[j];
			size_t total = l->learn, each = BLOCK;

			if (!trains(st, j))
				continue;
			if (l->kind->rows != NULL) {
				size_t width = l->tensor[0].count / (size_t)l->tensor[0].dim[0];

				total = (size_t)l->tensor[0].dim[0];
				each = width < BLOCK ? BLOCK / width : 1;
				if (each * width + l->tensor[1].count > *rows)
					*rows = each * width + l->tensor[1].count;
			}
			for (size_t from = 0; from < total; from += each, n++)
				if (fill)
					pl->item[n] = (struct item){j, from, from + each < total ? from + each : total};
		}
		pl->nitems = n;
		if (!fill && (pl->item = calloc((size_t)n + 1, sizeof *pl->item)) == NULL)
			return -1;
	}
	return 0;
}

static int
make_scratch(struct nn_stage *st, size_t rows)
{
	struct plain *pl = st->data;
	size_t most = 0;

	for (int j = 0; j <= pl->count; j++)
		most = pl->size[j] > most ? pl->size[j] : most;
	pl->scratch = calloc((size_t)st->plan->threads, sizeof *pl->scratch);
	if (pl->scratch == NULL)
		return -1;
	for (int t = 0; t < st->plan->threads; t++) {
		for (int i = 0; i < 2; i++)
			if ((pl->scratch[t].place[i] = nn_alloc(sizeof(float) * NN_CHUNK * most)) == NULL)
				return -1;
		if ((pl->scratch[t].rows = nn_alloc(sizeof(float) * rows)) == NULL)
			return -1;
	}
	return 0;
}

static int
make(struct nn_stage *st, struct nn_err *err)
{
	struct plain *pl = calloc(1, sizeof *pl);
	size_t rows = 0;

	st->data = pl;
	if (pl == NULL)
		return nn_lacks(err, NN_LACK_MEMORY, "out of memory; use fewer layers");
	pl->layer = st->net->layer + st->first;
	pl->count = st->count;
	pl->low = !st->backward ? pl->count : st->plan->back > st->first ? st->plan->back - st->first : 0;
	pl->size[0] = st->in->size;
	for (int j = 0; j < pl->count; j++) {
		const struct nn_layer *l = &pl->layer[j];

		pl->size[j + 1] = nn_shape_size(l->out);
		pl->alias[j] = l->kind->alias != NULL && l->kind->alias(l, st->plan->train,
		    st->plan->rate[st->first + j]);
	}
	if (make_places(st) < 0 || make_layers(st) < 0 || make_items(st, &rows) < 0 || make_scratch(st, rows) < 0)
		return nn_plan_lacks(st->plan, err);
	return 0;
}

static void
plain_free(struct nn_stage *st)
{
	struct plain *pl = st->data;

	if (pl == NULL)
		return;
	for (int j = 0; j <= pl->count; j++) {
		if (pl->own_act[j])
			free(pl->act[j]);
		if (pl->own_grad[j])
			free(pl->grad[j]);
	}
	for (int j = 0; j < pl->count; j++) {
		free(pl->aux[j]);
		free(pl->dw[j]);
	}
	for (int t = 0; pl->scratch != NULL && t < st->plan->threads; t++) {
		free(pl->scratch[t].place[0]);
		free(pl->scratch[t].place[1]);
		free(pl->scratch[t].rows);
	}
	free(pl->scratch);
	free(pl->item);
	free(pl);
	st->data = NULL;
}

static int
match(const struct nn_plan *plan, int first, int end)
{
	return 1;
}

const struct nn_stage_kind nn_stage_plain = {
	.name = "plain",
	.match = match,
	.make = make,
	.free = plain_free,
	.phases = phases,
};
