/* score.c: what a run is scored by, on the worker: the validation of an epoch, what is watched, and the best epoch. */
#include "train/trainer_int.h"

#include <math.h>

/* Keeps what the validation has made of each image; without memory the last ones stay. */
static void
score_see(struct job *j, struct trainer *t, int epoch)
{
	struct predictions *p = t->probs == NULL ? NULL : predictions_new(&t->run->split, &t->test, t->probs,
	    nn_net_classes(t->net));

	if (p == NULL)
		return;
	p->run = t->run->number;
	p->epoch = epoch;
	pthread_mutex_lock(&j->lock);
	predictions_free(t->seen);
	t->seen = p;
	pthread_mutex_unlock(&j->lock);
}

static double
score_loss(const struct nn_metrics *m)
{
	return m->count > 0 ? m->loss / (double)m->count : NAN;
}

static double
score_accuracy(const struct nn_metrics *m)
{
	return m->count > 0 ? (double)m->correct / (double)m->count : NAN;
}

static int
score_watch(struct trainer *t, struct epoch_record *x)
{
	struct nn_metrics m = {0};
	int rc = t->watch.set.count > 0 ? nn_eval(t->net, t->engine, &t->watch.set, NULL, &m, NULL, &t->err) : 0;

	x->watch_accuracy = score_accuracy(&m);
	x->watch_loss = score_loss(&m);
	return rc < 0 ? -1 : rc == 0;
}

int
trainer_watched(struct job *j, struct trainer *t, const struct job_live *live)
{
	struct job_event ev = {.apply = trainer_on_watched, .number = live->epoch, .step = live->step};
	int rc;

	if (!t->run->by_batch || t->nwatched >= RUN_WATCHED || live->epoch > 1 || live->step < (uint32_t)t->nwatched)
		return 1;
	if ((rc = score_watch(t, &ev.record)) <= 0)
		return rc;
	ev.record.seconds = (double)live->step / live->steps; /* its place, in epochs */
	t->nwatched++;
	return job_post(j, &ev, &t->err) < 0 ? -1 : 1;
}

static int
score_validate(struct job *j, struct trainer *t, int number, struct epoch_record *x)
{
	struct nn_metrics m = {0};
	int rc;

	job_expect(j, t->test.count + t->watch.set.count);
	if ((rc = nn_eval(t->net, t->engine, &t->test, t->cache_test, &m, t->probs, &t->err)) != 0)
		return rc < 0 ? -1 : 0;
	score_see(j, t, number);
	x->val_accuracy = score_accuracy(&m);
	x->val_loss = score_loss(&m);
	rc = score_watch(t, x);
	job_expect(j, 0);
	return rc;
}

/* Whether the epoch is scored: it is its turn, or the run ends with it by what the batches have shown. */
static bool
score_due(const struct trainer *t, int number, const struct epoch_record *x)
{
	const struct run *r = t->run;
	struct goal_state peek = t->goal;

	goal_count(&r->goal, &peek, x, number);
	return number == t->epochs || (r->validate > 0 && number % r->validate == 0) ||
	    (r->goal_asked && peek.over);
}

int
trainer_score(struct job *j, struct trainer *t, int number, struct epoch_record *x, bool *best)
{
	int rc;

	x->val_accuracy = x->val_loss = x->watch_accuracy = x->watch_loss = NAN;
	if (score_due(t, number, x) && (rc = score_validate(j, t, number, x)) <= 0)
		return rc;
	*best = goal_count(&t->run->goal, &t->goal, x, number);
	if (*best && t->best != NULL) {
		weights_fill(t->best, nn_net_weights(t->net));
		t->best_there = true;
	}
	return 1;
}

void
trainer_best_back(struct trainer *t)
{
	if (t->best == NULL || !t->best_there)
		return;
	weights_get(t->best, nn_net_weights_edit(t->net));
	nn_net_changed(t->net);
}
