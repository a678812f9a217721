/* line.c: a person at a line. The prompt is away while a run goes on; what is typed meanwhile is read as plain lines:
 * what looks or steers acts at once, the rest waits its turn.
 */
#include "host/host.h"
#include "language/complete.h"
#include "language/python.h"
#include "script/exec.h"
#include "util/signals.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/types.h>
#include <unistd.h>

#define LINE_PROMPT "thaw> "

struct host_line {
	struct session *s;
	const struct ui_host *ui;
	struct str typed; /* during a run, not yet a whole line */
	bool ended; /* end of input, seen during a run */
	bool screen; /* the workbench was asked for */
};

/* ---- what the ui asks ---- */

static void
line_exec(void *arg, const char *line, bool behind)
{
	struct host_line *h = arg;

	session_exec(h->s, line);
}

static void
line_complete(void *arg, const char *line, int point, struct ui_candidates *out)
{
	struct host_line *h = arg;

	complete_line(h->s, line, point, out);
}

static void
line_width(struct session *s)
{
	struct winsize w;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 0)
		s->out->columns = s->out->auto_width = w.ws_col;
	settings_show(&s->set, s->out);
}

static unsigned
line_signals(void *arg)
{
	struct host_line *h = arg;
	unsigned out = 0;

	signals_drain();
	if (signals_take_winch()) {
		line_width(h->s);
		out |= UI_SIG_RESIZE;
	}
	if (signals_take_stop())
		out |= UI_SIG_STOP;
	if (signals_take_cont())
		out |= UI_SIG_CONT;
	if (signals_take_interrupt())
		out |= UI_SIG_INTERRUPT;
	if (signals_pending() != 0)
		out |= UI_SIG_END;
	return out;
}

static void
line_suspend(void *arg)
{
	signals_suspend();
}

/* ---- during a run ---- */

/* The terminal is in its own line mode: what comes is whole lines. */
static void
line_input(void *arg)
{
	struct host_line *h = arg;
	char buf[4096], *end, *line;
	ssize_t n = read(STDIN_FILENO, buf, sizeof buf);

	if (n <= 0) {
		h->ended = n == 0 || errno != EINTR;
		return;
	}
	str_addn(&h->typed, buf, n);
	line_width(h->s); /* that of now, though the signal of a resize may come behind the key */
	while (h->typed.n > 0 && (end = memchr(h->typed.s, '\n', h->typed.n)) != NULL) {
		line = xstrndup(h->typed.s, end - h->typed.s);
		h->typed.n -= end + 1 - h->typed.s;
		memmove(h->typed.s, end + 1, h->typed.n + 1);
		h->s->out->bar = false; /* the Enter of the user has ended that line */
		ui_line_read(h->ui, line);
		session_exec(h->s, line);
		free(line);
	}
}

/* What job_wait does about signals when someone sits there. */
static void
line_served(void *arg)
{
	struct host_line *h = arg;

	if (signals_take_winch())
		line_width(h->s);
	if (signals_take_stop())
		signals_suspend();
	signals_take_cont();
}

static int
line_input_fd(void *arg)
{
	struct host_line *h = arg;

	return h->ended ? -1 : STDIN_FILENO;
}

static void
line_swap(void *arg)
{
	struct host_line *h = arg;

	h->screen = true;
}

static void
line_hold(void *arg, bool again)
{
	struct host_line *h = arg;
	struct ui_host ui = *h->ui;
	bool interrupted;
	char *line;

	ui.prompt = "-- Enter goes on; or type a command; Ctrl-C ends the script -- ";
	if ((line = ui_read_line(&ui, &interrupted)) == NULL) {
		h->ended = !interrupted;
		session_queue_drop(h->s, "interrupted");
	} else if (line[strspn(line, " \t")] != '\0') {
		queue_hold(&h->s->queue);
		/* it stands behind another prompt than "thaw> ", so that an error shows it again */
		queue_add(&h->s->queue, line, NULL, 0)->lines = ULONG_MAX;
	}
	free(line);
	h->s->queue.held = false;
}

static const struct user_host line_user_host = {
	.hold = line_hold,
	.swap = line_swap,
	.input_fd = line_input_fd,
	.input = line_input,
	.served = line_served,
};

/* ---- the loop ---- */

/* A paste may be several lines, of which empty ones end nothing. An interrupt drops what is left of them. */
static void
line_enter(struct host_line *h, char *lines)
{
	struct session *s = h->s;
	unsigned long interrupts = s->user.interrupts;
	bool pasted = strchr(lines, '\n') != NULL;
	char *line;

	line_width(s); /* as above */
	while ((line = strsep(&lines, "\n")) != NULL && !s->queue.quit && !s->queue.stopped && !h->ended &&
	    !h->screen) {
		if (pasted && line[strspn(line, " \t")] == '\0')
			continue;
		session_exec(s, line);
		if (signals_take_interrupt() || s->user.interrupts != interrupts) { /* in a run it has been taken */
			session_lines_drop(s, lines, "interrupted");
			return;
		}
	}
}

enum host_end
host_line(struct session *s)
{
	struct host_line h = {.s = s};
	struct ui_host ui = {.arg = &h, .exec = line_exec, .complete = line_complete, .signals = line_signals,
	    .suspend = line_suspend,
	    .signal_fd = signals_fd(), .wake_fd = -1, .prompt = LINE_PROMPT};
	const char *term = getenv("TERM");
	char *history = s->user.safe ? NULL : path_state("history", true), *line;
	bool interrupted;

	ui.history = history;
	h.ui = &ui;
	s->user.interactive = true;
	s->user.host = &line_user_host;
	s->user.host_arg = &h;
	s->out->moving = term != NULL && strcmp(term, "dumb") != 0;
	line_width(s);
	host_greet(s);
	while (!s->queue.quit && !s->queue.stopped && !h.ended && !h.screen && signals_pending() == 0) {
		out_flush(s->out);
		ui.prompt = python_goes_on(s) ? PYTHON_PROMPT : LINE_PROMPT;
		if ((line = ui_read_line(&ui, &interrupted)) == NULL) {
			if (signals_pending() != 0 || !interrupted)
				break;
			if (!python_give_up(s))
				out_note(s->out, "Ctrl-D or `quit` leaves");
			continue;
		}
		line_enter(&h, line);
		free(line);
	}
	if (!s->queue.quit && !h.screen && signals_pending() == 0)
		fputc('\n', stdout);
	s->user.host = NULL;
	free(h.typed.s);
	free(history);
	return h.screen && !s->queue.quit && !s->queue.stopped && !h.ended && signals_pending() == 0 ? HOST_SCREEN :
	    HOST_QUIT;
}
