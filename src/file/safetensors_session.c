/* safetensors_session.c: a whole session from a safetensors file. */
#include "file/blocks.h"
#include "file/safetensors.h"
#include "file/state.h"
#include "file/taken.h"
#include "util/sha256.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

#define NO_COPY "not enough memory for another copy of the weights"

static struct weights *
read_weights(struct tensors *t, const struct nn_net *net, const char *prefix, size_t *used, bool *ok, struct err *e)
{
	float *block = blocks_new(t, net, prefix, used, ok, e);
	struct weights *w = block != NULL ? weights_new(net) : NULL;

	if (w != NULL)
		weights_fill(w, block);
	else if (block != NULL)
		*ok = fail_memory(e, "%s: " NO_COPY, t->path) == 0;
	free(block);
	return w;
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
		blocks_slot_prefix(prefix, r->config.optimizer, k);
		r->slot[k] = blocks_new(t, net, prefix, used, &ok, e);
	}
	r->before = read_weights(t, net, "before.", used, &ok, e);
	if (r->goal_asked)
		r->best = read_weights(t, net, "best.", used, &ok, e);
	return ok ? 0 : -1;
}

/* The state of an optimizer that came with these weights. */
static int
read_slots(struct tensors *t, struct nn_net *net, struct slots *x, size_t *used, struct err *e)
{
	struct err why = {0};
	char prefix[64];
	bool ok = true;

	if (x->of == NULL)
		return 0;
	x->params = nn_net_params(net);
	for (int k = 0; k < x->of->nslots && ok; k++) {
		blocks_loaded_prefix(prefix, x->of, k);
		if ((x->slot[k] = blocks_new(t, net, prefix, used, &ok, e)) == NULL && ok)
			ok = fail(e, "%s: it says that it has an optimizer's state, which is not there; `load FILE "
			    "only=all` takes its weights", t->path) == 0;
	}
	if (!ok)
		return -1;
	if (slots_sound(x, &why) < 0)
		return fail(e, "%s: the optimizer's state in it is damaged: %s; `load FILE only=all` takes its weights",
		    t->path, why.text);
	slots_belong(x, net);
	return 0;
}

/* A run that left these very weights has them again as its point. False: no memory for that. */
static bool
give_weights(struct state *st, struct nn_net *net)
{
	const float *w = nn_net_weights(net);
	size_t bytes = nn_net_params(net) * sizeof *w;
	char sha[65];

	sha256_hex(w, bytes, sha);
	for (int i = st->nruns - 1; i >= 0; i--)
		if (strcmp(st->runs[i]->sha256, sha) == 0 && st->runs[i]->params == nn_net_params(net)) {
			if ((st->runs[i]->weights = weights_new(net)) == NULL)
				return false;
			weights_fill(st->runs[i]->weights, w);
			return true;
		}
	return true;
}

/* The data set that the file was saved with. A folder is not opened on the word of a file. */
static void
choose_data(struct session *s, const char *name)
{
	if (strcmp(name, s->data.name) == 0)
		return;
	if (strcmp(name, "mnist") != 0 && strcmp(name, "fashion") != 0) {
		out_note(s->out, "the file was saved with the data in %s; `data %s` chooses it", name, name);
		return;
	}
	compute_sets_drop(&s->compute);
	data_choose(&s->data, name);
	out_note(s->out, "the data is %s now, as when the file was saved", name);
}

static void
say_session(struct session *s, const struct tensors *t, int given_up)
{
	const struct run *r = runs_last(&s->runs);
	char n[32], *kinds = taken_kinds(t);

	out_text(s->out, "loaded %s: %s weights%s, %d run%s", t->path, text_count(n, nn_net_params(s->model.net)),
	    kinds, s->runs.n, s->runs.n == 1 ? "" : "s");
	free(kinds);
	if (given_up > 0)
		out_note(s->out, "the %s of this session gave way to the file's", given_up == 1 ? "run" : "runs");
	if (r != NULL && r->interrupted)
		out_note(s->out, "r%d was interrupted in epoch %d of %d; `resume` goes on with it", r->number,
		    r->nepoch + 1 > r->epochs ? r->epochs : r->nepoch + 1, r->epochs);
}

int
safetensors_load_session(struct session *s, struct tensors *t, struct err *e)
{
	struct state st;
	struct nn_net *net;
	size_t used = 0, size = t->n > 0 ? (size_t)(t->entry[t->n - 1].end / floats_size(FLOATS_16)) : 0;
	int given_up = s->runs.n;
	struct run *last;
	struct nn_shape in;
	char *data;

	if (state_read(s, t->metadata, t->path, size, &st, e) < 0)
		return -1;
	in = st.in;
	last = st.nruns > 0 ? st.runs[st.nruns - 1] : NULL;
	net = plan_net(&st.plan, in, e);
	if (net == NULL || blocks_read(t, net, "", nn_net_weights_edit(net), &used, e) < 0 ||
	    (last != NULL && last->interrupted && read_run(t, net, last, &used, e) < 0) ||
	    read_slots(t, net, &st.slots, &used, e) < 0 || blocks_check_used(t, used, net, e) < 0) {
		nn_net_free(net);
		state_free(&st);
		return -1;
	}
	nn_net_changed(net);
	if (!give_weights(&st, net)) {
		nn_net_free(net);
		state_free(&st);
		return fail_memory(e, "%s: " NO_COPY, t->path);
	}
	for (int i = 0; i < st.plan.n; i++)
		nn_net_set_trainable(net, i, i, st.trainable[i]);
	data = xstrdup(st.data);
	state_install(s, &st, net);
	state_free(&st);
	say_session(s, t, given_up);
	if (s->slots.of != NULL)
		slots_say(&s->slots, s->out);
	choose_data(s, data);
	free(data);
	return 0;
}
