/* compare_kept.c: the trials of `compare modes` in the store, so that a comparison goes on where it was interrupted;
 * and in plans. */
#include "commands/compare.h"
#include "commands/kept.h"
#include "model/plan.h"
#include "session/made.h"
#include "util/sha256.h"
#include "util/text.h"

#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

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

static int
kept_hashed(struct compare_kept *k, struct err *e)
{
	json_t *data = kept_data(k->s->data.set, e);

	if (data == NULL)
		return -1;
	json_object_set_new(k->asked, "data", data);
	return 0;
}

/* Called by one thread at a time. */
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
	if (s->store.dir == NULL && s->share == NULL)
		return;
	k->asked = kept_asked(s, set, t);
	if (t->source != NULL)
		sha256_hex(t->source, nn_net_params(t->net) * sizeof *t->source, k->source);
}

/* Takes a trial from the store if it is there. -1 with a sentence: it is none of the plan. */
static int
kept_look(struct compare_kept *k, int i, struct err *e)
{
	struct trial *x = &k->t->trial[i];
	json_t *asked = kept_trial(k, x);
	struct kept_result r;
	char key[65];
	int rc;

	kept_key(asked, key);
	rc = share_check(k->s->share, k->first + (size_t)i, key, e);
	if (rc == 0 && kept_find(&k->s->store, key, asked, &r, &k->damaged)) {
		x->accuracy = r.accuracy;
		x->loss = r.loss;
		x->done = true;
		k->found++;
		atomic_fetch_add(&k->done, 1);
	}
	json_decref(asked);
	return rc;
}

int
compare_kept_find(struct compare_kept *k, struct err *e)
{
	int rc = share_begin(k->s->share, (size_t)k->t->n, &k->first, e);

	if (rc < 0 || k->asked == NULL)
		return rc;
	rc = kept_hashed(k, e);
	for (int i = 0; i < k->t->n && rc == 0; i++)
		if (share_has(k->s->share, k->first + (size_t)i))
			rc = kept_look(k, i, e);
		else {
			k->t->trial[i].done = true;
			k->others++;
			atomic_fetch_add(&k->done, 1);
		}
	if (rc == 0 && k->s->user.interactive) /* a batch that goes on says what one says that was not interrupted */
		kept_begins(k->s, k->found, k->t->n);
	return rc;
}

void
compare_kept_end(const struct compare_kept *k)
{
	share_end(k->s->share, atomic_load(&k->done) - k->others, 0, k->found);
}

/* ---- in a plan ---- */

/* "compare modes lt5 batch=32 modes=frozen limit=64 epochs=4 seeds=1 seed=1337" */
static char *
kept_command(const struct compare_kept *k, const struct cmd_args *a, const struct trial *x)
{
	static const char *const own[] = {"modes", "limit", "epochs", "seeds", "seed"};
	struct str b = {0};

	str_add(&b, "compare modes %s", k->t->split.name);
	for (int i = 0; i < a->nkey; i++) {
		bool said = false;

		for (size_t n = 0; n < sizeof own / sizeof *own; n++)
			said |= strcmp(a->key[i].arg->name, own[n]) == 0;
		if (!said)
			str_add(&b, " %s=%s", a->key[i].arg->name, a->key[i].text);
	}
	str_add(&b, " modes=%s limit=%zu epochs=%d seeds=1 seed=%" PRIu64, trial_names[x->mode], x->limit, x->epochs,
	    x->seed);
	return b.s;
}

int
compare_kept_list(struct compare_kept *k, const struct cmd_args *a, struct err *e)
{
	if (kept_hashed(k, e) < 0)
		return -1;
	for (int i = 0; i < k->t->n; i++) {
		const struct trial *x = &k->t->trial[i];
		json_t *asked = kept_trial(k, x);
		char key[65], *command = kept_command(k, a, x), set[64];

		kept_key(asked, key);
		snprintf(set, sizeof set, "mode=%s,limit=%zu", trial_names[x->mode], x->limit);
		share_list(k->s->share, set, x->seed, command, key);
		free(command);
		json_decref(asked);
	}
	return 0;
}

void
compare_kept_free(struct compare_kept *k)
{
	json_decref(k->asked);
}
