/* state_write.c: writes a session as text. */
#include "file/state.h"

#include "past/left.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static json_t *
big(uint64_t v) /* as text, since many readers of JSON take no number beyond 2^53 */
{
	char text[32];

	snprintf(text, sizeof text, "%" PRIu64, v);
	return out_string(text);
}

static json_t *
split_name(const struct split *s)
{
	json_t *name;
	char *text;

	if (s->kind == SPLIT_NONE)
		return json_null();
	text = split_filed(s);
	name = out_string(text);
	free(text);
	return name;
}

/* A value as text, which is freed with it. */
static char *
take_text(json_t *value)
{
	char *text = out_json_text(value);

	json_decref(value);
	return text;
}

static void
set_text(json_t *to, const char *key, json_t *value)
{
	char *text = take_text(value);

	json_object_set_new(to, key, out_string(text));
	free(text);
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
		if (!(k->flags & (SETTING_RUN | SETTING_SAVED)) || strcmp(k->key, "verbose") == 0)
			continue;
		value = settings_value(&s->set, k);
		if (k->type == SETTING_LR && isnan(s->set.run.lr)) {
			const char *schedule = strchr(value, ':');
			char *own = xasprintf("auto%s", schedule != NULL ? schedule : "");

			free(value);
			value = own;
		}
		json_object_set_new(o, k->key, out_string(value));
		free(value);
	}
	json_object_set_new(o, "layer_lr", rates(s->set.run.layer_lr, nn_net_count(s->model.net)));
	return o;
}

static json_t *
write_trainable(const bool *trainable, int n)
{
	json_t *list = json_array();

	for (int i = 0; i < n; i++)
		json_array_append_new(list, json_boolean(trainable[i]));
	return list;
}

bool
state_keeps_slots(struct session *s)
{
	return s->worker.job == NULL && slots_of_weights(&s->slots, s->model.net);
}

static json_t *
write_session(struct session *s)
{
	const struct model *m = &s->model;
	struct nn_shape in = nn_net_input(m->net);
	bool trainable[NN_LAYERS_MAX];
	json_t *o;

	for (int i = 0; i < nn_net_count(m->net); i++)
		trainable[i] = nn_net_layer(m->net, i)->trainable;
	o = out_pack("{s:o, s:i, s:o, s:o, s:o, s:o, s:o, s:I, s:o}", "input", out_shape(in.rank, in.dim),
	    "features", m->features, "trainable", write_trainable(trainable, nn_net_count(m->net)), "seed",
	    big(m->seed), "asked", big(m->asked), "trained", split_name(&m->trained), "last_split",
	    split_name(&s->runs.last_split), "next_epoch", (json_int_t)s->runs.next_epoch, "data",
	    out_string(s->data.name));
	if (state_keeps_slots(s))
		json_object_set_new(o, "slots", out_pack("{s:s, s:o, s:o}", "optimizer", s->slots.of->name, "steps",
		    big(s->slots.steps), "trainable", write_trainable(s->slots.trainable, nn_net_count(m->net))));
	return o;
}

static json_t *
write_epochs(const struct run *r, bool timing)
{
	json_t *list = json_array();

	for (int i = 0; i < r->nepoch; i++) {
		const struct epoch_record *x = &r->epoch[i];

		json_array_append_new(list, out_pack("[o, o, o, o, o, o, o]", out_num(x->accuracy), out_num(x->loss),
		    out_num(x->val_accuracy), out_num(x->val_loss), out_num(x->watch_accuracy), out_num(x->watch_loss),
		    timing ? out_num(x->seconds) : json_null()));
	}
	return list;
}

json_t *
state_batches_write(const struct run *r, size_t each)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->nbatch; i += each) {
		size_t n = i + each < r->nbatch ? each : r->nbatch - i;
		double loss = 0, accuracy = 0;

		for (size_t k = i; k < i + n; k++) {
			loss += r->batch[k].loss;
			accuracy += r->batch[k].accuracy;
		}
		json_array_append_new(list, out_pack("[o, o, o]", out_num_float(r->batch[i + n - 1].x),
		    out_num_float((float)(loss / (double)n)), out_num_float((float)(accuracy / (double)n))));
	}
	return list;
}

/* The newest of what `now` changed, as much as is read. */
static const char *
write_changes(const struct run *r)
{
	size_t n = r->changes != NULL ? strlen(r->changes) : 0;
	const char *next;

	if (n <= STATE_CHANGES_MAX)
		return r->changes;
	next = strstr(r->changes + n - STATE_CHANGES_MAX, "; ");
	return next != NULL ? next + 2 : "";
}

static void
write_text(json_t *o, const char *key, char *text, bool there)
{
	if (there)
		json_object_set_new(o, key, out_string(text));
	free(text);
}

/* The newest of its later rates, as many as are read. */
static json_t *
write_turns(const struct run *r, int layers)
{
	json_t *list = json_array();

	for (int i = r->nturn > STATE_TURNS_MAX ? r->nturn - STATE_TURNS_MAX : 0; i < r->nturn; i++) {
		const struct turn *x = &r->turn[i];
		json_t *o = out_pack("{s:i, s:o, s:o}", "epoch", x->epoch, "lr", out_num(x->lr), "layer_lr",
		    rates(x->layer_lr, layers));

		write_text(o, "schedule", schedule_text(&x->schedule), x->schedule.kind != SCHEDULE_NONE);
		json_array_append_new(list, o);
	}
	return list;
}

/* What not every run is asked. */
static void
write_asked(json_t *o, const struct run *r)
{
	json_t *list = json_array();

	write_text(o, "schedule", schedule_text(&r->schedule), r->schedule.kind != SCHEDULE_NONE);
	write_text(o, "stop", goal_text(&r->goal), r->goal_asked);
	if (r->checkpoint != NULL)
		json_object_set_new(o, "checkpoint", out_string(r->checkpoint));
	if (r->slots[0] != '\0') {
		json_object_set_new(o, "slots", out_string(r->slots));
		json_object_set_new(o, "slots_steps", big(r->slots_steps));
	}
	if (r->validate != 1)
		json_object_set_new(o, "validate", json_integer(r->validate));
	for (int i = 0; i < r->nwatched; i++)
		json_array_append_new(list, out_pack("[o, o, o]", out_num_float(r->watched[i].x),
		    out_num_float(r->watched[i].loss), out_num_float(r->watched[i].accuracy)));
	if (r->by_batch)
		json_object_set_new(o, "watched", list);
	else
		json_decref(list);
}

/* Where it is not the session's, of which the file tells once. */
static void
write_model(json_t *o, const struct session *s, const struct run *r)
{
	struct nn_shape in = nn_net_input(s->model.net);
	char *now = plan_net_text(s->model.net, s->model.features);

	if (r->model != NULL && now != NULL && /* NULL: see memory_try */
	    (strcmp(r->model, now) != 0 || memcmp(r->input.dim, in.dim, sizeof in.dim) != 0)) {
		json_object_set_new(o, "model", out_string(r->model));
		json_object_set_new(o, "input", out_shape(r->input.rank, r->input.dim));
	}
	free(now);
}

/* Where an interrupted run stands, and of the model what it was left with. */
static json_t *
write_cut(const struct run *r, int layers, bool timing)
{
	json_t *o = out_pack("{s:I, s:I, s:o, s:o, s:I, s:I}", "epoch", (json_int_t)r->state.epoch, "step",
	    (json_int_t)r->state.step, "iterations", big(r->state.iterations), "loss", out_num(r->partial.loss),
	    "correct", (json_int_t)r->partial.correct, "count", (json_int_t)r->partial.count), *list;

	if (timing)
		json_object_set_new(o, "seconds", out_num(r->partial_seconds));
	if (r->left == NULL)
		return o;
	list = json_array();
	for (int i = 0; i < layers; i++)
		json_array_append_new(list, out_num(r->left->rate[i]));
	json_object_set_new(o, "trainable", write_trainable(r->left->trainable, layers));
	json_object_set_new(o, "rates", list);
	json_object_set_new(o, "kernels", out_string(r->left->kernels));
	json_object_set_new(o, "data", out_string(r->left->data));
	return o;
}

json_t *
state_run_write(const struct session *s, const struct run *r, bool timing)
{
	const struct nn_run_config *c = &r->config;
	json_t *o = out_pack("{s:i, s:s, s:o, s:o, s:s}", "run", r->number, "data", r->data, "split",
	    split_name(&r->split), "watch", split_name(&r->watch), "optimizer", c->optimizer->name), *more;

	for (const struct setting *k = settings_list; k->key != NULL; k++)
		if (settings_real(c, k) != NULL)
			json_object_set_new(o, k->key, out_num(*settings_real(c, k)));
	more = out_pack("{s:i, s:b, s:o, s:I, s:o, s:i, s:o, s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:b, s:I, "
	    "s:o, s:s, s:b}", "batch", c->batch, "shuffle", (int)c->shuffle, "seed", big(c->seed), "epoch",
	    (json_int_t)c->epoch, "layer_lr", rates(c->layer_lr, nn_net_count(s->model.net)), "epochs", r->epochs,
	    "threads", timing && r->threads > 0 ? json_integer(r->threads) : json_null(), "kernels", r->kernels,
	    "frozen", r->frozen, "changes", write_changes(r), "limit",
	    (json_int_t)r->take.limit, "train", (json_int_t)r->train, "test", (json_int_t)r->test, "params",
	    (json_int_t)r->params, "trainable", (json_int_t)r->trainable, "first_epoch", (json_int_t)r->first_epoch,
	    "cached", (int)r->cached, "cache_bytes", (json_int_t)r->cache_bytes, "seconds",
	    timing ? out_num(r->seconds) : json_null(), "weights", r->sha256, "interrupted",
	    (int)r->interrupted);
	json_object_update(o, more);
	json_decref(more);
	json_object_set_new(o, "frozen_delta", out_num(r->frozen_delta));
	if (r->begun[0] != '\0')
		json_object_set_new(o, "begun", out_string(r->begun));
	write_model(o, s, r);
	if (r->anew != 0)
		json_object_set_new(o, "anew", big(r->anew));
	if (r->take.drawn)
		json_object_set_new(o, "sample", big(r->take.seed));
	if (r->interrupted && r->uncached)
		json_object_set_new(o, "cache", json_false());
	if (r->interrupted)
		json_object_set_new(o, "state", write_cut(r, nn_net_count(s->model.net), timing));
	write_asked(o, r);
	if (r->nturn > 0)
		json_object_set_new(o, "turns", write_turns(r, nn_net_count(s->model.net)));
	json_object_set_new(o, "history", write_epochs(r, timing));
	return o;
}

/* The bytes of a text as a string within JSON; NULL, where there was no memory for it, has none. */
static size_t
quoted(const char *text)
{
	size_t n = 0;

	for (; text != NULL && *text != '\0'; text++)
		n += *text == '"' || *text == '\\' ? 2 : 1;
	return n;
}

/* Adds a run with as much of its curve as fits. Whether that is less than all. */
static bool
add_run(struct str *out, const char *run, const struct run *r, size_t *points, size_t *room)
{
	enum { POINT = 48, FEWEST = 100 }; /* bytes of a point at most; fewer points show nothing */
	size_t most = *room / POINT < *points ? *room / POINT : *points;
	size_t each = r->nbatch <= most ? 1 : most >= FEWEST ? (r->nbatch + most - 1) / most : 0;
	char *text;

	if (run == NULL) /* no memory: see memory_try */
		return false;
	if (r->nbatch == 0 || each == 0) {
		str_add(out, "%s", run);
		return r->nbatch > 0;
	}
	if ((text = take_text(state_batches_write(r, each))) == NULL)
		return false;
	str_addn(out, run, strlen(run) - 1);
	str_add(out, ",\"batches\":%s}", text);
	*points -= (r->nbatch + each - 1) / each;
	*room -= strlen(text);
	free(text);
	return each > 1;
}

/* A header has a limit. The newest runs go in whole but for their curves; what is left of it is for those, again the
 * newest first. */
static char *
write_runs(struct session *s, struct state_cut *cut)
{
	size_t n = (size_t)s->runs.n < STATE_RUNS_MAX ? (size_t)s->runs.n : STATE_RUNS_MAX, kept = 0;
	size_t room = STATE_BYTES_MAX, points = STATE_BATCHES_MAX / 4;
	size_t values = STATE_VALUES_MAX - 4 * points - 2 * n; /* without the curves, which have 4 a point */
	char **run = xcalloc(n, sizeof *run), **whole = xcalloc(n, sizeof *whole);
	struct str all = {0};

	for (; kept < n; kept++) { /* from the newest */
		run[kept] = take_text(state_run_write(s, s->runs.list[s->runs.n - 1 - (int)kept],
		    s->set.timing));
		size_t bytes = quoted(run[kept]) + 32; /* with the comma, and the name of its curve */
		size_t more = run[kept] != NULL ? out_json_values(run[kept], strlen(run[kept])) + 4 : 0;

		if (bytes > room || more > values)
			break;
		room -= bytes;
		values -= more;
	}
	cut->runs = s->runs.n - (int)kept;
	for (size_t i = 0; i < kept; i++) {
		struct str one = {0};

		cut->curves += add_run(&one, run[i], s->runs.list[s->runs.n - 1 - (int)i], &points, &room);
		whole[i] = one.s;
	}
	str_add(&all, "[");
	for (size_t i = kept; i > 0; i--)
		str_add(&all, "%s%s", i < kept ? "," : "", whole[i - 1] != NULL ? whole[i - 1] : "");
	str_add(&all, "]");
	for (size_t i = 0; i < n; i++) {
		free(run[i]);
		free(whole[i]);
	}
	free(run);
	free(whole);
	return all.s;
}

json_t *
state_write(struct session *s, struct state_cut *cut)
{
	json_t *metadata = json_object();
	char *model = plan_net_text(s->model.net, s->model.features), *runs = write_runs(s, cut);

	json_object_set_new(metadata, "thaw", out_string("1"));
	json_object_set_new(metadata, "model", out_string(model));
	set_text(metadata, "session", write_session(s));
	set_text(metadata, "settings", write_settings(s));
	json_object_set_new(metadata, "runs", out_string(runs));
	free(runs);
	free(model);
	if (json_object_size(metadata) == 5)
		return metadata;
	json_decref(metadata);
	return NULL;
}
