/* workbench.c: ties a session to the screen: what ui asks of its host. While it is up, text goes to the log pane and
 * nothing else writes to the terminal.
 */
#include "host/workbench.h"

#include "commands/confusion.h"
#include "host/bench_int.h"
#include "job/job_int.h"
#include "language/complete.h"
#include "language/python.h"
#include "language/source.h"
#include "language/words.h"
#include "script/exec.h"
#include "script/say.h"
#include "util/signals.h"
#include "util/text.h"
#include "util/xmalloc.h"
#include "view/feed.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define BENCH_PROMPT "thaw> "

/* ---- text goes to the log ---- */

/* A line takes the place of a bar, as on a terminal; the bar's next state stands below it. */
static void
bench_log(struct bench *b, enum ui_style style, const char *text)
{
	struct ui_model *m = ui_model_of(b->ui);

	free(b->bar);
	b->bar = NULL;
	if (m->log.open) {
		ui_log_replace(&m->log, style, text);
		ui_log_replace(&m->log, style, NULL);
		b->moved = m->log.total;
	} else
		ui_log_add(&m->log, style, text);
	if (style == UI_BAD && b->bad == 0)
		b->bad = m->log.total;
	m->version++;
}

static void
bench_text(void *arg, bool error, enum out_style style, const char *text)
{
	bench_log(arg, error && style == OUT_PLAIN ? UI_BAD : (enum ui_style)style, text);
}

static void
bench_progress(void *arg, const char *text)
{
	struct bench *b = arg;

	if (text == NULL)
		return; /* the next line takes its place */
	free(b->bar);
	b->bar = xstrdup(text);
}

/* The bar counts as the header does: it moves when the panes do. */
static void
bench_bar(struct bench *b, struct ui_model *m)
{
	if (b->bar == NULL || !feed_current(b->feed))
		return;
	ui_log_replace(&m->log, UI_PLAIN, b->bar);
	m->version++;
	free(b->bar);
	b->bar = NULL;
}

/* ---- what the screen asks ---- */

/* An interrupt that came while commands ran on this thread has ended them; there is nothing else that it could end. */
static void
bench_served(struct bench *b)
{
	b->served = b->s->worker.job == NULL && signals_pending() == SIGINT;
}

static void
bench_prompt(struct bench *b)
{
	ui_set_prompt(b->ui, python_goes_on(b->s) ? PYTHON_PROMPT : NULL);
}

static void
bench_exec(void *arg, const char *typed, bool behind)
{
	const char *line = word_unprompted(typed);
	struct bench *b = arg;
	const char *prompt = python_goes_on(b->s) ? PYTHON_PROMPT : BENCH_PROMPT;
	char *echo = xasprintf("%s%.2000s", prompt, line), *waiting = queue_waiting(&b->s->queue), *then;
	bool busy = b->s->worker.job != NULL;
	int waits = bench_waits(b, false);
	uint64_t before;

	bench_log(b, UI_ACCENT, echo);
	free(echo);
	before = bench_lines(b);
	b->code = -1;
	b->paused = false;
	if (!busy && b->s->queue.first == NULL && !b->s->queue.held)
		b->played = before;
	bench_task_drop(b);
	b->s->user.in_turn = behind && b->unfinished;
	session_exec(b->s, line);
	b->s->user.in_turn = false;
	bench_prompt(b);
	bench_served(b);
	feed_touch(b->feed);
	then = queue_waiting(&b->s->queue);
	b->unfinished = (behind && b->unfinished) || (!busy && b->s->worker.job != NULL) ||
	    bench_waits(b, false) > waits;
	if (!busy && b->s->worker.job != NULL)
		b->asked = before;
	else if (strcmp(waiting, then) == 0 && !b->paused) { /* what waits has brought nothing yet */
		if (bench_lines(b) > before) {
			b->asked = busy && b->asked != 0 ? bench_lines(b) : 0;
			answer_made(&b->answer, b->s, line, b->s->out->auto_width);
		}
		ui_answer(b->ui, before);
	} else if (busy && b->asked != 0)
		b->asked = bench_lines(b);
	free(waiting);
	free(then);
	if (b->s->queue.quit && bench_busy(b)) {
		b->s->queue.quit = false;
		b->code = b->s->queue.quit_code;
		ui_leave(b->ui);
	}
}

static void
bench_complete(void *arg, const char *line, int point, struct ui_candidates *out)
{
	struct bench *b = arg;

	complete_line(b->s, line, point, out);
}

static void
bench_hint(void *arg, const char *line, char *out, size_t size)
{
	struct bench *b = arg;

	complete_hint(b->s, line, out, size);
}

static int
bench_tick(void *arg, struct ui_model *m)
{
	struct bench *b = arg;
	struct session *s = b->s;
	struct ui_options o;
	int pending = signals_pending(), wait;

	bench_options(b, &o);
	ui_set_options(b->ui, &o);
	s->out->auto_width = ui_log_cells(b->ui);
	settings_show(&s->set, s->out);
	answer_again(&b->answer, s, b->ui);
	if (!s->queue.held)
		ui_wait(b->ui, NULL);
	if (s->worker.job != NULL || s->queue.first != NULL) {
		const struct job *before = s->worker.job;
		const struct job_view *v = job_view(&s->worker);

		if (v != NULL && v->run != NULL && !b->cut)
			b->asked = 0; /* the lines of a run pass by */
		b->plays = b->plays || bench_waits(b, true) > 0;
		b->bad = 0;
		session_tick(s);
		bench_served(b);
		b->cut = b->cut && s->worker.job != NULL;
		if (s->worker.job != before)
			feed_touch(b->feed);
		if (b->asked != 0 && s->worker.job == NULL && s->queue.first == NULL) {
			ui_answer(b->ui, b->asked);
			answer_task(&b->answer, &b->task, s->out->auto_width);
			b->task = (struct user_answer){0};
			b->asked = 0;
		} else if (b->bad != 0 && s->worker.job == NULL) /* of a script, or of what has waited */
			ui_told(b->ui, b->bad - 1);
		else if (s->worker.job == NULL && s->queue.first == NULL)
			bench_played(b);
		b->plays = b->plays && (s->worker.job != NULL || s->queue.first != NULL);
	}
	bench_stays(b);
	if (s->queue.quit || s->queue.stopped || b->lines || (pending != 0 && pending != SIGINT))
		return UI_LEAVE;
	bench_follow(b);
	bench_stale_drop(b);
	bench_sees(b);
	wait = feed_update(b->feed, m);
	bench_bar(b, m);
	return wait;
}

static void
bench_interrupt(void *arg)
{
	struct bench *b = arg;
	struct err e = {0};

	bool waited = b->s->queue.first != NULL, served = b->served && !waited && b->s->worker.job == NULL;
	uint64_t before = bench_lines(b);

	b->served = false;
	if (served)
		return;
	if (python_give_up(b->s)) {
		bench_prompt(b);
		if (!waited && b->s->worker.job == NULL) {
			ui_answer(b->ui, before);
			feed_touch(b->feed);
			return;
		}
	}
	session_queue_drop(b->s, "interrupted");
	if (b->s->worker.job == NULL && waited && bench_lines(b) == before)
		out_styled(b->s->out, OUT_DIM, "the script has ended here");
	else if (b->s->worker.job == NULL && waited)
		;
	else if (b->s->worker.job == NULL)
		out_styled(b->s->out, OUT_DIM, "nothing is running; quit or Ctrl-D leaves");
	else if (job_stop(&b->s->worker, &b->s->runs, &e) < 0)
		out_error(b->s->out, NULL, e.text);
	if (b->s->worker.job == NULL)
		ui_answer(b->ui, before);
	else {
		b->asked = before;
		b->cut = true;
	}
	feed_touch(b->feed);
}

static void
bench_click(void *arg, const char *panel, int64_t id, int row, int col)
{
	struct bench *b = arg;
	uint64_t before = bench_lines(b);
	char line[48];

	if (strcmp(panel, "confusion") == 0) {
		confusion_show(b->s, row, col);
		feed_touch(b->feed);
		ui_answer(b->ui, before);
	}
	if (strcmp(panel, "digits") == 0 && id < 0)
		feed_sample(b->feed);
	if (strcmp(panel, "digits") != 0 || id < 0)
		return;
	snprintf(line, sizeof line, "predict test:%lld", (long long)id);
	b->clicked = true;
	bench_exec(arg, line, false);
	b->clicked = false;
}

static unsigned
bench_signals(void *arg)
{
	unsigned r = 0;
	int pending;

	signals_drain();
	if (signals_take_winch())
		r |= UI_SIG_RESIZE;
	if (signals_take_stop())
		r |= UI_SIG_STOP;
	if (signals_take_cont())
		r |= UI_SIG_CONT;
	pending = signals_pending();
	if (pending == SIGINT) {
		signals_take_interrupt();
		r |= UI_SIG_INTERRUPT;
	} else if (pending != 0)
		r |= UI_SIG_END;
	return r;
}

static void
bench_suspend(void *arg)
{
	signals_suspend();
	signals_take_cont();
}

static void
bench_go_on(void *arg)
{
	struct bench *b = arg;

	b->s->queue.held = false;
	b->played = bench_lines(b);
	feed_touch(b->feed);
}

void
bench_options(const struct bench *b, struct ui_options *o)
{
	const struct settings *set = &b->s->set;

	memset(o, 0, sizeof *o);
	o->glyphs_auto = strcmp(set->glyphs, "auto") == 0;
	o->glyphs = strcmp(set->glyphs, "ascii") == 0 ? UI_ASCII : strcmp(set->glyphs, "block") == 0 ? UI_BLOCK :
	    UI_BRAILLE;
	o->pictures = strcmp(set->pictures, "kitty") == 0 ? UI_PICTURES_KITTY :
	    strcmp(set->pictures, "cells") == 0 ? UI_PICTURES_CELLS : UI_PICTURES_AUTO;
	o->theme = strcmp(set->theme, "dark") == 0 ? UI_THEME_DARK : strcmp(set->theme, "light") == 0 ?
	    UI_THEME_LIGHT : UI_THEME_AUTO;
	o->colours = UI_MONO;
	o->colours_auto = strcmp(set->color, "always") == 0 || (strcmp(set->color, "auto") == 0 &&
	    (getenv("NO_COLOR") == NULL || *getenv("NO_COLOR") == '\0'));
	o->mouse = set->mouse;
}

/* ---- how it begins and ends ---- */

enum workbench_end
workbench(struct session *s, const struct host_source *source, int n)
{
	static const struct ui_host_key keys[] = {{' ', "pause", "continue"}, {'n', "step", NULL}, {0}};
	struct bench b = {.s = s, .code = -1};
	char *history = s->user.safe ? NULL : path_state("history", true), why[256];
	struct ui_host host = {.arg = &b, .exec = bench_exec, .complete = bench_complete, .hint = bench_hint,
	    .tick = bench_tick, .interrupt = bench_interrupt, .go_on = bench_go_on, .leaving = bench_leaving,
	    .leave = bench_leave, .click = bench_click, .keys = keys, .signals = bench_signals,
	    .suspend = bench_suspend, .signal_fd = signals_fd(), .wake_fd = job_wake_fd(&s->worker),
	    .prompt = BENCH_PROMPT, .history = history};
	struct out_sink sink = s->out->sink;
	bool moving = s->out->moving;
	int width = s->out->auto_width;
	uint64_t welcome;
	struct ui_options o;
	enum workbench_end end;

	bench_options(&b, &o);
	if ((b.ui = ui_open(&host, &o, why, sizeof why)) == NULL) {
		out_note(s->out, "%s", why);
		free(history);
		return WORKBENCH_NONE;
	}
	signals_restore_text(ui_restore_text(b.ui));
	b.feed = feed_new(s, job_now);
	s->out->sink = (struct out_sink){bench_text, bench_progress, &b};
	s->out->moving = true;
	s->out->columns = 0; /* its log breaks lines */
	s->out->plain = true;
	settings_show(&s->set, s->out);
	s->user.host = &bench_user_host;
	s->user.host_arg = &b;
	s->user.interactive = s->user.async = true;
	bench_welcome(&b);
	welcome = bench_lines(&b);
	host_greet(s);
	if (b.bad != 0) /* of an init file: from the first on */
		ui_told(b.ui, b.bad - 1);
	else
		ui_answer(b.ui, bench_lines(&b) > welcome ? welcome : 0); /* what was left comes first */
	bench_play(&b, source, n, welcome);
	ui_run(b.ui);
	if (ui_gone(b.ui) && signals_pending() == 0)
		raise(SIGHUP); /* what a vanished terminal means, also where nobody has sent it */
	end = b.lines && !ui_gone(b.ui) ? WORKBENCH_LINES : WORKBENCH_QUIT;
	feed_at_once(b.feed, ui_model_of(b.ui)); /* what stays behind is how it ends */
	feed_free(b.feed);
	s->user.host = NULL;
	s->out->sink = sink;
	s->out->moving = moving;
	s->out->plain = false;
	s->out->auto_width = width;
	settings_show(&s->set, s->out);
	s->user.async = false;
	signals_restore_text(NULL);
	ui_close(b.ui);
	free(history);
	answer_made(&b.answer, s, NULL, 0);
	bench_task_drop(&b);
	free(b.bar);
	return end;
}
