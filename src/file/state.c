/* state.c: reads a session from text. The text comes from a file, so every value is checked against its range and every
 * list against its bound. The session changes only in state_install, when everything has been found good.
 */
#include "file/state.h"

#include "file/reader.h"
#include "past/left.h"
#include "session/made.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The flags of all layers. */
static void
read_trainable(struct reader *r, const json_t *o, int n, bool *out)
{
	const json_t *list = json_object_get(o, "trainable");

	if (json_array_size(list) != (size_t)n)
		reader_bad(r, "trainable");
	for (int i = 0; i < n; i++)
		out[i] = json_is_true(json_array_get(list, (size_t)i));
}

/* What is known of the state of an optimizer that goes with the weights. */
static void
read_slots(struct reader *r, const json_t *o, struct state *st)
{
	char *text;

	if (o == NULL)
		return;
	text = reader_text(r, o, "optimizer", 32);
	if ((st->slots.of = nn_optimizer_find(text)) == NULL)
		reader_bad(r, "slots");
	free(text);
	if ((st->slots.steps = reader_big(r, o, "steps")) > INT32_MAX)
		reader_bad(r, "slots");
	read_trainable(r, o, st->plan.n, st->slots.trainable);
}

static void
read_session(struct reader *r, const json_t *o, struct state *st)
{
	st->in = state_input_read(r, o);
	st->features = (int)reader_int(r, o, "features", 0, st->plan.n);
	read_trainable(r, o, st->plan.n, st->trainable);
	st->seed = reader_big(r, o, "seed");
	st->asked = reader_big(r, o, "asked");
	st->trained = reader_split(r, o, "trained");
	st->last = reader_split(r, o, "last_split");
	st->next_epoch = (uint32_t)reader_int(r, o, "next_epoch", 0, UINT32_MAX);
	st->data = reader_text(r, o, "data", 4096);
	read_slots(r, json_object_get(o, "slots"), st);
}

static void
read_settings(struct reader *r, const json_t *o, struct state *st)
{
	struct err ignored = {0};
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
	if (strcmp(version, "1") != 0)
		return fail(e, "%s was saved by a newer thaw (layout %.20s); `load FILE only=all` takes its weights",
		    path, version);
	if (model == NULL || strlen(model) > 16384 || plan_parse(model, &out->plan, &cause) < 0)
		reader_bad(&r, cause.text[0] != '\0' ? cause.text : "missing");
	out->model = model;
	for (size_t i = 0; i < sizeof parts / sizeof *parts && r.bad[0] == '\0'; i++) {
		json_t *o = reader_part(&r, metadata, parts[i].key, parts[i].values_max);

		if (o != NULL)
			parts[i].read(&r, o, out);
		json_decref(o);
	}
	if (r.bad[0] == '\0' && (params = nn_spec_params(out->in, out->plan.spec, out->plan.n, &why)) == SIZE_MAX) {
		r.part = "model";
		r.no_memory |= why.lack == NN_LACK_MEMORY;
		reader_bad(&r, why.text);
	}
	if (r.no_memory) {
		state_free(out);
		return fail_memory(e, "%s: not enough memory for its session", path);
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
	slots_free(&st->slots);
	free(st->data);
	memset(st, 0, sizeof *st);
}

void
state_install(struct session *s, struct state *st, struct nn_net *net)
{
	struct run *last;

	for (int i = 0; i < s->runs.n; i++)
		run_free(s->runs.list[i]);
	free(s->runs.list);
	s->runs.list = NULL;
	s->runs.n = 0;
	s->runs.plotted.n = 0; /* others have their numbers now */
	s->set = st->set;
	session_install(s, net, st->features, st->seed);
	slots_free(&s->slots);
	s->slots = st->slots;
	st->slots = (struct slots){0};
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
	if ((last = runs_last(&s->runs)) != NULL && last->interrupted && last->left == NULL) /* in an older file */
		run_leaves(last, net, last->kernels, last->data);
	s->runs.asked = s->set.run;
	st->runs = NULL;
	st->nruns = 0;
}
