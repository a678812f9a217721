/* safetensors.c: a session in a safetensors file. Weights under Keras' names; of an interrupted run also the
 * optimizer's slots (optimizer.SLOT.conv2d.kernel) and the weights that it began with (before.conv2d.kernel); of an
 * optimizer's state that came with these weights its slots (optimizer.loaded.SLOT.conv2d.kernel); the rest of the
 * session as metadata.
 *
 * Loading reads everything into memory of its own and changes the session at the very end, so that a failure leaves it
 * as it was.
 */
#include "file/safetensors.h"

#include "file/blocks.h"
#include "file/format.h"
#include "file/state.h"
#include "file/taken.h"
#include "file/torch.h"
#include "session/made.h"
#include <math.h>
#include <stdlib.h>

/* ---- saving ---- */

#define NO_WEIGHTS "there are no weights to save in these layers; name layers with parameters, as conv2d or dense"

/* The run whose optimizer state belongs to the file: the last one, interrupted, of this very model. */
static const struct run *
open_run(struct session *s)
{
	const struct run *r = runs_last(&s->runs);

	return r != NULL && r->interrupted && r->params == nn_net_params(s->model.net) ? r : NULL;
}

static void
add_slots(struct blocks *l, const struct nn_net *net, float *const *slot, const struct nn_optimizer_info *of,
    void (*prefix)(char buf[64], const struct nn_optimizer_info *o, int k))
{
	char buf[64];

	for (int k = 0; k < of->nslots; k++)
		if (slot[k] != NULL) {
			prefix(buf, of, k);
			blocks_add(l, net, NULL, buf, slot[k]);
		}
}

static int
save(struct session *s, const bool *pick, FILE *f, const char *path, struct err *e)
{
	struct nn_net *net = s->model.net;
	const float *weights = nn_net_weights(net);
	const struct run *r = pick == NULL ? open_run(s) : NULL;
	struct state_cut cut = {0};
	json_t *metadata = pick == NULL ? state_write(s, &cut) : NULL;
	struct blocks l = {0};
	float *before = r != NULL && r->before != NULL ? weights_block(r->before, e) : NULL;
	float *best = r != NULL && r->best != NULL ? weights_block(r->best, e) : NULL;
	size_t odd = 0;
	int ret;

	blocks_add(&l, net, pick, "", weights);
	if (r != NULL) {
		add_slots(&l, net, r->slot, r->config.optimizer, blocks_slot_prefix);
		if (before != NULL)
			blocks_add(&l, net, NULL, "before.", before);
		if (best != NULL)
			blocks_add(&l, net, NULL, "best.", best);
	}
	if (pick == NULL && state_keeps_slots(s))
		add_slots(&l, net, s->slots.slot, s->slots.of, blocks_loaded_prefix);
	for (size_t i = 0; i < nn_net_params(net); i++)
		odd += !isfinite(weights[i]);
	if (r != NULL && ((r->before != NULL && before == NULL) || (r->best != NULL && best == NULL)))
		ret = -1;
	else if (pick == NULL && metadata == NULL)
		ret = fail_memory(e, "not enough memory for what the file says of the session");
	else if (l.n == 0)
		ret = fail(e, NO_WEIGHTS);
	else
		ret = tensors_write(f, metadata, l.x, l.n) < 0 ?
		    fail_memory(e, "not enough memory for the file's header") : 0;
	if (ret == 0 && odd > 0)
		out_warn(s->out, "%zu weights are NaN or infinite, so the file cannot be loaded again; `reset` and "
		    "train with a lower lr", odd);
	if (ret == 0 && (cut.runs > 0 || cut.curves > 0))
		out_warn(s->out, "the file leaves out %d of the oldest runs and has %d curves with fewer points or "
		    "none: what it says of a session takes at most %d bytes; `export` keeps the rest", cut.runs,
		    cut.curves, STATE_BYTES_MAX);
	free(l.x);
	free(before);
	free(best);
	json_decref(metadata);
	return ret;
}

/* The weights alone, as torch.save's state_dict has them. */
static int
save_torch(struct session *s, const bool *pick, FILE *f, const char *path, struct err *e)
{
	json_t *metadata = out_pack("{s:s, s:s}", "format", "pt", "layout", "torch");
	struct blocks l = {0};
	float *copy = NULL;
	int ret = torch_add(&l, s->model.net, pick, nn_net_weights(s->model.net), &copy, e);

	if (ret == 0 && l.n == 0)
		ret = fail(e, NO_WEIGHTS);
	else if (ret == 0 && tensors_write(f, metadata, l.x, l.n) < 0)
		ret = fail_memory(e, "not enough memory for the file's header");
	free(l.x);
	free(copy);
	json_decref(metadata);
	return ret;
}

/* ---- loading ---- */

static int
load(struct session *s, const char *path, const bool *pick, struct err *e)
{
	struct tensors *t = tensors_open(path, e);
	struct nn_net *net;
	struct str said = {0};
	int ret;

	if (t != NULL && torch_named(t) && (net = session_net(s, e)) != NULL)
		t = torch_view(t, net, false, &said, e);
	if (t == NULL)
		ret = -1;
	else if (pick != NULL || !state_there(t->metadata))
		ret = taken_load(s, t, pick, e);
	else if ((ret = safetensors_load_session(s, t, e)) == 0) {
		runs_keep(&s->runs);
		taken_say_strange(s, t);
		transcript_brought(&s->out->kept);
		if (s->runs.n > 0 && s->user.interactive)
			out_note(s->out, "the file has the runs, not the commands before them, which `export ipynb` "
			    "and `export html` cannot show");
	}
	if (ret == 0 && said.n > 0)
		out_note(s->out, "%s", said.s);
	free(said.s);
	tensors_close(t);
	return ret;
}

const struct file_format file_format_safetensors = {
	.suffix = ".safetensors",
	.what = "weights under Keras' names, and the session as metadata",
	.save = save,
	.save_torch = save_torch,
	.session = true,
	.load = load,
};
