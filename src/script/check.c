/* check.c: reads scripts without running them, and says all that is wrong with them: words, operands, values, names of
 * layers, conditions, the scripts that they source. What only a run tells is left to the run.
 */
#include "script/check.h"

#include "data/photo.h"
#include "data/split.h"
#include "file/format.h"
#include "language/parse.h"
#include "language/source.h"
#include "script/say.h"
#include "session/lines.h"
#include "util/place.h"
#include "util/reach.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define DEPTH_MAX 16

static void check_file(struct session *s, struct source *from, int depth, struct check *c);

static int
check_value(const struct session *s, const struct cmd_value *v, struct err *e)
{
	struct settings copy = s->set;
	struct split split;
	const struct setting *k = settings_find(v->arg->name, false, NULL);

	if (v->arg->type == ARG_SPLIT)
		return s->user.any_class ? 0 : split_parse(v->text, &split, e) < 0 ? err_at(e, v) : 0;
	if (k != NULL && k->flags & SETTING_RUN && v->arg->type == ARG_WORD)
		return settings_assign(&copy, k, v->text, e) < 0 ? err_at(e, v) : 0;
	return 0;
}

static int
check_args(struct session *s, const struct cmd_args *a, struct err *e)
{
	for (int i = 0; i < a->npos; i++) {
		const struct cmd_value *v = &a->pos[i];

		if (v->arg->type == ARG_SPLIT && check_value(s, v, e) < 0)
			return -1;
		if (v->arg->type == ARG_IMAGE && photo_named(v->text) && place_refused(v->text, false, e))
			return err_at(e, v);
	}
	for (int i = 0; i < a->nkey; i++)
		if (check_value(s, &a->key[i], e) < 0)
			return -1;
	return a->cmd->check != NULL ? a->cmd->check(s, a, e) : 0;
}

/* The commands of a line. */
static void
check_line(struct session *s, const char *line, struct source *from, int number, int depth, struct check *c)
{
	struct pending p = {.line = (char *)line, .source = from, .number = number};
	struct cmd_parsed parsed;
	struct source *inner;
	struct err e = {0};
	int rc;

	do {
		p.from = p.at;
		e = (struct err){0};
		rc = cmd_parse(s, line, &p.at, &parsed, &e);
		c->commands += rc != 0;
		if (rc > 0 && (rc = check_args(s, &parsed.args, &e)) == 0)
			rc = 1;
		if (rc < 0) {
			c->wrong++;
			say_wrong(s, parsed.args.cmd != NULL ? parsed.args.cmd->name : NULL, &p, &e);
		} else if (rc > 0 && parsed.args.cmd->sources && parsed.args.npos > 0) {
			say_where(s, &p);
			inner = source_within(s, parsed.args.pos[0].text);
			check_file(s, inner, depth + 1, c);
			say_where(s, NULL);
			source_free(inner);
		}
		cmd_parsed_free(&parsed);
	} while (rc != 0);
}

static void
check_unread(struct session *s, struct check *c, const struct source *from, int depth, const char *why, int error)
{
	c->wrong++;
	c->unread |= depth == 0;
	say_error(s, 1, NULL, 0, "%s: cannot be read: %s; %s", from->name, why, reach_way(error,
	    "give the path of a script"));
}

static void
check_file(struct session *s, struct source *from, int depth, struct check *c)
{
	bool input = strcmp(from->path, "stdin") == 0 && depth == 0;
	struct line_reader r;
	struct err ignored = {0};
	int error = 0;
	ssize_t n = 0;

	if (depth > DEPTH_MAX) {
		check_unread(s, c, from, depth, "scripts source each other more than 16 deep", 0);
		return;
	}
	if (!input && file_format_find(from->path, &ignored) != NULL && access(from->path, F_OK) == 0) {
		check_unread(s, c, from, depth, "it is a file of weights or a session, which `load` reads", 0);
		return;
	}
	if (input)
		line_open_fd(&r, STDIN_FILENO);
	else if (line_open(&r, from->path) < 0)
		error = errno;
	while (error == 0 && (n = line_read(&r)) != -1)
		if (n >= 0)
			check_line(s, r.text, from, r.number, depth, c);
		else {
			c->wrong++;
			say_error(s, 1, from->name, r.number, "the line holds a NUL byte; a script is text");
		}
	error = error != 0 ? error : r.error;
	line_close(&r);
	if (error != 0)
		check_unread(s, c, from, depth, line_why(&r, error), error);
}

void
check_script(struct session *s, const char *path, struct check *c)
{
	bool input = strcmp(path, "-") == 0;
	struct source *from = source_new(input ? "stdin" : path, input ? SOURCE_SHOWN : source_may_show(s, path));
	int commands = -c->commands, wrong = -c->wrong;
	char number[16] = "nothing";

	check_file(s, from, 0, c);
	commands += c->commands;
	wrong += c->wrong;
	if (wrong > 0)
		snprintf(number, sizeof number, "%d", wrong);
	if (!c->unread)
		out_text(s->out, "%s: %d command%s, %s wrong", from->path, commands, commands == 1 ? "" : "s", number);
	source_free(from);
}

void
check_command(struct session *s, const char *line, int number, struct check *c)
{
	struct source *from = source_new("-c", SOURCE_SHOWN);

	check_line(s, line, from, number, 0, c);
	source_free(from);
}
