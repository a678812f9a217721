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
	    .lines = p->lines, .from = p->from, .at = p->at};
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

/* The lines that wait, as one text that ends once it is longer than `most`; *left is how many more there are. */
static char *
queue_waiting_lines(const struct queue *q, size_t most, int *left)
{
	struct str b = {0};
	const char *text;

	str_add(&b, "%s", "");
	*left = 0;
	for (const struct pending *p = q->first; p != NULL; p = p->next) {
		if (p->leave)
			continue;
		text = p->line + p->at;
		text += strspn(text, " \t;");
		if (*text == '\0' || *text == '#')
			continue;
		if (b.n > most || (p->source != NULL && p->source->shown == SOURCE_HIDDEN))
			++*left;
		else
			str_add(&b, "%s%.200s", b.n > 0 ? "; " : "", text);
	}
	return b.s;
}

char *
queue_waiting(const struct queue *q)
{
	int left;
	char *text = queue_waiting_lines(q, 400, &left), *all = xasprintf("%s%s", text, left > 0 ? " ..." : "");

	free(text);
	return all;
}

void
session_queue_drop(struct session *s, const char *why)
{
	struct pending *p;
	int left;
	/* a script may have many: the first few are enough */
	char *waiting = queue_waiting_lines(&s->queue, 40, &left), more[32] = "", *note;

	if (waiting[0] != '\0' && s->user.interactive) {
		text_clean(waiting);
		if (left > 0)
			snprintf(more, sizeof more, "; and %d more", left);
		note = xasprintf("%s: dropped %s%s", why, waiting, more);
		if (s->worker.job != NULL) {
			free(s->queue.dropped);
			s->queue.dropped = note;
		} else {
			out_note(s->out, "%s", note);
			free(note);
		}
	}
	free(waiting);
	s->queue.held = false;
	while ((p = s->queue.first) != NULL) {
		s->queue.first = p->next;
		s->queue.depth -= p->leave;
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
		return fail(e, "%.200s: cannot be read: %s; give the path of a script", path, reach_why(errno));
	while ((n = line_read(&r)) >= 0) {
		queue_push(end, r.text, source, r.number);
		end = &(*end)->next;
	}
	if (n < -1)
		rc = fail(e, "%.200s:%d: the line holds a NUL byte; a script is text", path, r.number);
	else if (r.error != 0)
		rc = fail(e, "%.200s: cannot be read: %s; give the path of a script", path, strerror(r.error));
	else if (signals_pending() != 0)
		rc = fail(e, "%.200s: interrupted before its end; nothing of it was run", path);
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
	struct pending **end = queue_end(q);

	queue_push(end, line, source, number);
	return *end;
}

void
queue_free(struct queue *q)
{
	struct pending *p;

	while ((p = q->first) != NULL) {
		q->first = p->next;
		pending_free(p);
	}
	free(q->dropped);
	pending_free(q->job);
	*q = (struct queue){0};
}
