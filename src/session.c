/* session.c: a session's life: lines in, commands run in order, what is needed made when first needed.
 *
 * Lines wait in one queue; a cursor in each says which of its commands is next. `source` puts its lines in front. The queue
 * moves while no job is active, so the order of commands is the order typed, whatever takes time.
 */
#include "session.h"
#include "data/image.h"
#include "job.h"
#include "point.h"
#include "trainer.h"
#include "util/signals.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct pending {
	struct pending *next;
	char *line, *script; /* script NULL: typed */
	int number;
	unsigned long lines; /* of output before it */
	size_t at; /* the next command's place in the line */
	bool leave; /* no line: the end of a sourced file */
	bool busy, gone; /* one of its commands is running; it has left the queue meanwhile */
};

struct session *
session_new(struct out *out)
{
	struct session *s = xcalloc(1, sizeof *s);

	s->out = out;
	settings_default(&s->set);
	s->data_name = xstrdup("mnist");
	s->auto_width = out->width;
	s->results = (struct results){0};
	return s;
}

static void
pending_free(struct pending *p)
{
	free(p->line);
	free(p->script);
	free(p);
}

void
session_free(struct session *s)
{
	struct pending *p;
	int i;

	if (s == NULL)
		return;
	if (s->job != NULL)
		job_end(s);
	free(s->dropped);
	while ((p = s->queue) != NULL) {
		s->queue = p->next;
		pending_free(p);
	}
	for (i = 0; i < s->nruns; i++)
		run_free(s->runs[i]);
	free(s->runs);
	image_free(s->last_image);
	snapshot_clear(s);
	free(s->snapshots);
	session_sets_drop(s);
	nn_net_free(s->model.net);
	nn_engine_free(s->engine);
	dataset_free(s->data);
	free(s->model.build);
	free(s->data_name);
	free(s->job_script);
	free(s->job_typed);
	free(s->show);
	free(s->shown);
	if (s->wake[1] > 0) {
		close(s->wake[0]);
		close(s->wake[1]);
	}
	free(s);
}

/* ---- made when first needed ---- */

struct dataset *
session_data(struct session *s, struct err *e)
{
	if (s->data == NULL && s->host != NULL && s->host->data != NULL)
		s->data = s->host->data(s->host_arg);
	if (s->data == NULL)
		s->data = dataset_load(s->data_name, e);
	return s->data;
}

bool
session_interrupted(void *session)
{
	struct session *s = session;

	if (s->job != NULL)
		return job_safe_point(s->job);
	if (signals_pending() != 0)
		return true;
	return s->host != NULL && s->host->interrupted != NULL && s->host->interrupted(s->host_arg);
}

struct nn_engine *
session_engine(struct session *s, struct err *e)
{
	struct nn_err why;

	if (s->engine != NULL && (nn_engine_threads(s->engine) != s->set.threads || strcmp(s->engine_kernels, s->set.kernels) != 0)) {
		if (s->job != NULL) /* the worker is using it */
			return s->engine;
		nn_engine_free(s->engine);
		s->engine = NULL;
	}
	if (s->engine == NULL) {
		if ((s->engine = nn_engine_new(s->set.threads, s->set.kernels, &why)) == NULL) {
			fail(e, "%s", why.text);
			return NULL;
		}
		snprintf(s->engine_kernels, sizeof s->engine_kernels, "%s", s->set.kernels);
		nn_engine_set_stop(s->engine, session_interrupted, s);
	}
	return s->engine;
}

void
session_cache_drop(struct session *s)
{
	nn_cache_free(s->cache_train);
	nn_cache_free(s->cache_test);
	s->cache_train = s->cache_test = NULL;
}

void
session_sets_drop(struct session *s)
{
	session_cache_drop(s);
	selection_free(&s->sets.train);
	selection_free(&s->sets.test);
	memset(&s->sets, 0, sizeof s->sets);
}

int
session_sets_make(struct session *s, const struct split *sp, size_t limit, struct err *e)
{
	struct session_sets made = {.split = *sp, .limit = limit};
	struct dataset *d = session_data(s, e);

	if (d == NULL)
		return -1;
	if (s->sets.split.kind != SPLIT_NONE && s->sets.split.digits == sp->digits && s->sets.limit == limit)
		return 0;
	if (selection_make(&made.train, &d->train, sp, limit, e) < 0)
		return -1;
	if (selection_make(&made.test, &d->test, sp, 0, e) < 0) {
		selection_free(&made.train);
		return -1;
	}
	session_sets_drop(s);
	s->sets = made;
	return 0;
}

struct run *
session_run_last(struct session *s)
{
	return s->nruns > 0 ? s->runs[s->nruns - 1] : NULL;
}

struct run *
session_run_find(struct session *s, const char *name, struct err *e)
{
	char *end = NULL;
	long n = 0;
	int i;

	if (name[0] == 'r')
		n = strtol(name + 1, &end, 10);
	if (end == NULL || end == name + 1 || *end != '\0') {
		fail(e, "\"%.40s\" is not a run; runs are r1, r2, ... (`runs` lists them)", name);
		return NULL;
	}
	for (i = 0; i < s->nruns; i++)
		if (s->runs[i]->number == n)
			return s->runs[i];
	if (s->nruns == 0)
		fail(e, "no run %.40s, there is none yet; `train gte5` makes r1", name);
	else
		fail(e, "no run %.40s; there are r%d to r%d", name, s->runs[0]->number, s->runs[s->nruns - 1]->number);
	return NULL;
}

/* ---- the queue ---- */

static void
session_push(struct pending **at, const char *line, const char *script, int number)
{
	struct pending *p = xcalloc(1, sizeof *p);

	p->line = line != NULL ? xstrdup(line) : NULL;
	p->leave = line == NULL;
	p->script = script != NULL ? xstrdup(script) : NULL;
	p->number = number;
	p->next = *at;
	*at = p;
}

/* The lines that wait, until they are longer than most; *left: how many there are beyond. */
static char *
session_waiting_lines(const struct session *s, size_t most, int *left)
{
	const struct pending *p;
	struct str b = {0};
	const char *text;

	str_add(&b, "%s", "");
	*left = 0;
	for (p = s->queue; p != NULL; p = p->next) {
		if (p->leave)
			continue;
		text = p->line + p->at;
		text += strspn(text, " \t;");
		if (*text == '\0' || *text == '#')
			continue;
		if (b.n > most)
			++*left;
		else
			str_add(&b, "%s%.200s", b.n > 0 ? "; " : "", text);
	}
	return b.s;
}

char *
session_waiting(const struct session *s)
{
	int left;
	char *text = session_waiting_lines(s, 400, &left), *all = xasprintf("%s%s", text, left > 0 ? " ..." : "");

	free(text);
	return all;
}

void
session_queue_drop(struct session *s, const char *why)
{
	struct pending *p;
	int left;
	char *waiting = session_waiting_lines(s, 40, &left), more[32] = "", *note; /* of a lesson the first are enough */

	if (waiting[0] != '\0' && s->interactive) {
		text_clean(waiting);
		if (left > 0)
			snprintf(more, sizeof more, "; and %d more", left);
		note = xasprintf("%s: dropped %s%s", why, waiting, more);
		if (s->job != NULL) {
			free(s->dropped);
			s->dropped = note;
		} else {
			out_note(s->out, "%s", note);
			free(note);
		}
	}
	free(waiting);
	while ((p = s->queue) != NULL) {
		s->queue = p->next;
		s->depth -= p->leave;
		if (p->busy)
			p->gone = true;
		else
			pending_free(p);
	}
}

void
session_lines_drop(struct session *s, char *lines, const char *why)
{
	struct pending **end = &s->queue;
	char *line;

	while (*end != NULL)
		end = &(*end)->next;
	while ((line = strsep(&lines, "\n")) != NULL) {
		session_push(end, line, NULL, 0);
		end = &(*end)->next;
	}
	session_queue_drop(s, why);
}

/* ---- errors ---- */

static int
session_chars(const char *text, int n)
{
	int i, chars = 0;

	for (i = 0; i < n; i++)
		chars += (text[i] & 0xc0) != 0x80;
	return chars;
}

/* Carets under the bad word of a line that was typed; NULL: none was. Where lines of output are not what they were then, it no longer
 * stands above and is shown again. */
static void
session_caret(struct session *s, const char *line, unsigned long lines, const struct err *e)
{
	struct str b = {0};
	int i, indent = 6; /* of "thaw> " */

	if (!s->interactive || line == NULL || e->len <= 0 || e->col <= 0 || s->out->mode != OUT_TABLE)
		return;
	if (indent + session_chars(line, (int)strlen(line)) > s->out->width || strpbrk(line, "\t\n") != NULL)
		return;
	if (lines != s->out->lines) {
		str_add(&b, "%*s%s", indent, "", line);
		text_clean(b.s);
		out_aside(s->out, true, OUT_DIM, b.s);
		b.n = 0;
	}
	str_add(&b, "%*s", indent + session_chars(line, e->col), "");
	for (i = session_chars(line + e->col, e->len); i > 0; i--)
		str_addn(&b, "^", 1);
	out_aside(s->out, true, OUT_BAD, b.s);
	free(b.s);
}

static void
session_failed(struct session *s, int status)
{
	if (s->status == 0 || (s->status == 3 && status != 3))
		s->status = status;
	if (s->bail_set ? s->bail : !s->interactive) {
		s->stopped = true;
		session_queue_drop(s, "after the error");
	} else if (!s->bail_set && s->interactive)
		session_queue_drop(s, "after the error");
}

void
session_error(struct session *s, int status, const char *script, int number, const char *fmt, ...)
{
	struct err e = {0};
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(e.text, sizeof e.text, fmt, ap);
	va_end(ap);
	text_clean(e.text);
	s->out->script = script;
	s->out->line = number;
	out_error(s->out, NULL, e.text);
	s->out->script = NULL;
	session_failed(s, status);
}

void
session_job_failed(struct session *s, const char *command, const struct err *e)
{
	s->out->script = s->job_script;
	s->out->line = s->job_line;
	session_caret(s, s->job_typed, s->job_lines, e);
	out_error(s->out, command, e->text);
	s->out->script = NULL;
	session_failed(s, e->status != 0 ? e->status : 1);
}

/* ---- running ---- */

static bool
session_acts_now(const struct session *s, const struct cmd_args *a)
{
	if (a->cmd->when == CMD_ALWAYS)
		return true;
	if (job_view(s)->run == NULL) /* what a task reads stands still */
		return false;
	return a->cmd->now != NULL ? a->cmd->now(s, a) : a->cmd->when == CMD_NOW;
}

/* Runs the command that has been parsed, or reports why it could not be. */
static void
session_command(struct session *s, const struct pending *p, struct cmd_parsed *parsed, int rc, struct err *e)
{
	const char *name = parsed->args.cmd != NULL ? parsed->args.cmd->name : NULL;
	struct job *job;

	s->out->script = p->script;
	s->out->line = p->number;
	if (rc > 0) {
		job = s->job;
		rc = parsed->args.cmd->exec(s, &parsed->args, e);
		if (s->job != NULL && s->job != job) {
			free(s->job_script);
			free(s->job_typed);
			s->job_script = p->script != NULL ? xstrdup(p->script) : NULL;
			s->job_typed = p->script == NULL ? xstrdup(p->line) : NULL;
			s->job_lines = p->lines;
			s->job_line = p->number;
			if (!s->async && !s->waiting)
				job_wait(s);
		}
	}
	if (s->job == NULL)
		out_progress(s->out, NULL);
	if (rc < 0) {
		session_caret(s, p->script == NULL ? p->line : NULL, p->lines, e);
		out_error(s->out, name, e->text);
		session_failed(s, e->status != 0 ? e->status : 1);
	}
	s->out->script = NULL;
	if (!s->out->moving)
		out_flush(s->out);
	if (s->out->failed)
		s->stopped = true;
}

/* The command between from and p->at, where it is to be seen: `echo on`, and in the transcript. */
static void
session_echo(struct session *s, const struct pending *p, size_t from)
{
	char *text;
	size_t to = p->at;
	bool typed = s->interactive && p->script == NULL;

	if (s->out->log == NULL && (!s->echo || typed))
		return;
	from += strspn(p->line + from, " \t;");
	while (to > from && strchr("; \t", p->line[to - 1]) != NULL)
		to--;
	text = xstrndup(p->line + from, to - from);
	text_clean(text);
	if (s->out->log != NULL)
		fprintf(s->out->log, "thaw> %s\n", text);
	if (s->echo && !typed && s->out->mode == OUT_TABLE)
		out_aside(s->out, false, OUT_DIM, text);
	free(text);
}

/* Runs the next command of the queue. False: there is none. */
static bool
session_next(struct session *s)
{
	struct pending *p = s->queue;
	struct cmd_parsed parsed;
	struct err e = {0};
	size_t from;
	int rc;

	if (p == NULL)
		return false;
	if (p->leave) {
		s->queue = p->next;
		s->depth--;
		pending_free(p);
		return true;
	}
	from = p->at;
	rc = cmd_parse(s, p->line, &p->at, &parsed, &e);
	if (rc != 0)
		session_echo(s, p, from);
	if (p->line[p->at] == '\0') { /* taken out first, since a command may put lines in front or drop all */
		s->queue = p->next;
		p->gone = true;
	}
	p->busy = true;
	if (rc != 0)
		session_command(s, p, &parsed, rc, &e);
	p->busy = false;
	cmd_parsed_free(&parsed);
	if (p->gone)
		pending_free(p);
	return true;
}

static void
session_pump(struct session *s)
{
	while (!s->stopped && !s->quit) {
		if (s->job != NULL) {
			if (s->async || s->waiting)
				return;
			job_wait(s);
			continue;
		}
		if (session_interrupted(s)) {
			session_queue_drop(s, "interrupted");
			return;
		}
		if (!session_next(s))
			return;
	}
	session_queue_drop(s, s->quit ? "quit" : "stopped");
}

void
session_tick(struct session *s)
{
	job_pump(s);
	session_pump(s);
}

/* One command, alone on its line, that may act while a job goes on. */
static bool
session_at_once(struct session *s, const char *line)
{
	struct pending p = {.line = (char *)line, .lines = s->out->lines};
	struct cmd_parsed parsed, more;
	struct err e = {0}, ignored = {0};
	size_t at = 0, rest;
	int rc = cmd_parse(s, line, &at, &parsed, &e), others;
	bool now = false;

	rest = at;
	others = rc != 0 ? cmd_parse(s, line, &rest, &more, &ignored) : 0;
	if (rc != 0)
		cmd_parsed_free(&more);
	if (others == 0 && (rc <= 0 || session_acts_now(s, &parsed.args))) {
		now = true; /* what cannot be parsed is said at once too; it drops nothing that waits */
		if (rc > 0)
			session_command(s, &p, &parsed, rc, &e);
		else if (rc < 0) {
			session_caret(s, line, p.lines, &e);
			out_error(s->out, parsed.args.cmd != NULL ? parsed.args.cmd->name : NULL, e.text);
		}
	}
	cmd_parsed_free(&parsed);
	return now;
}

int
session_exec_at(struct session *s, const char *line, const char *script, int number)
{
	struct pending **end = &s->queue;

	if (script == NULL)
		s->out->lines++; /* the line that was typed */
	if (s->job != NULL && script == NULL && session_at_once(s, line))
		return s->status;
	while (*end != NULL)
		end = &(*end)->next;
	session_push(end, line, script, number);
	(*end)->lines = s->out->lines;
	session_pump(s);
	return s->status;
}

int
session_exec(struct session *s, const char *line)
{
	return session_exec_at(s, line, NULL, 0);
}

#define SOURCE_DEPTH 16

int
session_source(struct session *s, const char *path, struct err *e)
{
	struct line_reader r = {0};
	struct pending *lines = NULL, **end = &lines;
	ssize_t n;

	if (s->depth >= SOURCE_DEPTH)
		return fail(e, "%.200s: scripts source each other more than %d deep; does one source itself?", path, SOURCE_DEPTH);
	if ((r.f = fopen(path, "re")) == NULL)
		return fail(e, "%.200s: cannot be read: %m; give the path of a script", path);
	while ((n = line_read(&r)) >= 0) {
		session_push(end, r.text, path, r.number);
		end = &(*end)->next;
	}
	if (n < -1)
		fail(e, "%.200s:%d: the line holds a NUL byte; a script is text", path, r.number);
	else if (ferror(r.f))
		n = fail(e, "%.200s: cannot be read: %m; give the path of a script", path) - 1;
	fclose(r.f);
	line_reader_free(&r);
	if (n < -1) {
		while (lines != NULL) {
			struct pending *next = lines->next;

			pending_free(lines);
			lines = next;
		}
		return -1;
	}
	s->depth++;
	session_push(end, NULL, NULL, 0);
	(*end)->next = s->queue;
	s->queue = lines;
	return 0;
}
