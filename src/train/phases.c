/* phases.c: the head alone, then everything. What the second phase needs is a part of the record of the first, so that
 * it follows when that is interrupted and resumed. */
#include "train/phases.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The features train again as they did. */
static void
phases_thaw(struct session *s, const struct run_rest *rest)
{
	for (int i = 0; i < rest->features; i++)
		nn_net_set_trainable(s->model.net, i, i, rest->trainable[i]);
}

int
phases_start(struct session *s, struct run *run, struct trainer_how *how, struct err *e)
{
	struct run_rest *rest = run->rest;

	for (int i = 0; i < rest->features; i++)
		rest->trainable[i] = nn_net_layer(s->model.net, i)->trainable;
	nn_net_set_trainable(s->model.net, 0, rest->features - 1, false);
	how->then = phases_then;
	if (trainer_start(s, run, how, e) == 0)
		return 0;
	phases_thaw(s, rest);
	return -1;
}

float
phases_lr(const struct run *first, int layer)
{
	struct turn now = turn_last(first);
	float own = now.layer_lr[layer];

	return (float)((isnan(own) ? now.lr : (double)own) / first->rest->lr_mult);
}

/* The record of the second phase: that of the first, but for its rates and epochs. */
static struct run *
phases_second(struct session *s, const struct run *first)
{
	const struct run_rest *rest = first->rest;
	struct run *r = run_new(&s->runs);
	struct turn now = turn_last(first);

	r->split = first->split;
	r->watch = first->watch;
	r->take = first->take;
	r->config = first->config;
	r->config.lr = now.lr;
	memcpy(r->config.layer_lr, now.layer_lr, sizeof now.layer_lr);
	for (int i = 0; i < rest->features; i++)
		r->config.layer_lr[i] = phases_lr(first, i);
	r->schedule = now.schedule;
	r->validate = first->validate;
	r->config.epoch = r->first_epoch = s->runs.next_epoch;
	r->epochs = rest->epochs;
	r->train = first->train;
	r->test = first->test;
	return r;
}

static int
phases_go_on(struct session *s, struct run *first, struct err *e)
{
	const struct run_rest *rest = first->rest;
	struct trainer_how how = {.command = "finetune", .cache = rest->cache, .verbose = rest->verbose};
	struct run *r;

	out_text(s->out, "the head has trained alone; now everything");
	r = phases_second(s, first);
	if (trainer_start(s, r, &how, e) < 0) {
		run_free(r);
		return -1;
	}
	results_forget(&s->runs.results);
	return 0;
}

int
phases_then(struct session *s, struct run *run, enum trainer_end end, struct err *e)
{
	int rc = 0;

	if (run->rest == NULL)
		return 0;
	if (end == TRAINER_CUT) {
		out_text(s->out, "the head trains alone in r%d, so the features are frozen; `resume` goes on with it, "
		    "then with everything", run->number);
		return 0;
	}
	phases_thaw(s, run->rest);
	if (end == TRAINER_STOPPED)
		out_text(s->out, "ended behind the first phase; `train %s` goes on with everything", run->split.name);
	if (end == TRAINER_DONE)
		rc = phases_go_on(s, run, e);
	free(run->rest);
	run->rest = NULL;
	return rc;
}
