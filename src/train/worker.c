/* worker.c: the worker's side of a run: the loop over epochs and batches. */
#include "train/trainer_int.h"
#include "util/sha256.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct nn_cache *
trainer_cache(struct trainer *t, struct nn_cache *have, const struct nn_set *set, size_t limit, bool *stopped)
{
	struct nn_cache *c;
	struct nn_err why;
	int rc;

	if (have != NULL && nn_cache_valid(have, t->net, set))
		return have;
	nn_cache_free(have);
	rc = nn_cache_new(&c, t->net, t->engine, set, limit, &why);
	if (rc == NN_STOPPED)
		*stopped = true;
	else if (rc != 0)
		t->cache_bound = nn_cache_bound(t->net, set);
	return c;
}

/* Whether `now` has changed flags, so that what is being cached is of the wrong part of the net. */
static bool
trainer_vain(struct job *j)
{
	const struct trainer *t = j->work;

	return t->cut >= 0 && nn_cache_cut(t->net) != t->cut;
}

static void
trainer_caches_free(struct trainer *t)
{
	nn_cache_free(t->cache_train);
	nn_cache_free(t->cache_test);
	t->cache_train = t->cache_test = NULL;
}

/* Returns false when it was stopped meanwhile. */
static bool
trainer_caches(struct job *j, struct trainer *t)
{
	double began = job_now();
	bool stopped, there = t->cache_train != NULL && t->cache_test != NULL;
	size_t used;

	j->vain = trainer_vain;
	do {
		stopped = false;
		t->cut = t->want_cache ? nn_cache_cut(t->net) : -1;
		if (t->cut < 0) {
			trainer_caches_free(t);
			return true;
		}
		job_expect(j, t->train.count + t->test.count);
		t->cache_train = trainer_cache(t, t->cache_train, &t->train, t->cache_limit, &stopped);
		if (t->cache_train == NULL)
			trainer_caches_free(t);
		else {
			used = nn_cache_bytes(t->cache_train);
			t->cache_test = trainer_cache(t, t->cache_test, &t->test,
			    used < t->cache_limit ? t->cache_limit - used : 1, &stopped);
			t->cache_bound = 0; /* only the training images count, since validation is small */
		}
	} while (trainer_vain(j) && !atomic_load(&j->stop));
	t->cut = -1;
	t->cache_seconds = there ? 0 : job_now() - began;
	job_expect(j, 0);
	return !stopped;
}

/* Predicts the images that a person looks at. */
static void
trainer_predict(struct job *j, struct trainer *t)
{
	uint32_t *index = NULL;
	size_t n;
	uint64_t version;
	float *probs;
	struct nn_set set;
	struct nn_metrics m = {0};
	struct nn_err ignored;

	pthread_mutex_lock(&j->lock);
	n = j->nshow;
	version = j->show_version;
	if (n > 0 && (index = malloc(n * sizeof *index)) != NULL)
		memcpy(index, j->show, n * sizeof *index);
	pthread_mutex_unlock(&j->lock);
	if (index == NULL) /* without memory the digits stay as they were shown */
		return;
	set = (struct nn_set){.images = t->test_images, .index = index, .count = n};
	probs = malloc(n * (size_t)nn_net_classes(t->net) * sizeof *probs);
	if (probs != NULL && nn_eval(t->net, t->engine, &set, NULL, &m, probs, &ignored) == 0) {
		pthread_mutex_lock(&j->lock);
		free(j->shown);
		j->shown = probs;
		j->shown_of = version;
		probs = NULL;
		pthread_mutex_unlock(&j->lock);
	}
	free(probs);
	free(index);
}

/* What a person looks at, ten times a second. */
static void
trainer_show(struct job *j, struct trainer *t, const struct job_live *live, double now, bool force)
{
	if (!force && now - t->shown_at < 0.1)
		return;
	t->shown_at = now;
	trainer_predict(j, t);
	job_see(j, t->net, t->engine, live);
}

/* Rates that were asked for, and those of the schedule, from the next batch on. */
static void
trainer_turn(struct job *j, struct trainer *t, struct nn_run *run, const struct job_live *live)
{
	struct nn_run_state at = nn_run_state(run);
	float layer[NN_LAYERS_MAX];
	struct nn_err ignored;
	bool asked;
	double x;

	pthread_mutex_lock(&j->lock);
	if ((asked = t->lr_asked)) {
		trainer_lr_now(t, &t->lr);
		trainer_lr_did(t, live->epoch, live->step + 1);
	}
	pthread_mutex_unlock(&j->lock);
	if (asked) /* what is not posted waits for the end */
		job_post(j, &(struct job_event){.apply = trainer_on_lr}, &ignored);
	if (!asked && t->schedule.kind == SCHEDULE_NONE)
		return;
	x = schedule_factor(&t->schedule, at.epoch - t->run->first_epoch, at.iterations - t->run->slots_steps,
	    (uint64_t)t->epochs * nn_run_steps(run));
	for (int i = 0; i < NN_LAYERS_MAX; i++)
		layer[i] = (float)(t->config.layer_lr[i] * x);
	nn_run_set_lr(run, t->config.lr * x, layer);
}

/* A pause counts neither for the pace nor for the times. */
static bool
trainer_between(struct job *j, struct trainer *t, struct job_live *live, bool counted)
{
	bool on = job_between(j, counted);
	double halted = job_halted(j);

	progress_pace_halt(&live->pace, halted);
	t->halted += halted;
	return on;
}

/* A loss far above that of guessing is said when it comes, once a run: what follows may look harmless again. */
static int
trainer_watch(struct job *j, struct trainer *t, const struct job_live *live, double loss)
{
	double guess = log(nn_net_classes(t->net));

	if (t->exploded || !(loss > 20 * guess) || guess <= 0)
		return 0;
	t->exploded = true;
	return job_post(j, &(struct job_event){.apply = trainer_on_explosion, .number = live->epoch, .step = live->step,
	    .record = {.loss = loss}}, &t->err);
}

/* Does the rest of an epoch's batches. Returns 1 when they are done, 0 when it was stopped, -1 on an error. */
static int
trainer_steps(struct job *j, struct trainer *t, struct nn_run *run, struct job_live *live)
{
	struct nn_metrics before;
	struct batch_point point;
	uint32_t epoch = nn_run_epoch(run);
	double now;
	size_t n;
	int rc;

	while (nn_run_epoch(run) == epoch) {
		if (!trainer_between(j, t, live, false))
			return 0;
		if ((rc = trainer_watched(j, t, live)) <= 0)
			return rc;
		trainer_turn(j, t, run, live);
		before = live->sum;
		if ((rc = nn_run_step(run, &live->sum, &t->err)) != 0)
			return rc == NN_STOPPED ? 0 : -1;
		live->step++;
		now = job_now();
		progress_pace_step(&live->pace, now, live->step, live->step == live->steps);
		n = live->sum.count - before.count;
		point = (struct batch_point){
			.x = (float)(live->epoch - 1 + (double)live->step / live->steps),
			.loss = n > 0 ? (float)((live->sum.loss - before.loss) / n) : NAN,
			.accuracy = n > 0 ? (float)((double)(live->sum.correct - before.correct) / n) : NAN,
		};
		if (job_publish(j, live, &point, &t->err) < 0 || trainer_watch(j, t, live, point.loss) < 0)
			return -1;
		if (!isfinite(live->sum.loss)) {
			t->invalid = live->step;
			return 1;
		}
		trainer_show(j, t, live, now, job_stands(j)); /* what a pause leaves in view is of its moment */
		trainer_between(j, t, live, true);
	}
	return 1;
}

/* Whether there is time to keep what a kill would lose, before the next epoch. */
static bool
trainer_guards(const struct trainer *t, int number)
{
	return number < t->epochs && !(t->run->goal_asked && t->goal.over) && job_now() >= t->guard_due;
}

/* Does one epoch and its validation. Returns what trainer_steps returns. */
static int
trainer_epoch(struct job *j, struct trainer *t, struct nn_run *run, struct job_live *live, int number,
    bool validate_only)
{
	double began = job_now(), halted = t->halted;
	struct job_event ev = {.apply = trainer_on_epoch, .number = number};
	int rc;

	live->phase = JOB_TRAIN;
	live->epoch = number;
	live->steps = nn_run_steps(run);
	live->step = validate_only ? live->steps : nn_run_at(run);
	live->sum = t->partial;
	progress_pace_begin(&live->pace, began);
	live->pace.from = validate_only ? 0 : live->step;
	if (job_publish(j, live, NULL, &t->err) < 0 ||
	    job_post(j, &(struct job_event){.apply = trainer_on_epoch_begin, .number = number}, &t->err) < 0)
		return -1;
	if (!validate_only && ((rc = trainer_steps(j, t, run, live)) <= 0 || t->invalid > 0)) {
		t->partial = live->sum;
		return rc;
	}
	t->partial = live->sum;
	live->phase = JOB_VALIDATE;
	job_publish(j, live, NULL, &t->err);
	ev.record.accuracy = live->sum.count > 0 ? (double)live->sum.correct / live->sum.count : NAN;
	ev.record.loss = live->sum.count > 0 ? live->sum.loss / live->sum.count : NAN;
	if ((rc = trainer_score(j, t, number, &ev.record, &ev.best)) <= 0)
		return rc;
	trainer_show(j, t, live, 0, true);
	live->pace.now = job_now();
	ev.step = live->steps;
	ev.pace = live->pace;
	ev.record.seconds = t->partial_seconds + live->pace.now - began - (t->halted - halted);
	ev.best &= t->run->checkpoint != NULL && t->keep != NULL;
	if ((ev.guard = trainer_guards(t, number))) {
		nn_run_slot(run, 0); /* makes the net and the slots what they are */
		t->going = run;
	}
	if (job_post(j, &ev, &t->err) < 0)
		return -1;
	if (ev.best || ev.guard) /* the session's thread writes them meanwhile */
		job_await(j);
	t->going = NULL;
	memset(&t->partial, 0, sizeof t->partial);
	return 1;
}

/* What the run leaves has its memory before it begins. */
static int
trainer_room(struct trainer *t)
{
	size_t probs = t->test.count * (size_t)nn_net_classes(t->net);
	bool there = (t->weights != NULL || (t->weights = weights_new(t->net)) != NULL) &&
	    (!t->run->goal_asked || t->best != NULL || (t->best = weights_new(t->net)) != NULL);

	if (t->watched && t->probs == NULL)
		t->probs = malloc(probs * sizeof *t->probs);
	for (int k = 0; k < t->config.optimizer->nslots; k++)
		there &= t->kept[k] != NULL || (t->kept[k] = malloc(t->params * sizeof *t->kept[k])) != NULL;
	return there ? 0 : nn_lacks(&t->err, NN_LACK_MEMORY, "not enough memory for copies of the %zu weights",
	    t->params);
}

/* A cache only saves time: where it leaves too little for the run, it goes. */
static struct nn_run *
trainer_run(struct trainer *t)
{
	struct nn_run *run = nn_run_new(t->net, t->engine, &t->config, &t->train, t->cache_train, &t->err);

	if (run != NULL && trainer_room(t) == 0)
		return run;
	nn_run_free(run);
	if (t->cache_train == NULL)
		return NULL;
	t->cache_bound = nn_cache_bound(t->net, &t->train);
	trainer_caches_free(t);
	return trainer_run(t);
}

static void
trainer_keep(struct trainer *t, struct nn_run *run)
{
	t->state = nn_run_state(run);
	for (int k = 0; t->interrupted && k < t->config.optimizer->nslots; k++) {
		t->slot[k] = memcpy(t->kept[k], nn_run_slot(run, k), t->params * sizeof *t->kept[k]);
		t->kept[k] = NULL;
	}
}

/* A run that was interrupted, and one that begins with the slots of a file, have them from elsewhere. */
static int
trainer_restore(struct trainer *t, struct nn_run *run)
{
	if (t->resume)
		return nn_run_restore(run, &t->state, (const float *const *)t->slot, &t->err);
	return t->run->slots[0] != '\0' ? nn_run_restore(run, &t->state, t->loaded, &t->err) : 0;
}

void
trainer_body(struct job *j)
{
	struct trainer *t = j->work;
	struct job_live live = {.phase = JOB_CACHE, .epoch = t->done + 1, .part = NAN};
	struct nn_run *run;
	bool pending;
	int rc = 1, done = t->done;

	if (t->hashed != NULL) /* first, so that an interrupt later leaves a run that can be kept */
		dataset_hash(t->hashed, &(struct err){0});
	progress_pace_begin(&live.pace, job_now());
	job_publish(j, &live, NULL, &t->err);
	if (!t->resume)
		sha256_hex(nn_net_weights(t->net), t->params * sizeof(float), t->begun);
	t->rc = 0;
	t->began = job_now();
	if (!trainer_caches(j, t))
		return;
	t->rc = -1;
	if ((run = trainer_run(t)) == NULL)
		return;
	pending = t->resume && t->state.step == 0 && t->partial.count > 0;
	if (trainer_restore(t, run) < 0 ||
	    job_post(j, &(struct job_event){.apply = trainer_on_start}, &t->err) < 0) {
		nn_run_free(run);
		return;
	}
	for (int k = 0; k < NN_SLOTS_MAX; k++) {
		free(t->slot[k]);
		t->slot[k] = NULL;
	}
	t->started = true;
	trainer_show(j, t, &live, 0, true);
	while (done < t->epochs && rc > 0 && t->invalid == 0 && !(t->run->goal_asked && t->goal.over)) {
		double began = job_now(), halted = t->halted;

		rc = trainer_epoch(j, t, run, &live, done + 1, pending);
		t->partial_seconds = rc > 0 ? 0 : t->partial_seconds + job_now() - began - (t->halted - halted);
		pending = false;
		done += rc > 0;
	}
	t->rc = rc < 0 ? -1 : 0;
	t->interrupted = rc == 0;
	trainer_keep(t, run);
	nn_run_free(run);
	if (rc != 0)
		trainer_best_back(t);
	t->seconds = job_now() - t->began - t->halted;
	weights_fill(t->weights, nn_net_weights(t->net));
	sha256_hex(nn_net_weights(t->net), t->params * sizeof(float), t->sha256);
}
