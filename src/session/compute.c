/* compute.c: lets go of the engine, the sets of images and the caches of a session. */
#include "session/compute.h"

#include <string.h>

void
compute_cache_drop(struct compute *c)
{
	nn_cache_free(c->cache_train);
	nn_cache_free(c->cache_test);
	c->cache_train = c->cache_test = NULL;
}

size_t
compute_cache_bytes(const struct compute *c)
{
	return (c->cache_train != NULL ? nn_cache_bytes(c->cache_train) : 0) +
	    (c->cache_test != NULL ? nn_cache_bytes(c->cache_test) : 0);
}

void
compute_sets_drop(struct compute *c)
{
	compute_cache_drop(c);
	selection_free(&c->sets.train);
	selection_free(&c->sets.test);
	memset(&c->sets, 0, sizeof c->sets);
}

void
compute_free(struct compute *c)
{
	compute_sets_drop(c);
	nn_engine_free(c->engine);
	*c = (struct compute){0};
}
