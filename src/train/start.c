/* start.c: starts a run. The worker needs nothing of the session but what is taken from it here. */
#include "train/start.h"

#include "past/layered.h"
#include "past/left.h"
#include "session/made.h"
#include "train/trainer_int.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static char *
trainer_frozen(const struct nn_net *net)
{
	struct str b = {0};

	str_add(&b, "%s", "");
	for (int i = 0; i < nn_net_count(net); i++)
		if (nn_net_layer(net, i)->params > 0 && !nn_net_layer(net, i)->trainable)
			str_add(&b, "%s%s", b.n > 0 ? " " : "", nn_net_layer(net, i)->name);
	return b.s;
}

/* Which layers a reset, a load or an undo has changed since the run before. */
static uint64_t
trainer_anew(const struct nn_net *net, const struct run *last, const struct run *run)
{
	uint64_t anew = 0;

	for (int i = 0; last != NULL && last->weights != NULL && i < nn_net_count(net); i++) {
		const struct nn_layer *l = nn_net_layer(net, i);
		const float *left = l->params > 0 ? weights_layer(last->weights, l->offset) : NULL;

		if (left != NULL && memcmp(left, weights_layer(run->before, l->offset), l->params * sizeof *left) != 0)
			anew |= (uint64_t)1 << i;
	}
	return anew;
}

/* Takes what the worker needs, with the slots of a run that is gone on with. */
static struct trainer *
trainer_new(struct session *s, struct run *run, const struct trainer_how *how, struct err *e)
{
	struct trainer *t = xcalloc(1, sizeof *t);

	if (run->watch.kind != SPLIT_NONE && selection_make(&t->watch, &s->data.set->test, &run->watch, 0, e) < 0) {
		free(t);
		return NULL;
	}
	t->run = run;
	t->net = s->model.net;
	t->engine = s->compute.engine;
	t->test_images = &s->data.set->test.images;
	t->hashed = s->ran != NULL || s->store.own ? s->data.set : NULL;
	t->watched = s->user.host != NULL && s->user.host->is_screen;
	t->train = s->compute.sets.train.set;
	t->test = s->compute.sets.test.set;
	t->epochs = run->epochs;
	t->done = run->nepoch;
	t->nwatched = run->nwatched;
	t->goal = goal_after(&run->goal, run->epoch, run->nepoch);
	t->keep = run->foreign ? NULL : how->keep;
	t->then = how->then;
	t->resume = how->resume;
	t->want_cache = how->cache;
	t->cache_limit = settings_cache_limit(&s->set, compute_cache_bytes(&s->compute));
	t->config = run->config;
	t->lr = turn_last(run);
	trainer_lr_now(t, &t->lr);
	t->guard_due = s->guard != NULL ? s->user.guard.due : INFINITY;
	t->params = nn_net_params(t->net);
	if (t->resume) {
		t->state = run->state;
		t->best = run->best;
		t->best_there = run->best != NULL;
		run->best = NULL;
		t->partial = run->partial;
		t->partial_seconds = run->partial_seconds;
		trainer_move_slots(t->slot, run->slot);
	} else if (run->slots[0] != '\0') {
		t->state = (struct nn_run_state){.epoch = run->config.epoch, .iterations = run->slots_steps};
		for (int k = 0; k < NN_SLOTS_MAX; k++)
			t->loaded[k] = s->slots.slot[k];
	}
	t->cache_train = s->compute.cache_train;
	t->cache_test = s->compute.cache_test;
	s->compute.cache_train = s->compute.cache_test = NULL;
	return t;
}

/* What a record says of the session that a run begins in. */
static void
trainer_made_with(struct session *s, struct run *run)
{
	free(run->data);
	free(run->kernels);
	free(run->frozen);
	run->data = xstrdup(s->data.name);
	run->set = s->data.set->serial;
	run->kernels = xstrdup(nn_engine_kernels(s->compute.engine));
	run->frozen = trainer_frozen(s->model.net);
	run_layered(run, s->model.net, s->model.features);
	run->params = nn_net_params(s->model.net);
	run->trainable = nn_net_trainable(s->model.net);
}

/* What a run that goes on finds other than it was left, with where that is. The caller's; NULL: nothing. */
static char *
trainer_meanwhile(const struct run *r, const struct nn_net *net, const char *data, const char *kernels)
{
	char *did = run_left_changes(r, net, kernels), *all = NULL;
	bool elsewhere = strcmp(r->left != NULL ? r->left->data : r->data, data) != 0;
	uint32_t batch;
	int epoch;

	if ((did != NULL || elsewhere) && run_left_at(r, &epoch, &batch))
		all = xasprintf("epoch %d, batch %u: %s%s%s%s", epoch, batch, did != NULL ? did : "", did != NULL &&
		    elsewhere ? ", " : "", elsewhere ? "data " : "", elsewhere ? data : "");
	free(did);
	return all;
}

int
trainer_start(struct session *s, struct run *run, const struct trainer_how *how, struct err *e)
{
	struct nn_engine *engine = session_engine(s, e);
	struct nn_net *net = session_net(s, e);
	struct job_work work;
	struct trainer *t;

	if (engine == NULL || net == NULL || session_store(s, true, e) < 0)
		return -1;
	if (run->before == NULL && (run->before = weights_keep(net, nn_net_weights(net), &s->kept, e)) == NULL)
		return -1;
	if (!how->resume) {
		run->anew = trainer_anew(net, runs_last(&s->runs), run);
		run->uncached = !how->cache;
	}
	if ((t = trainer_new(s, run, how, e)) == NULL)
		return -1;
	if (how->resume)
		t->meanwhile = trainer_meanwhile(run, net, s->data.name, nn_engine_kernels(engine));
	else {
		trainer_made_with(s, run);
		runs_add(&s->runs, run);
		s->runs.asked = s->set.run;
	}
	if (run->set != s->data.set->serial) { /* it goes on with others: they are several */
		run->set = 0;
		free(run->sums);
		run->sums = NULL;
	}
	run->threads = nn_engine_threads(engine);
	work = (struct job_work){.command = how->command, .body = trainer_body, .over = trainer_over,
	    .stepped = trainer_on_step, .work = t, .run = run, .verbose = how->verbose,
	    .attended = s->user.interactive || s->user.async, .lively = s->user.async || s->out->moving};
	if (job_start(&s->worker, s, &work, e) == 0)
		return 0;
	s->compute.cache_train = t->cache_train;
	s->compute.cache_test = t->cache_test;
	if (how->resume)
		trainer_give_back(t);
	else
		runs_take_back(&s->runs);
	trainer_free(t);
	return -1;
}

bool
trainer_lr(const struct session *s, struct turn *x)
{
	const struct trainer *t;

	if (s->worker.job == NULL || s->worker.job->view.run == NULL)
		return false;
	t = s->worker.job->work;
	pthread_mutex_lock(&s->worker.job->lock);
	*x = t->lr;
	pthread_mutex_unlock(&s->worker.job->lock);
	return true;
}

void
trainer_set_lr(struct session *s, const bool *pick, const char *said)
{
	struct trainer *t;
	char *before;

	if (s->worker.job == NULL || s->worker.job->view.run == NULL)
		return;
	t = s->worker.job->work;
	if (pick == NULL)
		s->runs.asked.lr = s->set.run.lr;
	pthread_mutex_lock(&s->worker.job->lock);
	before = t->lr_said;
	t->lr_said = before != NULL ? xasprintf("%s, %s", before, said) : xstrdup(said);
	free(before);
	for (int i = 0; i < NN_LAYERS_MAX; i++)
		if (pick == NULL || pick[i])
			t->lr.layer_lr[i] = s->set.run.layer_lr[i];
	if (pick == NULL) {
		t->lr.lr = settings_lr(&s->set);
		t->lr.schedule = s->set.schedule;
	}
	t->lr_asked = true;
	pthread_mutex_unlock(&s->worker.job->lock);
}
