/* stage_dense.c: the stage of a dense layer with the dropout and flatten before it and the relu and dropout, or the
 * softmax, behind it. Zeros cost nothing: neither those of the input nor those of the gradient.
 *
 * Packed weights and slots are the truth while a run goes on; sync writes the canonical block. The passes themselves
 * are in stage_dense_passes.c.
 */
#include "stage_dense.h"

#include <stdlib.h>
#include <string.h>

#define GROUPS 24 /* of features, at most, whose sums are made side by side */

static bool
is_kind(const struct nn_layer *l, const char *name)
{
	return strcmp(l->kind->name, name) == 0;
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
	if (i == end || !is_kind(l + i, "dense") || l[i].spec.l2 > 0)
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

/* ---- packing ---- */

/* One of weights and slots: packed from the canonical [in][out], or back. */
static void
convert(const struct dense *d, float *canonical, float *packed, bool pack)
{
	size_t out = (size_t)d->out;

	for (int c = 0; c < d->words; c++, packed += out * DENSE_F) {
		int many = dense_min(DENSE_F, d->in - c * DENSE_F);

		for (int u = 0; u < d->out; u += 16) /* a few units at a time, so that both sides stay in cache lines */
			for (int f = 0; f < many; f++) {
				float *w = canonical + ((size_t)c * DENSE_F + (size_t)f) * out;

				for (int j = u; j < dense_min(u + 16, d->out); j++)
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
	if (d->packed && ((d->sample = calloc(batch, sizeof *d->sample)) == NULL ||
	    (d->mask = nn_alloc(sizeof *d->mask * words)) == NULL ||
	    (d->start = nn_alloc(sizeof *d->start * words)) == NULL))
		return -1;
	if (d->before >= 0 && dense_drops(st->plan, d->before) && (d->keep = nn_alloc(sizeof *d->keep * words)) == NULL)
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
		return nn_lacks(err, NN_LACK_MEMORY, "out of memory; use fewer layers");
	stretch(st->plan, st->first, st->first + st->count, d);
	d->layer = st->net->layer + d->index;
	d->in = d->layer->in.dim[0];
	d->out = d->layer->out.dim[0];
	d->words = (d->in + DENSE_F - 1) / DENSE_F;
	d->padded = (d->out + 15) / 16 * 16;
	d->blocks = (d->padded + DENSE_U - 1) / DENSE_U;
	d->groups = dense_min(GROUPS, d->words);
	d->packed = st->in->act == NULL && st->plan->begin > 0;
	d->trains = st->plan->trainable[d->index];
	if (make_forward(st) < 0 || (st->backward && make_backward(st) < 0))
		return nn_plan_lacks(st->plan, err);
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
	.phases = NN_ISA(nn_dense_phases),
	.sync = sync,
	.reload = reload,
};
