/* compare_kept.c: the trials of `compare modes` in the store, so that a comparison goes on where it was interrupted. */
#include "commands/compare.h"
#include "commands/kept.h"
#include "model/plan.h"
#include "session/made.h"
#include "util/sha256.h"

#include "config.h"

#include <stdlib.h>

#define LAYOUT "mode 1"

/* What all trials of it follow from. */
static json_t *
kept_asked(struct session *s, const struct settings *set, const struct trials *t)
{
	struct nn_net *net = s->model.net;
	struct nn_shape in = nn_net_input(net);
	char *model = plan_net_text(net, s->model.features);
	json_t *settings = kept_settings(set), *o;

	json_object_del(settings, "epochs"); /* each trial has its own */
	o = out_pack("{s:s, s:s, s:s, s:o, s:s, s:o, s:o, s:s}", "thaw", LAYOUT, "version", PACKAGE_VERSION, "model",
	    model, "input", out_shape(in.rank, in.dim), "split", t->split.name, "settings", settings, "rates",
	    kept_rates(&set->run, nn_net_count(net)), "kernels", nn_engine_kernels(s->compute.engine));
	free(model);
	return o;
}

/* The same, and what one of them follows from besides. Takes no part in what it does not use: other features or
 * another number of epochs of the head do not make it another trial. */
static json_t *
kept_trial(const struct compare_kept *k, const struct trial *x)
{
	bool first = x->mode == TRIAL_HEAD_FIRST;
	json_t *o = json_copy(k->asked);

	json_object_set_new(o, "mode", out_string(trial_names[x->mode]));
	json_object_set_new(o, "source", trial_has_source(x->mode) ? out_string(k->source) : json_null());
	json_object_set_new(o, "limit", json_integer((json_int_t)x->limit));
	json_object_set_new(o, "epochs", json_integer(x->epochs));
	json_object_set_new(o, "freeze_epochs", first ? json_integer(k->t->head_epochs) : json_null());
	json_object_set_new(o, "seed", json_integer((json_int_t)x->seed));
	return o;
}

static void
kept_did(void *arg, const struct trial *x)
{
	struct compare_kept *k = arg;
	json_t *asked;
	char key[65];

	atomic_fetch_add(&k->done, 1);
	if (k->asked == NULL)
		return;
	asked = kept_trial(k, x);
	kept_key(asked, key);
	kept_put(&k->s->store, key, asked, &(struct kept_result){x->accuracy, x->loss, false}, &k->unkept);
	json_decref(asked);
}

void
compare_kept_begin(struct compare_kept *k, struct session *s, const struct settings *set, struct trials *t)
{
	*k = (struct compare_kept){.s = s, .t = t};
	t->did = kept_did;
	t->did_arg = k;
	if (s->store.dir == NULL)
		return;
	k->asked = kept_asked(s, set, t);
	if (t->source != NULL)
		sha256_hex(t->source, nn_net_params(t->net) * sizeof *t->source, k->source);
}

void
compare_kept_find(struct compare_kept *k)
{
	if (k->asked == NULL)
		return;
	json_object_set_new(k->asked, "data", kept_data(k->s->data.set));
	for (int i = 0; i < k->t->n; i++) {
		struct trial *x = &k->t->trial[i];
		json_t *asked = kept_trial(k, x);
		struct kept_result r;
		char key[65];

		kept_key(asked, key);
		if (kept_find(&k->s->store, key, asked, &r)) {
			x->accuracy = r.accuracy;
			x->loss = r.loss;
			x->done = true;
			k->found++;
			atomic_fetch_add(&k->done, 1);
		}
		json_decref(asked);
	}
}

void
compare_kept_free(struct compare_kept *k)
{
	json_decref(k->asked);
}
