/* weights.c: copies of a net's parameters by layers, counted references to which are shared within a pool. */
#include "past/weights.h"

#include "util/xmalloc.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct weights_part { /* of one layer */
	size_t refs, offset, count;
	uint64_t sum; /* of the bits, to find equals */
	struct weights_pool *pool; /* NULL: not shared yet */
	struct weights_part *next, *before; /* in the pool */
	float value[];
};

struct weights {
	size_t params;
	int n;
	struct weights_part *part[NN_LAYERS_MAX];
};

static void
part_free(struct weights_part *p)
{
	if (p == NULL || --p->refs > 0)
		return;
	if (p->pool != NULL) {
		if (p->before != NULL)
			p->before->next = p->next;
		else
			p->pool->first = p->next;
		if (p->next != NULL)
			p->next->before = p->before;
	}
	free(p);
}

/* Fowler, Noll and Vo's hash over words in place of bytes; what it finds is compared. */
static uint64_t
part_sum(const struct weights_part *p)
{
	uint64_t sum = 0xcbf29ce484222325u;
	uint32_t word;

	for (size_t i = 0; i < p->count; i++) {
		memcpy(&word, &p->value[i], sizeof word);
		sum = (sum ^ word) * 0x100000001b3u;
	}
	return sum;
}

static struct weights_part *
part_find(const struct weights_pool *pool, const struct weights_part *p)
{
	for (struct weights_part *q = pool->first; q != NULL; q = q->next)
		if (q->sum == p->sum && q->offset == p->offset && q->count == p->count &&
		    memcmp(q->value, p->value, p->count * sizeof *p->value) == 0)
			return q;
	return NULL;
}

struct weights *
weights_new(const struct nn_net *net)
{
	struct weights *w = xcalloc(1, sizeof *w);

	w->params = nn_net_params(net);
	for (int i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *l = nn_net_layer(net, i);
		struct weights_part *p = l->params > 0 ? malloc(sizeof *p + l->params * sizeof *p->value) : NULL;

		if (l->params == 0)
			continue;
		if (p == NULL) {
			weights_free(w);
			return NULL;
		}
		*p = (struct weights_part){.refs = 1, .offset = l->offset, .count = l->params};
		w->part[w->n++] = p;
	}
	return w;
}

void
weights_fill(struct weights *w, const float *from)
{
	for (int i = 0; i < w->n; i++)
		memcpy(w->part[i]->value, from + w->part[i]->offset, w->part[i]->count * sizeof *from);
}

void
weights_share(struct weights *w, struct weights_pool *pool)
{
	for (int i = 0; i < w->n; i++) {
		struct weights_part *p = w->part[i], *same;

		if (p->pool != NULL)
			continue;
		p->sum = part_sum(p);
		if ((same = part_find(pool, p)) != NULL) {
			same->refs++;
			w->part[i] = same;
			part_free(p);
			continue;
		}
		p->pool = pool;
		p->next = pool->first;
		if (pool->first != NULL)
			pool->first->before = p;
		pool->first = p;
	}
}

struct weights *
weights_keep(const struct nn_net *net, const float *from, struct weights_pool *pool, struct err *e)
{
	struct weights *w = weights_new(net);

	if (w == NULL) {
		fail_memory(e, "not enough memory for a copy of the %zu weights", nn_net_params(net));
		return NULL;
	}
	weights_fill(w, from);
	weights_share(w, pool);
	return w;
}

void
weights_free(struct weights *w)
{
	if (w == NULL)
		return;
	for (int i = 0; i < w->n; i++)
		part_free(w->part[i]);
	free(w);
}

size_t
weights_params(const struct weights *w)
{
	return w->params;
}

void
weights_get(const struct weights *w, float *to)
{
	for (int i = 0; i < w->n; i++)
		memcpy(to + w->part[i]->offset, w->part[i]->value, w->part[i]->count * sizeof *to);
}

float *
weights_block(const struct weights *w, struct err *e)
{
	float *to = malloc(w->params * sizeof *to);

	if (to == NULL)
		fail_memory(e, "not enough memory for a copy of %zu weights", w->params);
	else
		weights_get(w, to);
	return to;
}

bool
weights_equal(const struct weights *w, const float *block)
{
	for (int i = 0; i < w->n; i++)
		if (memcmp(w->part[i]->value, block + w->part[i]->offset, w->part[i]->count * sizeof *block) != 0)
			return false;
	return true;
}

const float *
weights_layer(const struct weights *w, size_t offset)
{
	for (int i = 0; i < w->n; i++)
		if (w->part[i]->offset == offset)
			return w->part[i]->value;
	return NULL;
}

size_t
weights_bytes(const struct weights_pool *pool)
{
	size_t bytes = 0;

	for (const struct weights_part *p = pool->first; p != NULL; p = p->next)
		bytes += sizeof *p + p->count * sizeof *p->value;
	return bytes;
}

double
weights_change(const float *was, const float *now, size_t n)
{
	double worst = 0, d;

	for (size_t k = 0; k < n; k++) {
		if (memcmp(&now[k], &was[k], sizeof *now) == 0)
			continue;
		d = fabs((double)now[k] - was[k]);
		if (isnan(d))
			return NAN;
		d = d > 0 ? d : FLT_TRUE_MIN; /* 0 and -0 are not the same bits */
		worst = d > worst ? d : worst;
	}
	return worst;
}

double
weights_moved(const struct weights *w, struct nn_net *net, const bool *pick)
{
	const float *now = nn_net_weights(net), *was;
	double worst = 0, d;

	for (int i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *l = nn_net_layer(net, i);

		if (!pick[i] || l->params == 0 || (was = weights_layer(w, l->offset)) == NULL)
			continue;
		if (isnan(d = weights_change(was, now + l->offset, l->params)))
			return NAN;
		worst = d > worst ? d : worst;
	}
	return worst;
}
