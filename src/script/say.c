/* say.c: prints the errors of lines, with carets under the bad word, and the lines themselves. */
#include "script/say.h"

#include "language/cmd.h"
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

/* Shows the line again where it no longer stands just above, since there has been output after it. */
void
say_caret(struct session *s, const char *line, unsigned long lines, const struct err *e)
{
	struct str b = {0};
	int i, indent = 6; /* of "thaw> " */

	if (!s->user.interactive || line == NULL || e->len <= 0 || e->col <= 0 || s->out->mode != OUT_TABLE)
		return;
	if (indent + say_chars(line, (int)strlen(line)) > s->out->width || strpbrk(line, "\t\n") != NULL)
		return;
	if (lines != s->out->lines) {
		str_add(&b, "%*s%s", indent, "", line);
		text_clean(b.s);
		out_aside(s->out, true, OUT_DIM, b.s);
		b.n = 0;
	}
	str_add(&b, "%*s", indent + say_chars(line, e->col), "");
	for (i = say_chars(line + e->col, e->len); i > 0; i--)
		str_addn(&b, "^", 1);
	out_aside(s->out, true, OUT_BAD, b.s);
	free(b.s);
}

static void
say_failed(struct session *s, int status)
{
	bool stop;

	if (s->queue.status == 0 || (s->queue.status == 3 && status != 3))
		s->queue.status = status;
	stop = s->queue.bail_set ? s->queue.bail : !s->user.interactive;
	s->queue.stopped |= stop;
	if (stop || !s->queue.bail_set)
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
	s->out->script = script;
	s->out->line = number;
	out_error(s->out, NULL, e.text);
	s->out->script = NULL;
	say_failed(s, status);
}

bool
say_hides(const struct pending *p, const char *command)
{
	return p->hidden || (command == NULL && p->script != NULL && strcmp(p->script, "-c") != 0 &&
	    strcmp(p->script, "stdin") != 0);
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
	if (command != NULL)
		fail(e, "what stands at column %d cannot be done; `help %s` has the usage%s", e->col + 1, command, odd);
	else if (*name != '\0')
		fail(e, "there is no command at column %d%s%s\"?%s", e->col + 1, mean, name, odd);
	else
		fail(e, "there is no command at column %d; `help` lists them%s", e->col + 1, odd);
}

void
say_command_failed(struct session *s, const char *command, const struct pending *p, struct err *e)
{
	if (say_hides(p, command) && (p->hidden || strchr(e->text, '"') != NULL)) /* what quotes nothing may stay */
		say_hidden(s, command, e);
	say_caret(s, p->script == NULL ? p->line : NULL, p->lines, e);
	out_error(s->out, command, e->text);
	say_failed(s, e->status != 0 ? e->status : 1);
}

void
say_job_failed(struct session *s, const char *command, struct err *e)
{
	if (s->queue.job.hidden)
		say_hidden(s, command, e);
	s->out->script = s->queue.job.script;
	s->out->line = s->queue.job.line;
	say_caret(s, s->queue.job.typed, s->queue.job.lines, e);
	out_error(s->out, command, e->text);
	s->out->script = NULL;
	say_failed(s, e->status != 0 ? e->status : 1);
}

void
say_echo(struct session *s, const struct pending *p, size_t from, bool remark)
{
	char *text, *line;
	size_t to = p->at;
	bool typed = s->user.interactive && p->script == NULL;
	bool played = p->script != NULL && s->user.host != NULL && s->user.host->is_screen;
	bool shown = s->out->mode == OUT_TABLE && (played || (s->user.echo && !typed && !remark));

	from += strspn(p->line + from, " \t;");
	while (to > from && strchr("; \t", p->line[to - 1]) != NULL)
		to--;
	if ((!shown && (s->out->log == NULL || remark)) || to == from)
		return;
	text = xstrndup(p->line + from, to - from);
	text_clean(text);
	line = xasprintf("thaw> %s", text);
	if (s->out->log != NULL && !remark)
		fprintf(s->out->log, "%s\n", line);
	if (shown)
		out_aside(s->out, false, played && !remark ? OUT_ACCENT : OUT_DIM, played && !remark ? line : text);
	free(text);
	free(line);
}
