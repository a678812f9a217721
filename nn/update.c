/* update.c: a step of the optimizer, and a look at what it made. */
#include "kernels.h"

void
nn_look(struct nn_plan *plan, int layer, const float *w, size_t n)
{
	if (layer < plan->wild && plan->kernels->wild(n, w))
		atomic_store_explicit(&plan->went_wild, true, memory_order_relaxed);
}

void
nn_update(struct nn_plan *plan, const struct nn_step *step, int layer, float *w, const float *g, float *s0, float *s1, size_t n)
{
	plan->kernels->update[step->opt->id](w, g, s0, s1, n, &step->coef[layer]);
	nn_look(plan, layer, w, n);
}
