/* python_line.c: reads lines of Python at a prompt: which lines are Python, where a statement ends, what a block holds.
 *
 * A notebook's cell comes line by line. A statement goes on while a bracket is open; the lines of a def or an if are
 * passed over; those of `for l in feature_layers:` mean these layers.
 */
#include "language/find.h"
#include "language/parse.h"
#include "language/python.h"
#include "language/python_call.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

#define LINE_MAX_OPEN 65536 /* of a statement whose brackets do not close */

static const char *const block_words[] = {"def", "class", "if", "elif", "else", "while", "with", "try", "except",
    "finally", "async", NULL};
static const char *const plain_words[] = {"return", "pass", "break", "continue", "global", "del", "raise", "yield",
    NULL};

static bool
begins_with_word(struct piece p, const char *const *words)
{
	size_t n = 0;

	while (n < p.n && ((p.s[n] >= 'a' && p.s[n] <= 'z') || p.s[n] == '_'))
		n++;
	for (; *words != NULL; words++)
		if (n < p.n + 1 && strlen(*words) == n && strncmp(p.s, *words, n) == 0)
			return true;
	return false;
}

/* ---- is it Python? ---- */

/* Whether a text is a command of thaw as it stands. */
static bool
line_is_command(struct session *s, const char *line)
{
	struct cmd_parsed parsed;
	struct err ignored = {0};
	size_t at = 0;
	int rc = cmd_parse(s, line, &at, &parsed, &ignored);

	cmd_parsed_free(&parsed);
	return rc == 1;
}

/* epochs=5, x=[1, 2]; but not digits=3,5, nor the limit=2000 of a command. */
static bool
assignment_like(struct piece p)
{
	struct piece target, value;
	size_t at = 0;
	char update;

	piece_next(p, &at, ";", &p);
	if (!piece_assigns(p, &target, &value, &update) || value.n == 0 || !piece_value(value))
		return false;
	return update || memchr(p.s, ' ', p.n) != NULL || piece_number(value) ||
	    strcspn(value.s, "([{'\"") < value.n || memchr(target.s, '.', target.n) != NULL;
}

/* Whether it is an expression that a command shows, or would but for a name in it. */
static bool
line_looks(struct session *s, struct piece p)
{
	struct err ignored = {0};
	struct python x = {.s = s, .b = &s->user.notebook, .e = &ignored};
	size_t at = 0;
	int rc;

	piece_next(p, &at, ";", &p);
	rc = python_reads(&x, p);
	free(x.out.s);
	return rc != 0;
}

static bool
line_is_python(struct session *s, struct piece p)
{
	static const char *const begin[] = {"import", "from", "for", NULL};
	struct piece callee, arguments, first;
	char *word;
	size_t at = 0;
	bool command;

	if (p.n == 0)
		return false;
	if (strchr("([{@%!'\"", p.s[0]) != NULL)
		return p.s[0] != '(' || p.n > 1;
	piece_next(p, &at, " \t;", &first);
	word = piece_text(first);
	command = cmd_find(s->commands, word, true, NULL) != NULL;
	free(word);
	if (at < p.n && p.s[at] == '=' && (at + 1 == p.n || p.s[at + 1] == ' ')) /* model = Sequential(...) */
		return true;
	if (command)
		return false;
	if (begins_with_word(p, begin) || begins_with_word(p, plain_words) ||
	    (begins_with_word(p, block_words) && memchr(p.s, ':', p.n) != NULL))
		return true;
	return assignment_like(p) || line_looks(s, p) || (piece_call(p, &callee, &arguments) && callee.n > 0 &&
	    memchr(callee.s, ' ', callee.n) == NULL);
}

/* ---- statements ---- */

static int statements(struct python *x, struct piece p);

/* `for l in feature_layers:`, with its body behind it or in the lines to come. */
static int
statement_for(struct python *x, struct piece p)
{
	struct piece head, body, names;
	const char *in = memmem(p.s, p.n, " in ", 4);
	size_t at = 0;
	int rc = 1, looks = 0;

	piece_next(p, &at, ":", &head);
	body = at < p.n ? piece_of(p.s + at, p.n - at) : (struct piece){p.s, 0};
	notebook_block_end(x->b);
	x->b->block = NOTEBOOK_PASSED;
	if (in != NULL && in < head.s + head.n) {
		struct piece over = piece_of(in + 4, (size_t)(head.s + head.n - in) - 4);
		char *layers = python_layers(x, over);

		names = piece_of(p.s + 4, (size_t)(in - p.s) - 4); /* l, or i, l of enumerate */
		if (layers != NULL) {
			x->b->block = NOTEBOOK_LAYERS;
			x->b->layers = layers;
			x->b->variable = piece_text(piece_last(names));
		} else if ((looks = python_reads(x, over)) < 0)
			return -1;
	}
	if (x->b->block == NOTEBOOK_PASSED && looks == 0 && body.n > 0 && (looks = python_reads(x, body)) < 0)
		return -1;
	if (x->b->block == NOTEBOOK_PASSED && looks == 0)
		x->passed = "a loop is passed over with what is in it";
	if (body.n > 0) {
		if (x->b->block == NOTEBOOK_LAYERS)
			rc = statements(x, body);
		notebook_block_end(x->b);
	}
	return rc;
}

static int
statement_block(struct python *x, struct piece p)
{
	notebook_block_end(x->b);
	if (piece_ends(p, ":"))
		x->b->block = NOTEBOOK_PASSED;
	x->passed = piece_begins(p, "def ") || piece_begins(p, "class ") ?
	    "a def is passed over with its lines, since `train`, `eval` and the others do what it does" :
	    "a condition is passed over with what is in it";
	return 1;
}

/* One statement. 1: it means something or nothing, 0: it is not known, -1 with a sentence. */
static int
statement(struct python *x, struct piece p)
{
	struct piece target, value;
	char update;
	int rc;

	if (p.n == 0)
		return 1;
	if (piece_begins(p, "import ") || piece_begins(p, "from ")) {
		x->passed = "nothing has to be imported";
		return 1;
	}
	if (piece_begins(p, "for "))
		return statement_for(x, p);
	if (begins_with_word(p, block_words))
		return statement_block(x, p);
	if (begins_with_word(p, plain_words) || strchr("@%!'\"", p.s[0]) != NULL) {
		x->passed = "it is a word to Python alone";
		return 1;
	}
	if (piece_assigns(p, &target, &value, &update))
		return update != '\0' ? python_update(x, target, value, update) : python_assign(x, target, value);
	if ((rc = python_sets(x, p)) == 0)
		rc = python_reads(x, p);
	return rc != 0 ? rc : python_call(x, p);
}

/* Statements with semicolons between them; a command of thaw among them stays what it is. */
static int
statements(struct python *x, struct piece p)
{
	struct piece one;
	int rc = 1;

	for (size_t at = 0, from = 0; rc > 0 && piece_next(p, &at, ";", &one); from = at)
		if ((rc = statement(x, one)) == 0 && (from > 0 || at <= p.n)) { /* not the whole of the line */
			python_says(x, "%.*s", (int)one.n, one.s);
			rc = 1;
		}
	return rc;
}

/* ---- lines ---- */

/* The lines of a text in three quotes. True while it goes on. */
static bool
line_in_text(struct notebook *b, const char *text)
{
	char mark[4] = {b->quote, b->quote, b->quote, '\0'};

	if (b->block != NOTEBOOK_TEXT && (strncmp(text, "'''", 3) == 0 || strncmp(text, "\"\"\"", 3) == 0)) {
		notebook_block_end(b);
		b->quote = text[0];
		memset(mark, text[0], 3);
		if (strstr(text + 3, mark) == NULL)
			b->block = NOTEBOOK_TEXT;
		return true;
	}
	if (b->block != NOTEBOOK_TEXT)
		return false;
	if (strstr(text, mark) != NULL)
		notebook_block_end(b);
	return true;
}

/* A line of a block. 1: it is passed over; 0: it is to be read. A line that stands further left ends the block. */
static int
line_in_block(struct notebook *b, const char *line)
{
	if (b->block == NOTEBOOK_NONE || b->open != NULL)
		return 0;
	if (line[0] != ' ' && line[0] != '\t' && line[0] != '\0') {
		notebook_block_end(b);
		return 0;
	}
	return b->block == NOTEBOOK_PASSED || line[strspn(line, " \t")] == '\0';
}

/* The statement as far as it has come: what was typed before and this line, without its comment. */
static char *
line_whole(struct session *s, const char *line, int *open)
{
	struct notebook *b = &s->user.notebook;
	char *part = xstrdup(line), *whole;

	if (b->open != NULL && line_is_command(s, line)) {
		out_note(s->out, "\"%.40s\" was left open and is forgotten", b->open);
		free(b->open);
		b->open = NULL;
	}
	python_open(part); /* cuts the comment off */
	whole = b->open != NULL ? xasprintf("%s %s", b->open, part + strspn(part, " \t")) : xstrdup(part);
	free(part);
	*open = python_open(whole);
	return whole;
}

static int
line_means(struct session *s, struct piece p, char **ours, struct err *e)
{
	struct python x = {.s = s, .b = &s->user.notebook, .e = e};
	int rc = statements(&x, p);

	if (rc > 0)
		*ours = x.out.s != NULL ? x.out.s : xstrdup("");
	else
		free(x.out.s);
	if (rc > 0 && x.out.n > 0)
		x.passed = NULL;
	if (rc > 0 && x.dropped.n > 0)
		out_note(s->out, "left out: %s", x.dropped.s);
	free(x.dropped.s);
	if (rc > 0 && x.passed != NULL && x.passed != x.b->passed)
		out_note(s->out, "passed over: %s", x.passed);
	x.b->passed = rc > 0 ? x.passed : NULL;
	return rc;
}

int
python_line(struct session *s, const char *line, char **ours, struct err *e)
{
	struct notebook *b = &s->user.notebook;
	bool first = b->open == NULL;
	char *whole;
	int open, rc = 1;

	*ours = NULL;
	if (line_in_text(b, line + strspn(line, " \t")) || line_in_block(b, line)) {
		*ours = xstrdup("");
		return 1;
	}
	whole = line_whole(s, line, &open);
	first |= b->open == NULL;
	if (first && !line_is_python(s, piece_of(whole, strlen(whole))))
		rc = 0;
	else if (open > 0 && strlen(whole) < LINE_MAX_OPEN) {
		if (first)
			out_styled(s->out, OUT_DIM, "...");
		free(b->open);
		b->open = xstrdup(whole);
		*ours = xstrdup("");
	} else {
		free(b->open);
		b->open = NULL;
		rc = line_means(s, piece_of(whole, strlen(whole)), ours, e);
	}
	if (rc == 0)
		b->passed = NULL;
	free(whole);
	return rc;
}

char *
python_meaning(struct session *s, const char *line)
{
	struct notebook alone = {0};
	struct err ignored = {0};
	struct python x = {.s = s, .b = &alone, .e = &ignored};
	char *text = xstrdup(line);
	struct piece p;
	bool means;

	means = python_open(text) <= 0; /* cuts the comment off */
	p = piece_of(text, strlen(text));
	means = means && line_is_python(s, p) && statements(&x, p) > 0;
	if (means && x.out.n == 0 && alone.block == NOTEBOOK_LAYERS) /* what its lines say is not known yet */
		python_says(&x, "freeze %s (where the loop says %s.trainable = False)", alone.layers, alone.variable);
	means = means && x.out.n > 0;
	notebook_free(&alone);
	free(text);
	if (means)
		return x.out.s;
	free(x.out.s);
	return NULL;
}
