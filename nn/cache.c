/* cache.c: the outputs of the frozen leading layers: filling a cache, and whether it still fits.
 *
 * A cache remembers what it was made from: layers, weights and flags up to the cut, images and their choice, kernels.
 * How its samples lie in memory is packed.c's.
 */
#include "packed.h"

#include <stdlib.h>
#include <string.h>

size_t
nn_cache_bound(const struct nn_net *net, const struct nn_set *set)
{
	int cut = nn_cut(net);
	size_t size;

	if (cut < 0)
		return 0;
	size = nn_shape_size(net->layer[cut].out);
	return set->count * (size * sizeof(float) + nn_packed_words(size) * sizeof(uint64_t) + sizeof(void *) +
	    sizeof(uint32_t));
}

/* ---- filling ---- */

/* The last phase of the filling plan: chunk `item` of the batch is packed. */
struct fill {
	struct nn_cache *cache;
	const struct nn_plan *plan;
	size_t first; /* sample of the batch's image 0 */
};

static void
pack(struct nn_stage *st, const struct nn_step *step, int item, int thread)
{
	const struct fill *f = st->data;
	struct nn_cache *c = f->cache;
	const struct nn_edge *e = &f->plan->edge[f->plan->nstages];
	int n, first = nn_chunk(step, item, &n);

	for (int i = first; i < first + n; i++) {
		size_t mask = c->words * sizeof(uint64_t), values;
		unsigned char *p = nn_packed_room(c, thread, mask + c->size * sizeof(float) + sizeof(uint64_t));

		if (p == NULL)
			return;
		values = c->kernels->pack(c->size, e->act + c->size * (size_t)i, (uint64_t *)(void *)p,
		    (float *)(void *)(p + mask));
		c->sample[f->first + (size_t)i] = p;
		/* The next mask is aligned to its words. */
		c->open[thread]->used += mask + (values * sizeof(float) + 7) / 8 * 8;
	}
}

static void
give(struct nn_cache *c)
{
	for (int t = 0; t < c->threads; t++)
		while (c->open[t] != NULL) {
			struct nn_slab *s = c->open[t];

			c->open[t] = s->next;
			s->next = c->slabs;
			c->slabs = s;
		}
}

/* Returns 0, NN_FULL, NN_STOPPED or -1. */
static int
fill(struct nn_cache *c, struct nn_net *net, struct nn_engine *eng, const struct nn_set *set, struct nn_err *err)
{
	struct nn_plan_spec spec = {.batch = set->count < NN_EVAL_BATCH ? (int)set->count : NN_EVAL_BATCH,
	    .end = c->cut + 1};
	struct nn_plan *plan = nn_plan_new(net, eng, &spec, err);
	struct nn_step step = {.set = set};
	struct fill f = {c, plan, 0};
	struct nn_stage stage = {.data = &f};
	struct nn_phase phase = {.count = -1, .work = pack, .stage = &stage};
	int status = 0;

	if (plan == NULL)
		return -1;
	step.pick = plan->pick;
	c->threads = eng->threads;
	for (f.first = 0; f.first < set->count && status == 0; f.first += NN_EVAL_BATCH) {
		if (nn_engine_stopped(eng)) {
			status = NN_STOPPED;
			break;
		}
		step.count = set->count - f.first < NN_EVAL_BATCH ? (int)(set->count - f.first) : NN_EVAL_BATCH;
		for (int i = 0; i < step.count; i++)
			plan->pick[i] = (uint32_t)(f.first + (size_t)i);
		if ((status = nn_plan_run(plan, eng, &step)) != 0)
			break;
		nn_par_run(eng->par, &phase, 1, &step, step.chunks);
		if (atomic_load(&c->failed))
			status = nn_lacks(err, NN_LACK_MEMORY,
			    "out of memory for the feature cache; choose a lower limit or go on without one");
		else if (atomic_load(&c->full))
			status = NN_FULL;
	}
	give(c);
	nn_plan_free(plan);
	return status;
}

/* A cache without samples; NULL when out of memory. */
static struct nn_cache *
cache_alloc(const struct nn_net *net, const struct nn_engine *eng, const struct nn_set *set, size_t limit)
{
	struct nn_cache *c = calloc(1, sizeof *c);

	if (c == NULL)
		return NULL;
	c->cut = nn_cut(net);
	c->size = nn_shape_size(net->layer[c->cut].out);
	c->words = nn_packed_words(c->size);
	c->kernels = eng->kernels;
	c->images = *set->images;
	c->count = set->count;
	c->limit = limit;
	c->params = net->layer[c->cut].offset + net->layer[c->cut].params;
	atomic_store(&c->bytes, c->count * (sizeof *c->sample + sizeof *c->index));
	c->layer = nn_alloc(sizeof *c->layer * (size_t)(c->cut + 1));
	c->weights = nn_alloc(sizeof *c->weights * c->params);
	c->index = nn_alloc(sizeof *c->index * c->count);
	c->sample = nn_zalloc(sizeof *c->sample * c->count);
	if (c->layer == NULL || c->weights == NULL || c->index == NULL || c->sample == NULL) {
		nn_cache_free(c);
		return NULL;
	}
	memcpy(c->layer, net->layer, sizeof *c->layer * (size_t)(c->cut + 1));
	memcpy(c->weights, net->weights, sizeof *c->weights * c->params);
	memcpy(c->index, set->index, sizeof *c->index * c->count);
	return c;
}

int
nn_cache_new(struct nn_cache **cache, struct nn_net *net, struct nn_engine *eng, const struct nn_set *set, size_t limit,
    struct nn_err *err)
{
	struct nn_cache *c;
	int status;

	*cache = NULL;
	if (nn_set_check(net, set, false, err) < 0)
		return -1;
	if (nn_cut(net) < 0)
		return nn_fail(err, "no leading layer is frozen, so there is nothing to cache; freeze some first");
	if (set->count * (sizeof *c->sample + sizeof *c->index) > limit)
		return NN_FULL;
	nn_net_sync(net);
	c = cache_alloc(net, eng, set, limit);
	if (c == NULL)
		return nn_lacks(err, NN_LACK_MEMORY, "out of memory for the feature cache; go on without one");
	status = fill(c, net, eng, set, err);
	if (status == 0)
		*cache = c;
	else
		nn_cache_free(c);
	return status;
}

/* ---- fitting ---- */

static bool
same_shape(struct nn_shape a, struct nn_shape b)
{
	return a.rank == b.rank && memcmp(a.dim, b.dim, sizeof(int) * (size_t)a.rank) == 0;
}

static bool
same_layer(const struct nn_layer *a, const struct nn_layer *b)
{
	return a->kind == b->kind && a->offset == b->offset && a->params == b->params && same_shape(a->in, b->in) &&
	    same_shape(a->out, b->out) && nn_kind_same_spec(a->kind, &a->spec, &b->spec);
}

bool
nn_cache_valid(const struct nn_cache *c, struct nn_net *net, const struct nn_set *set)
{
	if (nn_cut(net) != c->cut || set->count != c->count || set->images->pixels != c->images.pixels ||
	    set->images->count != c->images.count || memcmp(set->index, c->index, sizeof *c->index * c->count) != 0)
		return false;
	for (int i = 0; i <= c->cut; i++)
		if (!same_layer(&c->layer[i], &net->layer[i]))
			return false;
	/* Frozen leading layers are in the canonical block as they are. */
	return memcmp(nn_net_weights(net), c->weights, sizeof *c->weights * c->params) == 0;
}

bool
nn_cache_fits(const struct nn_cache *c, struct nn_net *net, const struct nn_engine *eng, const struct nn_set *set)
{
	return c->kernels == eng->kernels && nn_cache_valid(c, net, set);
}
