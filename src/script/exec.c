/* exec.c: drives the queue: runs commands in order, except those that act at once. */
#include "script/exec.h"

#include "language/find.h"
#include "language/parse.h"
#include "language/python.h"
#include "language/words.h"
#include "script/say.h"
#include "script/wait.h"
#include "script/waiting.h"
#include "session/made.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

/* Whether a typed line waits. */
static bool
exec_waited(const struct session *s)
{
	char *waiting = queue_waiting(&s->queue);
	bool waits = *waiting != '\0';

	free(waiting);
	return waits;
}

static bool
acts_now(const struct session *s, const struct cmd_args *a)
{
	enum cmd_when when = a->cmd->when_of != NULL ? a->cmd->when_of(s, a) : a->cmd->when;

	if (when == CMD_IN_TURN)
		return !exec_waited(s);
	if (job_view(&s->worker)->run == NULL) /* what a task reads must not change meanwhile */
		return when == CMD_ALWAYS;
	return when != CMD_WAITS;
}

/* What the model is before a command that changes it; a first one makes it. NULL: there is nothing to go back to. */
static struct undo_point *
exec_point(struct session *s, const struct pending *p, const struct cmd *c)
{
	struct err ignored = {0};
	size_t from = p->from, to = p->at;

	if (c->changes == CMD_KEEPS || s->worker.job != NULL)
		return NULL;
	if (c->changes == CMD_REPLACES && s->data.set == NULL && strcmp(s->data.name, DATA_BUNDLED) != 0)
		return NULL; /* which would have to be read for a model that nobody has seen */
	if (c->changes != CMD_MAY_CHANGE && session_net(s, &ignored) == NULL)
		return NULL;
	while (from < to && (word_blank(p->line[from]) || p->line[from] == ';'))
		from++;
	while (to > from && (word_blank(p->line[to - 1]) || p->line[to - 1] == ';'))
		to--;
	return undo_point(s, p->line + from, to - from);
}

/* Whether it only shows or writes what came of others: nothing that a plan is for. */
static bool
exec_shows(const struct cmd_args *a)
{
	static const char *const shows[] = {"assert", "export", "print", NULL};
	const struct cmd *c = a->cmd;
	bool trials = strcmp(c->name, "sweep") == 0 || (strcmp(c->name, "compare") == 0 && args_word(a, "modes"));
	bool shown = strcmp(c->group, "look") == 0 && !trials;

	for (const char *const *name = shows; *name != NULL; name++)
		shown |= strcmp(c->name, *name) == 0;
	return shown;
}

/* Runs the command that was parsed or, with rc below 0, says why it could not be parsed. -1 where it failed. */
static int
exec_command(struct session *s, const struct pending *p, struct cmd_parsed *parsed, int rc, struct err *e)
{
	const char *name = parsed->args.cmd != NULL ? parsed->args.cmd->name : NULL;
	struct job *job;

	if (rc > 0 && s->share != NULL && exec_shows(&parsed->args))
		return 1;
	say_where(s, p);
	s->queue.init = p->source != NULL && p->source->init;
	if (rc > 0) {
		struct undo_point *point = exec_point(s, p, parsed->args.cmd);
		struct pending *copy = pending_copy(p); /* now: a job that goes on has no time to find no memory */

		job = s->worker.job;
		rc = parsed->args.cmd->exec(s, &parsed->args, e);
		if (s->worker.job != NULL && s->worker.job != job) {
			pending_free(s->queue.job);
			s->queue.job = copy;
			s->queue.said = s->out->lines;
			if (!s->user.async && !s->queue.waiting)
				wait_job(s);
		} else
			pending_free(copy);
		if (rc < 0 || parsed->args.cmd->changes == CMD_KEEPS)
			undo_point_free(point);
		else
			undo_keep(s, point);
	}
	if (s->worker.job == NULL)
		out_progress(s->out, NULL);
	if (rc < 0)
		say_command_failed(s, name, p, e);
	say_where(s, NULL);
	s->queue.init = false;
	if (!s->out->moving)
		out_flush(s->out);
	if (s->out->failed)
		s->queue.stopped = true;
	return rc < 0 ? -1 : 1;
}

/* A command that cannot be parsed is kept as well: what is wrong with it is its answer. */
static void
exec_keep(struct session *s, struct pending *p, const struct cmd_parsed *parsed, int rc)
{
	const struct cmd *c = parsed->args.cmd;

	p->cell = say_keep(s, p, parsed, rc == 0 || (c != NULL && c->sources));
	p->python = rc == 0 ? p->python : 0; /* the next one has a cell of its own */
}

/* Runs the next command of the queue. Returns false when there is none. */
static bool
exec_next(struct session *s)
{
	struct pending *p = s->queue.first;
	struct cmd_parsed parsed;
	struct err e = {0};
	int rc;

	if (p == NULL)
		return false;
	if (p->leave || p->hold) {
		bool hold = p->hold;

		s->queue.first = p->next;
		s->queue.depth -= p->leave;
		pending_free(p);
		s->queue.held = hold;
		if (hold)
			s->user.host->hold(s->user.host_arg, true);
		return true;
	}
	p->from = p->at;
	if (p->waited && s->user.host != NULL && s->user.host->begins != NULL)
		s->user.host->begins(s->user.host_arg);
	rc = cmd_parse(s, p->line, &p->at, &parsed, &e);
	/* what stands in a comment is no secret of a script that can be run */
	if (!say_hides(p, parsed.args.cmd != NULL ? parsed.args.cmd->name : NULL) || (rc == 0 &&
	    (p->source == NULL || p->source->shown != SOURCE_HIDDEN))) {
		say_echo(s, p, rc == 0);
		exec_keep(s, p, &parsed, rc);
	}
	if (p->line[p->at] == '\0') { /* taken out first: a command may put lines in front of it or drop all */
		s->queue.first = p->next;
		p->gone = true;
	}
	p->busy = true;
	if (rc != 0)
		exec_command(s, p, &parsed, rc, &e);
	p->busy = false;
	cmd_parsed_free(&parsed);
	if (p->gone)
		pending_free(p);
	return true;
}

static void
exec_pump(struct session *s)
{
	while (!s->queue.stopped && !s->queue.quit && !s->queue.held) {
		if (s->worker.job != NULL) {
			if (s->user.async || s->queue.waiting)
				return;
			wait_job(s);
			continue;
		}
		if (session_interrupted(s)) {
			session_queue_drop(s, "interrupted");
			return;
		}
		if (!exec_next(s))
			return;
	}
	if (!s->queue.held)
		session_queue_drop(s, s->queue.quit ? "quit" : "stopped");
}

void
session_tick(struct session *s)
{
	wait_pump(s);
	exec_pump(s);
}

/* A cell for a command beside a job. */
static void
exec_keep_beside(struct session *s, struct pending *p, const struct cmd_parsed *parsed, int rc)
{
	exec_keep(s, p, parsed, rc);
	if (rc > 0 && s->out->kept.at != NULL)
		s->out->kept.at->beside = true;
}

static void
exec_wrong(struct session *s, const struct pending *p, const struct cmd_parsed *parsed, struct err *e)
{
	say_wrong(s, parsed->args.cmd != NULL ? parsed->args.cmd->name : NULL, p, e);
}

/* Reads a line that is typed while a job goes on: 1 where each of its commands may act now, 0 where one waits, -1 where
 * the words of one are wrong, which is said and drops nothing that waits. Behind what waits, the model may be
 * another. */
static int
exec_reads(struct session *s, const char *line, unsigned long python)
{
	struct pending p = {.line = (char *)line, .lines = s->out->lines, .python = python};
	unsigned long job = transcript_to(&s->out->kept, 0);
	bool now = true, any_layer = s->user.any_layer, any_class = s->user.any_class, waits = exec_waited(s);
	struct cmd_parsed parsed;
	int rc;

	do {
		struct err e = {0};

		s->user.any_layer = s->user.any_class = waits || !now;
		p.from = p.at;
		if ((rc = cmd_parse(s, line, &p.at, &parsed, &e)) > 0 && !acts_now(s, &parsed.args)) {
			now = false;
			if (parsed.args.cmd->checks_words && parsed.args.cmd->check(s, &parsed.args, &e) < 0)
				rc = -1;
		}
		if (rc < 0) {
			exec_keep_beside(s, &p, &parsed, rc);
			exec_wrong(s, &p, &parsed, &e);
		}
		cmd_parsed_free(&parsed);
	} while (rc > 0);
	s->user.any_layer = any_layer;
	s->user.any_class = any_class;
	transcript_to(&s->out->kept, job);
	return rc < 0 ? -1 : now;
}

/* Runs a line whose commands may all act while a job goes on. Returns false for one that waits. */
static bool
exec_at_once(struct session *s, const char *line, unsigned long python)
{
	struct pending p = {.line = (char *)line, .lines = s->out->lines, .python = python};
	struct cmd_parsed parsed;
	int rc = exec_reads(s, line, python);

	if (rc <= 0)
		return rc < 0;
	do {
		unsigned long job = transcript_to(&s->out->kept, 0);
		struct err e = {0};

		p.from = p.at;
		rc = cmd_parse(s, line, &p.at, &parsed, &e);
		exec_keep_beside(s, &p, &parsed, rc);
		if (rc > 0)
			rc = exec_command(s, &p, &parsed, rc, &e);
		else if (rc < 0)
			exec_wrong(s, &p, &parsed, &e);
		transcript_to(&s->out->kept, job);
		cmd_parsed_free(&parsed);
	} while (rc > 0 && p.line[p.at] != '\0' && !s->queue.quit && !s->queue.stopped && !s->queue.held);
	return true;
}

/* python: the cell of the line of Python that it was said in, or 0. */
static void
exec_line(struct session *s, const char *line, struct source *source, int number, unsigned long python)
{
	struct pending *p;

	if (s->worker.job != NULL && source == NULL && !s->user.in_turn && exec_at_once(s, line, python))
		return;
	if (s->queue.held && source == NULL)
		queue_hold(&s->queue);
	p = queue_add(&s->queue, line, source, number);
	p->lines = s->out->lines;
	p->python = python;
	p->waited = s->worker.job != NULL && source == NULL && s->user.interactive;
	if (p->waited)
		waiting_say(s, line);
	exec_pump(s);
}

static void
exec_meant(struct session *s, const char *line)
{
	out_styled(s->out, OUT_DIM, "that is: %s", line);
}

/* A line that a person has typed may be Python, may have blanks around a =, and may have the prompt that it was copied
 * with: blanks then, as errors point into what was typed. */
static void
exec_typed(struct session *s, const char *typed)
{
	size_t prompt = s->user.interactive ? (size_t)(word_unprompted(typed) - typed) : 0;
	char *line = xstrdup(typed);
	struct pending p = {.line = line, .lines = ++s->out->lines};
	struct err e = {0};
	char *ours = NULL;
	struct transcript *kept = &s->out->kept;
	unsigned long job = s->worker.job != NULL && kept->at != NULL ? kept->at->id : 0;
	int rc = s->user.interactive ? python_line(s, typed + prompt, &ours, &e) : 0;

	memset(line, ' ', prompt);
	if (rc == 0 && s->user.interactive)
		rc = (ours = cmd_meant(s, line)) != NULL;
	e.col += (int)prompt;

	free(s->user.notebook.meant);
	s->user.notebook.meant = rc > 0 && *ours != '\0' ? xstrdup(ours) : NULL;
	if (rc < 0 && s->worker.job != NULL)
		say_wrong(s, NULL, &p, &e); /* it drops nothing that waits */
	else if (rc < 0)
		say_command_failed(s, NULL, &p, &e);
	else if (rc == 0)
		exec_line(s, line, NULL, 0, 0);
	else if (*ours != '\0') {
		exec_meant(s, ours);
		exec_line(s, ours, NULL, 0, s->user.notebook.cell);
	}
	if (rc != 0 && s->worker.job != NULL && job != 0)
		transcript_to(kept, job); /* what it said was its own; the job goes on */
	free(ours);
	free(line);
}

bool
session_again(struct session *s, const char *line, bool python)
{
	struct cmd_parsed parsed, more;
	struct err ignored = {0};
	size_t at = 0;
	int rc = cmd_parse(s, line, &at, &parsed, &ignored), others;
	bool again;

	others = cmd_parse(s, line, &at, &more, &ignored);
	cmd_parsed_free(&more);
	again = rc > 0 && others == 0 && parsed.args.cmd->again &&
	    (s->worker.job == NULL || acts_now(s, &parsed.args));
	if (again) {
		if (python)
			exec_meant(s, line);
		parsed.args.cmd->exec(s, &parsed.args, &ignored);
	}
	cmd_parsed_free(&parsed);
	return again;
}

int
session_exec_at(struct session *s, const char *line, struct source *source, int number)
{
	if (source == NULL)
		exec_typed(s, line);
	else
		exec_line(s, line, source, number, 0);
	return s->queue.status;
}

int
session_exec(struct session *s, const char *line)
{
	return session_exec_at(s, line, NULL, 0);
}
