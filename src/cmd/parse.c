/* parse.c: from a line of text to a command with typed arguments. Knows no command by name: everything comes from struct cmd.
 *
 * Words are separated by blanks; `;` ends a command, `#` at the start of a word begins a comment, "..." quotes. A word is cut
 * once, in one pass over the command, so that the cost is that of its length, however long the line is.
 */
#include "session.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

/* ---- words ---- */

static bool
word_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f';
}

static size_t
word_skip_blanks(const char *line, size_t i)
{
	while (word_blank(line[i]))
		i++;
	if (line[i] == '#')
		i += strlen(line + i);
	return i;
}

/* Cuts the word at line[i] into out and returns where it ends. */
static size_t
word_cut(const char *line, size_t i, struct cmd_word *w, struct str *store)
{
	size_t start = store->n, begin = i;

	w->eq = -1;
	w->open = false;
	w->col = (int)i;
	while (line[i] != '\0' && line[i] != ';' && !word_blank(line[i])) {
		if (line[i] != '"') {
			if (line[i] == '=' && w->eq < 0)
				w->eq = (int)(store->n - start);
			str_addn(store, line + i++, 1);
			continue;
		}
		w->open = true;
		for (i++; line[i] != '\0'; i++) {
			if (line[i] == '"') {
				w->open = false;
				i++;
				break;
			}
			if (line[i] == '\\' && (line[i + 1] == '"' || line[i + 1] == '\\'))
				i++;
			str_addn(store, line + i, 1);
		}
	}
	w->len = (int)(i - begin);
	str_addn(store, "", 1);
	return i;
}

int
cmd_words(const char *line, size_t *at, struct cmd_word *word, int max, char **store)
{
	struct cmd_word spare, *w;
	struct str b = {0};
	size_t i = *at, start;
	size_t offset[CMD_WORDS_MAX * 2];
	int n = 0, k;

	while (i = word_skip_blanks(line, i), line[i] != '\0' && line[i] != ';') {
		w = n < max && n < CMD_WORDS_MAX * 2 ? &word[n] : &spare;
		start = b.n;
		i = word_cut(line, i, w, &b);
		if (w == &spare) {
			b.n = start;
			n = max + 1;
		} else
			offset[n++] = start;
	}
	*at = line[i] == ';' ? i + 1 : i;
	*store = b.s;
	if (n > max)
		return -1;
	for (k = 0; k < n; k++)
		word[k].text = b.s + offset[k];
	return n;
}

/* ---- fitting words to arguments ---- */

struct fit {
	struct session *s;
	struct cmd_args *a;
	const struct cmd_word *word;
	int n;
	int deepest; /* the word that no argument took */
	const struct arg *wanted; /* what was tried for it; NULL: nothing was left to try */
	struct err err; /* of a word that was meant but is wrong */
	int nargs;
};

/* Tries word w.. against argument k.., taking back what does not lead to the end. */
static bool
fit_words(struct fit *f, int w, int k)
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
	if (w < f->n) {
		*v = (struct cmd_value){.arg = arg, .text = f->word[w].text, .col = f->word[w].col, .len = f->word[w].len};
		fits = arg_fits(f->s, arg, v->text, v, &err);
		if (fits < 0 && f->err.text[0] == '\0')
			f->err = err;
		if (fits > 0 && (fit_words(f, w + 1, arg->many ? k : k + 1)))
			return true;
		if (fits <= 0 && w == f->deepest && f->wanted == NULL)
			f->wanted = arg;
		/* The same argument again, of a `many`: what was given before is enough. */
	}
	if (arg->required && !(arg->many && w > 0 && f->a->pos[w - 1].arg == arg))
		return false;
	return fit_words(f, w, k + 1);
}

static int
fit_fail(struct fit *f, struct err *e)
{
	const struct cmd *c = f->a->cmd;
	const struct arg *want = f->wanted, *one = NULL;
	struct cmd_value at = {0};
	const char *names[64], *hit = NULL;
	const char *const *p;
	char *synopsis = cmd_synopsis(c), bounds[96];
	int i, n = 0, open = 0, pair[2 * CMD_WORDS_MAX], need = 0;

	if (f->deepest < f->n)
		at = (struct cmd_value){.text = f->word[f->deepest].text, .col = f->word[f->deepest].col, .len = f->word[f->deepest].len};
	/* As many words as are needed: the first of them is meant for what is needed, not for what may be left out before it. */
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
		if (c->arg[i].choices != NULL)
			for (p = c->arg[i].choices; *p != NULL && n < 64; p++)
				names[n++] = *p;
	}
	if (f->err.text[0] != '\0')
		*e = f->err;
	else if (f->deepest >= f->n) { /* every word went somewhere, yet one is missing */
		for (i = 0; i < f->nargs && !c->arg[i].required; i++)
			;
		for (int k = 0; k < f->nargs; k++)
			if (c->arg[k].required && k >= f->n) {
				i = k;
				break;
			}
		if (i < f->nargs)
			fail(e, "%s is missing: %s (usage: %s)", c->arg[i].name,
			    c->arg[i].choices != NULL ? c->arg[i].what : arg_type_words(&c->arg[i]), synopsis);
		else
			fail(e, "a word is missing (usage: %s)", synopsis);
	} else if (want == NULL)
		fail_at(e, &at, "\"%.60s\" is one word too many (usage: %s)", at.text, synopsis);
	else if ((hit = near_word(at.text, names, n)) != NULL)
		fail_at(e, &at, "unknown word \"%.60s\" - did you mean \"%s\"?", at.text, hit);
	else if (want->type == ARG_LAYERS && (open == 1 || want->required || need > 0) && layers_parse(f->s, at.text, pair, CMD_WORDS_MAX, e) < 0) {
		e->col = at.col;
		e->len = at.len;
	} else if (open == 1 && one->choices == NULL)
		fail_at(e, &at, "\"%.60s\" is not %s%s", at.text, arg_type_words(one), arg_bounds(one, bounds));
	else if (open > 1 && want->choices == NULL)
		fail_at(e, &at, "\"%.60s\" is not %s (usage: %s)", at.text, arg_type_words(want), synopsis);
	else
		fail_at(e, &at, "unknown word \"%.60s\" (usage: %s)", at.text, synopsis);
	free(synopsis);
	return -1;
}

/* ---- keys ---- */

/* The word of the command that a key repeats, as in `model trainable=yes`. */
static const char *
key_word(const struct cmd *c, const char *name)
{
	for (int i = 0; i < CMD_ARGS_MAX && c->arg[i].type != ARG_END; i++)
		for (const char *const *p = c->arg[i].choices; p != NULL && *p != NULL; p++)
			if (strcmp(*p, name) == 0)
				return *p;
	return NULL;
}

/* The key that Keras calls otherwise. */
static const char *
key_keras(const char *name, const char *const *names, int n)
{
	const char *ours = keras_key(name);

	for (int i = 0; i < n && ours != NULL; i++)
		if (strcmp(names[i], ours) == 0)
			return names[i];
	return NULL;
}

static const struct arg *
key_find(struct session *s, const struct cmd *c, const char *name, struct cmd_value *v, struct err *e)
{
	const struct arg *found = NULL, *a;
	const char *names[CMD_KEYS_MAX + SETTINGS_MAX], *hit;
	struct str list = {0};
	int n = 0, nfound = 0, i;
	size_t len = strlen(name);

	for (i = 0; i < CMD_KEYS_MAX + SETTINGS_MAX; i++) {
		if (i < CMD_KEYS_MAX) {
			if (c->key[i].type == ARG_END) {
				i = CMD_KEYS_MAX - 1;
				continue;
			}
			a = &c->key[i];
		} else if (!c->settings || (a = settings_key(i - CMD_KEYS_MAX)) == NULL)
			break;
		if (strcmp(a->name, name) == 0) {
			free(list.s);
			return a;
		}
		names[n++] = a->name;
		if (s->interactive && len > 0 && strncmp(a->name, name, len) == 0) {
			found = a;
			str_add(&list, "%s%s", nfound++ > 0 ? " " : "", a->name);
		}
	}
	if (nfound > 1)
		fail_at(e, v, "key \"%.40s\" may be any of: %s; type more letters", name, list.s);
	free(list.s);
	if (nfound == 1)
		return found;
	if (nfound > 1)
		return NULL;
	if ((hit = key_word(c, keras_key(name) != NULL ? keras_key(name) : name)) != NULL)
		fail_at(e, v, "%s takes no value; write `%s %s`", hit, c->name, hit);
	else if (n == 0)
		fail_at(e, v, "no key \"%.40s\": the command takes none", name);
	else if ((hit = key_keras(name, names, n)) != NULL || (hit = near_word(name, names, n)) != NULL)
		fail_at(e, v, "unknown key \"%.40s\" - did you mean \"%s\"?", name, hit);
	else
		fail_at(e, v, "unknown key \"%.40s\"; `help %s` lists the keys", name, c->name);
	return NULL;
}

/* key=value: the part before = chooses; typed like a positional argument. */
static int
key_take(struct session *s, struct cmd_parsed *p, const struct cmd_word *w, struct err *e)
{
	struct cmd_args *a = &p->args;
	struct cmd_value *v = &a->key[a->nkey];
	char *name = xstrndup(w->text, w->eq), bounds[96];
	int fits, i, pair[2 * CMD_WORDS_MAX];

	*v = (struct cmd_value){.text = w->text + w->eq + 1, .col = w->col, .len = w->len};
	v->arg = key_find(s, a->cmd, name, v, e);
	free(name);
	if (v->arg == NULL)
		return -1;
	for (i = 0; i < a->nkey; i++)
		if (a->key[i].arg == v->arg)
			return fail_at(e, v, "%s= is given twice; leave one out", v->arg->name);
	v->col += w->eq + 1; /* the value is what may be wrong from here on */
	v->len -= w->eq + 1;
	fits = arg_fits(s, v->arg, v->text, v, e);
	if (fits < 0)
		return -1;
	if (fits == 0 && v->arg->type == ARG_LAYERS && layers_parse(s, v->text, pair, CMD_WORDS_MAX, e) < 0) {
		e->col = v->col;
		e->len = v->len;
		return -1;
	}
	if (fits == 0) {
		struct str list = {0};
		const char *const *c;

		for (c = v->arg->choices; c != NULL && *c != NULL; c++)
			str_add(&list, "%s%s", c == v->arg->choices ? "" : ", ", *c);
		fail_at(e, v, "%s=%.60s: %s %s%s", v->arg->name, v->text, v->arg->choices != NULL ? "one of" : "not",
		    v->arg->choices != NULL ? list.s : arg_type_words(v->arg), arg_bounds(v->arg, bounds));
		free(list.s);
		return -1;
	}
	a->nkey++;
	return 0;
}

/* A word with = is a key, unless it can only be meant as an operand: `train digits=3,5`. */
static bool
word_is_key(const struct cmd *c, const struct cmd_word *w, const char *line)
{
	int i;

	if (w->eq <= 0 || line[w->col] == '"')
		return false;
	if (c->key[0].type == ARG_END && !c->settings) /* `set lr=0.1`: nothing but an operand */
		return false;
	if (strncmp(w->text, "digits=", 7) != 0)
		return true;
	for (i = 0; i < CMD_KEYS_MAX && c->key[i].type != ARG_END; i++)
		if (strcmp(c->key[i].name, "digits") == 0)
			return true;
	for (i = 0; i < CMD_ARGS_MAX && c->arg[i].type != ARG_END; i++)
		if (c->arg[i].type == ARG_SPLIT || c->arg[i].type == ARG_WORD)
			return false;
	return true;
}

/* ---- a command ---- */

/* The text from line[i] up to `;`, a comment or the end, quotes respected, blanks at its ends cut. */
static char *
raw_text(const char *line, size_t i, size_t *at, int *col)
{
	size_t start, end;
	bool quoted = false;

	while (word_blank(line[i]))
		i++;
	start = i;
	for (; line[i] != '\0'; i++) {
		if (quoted && line[i] == '\\' && line[i + 1] != '\0')
			i++;
		else if (line[i] == '"')
			quoted = !quoted;
		else if (!quoted && (line[i] == ';' || (line[i] == '#' && (i == start || word_blank(line[i - 1])))))
			break;
	}
	for (end = i; end > start && word_blank(line[end - 1]); end--)
		;
	if (line[i] == '#')
		i += strlen(line + i);
	*at = line[i] == ';' ? i + 1 : i;
	*col = (int)start;
	return xstrndup(line + start, end - start);
}

static int
parse_raw(const char *line, size_t from, size_t *at, struct cmd_parsed *p, struct err *e)
{
	struct cmd_args *a = &p->args;
	const struct arg *arg = &a->cmd->arg[0];
	struct cmd_value *v = &a->pos[0];
	int col;
	char *text = raw_text(line, from, at, &col);

	free(p->store);
	p->store = text;
	if (text[0] == '\0') {
		if (arg->required)
			return fail(e, "%s is missing: %s", arg->name, arg->what);
		return 1;
	}
	*v = (struct cmd_value){.arg = arg, .text = text, .col = col, .len = (int)strlen(text)};
	a->npos = 1;
	return 1;
}

int
cmd_parse(struct session *s, const char *line, size_t *at, struct cmd_parsed *p, struct err *e)
{
	struct cmd_word word[CMD_WORDS_MAX], *operand = word;
	struct cmd_args *a = &p->args;
	const struct cmd *keras;
	struct fit f;
	int n, i, npos = 0;

	memset(p, 0, sizeof *p);
	a->line = line;
	do { /* empty commands between semicolons */
		free(p->store);
		n = cmd_words(line, at, word, CMD_WORDS_MAX, &p->store);
	} while (n == 0 && line[*at] != '\0');
	if (n == 0)
		return 0;
	if (n < 0)
		return fail(e, "a command has at most %d words; is a `;` or a quote missing?", CMD_WORDS_MAX);
	if ((keras = keras_assignment(word, n)) != NULL) {
		e->col = word[0].col;
		e->len = word[0].len;
		return fail(e, "a line of Python, \"%.40s = %.40s\" - did you mean \"%s\"? `help keras` says what is called what", word[0].text,
		    word[2].text, keras->name);
	}
	if ((a->cmd = cmd_find(word[0].text, s->interactive, e)) == NULL) {
		e->col = word[0].col;
		e->len = word[0].len;
		return -1;
	}
	if (a->cmd->arg[0].type == ARG_RAW)
		return parse_raw(line, word[0].col + word[0].len, at, p, e);
	for (i = 1; i < n; i++) {
		if (word[i].open) {
			e->col = word[i].col;
			e->len = 1;
			return fail(e, "the quote is not closed; end the word with \"");
		}
		if (word_is_key(a->cmd, &word[i], line)) {
			if (key_take(s, p, &word[i], e) < 0)
				return -1;
		} else
			operand[npos++] = word[i];
	}
	f = (struct fit){.s = s, .a = a, .word = operand, .n = npos, .deepest = -1};
	while (f.nargs < CMD_ARGS_MAX && a->cmd->arg[f.nargs].type != ARG_END)
		f.nargs++;
	if (!fit_words(&f, 0, 0)) {
		a->npos = 0;
		return fit_fail(&f, e);
	}
	for (i = 0; i < CMD_KEYS_MAX && a->cmd->key[i].type != ARG_END; i++)
		if (a->cmd->key[i].required && args_key(a, a->cmd->key[i].name) == NULL)
			return fail(e, "%s= is missing: %s", a->cmd->key[i].name, a->cmd->key[i].what);
	return 1;
}

void
cmd_parsed_free(struct cmd_parsed *p)
{
	free(p->store);
	memset(p, 0, sizeof *p);
}
