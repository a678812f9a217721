/* kept.c: results of trials in the store, each under the hash of what it follows from. */
#include "commands/kept.h"

#include "job/job_int.h"
#include "session/made.h"
#include "util/out.h"
#include "util/sha256.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- what a result follows from ---- */

json_t *
kept_settings(const struct settings *set)
{
	static const char *const apart[] = {"seed", "cache", "verbose"};
	json_t *o = json_object();

	for (const struct setting *k = settings_list; k->key != NULL; k++) {
		bool counts = (k->flags & (SETTING_RUN | SETTING_SAVED)) != 0;
		char *value;

		for (size_t i = 0; i < sizeof apart / sizeof *apart; i++)
			counts &= strcmp(k->key, apart[i]) != 0;
		if (!counts)
			continue;
		value = settings_value(set, k);
		json_object_set_new(o, k->key, out_string(value));
		free(value);
	}
	return o;
}

json_t *
kept_data(struct dataset *d, struct err *e)
{
	if (dataset_hash(d, e) < 0)
		return NULL;
	return out_pack("[s, s, s, s]", d->train.sha256_images, d->train.sha256_labels, d->test.sha256_images,
	    d->test.sha256_labels);
}

json_t *
kept_rates(const struct nn_run_config *c, int layers)
{
	json_t *rates = json_array();

	for (int i = 0; i < layers; i++)
		json_array_append_new(rates, out_num(c->layer_lr[i]));
	return rates;
}

void
kept_key(const json_t *asked, char key[65])
{
	char *text = out_json_text(asked);

	key[0] = '\0';
	if (text != NULL)
		sha256_hex(text, strlen(text), key);
	free(text);
}

/* ---- in the store ---- */

static bool
kept_number(json_t *o, const char *name, double *x)
{
	json_t *v = json_object_get(o, name);

	*x = json_is_number(v) ? json_number_value(v) : NAN;
	return json_is_number(v) || json_is_null(v);
}

bool
kept_find(const struct store *st, const char *key, const json_t *asked, struct kept_result *r,
    struct kept_damaged *damaged)
{
	char *text = store_get_trial(st, key);
	bool no_memory = false, there;
	json_error_t why;
	json_t *o = text != NULL ? out_json_parse(text, strlen(text), &no_memory, &why) : NULL;

	there = o != NULL && json_equal(json_object_get(o, "asked"), asked) &&
	    json_is_boolean(json_object_get(o, "eval")) && kept_number(o, "accuracy", &r->accuracy) &&
	    kept_number(o, "loss", &r->loss);
	if (there)
		r->eval = json_is_true(json_object_get(o, "eval"));
	else if (text != NULL && !no_memory && damaged->n++ == 0)
		snprintf(damaged->key, sizeof damaged->key, "%s", key);
	json_decref(o);
	free(text);
	return there;
}

void
kept_put(struct store *st, const char *key, json_t *asked, const struct kept_result *r, struct err *unkept)
{
	json_t *o = out_pack("{s:b, s:o, s:o}", "eval", r->eval, "accuracy", out_num(r->accuracy), "loss",
	    out_num(r->loss));
	char *line, *text;

	json_object_set(o, "asked", asked);
	if ((line = out_json_text(o)) != NULL) {
		text = xasprintf("%s\n", line);
		if (store_put_trial(st, key, text, unkept) == 0)
			unkept->text[0] = '\0';
		free(text);
	}
	free(line);
	json_decref(o);
}

static void
kept_note(struct session *s, int found, int trials)
{
	out_note(s->out, "%d of %d trials are in the store; the other%s now", found, trials,
	    trials - found == 1 ? " runs" : "s run");
}

static void
kept_on_begin(struct job *j, struct job_event *ev)
{
	kept_note(j->session, ev->number, (int)ev->step);
}

void
kept_begins(struct session *s, int found, int trials)
{
	struct job_event ev = {.apply = kept_on_begin, .number = found, .step = (uint32_t)trials};
	struct nn_err ignored;

	if (found == 0 || found == trials || s->share != NULL)
		return;
	if (s->worker.job != NULL)
		job_post(s->worker.job, &ev, &ignored);
	else
		kept_note(s, found, trials);
}

void
kept_said(struct session *s, const struct err *unkept, const struct kept_damaged *damaged)
{
	if (damaged->n == 1)
		out_warn(s->out, "a result in the store was damaged, and its trial ran again: runs.trials/%s.json",
		    damaged->key);
	else if (damaged->n > 1)
		out_warn(s->out, "%d results in the store were damaged, and their trials ran again: the first is "
		    "runs.trials/%s.json", damaged->n, damaged->key);
	if (unkept->text[0] == '\0')
		return;
	out_warn(s->out, "results of trials are not kept: %s", unkept->text);
	session_unkept(s);
}

int
kept_cut(const struct session *s, const char *what, int done, int trials, const struct err *unkept, struct err *e)
{
	const char *then = ", which the store does not have";

	if (s->share != NULL) /* how many of its trials are done, `work` says itself */
		return fail(e, unkept->text[0] == '\0' ? "interrupted; what is done is kept, and the same line goes on "
		    "with it" : "interrupted; the store does not have all that is done");
	if (s->store.dir == NULL)
		then = done > 0 ? " and lost; with a store (`thaw --project DIR`) the same line goes on with them" :
		    "; with a store (`thaw --project DIR`) the same line goes on with those that are";
	else if (unkept->text[0] == '\0')
		then = done > 0 ? " and kept, and the same line goes on with them" : "; the same line begins again";
	return fail(e, "interrupted; nothing has changed, and the %s has no result; %d of %d trials are done%s", what,
	    done, trials, then);
}
