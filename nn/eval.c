/* eval.c: forward passes without dropout over any set, and the gradient of one batch. */
#include "kernels.h"

#include <stdlib.h>
#include <string.h>

/* The plan of layers begin..end-1; that of whole evaluations is kept with the net. */
static struct nn_plan *
plan_for(struct nn_net *net, struct nn_engine *eng, int begin, int end, struct nn_err *err)
{
	struct nn_plan_spec spec = {.batch = NN_EVAL_BATCH, .begin = begin, .end = end};
	struct nn_plan *p = net->eval;

	if (p != NULL && p->engine == eng->id && p->edits == net->edits && p->begin == begin && p->end == end)
		return p;
	nn_plan_free(net->eval);
	return net->eval = nn_plan_new(net, eng, &spec, err);
}

/* Runs the set through the plan; each is called behind each batch. */
static int
blocks(struct nn_plan *plan, struct nn_engine *eng, const struct nn_set *set, const struct nn_cache *cache,
    float *probs, size_t classes,
    void (*each)(const struct nn_step *step, size_t first, void *arg), void *arg)
{
	struct nn_step step = {.set = set, .cache = cache, .pick = plan->pick};

	for (size_t first = 0; first < set->count; first += NN_EVAL_BATCH) {
		if (nn_engine_stopped(eng))
			return NN_STOPPED;
		step.count = set->count - first < NN_EVAL_BATCH ? (int)(set->count - first) : NN_EVAL_BATCH;
		for (int i = 0; i < step.count; i++)
			plan->pick[i] = (uint32_t)(first + (size_t)i);
		step.probs = probs != NULL ? probs + first * classes : NULL;
		if (nn_plan_run(plan, eng, &step) == NN_STOPPED)
			return NN_STOPPED;
		each(&step, first, arg);
	}
	return 0;
}

static void
add(const struct nn_step *step, size_t first, void *arg)
{
	struct nn_metrics *m = arg;

	for (int i = 0; m != NULL && step->set->unit != NULL && i < step->count; i++) {
		m->loss += step->loss[i];
		m->correct += step->hit[i];
	}
	if (m != NULL)
		m->count += (uint64_t)step->count;
}

int
nn_eval(struct nn_net *net, struct nn_engine *eng, const struct nn_set *set, const struct nn_cache *cache,
    struct nn_metrics *m,
    float *probs, struct nn_err *err)
{
	struct nn_plan *plan;
	int begin = 0, status;

	if (m != NULL)
		*m = (struct nn_metrics){0};
	if (nn_set_check(net, set, set->unit != NULL, err) < 0)
		return -1;
	if (cache != NULL && nn_cache_fits(cache, net, eng, set))
		begin = nn_cache_layer(cache) + 1;
	plan = plan_for(net, eng, begin, net->n, err);
	if (plan == NULL)
		return -1;
	net->eval = NULL; /* another evaluation may come in between */
	status = blocks(plan, eng, set, begin > 0 ? cache : NULL, probs, (size_t)nn_net_classes(net), add, m);
	nn_plan_free(net->eval);
	net->eval = plan;
	if (m != NULL && set->unit != NULL)
		m->loss += nn_penalty(net) * (double)m->count;
	return status;
}

struct copy {
	const struct nn_plan *plan;
	float *out;
};

static void
copy_out(const struct nn_step *step, size_t first, void *arg)
{
	const struct copy *c = arg;
	const struct nn_edge *e = &c->plan->edge[c->plan->nstages];

	memcpy(c->out + first * e->size, e->act, sizeof(float) * (size_t)step->count * e->size);
}

int
nn_forward(struct nn_net *net, struct nn_engine *eng, const struct nn_set *set, int layer, float *out,
    struct nn_err *err)
{
	struct nn_plan_spec spec = {.batch = set->count < NN_EVAL_BATCH ? (int)set->count : NN_EVAL_BATCH,
	    .end = layer >= 0 && layer < net->shown ? net->from[layer + 1] : 0};
	struct copy copy = {.out = out};
	struct nn_plan *plan;
	int status;

	if (layer < 0 || layer >= net->shown)
		return nn_fail(err, "layer %d does not exist; the model has %d", layer, net->shown);
	if (nn_set_check(net, set, false, err) < 0)
		return -1;
	plan = nn_plan_new(net, eng, &spec, err);
	if (plan == NULL)
		return -1;
	copy.plan = plan;
	status = blocks(plan, eng, set, NULL, NULL, 0, copy_out, &copy);
	nn_plan_free(plan);
	return status;
}

/* A training step of the optimizer that writes gradients down. */
int
nn_gradient(struct nn_net *net, struct nn_engine *eng, const struct nn_set *set, double *loss, float *grad,
    struct nn_err *err)
{
	struct nn_plan_spec spec = {.batch = (int)set->count, .end = net->n, .train = true, .all = true,
	    .slot = {grad}};
	struct nn_step step = {.set = set, .opt = &nn_optimizer_record};
	struct nn_plan *plan;

	if (nn_set_check(net, set, true, err) < 0)
		return -1;
	if (set->count > 65536)
		return nn_fail(err, "a batch of %zu; choose at most 65536 images", set->count);
	if (net->params == 0)
		return nn_fail(err, "the model has no parameters; build one with conv2d or dense");
	plan = nn_plan_new(net, eng, &spec, err);
	if (plan == NULL)
		return -1;
	memset(grad, 0, sizeof *grad * net->params);
	step.count = (int)set->count;
	for (int i = 0; i < step.count; i++)
		plan->pick[i] = (uint32_t)i;
	step.pick = plan->pick;
	nn_plan_run(plan, eng, &step);
	*loss = 0;
	for (int i = 0; i < step.count; i++)
		*loss += step.loss[i];
	*loss = *loss / step.count + nn_penalty(net);
	nn_plan_free(plan);
	return 0;
}
