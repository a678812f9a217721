/* input.c: the input of a plan, from pictures or out of a cache. */
#include "kernels.h"

void
nn_input(const struct nn_step *s, int first, int n, float *x)
{
	const struct nn_plan *plan = s->plan;
	size_t size = plan->edge[0].size;

	for (int i = first; i < first + n; i++, x += size) {
		if (plan->begin > 0) {
			struct nn_packed p = nn_cache_sample(s->cache, s->pick[i]);

			plan->kernels->unpack(size, p.mask, p.value, x);
		} else
			plan->kernels->pixels(size, s->set->images->pixels + s->set->index[s->pick[i]] * size, x);
	}
}
