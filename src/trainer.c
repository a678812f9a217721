/* trainer.c: a training run as a job: the worker's loop over epochs and batches, and what the session's thread does with its events.
 *
 * The worker touches the net, the engine, the caches it was given and the sets, which stand still meanwhile; everything of the
 * session changes in the functions that are applied on the session's thread. An interrupted run keeps the optimizer's slots and
 * the counters, so that going on gives the bits that it would have given at once.
 */
#include "trainer.h"
#include "job_int.h"
#include "report.h"
#include "util/sha256.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct trainer {
	struct run *run;
	struct nn_net *net;
	struct nn_engine *engine;
	const struct nn_images *test_images; /* of the shown ones */
	struct nn_set train, test; /* of s->sets */
	struct selection watch; /* test images of another split; count 0: none */
	int epochs, done; /* records that the run had when it was started */
	bool resume, want_cache, started;
	size_t cache_limit;
	struct nn_cache *cache_train, *cache_test;
	int cut; /* of the cache that is being filled, -1: none is */
	size_t cache_bound; /* of a cache that did not fit, 0: it fitted or was not wanted */
	struct nn_run_config config;
	double shown_at;
	double halted; /* seconds of pauses */
	/* a rate that was asked for meanwhile, under the job's lock */
	bool lr_asked;
	double lr;
	float layer_lr[NN_LAYERS_MAX];

	/* what came of it, read when the worker has ended */
	int rc;
	struct nn_err err;
	bool interrupted, no_memory;
	uint32_t invalid; /* the batch whose loss was not finite, 0: none */
	struct nn_run_state state;
	struct nn_metrics partial;
	float *slot[NN_SLOTS_MAX], *weights;
	size_t params;
	char sha256[65];
	double seconds;
};

/* ---- events, on the session's thread ---- */

static void
trainer_on_start(struct job *j, struct job_event *ev)
{
	struct trainer *t = j->work;
	struct session *s = j->session;
	char a[32], b[32];

	t->run->cached = t->cache_train != NULL;
	t->run->cache_bytes = t->cache_train != NULL ? nn_cache_bytes(t->cache_train) : 0;
	if (t->cache_test != NULL)
		t->run->cache_bytes += nn_cache_bytes(t->cache_test);
	report_run(s, t->run);
	s->model.trained = s->last_split = t->run->split;
	if (t->cache_bound > 0)
		out_note(s->out, "the outputs of the frozen layers would need up to %s, more than cache.limit (%s): training goes on uncached, with the same bits",
		    text_bytes(a, t->cache_bound), text_bytes(b, t->cache_limit));
}

static void
trainer_on_epoch_begin(struct job *j, struct job_event *ev)
{
	report_epoch_begin(j->session, ev->number, j->view.epochs, j->view.verbose);
}

static void
trainer_on_epoch(struct job *j, struct job_event *ev)
{
	struct session *s = j->session;
	struct run *r = j->view.run;

	r->epoch = xrealloc(r->epoch, r->nepoch + 1, sizeof *r->epoch);
	r->epoch[r->nepoch++] = ev->record;
	s->results.epoch = true;
	s->results.loss = ev->record.loss;
	s->results.accuracy = ev->record.accuracy;
	s->results.val_loss = ev->record.val_loss;
	s->results.val_accuracy = ev->record.val_accuracy;
	out_progress(s->out, NULL);
	report_epoch(s, r, r->nepoch, ev->step, &ev->pace, j->view.verbose);
}

static void
trainer_free(struct trainer *t)
{
	int k;

	for (k = 0; k < NN_SLOTS_MAX; k++)
		free(t->slot[k]);
	selection_free(&t->watch);
	free(t->weights);
	free(t);
}

/* The run did not even begin: as if it had not been asked for. */
static void
trainer_unstarted(struct session *s, struct trainer *t)
{
	int k;

	for (k = 0; t->resume && k < NN_SLOTS_MAX; k++) {
		t->run->slot[k] = t->slot[k];
		t->slot[k] = NULL;
	}
	if (t->resume)
		return;
	s->nruns--;
	run_free(t->run);
}

static void
trainer_over(struct job *j)
{
	struct trainer *t = j->work;
	struct session *s = j->session;
	struct run *r = t->run;
	struct err e = {0};
	int k;

	out_progress(s->out, NULL);
	s->cache_train = t->cache_train;
	s->cache_test = t->cache_test;
	if (!t->started) {
		if (t->rc < 0)
			fail(&e, "%s", t->err.text);
		else
			out_text(s->out, "interrupted before the first batch; nothing has changed");
		trainer_unstarted(s, t);
	} else {
		r->interrupted = t->interrupted;
		r->state = t->state;
		r->partial = t->partial;
		r->seconds += t->seconds;
		for (k = 0; k < NN_SLOTS_MAX; k++) {
			free(r->slot[k]);
			r->slot[k] = t->slot[k];
			t->slot[k] = NULL;
		}
		free(r->weights);
		r->weights = t->weights;
		t->weights = NULL;
		memcpy(r->sha256, t->sha256, sizeof r->sha256);
		s->next_epoch = t->state.epoch + (t->state.step > 0);
		s->results.run = true;
		s->results.epochs = r->nepoch;
		s->results.seconds = r->seconds;
		if (t->invalid > 0)
			out_text(s->out, "Batch %u: Invalid loss, terminating training", t->invalid);
		if (t->rc < 0)
			fail(&e, "%s", t->err.text);
		else
			report_end(s, r, t->invalid > 0);
		if (t->invalid > 0)
			fail(&e, "the loss is not a number any more; `reset` and train with a lower lr");
	}
	trainer_free(t);
	if (e.text[0] != '\0')
		session_job_failed(s, j->command, &e);
}

/* ---- the worker ---- */

static struct nn_cache *
trainer_cache(struct trainer *t, struct nn_cache *have, const struct nn_set *set, size_t limit, bool *stopped)
{
	struct nn_err why = {""};
	struct nn_cache *c;

	if (have != NULL && nn_cache_valid(have, t->net, set))
		return have;
	nn_cache_free(have);
	if ((c = nn_cache_new(t->net, t->engine, set, limit, &why)) != NULL)
		return c;
	if (strcmp(why.text, "stopped") == 0)
		*stopped = true;
	else
		t->cache_bound = nn_cache_bound(t->net, set);
	return NULL;
}

/* What is being kept is of another part of the net by now: `now` has set flags. */
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

/* False: stopped meanwhile. */
static bool
trainer_caches(struct job *j, struct trainer *t)
{
	bool stopped;
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
			t->cache_test = trainer_cache(t, t->cache_test, &t->test, used < t->cache_limit ? t->cache_limit - used : 1, &stopped);
			t->cache_bound = 0; /* the training images count; validation is small */
		}
	} while (trainer_vain(j) && !atomic_load(&j->stop));
	t->cut = -1;
	job_expect(j, 0);
	return !stopped;
}

/* Predictions of the images that someone looks at. */
static void
trainer_show(struct job *j, struct trainer *t, double now, bool force)
{
	uint32_t *index = NULL;
	size_t n;
	uint64_t version;
	float *probs;
	struct nn_set set;
	struct nn_metrics m = {0};
	struct nn_err ignored;

	if (!force && now - t->shown_at < 0.1)
		return;
	pthread_mutex_lock(&j->lock);
	n = j->nshow;
	version = j->show_version;
	if (n > 0)
		index = memcpy(xmalloc(n * sizeof *index), j->show, n * sizeof *index);
	pthread_mutex_unlock(&j->lock);
	t->shown_at = now;
	if (n == 0)
		return;
	set = (struct nn_set){.images = t->test_images, .index = index, .count = n};
	probs = xmalloc(n * nn_net_classes(t->net) * sizeof *probs);
	if (nn_eval(t->net, t->engine, &set, NULL, &m, probs, &ignored) == 0) {
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

static void
trainer_lr(struct job *j, struct trainer *t, struct nn_run *run)
{
	pthread_mutex_lock(&j->lock);
	if (t->lr_asked)
		nn_run_set_lr(run, t->lr, t->layer_lr);
	t->lr_asked = false;
	pthread_mutex_unlock(&j->lock);
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

/* The batches of an epoch from the one that is next. Returns 1 when they are done, 0 to stop, -1 on an error. */
static int
trainer_steps(struct job *j, struct trainer *t, struct nn_run *run, struct job_live *live)
{
	struct nn_metrics before;
	struct batch_point point;
	uint32_t epoch = nn_run_epoch(run);
	double now;
	size_t n;

	while (nn_run_epoch(run) == epoch) {
		if (!trainer_between(j, t, live, false))
			return 0;
		trainer_lr(j, t, run);
		before = live->sum;
		if (nn_run_step(run, &live->sum, &t->err) < 0)
			return -1;
		live->step++;
		now = job_now();
		progress_pace_step(&live->pace, now, live->step, live->step == live->steps);
		n = live->sum.count - before.count;
		point = (struct batch_point){
			.x = (float)(live->epoch - 1 + (double)live->step / live->steps),
			.loss = n > 0 ? (float)((live->sum.loss - before.loss) / n) : NAN,
			.accuracy = n > 0 ? (float)((double)(live->sum.correct - before.correct) / n) : NAN,
		};
		job_publish(j, live, &point);
		if (!isfinite(live->sum.loss)) {
			t->invalid = live->step;
			return 1;
		}
		trainer_show(j, t, now, false);
		trainer_between(j, t, live, true);
	}
	return 1;
}

/* One epoch and its validation. Returns as trainer_steps. */
static int
trainer_epoch(struct job *j, struct trainer *t, struct nn_run *run, struct job_live *live, int number, bool validate_only)
{
	struct nn_metrics val = {0}, watch = {0};
	struct job_event *ev;
	double began = job_now(), halted = t->halted;
	int rc;

	live->phase = JOB_TRAIN;
	live->epoch = number;
	live->steps = nn_run_steps(run);
	live->step = validate_only ? live->steps : nn_run_at(run);
	live->sum = t->partial;
	progress_pace_begin(&live->pace, began);
	live->pace.from = validate_only ? 0 : live->step;
	job_publish(j, live, NULL);
	ev = job_event_new(trainer_on_epoch_begin);
	ev->number = number;
	job_post(j, ev);
	if (!validate_only && ((rc = trainer_steps(j, t, run, live)) <= 0 || t->invalid > 0)) {
		t->partial = live->sum;
		return rc;
	}
	t->partial = live->sum;
	live->phase = JOB_VALIDATE;
	job_publish(j, live, NULL);
	job_expect(j, t->test.count + t->watch.set.count);
	rc = nn_eval(t->net, t->engine, &t->test, t->cache_test, &val, NULL, &t->err);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (t->watch.set.count > 0 && (rc = nn_eval(t->net, t->engine, &t->watch.set, NULL, &watch, NULL, &t->err)) != 0)
		return rc < 0 ? -1 : 0;
	job_expect(j, 0);
	trainer_show(j, t, 0, true);
	live->pace.now = job_now();
	ev = job_event_new(trainer_on_epoch);
	ev->number = number;
	ev->step = live->steps;
	ev->pace = live->pace;
	ev->record = (struct epoch_record){
		.accuracy = live->sum.count > 0 ? (double)live->sum.correct / live->sum.count : NAN,
		.loss = live->sum.count > 0 ? live->sum.loss / live->sum.count : NAN,
		.val_accuracy = val.count > 0 ? (double)val.correct / val.count : NAN,
		.val_loss = val.count > 0 ? val.loss / val.count : NAN,
		.watch_accuracy = watch.count > 0 ? (double)watch.correct / watch.count : NAN,
		.watch_loss = watch.count > 0 ? watch.loss / watch.count : NAN,
		.seconds = live->pace.now - began - (t->halted - halted),
	};
	job_post(j, ev);
	memset(&t->partial, 0, sizeof t->partial);
	return 1;
}

static void
trainer_keep(struct trainer *t, struct nn_run *run)
{
	const float *slot;
	int k;

	t->state = nn_run_state(run);
	for (k = 0; t->interrupted && k < t->config.optimizer->nslots; k++) {
		slot = nn_run_slot(run, k);
		t->slot[k] = malloc(t->params * sizeof *slot);
		if (t->slot[k] == NULL) {
			t->no_memory = true;
			break;
		}
		memcpy(t->slot[k], slot, t->params * sizeof *slot);
	}
}

static void
trainer_body(struct job *j)
{
	struct trainer *t = j->work;
	struct job_live live = {.phase = JOB_CACHE, .epoch = t->done + 1, .part = NAN};
	const float *slots[NN_SLOTS_MAX] = {NULL};
	struct nn_run *run;
	double began;
	bool pending;
	int rc = 1, k, done = t->done;

	progress_pace_begin(&live.pace, job_now());
	job_publish(j, &live, NULL);
	t->rc = 0;
	began = job_now();
	if (!trainer_caches(j, t))
		return;
	if ((run = nn_run_new(t->net, t->engine, &t->config, &t->train, t->cache_train, &t->err)) == NULL) {
		t->rc = -1;
		return;
	}
	pending = t->resume && t->state.step == 0 && t->partial.count > 0;
	if (t->resume) {
		for (k = 0; k < NN_SLOTS_MAX; k++)
			slots[k] = t->slot[k];
		if (nn_run_restore(run, &t->state, slots, &t->err) < 0) {
			nn_run_free(run);
			t->rc = -1;
			return;
		}
		for (k = 0; k < NN_SLOTS_MAX; k++) {
			free(t->slot[k]);
			t->slot[k] = NULL;
		}
	}
	t->started = true;
	job_post(j, job_event_new(trainer_on_start));
	trainer_show(j, t, 0, true);
	while (done < t->epochs && rc > 0 && t->invalid == 0) {
		rc = trainer_epoch(j, t, run, &live, done + 1, pending);
		pending = false;
		done += rc > 0;
	}
	t->rc = rc < 0 ? -1 : 0;
	t->interrupted = rc == 0;
	trainer_keep(t, run);
	nn_run_free(run);
	t->seconds = job_now() - began - t->halted;
	t->weights = malloc(t->params * sizeof *t->weights);
	if (t->weights != NULL)
		memcpy(t->weights, nn_net_weights(t->net), t->params * sizeof *t->weights);
	sha256_hex(nn_net_weights(t->net), t->params * sizeof *t->weights, t->sha256);
}

/* ---- starting and steering ---- */

static char *
trainer_frozen(const struct nn_net *net)
{
	struct str b = {0};
	int i;

	str_add(&b, "%s", "");
	for (i = 0; i < nn_net_count(net); i++)
		if (nn_net_layer(net, i)->params > 0 && !nn_net_layer(net, i)->trainable)
			str_add(&b, "%s%s", b.n > 0 ? " " : "", nn_net_layer(net, i)->name);
	return b.s;
}

int
trainer_start(struct session *s, const char *command, struct run *run, bool resume, bool cache, int verbose, struct err *e)
{
	struct nn_engine *engine = session_engine(s, e);
	struct nn_net *net = session_net(s, e);
	struct trainer *t;
	int k;

	if (engine == NULL || net == NULL)
		return -1;
	t = xcalloc(1, sizeof *t);
	if (run->watch.kind != SPLIT_NONE && selection_make(&t->watch, &s->data->test, &run->watch, 0, e) < 0) {
		free(t);
		return -1;
	}
	t->run = run;
	t->net = net;
	t->engine = engine;
	t->test_images = &s->data->test.images;
	t->train = s->sets.train.set;
	t->test = s->sets.test.set;
	t->epochs = run->epochs;
	t->done = run->nepoch;
	t->resume = resume;
	t->want_cache = cache;
	t->cache_limit = settings_cache_limit(&s->set);
	t->config = run->config;
	t->params = nn_net_params(net);
	if (resume) {
		t->state = run->state;
		t->partial = run->partial;
		for (k = 0; k < run->config.optimizer->nslots; k++) {
			if (run->slot[k] == NULL)
				continue;
			t->slot[k] = run->slot[k]; /* back with the run when it is over */
			run->slot[k] = NULL;
		}
	}
	free(run->kernels);
	free(run->frozen);
	run->kernels = xstrdup(nn_engine_kernels(engine));
	run->frozen = trainer_frozen(net);
	run->threads = nn_engine_threads(engine);
	run->params = nn_net_params(net);
	run->trainable = nn_net_trainable(net);
	if (run->before == NULL && (run->before = malloc(t->params * sizeof *run->before)) != NULL)
		memcpy(run->before, nn_net_weights(net), t->params * sizeof *run->before);
	t->cache_train = s->cache_train;
	t->cache_test = s->cache_test;
	s->cache_train = s->cache_test = NULL;
	if (!resume)
		run_add(s, run);
	if (job_start(s, command, trainer_body, trainer_over, t, run, e) < 0) {
		s->cache_train = t->cache_train;
		s->cache_test = t->cache_test;
		if (!resume)
			s->nruns--;
		for (k = 0; resume && k < NN_SLOTS_MAX; k++) {
			run->slot[k] = t->slot[k];
			t->slot[k] = NULL;
		}
		trainer_free(t);
		return -1;
	}
	s->job->view.verbose = verbose;
	return 0;
}

int
job_set_lr(struct session *s, struct err *e)
{
	struct trainer *t;
	struct run *r;

	if (s->job == NULL || s->job->view.run == NULL)
		return 0;
	r = s->job->view.run;
	r->config.lr = settings_lr(&s->set); /* a resume goes on with it */
	memcpy(r->config.layer_lr, s->set.layer_lr, sizeof r->config.layer_lr);
	t = s->job->work;
	pthread_mutex_lock(&s->job->lock);
	t->lr = r->config.lr;
	memcpy(t->layer_lr, r->config.layer_lr, sizeof t->layer_lr);
	t->lr_asked = true;
	pthread_mutex_unlock(&s->job->lock);
	return 0;
}
