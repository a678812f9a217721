/* update.c: a step of the optimizer, and what plans have to know of it. */
#include "kernels.h"

void
nn_went_wild(struct nn_plan *plan, int layer)
{
	if (layer < plan->wild)
		atomic_store_explicit(&plan->went_wild, true, memory_order_relaxed);
}

void
nn_update(struct nn_plan *plan, const struct nn_step *step, int layer, float *w, const float *g, float *s0, float *s1,
    size_t n)
{
	if (plan->kernels->update[step->opt->id](w, g, s0, s1, n, &step->coef[layer]))
		nn_went_wild(plan, layer);
}
