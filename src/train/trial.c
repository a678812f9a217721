/* trial.c: does trials, each on a thread of its own with an engine of one thread. */
#include "train/trial.h"

#include "util/xmalloc.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

const char *const trial_names[] = {"frozen", "tuned", "head-first", "scratch", "random", "selffer", NULL};

bool
trial_has_source(enum trial_mode mode)
{
	return mode == TRIAL_FROZEN || mode == TRIAL_TUNED || mode == TRIAL_HEAD_FIRST;
}

struct lanes { /* what all threads share */
	struct trials *t;
	struct selection test;
	pthread_mutex_t told; /* of t->did */
	atomic_int next; /* the trial that nobody has begun */
	atomic_bool stop;
	atomic_size_t images; /* trained or evaluated */
};

struct lane { /* of one thread */
	struct lanes *all;
	struct nn_net *net;
	struct nn_engine *engine;
	pthread_t thread;
	bool caller; /* it is the thread that called */
	size_t asked; /* images of all lanes when it last asked */
	int rc;
	struct nn_err err;
};

/* Asked within a step that takes long, too. */
static bool
lane_gives_up(void *arg)
{
	struct lane *l = arg;
	struct lanes *all = l->all;

	if (all->t->give_up(all->t->arg))
		atomic_store(&all->stop, true);
	return atomic_load(&all->stop);
}

/* Asked between two batches, and by the engine within an evaluation. */
static bool
lane_stopped(void *arg)
{
	struct lane *l = arg;
	struct lanes *all = l->all;
	size_t images = atomic_load(&all->images);

	for (; l->caller && l->asked + NN_EVAL_BATCH <= images; l->asked += NN_EVAL_BATCH)
		if (all->t->stop(all->t->arg))
			atomic_store(&all->stop, true);
	return lane_gives_up(l);
}

/* Where the frozen features give the same each epoch, they are computed once; without room for them, each time. */
static struct nn_cache *
lane_cache(struct lane *l, const struct nn_set *set)
{
	size_t limit = l->all->t->cache_limit / (size_t)l->all->t->threads;
	struct nn_cache *c = NULL;
	struct nn_err ignored;

	if (limit > 0 && nn_cache_cut(l->net) >= 0)
		nn_cache_new(&c, l->net, l->engine, set, limit, &ignored);
	return c;
}

/* The rates of the next batch. */
static void
lane_rate(const struct trials *t, struct nn_run *run, uint32_t first, int epochs)
{
	struct nn_run_state at = nn_run_state(run);
	float layer[NN_LAYERS_MAX];
	double x;

	if (t->schedule.kind == SCHEDULE_NONE)
		return;
	x = schedule_factor(&t->schedule, at.epoch - first, at.iterations, (uint64_t)epochs * nn_run_steps(run));
	for (int i = 0; i < NN_LAYERS_MAX; i++)
		layer[i] = (float)(t->config.layer_lr[i] * x);
	nn_run_set_lr(run, t->config.lr * x, layer);
}

/* Trains the lane's net. epoch counts on from one phase to the next, so that no two have the same order. */
static int
lane_train(struct lane *l, const struct trial *x, const struct nn_set *set, int epochs, uint32_t *epoch)
{
	struct nn_run_config config = l->all->t->config;
	struct nn_cache *cache = lane_cache(l, set);
	struct nn_metrics sum = {0};
	struct nn_run *run;
	int rc = 0;

	config.seed = x->seed;
	config.epoch = *epoch;
	*epoch += (uint32_t)epochs;
	if ((run = nn_run_new(l->net, l->engine, &config, set, cache, &l->err)) == NULL)
		rc = -1;
	while (rc == 0 && nn_run_epoch(run) < *epoch) {
		uint64_t before = sum.count;

		lane_rate(l->all->t, run, config.epoch, epochs);
		if (lane_stopped(l))
			rc = NN_STOPPED;
		else
			rc = nn_run_step(run, &sum, &l->err);
		atomic_fetch_add(&l->all->images, sum.count - before);
		if (rc == 0 && !isfinite(sum.loss)) /* what comes of it is no number, and is said as such */
			break;
	}
	nn_run_free(run);
	nn_cache_free(cache);
	return rc;
}

/* Weights and flags with which a trial of a mode begins. */
static void
lane_begin(struct lane *l, const struct trial *x)
{
	const struct trials *t = l->all->t;
	int last = nn_net_count(l->net) - 1;
	bool own = !trial_has_source(x->mode);

	if (!own)
		memcpy(nn_net_weights_edit(l->net), t->source, nn_net_params(l->net) * sizeof *t->source);
	nn_net_changed(l->net);
	nn_net_init(l->net, own ? 0 : t->features, last, x->seed);
	nn_net_set_trainable(l->net, 0, last, true);
	if (x->mode == TRIAL_FROZEN || x->mode == TRIAL_RANDOM || x->mode == TRIAL_HEAD_FIRST)
		nn_net_set_trainable(l->net, 0, t->features - 1, false);
}

static int
lane_phases(struct lane *l, const struct trial *x, const struct nn_set *set)
{
	const struct trials *t = l->all->t;
	int last = nn_net_count(l->net) - 1, head = t->head_epochs < x->epochs ? t->head_epochs : x->epochs, rc;
	uint32_t epoch = 0;

	lane_begin(l, x);
	if (x->mode == TRIAL_HEAD_FIRST) {
		if ((rc = lane_train(l, x, set, head, &epoch)) != 0)
			return rc;
		nn_net_set_trainable(l->net, 0, last, true);
		return head < x->epochs ? lane_train(l, x, set, x->epochs - head, &epoch) : 0;
	}
	if ((rc = lane_train(l, x, set, x->epochs, &epoch)) != 0 || x->mode != TRIAL_SELFFER)
		return rc;
	nn_net_set_trainable(l->net, 0, t->features - 1, false);
	nn_net_init(l->net, t->features, last, x->seed);
	return lane_train(l, x, set, x->epochs, &epoch);
}

static int
lane_trial(struct lane *l, struct trial *x)
{
	const struct trials *t = l->all->t;
	struct selection sel;
	struct nn_metrics m = {0};
	struct err e = {0};
	int rc;

	if (selection_taken(&sel, t->train, &t->split, (struct selection_take){x->limit, true, x->seed}, &e) < 0) {
		nn_fail(&l->err, "%s", e.text);
		return -1;
	}
	if ((rc = lane_phases(l, x, &sel.set)) == 0)
		rc = nn_eval(l->net, l->engine, &l->all->test.set, NULL, &m, NULL, &l->err);
	selection_free(&sel);
	atomic_fetch_add(&l->all->images, m.count);
	x->loss = m.count > 0 && isfinite(m.loss) ? m.loss / (double)m.count : NAN;
	x->accuracy = m.count > 0 ? (double)m.correct / (double)m.count : NAN;
	if (rc == 0 && t->did != NULL) {
		pthread_mutex_lock(&l->all->told);
		t->did(t->did_arg, x);
		pthread_mutex_unlock(&l->all->told);
	}
	return rc;
}

static void *
lane_main(void *arg)
{
	struct lane *l = arg;
	int i;

	while (l->rc == 0 && !lane_stopped(l) && (i = atomic_fetch_add(&l->all->next, 1)) < l->all->t->n)
		l->rc = l->all->t->trial[i].done ? 0 : lane_trial(l, &l->all->t->trial[i]);
	if (l->rc < 0)
		atomic_store(&l->all->stop, true); /* the others need not go on */
	return NULL;
}

static int
lane_open(struct lane *l, struct lanes *all, bool caller)
{
	l->all = all;
	l->caller = caller;
	if ((l->net = nn_net_clone(all->t->net)) == NULL)
		return nn_lacks(&l->err, NN_LACK_MEMORY, "not enough memory for another net");
	if ((l->engine = nn_engine_new(1, all->t->kernels, &l->err)) == NULL)
		return -1;
	nn_engine_set_stop(l->engine, lane_stopped, l);
	nn_engine_set_give_up(l->engine, lane_gives_up, l);
	return 0;
}

static int
lanes_run(struct lanes *all, struct lane *lane, int n, struct err *e)
{
	int started = 1, rc = 0;

	for (int i = 0; i < n; i++)
		if (lane_open(&lane[i], all, i == 0) < 0)
			return fail_nn(e, &lane[i].err);
	/* a thread that cannot be had leaves its work to the others */
	while (started < n && nn_thread(&lane[started].thread, lane_main, &lane[started]) == 0)
		started++;
	lane_main(&lane[0]);
	for (int i = 1; i < started; i++)
		pthread_join(lane[i].thread, NULL);
	if (atomic_load(&all->stop))
		rc = NN_STOPPED;
	for (int i = 0; i < started; i++)
		if (lane[i].rc < 0)
			rc = fail_nn(e, &lane[i].err);
	return rc;
}

size_t
trials_images(const struct trials *t)
{
	size_t images = 0, n;

	for (int i = 0; i < t->n; i++) {
		n = t->trial[i].done ? 0 : t->trial[i].limit;
		images += n * (size_t)t->trial[i].epochs * (t->trial[i].mode == TRIAL_SELFFER ? 2 : 1);
	}
	return images;
}

int
trials_run(struct trials *t, struct err *e)
{
	struct lanes all = {.t = t, .told = PTHREAD_MUTEX_INITIALIZER};
	int n = t->threads < t->n ? t->threads : t->n, rc;
	struct lane *lane = xcalloc((size_t)n, sizeof *lane);

	rc = selection_make(&all.test, t->test, &t->split, 0, e);
	if (rc == 0)
		rc = lanes_run(&all, lane, n, e);
	for (int i = 0; i < n; i++) {
		nn_engine_free(lane[i].engine);
		nn_net_free(lane[i].net);
	}
	selection_free(&all.test);
	free(lane);
	return rc;
}
