/* fit.c: fits words to the arguments of a command, and says what is wrong when they do not fit. */
#include "language/fit.h"

#include "language/arg.h"
#include "language/key.h"
#include "language/suggest.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

struct fit {
	struct session *s;
	struct cmd_args *a;
	const struct cmd_word *word;
	int n;
	int deepest; /* the furthest word that was reached; if fitting fails, no argument took it */
	const struct arg *wanted; /* the first argument that was tried for it; NULL when none was left */
	struct err err; /* what is wrong with a word that is meant for an argument */
	int nargs;
};

/* Tries to fit the words from w on to the arguments from k on, and takes back what does not lead to the end. */
static bool
fit_from(struct fit *f, int w, int k)
{
	const struct arg *arg = k < f->nargs ? &f->a->cmd->arg[k] : NULL;
	struct cmd_value *v = &f->a->pos[w];
	struct err err = {0};
	int fits;

	if (w > f->deepest) {
		f->deepest = w;
		f->wanted = NULL;
	}
	if (arg == NULL) {
		f->a->npos = w;
		return w == f->n;
	}
	if (arg->behind && (w == 0 || (f->a->pos[w - 1].arg != arg && f->a->pos[w - 1].arg != arg - 1)))
		return fit_from(f, w, k + 1);
	if (w < f->n) {
		*v = (struct cmd_value){.arg = arg, .text = f->word[w].text, .col = f->word[w].col,
		    .len = f->word[w].len};
		fits = arg_fits(f->s, arg, v->text, v, &err);
		if (fits < 0 && f->err.text[0] == '\0')
			f->err = err;
		if (fits > 0 && (fit_from(f, w + 1, arg->many ? k : k + 1)))
			return true;
		if (fits <= 0 && w == f->deepest && f->wanted == NULL)
			f->wanted = arg;
	}
	/* An argument of `many` words has enough with one. */
	if (arg->required && !(arg->many && w > 0 && f->a->pos[w - 1].arg == arg))
		return false;
	return fit_from(f, w, k + 1);
}

/* What may have blanks in it. */
static bool
fit_blanks(const struct arg *a)
{
	return a->type == ARG_FILE || a->type == ARG_IMAGE || strcmp(a->name, "TEXT") == 0;
}

/* The key that a word is meant for, which was not given and takes such a value, but not any word: that of a class, or
 * the only one. NULL: there is none, or several. */
static const struct arg *
fit_key(const struct fit *f, const struct cmd_value *at)
{
	const struct arg *one = NULL, *k;
	struct err ignored;
	int n = 0;

	for (int i = 0; (k = key_at(f->a->cmd, i)) != NULL; i++) {
		struct cmd_value v = *at;

		if (args_key(f->a, k->name) != NULL || k->type == ARG_FILE || k->type == ARG_IMAGE ||
		    (k->type == ARG_WORD && k->choices == NULL) || (k->type == ARG_CLASS && f->s->user.any_class) ||
		    arg_fits(f->s, k, at->text, &v, &ignored) <= 0)
			continue;
		if (k->type == ARG_CLASS)
			return k;
		one = k;
		n++;
	}
	return n == 1 ? one : NULL;
}

static void
fit_too_many(const struct fit *f, const struct cmd_value *at, const char *synopsis, struct err *e)
{
	const struct arg *key = fit_key(f, at);

	if (key != NULL)
		fail_at(e, at, "\"%.60s\" is one word too many - did you mean %s=%.60s? (usage: %s)", at->text,
		    key->name, at->text, synopsis);
	else if (f->deepest > 0 && fit_blanks(&f->a->cmd->arg[f->nargs - 1]))
		fail_at(e, at, "\"%.60s\" is one word too many; in double quotes several words are one: \"%.60s "
		    "%.60s\" (usage: %s)", at->text, f->word[f->deepest - 1].text, at->text, synopsis);
	else
		fail_at(e, at, "\"%.60s\" is one word too many (usage: %s)", at->text, synopsis);
}

/* A word that is none of the choices; one: the only argument that it may stand for, or NULL. */
static void
fit_unknown(struct fit *f, const struct cmd_value *at, const struct arg *one, const char *synopsis, struct err *e)
{
	char *other = cmd_suggest_other(f->s->commands, at->text), *usage = xstrdup(synopsis);

	if (one != NULL && strstr(synopsis, one->choices[0]) == NULL) { /* too many to stand there */
		struct str b = {0};

		for (int i = 0; one->choices[i] != NULL; i++)
			str_add(&b, "%s%s", i > 0 ? " " : "", one->choices[i]);
		free(usage);
		usage = xasprintf("%s; %s: %s", synopsis, one->name, b.s);
		free(b.s);
	}
	if (other != NULL)
		fail_at(e, at, "unknown word \"%.60s\" - did you mean `%s`? (usage: %s)", at->text, other, usage);
	else
		fail_at(e, at, "unknown word \"%.60s\" (usage: %s)", at->text, usage);
	free(usage);
	free(other);
}

static bool
fit_points(const struct cmd *c)
{
	for (const struct arg *a = c->arg; a->type != ARG_END; a++)
		if (a->type == ARG_POINT)
			return true;
	return false;
}

static int
fit_fail(struct fit *f, struct err *e)
{
	const struct cmd *c = f->a->cmd;
	const struct arg *want = f->wanted, *one = NULL;
	struct cmd_value at = {0};
	const char *names[64], *hit = NULL;
	char *synopsis = cmd_usage(c), *example = cmd_example(c), bounds[96];
	bool image = false;
	int i, n = 0, open = 0, pair[2 * CMD_WORDS_MAX], need = 0;

	if (f->deepest < f->n)
		at = (struct cmd_value){.text = f->word[f->deepest].text, .col = f->word[f->deepest].col,
		    .len = f->word[f->deepest].len};
	/* Where just as many words are left as are required, the first is meant for the first required argument, not
	 * for one before it that may be left out. */
	for (i = f->nargs - 1; want != NULL && i >= 0 && &c->arg[i] >= want; i--)
		if (c->arg[i].required) {
			need++;
			one = &c->arg[i];
		}
	if (need > 0 && need == f->n - f->deepest)
		want = one;
	for (i = 0; i < f->nargs; i++) {
		if (want != NULL && &c->arg[i] < want)
			continue;
		open++;
		one = &c->arg[i];
		image |= one->type == ARG_IMAGE && want != NULL && want->type != ARG_PLACE;
		if (c->arg[i].choices != NULL)
			for (const char *const *p = c->arg[i].choices; *p != NULL && n < 64; p++)
				names[n++] = *p;
	}
	if (at.text != NULL && at.text[0] == '@' && !fit_points(c))
		fail_at(e, &at, "\"%.41s\" is the name of a snapshot, which %s does not take; `load %.41s` brings it "
		    "back, and `diff %.41s` compares with it", at.text, c->name, at.text, at.text);
	else if (f->err.text[0] != '\0')
		*e = f->err;
	else if (f->deepest >= f->n) { /* every word fits, but one is missing */
		i = -1; /* one is required, or the words would do */
		for (int k = f->nargs - 1; k >= 0; k--)
			if (c->arg[k].required && (k >= f->n || i < 0))
				i = k;
		fail(e, "%s is missing: %s; as in `%s` (usage: %s)", c->arg[i].name,
		    c->arg[i].choices != NULL || c->arg[i].type == ARG_UNIT || c->arg[i].type == ARG_WORD ?
		    c->arg[i].what : arg_type_words(&c->arg[i]), example, synopsis);
	} else if (want == NULL)
		fit_too_many(f, &at, synopsis, e);
	else if (image && at.text[0] != '\0' && at.text[strspn(at.text, "0123456789")] == '\0')
		fail_at(e, &at, "pictures of the data are called by their part, too - did you mean "
		    "\"test:%.60s\"?", at.text);
	else if ((hit = text_near(at.text, names, n)) != NULL)
		fail_at(e, &at, "unknown word \"%.60s\" - did you mean \"%s\"?", at.text, hit);
	else if (want->type == ARG_LAYERS && arg_layers(f->s, at.text, pair, CMD_WORDS_MAX, e) < 0)
		err_at(e, &at);
	else if (open == 1 && one->choices == NULL)
		fail_at(e, &at, "\"%.60s\" is not %s%s", at.text, arg_type_words(one), arg_bounds(one, bounds));
	else if (open > 1 && want->choices == NULL)
		fail_at(e, &at, "\"%.60s\" is not %s (usage: %s)", at.text, arg_type_words(want), synopsis);
	else
		fit_unknown(f, &at, open == 1 ? one : NULL, synopsis, e);
	free(synopsis);
	free(example);
	return -1;
}

int
fit_words(struct session *s, struct cmd_args *a, const struct cmd_word *word, int n, struct err *e)
{
	struct fit f = {.s = s, .a = a, .word = word, .n = n, .deepest = -1};

	while (a->cmd->arg[f.nargs].type != ARG_END)
		f.nargs++;
	if (fit_from(&f, 0, 0))
		return 0;
	a->npos = 0;
	return fit_fail(&f, e);
}
