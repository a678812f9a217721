/* safetensors.c: a session in a safetensors file. Weights under Keras' names; of an interrupted run also the optimizer's slots
 * (optimizer.SLOT.conv2d.kernel) and the weights that it began with (before.conv2d.kernel); the rest of the session as metadata.
 *
 * Loading reads everything into memory of its own and changes the session at the very end, so that a failure leaves it as it was.
 */
#include "file/format.h"
#include "file/state.h"
#include "file/tensors.h"
#include "util/sha256.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- saving ---- */

struct list {
	size_t n;
	struct tensor_source *x;
};

/* The tensors of a block of parameters, under a prefix. */
static void
add_block(struct list *l, const struct nn_net *net, const bool *pick, const char *prefix, const float *block)
{
	for (int i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *layer = nn_net_layer(net, i);

		for (int k = 0; k < layer->ntensors && (pick == NULL || pick[i]); k++) {
			const struct nn_tensor *w = &layer->tensor[k];
			struct tensor_source *x;

			l->x = xrealloc(l->x, l->n + 1, sizeof *l->x);
			x = &l->x[l->n++];
			snprintf(x->name, sizeof x->name, "%s%s", prefix, w->name);
			x->rank = w->rank;
			memcpy(x->dim, w->dim, sizeof x->dim);
			x->data = block + w->offset;
		}
	}
}

static void
slot_prefix(char buf[64], const struct nn_optimizer_info *o, int k)
{
	snprintf(buf, 64, "optimizer.%s.", o->slot[k]);
}

/* The run whose optimizer state belongs to the file: the last one, interrupted, of this very model. */
static const struct run *
open_run(struct session *s)
{
	const struct run *r = session_run_last(s);

	return r != NULL && r->interrupted && r->params == nn_net_params(s->model.net) ? r : NULL;
}

static int
save(struct session *s, const bool *pick, FILE *f, struct err *e)
{
	struct nn_net *net = s->model.net;
	const float *weights = nn_net_weights(net);
	const struct run *r = pick == NULL ? open_run(s) : NULL;
	json_t *metadata = pick == NULL ? state_write(s) : NULL;
	struct list l = {0};
	char prefix[64];
	size_t odd = 0;
	int ret;

	add_block(&l, net, pick, "", weights);
	if (r != NULL) {
		for (int k = 0; k < r->config.optimizer->nslots; k++)
			if (r->slot[k] != NULL) {
				slot_prefix(prefix, r->config.optimizer, k);
				add_block(&l, net, NULL, prefix, r->slot[k]);
			}
		if (r->before != NULL)
			add_block(&l, net, NULL, "before.", r->before);
	}
	for (size_t i = 0; i < nn_net_params(net); i++)
		odd += !isfinite(weights[i]);
	if (l.n == 0)
		ret = fail(e, "there are no weights to save in these layers; name layers with parameters, as conv2d or dense");
	else
		ret = tensors_write(f, metadata, l.x, l.n) < 0 ? fail(e, "not enough memory for the file's header; close other programs") : 0;
	if (ret == 0 && odd > 0)
		out_warn(s->out, "%zu weights are NaN or infinite, so the file cannot be loaded again; `reset` and train with a lower lr", odd);
	free(l.x);
	json_decref(metadata);
	return ret;
}

/* ---- loading a session ---- */

#define FLOATS "write it as float32"

/* How a tensor of the file does not fit one of the net's; NULL when it does. The caller's to free. */
static char *
misfit(const struct tensor_entry *x, const struct nn_tensor *w)
{
	char here[64], *there, *why;
	int n = 0;

	if (x == NULL)
		return xstrdup("not in the file");
	if (tensors_fits(x, w->rank, w->dim))
		return NULL;
	if (!x->f32)
		return xasprintf("%s in the file, F32 here", x->dtype);
	for (int i = 0; i < w->rank; i++)
		n += snprintf(here + n, sizeof here - (size_t)n, "%s%d", i > 0 ? "x" : "", w->dim[i]);
	there = tensors_shape(x);
	why = xasprintf("%s in the file, %s in the model", there, here);
	free(there);
	return why;
}

/* Reads a whole block of parameters from the tensors under a prefix; all must be there. Counts them in *used. */
static int
read_block(struct tensors *t, const struct nn_net *net, const char *prefix, float *block, size_t *used, struct err *e)
{
	char name[112], *why;

	for (int i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *l = nn_net_layer(net, i);

		for (int k = 0; k < l->ntensors; k++) {
			const struct tensor_entry *x;

			snprintf(name, sizeof name, "%s%s", prefix, l->tensor[k].name);
			x = tensors_find(t, name);
			if ((why = misfit(x, &l->tensor[k])) != NULL) {
				fail(e, "%s: %s is %s; %s", t->path, name, why, x != NULL && !x->f32 ? FLOATS :
				    "`build` the model that the file is of, or `load FILE only=all` takes what fits");
				free(why);
				return -1;
			}
			if (tensors_read(t, x, block + l->tensor[k].offset, l->tensor[k].count, e) < 0)
				return -1;
			++*used;
		}
	}
	return 0;
}

/* Tensors that nothing asked for are no harm, but a sign that the file is of another model. */
static int
check_used(const struct tensors *t, size_t used, const struct nn_net *net, struct err *e)
{
	if (used == t->n)
		return 0;
	for (size_t i = 0; i < t->n; i++) {
		bool known = strncmp(t->entry[i].name, "optimizer.", 10) == 0 || strncmp(t->entry[i].name, "before.", 7) == 0;

		for (int k = 0; k < nn_net_count(net) && !known; k++)
			for (int j = 0; j < nn_net_layer(net, k)->ntensors; j++)
				known |= strcmp(nn_net_layer(net, k)->tensor[j].name, t->entry[i].name) == 0;
		if (!known)
			return fail(e, "%s: its tensor \"%.60s\" belongs to no layer of the model; `load FILE only=all` takes what fits", t->path, t->entry[i].name);
	}
	return 0;
}

static bool
has_prefix(const struct tensors *t, const char *prefix)
{
	for (size_t i = 0; i < t->n; i++)
		if (strncmp(t->entry[i].name, prefix, strlen(prefix)) == 0)
			return true;
	return false;
}

/* A new block, read; NULL where the file has none under this prefix (ok) or with a sentence. */
static float *
new_block(struct tensors *t, const struct nn_net *net, const char *prefix, size_t *used, bool *ok, struct err *e)
{
	float *block;

	if (!*ok || !has_prefix(t, prefix))
		return NULL;
	if ((block = malloc(nn_net_params(net) * sizeof *block)) == NULL)
		*ok = fail(e, "%s: not enough memory for %zu weights; close other programs", t->path, nn_net_params(net)) == 0;
	else if (read_block(t, net, prefix, block, used, e) < 0) {
		free(block);
		block = NULL;
		*ok = false;
	}
	return block;
}

/* The optimizer's state of a run that was interrupted, and the weights that it began with. */
static int
read_run(struct tensors *t, const struct nn_net *net, struct run *r, size_t *used, struct err *e)
{
	char prefix[64];
	bool ok = true;

	if (r->params != nn_net_params(net)) /* of a model before this one; nothing of it was saved */
		return 0;
	for (int k = 0; k < r->config.optimizer->nslots; k++) {
		slot_prefix(prefix, r->config.optimizer, k);
		r->slot[k] = new_block(t, net, prefix, used, &ok, e);
	}
	r->before = new_block(t, net, "before.", used, &ok, e);
	return ok ? 0 : -1;
}

/* A run that left these very weights has them again as its point. */
static void
give_weights(struct state *st, struct nn_net *net)
{
	const float *w = nn_net_weights(net);
	size_t bytes = nn_net_params(net) * sizeof *w;
	char sha[65];

	sha256_hex(w, bytes, sha);
	for (int i = st->nruns - 1; i >= 0; i--)
		if (strcmp(st->runs[i]->sha256, sha) == 0 && st->runs[i]->params == nn_net_params(net)) {
			if ((st->runs[i]->weights = malloc(bytes)) != NULL)
				memcpy(st->runs[i]->weights, w, bytes);
			return;
		}
}

/* The data set that the file was saved with. A folder is not opened on the word of a file. */
static void
choose_data(struct session *s, const char *name)
{
	if (strcmp(name, s->data_name) == 0)
		return;
	if (strcmp(name, "mnist") != 0 && strcmp(name, "fashion") != 0) {
		out_note(s->out, "the file was saved with the data in %s; `data %s` chooses it", name, name);
		return;
	}
	session_sets_drop(s);
	dataset_free(s->data);
	s->data = NULL;
	free(s->data_name);
	s->data_name = xstrdup(name);
	out_note(s->out, "the data is %s now, as when the file was saved", name);
}

static void
say_session(struct session *s, const char *path, int given_up)
{
	const struct run *r = session_run_last(s);
	char n[32];

	out_text(s->out, "loaded %s: %s weights, %d run%s", path, text_count(n, nn_net_params(s->model.net)), s->nruns, s->nruns == 1 ? "" : "s");
	if (given_up > 0)
		out_note(s->out, "the %s of this session gave way to the file's", given_up == 1 ? "run" : "runs");
	if (r != NULL && r->interrupted)
		out_note(s->out, "r%d was interrupted in epoch %d of %d; `resume` goes on with it", r->number, r->nepoch + 1 > r->epochs ? r->epochs : r->nepoch + 1,
		    r->epochs);
}

static int
load_session(struct session *s, struct tensors *t, struct err *e)
{
	struct state st;
	struct nn_net *net;
	size_t used = 0, size = t->n > 0 ? (size_t)(t->entry[t->n - 1].end / sizeof(float)) : 0;
	int given_up = s->nruns;
	struct run *last;
	struct nn_shape in;
	char *data;

	if (state_read(s, t->metadata, t->path, size, &st, e) < 0)
		return -1;
	in = st.in;
	last = st.nruns > 0 ? st.runs[st.nruns - 1] : NULL;
	net = build_net(&st.plan, in, e);
	if (net == NULL || read_block(t, net, "", nn_net_weights_edit(net), &used, e) < 0 ||
	    (last != NULL && last->interrupted && read_run(t, net, last, &used, e) < 0) || check_used(t, used, net, e) < 0) {
		nn_net_free(net);
		state_free(&st);
		return -1;
	}
	nn_net_changed(net);
	for (int i = 0; i < st.plan.n; i++)
		nn_net_set_trainable(net, i, i, st.trainable[i]);
	give_weights(&st, net);
	data = xstrdup(st.data);
	state_install(s, &st, net);
	state_free(&st);
	say_session(s, t->path, given_up);
	choose_data(s, data);
	free(data);
	return 0;
}

/* ---- loading weights ---- */

/* One tensor's line of the report. */
static void
say_tensor(struct session *s, const struct nn_tensor *w, const char *why)
{
	json_t *shape = json_array();
	char dims[64];
	int n = 0;

	for (int i = 0; i < w->rank; i++) {
		json_array_append_new(shape, json_integer(w->dim[i]));
		n += snprintf(dims + n, sizeof dims - (size_t)n, "%s%d", i > 0 ? "x" : "", w->dim[i]);
	}
	out_text(s->out, "%-20s %-14s %s%s", w->name, dims, why == NULL ? "loaded" : "left as it is: ", why == NULL ? "" : why);
	out_csv(s->out, (const char *[]){w->name, dims, why == NULL ? "true" : "false", why}, 4);
	out_event(s->out, json_pack("{s:s, s:s, s:o, s:b, s:s?}", "event", "tensor", "name", w->name, "shape", shape, "loaded", why == NULL, "reason", why));
}

static void
say_tensors(struct session *s, const struct tensors *t, const bool *pick)
{
	out_csv(s->out, (const char *[]){"tensor", "shape", "loaded", "reason"}, 4);
	for (int i = 0; i < nn_net_count(s->model.net); i++) {
		const struct nn_layer *l = nn_net_layer(s->model.net, i);

		for (int k = 0; k < l->ntensors && pick[i]; k++) {
			char *why = misfit(tensors_find(t, l->tensor[k].name), &l->tensor[k]);

			say_tensor(s, &l->tensor[k], why);
			free(why);
		}
	}
}

/* What fits of the picked layers into a copy of the weights. */
static int
read_picked(struct session *s, struct tensors *t, const bool *pick, float *block, struct err *e)
{
	char *first = NULL, *why;
	bool floats = true; /* the first that does not fit is of another type */
	size_t loaded = 0;

	for (int i = 0; i < nn_net_count(s->model.net); i++) {
		const struct nn_layer *l = nn_net_layer(s->model.net, i);

		for (int k = 0; k < l->ntensors && pick[i]; k++) {
			const struct tensor_entry *x = tensors_find(t, l->tensor[k].name);

			if ((why = misfit(x, &l->tensor[k])) == NULL) {
				if (tensors_read(t, x, block + l->tensor[k].offset, l->tensor[k].count, e) < 0) {
					free(first);
					return -1;
				}
				loaded++;
			} else if (first == NULL) {
				first = xasprintf("%s is %s", l->tensor[k].name, why);
				floats = x == NULL || x->f32;
			}
			free(why);
		}
	}
	if (loaded == 0)
		fail(e, "%s: nothing of it fits these layers (%s); %s", t->path, first != NULL ? first : "they have no weights",
		    floats ? "choose other layers, or `build` the model that the file is of" : FLOATS);
	free(first);
	return loaded > 0 ? 0 : -1;
}

static int
load_weights(struct session *s, struct tensors *t, const bool *pick, struct err *e)
{
	struct nn_net *net = session_net(s, e);
	size_t n = net != NULL ? nn_net_params(net) : 0, used = 0;
	bool head = pick == NULL;
	float *block;
	char count[32];
	int ret;

	if (net == NULL)
		return -1;
	if ((block = malloc(n * sizeof *block)) == NULL)
		return fail(e, "%s: not enough memory for %zu weights; close other programs", t->path, n);
	memcpy(block, nn_net_weights(net), n * sizeof *block);
	if (pick != NULL)
		ret = read_picked(s, t, pick, block, e);
	else if ((ret = read_block(t, net, "", block, &used, e)) == 0)
		ret = check_used(t, used, net, e);
	if (ret == 0) {
		memcpy(nn_net_weights_edit(net), block, n * sizeof *block);
		nn_net_changed(net);
		for (int i = s->model.features; i < nn_net_count(net) && pick != NULL; i++)
			head |= pick[i] && nn_net_layer(net, i)->params > 0;
		if (head)
			s->model.trained = state_trained(t->metadata, nn_net_classes(net));
		if (pick != NULL)
			say_tensors(s, t, pick);
		else
			out_text(s->out, "loaded %s: %s weights", t->path, text_count(count, n));
	}
	free(block);
	return ret;
}

static int
load(struct session *s, const char *path, const bool *pick, struct err *e)
{
	struct tensors *t = tensors_open(path, e);
	int ret;

	if (t == NULL)
		return -1;
	ret = pick == NULL && state_there(t->metadata) ? load_session(s, t, e) : load_weights(s, t, pick, e);
	tensors_close(t);
	return ret;
}

const struct file_format file_format_safetensors = {
	.suffix = ".safetensors",
	.what = "weights under Keras' names, and the session as metadata",
	.save = save,
	.load = load,
};
