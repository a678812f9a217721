/* run.c: training. A run owns the optimizer's slots, the order of the epoch and a plan; the plan is compiled anew when
 * flags, rates or weights have been changed from outside, so that a change holds from the next batch on.
 */
#include "kernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct nn_run {
	struct nn_net *net;
	struct nn_engine *eng;
	struct nn_run_config cfg;
	const struct nn_optimizer *opt;
	struct nn_set set;
	const struct nn_cache *cache;
	bool cached; /* the plan reads it */
	uint32_t steps;
	struct nn_run_state at;
	uint32_t *order; /* [count] positions of the set, of the epoch at.epoch */
	bool ordered;
	float *slot[NN_SLOTS_MAX];
	struct nn_plan *plan;
	char note[512];
};

struct nn_run_config
nn_run_config_default(void)
{
	struct nn_run_config cfg = {
		.optimizer = nn_optimizer_find("adadelta"),
		.lr = 1.0,
		.rho = 0.95,
		.epsilon = 1e-7,
		.momentum = 0,
		.beta_1 = 0.9,
		.beta_2 = 0.999,
		.batch = 128,
		.shuffle = true,
		.seed = 1337,
	};

	for (int i = 0; i < NN_LAYERS_MAX; i++)
		cfg.layer_lr[i] = NAN;
	return cfg;
}

static int
check_config(const struct nn_run_config *cfg, struct nn_err *err)
{
	if (cfg->optimizer == NULL)
		return nn_fail(err, "no optimizer; choose adadelta, sgd or adam");
	if (cfg->batch < 1 || cfg->batch > 65536)
		return nn_fail(err, "batch %d; choose 1 to 65536", cfg->batch);
	if (!(cfg->lr >= 0) || isinf(cfg->lr))
		return nn_fail(err, "learning rate %g; choose 0 or more", cfg->lr);
	return 0;
}

static int
check_trainable(const struct nn_net *net, struct nn_err *err)
{
	if (nn_net_trainable(net) == 0)
		return nn_fail(err, "nothing is trainable; unfreeze some layers");
	return 0;
}

/* The largest batch there will be. */
static int
batch_of(const struct nn_run *run)
{
	return run->set.count < (size_t)run->cfg.batch ? (int)run->set.count : run->cfg.batch;
}

static int
compile(struct nn_run *run, struct nn_err *err)
{
	struct nn_plan_spec spec = {
		.batch = batch_of(run),
		.end = run->net->n,
		.train = true,
		.slot = {run->slot[0], run->slot[1]},
	};

	nn_plan_free(run->plan);
	run->plan = NULL;
	if (check_trainable(run->net, err) < 0)
		return -1;
	run->cached = run->cache != NULL && nn_cache_fits(run->cache, run->net, run->eng, &run->set);
	if (run->cached)
		spec.begin = nn_cache_layer(run->cache) + 1;
	run->plan = nn_plan_new(run->net, run->eng, &spec, err);
	if (run->plan == NULL)
		return -1;
	nn_plan_note(run->plan, run->note, sizeof run->note);
	return 0;
}

struct nn_run *
nn_run_new(struct nn_net *net, struct nn_engine *eng, const struct nn_run_config *cfg, const struct nn_set *train,
    const struct nn_cache *cache, struct nn_err *err)
{
	struct nn_run *run;

	if (check_config(cfg, err) < 0 || nn_set_check(net, train, true, err) < 0 || check_trainable(net, err) < 0)
		return NULL;
	run = calloc(1, sizeof *run);
	if (run == NULL) {
		nn_lacks(err, NN_LACK_MEMORY, "out of memory; use fewer layers");
		return NULL;
	}
	run->net = net;
	run->eng = eng;
	run->cfg = *cfg;
	run->opt = (const struct nn_optimizer *)cfg->optimizer;
	run->set = *train;
	run->cache = cache;
	run->steps = (uint32_t)((train->count + (size_t)cfg->batch - 1) / (size_t)cfg->batch);
	run->at.epoch = cfg->epoch;
	run->order = nn_alloc(sizeof *run->order * train->count);
	for (int k = 0; k < run->opt->info.nslots; k++)
		if ((run->slot[k] = nn_zalloc(sizeof(float) * net->params)) == NULL)
			break;
	if (run->order == NULL || run->slot[run->opt->info.nslots - 1] == NULL) {
		nn_lacks(err, NN_LACK_MEMORY, "out of memory for the optimizer; use fewer filters or units");
		nn_run_free(run);
		return NULL;
	}
	if (compile(run, err) < 0) {
		nn_run_free(run);
		return NULL;
	}
	return run;
}

void
nn_run_free(struct nn_run *run)
{
	if (run == NULL)
		return;
	nn_plan_free(run->plan);
	free(run->order);
	for (int k = 0; k < NN_SLOTS_MAX; k++)
		free(run->slot[k]);
	free(run);
}

uint32_t
nn_run_steps(const struct nn_run *run)
{
	return run->steps;
}

uint32_t
nn_run_epoch(const struct nn_run *run)
{
	return run->at.epoch;
}

uint32_t
nn_run_at(const struct nn_run *run)
{
	return run->at.step;
}

static void
order(struct nn_run *run)
{
	if (run->cfg.shuffle)
		nn_shuffle(run->cfg.seed, run->at.epoch, run->order, run->set.count);
	else
		for (size_t i = 0; i < run->set.count; i++)
			run->order[i] = (uint32_t)i;
	run->ordered = true;
}

static void
coefficients(const struct nn_run *run, struct nn_step *step)
{
	for (int i = run->plan->back; i < run->plan->end; i++) {
		struct nn_coef *c = &step->coef[i];
		float lr = run->cfg.layer_lr[run->net->of[i]];

		if (!run->plan->trainable[i])
			continue;
		*c = (struct nn_coef){.lr = isnan(lr) ? (float)run->cfg.lr : lr};
		if (run->opt->prepare != NULL)
			run->opt->prepare(c, &run->cfg, run->at.iterations + 1);
	}
}

int
nn_run_step(struct nn_run *run, struct nn_metrics *sum, struct nn_err *err)
{
	struct nn_step step;
	size_t first = (size_t)run->at.step * (size_t)run->cfg.batch;
	double penalty;

	if ((run->plan == NULL || run->plan->edits != run->net->edits) && compile(run, err) < 0)
		return -1;
	if (!run->ordered)
		order(run);
	step.count = run->set.count - first < (size_t)run->cfg.batch ? (int)(run->set.count - first) : run->cfg.batch;
	step.set = &run->set;
	step.pick = run->order + first;
	step.cache = run->cached ? run->cache : NULL;
	step.seed = run->cfg.seed;
	step.epoch = run->at.epoch;
	step.step = run->at.step;
	step.opt = run->opt;
	step.probs = NULL;
	coefficients(run, &step);
	penalty = nn_penalty(run->net);
	if (nn_plan_run(run->plan, run->eng, &step) == NN_STOPPED)
		return NN_STOPPED;
	for (int i = 0; i < step.count; i++) {
		sum->loss += step.loss[i];
		sum->correct += step.hit[i];
	}
	sum->loss += penalty * step.count;
	sum->count += (uint64_t)step.count;
	run->at.iterations++;
	if (++run->at.step == run->steps) {
		run->at.step = 0;
		run->at.epoch++;
		run->ordered = false;
	}
	return 0;
}

void
nn_run_set_lr(struct nn_run *run, double lr, const float *layer_lr)
{
	run->cfg.lr = lr;
	for (int i = 0; i < NN_LAYERS_MAX; i++)
		run->cfg.layer_lr[i] = layer_lr != NULL ? layer_lr[i] : NAN;
}

const char *
nn_run_note(const struct nn_run *run)
{
	return run->note;
}

/* ---- state ---- */

struct nn_run_state
nn_run_state(const struct nn_run *run)
{
	return run->at;
}

const float *
nn_run_slot(struct nn_run *run, int k)
{
	nn_net_sync(run->net);
	return k >= 0 && k < NN_SLOTS_MAX ? run->slot[k] : NULL;
}

int
nn_run_restore(struct nn_run *run, const struct nn_run_state *st, const float *const slot[NN_SLOTS_MAX],
    struct nn_err *err)
{
	if (st->step >= run->steps)
		return nn_fail(err, "the saved run stood at step %u but an epoch has %u; begin a new run instead",
		    st->step + 1, run->steps);
	for (int k = 0; k < run->opt->info.nslots; k++)
		if (slot[k] == NULL)
			return nn_fail(err, "the saved run lacks %s's %s; begin a new run instead", run->opt->info.name,
			    run->opt->info.slot[k]);
	/* The plan's packed slots are made again with the next one. */
	nn_plan_free(run->plan);
	run->plan = NULL;
	for (int k = 0; k < run->opt->info.nslots; k++)
		memcpy(run->slot[k], slot[k], sizeof(float) * run->net->params);
	run->at = *st;
	run->ordered = false;
	return 0;
}
