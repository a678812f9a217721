/* curves_note.c: what runs were made with, as the line under a picture of their curves. What every run is made with is
 * said of one, too; any other trait where runs differ in it. */
#include "view/curves_note.h"

#include "past/layered.h"
#include "past/trait.h"
#include "session/settings.h"
#include "util/num.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The words of a run: "lr=1.0". */
struct words {
	char **word;
	int n;
};

/* Takes the word over. */
static void
add(struct words *w, char *word)
{
	w->word = xrealloc(w->word, (size_t)w->n + 1, sizeof *w->word);
	w->word[w->n++] = word;
}

static void
add_named(struct words *w, const char *name, char *value)
{
	if (*value != '\0')
		add(w, xasprintf("%s=%s", name, value));
	free(value);
}

/* Traits of which `add_usual` makes words, the text of the note, or what they follow from. */
static const char *const said[] = {"split", "frozen", "optimizer", "lr", "schedule", "layer_lr", "epochs_done",
    "batch", "train", "limit", "sample", "seed", "shuffle", "trainable", "units", "rho", "epsilon", "momentum",
    "beta_1", "beta_2", "stop", "begun", "model", "changes"};

static bool
is_said(const struct trait *t)
{
	for (size_t i = 0; i < sizeof said / sizeof *said; i++)
		if (strcmp(said[i], t->name) == 0)
			return true;
	return t->figure != NULL;
}

/* Rates of layers' own, of which each is a word. */
static void
add_rates(struct words *w, const struct run *r)
{
	char *rates = run_rates(r), *rest = rates, *rate, *is;

	while ((rate = strsep(&rest, " ")) != NULL)
		if ((is = strchr(rate, '=')) != NULL)
			add(w, xasprintf("lr(%.*s)%s", (int)(is - rate), rate, is));
	free(rates);
}

static void
add_usual(struct words *w, const struct run *r)
{
	const struct nn_run_config *c = &r->config;
	char *schedule = schedule_text(&r->schedule), number[32];

	add(w, xstrdup(c->optimizer->name));
	add(w, xasprintf("lr=%s%s%s", num_text(number, c->lr), *schedule != '\0' ? ":" : "", schedule));
	free(schedule);
	add_rates(w, r);
	for (int i = 0; i < 4 && c->optimizer->hyper[i] != NULL; i++)
		add(w, xasprintf("%s=%s", c->optimizer->hyper[i],
		    num_text(number, *settings_real(c, settings_find(c->optimizer->hyper[i], false, NULL)))));
	add(w, xasprintf("batch=%d", c->batch));
	if (r->take.limit > 0)
		add(w, xasprintf("limit=%zu", r->take.limit));
	if (r->take.drawn)
		add(w, xasprintf("sample=%" PRIu64, r->take.seed));
	if (!c->shuffle)
		add(w, xstrdup("shuffle=off"));
	add(w, xasprintf("seed=%" PRIu64, c->seed));
	if (r->goal_asked)
		add_named(w, "stop", goal_text(&r->goal));
	if (r->split.by_digit)
		add(w, xstrdup("units=digit"));
}

/* Whether each has the word. */
static bool
is_shared(const struct words *all, int n, const char *word)
{
	for (int k = 0; k < n; k++) {
		int i = 0;

		while (i < all[k].n && strcmp(all[k].word[i], word) != 0)
			i++;
		if (i == all[k].n)
			return false;
	}
	return true;
}

/* Adds the words of one that all have, or those that not all have. */
static void
say(struct str *b, const struct words *of, const struct words *all, int n, bool shared)
{
	const char *sign = ": ";

	for (int i = 0; i < of->n; i++)
		if (is_shared(all, n, of->word[i]) == shared) {
			str_add(b, "%s%s", sign, of->word[i]);
			sign = " ";
		}
}

/* The one of them that left what this one began with; NULL: none did. */
static const struct run *
begun_after(const struct run *r, struct run *const *run, int n)
{
	for (int k = 0; k < n; k++)
		if (run[k] != r && r->begun[0] != '\0' && strcmp(run[k]->sha256, r->begun) == 0)
			return run[k];
	return NULL;
}

/* What each began with, where it was not the same: the weights that another one left, or others, by their hash. */
static void
add_begun(struct words *words, struct run *const *run, int n)
{
	const struct run *first = NULL, *after;
	bool differs = false;
	char name[16];

	for (int k = 0; k < n; k++) {
		if ((after = begun_after(run[k], run, n)) != NULL)
			add(&words[k], xasprintf("after %s", run_name(after, name)));
		else if (first == NULL)
			first = run[k];
		else
			differs |= strcmp(run[k]->begun, first->begun) != 0;
	}
	for (int k = 0; k < n && differs; k++)
		if (begun_after(run[k], run, n) == NULL)
			add_named(&words[k], "begun", xasprintf("%.8s", run[k]->begun));
}

char *
curves_note(struct run *const *run, int n)
{
	struct words *words = xcalloc((size_t)n + 1, sizeof *words);
	bool models = false;
	struct str b = {0};
	char name[16];

	for (int k = 0; k < n; k++)
		add_usual(&words[k], run[k]);
	for (int t = 0; t < TRAITS; t++) {
		models |= strcmp(traits[t].name, "model") == 0 && trait_differs(&traits[t], run, n);
		for (int k = 0; k < n && !is_said(&traits[t]) && trait_differs(&traits[t], run, n); k++)
			add_named(&words[k], traits[t].name, trait_of(&traits[t], run[k]));
	}
	add_begun(words, run, n);
	if (n > 1) {
		str_add(&b, "all runs");
		say(&b, &words[0], words, n, true);
	}
	for (int k = 0; k < n; k++) {
		str_add(&b, "%s%s %s", k > 0 || n > 1 ? "; " : "", run_name(run[k], name), run[k]->split.name);
		say(&b, &words[k], words, n, n == 1);
		if (run[k]->frozen[0] != '\0')
			str_add(&b, ", frozen: %s", run[k]->frozen);
	}
	for (int k = 0; k < n; k++) {
		if (run[k]->changes != NULL && run[k]->changes[0] != '\0')
			str_add(&b, "; changed in %s: %s", run_name(run[k], name), run[k]->changes);
		if (models && run[k]->model != NULL)
			str_add(&b, "; model of %s: %s", run_name(run[k], name), run[k]->model);
	}
	for (int k = 0; k < n; k++) {
		for (int i = 0; i < words[k].n; i++)
			free(words[k].word[i]);
		free(words[k].word);
	}
	free(words);
	return b.s;
}
