/* events.c: what the session's thread does with the events of a run and with its end. */
#include "keras/progress.h"
#include "past/left.h"
#include "train/report.h"
#include "train/trainer_int.h"
#include "util/num.h"
#include "util/sha256.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

void
trainer_on_start(struct job *j, struct job_event *ev)
{
	struct trainer *t = j->work;
	struct session *s = j->session;
	char a[32], b[32];

	t->run->cached = t->cache_train != NULL;
	t->run->cache_bytes = t->cache_train != NULL ? nn_cache_bytes(t->cache_train) : 0;
	if (t->cache_test != NULL)
		t->run->cache_bytes += nn_cache_bytes(t->cache_test);
	t->run->cache_seconds = t->cache_seconds;
	report_run(s, t->run);
	if (!t->resume) {
		report_given_up(s, t->run);
		runs_begun(&s->runs);
	}
	if (t->meanwhile != NULL) {
		run_change(t->run, t->meanwhile);
		out_note(s->out, "this has changed since r%d was interrupted, and its record says so: %s",
		    t->run->number, t->meanwhile);
	}
	s->model.trained = s->runs.last_split = t->run->split;
	if (t->cache_bound > 0 && t->cache_bound <= t->cache_limit)
		out_note(s->out, "there is too little memory to keep the outputs of the frozen layers (up to %s): "
		    "training goes on uncached, with the same bits", text_bytes(a, t->cache_bound));
	else if (t->cache_bound > 0)
		out_note(s->out, "the outputs of the frozen layers would need up to %s, more than cache.limit (%s%s): "
		    "training goes on uncached, with the same bits", text_bytes(a, t->cache_bound),
		    text_bytes(b, t->cache_limit), s->set.cache_limit == 0 ? ", half of what was available" : "");
}

/* The record says since when the rates are others. */
void
trainer_on_lr(struct job *j, struct job_event *ev)
{
	pthread_mutex_lock(&j->lock);
	trainer_lr_take(j->work);
	pthread_mutex_unlock(&j->lock);
}

void
trainer_on_epoch_begin(struct job *j, struct job_event *ev)
{
	report_epoch_begin(j->session, ev->number, j->view.epochs, j->view.verbose);
}

/* What the validation made of each image, where it was kept. */
static void
trainer_take_seen(struct job *j)
{
	struct trainer *t = j->work;
	struct predictions *seen;

	pthread_mutex_lock(&j->lock);
	seen = t->seen;
	t->seen = NULL;
	pthread_mutex_unlock(&j->lock);
	if (seen != NULL)
		data_predict(&j->session->data, seen);
}

/* The worker waits: the net is this thread's meanwhile. */
static void
trainer_checkpoint(struct job *j)
{
	struct trainer *t = j->work;
	struct err e = {0};

	if (t->keep(j->session, t->run->checkpoint, &e) < 0)
		out_warn(j->session->out, "%s; training goes on without this checkpoint", e.text);
}

void
trainer_on_epoch(struct job *j, struct job_event *ev)
{
	struct trainer *t = j->work;
	struct session *s = j->session;
	struct run *r = j->view.run;

	r->epoch = xrealloc(r->epoch, r->nepoch + 1, sizeof *r->epoch);
	r->epoch[r->nepoch++] = ev->record;
	s->runs.results.epoch = true;
	s->runs.results.loss = ev->record.loss;
	s->runs.results.accuracy = ev->record.accuracy;
	s->runs.results.val_loss = ev->record.val_loss;
	s->runs.results.val_accuracy = ev->record.val_accuracy;
	trainer_take_seen(j);
	if (ev->best)
		trainer_checkpoint(j);
	if (ev->guard)
		t->guard_due = s->guard(s);
	if (ev->best || ev->guard)
		job_answer(j);
	out_progress(s->out, NULL);
	report_epoch(s, r, r->nepoch, ev->step, &ev->pace, j->view.verbose);
}

void
trainer_on_watched(struct job *j, struct job_event *ev)
{
	struct run *r = j->view.run;

	r->watched = xrealloc(r->watched, (size_t)r->nwatched + 1, sizeof *r->watched);
	r->watched[r->nwatched++] = (struct batch_point){(float)ev->record.seconds, (float)ev->record.watch_loss,
	    (float)ev->record.watch_accuracy};
	out_progress(j->session->out, NULL);
	report_watched(j->session, r, (int)ev->step, j->view.verbose);
}

/* How far what was frozen at its begin has moved by its end, which a file of the session keeps. */
static void
trainer_frozen_moved(struct session *s, struct run *r)
{
	bool pick[NN_LAYERS_MAX];

	for (int i = 0; i < nn_net_count(s->model.net); i++)
		pick[i] = run_froze(r, nn_net_layer(s->model.net, i)->name);
	r->frozen_delta = weights_moved(r->before, s->model.net, pick);
}

void
trainer_on_explosion(struct job *j, struct job_event *ev)
{
	char loss[32], lr[32];

	out_warn(j->session->out, "the loss explodes: %s in epoch %d, batch %u; lr=%s is too high for this model: "
	    "`stop` or Ctrl-C, `reset`, and train with a lower lr", progress_number(loss, ev->record.loss), ev->number,
	    ev->step, num_text(lr, turn_last(j->view.run).lr));
}

void
trainer_move_slots(float **to, float **from)
{
	for (int k = 0; k < NN_SLOTS_MAX; k++) {
		free(to[k]);
		to[k] = from[k];
		from[k] = NULL;
	}
}

void
trainer_give_back(struct trainer *t)
{
	trainer_move_slots(t->run->slot, t->slot);
	weights_free(t->run->best);
	t->run->best = t->best_there ? t->best : NULL;
	t->best = t->best_there ? NULL : t->best;
}

void
trainer_free(struct trainer *t)
{
	for (int k = 0; k < NN_SLOTS_MAX; k++) {
		free(t->slot[k]);
		free(t->kept[k]);
	}
	selection_free(&t->watch);
	weights_free(t->weights);
	weights_free(t->best);
	free(t->probs);
	free(t->lr_said);
	free(t->lr_did);
	free(t->turned);
	free(t->meanwhile);
	predictions_free(t->seen);
	free(t);
}

/* The run did not begin, so it is as if it had not been asked for. */
static void
trainer_unstarted(struct session *s, struct trainer *t)
{
	struct err none = {0};

	if (t->resume) {
		trainer_lr_settle(t);
		trainer_give_back(t);
		return;
	}
	if (t->then != NULL)
		t->then(s, t->run, TRAINER_FAILED, &none);
	runs_take_back(&s->runs);
	run_free(t->run);
}

/* The results are those of the weights that stay. */
static void
trainer_stands(struct session *s, const struct run *r)
{
	const struct epoch_record *x = run_figures(r);

	if (run_stands(r) == r->nepoch)
		return;
	s->runs.results.loss = x->loss;
	s->runs.results.accuracy = x->accuracy;
	s->runs.results.val_loss = x->val_loss;
	s->runs.results.val_accuracy = x->val_accuracy;
}

static enum trainer_end
trainer_ends(const struct job *j, const struct trainer *t)
{
	if (t->rc < 0 || t->invalid > 0)
		return TRAINER_FAILED;
	return t->interrupted ? TRAINER_CUT : atomic_load(&j->stop) ? TRAINER_STOPPED : TRAINER_DONE;
}

/* For whoever writes the session down: run again, such a command goes to its end. */
static void
trainer_wrote(struct session *s, const struct run *r, const char *meanwhile)
{
	char where[96];

	if (r->state.step == 0 && r->partial.count > 0)
		snprintf(where, sizeof where, "before the validation of epoch %d/%d", r->nepoch + 1, r->epochs);
	else
		snprintf(where, sizeof where, "in epoch %d/%d after batch %u", r->nepoch + 1, r->epochs, r->state.step);
	transcript_ran(&s->out->kept, r->number, r->interrupted ? where : NULL, meanwhile);
}

int
trainer_over(struct job *j, struct err *e)
{
	struct trainer *t = j->work;
	struct session *s = j->session;
	struct run *r = t->run;
	int (*then)(struct session *, struct run *, enum trainer_end, struct err *) = t->started ? t->then : NULL;
	enum trainer_end end = trainer_ends(j, t);

	out_progress(s->out, NULL);
	s->compute.cache_train = t->cache_train;
	s->compute.cache_test = t->cache_test;
	if (!t->started) {
		if (t->rc < 0)
			fail_nn(e, &t->err);
		else
			out_text(s->out, REPORT_UNBEGUN);
		trainer_unstarted(s, t);
	} else {
		r->interrupted = t->interrupted;
		r->state = t->state;
		r->partial = t->partial;
		r->partial_seconds = r->interrupted ? t->partial_seconds : 0;
		trainer_lr_settle(t);
		trainer_wrote(s, r, t->meanwhile);
		r->seconds += t->seconds;
		trainer_give_back(t);
		if (r->interrupted)
			run_leaves(r, t->net, nn_engine_kernels(t->engine), s->data.name);
		else { /* they are r->weights now */
			weights_free(r->best);
			r->best = NULL;
			free(r->left);
			r->left = NULL;
		}
		weights_free(r->weights);
		r->weights = t->weights;
		t->weights = NULL;
		weights_share(r->weights, &s->kept);
		trainer_frozen_moved(s, r);
		memcpy(r->sha256, t->sha256, sizeof r->sha256);
		if (!t->resume)
			memcpy(r->begun, t->begun, sizeof r->begun);
		s->runs.next_epoch = t->state.epoch + (t->state.step > 0);
		trainer_stands(s, r);
		s->runs.results.run = true;
		s->runs.results.epochs = r->epochs;
		s->runs.results.epochs_done = r->nepoch;
		s->runs.results.seconds = r->seconds;
		if (t->invalid > 0)
			out_text(s->out, "Batch %u: Invalid loss, terminating training", t->invalid - 1); /* from 0 */
		if (t->rc < 0)
			fail_nn(e, &t->err);
		else
			report_end(s, r, t->invalid > 0);
		if (t->invalid > 0)
			fail(e, "the loss is not a number any more; `reset` and train with a lower lr");
		if (s->ran != NULL)
			s->ran(s, r);
		if (s->guard != NULL && t->rc == 0 && t->invalid == 0)
			s->guard(s);
	}
	trainer_free(t);
	if (then != NULL)
		then(s, r, end, e);
	return e->text[0] != '\0' ? -1 : 0;
}

void
trainer_cut(struct session *s)
{
	struct job *j = s->worker.job;
	struct trainer *t;
	struct run *r;

	if (j == NULL || j->view.run == NULL || (t = j->work)->going == NULL)
		return;
	r = t->run;
	job_settle(j);
	r->interrupted = true;
	r->state = nn_run_state(t->going);
	r->partial = (struct nn_metrics){0};
	r->partial_seconds = 0; /* it stands between two epochs */
	trainer_lr_settle(t);
	for (int k = 0; k < t->config.optimizer->nslots; k++)
		r->slot[k] = (float *)nn_run_slot(t->going, k);
	r->best = t->best_there ? t->best : NULL;
	run_leaves(r, t->net, nn_engine_kernels(t->engine), s->data.name);
	r->seconds += job_now() - t->began - t->halted;
	trainer_frozen_moved(s, r);
	sha256_hex(nn_net_weights(t->net), t->params * sizeof(float), r->sha256);
	if (!t->resume)
		memcpy(r->begun, t->begun, sizeof r->begun);
	s->runs.next_epoch = r->state.epoch + (r->state.step > 0);
}

void
trainer_on_step(struct job *j)
{
	report_step(j->session, &j->view);
}
