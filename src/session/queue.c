/* queue.c: the lines that wait to be run: added, listed, dropped. */
#include "session/lines.h"
#include "session/session.h"
#include "util/reach.h"
#include "util/signals.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct source *
source_new(const char *path, enum source_shown shown)
{
	struct source *s = xcalloc(1, sizeof *s);

	*s = (struct source){.refs = 1, .path = xstrdup(path), .name = xstrdup(path), .shown = shown};
	return s;
}

void
source_free(struct source *s)
{
	if (s == NULL || --s->refs > 0)
		return;
	free(s->path);
	free(s->name);
	free(s);
}

static struct source *
source_share(struct source *s)
{
	if (s != NULL)
		s->refs++;
	return s;
}

void
pending_free(struct pending *p)
{
	if (p == NULL)
		return;
	free(p->line);
	source_free(p->source);
	free(p);
}

struct pending *
pending_copy(const struct pending *p)
{
	struct pending *copy = xcalloc(1, sizeof *copy);

	*copy = (struct pending){.line = xstrdup(p->line), .source = source_share(p->source), .number = p->number,
	    .lines = p->lines, .from = p->from, .at = p->at, .cell = p->cell,
	    .python = p->python, .waited = p->waited};
	return copy;
}

/* Puts a line in front of *at; without a line, the mark that a sourced file ends there. */
static void
queue_push(struct pending **at, const char *line, struct source *source, int number)
{
	struct pending *p = xcalloc(1, sizeof *p);

	p->line = line != NULL ? xstrdup(line) : NULL;
	p->leave = line == NULL;
	p->source = source_share(source);
	p->number = number;
	p->next = *at;
	*at = p;
}

static void
pending_free_all(struct pending **first)
{
	struct pending *p;

	while ((p = *first) != NULL) {
		*first = p->next;
		pending_free(p);
	}
}

static struct pending *
queue_paused(const struct queue *q)
{
	struct pending *p = q->first;

	while (p != NULL && !p->hold)
		p = p->next;
	return p;
}

/* What is left of a line, or NULL. */
static const char *
pending_text(const struct pending *p)
{
	const char *text;

	if (p->leave || p->hold)
		return NULL;
	text = p->line + p->at;
	text += strspn(text, " \t;");
	return *text == '\0' || *text == '#' ? NULL : text;
}

/* The lines in front of `end` that were typed, or that scripts have, as one text that ends once it is longer than
 * `most`; *left is how many more there are. */
static char *
queue_lines(const struct queue *q, const struct pending *end, bool typed, size_t most, int *left)
{
	struct str b = {0};
	const char *text;

	str_add(&b, "%s", "");
	*left = 0;
	for (const struct pending *p = q->first; p != end; p = p->next) {
		if ((p->source == NULL) != typed || (text = pending_text(p)) == NULL)
			continue;
		if (b.n > most || (p->source != NULL && p->source->shown == SOURCE_HIDDEN))
			++*left;
		else
			str_add(&b, "%s%.200s", b.n > 0 ? "; " : "", text);
	}
	text_clean(b.s);
	return b.s;
}

char *
queue_waiting(const struct queue *q)
{
	int left;
	char *text = queue_lines(q, NULL, true, 400, &left), *all = xasprintf("%s%s", text, left > 0 ? " ..." : "");

	free(text);
	return all;
}

/* ---- dropped, and brought back ---- */

void
queue_hold(struct queue *q)
{
	queue_push(&q->first, NULL, NULL, 0);
	q->first->leave = false;
	q->first->hold = true;
	q->held = false;
}

void
queue_fail(struct queue *q, const struct pending *p)
{
	size_t end;

	pending_free(q->failed);
	q->failed = NULL;
	q->failing = false;
	if (p == NULL || p->source == NULL || p->line == NULL)
		return;
	q->failed = pending_copy(p);
	q->failed->at = p->from + strspn(p->line + p->from, " \t;");
	for (end = p->at; end > q->failed->at && strchr("; \t", p->line[end - 1]) != NULL;)
		end--;
	q->failed->line[end] = '\0';
	q->failing = true;
}

bool
queue_may_go_on(const struct queue *q)
{
	return queue_paused(q) != NULL || q->rest != NULL;
}

int
queue_go_on(struct queue *q, bool again, struct err *e)
{
	struct pending **at = &q->first, *p = queue_paused(q);

	if (again && (p != NULL || q->failed == NULL))
		return fail(e, "no command of a script has failed or was interrupted; `continue` alone goes on");
	if (p != NULL) {
		while (*at != p)
			at = &(*at)->next;
		*at = p->next;
		pending_free(p);
		return 0;
	}
	if (q->rest != NULL) {
		for (p = q->rest; p->next != NULL; p = p->next)
			q->depth += p->leave;
		q->depth += p->leave;
		p->next = q->first;
		q->first = q->rest;
		q->rest = NULL;
	}
	if (again) {
		q->failed->next = q->first;
		q->first = q->failed;
		q->failed = NULL;
	}
	return 0;
}

/* What a person is told of the lines in front of `stays`; NULL: nothing of it was worth a word. */
static char *
queue_dropped(const struct queue *q, const struct pending *stays, const char *why, bool goes_on, bool run)
{
	int left, more;
	/* a script may have many: the first few are enough */
	char *typed = queue_lines(q, stays, true, 40, &more), *script = queue_lines(q, stays, false, goes_on ? 0 : 40,
	    &left);
	const struct pending *failed = goes_on ? q->failed : NULL;
	bool hides = failed != NULL && failed->source->shown == SOURCE_HIDDEN;
	struct str b = {0};

	if (goes_on && (script[0] != '\0' || left > 0)) {
		str_add(&b, "%s: the script stops", why);
		if (script[0] != '\0')
			str_add(&b, " before `%s`", script);
		if (left > 0)
			str_add(&b, ", %d more %s", left, left == 1 ? "line waits" : "lines wait");
		str_add(&b, "; `continue` goes on there%s", run ? ", `resume` finishes the run first" : "");
	} else if (failed != NULL)
		str_add(&b, "%s: the script has ended", why);
	else if (script[0] != '\0')
		str_add(&b, left > 0 ? "%s: dropped %s; and %d more" : "%s: dropped %s", why, script, left);
	if (failed != NULL && hides)
		str_add(&b, ", `continue again` tries it again");
	else if (failed != NULL)
		str_add(&b, ", `continue again` begins with `%.200s`", failed->line + failed->at);
	if (typed[0] != '\0')
		str_add(&b, "%s%s dropped %s", b.n > 0 ? "" : why, b.n > 0 ? ";" : ":", typed);
	if (more > 0)
		str_add(&b, "; and %d more", more);
	free(typed);
	free(script);
	if (b.s != NULL)
		text_clean(b.s);
	return b.s;
}

/* The lines of scripts in front of `stays` are kept, to go on with. */
static void
queue_keep(struct queue *q, const struct pending *stays)
{
	struct pending **end = &q->rest;

	pending_free_all(&q->rest);
	for (struct pending *p = q->first, *next; p != stays; p = next) {
		next = p->next;
		if (p->source == NULL && !p->leave)
			continue;
		*end = p->leave ? xcalloc(1, sizeof **end) : pending_copy(p);
		(*end)->leave = p->leave;
		end = &(*end)->next;
	}
}

void
session_queue_drop(struct session *s, const char *why)
{
	struct queue *q = &s->queue;
	const struct job_view *job = job_view(&s->worker);
	bool ends = q->quit || q->stopped, script = false;
	struct pending *p, *stays = ends || q->held ? NULL : queue_paused(q);
	char *note;

	for (p = q->first; p != stays && s->user.interactive && !ends; p = p->next)
		script |= p->source != NULL || p->leave;
	if (script && !q->failing)
		queue_fail(q, job != NULL ? q->job : NULL);
	q->failing = false;
	note = s->user.interactive ? queue_dropped(q, stays, why, script, false) : NULL;
	if (note != NULL && job != NULL) {
		free(q->dropped[0]);
		free(q->dropped[1]);
		q->dropped[0] = note;
		q->dropped[1] = queue_dropped(q, stays, why, script, true);
		q->dropped_run = job->run != NULL ? job->run->number : 0;
	} else if (note != NULL) {
		out_note(s->out, "%s", note);
		free(note);
	}
	if (script)
		queue_keep(q, stays);
	q->held = false;
	while ((p = q->first) != stays) {
		q->first = p->next;
		q->depth -= p->leave;
		q->cut |= q->stopped && pending_text(p) != NULL;
		if (p->busy)
			p->gone = true;
		else
			pending_free(p);
	}
}

void
session_lines_drop(struct session *s, char *lines, const char *why)
{
	char *line;

	while ((line = strsep(&lines, "\n")) != NULL)
		queue_add(&s->queue, line, NULL, 0);
	session_queue_drop(s, why);
}

#define A_SCRIPT "give the path of a script"

/* Puts the lines of a script in front of *at. */
static int
queue_script(struct queue *q, struct pending **at, struct source *source, struct err *e)
{
	const char *path = source->path;
	struct line_reader r;
	struct pending *lines = NULL, **end = &lines;
	ssize_t n;
	int rc = 0;

	if (line_open(&r, path) < 0)
		return fail(e, "%.200s: cannot be read: %s; %s", path, line_why(&r, errno), reach_way(errno, A_SCRIPT));
	while ((n = line_read(&r)) >= 0) {
		queue_push(end, r.text, source, r.number);
		end = &(*end)->next;
	}
	if (n < -1)
		rc = fail(e, "%.200s:%d: the line holds a NUL byte; a script is text", path, r.number);
	else if (r.error != 0)
		rc = fail(e, "%.200s: cannot be read: %s; " A_SCRIPT, path, strerror(r.error));
	else if (signals_pending() != 0)
		rc = fail(e, "reading %.200s was interrupted; nothing of it was run", path);
	line_close(&r);
	if (rc < 0) {
		while (lines != NULL) {
			struct pending *next = lines->next;

			pending_free(lines);
			lines = next;
		}
		return -1;
	}
	q->depth++;
	queue_push(end, NULL, NULL, 0);
	(*end)->next = *at;
	*at = lines;
	return 0;
}

#define SOURCE_DEPTH 16

int
queue_source(struct queue *q, struct source *source, struct err *e)
{
	if (q->depth >= SOURCE_DEPTH)
		return fail(e, "%.200s: scripts source each other more than %d deep; does one source itself?",
		    source->path, SOURCE_DEPTH);
	return queue_script(q, &q->first, source, e);
}

static struct pending **
queue_end(struct queue *q)
{
	struct pending **end = &q->first;

	while (*end != NULL)
		end = &(*end)->next;
	return end;
}

int
queue_append(struct queue *q, struct source *source, struct err *e)
{
	return queue_script(q, queue_end(q), source, e);
}

struct pending *
queue_add(struct queue *q, const char *line, struct source *source, int number)
{
	struct pending **end = queue_end(q), *pause = source == NULL ? queue_paused(q) : NULL;

	for (end = pause != NULL ? &q->first : end; pause != NULL && *end != pause;)
		end = &(*end)->next;
	queue_push(end, line, source, number);
	return *end;
}

void
queue_free(struct queue *q)
{
	pending_free_all(&q->first);
	pending_free_all(&q->rest);
	free(q->dropped[0]);
	free(q->dropped[1]);
	pending_free(q->job);
	pending_free(q->failed);
	*q = (struct queue){0};
}
