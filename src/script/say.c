/* say.c: prints the errors of lines, with carets under the bad word, and the lines themselves. */
#include "script/say.h"

#include "language/python.h"
#include "language/suggest.h"
#include "language/whole.h"
#include "session/lines.h"
#include "ui/canvas.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int
say_chars(const char *text, int n)
{
	int chars = 0;

	for (int i = 0; i < n; i++)
		chars += (text[i] & 0xc0) != 0x80;
	return chars;
}

void
say_where(struct session *s, const struct pending *p)
{
	const struct source *from = p != NULL ? p->source : NULL;

	s->out->script = from != NULL ? from->name : NULL;
	s->out->path = from != NULL ? from->path : NULL;
	line_place(p != NULL ? p->number : 0, &s->out->cell, &s->out->line);
	s->out->length = 0;
}

/* Where the error is: at its word, else at the whole command. */
static void
say_place(const struct pending *p, struct err *e)
{
	size_t from = p->from + strspn(p->line + p->from, " \t;"), to = p->at;

	if (e->len > 0)
		return;
	while (to > from && strchr("; \t", p->line[to - 1]) != NULL)
		to--;
	e->col = (int)from;
	e->len = to > from ? (int)(to - from) : 0;
}

static void
say_carets(struct session *s, int indent, const char *line, const struct err *e)
{
	struct str b = {0};

	str_add(&b, "%*s", indent + say_chars(line, e->col), "");
	for (int i = say_chars(line + e->col, e->len); i > 0; i--)
		str_addn(&b, "^", 1);
	out_aside(s->out, true, OUT_BAD, b.s);
	free(b.s);
}

/* Points at a word of a line that was typed, and shows the line again where it no longer stands just above, since there
 * has been output after it. */
static void
say_typed(struct session *s, const struct pending *p, const struct err *e)
{
	int indent = 6; /* of "thaw> " */
	char *text;

	if (!s->user.interactive || e->len <= 0 || e->col <= 0 || s->out->mode != OUT_TABLE)
		return;
	if (indent + say_chars(p->line, (int)strlen(p->line)) > s->out->width || strpbrk(p->line, "\t\n") != NULL)
		return;
	if (p->lines != s->out->lines) {
		text = xasprintf("%*s%s", indent, "", p->line);
		text_clean(text);
		out_aside(s->out, true, OUT_DIM, text);
		free(text);
	}
	say_carets(s, indent, p->line, e);
}

#define QUOTE_BEFORE 40 /* bytes of a long line that are shown before the word */
#define QUOTE_MAX 100

static size_t
say_char_begin(const char *text, size_t i)
{
	while (i > 0 && (text[i] & 0xc0) == 0x80)
		i--;
	return i;
}

/* Shows the line of a script below its error, and points at the word; of a long line, what is around that. */
static void
say_quote(struct session *s, const struct pending *p, const struct err *e)
{
	size_t n = strlen(p->line), col = (size_t)e->col < n ? (size_t)e->col : n, from = 0, to = n;
	struct err at = *e;
	char *shown;

	if (n > QUOTE_MAX) {
		from = say_char_begin(p->line, col > QUOTE_BEFORE ? col - QUOTE_BEFORE : 0);
		to = say_char_begin(p->line, from + QUOTE_MAX < n ? from + QUOTE_MAX : n);
	}
	shown = xasprintf("    %s%.*s%s", from > 0 ? "... " : "", (int)(to - from), p->line + from,
	    to < n ? " ..." : "");
	for (char *c = shown; *c != '\0'; c++)
		*c = *c == '\t' ? ' ' : *c;
	text_clean(shown);
	out_aside(s->out, true, OUT_DIM, shown);
	at.col = (int)(col - from) + (from > 0 ? 8 : 4);
	at.len = at.len > (int)(to - col) ? (int)(to - col) : at.len;
	at.len = e->len > 0 && at.len < 1 ? 1 : at.len; /* behind the end something is missing */
	if (at.len > 0)
		say_carets(s, 0, shown, &at);
	free(shown);
}

/* Whether an error ends the session. */
static bool
say_stops(const struct session *s)
{
	return s->queue.bail_set ? s->queue.bail : !s->user.interactive;
}

/* Whether what waits is dropped. */
static bool
say_drops(const struct session *s, const struct pending *p)
{
	bool init = p != NULL && p->source != NULL && p->source->init;

	for (const struct pending *q = s->queue.first; q != NULL && !init; q = q->next)
		init = q->source != NULL && q->source->init;
	/* where a script pauses, it was a typed line */
	return say_stops(s) || (!s->queue.bail_set && !s->queue.held && !init);
}

static void
say_failed(struct session *s, const struct pending *p, int status)
{
	if (s->queue.status == 0 || (s->queue.status == 3 && status != 3))
		s->queue.status = status;
	s->queue.stopped |= say_stops(s);
	if (say_drops(s, p))
		session_queue_drop(s, "after the error");
}

void
say_error(struct session *s, int status, const char *script, int number, const char *fmt, ...)
{
	struct err e = {0};
	va_list ap;

	va_start(ap, fmt);
	fail_v(&e, fmt, ap);
	va_end(ap);
	s->out->script = s->out->path = script;
	line_place(number, &s->out->cell, &s->out->line);
	out_error(s->out, NULL, e.text);
	say_where(s, NULL);
	say_failed(s, NULL, status);
}

bool
say_hides(const struct pending *p, const char *command)
{
	enum source_shown shown = p->source != NULL ? p->source->shown : SOURCE_SHOWN;

	return shown == SOURCE_HIDDEN || (command == NULL && shown == SOURCE_COMMANDS);
}

/* Says of a line that would mean something at a prompt what that is. True: *e shows what stands in it. */
static bool
say_prompt_only(struct session *s, const struct pending *p, struct err *e)
{
	const char *line = p->line + p->from + strspn(p->line + p->from, " \t;");
	char *word = xstrndup(line, strcspn(line, " \t;")), *means = NULL;
	bool shows, setting = strstr(e->text, "\" is a setting: ") != NULL; /* epochs=5 lacks a word of thaw's */

	if (!setting)
		means = python_meaning(s, line);
	shows = means != NULL;

	if (shows) {
		snprintf(e->text, sizeof e->text, "lines of Python are understood at the prompt only; that is: %.400s",
		    means);
		e->len = 0;
	} else if (!setting)
		cmd_suggest_whole(s->commands, word, e);
	free(means);
	free(word);
	return shows;
}

/* What is wrong and where, without a word of the line, but for a command that it may have meant. */
static void
say_hidden(const struct session *s, const char *command, struct err *e)
{
	static const char mean[] = " - did you mean \"";
	const char *hint = command == NULL ? strstr(e->text, mean) : NULL, *name = "";
	char odd[80] = ""; /* the word about a character that does not show */
	size_t n;

	for (const struct cmd *const *c = s->commands->list; hint != NULL && *c != NULL; c++) {
		n = strlen((*c)->name);
		if (strncmp(hint + strlen(mean), (*c)->name, n) == 0 && hint[strlen(mean) + n] == '"')
			name = (*c)->name;
	}
	for (const char *at = e->text; (at = strstr(at, "; <U+")) != NULL; at++)
		snprintf(odd, sizeof odd, "%s", at);
	if (command != NULL && e->status == 3)
		fail(e, "what column %d asks for does not hold", e->col + 1);
	else if (command != NULL)
		fail(e, "what stands at column %d cannot be done; `help %s` has the usage%s", e->col + 1, command, odd);
	else if (*name != '\0')
		fail(e, "there is no command at column %d%s%s\"?%s", e->col + 1, mean, name, odd);
	else
		fail(e, "there is no command at column %d; `help` lists them%s", e->col + 1, odd);
}

void
say_wrong(struct session *s, const char *command, const struct pending *p, struct err *e)
{
	enum source_shown shown = p->source != NULL ? p->source->shown : SOURCE_SHOWN;

	bool shows = command == NULL && p->source != NULL && say_prompt_only(s, p, e);

	/* what quotes nothing may stay */
	if (say_hides(p, command) && (shown == SOURCE_HIDDEN || shows || strchr(e->text, '"') != NULL))
		say_hidden(s, command, e);
	if (p->source == NULL)
		say_typed(s, p, e);
	say_place(p, e);
	say_where(s, p);
	s->out->column = say_chars(p->line, e->col) + 1;
	s->out->length = say_chars(p->line + e->col, e->len);
	out_error(s->out, command, e->text);
	say_where(s, NULL);
	if (p->source != NULL && shown == SOURCE_SHOWN)
		say_quote(s, p, e);
}

void
say_command_failed(struct session *s, const char *command, const struct pending *p, struct err *e)
{
	say_wrong(s, command, p, e);
	if (p != NULL && p->source != NULL && say_drops(s, p))
		queue_fail(&s->queue, p);
	say_failed(s, p, e->status != 0 ? e->status : 1);
}

/* The command from its first letter to its last; false: there is none. */
static bool
say_span(const struct pending *p, size_t *from, size_t *to)
{
	*from = p->from + strspn(p->line + p->from, " \t;");
	*to = p->at;
	while (*to > *from && strchr("; \t\n", p->line[*to - 1]) != NULL)
		--*to;
	return *to > *from;
}

/* The same, cleaned; the caller's. NULL: there is none. */
static char *
say_text(const struct pending *p)
{
	size_t from, to;
	char *text;

	if (!say_span(p, &from, &to))
		return NULL;
	text = xstrndup(p->line + from, to - from);
	text_clean(text);
	return text;
}

unsigned long
say_keep(struct session *s, const struct pending *p, const struct cmd_parsed *parsed, bool remark)
{
	size_t from, to;
	char *text;
	unsigned long id = 0;

	if (!say_span(p, &from, &to))
		return 0;
	text = cmd_whole(s, p->line, from, to, parsed);
	text_clean(text);
	if (remark)
		transcript_remark(&s->out->kept, text);
	else if (p->python != 0)
		id = transcript_means(&s->out->kept, p->python, text);
	else
		id = transcript_command(&s->out->kept, text);
	free(text);
	return id;
}

void
say_lead(struct session *s, const struct pending *p)
{
	bool screen = s->user.host != NULL && s->user.host->is_screen, others = s->out->lines != s->queue.said;
	char *text = p != NULL && screen && others && s->out->mode == OUT_TABLE ? say_text(p) : NULL, *line = NULL;

	if (text != NULL)
		line = xasprintf("thaw> %s", text);
	out_lead(s->out, line);
	free(text);
	free(line);
}

#define REMARK_LEAST 60 /* columns that lines of prose have at least */
#define REMARK_MOST 1500 /* bytes of a paragraph */

/* Whether a comment is a line of prose; what is indented, ruled or drawn is none. */
static bool
remark_prose(const char *text)
{
	return strncmp(text, "# ", 2) == 0 && strchr(" \t#-=+*|>", text[2]) == NULL && text[2] != '\0' &&
	    strchr("-=_*|", text[strlen(text) - 1]) == NULL;
}

/* Whether a line of prose begins with the number of an item. */
static bool
remark_item(const char *text)
{
	size_t digits = remark_prose(text) ? strspn(text + 2, "0123456789") : 0;

	return digits > 0 && text[2 + digits] != '\0' && strchr(".)", text[2 + digits]) != NULL;
}

/* Whether it may go on with the line before it. A number begins an item where it is the first or follows an item or a
 * sentence; else it ends a sentence that was broken before it. */
static bool
remark_follows(const struct remark *r, const char *text)
{
	bool item = remark_item(text) && (r->listed || r->ended || strtol(text + 2, NULL, 10) == 1);

	return remark_prose(text) && !item;
}

/* Whether a comment goes on with the one in the line before it, as prose does that was broken at the width of the
 * script. A sentence that ended where the next word would have had room ended a paragraph. */
static bool
remark_goes_on(const struct session *s, const struct pending *p, const char *text)
{
	const struct remark *r = &s->queue.remark;
	int width = r->longest > REMARK_LEAST ? r->longest : REMARK_LEAST;

	return r->number != 0 && r->source == p->source && r->number + 1 == p->number && r->lines == s->out->lines &&
	    remark_follows(r, text) && r->bytes + strlen(text) < REMARK_MOST &&
	    !(r->ended && r->cells + 1 + (int)strcspn(text + 2, " ") <= width);
}

/* Shows a comment of a script that is played: consecutive lines of prose as a paragraph. */
static void
say_remark(struct session *s, const struct pending *p, const char *text)
{
	bool goes_on = s->user.host->goes_on != NULL && remark_goes_on(s, p, text);
	struct remark *r = &s->queue.remark, now = {.source = p->source, .number = p->number,
	    .cells = ui_text_cells(text)};

	if (goes_on)
		s->user.host->goes_on(s->user.host_arg, text + 2);
	else
		out_aside(s->out, false, OUT_PLAIN, text);
	now.lines = s->out->lines;
	now.bytes = strlen(text) + (goes_on ? r->bytes : 0);
	now.longest = goes_on && r->longest > now.cells ? r->longest : now.cells;
	now.ended = strchr(".?!:", text[strlen(text) - 1]) != NULL;
	now.number = remark_prose(text) ? now.number : 0;
	now.listed = goes_on ? r->listed : remark_item(text);
	*r = now;
}

void
say_echo(struct session *s, const struct pending *p, bool remark)
{
	char *text, *line;
	bool typed = s->user.interactive && p->source == NULL;
	bool screen = s->user.host != NULL && s->user.host->is_screen, played = p->source != NULL && screen;
	bool waited = p->waited && screen && !remark; /* what stands above it is of others */
	bool pause = strncmp(p->line + p->from + strspn(p->line + p->from, " \t;"), "pause", 5) == 0;
	bool shown = s->out->mode == OUT_TABLE && ((played && !pause) || waited || (s->user.echo && !typed &&
	    !remark));
	enum out_style style = played || waited ? OUT_ACCENT : OUT_DIM;

	if ((!shown && (s->out->log == NULL || remark)) || (text = say_text(p)) == NULL)
		return;
	line = xasprintf("thaw> %s", text);
	if (s->out->log != NULL && !remark)
		fprintf(s->out->log, "%s\n", line);
	if (shown && remark && played)
		say_remark(s, p, text);
	else if (shown)
		out_aside(s->out, false, style, remark ? text : line);
	free(text);
	free(line);
}
