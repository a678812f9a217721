/* state_write.c: writes a session as text. */
#include "file/state.h"
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
	return s->kind == SPLIT_NONE ? json_null() : out_string(s->name);
}

static void
set_text(json_t *to, const char *key, json_t *value)
{
	char *text = out_json_text(value);

	json_object_set_new(to, key, out_string(text));
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
		value = k->type == SETTING_LR && isnan(s->set.run.lr) ? xstrdup("auto") : settings_value(&s->set, k);
		json_object_set_new(o, k->key, out_string(value));
		free(value);
	}
	json_object_set_new(o, "layer_lr", rates(s->set.run.layer_lr, nn_net_count(s->model.net)));
	return o;
}

static json_t *
write_session(const struct session *s)
{
	const struct model *m = &s->model;
	struct nn_shape in = nn_net_input(m->net);
	json_t *trainable = json_array();

	for (int i = 0; i < nn_net_count(m->net); i++)
		json_array_append_new(trainable, json_boolean(nn_net_layer(m->net, i)->trainable));
	return out_pack("{s:o, s:i, s:o, s:o, s:o, s:o, s:o, s:I, s:o}", "input", out_shape(in.rank, in.dim),
	    "features", m->features, "trainable", trainable, "seed", big(m->seed), "asked", big(m->asked), "trained",
	    split_name(&m->trained), "last_split", split_name(&s->runs.last_split), "next_epoch",
	    (json_int_t)s->runs.next_epoch, "data", out_string(s->data.name));
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

static json_t *
write_batches(const struct run *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->nbatch; i++)
		json_array_append_new(list, out_pack("[o, o, o]", out_num_float(r->batch[i].x),
		    out_num_float(r->batch[i].loss), out_num_float(r->batch[i].accuracy)));
	return list;
}

static json_t *
write_run(const struct session *s, const struct run *r, bool batches)
{
	const struct nn_run_config *c = &r->config;
	json_t *o = out_pack("{s:i, s:o, s:o, s:s}", "run", r->number, "split", split_name(&r->split), "watch",
	    split_name(&r->watch), "optimizer", c->optimizer->name), *more;

	for (const struct setting *k = settings_list; k->key != NULL; k++)
		if (settings_real(c, k) != NULL)
			json_object_set_new(o, k->key, out_num(*settings_real(c, k)));
	more = out_pack("{s:i, s:b, s:o, s:I, s:o, s:i, s:i, s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:b, s:I, "
	    "s:o, s:s, s:b}", "batch", c->batch, "shuffle", (int)c->shuffle, "seed", big(c->seed), "epoch",
	    (json_int_t)c->epoch, "layer_lr", rates(c->layer_lr, nn_net_count(s->model.net)), "epochs", r->epochs,
	    "threads", r->threads, "kernels", r->kernels, "frozen", r->frozen, "changes", r->changes, "limit",
	    (json_int_t)r->limit, "train", (json_int_t)r->train, "test", (json_int_t)r->test, "params",
	    (json_int_t)r->params, "trainable", (json_int_t)r->trainable, "first_epoch", (json_int_t)r->first_epoch,
	    "cached", (int)r->cached, "cache_bytes", (json_int_t)r->cache_bytes, "seconds",
	    s->set.timing ? out_num(r->seconds) : json_null(), "weights", r->sha256, "interrupted",
	    (int)r->interrupted);
	json_object_update(o, more);
	json_decref(more);
	if (r->interrupted)
		json_object_set_new(o, "state", out_pack("{s:I, s:I, s:o, s:o, s:I, s:I}", "epoch",
		    (json_int_t)r->state.epoch, "step", (json_int_t)r->state.step, "iterations",
		    big(r->state.iterations), "loss", out_num(r->partial.loss), "correct",
		    (json_int_t)r->partial.correct, "count", (json_int_t)r->partial.count));
	json_object_set_new(o, "history", write_epochs(r, s->set.timing));
	if (batches)
		json_object_set_new(o, "batches", write_batches(r));
	return o;
}

json_t *
state_write(struct session *s)
{
	json_t *metadata = json_object(), *runs = json_array();
	char *model = plan_net_text(s->model.net, s->model.features);
	size_t points = 0;

	/* A file's header has a limit: very long sessions lose their oldest curves first, then their oldest runs. */
	for (int i = s->runs.n - 1; i >= 0 && s->runs.n - i <= STATE_RUNS_MAX; i--) {
		points += s->runs.list[i]->nbatch;
		json_array_insert_new(runs, 0, write_run(s, s->runs.list[i], points <= STATE_BATCHES_MAX / 4));
	}
	json_object_set_new(metadata, "thaw", out_string("1"));
	json_object_set_new(metadata, "model", out_string(model));
	set_text(metadata, "session", write_session(s));
	set_text(metadata, "settings", write_settings(s));
	set_text(metadata, "runs", runs);
	free(model);
	if (json_object_size(metadata) == 5)
		return metadata;
	json_decref(metadata);
	return NULL;
}
