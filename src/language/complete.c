/* complete.c: completion and hints, from the same structs as parsing. The words before the cursor are fitted to the
 * arguments in every way that works; whatever may come next in one of these ways is a candidate.
 */
#include "language/complete.h"

#include "language/arg.h"
#include "language/expr.h"
#include "language/find.h"
#include "language/key.h"
#include "language/offer.h"
#include "language/words.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- where the cursor stands ---- */

struct place {
	struct cmd_word word[CMD_WORDS_MAX];
	char *text, *store; /* the line up to the cursor */
	int n; /* words of the command; the last is being typed unless fresh */
	bool fresh; /* the cursor follows a blank, where a new word begins */
};

/* Returns false where no word can stand: in a comment, or in a command that has too many words. */
static bool
place_find(const char *line, int point, struct place *p)
{
	size_t at = 0, len = strnlen(line, point > 0 ? (size_t)point : 0), end;

	memset(p, 0, sizeof *p);
	if (len > 65536)
		return false;
	p->text = xstrndup(line, len);
	do {
		free(p->store);
		p->store = NULL;
		p->n = cmd_words(p->text, &at, p->word, CMD_WORDS_MAX - 1, &p->store);
	} while (p->text[at] != '\0');
	if (p->n < 0)
		return false;
	end = p->n > 0 ? (size_t)(p->word[p->n - 1].col + p->word[p->n - 1].len) : 0;
	if (end == len && p->n > 0)
		return true;
	/* After the last word there are blanks, a semicolon where a new command begins, or a comment. */
	p->fresh = true;
	if (strchr(p->text + end, '#') != NULL)
		return false;
	if (len > 0 && strchr(p->text + end, ';') != NULL)
		p->n = 0;
	return true;
}

static void
place_free(struct place *p)
{
	free(p->text);
	free(p->store);
}

/* ---- which arguments may come next ---- */

static int
args_count(const struct cmd *c)
{
	int n = 0;

	while (n < CMD_ARGS_MAX && c->arg[n].type != ARG_END)
		n++;
	return n;
}

static const struct arg *
key_named(const struct cmd *c, const char *name, size_t len)
{
	const struct arg *a;

	for (int i = 0; (a = key_at(c, i)) != NULL; i++)
		if (strlen(a->name) == len && strncmp(a->name, name, len) == 0)
			return a;
	return NULL;
}

/* Fits the n words that follow the command, skipping keys, and marks the arguments that may come next. */
static void
args_next(struct session *s, const struct cmd *c, const struct cmd_word *word, int n, bool next[CMD_ARGS_MAX])
{
	int nargs = args_count(c);
	bool state[CMD_ARGS_MAX + 1] = {true}, after[CMD_ARGS_MAX + 1];
	struct cmd_value v;
	struct err ignored = {0};

	for (int w = 0; w < n; w++) {
		if (word[w].eq > 0 && key_named(c, word[w].text, word[w].eq) != NULL)
			continue;
		memset(after, 0, sizeof after);
		for (int k = 0; k <= nargs; k++) {
			for (int j = k; state[k] && j < nargs; j++) {
				v = (struct cmd_value){.arg = &c->arg[j], .text = word[w].text};
				if (arg_fits(s, &c->arg[j], word[w].text, &v, &ignored) > 0) {
					after[j + 1] = true;
					after[j] |= c->arg[j].many;
				}
				if (c->arg[j].required)
					break;
			}
		}
		memcpy(state, after, sizeof state);
	}
	for (int k = 0; k <= nargs; k++)
		for (int j = k; state[k] && j < nargs; j++) {
			next[j] = true;
			if (c->arg[j].required)
				break;
		}
}

static void
offer_key(struct completion *c, const struct arg *key, const struct place *p, int n)
{
	int len = (int)strlen(key->name);
	char text[80];

	for (int i = 1; i < n; i++)
		if (p->word[i].eq == len && strncmp(p->word[i].text, key->name, (size_t)len) == 0)
			return;
	snprintf(text, sizeof text, "%s=", key->name);
	offer_word(c, text, key->what);
}

/* Offers the keys that are not among the first n words. */
static void
offer_keys(struct completion *c, const struct cmd *cmd, const struct place *p, int n)
{
	const struct arg *key;

	for (int i = 0; (key = key_at(cmd, i)) != NULL; i++)
		offer_key(c, key, p, n);
}

static void
complete_operand(struct completion *c, const struct cmd *cmd, const struct place *p)
{
	int typed = p->fresh ? -1 : p->n - 1, n = p->fresh ? p->n : p->n - 1;
	const struct cmd_word *w = typed > 0 ? &p->word[typed] : NULL;
	const struct arg *key;
	bool next[CMD_ARGS_MAX] = {false};

	c->before = n > 1 ? p->word[n - 1].text : NULL;
	if (w != NULL && w->eq > 0 && (key = key_named(cmd, w->text, w->eq)) != NULL) {
		c->typed = w->text + w->eq + 1;
		c->ntyped = strlen(c->typed);
		c->out->start = w->col + w->eq + 1;
		offer_argument(c, key);
		return;
	}
	args_next(c->s, cmd, p->word + 1, n - 1, next);
	for (int j = 0; j < CMD_ARGS_MAX; j++) {
		int start = c->out->start;
		size_t had = c->out->n;

		if (!next[j] || (j > 0 && next[j - 1] && cmd->arg[j].type == ARG_CLASS &&
		    cmd->arg[j - 1].type == ARG_CLASS)) /* a class is offered once */
			continue;
		offer_argument(c, &cmd->arg[j]);
		if (c->out->n > had && c->out->start != start) /* in a list of layers nothing else fits */
			return;
		c->out->start = start;
	}
	offer_keys(c, cmd, p, n);
}

/* Keys with values, and behind a -- commands of their own. False: the commands begin at line[*from]. */
static bool
complete_commands(struct completion *c, const struct place *p, int *from)
{
	char text[80];

	for (int i = 1; i < p->n - !p->fresh; i++)
		if (strcmp(p->word[i].text, "--") == 0) {
			*from = p->word[i].col + p->word[i].len;
			return false;
		}
	for (const struct setting *k = settings_list; k->key != NULL; k++)
		if (k->flags & SETTING_RUN && strcmp(k->key, "seed") != 0 && strcmp(k->key, "cache") != 0 &&
		    strcmp(k->key, "verbose") != 0) {
			snprintf(text, sizeof text, "%s=", k->key);
			offer_word(c, text, k->what);
		}
	offer_word(c, "seeds=", "how many seeds");
	offer_word(c, "--", "what follows are commands");
	return true;
}

void
complete_line(struct session *s, const char *line, int point, struct ui_candidates *out)
{
	struct completion c = {.s = s, .out = out, .typed = "", .line = line, .end = point};
	struct place p;
	const struct cmd *cmd;
	const char *name;
	int from;

	out->start = point;
	if (!place_find(line, point, &p)) {
		place_free(&p);
		return;
	}
	if (!p.fresh) {
		c.typed = p.word[p.n - 1].text;
		c.ntyped = strlen(c.typed);
		c.open = p.word[p.n - 1].open;
		out->start = p.word[p.n - 1].col + (line[p.word[p.n - 1].col] == '"');
	}
	if (p.n == 0 || (p.n == 1 && !p.fresh))
		offer_commands(&c, false);
	else if ((cmd = cmd_find(s->commands, p.word[0].text, true, NULL)) != NULL) {
		c.cmd = cmd;
		if (cmd->arg[0].type == ARG_RAW) {
			name = line + point;
			while (name > line && (isalnum((unsigned char)name[-1]) || name[-1] == '_'))
				name--;
			c.typed = name;
			c.ntyped = (size_t)(line + point - name);
			out->start = (int)(name - line);
			for (int i = 0; expr_names[i] != NULL; i++)
				offer_word(&c, expr_names[i], "");
		} else if (cmd->arg[0].type != ARG_COMMANDS)
			complete_operand(&c, cmd, &p);
		else if (!complete_commands(&c, &p, &from)) {
			complete_line(s, line + from, point - from, out);
			out->start += from;
		}
	}
	place_free(&p);
}

void
complete_hint(struct session *s, const char *line, char *out, size_t size)
{
	struct place p;
	const struct cmd *cmd;
	bool next[CMD_ARGS_MAX] = {false};
	struct str b = {0};
	int j, nargs, last;

	out[0] = '\0';
	if (!place_find(line, (int)strlen(line), &p) || p.n == 0 || (cmd = cmd_find(s->commands, p.word[0].text, true,
	    NULL)) == NULL || (!p.fresh && p.n > 1)) {
		place_free(&p);
		return;
	}
	str_add(&b, "%s", "");
	nargs = args_count(cmd);
	args_next(s, cmd, p.word + 1, p.n - 1, next);
	for (j = 0, last = -1; j < nargs; j++) {
		if (!next[j] && last < 0)
			continue;
		last = j;
		str_add(&b, cmd->arg[j].required ? " %s" : " [%s]", cmd->arg[j].name);
	}
	if (key_at(cmd, 0) != NULL)
		str_add(&b, " [key=value]");
	snprintf(out, size, "%s", b.s + (p.fresh && b.n > 0));
	free(b.s);
	place_free(&p);
}
