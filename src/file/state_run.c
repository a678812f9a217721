/* state_run.c: reads a run of a session or of a record from JSON, in which every value is checked against its range and
 * every list against its bound.
 */
#include "file/state.h"

#include "file/reader.h"
#include "past/layered.h"
#include "past/left.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RUN_NUMBER_MAX 1000000000 /* low enough that later runs have numbers, too */

struct nn_shape
state_input_read(struct reader *r, const json_t *o)
{
	const json_t *list = json_object_get(o, "input");
	struct nn_shape in = {.rank = 3};

	if (!json_is_array(list) || json_array_size(list) != 3)
		reader_bad(r, "input");
	for (int i = 0; i < 3; i++) {
		json_int_t d = json_integer_value(json_array_get(list, (size_t)i));

		if (d < 1 || d > (i < 2 ? DATASET_SIDE_MAX : 3))
			reader_bad(r, "input");
		else
			in.dim[i] = (int)d;
	}
	return in;
}

static void
read_epochs(struct reader *r, const json_t *o, struct run *run)
{
	const json_t *list = json_object_get(o, "history"), *row;
	size_t n = json_array_size(list);

	if (!json_is_array(list) || n > (size_t)run->epochs) {
		reader_bad(r, "history");
		return;
	}
	if ((run->epoch = reader_array(r, n, sizeof *run->epoch)) == NULL)
		return;
	run->nepoch = (int)n;
	for (size_t i = 0; i < n; i++) {
		double *to[] = {&run->epoch[i].accuracy, &run->epoch[i].loss, &run->epoch[i].val_accuracy,
		    &run->epoch[i].val_loss, &run->epoch[i].watch_accuracy, &run->epoch[i].watch_loss,
		    &run->epoch[i].seconds};

		row = json_array_get(list, i);
		if (json_array_size(row) != 7)
			reader_bad(r, "history");
		for (size_t k = 0; k < 7; k++)
			*to[k] = reader_number(r, json_array_get(row, k), "history", -INFINITY, INFINITY);
	}
}

static void
read_batches(struct reader *r, const json_t *o, struct run *run, size_t *room)
{
	const json_t *list = json_object_get(o, "batches"), *row;
	size_t n = json_array_size(list);
	float last = 0;

	if (list == NULL)
		return;
	if (!json_is_array(list) || n > *room) {
		reader_bad(r, "batches");
		return;
	}
	*room -= n;
	if ((run->batch = reader_array(r, n, sizeof *run->batch)) == NULL)
		return;
	run->nbatch = n;
	for (size_t i = 0; i < n; i++) {
		struct batch_point *p = &run->batch[i];

		row = json_array_get(list, i);
		p->x = (float)reader_number(r, json_array_get(row, 0), "batches", 0, run->epochs);
		p->loss = (float)reader_number(r, json_array_get(row, 1), "batches", -INFINITY, INFINITY);
		p->accuracy = (float)reader_number(r, json_array_get(row, 2), "batches", -INFINITY, INFINITY);
		if (json_array_size(row) != 3 || !(p->x >= last)) /* curves never go back */
			reader_bad(r, "batches");
		last = p->x;
	}
}

/* What is scored before the first batches. */
static void
read_watched(struct reader *r, const json_t *list, struct run *run)
{
	size_t n = json_array_size(list);

	if (list == NULL)
		return;
	run->by_batch = true;
	if (!json_is_array(list) || n > RUN_WATCHED ||
	    (run->watched = reader_array(r, n, sizeof *run->watched)) == NULL) {
		reader_bad(r, "watched");
		return;
	}
	run->nwatched = (int)n;
	for (size_t i = 0; i < n; i++) {
		const json_t *row = json_array_get(list, i);

		run->watched[i] = (struct batch_point){
		    .x = (float)reader_number(r, json_array_get(row, 0), "watched", 0, run->epochs),
		    .loss = (float)reader_number(r, json_array_get(row, 1), "watched", -INFINITY, INFINITY),
		    .accuracy = (float)reader_number(r, json_array_get(row, 2), "watched", 0, 1)};
	}
}

static void
read_schedule(struct reader *r, const json_t *o, struct schedule *x)
{
	struct err ignored = {0};
	char *text;

	if (json_object_get(o, "schedule") == NULL)
		return;
	text = reader_text(r, o, "schedule", 100);
	if (schedule_parse(text, x, &ignored) < 0)
		reader_bad(r, "schedule");
	free(text);
}

/* The rates that were changed while it went on. */
static void
read_turns(struct reader *r, const json_t *list, int layers, struct run *run)
{
	size_t n = json_array_size(list);

	if (list == NULL)
		return;
	if (!json_is_array(list) || n > STATE_TURNS_MAX) {
		reader_bad(r, "turns");
		return;
	}
	if ((run->turn = reader_array(r, n, sizeof *run->turn)) == NULL)
		return;
	run->nturn = (int)n;
	for (int i = 0; i < run->nturn; i++) {
		const json_t *o = json_array_get(list, (size_t)i);
		struct turn *x = &run->turn[i];

		x->epoch = (int)reader_int(r, o, "epoch", i > 0 ? x[-1].epoch + 1 : 0, run->epochs);
		x->lr = reader_real(r, o, "lr", 0, 1e6);
		reader_rates(r, o, layers, x->layer_lr);
		read_schedule(r, o, &x->schedule);
	}
}

/* What not every run is asked. */
static void
read_asked(struct reader *r, const json_t *o, struct run *run)
{
	struct err ignored = {0};
	char *text;

	run->validate = 1;
	if (json_object_get(o, "validate") != NULL)
		run->validate = (int)reader_int(r, o, "validate", 0, 100000);
	read_watched(r, json_object_get(o, "watched"), run);
	if (json_object_get(o, "checkpoint") != NULL) {
		run->checkpoint = reader_text(r, o, "checkpoint", 4096);
		run->foreign = true;
		run->goal = (struct goal){.metric = "val_loss"};
	}
	read_schedule(r, o, &run->schedule);
	if (json_object_get(o, "stop") != NULL) {
		text = reader_text(r, o, "stop", 100);
		run->goal_asked = goal_parse(text, &run->goal, &ignored) == 0;
		if (!run->goal_asked)
			reader_bad(r, "stop");
		free(text);
	}
}

/* A SHA-256, or "". */
static void
read_hash(struct reader *r, const json_t *o, const char *key, char hash[65])
{
	char *text = reader_text(r, o, key, 64);

	if (*text != '\0' && (strlen(text) != 64 || strspn(text, "0123456789abcdef") != 64))
		reader_bad(r, key);
	else
		strcpy(hash, text);
	free(text);
}

/* Of a run's own, which the file tells where it is not the session's. */
static void
read_model(struct reader *r, const json_t *o, const struct state *st, struct run *run)
{
	const char *model = st->model;
	struct nn_shape in = st->in;
	char *own = NULL;

	if (json_object_get(o, "model") != NULL) {
		in = state_input_read(r, o);
		model = own = reader_text(r, o, "model", 16384);
	}
	if (model != NULL && r->bad[0] == '\0' && !run_layered_text(run, model, in))
		r->no_memory = true;
	free(own);
}

/* What it was left with; an older file does not tell. */
static void
read_left(struct reader *r, const json_t *o, int layers, struct run *run)
{
	const json_t *trainable = json_object_get(o, "trainable"), *rates = json_object_get(o, "rates");
	char *kernels, *data;

	if (trainable == NULL)
		return;
	if (json_array_size(trainable) != (size_t)layers || json_array_size(rates) != (size_t)layers) {
		reader_bad(r, "state");
		return;
	}
	kernels = reader_text(r, o, "kernels", 15);
	data = json_object_get(o, "data") != NULL ? reader_text(r, o, "data", 4096) : xstrdup(run->data);
	run->left = run_left_new(data);
	snprintf(run->left->kernels, sizeof run->left->kernels, "%s", kernels);
	for (int i = 0; i < layers; i++) {
		run->left->trainable[i] = json_is_true(json_array_get(trainable, (size_t)i));
		run->left->rate[i] = reader_number(r, json_array_get(rates, (size_t)i), "rates", 0, 1);
	}
	free(kernels);
	free(data);
}

struct run *
state_run_read(struct reader *r, const json_t *o, const struct state *st, int before, size_t *room)
{
	struct run *run = xcalloc(1, sizeof *run);
	struct nn_run_config *c = &run->config;
	const json_t *state = json_object_get(o, "state");
	char *text;

	run->number = (int)reader_int(r, o, "run", before + 1, RUN_NUMBER_MAX);
	run->split = reader_split(r, o, "split");
	run->watch = reader_split(r, o, "watch");
	text = reader_text(r, o, "optimizer", 32);
	if ((c->optimizer = nn_optimizer_find(text)) == NULL) {
		reader_bad(r, "optimizer");
		c->optimizer = nn_optimizer_at(0);
	}
	free(text);
	if (run->split.kind == SPLIT_NONE)
		reader_bad(r, "split");
	for (const struct setting *k = settings_list; k->key != NULL; k++)
		if (settings_real(c, k) != NULL)
			*settings_real(c, k) = reader_real(r, o, k->key, k->min, k->max);
	c->batch = (int)reader_int(r, o, "batch", 1, 65536);
	c->shuffle = reader_bool(r, o, "shuffle");
	c->seed = reader_big(r, o, "seed");
	c->epoch = (uint32_t)reader_int(r, o, "epoch", 0, UINT32_MAX);
	reader_rates(r, o, st->plan.n, c->layer_lr);
	run->epochs = (int)reader_int(r, o, "epochs", 1, 100000);
	if (!json_is_null(json_object_get(o, "threads"))) /* as written with timing off */
		run->threads = (int)reader_int(r, o, "threads", 1, NN_THREADS_MAX);
	free(run->data);
	/* An older file names one for all its runs. */
	run->data = json_object_get(o, "data") != NULL ? reader_text(r, o, "data", 4096) :
	    xstrdup(st->data != NULL ? st->data : "");
	run->kernels = reader_text(r, o, "kernels", 16);
	run->frozen = reader_text(r, o, "frozen", 4096);
	run->loaded = 1;
	run->frozen_delta = NAN; /* as in older files */
	if (json_object_get(o, "frozen_delta") != NULL)
		run->frozen_delta = reader_number(r, json_object_get(o, "frozen_delta"), "frozen_delta", 0, INFINITY);
	if (!json_is_null(json_object_get(o, "changes")))
		run->changes = reader_text(r, o, "changes", STATE_CHANGES_MAX);
	run->take.limit = (size_t)reader_int(r, o, "limit", 0, UINT32_MAX);
	run->take.drawn = json_object_get(o, "sample") != NULL;
	if (run->take.drawn)
		run->take.seed = reader_big(r, o, "sample");
	run->train = (size_t)reader_int(r, o, "train", 1, UINT32_MAX);
	run->test = (size_t)reader_int(r, o, "test", 0, UINT32_MAX);
	run->params = (size_t)reader_int(r, o, "params", 0, INT64_MAX);
	run->trainable = (size_t)reader_int(r, o, "trainable", 0, INT64_MAX);
	run->first_epoch = (uint32_t)reader_int(r, o, "first_epoch", 0, UINT32_MAX);
	if (json_object_get(o, "anew") != NULL) /* an older file does not tell */
		run->anew = reader_big(r, o, "anew");
	run->cached = reader_bool(r, o, "cached");
	run->cache_bytes = (size_t)reader_int(r, o, "cache_bytes", 0, INT64_MAX);
	run->seconds = reader_number(r, json_object_get(o, "seconds"), "seconds", 0, INFINITY);
	if (isnan(run->seconds)) /* written with timing off */
		run->seconds = 0;
	read_hash(r, o, "weights", run->sha256);
	if (json_object_get(o, "begun") != NULL && !json_is_null(json_object_get(o, "begun"))) /* older files */
		read_hash(r, o, "begun", run->begun);
	if (json_object_get(o, "slots") != NULL) {
		read_hash(r, o, "slots", run->slots);
		run->slots_steps = reader_big(r, o, "slots_steps");
	}
	read_model(r, o, st, run);
	run->interrupted = reader_bool(r, o, "interrupted");
	run->uncached = json_object_get(o, "cache") != NULL && !reader_bool(r, o, "cache");
	read_asked(r, o, run);
	read_turns(r, json_object_get(o, "turns"), st->plan.n, run);
	read_epochs(r, o, run);
	read_batches(r, o, run, room);
	if (run->interrupted) {
		run->state.epoch = (uint32_t)reader_int(r, state, "epoch", 0, UINT32_MAX);
		run->state.step = (uint32_t)reader_int(r, state, "step", 0,
		    ((int64_t)run->train + c->batch - 1) / c->batch);
		run->state.iterations = reader_big(r, state, "iterations");
		if (run->state.iterations < run->slots_steps)
			reader_bad(r, "iterations");
		run->partial.loss = reader_real(r, state, "loss", -INFINITY, INFINITY);
		run->partial.count = (uint64_t)reader_int(r, state, "count", 0, (int64_t)run->train);
		run->partial.correct = (uint64_t)reader_int(r, state, "correct", 0, (int64_t)run->partial.count);
		if (json_object_get(state, "seconds") != NULL) /* not in older files, nor with timing off */
			run->partial_seconds = reader_real(r, state, "seconds", 0, INFINITY);
		if (st->model != NULL)
			read_left(r, state, st->plan.n, run);
	}
	return run;
}

size_t
state_run_stands(const json_t *o)
{
	const json_t *list = json_object_get(o, "history"), *row, *v;
	const char *stop = json_string_value(json_object_get(o, "stop")), *weights = json_string_value(
	    json_object_get(o, "weights"));
	size_t n = json_array_size(list);
	struct goal_state st = {0};
	struct err ignored = {0};
	struct goal goal;

	if (stop == NULL || weights == NULL || weights[0] == '\0' || json_is_true(json_object_get(o, "interrupted")) ||
	    goal_parse(stop, &goal, &ignored) < 0)
		return n;
	json_array_foreach((json_t *)(uintptr_t)list, n, row) {
		double x[6];

		for (size_t k = 0; k < 6; k++) /* an epoch with a figure that is no number is not the best one */
			x[k] = json_is_number(v = json_array_get(row, k)) ? json_number_value(v) : NAN;
		goal_count(&goal, &st, &(struct epoch_record){x[0], x[1], x[2], x[3], x[4], x[5], 0}, (int)n + 1);
	}
	return st.best > 0 ? (size_t)st.best : n;
}
