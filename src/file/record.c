/* record.c: writes the record of a run and reads it back. */
#include "config.h"
#include "file/record.h"

#include "file/state.h"
#include "file/sums.h"
#include "past/layered.h"
#include "session/made.h"
#include "util/sha256.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LAYOUT "run 1"
#define NO_MEMORY "not enough memory for the record of a run"

/* ---- writing ---- */

static const char *
record_ended(const struct run *r)
{
	return r->interrupted ? "interrupted" : r->nbatch > 0 && !isfinite(r->batch[r->nbatch - 1].loss) ?
	    "the loss was not a number" : "done";
}

/* Of a record's text; NULL with a few words. */
static json_t *
record_parse(const char *text, bool *no_memory, struct err *why)
{
	json_error_t where;
	size_t n = strlen(text);
	json_t *o;
	const char *layout;

	*no_memory = false;
	o = out_json_values(text, n) <= STATE_VALUES_MAX ? out_json_parse(text, n, no_memory, &where) : NULL;
	layout = json_string_value(json_object_get(o, "thaw"));
	if (layout != NULL && strcmp(layout, LAYOUT) == 0)
		return o;
	if (layout != NULL && strncmp(layout, LAYOUT, strcspn(LAYOUT, " ") + 1) == 0)
		fail(why, "it was written by a newer thaw (its layout is \"%.20s\")", layout);
	else
		fail(why, *no_memory ? "there is not enough memory for it" : "it is no record of a run");
	json_decref(o);
	return NULL;
}

json_t *
record_sha256(struct session *s, const struct run *r, struct err *why)
{
	struct err ignored = {0};
	char *text = r->record[0] != '\0' ? store_get(&s->store, r->record, &ignored) : NULL;
	bool no_memory;
	json_t *o = text != NULL ? record_parse(text, &no_memory, &ignored) : NULL;
	json_t *data = o != NULL ? json_incref(json_object_get(o, "sha256")) : sums_run(s, r, why);

	json_decref(o);
	free(text);
	return data != NULL ? data : json_null();
}

/* The hash of the weights that it began with, or null where nobody kept them; NULL with a sentence. */
static json_t *
record_begun(const struct run *r, struct err *e)
{
	float *block;
	char hash[65];

	if (r->begun[0] != '\0')
		return out_string(r->begun);
	if (r->before == NULL)
		return json_null();
	if ((block = weights_block(r->before, e)) == NULL)
		return NULL;
	sha256_hex(block, weights_params(r->before) * sizeof *block, hash);
	free(block);
	return out_string(hash);
}

char *
record_text(const struct session *s, const struct run *r, struct err *e)
{
	static const char *const apart[] = {"run", "threads", "cached", "cache", "cache_bytes", "seconds",
	    "frozen_delta"};
	json_t *data = sums_of(s->data.set), *begun, *o, *run;
	struct nn_shape in = nn_net_input(s->model.net);
	char *model, *text = NULL, *line;

	if (data == NULL) {
		fail(e, "interrupted while the data were hashed");
		return NULL;
	}
	if ((begun = record_begun(r, e)) == NULL) {
		json_decref(data);
		return NULL;
	}
	memory_try();
	model = plan_net_text(s->model.net, s->model.features);
	o = out_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:s}", "thaw", LAYOUT, "version", PACKAGE_VERSION, "model", model,
	    "input", out_shape(in.rank, in.dim), "sha256", data, "begun", begun, "ended", record_ended(r));
	run = state_run_write(s, r, false);
	for (size_t i = 0; i < sizeof apart / sizeof *apart; i++)
		json_object_del(run, apart[i]);
	json_object_update(o, run);
	json_object_set_new(o, "batches", state_batches_write(r, 1));
	if ((line = out_json_text(o)) != NULL)
		text = xasprintf("%s\n", line);
	json_decref(run);
	json_decref(o);
	free(line);
	free(model);
	if (memory_tried())
		return text;
	free(text);
	fail(e, "not enough memory for its record");
	return NULL;
}

static json_t *
record_when(const struct session *s, const struct run *r)
{
	return out_pack("{s:o, s:o, s:o, s:n}", "when", s->set.timing ? store_now() : json_null(), "seconds",
	    s->set.timing ? out_num(r->seconds) : json_null(), "tags", json_array(), "note");
}

/* What is said of a run comes before its record: a run that the store lists is there whole. */
static bool
record_put(struct session *s, const struct run *r, const char *text, char hash[65], struct err *e)
{
	struct err ignored;
	struct store_names names = {0};
	bool kept = true, said = false;

	sha256_hex(text, strlen(text), hash);
	if (strcmp(hash, r->record) != 0 && store_list(&s->store, STORE_ABOUT, &names, &ignored) == 0) {
		size_t at = store_first(&names, hash);

		said = at == names.n || strncmp(names.name[at], hash, 64) != 0;
		kept = !said || store_say(&s->store, hash, record_when(s, r), NULL, e) == 0;
		store_names_free(&names);
	}
	if (!kept || store_put(&s->store, text, hash, e) == 0)
		return kept;
	if (said)
		store_delete(&s->store, hash, &ignored);
	return false;
}

void
record_keep(struct session *s, struct run *r)
{
	struct err e = {0}, ignored;
	char hash[65], *text;
	bool kept;

	if (s->share != NULL && r->interrupted) /* whoever goes on with the plan trains it again, as one process does */
		return;
	text = record_text(s, r, &e);
	kept = text != NULL && record_put(s, r, text, hash, &e);
	free(text);
	if (kept && strcmp(hash, r->record) != 0) {
		if (r->record[0] != '\0') /* of its part until it was interrupted */
			store_delete(&s->store, r->record, &ignored);
		memcpy(r->record, hash, sizeof hash);
	}
	if (!kept) {
		if (!s->store.told)
			out_warn(s->out, "r%d is not kept: %s", r->number, e.text);
		session_unkept(s);
	}
	s->store.told = !kept;
}

int
record_meet(struct session *s, struct index *x, struct err *e)
{
	int rc = 0;

	for (int i = 0; i < s->runs.n && rc == 0; i++) {
		struct run *r = s->runs.list[i];
		struct index_answer a = {0};
		char seed[32], epochs[32];
		const struct index_want want[] = {{index_fact("weights"), '=', r->sha256},
		    {index_fact("split"), '=', r->split.name}, {index_fact("ended"), '=', record_ended(r)},
		    {index_fact("seed"), '=', seed}, {index_fact("epochs_done"), '=', epochs}};
		const struct index_query q = {.want = want, .nwant = sizeof want / sizeof *want, .most = 1};

		if (r->record[0] != '\0' || r->sha256[0] == '\0')
			continue;
		snprintf(seed, sizeof seed, "%" PRIu64, r->config.seed);
		snprintf(epochs, sizeof epochs, "%d", r->nepoch);
		rc = index_ask(x, &q, &a, e);
		if (rc == 0 && a.n > 0 && store_is_hash(a.row[0].id))
			snprintf(r->record, sizeof r->record, "%s", a.row[0].id);
		index_answer_free(&a);
	}
	return rc;
}

/* ---- reading ---- */

/* Where its pictures have another shape, -1. */
static int
record_input(const json_t *o, struct nn_shape *in)
{
	const json_t *list = json_object_get(o, "input");

	*in = (struct nn_shape){.rank = 3};
	for (int i = 0; i < 3; i++)
		in->dim[i] = (int)json_integer_value(json_array_get(list, (size_t)i));
	return json_array_size(list) == 3 && in->dim[0] > 0 && in->dim[1] > 0 && in->dim[2] > 0 ? 0 : -1;
}

/* Rates of layers' own by their names. The caller's. */
static char *
record_rates(const json_t *o)
{
	const json_t *list = json_object_get(o, "layer_lr"), *model = json_object_get(o, "model");
	struct run *r = xcalloc(1, sizeof *r);
	struct nn_shape in;
	bool any = false;
	char *rates;

	for (size_t i = 0; i < NN_LAYERS_MAX; i++) {
		const json_t *x = json_array_get(list, i);

		r->config.layer_lr[i] = json_is_number(x) ? (float)json_number_value(x) : NAN;
		any |= json_is_number(x);
	}
	if (any && json_is_string(model) && record_input(o, &in) == 0)
		run_layered_text(r, json_string_value(model), in);
	rates = run_rates(r);
	run_free(r);
	return rates;
}

/* What the optimizer does not have is not found: the record has it all the same. */
static void
record_hypers(const json_t *o, json_t *facts)
{
	static const char *const all[] = {"rho", "epsilon", "momentum", "beta_1", "beta_2"};
	const char *name = json_string_value(json_object_get(o, "optimizer"));
	const struct nn_optimizer_info *of = name != NULL ? nn_optimizer_find(name) : NULL;

	for (size_t i = 0; i < sizeof all / sizeof *all && of != NULL; i++) {
		bool has = false;

		for (int k = 0; of->hyper[k] != NULL; k++)
			has |= strcmp(of->hyper[k], all[i]) == 0;
		if (!has)
			json_object_set_new(facts, all[i], json_null());
	}
}

/* What the index has to find by other words than those of the record, which tells less of what is as usual. */
static json_t *
record_facts(const json_t *o)
{
	const json_t *validate = json_object_get(o, "validate");
	json_t *facts = json_object();
	char *rates = record_rates(o), shape[48], each[16];
	struct nn_shape in;

	snprintf(each, sizeof each, "%d", validate != NULL ? (int)json_integer_value(validate) : 1);
	json_object_set_new(facts, "validate", out_string(strcmp(each, "0") == 0 ? "end" : each));
	json_object_set_new(facts, "by", out_string(json_object_get(o, "watched") != NULL ? "batch" : "epoch"));
	json_object_set_new(facts, "shuffle", out_string(json_is_true(json_object_get(o, "shuffle")) ? "on" : "off"));
	json_object_set_new(facts, "slots", out_string(json_object_get(o, "slots") != NULL ? "loaded" : "zero"));
	json_object_set_new(facts, "layer_lr", out_string(rates));
	record_hypers(o, facts);
	if (record_input(o, &in) == 0)
		json_object_set_new(facts, "input", out_string(model_shape_text(shape, 3, in.dim)));
	free(rates);
	return facts;
}

/* Adds what came of it to what it was made with, and leaves its curves out. */
static json_t *
record_figures(json_t *o)
{
	static const char *const figures[] = {"accuracy", "loss", "val_accuracy", "val_loss", "watch_accuracy",
	    "watch_loss"};
	json_t *list = json_object_get(o, "history"), *last, *v;
	size_t n = json_array_size(list);

	last = n > 0 ? json_array_get(list, state_run_stands(o) - 1) : NULL;
	for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
		json_object_set(o, figures[i], (v = json_array_get(last, i)) != NULL ? v : json_null());
	json_object_set_new(o, "epochs_done", json_integer((json_int_t)n));
	json_object_set_new(o, "facts", record_facts(o));
	json_object_del(o, "batches");
	return o;
}

json_t *
record_head(const char *text, struct err *why)
{
	bool no_memory;
	json_t *o = record_parse(text, &no_memory, why);

	return o != NULL ? record_figures(o) : NULL;
}

json_t *
record_here(const struct session *s, const struct run *r)
{
	json_t *o = state_run_write(s, r, s->set.timing);

	if (r->model != NULL) {
		json_object_set_new(o, "model", out_string(r->model));
		json_object_set_new(o, "input", out_shape(r->input.rank, r->input.dim));
	}
	record_figures(o);
	json_object_set_new(o, "version", out_string(PACKAGE_VERSION));
	json_object_set_new(o, "ended", out_string(record_ended(r)));
	return o;
}

struct run *
record_read(const char *text, const json_t *about, struct err *e)
{
	struct reader r = {.part = "record"};
	struct state st = {.plan.n = NN_LAYERS_MAX};
	size_t room = STATE_BATCHES_MAX;
	struct err why = {0};
	json_t *o = record_parse(text, &r.no_memory, &why), *seconds = json_object_get(about, "seconds");
	struct run *run;

	if (o == NULL) {
		if (r.no_memory)
			fail_memory(e, NO_MEMORY);
		else
			fail(e, "the record cannot be read: %s; take a thaw that has written such", why.text);
		return NULL;
	}
	json_object_set_new(o, "run", json_integer(1));
	json_object_set_new(o, "threads", json_integer(1));
	json_object_set_new(o, "cached", json_false());
	json_object_set_new(o, "cache_bytes", json_integer(0));
	json_object_set(o, "seconds", json_is_number(seconds) ? seconds : json_null());
	run = state_run_read(&r, o, &st, 0, &room);
	json_decref(o);
	if (r.bad[0] == '\0' && !r.no_memory)
		return run;
	run_free(run);
	if (r.no_memory)
		fail_memory(e, NO_MEMORY);
	else
		fail(e, "the record is damaged (%s)", r.bad);
	return NULL;
}

struct run *
record_find(struct session *s, const char *name, struct err *e)
{
	struct runs *have = &s->recalled;
	struct store_names names = {0};
	char hash[65], *text;
	json_t *about;
	struct run *r;

	if (!store_is_hash(name))
		return runs_find(&s->runs, name, e);
	for (int i = 0; i < s->runs.n; i++)
		if (strncmp(s->runs.list[i]->record, name, strlen(name)) == 0)
			return s->runs.list[i];
	if (store_find(&s->store, name, hash, e) < 0)
		return NULL;
	for (int i = 0; i < have->n; i++)
		if (strcmp(have->list[i]->record, hash) == 0)
			return have->list[i];
	if ((text = store_get(&s->store, hash, e)) == NULL)
		return NULL;
	store_list(&s->store, STORE_ABOUT, &names, e);
	about = store_about(&s->store, &names, hash, NULL);
	if ((r = record_read(text, about, e)) != NULL) {
		r->number = 0;
		memcpy(r->record, hash, sizeof hash);
		have->list = xrealloc(have->list, (size_t)have->n + 1, sizeof *have->list);
		have->list[have->n++] = r;
	}
	json_decref(about);
	store_names_free(&names);
	free(text);
	return r;
}
