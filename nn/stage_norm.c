/* stage_norm.c: a batch normalization that trains: its mean and variance are of the whole batch, so that there are
 * barriers within it. Each chunk makes its own sums, in double; these are added in the order of the chunks.
 */
#include "norm.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct norm {
	const struct nn_layer *layer;
	size_t size, c; /* of an image; channels */
	float *x; /* [batch][size] a copy of the input where there is none, or one that is not careful; else NULL */
	double *part; /* [chunks][2][c] sums of a chunk */
	double *sum, *product, *mean, *variance; /* [c], of the batch; in one block */
	float *grad; /* [2][c] by gamma and beta */
};

static struct nn_pass
pass_of(const struct nn_stage *st, const struct nn_step *step, int first, int n)
{
	const struct norm *m = st->data;
	size_t from = m->size * (size_t)first;
	struct nn_pass p = {
		.k = st->careful ? &nn_kernels_reference : st->plan->kernels,
		.step = step,
		.layer = m->layer,
		.index = st->first,
		.first = first,
		.n = n,
		.careful = st->careful,
		.x = (m->x != NULL ? m->x : st->in->act) + from,
		.y = st->out->act + from,
		.dy = st->out->grad != NULL ? st->out->grad + from : NULL,
		.dx = st->in->grad != NULL ? st->in->grad + from : NULL,
	};

	for (int t = 0; t < m->layer->ntensors; t++)
		p.w[t] = st->net->weights + m->layer->tensor[t].offset;
	return p;
}

/* how many values a channel has */
static double
values(const struct norm *m, const struct nn_step *step)
{
	return (double)step->count * (double)(m->size / m->c);
}

/* ---- forward ---- */

static void
take(const struct nn_stage *st, const struct nn_step *step, int first, int n)
{
	struct norm *m = st->data;
	float *x = m->x + m->size * (size_t)first;

	if (st->in->act == NULL) {
		nn_input(step, first, n, x);
		return;
	}
	memcpy(x, st->in->act + m->size * (size_t)first, sizeof *x * m->size * (size_t)n);
	for (size_t i = 0; i < m->size * (size_t)n; i++)
		x[i] = x[i] == NN_HARDLY ? 0 : x[i];
}

static void
sums(struct nn_stage *st, const struct nn_step *step, int chunk, int thread)
{
	struct norm *m = st->data;
	int n, first = nn_chunk(step, chunk, &n);
	struct nn_pass p = pass_of(st, step, first, n);
	double *part = m->part + (size_t)chunk * 2 * m->c;

	if (m->x != NULL)
		take(st, step, first, n);
	memset(part, 0, sizeof *part * 2 * m->c);
	for (int i = 0; i < nn_norm_blocks(m->layer); i++) {
		struct nn_norm_block b = nn_norm_block(m->layer, i, n);

		nn_norm_add(&p, &b, part + b.first, part + m->c + b.first);
	}
}

/* The sums of the batch, of this block of channels. */
static struct nn_norm_block
gather(struct norm *m, const struct nn_step *step, int block)
{
	struct nn_norm_block b = nn_norm_block(m->layer, block, 1);

	for (int c = b.first; c < b.first + b.d.c; c++) {
		m->sum[c] = m->product[c] = 0;
		for (int k = 0; k < step->chunks; k++) {
			m->sum[c] += m->part[(size_t)k * 2 * m->c + (size_t)c];
			m->product[c] += m->part[((size_t)k * 2 + 1) * m->c + (size_t)c];
		}
	}
	return b;
}

/* The moving statistics follow those of the batch. */
static void
follow(struct nn_stage *st, int tensor, const struct nn_norm_block *b, const double *to)
{
	const struct norm *m = st->data;
	float *w = st->net->weights + m->layer->tensor[tensor].offset + b->first;
	double momentum = m->layer->spec.momentum;

	for (int c = 0; c < b->d.c; c++)
		w[c] = (float)((double)w[c] * momentum + to[b->first + c] * (1 - momentum));
	if (st->plan->kernels->wild((size_t)b->d.c, w))
		nn_went_wild(st->plan, st->first);
}

static void
combine(struct nn_stage *st, const struct nn_step *step, int block, int thread)
{
	struct norm *m = st->data;
	struct nn_norm_block b = gather(m, step, block);

	for (int c = b.first; c < b.first + b.d.c; c++)
		nn_norm_moments(m->sum[c], m->product[c], values(m, step), &m->mean[c], &m->variance[c]);
}

static void
apply(struct nn_stage *st, const struct nn_step *step, int chunk, int thread)
{
	const struct norm *m = st->data;
	int n, first = nn_chunk(step, chunk, &n);
	struct nn_pass p = pass_of(st, step, first, n);

	for (int i = 0; i < nn_norm_blocks(m->layer); i++) {
		struct nn_norm_block b = nn_norm_block(m->layer, i, n);

		nn_norm_apply(&p, &b, m->mean + b.first, m->variance + b.first);
	}
}

/* ---- backward ---- */

static void
back_sums(struct nn_stage *st, const struct nn_step *step, int chunk, int thread)
{
	struct norm *m = st->data;
	int n, first = nn_chunk(step, chunk, &n);
	struct nn_pass p = pass_of(st, step, first, n);
	double *part = m->part + (size_t)chunk * 2 * m->c;

	memset(part, 0, sizeof *part * 2 * m->c);
	for (int i = 0; i < nn_norm_blocks(m->layer); i++) {
		struct nn_norm_block b = nn_norm_block(m->layer, i, n);

		nn_norm_add_back(&p, &b, m->mean + b.first, part + b.first, part + m->c + b.first);
	}
}

static void
back_combine(struct nn_stage *st, const struct nn_step *step, int block, int thread)
{
	struct norm *m = st->data;
	struct nn_norm_block b = gather(m, step, block);

	for (int c = b.first; c < b.first + b.d.c; c++) {
		m->grad[c] = (float)(m->product[c] / sqrt(m->variance[c] + m->layer->spec.epsilon));
		m->grad[m->c + (size_t)c] = (float)m->sum[c];
	}
}

static void
back(struct nn_stage *st, const struct nn_step *step, int chunk, int thread)
{
	const struct norm *m = st->data;
	int n, first = nn_chunk(step, chunk, &n);
	struct nn_pass p = pass_of(st, step, first, n);

	for (int i = 0; i < nn_norm_blocks(m->layer); i++) {
		struct nn_norm_block b = nn_norm_block(m->layer, i, n);

		nn_norm_back(&p, &b, m->mean + b.first, m->variance + b.first, m->sum + b.first, m->product + b.first,
		    values(m, step));
	}
}

static void
learn(struct nn_stage *st, const struct nn_step *step, int item, int thread)
{
	const struct norm *m = st->data;
	float *const *slot = st->plan->slot;
	size_t from = m->layer->offset;

	for (int i = 0; i < nn_norm_blocks(m->layer) && step->opt->id != NN_OPT_record; i++) { /* that one only looks */
		struct nn_norm_block b = nn_norm_block(m->layer, i, 1);

		follow(st, 2, &b, m->mean);
		follow(st, 3, &b, m->variance);
	}
	nn_update(st->plan, step, st->first, st->net->weights + from, m->grad, slot[0] != NULL ? slot[0] + from : NULL,
	    slot[1] != NULL ? slot[1] + from : NULL, m->layer->learn);
}

/* ---- making ---- */

static int
match(const struct nn_plan *plan, int first, int end)
{
	return plan->moments[first];
}

static int
make(struct nn_stage *st, struct nn_err *err)
{
	struct norm *m = calloc(1, sizeof *m);
	size_t batch = (size_t)st->plan->batch;

	st->data = m;
	if (m == NULL)
		return nn_lacks(err, NN_LACK_MEMORY, "out of memory; use fewer layers");
	m->layer = &st->net->layer[st->first];
	m->size = nn_shape_size(m->layer->in);
	m->c = m->layer->tensor[0].count;
	m->part = nn_alloc(sizeof *m->part * batch / NN_CHUNK * 2 * m->c);
	m->sum = nn_zalloc(sizeof *m->sum * 4 * m->c);
	m->grad = nn_alloc(sizeof *m->grad * 2 * m->c);
	if (st->in->act == NULL || st->careful)
		m->x = nn_alloc(sizeof *m->x * batch * m->size);
	if (m->part == NULL || m->sum == NULL || m->grad == NULL || (m->x == NULL && (st->in->act == NULL ||
	    st->careful)))
		return nn_plan_lacks(st->plan, err);
	m->product = m->sum + m->c;
	m->mean = m->product + m->c;
	m->variance = m->mean + m->c;
	return 0;
}

static void
norm_free(struct nn_stage *st)
{
	struct norm *m = st->data;

	if (m == NULL)
		return;
	free(m->x);
	free(m->part);
	free(m->sum);
	free(m->grad);
	free(m);
	st->data = NULL;
}

static int
phases(struct nn_stage *st, enum nn_pass_kind pass, struct nn_phase *phase)
{
	const struct norm *m = st->data;
	int blocks = nn_norm_blocks(m->layer);

	switch (pass) {
	case NN_FORWARD:
		phase[0] = (struct nn_phase){.count = -1, .work = sums};
		phase[1] = (struct nn_phase){.count = blocks, .work = combine};
		phase[2] = (struct nn_phase){.count = -1, .work = apply};
		return 3;
	case NN_BACKWARD:
		phase[0] = (struct nn_phase){.count = -1, .work = back_sums};
		phase[1] = (struct nn_phase){.count = blocks, .work = back_combine};
		phase[2] = (struct nn_phase){.count = -1, .work = back};
		return st->dx ? 3 : 2;
	case NN_STEP:
		phase[0] = (struct nn_phase){.count = 1, .work = learn};
		return 1;
	}
	return 0;
}

const struct nn_stage_kind nn_stage_norm = {
	.name = "norm",
	.match = match,
	.make = make,
	.free = norm_free,
	.phases = phases,
};
