/* batch.c: scripts and commands from the command line, in the order given, no person in sight.
 *
 * A script says nothing about the one behind it: its `quit` ends that script alone, and its `bail` and `log` end with
 * it. A command of -c is the user's own word: its `quit` ends everything, and its `bail` stays.
 */
#include "file/format.h"
#include "host/host.h"
#include "language/source.h"
#include "script/check.h"
#include "script/exec.h"
#include "script/say.h"
#include "session/lines.h"
#include "util/reach.h"
#include "util/signals.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void
batch_script(struct session *s, const char *path)
{
	struct line_reader r;
	bool input = strcmp(path, "-") == 0;
	const char *name = input ? "stdin" : path;
	struct source *source = source_new(name, input ? SOURCE_SHOWN : source_may_show(s, path));
	struct err ignored = {0};
	int error = 0;
	ssize_t n;

	if (!input && file_format_find(path, &ignored) != NULL && access(path, F_OK) == 0) {
		say_error(s, 2, NULL, 0, "%s is a file of weights or a session, not a script; `load` reads it, as in "
		    "`thaw -c 'load FILE'`", path);
		s->queue.stopped = true;
		source_free(source);
		return;
	}
	if (input)
		line_open_fd(&r, STDIN_FILENO);
	else if (line_open(&r, path) < 0)
		error = errno;
	while (error == 0 && !s->queue.stopped && !s->queue.quit && signals_pending() == 0) {
		if ((n = line_read(&r)) == -2) {
			say_error(s, 1, name, r.number, "the line holds a NUL byte; a script is text");
			continue;
		}
		if (n < 0) {
			error = r.error;
			break;
		}
		session_exec_at(s, r.text, source, r.number);
	}
	while (error == 0 && s->queue.stopped && !s->queue.cut && (input || (n = line_read(&r)) >= 0))
		s->queue.cut = input || strchr("#", r.text[strspn(r.text, " \t;")]) == NULL;
	if (error != 0) {
		bool word = error == ENOENT && strpbrk(path, "./") == NULL; /* `thaw help` */
		const char *way = word ? "give the path of a script, or commands by -c, as in `thaw -c help`" :
		    "give the path of a script";

		say_error(s, 2, NULL, 0, "%s: cannot be read: %s; %s", path, line_why(&r, error), reach_way(error,
		    way));
		s->queue.stopped = true;
	}
	line_close(&r);
	source_free(source);
}

/* What a script may change for itself alone, as it was before. */
struct batch_before {
	bool bail_set, bail, log;
};

/* A script that others follow has ended, perhaps by `quit`. */
static void
batch_next(struct session *s, const char *path, const char *next, const struct batch_before *was)
{
	struct queue *q = &s->queue;

	if (q->stopped && was->bail_set && !was->bail && q->bail_set && q->bail)
		q->stopped = false; /* it was the script that asked for `bail on`, which ends with it */
	q->bail_set = was->bail_set;
	q->bail = was->bail;
	if (!was->log && s->out->log != NULL && out_log_end(s->out) < 0)
		out_warn(s->out, "the transcript of %s is incomplete: %s", path, strerror(errno));
	if (!q->quit || signals_pending() != 0)
		return;
	if (q->quit_code > 0) {
		out_warn(s->out, "quit %d in %s: what is named behind it was not run, %s first", q->quit_code, path,
		    next);
		return;
	}
	q->quit = false;
}

/* Where a person watches, a bar moves while an epoch goes on, and lines end at words; all else is as in a file. */
static void
batch_terminal(struct out *o)
{
	const char *term = getenv("TERM");
	struct winsize w;

	o->moving = isatty(STDOUT_FILENO) && term != NULL && strcmp(term, "dumb") != 0;
	o->columns = o->moving && ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 ? w.ws_col : 0;
}

void
host_batch(struct session *s, const struct host_source *source, int n)
{
	batch_terminal(s->out);
	for (int i = 0; i < n && !s->queue.stopped && !s->queue.quit && signals_pending() == 0; i++) {
		struct source *c;

		if (source[i].kind == HOST_SCRIPT) {
			struct batch_before was = {s->queue.bail_set, s->queue.bail, s->out->log != NULL};

			batch_script(s, source[i].text);
			if (i + 1 < n)
				batch_next(s, source[i].text, source[i + 1].text, &was);
			continue;
		}
		c = source_new("-c", SOURCE_SHOWN);
		session_exec_at(s, source[i].text, c, source[i].number);
		source_free(c);
		s->queue.cut |= s->queue.stopped && i + 1 < n;
	}
}

int
host_check(struct session *s, const struct host_source *source, int n)
{
	struct check c = {0};

	for (int i = 0; i < n && signals_pending() == 0; i++)
		if (source[i].kind == HOST_SCRIPT)
			check_script(s, source[i].text, &c);
		else
			check_command(s, source[i].text, source[i].number, &c);
	out_flush(s->out);
	return c.unread ? 2 : c.wrong > 0 ? 1 : 0;
}
