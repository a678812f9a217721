/* packed.c: the samples of a feature cache in memory.
 *
 * A sample is a bit mask of its values that are not +0, then those values; samples lie one behind the other in slabs,
 * of which each thread fills its own.
 */
#include "packed.h"

#include <stdlib.h>

#define SLAB ((size_t)256 << 10)

unsigned char *
nn_packed_room(struct nn_cache *c, int thread, size_t most)
{
	struct nn_slab *s = c->open[thread];

	if (s == NULL || s->size - s->used < most) {
		size_t size = most > SLAB - sizeof *s ? most : SLAB - sizeof *s;

		if (atomic_fetch_add(&c->bytes, sizeof *s + size) + sizeof *s + size > c->limit) {
			atomic_store(&c->full, true);
			return NULL;
		}
		s = nn_alloc(sizeof *s + size);
		if (s == NULL) {
			atomic_store(&c->failed, true);
			return NULL;
		}
		s->used = 0;
		s->size = size;
		s->next = c->open[thread];
		c->open[thread] = s;
	}
	return s->data + s->used;
}

void
nn_cache_free(struct nn_cache *c)
{
	if (c == NULL)
		return;
	while (c->slabs != NULL) {
		struct nn_slab *s = c->slabs;

		c->slabs = s->next;
		free(s);
	}
	free(c->sample);
	free(c->index);
	free(c->weights);
	free(c->layer);
	free(c);
}

size_t
nn_cache_bytes(const struct nn_cache *c)
{
	size_t bytes = c->count * (sizeof *c->sample + sizeof *c->index);

	/* What the slabs hold, not their size: how samples share slabs depends on which thread packed them. */
	for (const struct nn_slab *s = c->slabs; s != NULL; s = s->next)
		bytes += s->used;
	return bytes;
}

int
nn_cache_layer(const struct nn_cache *c)
{
	return c->cut;
}

struct nn_packed
nn_cache_sample(const struct nn_cache *c, size_t i)
{
	const unsigned char *p = c->sample[i];

	return (struct nn_packed){(const uint64_t *)(const void *)p,
	    (const float *)(const void *)(p + c->words * sizeof(uint64_t))};
}
