/* state.c: a session as text, written and read back. What is read comes from a file: every value has its range, every list its
 * bound, and the session is touched only by state_install, when all of it has been found good.
 */
#include "file/state.h"

#include "trainer.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RUNS_MAX 10000
#define RUN_NUMBER_MAX 1000000000 /* leaves room to count on */
#define BATCHES_MAX 4000000 /* points of the curves of a file */
#define TEXT_MAX 300000000 /* bytes of JSON in one string; the header's own limit is lower */

/* ---- writing ---- */

static json_t *
big(uint64_t v) /* JSON's numbers end at 2^53 for many readers */
{
	char text[32];

	snprintf(text, sizeof text, "%" PRIu64, v);
	return json_string(text);
}

static json_t *
split_name(const struct split *s)
{
	return s->kind == SPLIT_NONE ? json_null() : json_string(s->name);
}

static void
set_text(json_t *to, const char *key, json_t *value)
{
	char *text = out_json_text(value);

	json_object_set_new(to, key, json_string(text));
	free(text);
	json_decref(value);
}

static json_t *
rates(const float *lr, int n)
{
	json_t *list = json_array();

	for (int i = 0; i < n; i++)
		json_array_append_new(list, out_num_float(lr[i]));
	return list;
}

static json_t *
write_settings(const struct session *s)
{
	json_t *o = json_object();
	char *value;

	for (const struct setting *k = settings_list; k->key != NULL; k++) {
		if (!(k->flags & SETTING_RUN) || strcmp(k->key, "verbose") == 0)
			continue;
		value = k->type == SETTING_LR && isnan(s->set.lr) ? xstrdup("auto") : settings_value(&s->set, k);
		json_object_set_new(o, k->key, json_string(value));
		free(value);
	}
	json_object_set_new(o, "layer_lr", rates(s->set.layer_lr, nn_net_count(s->model.net)));
	return o;
}

static json_t *
write_session(const struct session *s)
{
	const struct model *m = &s->model;
	struct nn_shape in = nn_net_input(m->net);
	json_t *trainable = json_array(), *shape = json_array();

	for (int i = 0; i < in.rank; i++)
		json_array_append_new(shape, json_integer(in.dim[i]));
	for (int i = 0; i < nn_net_count(m->net); i++)
		json_array_append_new(trainable, json_boolean(nn_net_layer(m->net, i)->trainable));
	return json_pack("{s:o, s:i, s:o, s:o, s:o, s:o, s:o, s:I, s:o}", "input", shape, "features", m->features, "trainable", trainable, "seed", big(m->seed), "asked", big(m->asked), "trained", split_name(&m->trained), "last_split", split_name(&s->last_split), "next_epoch",
	    (json_int_t)s->next_epoch, "data", out_string(s->data_name));
}

static json_t *
write_epochs(const struct run *r, bool timing)
{
	json_t *list = json_array();

	for (int i = 0; i < r->nepoch; i++) {
		const struct epoch_record *x = &r->epoch[i];

		json_array_append_new(list, json_pack("[o, o, o, o, o, o, o]", out_num(x->accuracy), out_num(x->loss), out_num(x->val_accuracy),
		    out_num(x->val_loss), out_num(x->watch_accuracy), out_num(x->watch_loss), timing ? out_num(x->seconds) : json_null()));
	}
	return list;
}

static json_t *
write_batches(const struct run *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->nbatch; i++)
		json_array_append_new(list, json_pack("[o, o, o]", out_num_float(r->batch[i].x), out_num_float(r->batch[i].loss),
		    out_num_float(r->batch[i].accuracy)));
	return list;
}

static json_t *
write_run(const struct session *s, const struct run *r, bool batches)
{
	const struct nn_run_config *c = &r->config;
	json_t *o = json_pack("{s:i, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:b, s:o, s:I}", "run", r->number, "split", split_name(&r->split), "watch",
	    split_name(&r->watch), "optimizer", c->optimizer->name, "lr", out_num(c->lr), "rho", out_num(c->rho), "epsilon", out_num(c->epsilon),
	    "momentum", out_num(c->momentum), "beta_1", out_num(c->beta_1), "beta_2", out_num(c->beta_2), "batch", c->batch, "shuffle", (int)c->shuffle,
	    "seed", big(c->seed), "epoch", (json_int_t)c->epoch);

	json_object_set_new(o, "layer_lr", rates(c->layer_lr, nn_net_count(s->model.net)));
	json_object_set_new(o, "epochs", json_integer(r->epochs));
	json_object_set_new(o, "threads", json_integer(r->threads));
	json_object_set_new(o, "kernels", json_string(r->kernels));
	json_object_set_new(o, "frozen", json_string(r->frozen));
	json_object_set_new(o, "changes", r->changes != NULL ? json_string(r->changes) : json_null());
	json_object_set_new(o, "limit", json_integer((json_int_t)r->limit));
	json_object_set_new(o, "train", json_integer((json_int_t)r->train));
	json_object_set_new(o, "test", json_integer((json_int_t)r->test));
	json_object_set_new(o, "params", json_integer((json_int_t)r->params));
	json_object_set_new(o, "trainable", json_integer((json_int_t)r->trainable));
	json_object_set_new(o, "first_epoch", json_integer(r->first_epoch));
	json_object_set_new(o, "cached", json_boolean(r->cached));
	json_object_set_new(o, "cache_bytes", json_integer((json_int_t)r->cache_bytes));
	json_object_set_new(o, "seconds", s->set.timing ? out_num(r->seconds) : json_null());
	json_object_set_new(o, "weights", json_string(r->sha256));
	json_object_set_new(o, "interrupted", json_boolean(r->interrupted));
	if (r->interrupted)
		json_object_set_new(o, "state", json_pack("{s:I, s:I, s:o, s:o, s:I, s:I}", "epoch", (json_int_t)r->state.epoch, "step", (json_int_t)r->state.step,
		    "iterations", big(r->state.iterations), "loss", out_num(r->partial.loss), "correct", (json_int_t)r->partial.correct, "count",
		    (json_int_t)r->partial.count));
	json_object_set_new(o, "history", write_epochs(r, s->set.timing));
	if (batches)
		json_object_set_new(o, "batches", write_batches(r));
	return o;
}

json_t *
state_write(struct session *s)
{
	json_t *metadata = json_object(), *runs = json_array();
	char *model = build_net_text(s->model.net, s->model.features);
	size_t points = 0;

	/* A header has a limit: of very long sessions the oldest curves go first, then the oldest runs. */
	for (int i = s->nruns - 1; i >= 0 && s->nruns - i <= RUNS_MAX; i--) {
		points += s->runs[i]->nbatch;
		json_array_insert_new(runs, 0, write_run(s, s->runs[i], points <= BATCHES_MAX / 4));
	}
	json_object_set_new(metadata, "thaw", json_string("1"));
	json_object_set_new(metadata, "model", json_string(model));
	set_text(metadata, "session", write_session(s));
	set_text(metadata, "settings", write_settings(s));
	set_text(metadata, "runs", runs);
	free(model);
	return metadata;
}

/* ---- reading ---- */

/* Remembers the first thing that is wrong; what comes behind it reads as zeros. */
struct reader {
	const char *part; /* "session" */
	char bad[96]; /* "session: seed" */
};

static void
bad(struct reader *r, const char *key)
{
	if (r->bad[0] == '\0')
		snprintf(r->bad, sizeof r->bad, "%s: %.60s", r->part, key);
}

static int64_t
get_int(struct reader *r, const json_t *o, const char *key, int64_t min, int64_t max)
{
	const json_t *v = json_object_get(o, key);

	if (!json_is_integer(v) || json_integer_value(v) < min || json_integer_value(v) > max) {
		bad(r, key);
		return min;
	}
	return json_integer_value(v);
}

static bool
get_bool(struct reader *r, const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	if (!json_is_boolean(v))
		bad(r, key);
	return json_is_true(v);
}

/* A number, or NAN for null. */
static double
number(struct reader *r, const json_t *v, const char *key, double min, double max)
{
	double x = json_is_null(v) ? NAN : json_number_value(v);

	if ((!json_is_number(v) && !json_is_null(v)) || x < min || x > max)
		bad(r, key);
	return x;
}

static double
get_num(struct reader *r, const json_t *o, const char *key, double min, double max)
{
	double x = number(r, json_object_get(o, key), key, min, max);

	if (isnan(x))
		bad(r, key);
	return x;
}

static uint64_t
get_big(struct reader *r, const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));
	uint64_t v = 0;

	if (text == NULL || *text == '\0' || strlen(text) > 20) {
		bad(r, key);
		return 0;
	}
	for (; *text != '\0'; text++)
		if (*text < '0' || *text > '9' || __builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, *text - '0', &v)) {
			bad(r, key);
			return 0;
		}
	return v;
}

static char *
get_text(struct reader *r, const json_t *o, const char *key, size_t max)
{
	const char *text = json_string_value(json_object_get(o, key));
	char *copy;

	if (text == NULL || strlen(text) > max) {
		bad(r, key);
		return xstrdup("");
	}
	copy = xstrdup(text);
	text_clean(copy); /* it will be printed */
	return copy;
}

static struct split
get_split(struct reader *r, const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);
	struct split s = {.kind = SPLIT_NONE};
	struct err ignored;

	if (!json_is_null(v) && (!json_is_string(v) || split_parse(json_string_value(v), &s, &ignored) < 0))
		bad(r, key);
	return s;
}

static void
get_rates(struct reader *r, const json_t *o, int n, float out[NN_LAYERS_MAX])
{
	const json_t *list = json_object_get(o, "layer_lr");

	for (int i = 0; i < NN_LAYERS_MAX; i++)
		out[i] = NAN;
	if (!json_is_array(list) || json_array_size(list) > NN_LAYERS_MAX)
		bad(r, "layer_lr");
	else
		for (int i = 0; i < n && i < (int)json_array_size(list); i++)
			out[i] = (float)number(r, json_array_get(list, (size_t)i), "layer_lr", 0, 1e6);
}

static void
read_session(struct reader *r, const json_t *o, struct state *st)
{
	const json_t *in = json_object_get(o, "input"), *trainable = json_object_get(o, "trainable");

	st->in.rank = 3;
	if (!json_is_array(in) || json_array_size(in) != 3)
		bad(r, "input");
	for (int i = 0; i < 3; i++) {
		json_int_t d = json_integer_value(json_array_get(in, (size_t)i));

		if (d < 1 || d > (i < 2 ? DATASET_SIDE_MAX : 3))
			bad(r, "input");
		else
			st->in.dim[i] = (int)d;
	}
	st->features = (int)get_int(r, o, "features", 0, st->plan.n);
	if (json_array_size(trainable) != (size_t)st->plan.n)
		bad(r, "trainable");
	for (int i = 0; i < st->plan.n; i++)
		st->trainable[i] = json_is_true(json_array_get(trainable, (size_t)i));
	st->seed = get_big(r, o, "seed");
	st->asked = get_big(r, o, "asked");
	st->trained = get_split(r, o, "trained");
	st->last = get_split(r, o, "last_split");
	st->next_epoch = (uint32_t)get_int(r, o, "next_epoch", 0, UINT32_MAX);
	st->data = get_text(r, o, "data", 4096);
}

static void
read_settings(struct reader *r, const json_t *o, struct state *st)
{
	struct err ignored;
	const char *text;

	for (const struct setting *k = settings_list; k->key != NULL; k++) {
		if (!(k->flags & SETTING_RUN) || strcmp(k->key, "verbose") == 0)
			continue;
		text = json_string_value(json_object_get(o, k->key));
		if (text == NULL || settings_assign(&st->set, k, text, &ignored) < 0)
			bad(r, k->key);
	}
	get_rates(r, o, st->plan.n, st->set.layer_lr);
}

static void
read_epochs(struct reader *r, const json_t *o, struct run *run)
{
	const json_t *list = json_object_get(o, "history"), *row;
	size_t n = json_array_size(list);

	if (!json_is_array(list) || n > (size_t)run->epochs) {
		bad(r, "history");
		return;
	}
	run->epoch = xcalloc(n, sizeof *run->epoch);
	run->nepoch = (int)n;
	for (size_t i = 0; i < n; i++) {
		double *to[] = {&run->epoch[i].accuracy, &run->epoch[i].loss, &run->epoch[i].val_accuracy, &run->epoch[i].val_loss,
		    &run->epoch[i].watch_accuracy, &run->epoch[i].watch_loss, &run->epoch[i].seconds};

		row = json_array_get(list, i);
		if (json_array_size(row) != 7)
			bad(r, "history");
		for (size_t k = 0; k < 7; k++)
			*to[k] = number(r, json_array_get(row, k), "history", -INFINITY, INFINITY);
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
		bad(r, "batches");
		return;
	}
	*room -= n;
	run->batch = xcalloc(n, sizeof *run->batch);
	run->nbatch = n;
	for (size_t i = 0; i < n; i++) {
		struct batch_point *p = &run->batch[i];

		row = json_array_get(list, i);
		p->x = (float)number(r, json_array_get(row, 0), "batches", 0, run->epochs);
		p->loss = (float)number(r, json_array_get(row, 1), "batches", -INFINITY, INFINITY);
		p->accuracy = (float)number(r, json_array_get(row, 2), "batches", -INFINITY, INFINITY);
		if (json_array_size(row) != 3 || !(p->x >= last)) /* curves go to the right */
			bad(r, "batches");
		last = p->x;
	}
}

static struct run *
read_run(struct reader *r, const json_t *o, const struct state *st, int before, size_t *room)
{
	struct run *run = xcalloc(1, sizeof *run);
	struct nn_run_config *c = &run->config;
	const json_t *state = json_object_get(o, "state");
	char *text;

	run->number = (int)get_int(r, o, "run", before + 1, RUN_NUMBER_MAX);
	run->split = get_split(r, o, "split");
	run->watch = get_split(r, o, "watch");
	text = get_text(r, o, "optimizer", 32);
	if ((c->optimizer = nn_optimizer_find(text)) == NULL) {
		bad(r, "optimizer");
		c->optimizer = nn_optimizer_at(0);
	}
	free(text);
	if (run->split.kind == SPLIT_NONE)
		bad(r, "split");
	c->lr = get_num(r, o, "lr", 0, 1e6);
	c->rho = get_num(r, o, "rho", 0, 1);
	c->epsilon = get_num(r, o, "epsilon", 0, 1);
	c->momentum = get_num(r, o, "momentum", 0, 1);
	c->beta_1 = get_num(r, o, "beta_1", 0, 1);
	c->beta_2 = get_num(r, o, "beta_2", 0, 1);
	c->batch = (int)get_int(r, o, "batch", 1, 65536);
	c->shuffle = get_bool(r, o, "shuffle");
	c->seed = get_big(r, o, "seed");
	c->epoch = (uint32_t)get_int(r, o, "epoch", 0, UINT32_MAX);
	get_rates(r, o, st->plan.n, c->layer_lr);
	run->epochs = (int)get_int(r, o, "epochs", 1, 100000);
	run->threads = (int)get_int(r, o, "threads", 1, NN_THREADS_MAX);
	run->kernels = get_text(r, o, "kernels", 16);
	run->frozen = get_text(r, o, "frozen", 4096);
	if (!json_is_null(json_object_get(o, "changes")))
		run->changes = get_text(r, o, "changes", 100000);
	run->limit = (size_t)get_int(r, o, "limit", 0, UINT32_MAX);
	run->train = (size_t)get_int(r, o, "train", 1, UINT32_MAX);
	run->test = (size_t)get_int(r, o, "test", 0, UINT32_MAX);
	run->params = (size_t)get_int(r, o, "params", 0, INT64_MAX);
	run->trainable = (size_t)get_int(r, o, "trainable", 0, INT64_MAX);
	run->first_epoch = (uint32_t)get_int(r, o, "first_epoch", 0, UINT32_MAX);
	run->cached = get_bool(r, o, "cached");
	run->cache_bytes = (size_t)get_int(r, o, "cache_bytes", 0, INT64_MAX);
	run->seconds = number(r, json_object_get(o, "seconds"), "seconds", 0, INFINITY);
	if (isnan(run->seconds)) /* written with timing off */
		run->seconds = 0;
	text = get_text(r, o, "weights", 64);
	if (*text != '\0' && (strlen(text) != 64 || strspn(text, "0123456789abcdef") != 64))
		bad(r, "weights");
	else
		strcpy(run->sha256, text);
	free(text);
	run->interrupted = get_bool(r, o, "interrupted");
	read_epochs(r, o, run);
	read_batches(r, o, run, room);
	if (run->interrupted) {
		run->state.epoch = (uint32_t)get_int(r, state, "epoch", 0, UINT32_MAX);
		run->state.step = (uint32_t)get_int(r, state, "step", 0, ((int64_t)run->train + c->batch - 1) / c->batch);
		run->state.iterations = get_big(r, state, "iterations");
		run->partial.loss = get_num(r, state, "loss", -INFINITY, INFINITY);
		run->partial.count = (uint64_t)get_int(r, state, "count", 0, (int64_t)run->train);
		run->partial.correct = (uint64_t)get_int(r, state, "correct", 0, (int64_t)run->partial.count);
	}
	return run;
}

static void
read_runs(struct reader *r, const json_t *list, struct state *st)
{
	size_t n = json_array_size(list), room = BATCHES_MAX;
	int before = 0;

	if (!json_is_array(list) || n > RUNS_MAX) {
		bad(r, "list");
		return;
	}
	st->runs = xcalloc(n, sizeof *st->runs);
	for (size_t i = 0; i < n && r->bad[0] == '\0'; i++) {
		st->runs[st->nruns] = read_run(r, json_array_get(list, i), st, before, &room);
		before = st->runs[st->nruns++]->number;
	}
}

bool
state_there(const json_t *metadata)
{
	return json_object_get(metadata, "thaw") != NULL;
}

/* The JSON text under a key; NULL with a sentence in r. */
static json_t *
part(struct reader *r, const json_t *metadata, const char *key)
{
	const char *text = json_string_value(json_object_get(metadata, key));
	json_error_t why;
	json_t *o;

	r->part = key;
	if (text == NULL || strlen(text) > TEXT_MAX || (o = json_loads(text, JSON_REJECT_DUPLICATES, &why)) == NULL) {
		bad(r, text == NULL ? "missing" : "no JSON");
		return NULL;
	}
	return o;
}

int
state_read(struct session *s, const json_t *metadata, const char *path, size_t params_max, struct state *out, struct err *e)
{
	const char *version = json_string_value(json_object_get(metadata, "thaw")), *model = json_string_value(json_object_get(metadata, "model"));
	static const struct {
		const char *key;
		void (*read)(struct reader *r, const json_t *o, struct state *st);
	} parts[] = {{"session", read_session}, {"settings", read_settings}, {"runs", read_runs}};
	struct reader r = {.part = "model"};
	struct nn_err why = {""};
	struct err cause = {0};
	size_t params = 0;

	memset(out, 0, sizeof *out);
	out->set = s->set;
	if (version == NULL || strcmp(version, "1") != 0)
		return fail(e, "%s was saved by a newer thaw (layout %.20s); `load FILE only=all` takes its weights", path, version != NULL ? version : "unknown");
	if (model == NULL || strlen(model) > 16384 || build_parse(model, &out->plan, &cause) < 0)
		bad(&r, cause.text[0] != '\0' ? cause.text : "missing");
	for (size_t i = 0; i < sizeof parts / sizeof *parts && r.bad[0] == '\0'; i++) {
		json_t *o = part(&r, metadata, parts[i].key);

		if (o != NULL)
			parts[i].read(&r, o, out);
		json_decref(o);
	}
	if (r.bad[0] == '\0' && (params = nn_spec_params(out->in, out->plan.spec, out->plan.n, &why)) == SIZE_MAX) {
		r.part = "model";
		bad(&r, why.text);
	}
	if (r.bad[0] != '\0') {
		state_free(out);
		return fail(e, "%s: what it says of the session is damaged (%s); `load FILE only=all` takes its weights into the model that is here", path, r.bad);
	}
	if (params > params_max) {
		state_free(out);
		return fail(e, "%s: its model has %zu weights, but it holds at most %zu; get the file again, or load another", path, params, params_max);
	}
	return 0;
}

struct split
state_trained(const json_t *metadata, int classes)
{
	struct reader r = {.part = ""};
	json_t *o = state_there(metadata) ? part(&r, metadata, "session") : NULL;
	struct split s = o != NULL ? get_split(&r, o, "trained") : (struct split){.kind = SPLIT_NONE};

	json_decref(o);
	return r.bad[0] == '\0' && split_count(&s) <= classes ? s : (struct split){.kind = SPLIT_NONE};
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
	for (int i = 0; i < s->nruns; i++)
		run_free(s->runs[i]);
	free(s->runs);
	s->runs = NULL;
	s->nruns = 0;
	s->set = st->set;
	build_install(s, net, st->features, st->seed);
	memcpy(s->set.layer_lr, st->set.layer_lr, sizeof s->set.layer_lr);
	s->model.asked = st->asked;
	s->model.trained = st->trained;
	s->last_split = st->last;
	s->next_epoch = st->next_epoch;
	s->runs = st->runs;
	s->nruns = st->nruns;
	st->runs = NULL;
	st->nruns = 0;
}
