/* python_line.c: reads lines of Python at a prompt: where a statement ends, what a block holds.
 *
 * A notebook's cell comes line by line. A statement goes on while a bracket is open; the lines of a def or an if are
 * passed over; those of `for l in feature_layers:` mean these layers, and so do those of `for i in range(7):` that say
 * model.layers[i].
 */
#include "language/python.h"
#include "language/python_call.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

#define LINE_MAX_OPEN 65536 /* of a statement whose brackets do not close */

/* ---- statements ---- */

static const char loop_passed[] = "a loop is passed over with what is in it";

/* No assignment to trainable is passed over, nor answered by what there is already. */
static const char trainable_lost[] = "which layers trainable is set of is not known here; did you mean `freeze A..B`, "
    "as in `freeze 0..6`, or `unfreeze A..B`?";

static int statements(struct python *x, struct piece p);

/* `for l in feature_layers:`, with its body behind it or in the lines to come. */
static int
statement_for(struct python *x, struct piece p)
{
	struct piece head, body, names, first;
	const char *in = memmem(p.s, p.n, " in ", 4);
	size_t at = 0, comma = 0;
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
			if (piece_next(names, &comma, ",", &first) && comma <= names.n && python_counts(x, over))
				x->b->index = piece_text(first);
		} else if (piece_name(names) && python_counts(x, over)) {
			x->b->block = body.n == 0 || python_trains(body) ? NOTEBOOK_COUNTS : NOTEBOOK_PASSED;
			x->b->index = piece_text(names);
		} else if ((looks = python_reads(x, over)) < 0)
			return -1;
	}
	if (x->b->block == NOTEBOOK_PASSED && looks == 0 && body.n > 0 && (looks = python_reads(x, body)) < 0)
		return -1;
	if (x->b->block == NOTEBOOK_PASSED && looks == 0 && body.n > 0)
		x->passed = loop_passed;
	x->b->loop = looks == 0;
	if (body.n > 0) {
		if (x->b->block != NOTEBOOK_PASSED)
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
	if (python_block(p))
		return statement_block(x, p);
	if (python_plain(p) || strchr("@%!'\"", p.s[0]) != NULL) {
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

	for (size_t at = 0, from = 0; rc > 0 && piece_next(p, &at, ";", &one); from = at) {
		size_t said = x->out.n;

		if (piece_begins(one, "for ")) { /* all behind it is its body */
			one = piece_of(p.s + from, p.n - from);
			at = p.n + 1;
		}
		if ((rc = statement(x, one)) == 0 && (from > 0 || at <= p.n)) { /* not the whole of the line */
			python_says(x, "%.*s", (int)one.n, one.s);
			rc = 1;
		} else if (rc > 0 && python_trains(one) &&
		    (x->out.n == said || strstr(x->out.s + said, "freeze ") == NULL))
			rc = fail(x->e, "%s", trainable_lost);
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

/* Whether a line in `for i in range(7):` is about layers: it says layers[i] or l = first[i], or sets trainable. */
static bool
line_counts(const struct notebook *b, struct piece p)
{
	char *text = xasprintf("layers[%s]", b->index);
	struct piece target, value;
	char update;
	bool is = python_trains(p) || memmem(p.s, p.n, text, strlen(text)) != NULL ||
	    (memmem(p.s, p.n, text + 6, strlen(text + 6)) != NULL && piece_assigns(p, &target, &value, &update) &&
	    piece_name(target) && memchr(value.s, '(', value.n) == NULL);

	free(text);
	return is;
}

/* Says at the end of a loop's lines that they, or some of them, were passed over. */
static void
loop_ends(struct session *s)
{
	struct notebook *b = &s->user.notebook;

	if (!b->loop || !b->left || b->paused)
		return;
	transcript_to(&s->out->kept, b->cell);
	out_note(s->out, "passed over: %s", b->read ? "the loop's other lines" : loop_passed);
}

/* A line of a block. 1: it is passed over; 0: it is to be read. A line that stands further left ends the block. */
static int
line_in_block(struct session *s, const char *line)
{
	struct notebook *b = &s->user.notebook;
	struct piece p = piece_of(line, strlen(line));

	if (b->block == NOTEBOOK_NONE || b->open != NULL)
		return 0;
	if (line[0] != ' ' && line[0] != '\t' && line[0] != '\0') {
		loop_ends(s);
		notebook_block_end(b);
		return 0;
	}
	if (p.n == 0)
		loop_ends(s);
	b->paused = p.n == 0;
	if (p.n == 0 || b->block == NOTEBOOK_PASSED || (b->block == NOTEBOOK_COUNTS && !line_counts(b, p))) {
		b->left |= p.n > 0 && p.s[0] != '#';
		return 1;
	}
	b->read = true;
	return 0;
}

/* The statement as far as it has come: what was typed before and this line, without its comment. *open: it goes on. */
static char *
line_whole(struct session *s, const char *line, struct scan *at, bool *open)
{
	struct notebook *b = &s->user.notebook;
	char *part = xstrdup(line), *whole;
	size_t n;
	bool more;

	if (b->open != NULL && python_is_command(s, line)) {
		transcript_to(&s->out->kept, b->cell);
		out_note(s->out, "\"%.40s\" was left open and is forgotten", b->open);
		free(b->open);
		b->open = NULL;
	}
	python_open(part); /* cuts the comment off */
	n = piece_of(part, strlen(part)).n + strspn(part, " \t\r\n");
	more = n > 0 && part[n - 1] == '\\';
	if (more)
		part[n - 1] = '\0';
	whole = b->open != NULL ? xasprintf("%s %s", b->open, part + strspn(part, " \t")) : xstrdup(part);
	free(part);
	*at = python_open(whole);
	*open = at->quote == '\0' ? more || at->depth > 0 : strstr(whole, "\"\"\"") != NULL ||
	    strstr(whole, "'''") != NULL; /* only such a quote goes on */
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
	else if (rc > 0 && x.passed != NULL) { /* a person has read it just above; who reads a page of it has not */
		char *note = xasprintf("note: passed over: %s", x.passed);

		transcript_line(&s->out->kept, false, OUT_DIM, note);
		free(note);
	}
	x.b->passed = rc > 0 ? x.passed : NULL;
	return rc;
}

bool
python_goes_on(const struct session *s)
{
	const struct notebook *b = &s->user.notebook;

	return b->open != NULL || (b->block != NOTEBOOK_NONE && !b->paused);
}

static void
line_forget(struct notebook *b)
{
	free(b->open);
	b->open = NULL;
	notebook_block_end(b);
}

bool
python_give_up(struct session *s)
{
	struct notebook *b = &s->user.notebook;

	if (!python_goes_on(s))
		return false;
	if (b->open != NULL)
		out_note(s->out, "given up: \"%.60s\"", b->open);
	else
		out_note(s->out, "given up: the rest of the %s", b->block == NOTEBOOK_TEXT ? "text" : "block");
	line_forget(b);
	return true;
}

/* An empty line ends a statement. */
static int
line_ends(struct notebook *b, struct err *e)
{
	struct scan at = python_open(b->open);
	int n = at.depth < (int)sizeof at.open ? at.depth : (int)sizeof at.open;

	if (n > 0)
		fail(e, "%c was not closed in \"%.60s\"; the line is given up", at.open[n - 1], b->open);
	else
		fail(e, "\"%.60s\" did not go on; the line is given up", b->open);
	line_forget(b);
	return -1;
}

/* Keeps the line for whoever writes the session down: with what goes on, or by itself. */
static void
line_keep(struct session *s, const char *line, bool goes_on)
{
	struct notebook *b = &s->user.notebook;
	char *text = xstrdup(line);

	text_clean(text);
	b->cell = transcript_python(&s->out->kept, goes_on ? b->cell : 0, text);
	free(text);
}

int
python_line(struct session *s, const char *line, char **ours, struct err *e)
{
	struct notebook *b = &s->user.notebook;
	bool first = b->open == NULL, block = b->block != NOTEBOOK_NONE;
	char *whole;
	struct scan at;
	bool open;
	int rc = 1;

	*ours = NULL;
	if (b->open != NULL && line[strspn(line, " \t")] == '\0') {
		transcript_to(&s->out->kept, b->cell);
		return line_ends(b, e);
	}
	if (line_in_text(b, line + strspn(line, " \t")) || line_in_block(s, line)) {
		if (line[0] != '\0')
			line_keep(s, line, block);
		if (b->block == NOTEBOOK_PASSED && python_trains(piece_of(line, strlen(line))))
			return fail(e, "%s", trainable_lost);
		*ours = xstrdup("");
		return 1;
	}
	whole = line_whole(s, line, &at, &open);
	first |= b->open == NULL;
	if (first && !python_is(s, piece_of(whole, strlen(whole)))) {
		b->passed = NULL;
		free(whole);
		return 0;
	}
	line_keep(s, line, !first || b->block != NOTEBOOK_NONE);
	if (open && strlen(whole) < LINE_MAX_OPEN) {
		if (first && s->worker.job != NULL && !s->user.async)
			out_aside(s->out, false, OUT_DIM, "..."); /* there is no prompt that says so */
		free(b->open);
		b->open = xstrdup(whole);
		*ours = xstrdup("");
	} else if (at.quote != '\0') {
		rc = fail(e, "the quote %c is not closed in \"%.60s\"", at.quote, whole);
		line_forget(b);
	} else {
		free(b->open);
		b->open = NULL;
		rc = line_means(s, piece_of(whole, strlen(whole)), ours, e);
	}
	if (rc == 0) {
		b->passed = NULL;
		if (b->block == NOTEBOOK_NONE)
			transcript_drop(&s->out->kept, b->cell);
	}
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

	means = python_open(text).depth == 0; /* cuts the comment off */
	p = piece_of(text, strlen(text));
	means = means && python_is(s, p) && statements(&x, p) > 0;
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
