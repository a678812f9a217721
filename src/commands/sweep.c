/* sweep.c: any commands for all combinations of values, over seeds: sweep. */
#include "commands/sweep.h"
#include "language/arg.h"
#include "language/blanks.h"
#include "language/find.h"
#include "language/words.h"
#include "session/made.h"
#include "train/task.h"
#include "util/num.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

#define SEEDS_MAX 1000

static void
sweep_release(void *arg)
{
	struct sweep *x = arg;

	for (int k = 0; k < x->nkey; k++) {
		for (int i = 0; i < x->key[k].n; i++)
			free(x->key[k].value[i]);
		free(x->key[k].value);
		free(x->key[k].name);
	}
	for (int i = 0; x->missing != NULL && i < x->trials; i++)
		free(x->missing[i]);
	free(x->missing);
	compared_free(&x->result);
	json_decref(x->asked);
	free(x->commands);
	free(x);
}

/* ---- what is asked for ---- */

/* A word of the operand, for errors that point at it. */
static struct cmd_value
sweep_at(const struct cmd_value *v, const struct cmd_word *w)
{
	return (struct cmd_value){.text = w->text, .col = v->col + w->col, .len = w->len};
}

/* Whether the key is a setting that a run goes by. -1 with a sentence. */
static int
sweep_setting(const struct cmd_value *at, const char *name, struct err *e)
{
	const struct setting *k = settings_find(name, false, NULL);

	if (k == NULL)
		return text_ends(name, ".rate");
	if (!(k->flags & (SETTING_RUN | SETTING_SAVED)) || strcmp(name, "verbose") == 0 || strcmp(name, "cache") == 0)
		return fail_at(e, at, "%s changes no figure; sweep a setting that a run goes by, such as lr=0.1,1",
		    name);
	if (strcmp(name, "seed") == 0)
		return fail_at(e, at, "seeds follow each other from the setting seed on; write seeds=3 for three");
	return 1;
}

/* A value of a setting is tried on a copy of the settings. */
static int
sweep_value_fits(struct session *s, const struct cmd_value *at, const struct sweep_key *key, const char *value,
    struct err *e)
{
	const struct setting *k = settings_find(key->name, false, NULL);
	struct settings copy = s->set;
	double rate;

	if (value[0] == '\0')
		return fail_at(e, at, "a value of %s is missing; write %s=A,B", key->name, key->name);
	if (!key->setting)
		return 0;
	if (k != NULL && settings_assign(&copy, k, value, e) < 0)
		return err_at(e, at);
	if (k != NULL)
		return 0;
	if (num_read_real(value, &rate) != NUM_OK)
		return fail_at(e, at, "%s is a number from 0 to below 1, not \"%.40s\"", key->name, value);
	return 0;
}

/* Adds the values, which commas part; what stands in quotes is one. */
static int
sweep_values(struct session *s, struct sweep_key *key, const struct cmd_value *at, const char *typed, struct err *e)
{
	const char *comma;
	char *value;

	for (;; typed = comma + 1) {
		if (key->n == SWEEP_VALUES_MAX)
			return fail_at(e, at, "a key has at most %d values; leave some out", SWEEP_VALUES_MAX);
		comma = word_find(typed, ',');
		value = word_unquoted(typed, comma != NULL ? (size_t)(comma - typed) : strlen(typed));
		if (sweep_value_fits(s, at, key, value, e) < 0) {
			free(value);
			return -1;
		}
		key->value = xrealloc(key->value, (size_t)key->n + 1, sizeof *key->value);
		key->value[key->n++] = value;
		if (comma == NULL)
			return 0;
	}
}

/* typed: the word with its quotes. */
static int
sweep_key(struct session *s, struct sweep *x, const struct cmd_value *at, int eq, const char *typed, struct err *e)
{
	struct sweep_key *key = &x->key[x->nkey];
	int setting;

	if (x->nkey == SWEEP_KEYS_MAX)
		return fail_at(e, at, "at most %d keys can be swept at once; fix some of them by `set`",
		    SWEEP_KEYS_MAX);
	key->name = xstrndup(at->text, (size_t)eq);
	x->nkey++;
	if ((setting = sweep_setting(at, key->name, e)) < 0)
		return -1;
	key->setting = setting > 0;
	for (int k = 0; k < x->nkey - 1; k++)
		if (strcmp(x->key[k].name, key->name) == 0)
			return fail_at(e, at, "%s is there twice; write all its values in one, as in %s=A,B", key->name,
			    key->name);
	return sweep_values(s, key, at, word_find(typed, '=') + 1, e);
}

static int
sweep_seeds(struct sweep *x, const struct cmd_value *at, struct err *e)
{
	int64_t n;

	if (num_read_int(at->text + strlen("seeds="), &n) != NUM_OK || n < 1 || n > SEEDS_MAX)
		return fail_at(e, at, "seeds is a whole number from 1 to %d, not \"%.20s\"", SEEDS_MAX,
		    at->text + strlen("seeds="));
	x->result.seeds = (int)n;
	return 0;
}

/* The words before the --, and the commands behind it, which may be one quoted word. */
static int
sweep_read(struct session *s, struct sweep *x, const struct cmd_value *v, struct err *e)
{
	struct cmd_word word[CMD_WORDS_MAX];
	struct cmd_value at;
	char *store, *typed, *closed;
	struct torn torn;
	size_t end = 0;
	int n = cmd_words(v->text, &end, word, CMD_WORDS_MAX, &store), i, rc = 0;

	for (i = 0; i < n && strcmp(word[i].text, "--") != 0; i++)
		;
	if (n > 0 && (closed = blanks_closed(v->text, 0, i < n ? (size_t)word[i].col : strlen(v->text), BLANKS_SIGNS,
	    &torn)) != NULL) {
		at = (struct cmd_value){.col = v->col + torn.col, .len = torn.len};
		rc = fail_at(e, &at, "no blanks stand around %s; write sweep %s%s", torn.sign, closed,
		    i < n ? " -- ..." : "");
		free(closed);
	}
	if (n < 0)
		rc = fail(e, "a command has at most %d words; is a `;` or a quote missing?", CMD_WORDS_MAX);
	for (i = 0; i < n && rc == 0 && strcmp(word[i].text, "--") != 0; i++) {
		at = sweep_at(v, &word[i]);
		typed = xstrndup(v->text + word[i].col, (size_t)word[i].len);
		if (word[i].eq <= 0)
			rc = fail_at(e, &at, "\"%.40s\" is no key with values; write sweep lr=0.1,1 seeds=3 -- "
			    "train lt5", word[i].text);
		else
			rc = word[i].eq == 5 && strncmp(word[i].text, "seeds", 5) == 0 ? sweep_seeds(x, &at, e) :
			    sweep_key(s, x, &at, word[i].eq, typed, e);
		free(typed);
	}
	if (rc == 0 && (i + 1 >= n || word[i + 1].text[0] == '\0'))
		rc = fail(e, "the commands are missing; write them behind --, as in sweep lr=0.1,1 -- train lt5");
	else if (rc == 0 && v->text[word[i + 1].col] != '"')
		x->commands = xstrdup(v->text + word[i + 1].col);
	else if (rc == 0) {
		at = sweep_at(v, &word[n - 1]);
		if (word[i + 1].open)
			rc = fail_at(e, &at, "the quote is not closed; end the commands with \"");
		else if (i + 2 < n)
			rc = fail_at(e, &at, "\"%.40s\" is one word too many behind the quoted commands", at.text);
		else
			x->commands = xstrdup(word[i + 1].text);
	}
	free(store);
	return rc;
}

static const char *const sweep_takes[] = {"build", "reset", "freeze", "unfreeze", "freeze_to", "train", "finetune",
    "eval", "lr", "set", "compile", "assert", NULL};

/* Whether a trial may run these commands: what changes the session or its files would do so in each. */
static int
sweep_allows(const struct session *s, const char *commands, struct err *e)
{
	struct cmd_word word[CMD_WORDS_MAX];
	const struct cmd *c;
	size_t at = 0;
	char *store;
	int n, rc = 0;

	while (rc == 0) {
		bool taken = false;

		n = cmd_words(commands, &at, word, CMD_WORDS_MAX, &store);
		if (n == 0 && commands[at] == '\0') {
			free(store);
			break;
		}
		c = n > 0 ? cmd_find(s->commands, word[0].text, false, NULL) : NULL;
		for (int i = 0; c != NULL && sweep_takes[i] != NULL; i++)
			taken |= strcmp(c->name, sweep_takes[i]) == 0;
		if (n < 0)
			rc = fail(e, "a command has at most %d words; is a `;` or a quote missing?", CMD_WORDS_MAX);
		else if (n > 0 && !taken)
			rc = fail(e, "\"%.40s\" is no command of a sweep, which takes build, reset, freeze, "
			    "unfreeze, freeze_to, train, finetune, eval, lr, set, compile, assert",
			    word[0].text);
		for (int i = 1; i < n && rc == 0; i++)
			if (word[i].eq > 0 && strncmp(word[i].text, "checkpoint=", 11) == 0)
				rc = fail(e, "checkpoint= would be written anew by each trial; leave it out of a "
				    "sweep");
		free(store);
	}
	return rc;
}

/* ---- the rows ---- */

/* Each key stands for something. */
static int
sweep_keys_used(const struct sweep *x, struct err *e)
{
	const struct setting *near;

	for (int k = 0; k < x->nkey; k++) {
		char *braced = xasprintf("{%s}", x->key[k].name);
		bool used = x->key[k].setting || strstr(x->commands, braced) != NULL;

		free(braced);
		if (!used && (near = settings_find(x->key[k].name, true, NULL)) != NULL)
			return fail(e, "%.40s is no setting - did you mean \"%s\"? Scripts need full names",
			    x->key[k].name, near->key);
		if (!used)
			return fail(e, "%.40s is no setting, and {%.40s} does not stand in the commands; `set` lists "
			    "the settings", x->key[k].name, x->key[k].name);
	}
	return 0;
}

static int
sweep_row(const struct session *s, struct sweep *x, int i, struct err *e)
{
	struct compared *c = &x->result;
	char *label = sweep_label(x, i), *commands = sweep_commands(x, i, c->seed, e);
	int rc = commands != NULL ? sweep_allows(s, commands, e) : -1;

	if (rc == 0 && strlen(label) >= sizeof c->row[i].mode)
		rc = fail(e, "the values %.40s... are longer than %zu characters; give shorter ones", label,
		    sizeof c->row[i].mode - 1);
	if (rc == 0)
		memcpy(c->row[i].mode, label, strlen(label) + 1);
	c->row[i].accuracy = xcalloc((size_t)c->seeds, sizeof *c->row[i].accuracy);
	c->row[i].loss = xcalloc((size_t)c->seeds, sizeof *c->row[i].loss);
	free(commands);
	free(label);
	return rc;
}

static int
sweep_rows(const struct session *s, struct sweep *x, struct err *e)
{
	struct compared *c = &x->result;
	int n = 1, behind;

	for (int k = 0; k < x->nkey; k++) {
		if (n > SWEEP_TRIALS_MAX / x->key[k].n / c->seeds)
			return fail(e, "a sweep has at most %d trials; take fewer values or seeds", SWEEP_TRIALS_MAX);
		n *= x->key[k].n;
	}
	c->row = xcalloc((size_t)n, sizeof *c->row);
	c->n = n;
	behind = n / x->key[sweep_varied(x)].n; /* keys in front of it have one value: so many rows to its next one */
	for (int i = 0; i < n; i++) {
		c->row[i].against = i % behind;
		if (sweep_row(s, x, i, e) < 0)
			return -1;
	}
	return 0;
}

static int
sweep_ask(struct session *s, struct sweep *x, const struct cmd_value *v, struct err *e)
{
	x->result.seeds = 3;
	x->result.seed = s->set.run.seed;
	if (sweep_read(s, x, v, e) < 0)
		return -1;
	if (x->nkey == 0)
		return fail(e, "there is nothing to sweep; give a key with its values, as in sweep lr=0.1,1 -- "
		    "train lt5");
	if (sweep_keys_used(x, e) < 0 || sweep_rows(s, x, e) < 0)
		return -1;
	x->result.asked = xstrdup(x->commands);
	return 0;
}

/* ---- the command ---- */

/* Adds its trials to the plan. */
static int
sweep_list(struct session *s, struct sweep *x, struct err *e)
{
	if (sweep_asked_data(s, x, e) < 0)
		return -1;
	for (int i = 0; i < x->result.n * x->result.seeds; i++) {
		struct sweep_trial t;

		if (sweep_trial_make(x, s, i, &t, e) < 0)
			return -1;
		share_list(s->share, x->result.row[t.row].mode, t.seed, t.commands, t.key);
		sweep_trial_free(&t);
	}
	return 0;
}

static int
sweep_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	struct sweep *x = xcalloc(1, sizeof *x);
	int rc;

	if (session_store(s, false, e) < 0 || sweep_ask(s, x, &a->pos[0], e) < 0 || session_data(s, e) == NULL ||
	    session_net(s, e) == NULL || session_engine(s, e) == NULL) {
		sweep_release(x);
		return -1;
	}
	x->asked = sweep_asked(s);
	x->set = s->set;
	if (s->share != NULL && s->share->lists) {
		rc = sweep_list(s, x, e);
		sweep_release(x);
		return rc;
	}
	if (s->share == NULL)
		sweep_head(s, x);
	return task_start(s, "sweep", &(struct task){sweep_work, sweep_done, sweep_release, x, 0}, e);
}

static int
sweep_check(struct session *s, const struct cmd_args *a, struct err *e)
{
	struct sweep *x = xcalloc(1, sizeof *x);
	int rc = sweep_ask(s, x, &a->pos[0], e);

	sweep_release(x);
	return rc;
}

const struct cmd cmd_sweep = {
	.name = "sweep",
	.group = "look",
	.what = "any commands for all combinations of values, with error bars over seeds",
	.text = "For each combination of the values and each seed the commands behind `--` are run on the session's "
	    "model as it is, with the settings so set, and the figures taken: those of the last eval where one "
	    "follows the last run, else the run's val_accuracy and val_loss. The session stays as it is. KEY is a "
	    "setting that a run goes by, LAYER.rate of a dropout, or any name that stands in the commands as {KEY}; "
	    "{seed} there is the seed, as in `sweep limit=64,256 -- train lt5 limit={limit} sample={seed}`, which "
	    "draws other pictures for each. seeds=N: how many, from the setting seed on; left out: 3. The best figures "
	    "have a star. They are of the test images: those of the row that is chosen by them are better than on "
	    "pictures never seen.\n"
	    "Two factors: `sweep mode=freeze,unfreeze limit=16,64 -- {mode} features; reset head; train lt5 "
	    "limit={limit} sample={seed}` holds unfreeze against freeze at each limit. A value in quotes is one, with "
	    "its blanks and commas: `sweep how=\"freeze features\",\"unfreeze features\" -- {how}; reset head; train "
	    "lt5`, "
	    "`sweep lr=\"0.1:step=1,0.5\",0.1 -- train lt5`; a row shows it in quotes where it has a comma.\n"
	    "gain is what a row has more than the row with the first value of the first key and the same values of "
	    "all others (keys with a single value do not count as the first), seed by seed. `mode csv` has a column "
	    "for each key, `mode json` an object `keys` and, beside the lists of figures, the `seeds` that they "
	    "are of.\n"
	    "The commands go on to the end of the line, or are one text in quotes. `reset` in front of `train` draws "
	    "new weights by the seed, `reset head` those of the head alone; a note says where a trial goes on from a "
	    "head of other digits. `assert compared(lr=1)` and `export png compare` know the result.\n"
	    "As many trials run at once as there are threads, each in a process of its own, to the same table as one "
	    "after the other. A trial that fails or whose process dies is missing from the table, and is listed "
	    "behind it with its error; the status is 1.\n"
	    "With a store (`--project DIR`) the result of each trial is kept: a sweep that was interrupted goes on "
	    "when it is typed again.",
	.example = "build \"conv2d 4 3, relu, max_pooling2d 2, flatten | dense 5, softmax\"; sweep lr=0.1,1 seeds=2 -- "
	    "reset; train lt5 limit=64 epochs=1",
	.arg = {{.name = "KEY=A,B [KEY=C,D] [seeds=N] -- COMMAND; COMMAND", .type = ARG_COMMANDS, .required = true,
	    .what = "what to vary, and behind `--` what to run"}},
	.when = CMD_WAITS,
	.exec = sweep_exec,
	.check = sweep_check,
};
