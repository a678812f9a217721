/* state.c: reads a session from text. The text comes from a file, so every value is checked against its range and every
 * list against its bound. The session changes only in state_install, when everything has been found good.
 */
#include "file/state.h"

#include "file/reader.h"
#include "session/made.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RUN_NUMBER_MAX 1000000000 /* low enough that later runs have numbers, too */

static void
read_session(struct reader *r, const json_t *o, struct state *st)
{
	const json_t *in = json_object_get(o, "input"), *trainable = json_object_get(o, "trainable");

	st->in.rank = 3;
	if (!json_is_array(in) || json_array_size(in) != 3)
		reader_bad(r, "input");
	for (int i = 0; i < 3; i++) {
		json_int_t d = json_integer_value(json_array_get(in, (size_t)i));

		if (d < 1 || d > (i < 2 ? DATASET_SIDE_MAX : 3))
			reader_bad(r, "input");
		else
			st->in.dim[i] = (int)d;
	}
	st->features = (int)reader_int(r, o, "features", 0, st->plan.n);
	if (json_array_size(trainable) != (size_t)st->plan.n)
		reader_bad(r, "trainable");
	for (int i = 0; i < st->plan.n; i++)
		st->trainable[i] = json_is_true(json_array_get(trainable, (size_t)i));
	st->seed = reader_big(r, o, "seed");
	st->asked = reader_big(r, o, "asked");
	st->trained = reader_split(r, o, "trained");
	st->last = reader_split(r, o, "last_split");
	st->next_epoch = (uint32_t)reader_int(r, o, "next_epoch", 0, UINT32_MAX);
	st->data = reader_text(r, o, "data", 4096);
}

static void
read_settings(struct reader *r, const json_t *o, struct state *st)
{
	struct err ignored;
	const char *text;

	for (const struct setting *k = settings_list; k->key != NULL; k++) {
		if (!(k->flags & (SETTING_RUN | SETTING_SAVED)) || strcmp(k->key, "verbose") == 0)
			continue;
		if (k->flags & SETTING_SAVED && json_object_get(o, k->key) == NULL) /* an older file */
			continue;
		text = json_string_value(json_object_get(o, k->key));
		if (text == NULL || settings_assign(&st->set, k, text, &ignored) < 0)
			reader_bad(r, k->key);
	}
	reader_rates(r, o, st->plan.n, st->set.run.layer_lr);
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

/* What not every run is asked. */
static void
read_asked(struct reader *r, const json_t *o, struct run *run)
{
	struct err ignored;
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
	if (json_object_get(o, "schedule") != NULL) {
		text = reader_text(r, o, "schedule", 100);
		if (schedule_parse(text, &run->schedule, &ignored) < 0)
			reader_bad(r, "schedule");
		free(text);
	}
	if (json_object_get(o, "stop") != NULL) {
		text = reader_text(r, o, "stop", 100);
		run->goal_asked = goal_parse(text, &run->goal, &ignored) == 0;
		if (!run->goal_asked)
			reader_bad(r, "stop");
		free(text);
	}
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
	text = reader_text(r, o, "weights", 64);
	if (*text != '\0' && (strlen(text) != 64 || strspn(text, "0123456789abcdef") != 64))
		reader_bad(r, "weights");
	else
		strcpy(run->sha256, text);
	free(text);
	run->interrupted = reader_bool(r, o, "interrupted");
	read_asked(r, o, run);
	read_epochs(r, o, run);
	read_batches(r, o, run, room);
	if (run->interrupted) {
		run->state.epoch = (uint32_t)reader_int(r, state, "epoch", 0, UINT32_MAX);
		run->state.step = (uint32_t)reader_int(r, state, "step", 0,
		    ((int64_t)run->train + c->batch - 1) / c->batch);
		run->state.iterations = reader_big(r, state, "iterations");
		run->partial.loss = reader_real(r, state, "loss", -INFINITY, INFINITY);
		run->partial.count = (uint64_t)reader_int(r, state, "count", 0, (int64_t)run->train);
		run->partial.correct = (uint64_t)reader_int(r, state, "correct", 0, (int64_t)run->partial.count);
	}
	return run;
}

static void
read_runs(struct reader *r, const json_t *list, struct state *st)
{
	size_t n = json_array_size(list), room = STATE_BATCHES_MAX;
	int before = 0;

	if (!json_is_array(list) || n > STATE_RUNS_MAX) {
		reader_bad(r, "list");
		return;
	}
	st->runs = xcalloc(n, sizeof *st->runs);
	for (size_t i = 0; i < n && r->bad[0] == '\0'; i++) {
		st->runs[st->nruns] = state_run_read(r, json_array_get(list, i), st, before, &room);
		before = st->runs[st->nruns++]->number;
	}
}

bool
state_there(const json_t *metadata)
{
	return json_object_get(metadata, "thaw") != NULL;
}

int
state_read(struct session *s, const json_t *metadata, const char *path, size_t params_max, struct state *out,
    struct err *e)
{
	const char *version = json_string_value(json_object_get(metadata, "thaw")),
	    *model = json_string_value(json_object_get(metadata, "model"));
	static const struct {
		const char *key;
		void (*read)(struct reader *r, const json_t *o, struct state *st);
		size_t values_max;
	} parts[] = {{"session", read_session, STATE_PART_VALUES_MAX}, {"settings", read_settings,
	    STATE_PART_VALUES_MAX}, {"runs", read_runs, STATE_VALUES_MAX}};
	struct reader r = {.part = "model"};
	struct nn_err why = {""};
	struct err cause = {0};
	size_t params = 0;

	memset(out, 0, sizeof *out);
	out->set = s->set;
	if (version == NULL || strcmp(version, "1") != 0)
		return fail(e, "%s was saved by a newer thaw (layout %.20s); `load FILE only=all` takes its weights",
		    path, version != NULL ? version : "unknown");
	if (model == NULL || strlen(model) > 16384 || plan_parse(model, &out->plan, &cause) < 0)
		reader_bad(&r, cause.text[0] != '\0' ? cause.text : "missing");
	for (size_t i = 0; i < sizeof parts / sizeof *parts && r.bad[0] == '\0'; i++) {
		json_t *o = reader_part(&r, metadata, parts[i].key, parts[i].values_max);

		if (o != NULL)
			parts[i].read(&r, o, out);
		json_decref(o);
	}
	if (r.bad[0] == '\0' && (params = nn_spec_params(out->in, out->plan.spec, out->plan.n, &why)) == SIZE_MAX) {
		r.part = "model";
		reader_bad(&r, why.text);
	}
	if (r.no_memory) {
		state_free(out);
		return fail(e, "%s: not enough memory for its session; close other programs", path);
	}
	if (r.bad[0] != '\0') {
		state_free(out);
		return fail(e, "%s: what it says of the session is damaged (%s); `load FILE only=all` takes its "
		    "weights into the model that is here", path, r.bad);
	}
	if (params > params_max) {
		state_free(out);
		return fail(e, "%s: its model has %zu weights, but it holds at most %zu; get the file again, or load "
		    "another", path, params, params_max);
	}
	return 0;
}

struct split
state_trained(const json_t *metadata, int classes)
{
	struct reader r = {.part = ""};
	json_t *o = state_there(metadata) ? reader_part(&r, metadata, "session", STATE_PART_VALUES_MAX) : NULL;
	struct split s = o != NULL ? reader_split(&r, o, "trained") : (struct split){.kind = SPLIT_NONE};

	json_decref(o);
	return r.bad[0] == '\0' && split_units(&s) <= classes ? s : (struct split){.kind = SPLIT_NONE};
}

void
state_free(struct state *st)
{
	for (int i = 0; i < st->nruns; i++)
		run_free(st->runs[i]);
	free(st->runs);
	free(st->data);
	memset(st, 0, sizeof *st);
}

void
state_install(struct session *s, struct state *st, struct nn_net *net)
{
	for (int i = 0; i < s->runs.n; i++)
		run_free(s->runs.list[i]);
	free(s->runs.list);
	s->runs.list = NULL;
	s->runs.n = 0;
	s->set = st->set;
	session_install(s, net, st->features, st->seed);
	memcpy(s->set.run.layer_lr, st->set.run.layer_lr, sizeof s->set.run.layer_lr);
	s->model.asked = st->asked;
	s->model.trained = st->trained;
	s->runs.last_split = st->last;
	s->runs.next_epoch = st->next_epoch;
	s->runs.list = st->runs;
	s->runs.n = st->nruns;
	for (int i = 0; i < s->runs.n; i++) {
		if (s->runs.list[i]->before != NULL)
			weights_share(s->runs.list[i]->before, &s->kept);
		if (s->runs.list[i]->weights != NULL)
			weights_share(s->runs.list[i]->weights, &s->kept);
	}
	st->runs = NULL;
	st->nruns = 0;
}
