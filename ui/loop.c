/* loop.c: the workbench as it runs: one poll over terminal, signals and the host's wake descriptor. A frame is drawn
 * when something has changed, at most 30 times a second; what is typed shows at once.
 */
#include "loop.h"
#include "mem.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FRAME 34 /* milliseconds */
#define LIT 700 /* that a pane which a command points at stays lit */

static double
loop_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static enum ui_glyphs
loop_glyphs(const struct ui *u)
{
	if (!u->options.glyphs_auto)
		return u->options.glyphs;
	return ui_ascii() ? UI_ASCII : UI_BRAILLE;
}

/* ---- open and close ---- */

struct ui *
ui_open(const struct ui_host *host, const struct ui_options *o, char *why, size_t size)
{
	struct ui *u = ui_alloc(1, sizeof *u);
	int cols, rows;

	u->host = *host;
	u->options = *o;
	ui_look_theme(o->theme);
	u->calls = ui_loop_calls(u);
	ui_prompt_ready(); /* before curses: both look into the terminal's description */
	u->term = ui_term_open(o->mouse, why, size);
	if (u->term == NULL) {
		free(u);
		return NULL;
	}
	ui_view_init(&u->view);
	u->view.pane[UI_P_draw].sketch = &u->model.sketch;
	u->held = UI_P_NONE;
	ui_term_size(u->term, &cols, &rows);
	u->canvas = ui_canvas_new(cols, rows, loop_glyphs(u));
	u->model.progress = -1;
	ui_prompt_open(&u->host, &u->calls);
	u->changed = true;
	u->last = -1e9;
	return u;
}

void
ui_close(struct ui *u)
{
	int cols, rows;

	if (u == NULL)
		return;
	ui_term_size(u->term, &cols, &rows);
	ui_prompt_close();
	ui_term_leave(u->term);
	if (!u->gone)
		ui_farewell(&u->model, u->canvas->glyphs, ui_loop_colours(u), cols);
	ui_term_close(u->term);
	ui_canvas_free(u->canvas);
	ui_model_clear(&u->model);
	free(u);
}

bool
ui_gone(const struct ui *u)
{
	return u->gone;
}

const char *
ui_restore_text(const struct ui *u)
{
	return ui_term_restore_text(u->term);
}

/* ---- drawing ---- */

/* To the terminal's size: before the host is asked, whose answers are as wide as the log. */
static void
loop_resize(struct ui *u)
{
	int cols, rows;

	if (!u->resize)
		return;
	u->resize = false;
	ui_term_size(u->term, &cols, &rows);
	ui_term_resize(u->term, cols, rows);
	ui_canvas_resize(u->canvas, cols, rows);
}

static void
loop_draw(struct ui *u)
{
	loop_resize(u);
	u->canvas->glyphs = loop_glyphs(u);
	ui_prompt_look(&u->view.prompt);
	u->view.candidates = ui_prompt_candidates();
	u->view.selected = -1;
	u->view.waits = u->waits;
	ui_screen_draw(u->canvas, ui_loop_colours(u), &u->model, &u->view);
	u->model.sketch.shown = u->view.at.shown[UI_P_draw];
}

/* "thaw: gte5 → lt5  ❄ features" */
static void
loop_title(struct ui *u)
{
	char title[128];

	snprintf(title, sizeof title, "thaw%s%s", u->model.headline ? ": " : "",
	    u->model.headline ? u->model.headline : "");
	ui_term_title(u->term, title);
}

static void
loop_frame(struct ui *u)
{
	ui_term_prepare(u->term, u->canvas, u->options.pictures, ui_loop_colours(u));
	loop_draw(u);
	if (ui_term_show(u->term, u->canvas, ui_loop_colours(u), u->view.cursor_x, u->view.cursor_y) < 0)
		u->gone = true;
	loop_title(u);
	u->drawn = u->model.version;
	u->changed = u->typed = false;
	u->last = loop_now();
}

void
ui_show_now(struct ui *u)
{
	loop_frame(u);
}

/* The prompt's row alone: an echo does not wait for a frame. */
static void
loop_echo(struct ui *u)
{
	const struct ui_candidates *c = ui_prompt_candidates();

	if (c || u->view.candidates || u->view.at.prompt.h == 0) {
		loop_frame(u); /* a box comes or goes */
		return;
	}
	ui_prompt_look(&u->view.prompt);
	ui_screen_prompt(u->canvas, &u->view);
	if (ui_term_echo(u->term, u->canvas, ui_loop_colours(u), u->view.cursor_x, u->view.cursor_y) < 0)
		u->gone = true;
	u->typed = false;
}

static void
loop_signals(struct ui *u)
{
	unsigned sig = u->host.signals ? u->host.signals(u->host.arg) : 0;

	if (sig & UI_SIG_RESIZE)
		u->resize = u->changed = true;
	if (sig & UI_SIG_INTERRUPT) {
		if (!ui_prompt_clear()) {
			ui_log_follow(&u->view.pane[UI_P_log]);
			u->view.told = ui_log_lines(&u->model.log);
			u->host.interrupt(u->host.arg);
		}
		ui_term_interrupted(u->term);
		u->changed = true;
	}
	if (sig & UI_SIG_STOP) {
		ui_term_leave(u->term);
		u->host.suspend(u->host.arg);
		ui_term_enter(u->term);
		u->resize = u->changed = true;
	/* stopped by a signal that cannot be caught: someone else has had the terminal */
	} else if (sig & UI_SIG_CONT) {
		ui_term_leave(u->term);
		ui_term_enter(u->term);
		u->resize = u->changed = true;
	}
}

/* Pictures that have to wait are shown when their time has come. */
static int
loop_pictures(struct ui *u, int again)
{
	int due = ui_term_due(u->term);

	if (due >= 0 && due <= 1)
		u->changed = true;
	return due >= 0 && (again < 0 || due < again) ? due : again;
}

void
ui_run(struct ui *u)
{
	struct ui_layout at;

	ui_view_place(&u->view, u->canvas->cols, u->canvas->rows, &at);
	/* A greeting is read there, and leaves the panes in view, unless it was told. */
	if (at.shown[UI_P_log] && u->view.pane[UI_P_log].over == 0)
		u->view.told = ui_log_lines(&u->model.log);
	while (!u->gone) {
		struct pollfd p[3] = {{STDIN_FILENO, POLLIN, 0}, {u->host.signal_fd, POLLIN, 0},
		    {u->host.wake_fd, POLLIN, 0}};
		int wait, again;
		double due;

		loop_resize(u);
		again = u->host.tick(u->host.arg, &u->model);
		if (again == UI_LEAVE) {
			if (u->changed || u->model.version != u->drawn)
				loop_frame(u);
			return;
		}
		if (u->view.lit != UI_P_NONE) {
			int left = (int)(u->lit_until - loop_now());

			if (left <= 0)
				u->view.lit = UI_P_NONE, u->changed = true;
			else if (again < 0 || left < again)
				again = left + 1;
		}
		again = loop_pictures(u, again);
		due = u->last + FRAME - loop_now();
		if (u->changed || u->model.version != u->drawn) {
			if (due <= 0) {
				loop_frame(u);
				due = -1;
			} else if (u->typed)
				loop_echo(u);
		} else {
			due = -1;
			if (u->typed)
				loop_echo(u);
		}
		wait = again;
		if (due > 0 && (wait < 0 || due < wait))
			wait = (int)due + 1;
		if (ui_prompt_timeout() >= 0 && (wait < 0 || ui_prompt_timeout() < wait))
			wait = ui_prompt_timeout();
		if (poll(p, 3, wait) < 0 && errno != EINTR)
			return;
		loop_signals(u);
		if (u->resize) /* what is typed behind it is for the new size */
			continue;
		if (p[0].revents & (POLLIN | POLLHUP | POLLERR | POLLNVAL)) {
			u->typed = true;
			u->changed = u->changed || u->view.answer;
			u->told = u->view.told;
			u->view.told = ui_log_lines(&u->model.log);
			if (ui_prompt_read() < 0)
				u->gone = true;
		} else if (ui_prompt_expire())
			u->typed = true;
	}
}

struct ui_model *
ui_model_of(struct ui *u)
{
	return &u->model;
}

/* ---- asked for by commands ---- */

static int
find(const char *const *names, const char *name)
{
	for (int i = 0; names[i]; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return -1;
}

bool
ui_set_layout(struct ui *u, const char *name)
{
	int i = find(ui_layout_words, name);

	if (i < 0)
		return false;
	u->view.layout = i < UI_LAYOUTS ? (enum ui_layout_name)i : (enum ui_layout_name)0;
	u->view.zoom = u->view.roomy = false;
	if (u->view.extra != UI_P_NONE && u->view.focus == u->view.extra)
		ui_loop_focus(u, UI_P_NONE);
	u->view.extra = u->view.former = UI_P_NONE;
	u->changed = true;
	return true;
}

/* A pane that is of no use in the place that it has is zoomed. */
static void
loop_room(struct ui *u, enum ui_pane p)
{
	struct ui_layout at;

	ui_view_place(&u->view, u->canvas->cols, u->canvas->rows, &at);
	if (u->view.zoom || (at.pane[p].w - 2 >= ui_panels[p]->cols && at.pane[p].h - 2 >= ui_panels[p]->rows))
		return;
	u->view.zoom = u->view.roomy = true;
	u->view.zoomed = p;
}

bool
ui_set_focus(struct ui *u, const char *name)
{
	int i = find(ui_focus_names, name);
	enum ui_pane before = u->view.extra;

	if (i < 0)
		return false;
	ui_loop_focus(u, i == UI_PANES ? UI_P_NONE : (enum ui_pane)i);
	if (u->view.extra != before)
		u->view.former = u->view.extra != UI_P_NONE ? before : UI_P_NONE;
	if (i < UI_PANES)
		loop_room(u, (enum ui_pane)i);
	return true;
}

bool
ui_show_panel(struct ui *u, const char *panel)
{
	int i = find(ui_panel_names, panel);

	if (i < 0)
		return false;
	if (!u->view.at.shown[i]) {
		u->view.former = UI_P_NONE;
		ui_view_focus(&u->view, (enum ui_pane)i);
		ui_loop_focus(u, UI_P_NONE);
	}
	u->view.lit = (enum ui_pane)i;
	u->lit_until = loop_now() + LIT;
	u->changed = true;
	return true;
}

void
ui_set_plot(struct ui *u, const char *panel, const struct ui_plot_view *view)
{
	int i = find(ui_panel_names, panel);

	if (i < 0)
		return;
	u->view.pane[i].plot = *view;
	u->changed = true;
}

void
ui_all_plots(struct ui *u)
{
	for (int i = 0; i < UI_PANES; i++)
		u->view.pane[i].plot.span = 0;
	u->changed = true;
}

void
ui_hide_panel(struct ui *u, const char *panel)
{
	int i = find(ui_panel_names, panel);

	if (i >= 0 && u->view.former == (enum ui_pane)i)
		u->view.former = UI_P_NONE;
	if (i < 0 || u->view.extra != (enum ui_pane)i)
		return;
	if (u->view.focus == u->view.extra)
		ui_loop_focus(u, UI_P_NONE);
	u->view.extra = u->view.former;
	u->view.former = UI_P_NONE;
	u->changed = true;
}

bool
ui_shows(const struct ui *u, const char *panel)
{
	int i = find(ui_panel_names, panel);
	struct ui_layout at;

	ui_view_place(&u->view, u->canvas->cols, u->canvas->rows, &at);
	return i >= 0 && at.shown[i];
}

void
ui_answer(struct ui *u, uint64_t since)
{
	if (since < ui_log_lines(&u->model.log))
		ui_log_answer(&u->view.pane[UI_P_log], &u->model.log, since);
	else /* nothing to read: what was being read is not lost */
		u->view.pane[UI_P_log] = u->log_before;
	u->changed = true;
}

void
ui_told(struct ui *u, uint64_t since)
{
	struct ui_pane_state *st = &u->view.pane[UI_P_log];

	if (since >= ui_log_lines(&u->model.log))
		return;
	st->from = since + 1;
	st->to = u->model.log.total;
	st->all = 0;
	st->over = LONG_MAX / 2;
	u->view.told = u->view.told < since ? u->view.told : since;
	u->changed = true;
}

int
ui_log_cells(const struct ui *u)
{
	struct ui_layout at;

	ui_view_place(&u->view, u->canvas->cols, u->canvas->rows, &at);
	return (at.shown[UI_P_log] ? at.pane[UI_P_log].w : u->canvas->cols) - 4;
}

int
ui_answer_cells(const struct ui *u)
{
	if (!ui_log_answered(&u->view.pane[UI_P_log], &u->model.log))
		return 0;
	return u->view.answer ? u->canvas->cols - 4 : ui_log_cells(u);
}

void
ui_answer_again(struct ui *u, const struct ui_log *lines)
{
	struct ui_pane_state *st = &u->view.pane[UI_P_log];

	if (!ui_log_answered(st, &u->model.log) || lines->n == 0)
		return;
	ui_log_replace_lines(&u->model.log, st->from, st->to, lines);
	st->to = st->from + lines->n - 1;
	st->seen = u->model.log.total;
	u->changed = true;
}

void
ui_set_options(struct ui *u, const struct ui_options *o)
{
	if (memcmp(o, &u->options, sizeof *o) == 0)
		return;
	u->options = *o;
	ui_look_theme(o->theme);
	ui_term_mouse(u->term, o->mouse);
	u->changed = true;
}

const struct ui_canvas *
ui_screen(struct ui *u, struct ui_canvas *to)
{
	struct ui_canvas *own = u->canvas, *drawn = to != NULL ? to : own;
	struct ui_view view;
	struct ui_log *l = &u->model.log;
	const struct ui_log_line *line = ui_log_at(l, 0);
	struct ui_pane_state *st = &u->view.pane[UI_P_log], now = *st;
	bool echo = line != NULL && line->style == UI_ACCENT;

	if (echo) { /* as it was before the line */
		l->n--;
		l->total--;
		*st = u->log_before;
	}
	loop_resize(u);
	view = u->view;
	u->canvas = drawn;
	drawn->cell_w = drawn->cell_h = 0; /* all of it in cells */
	loop_draw(u);
	u->canvas = own;
	u->view = to != NULL ? view : u->view;
	if (echo) {
		l->n++;
		l->total++;
		*st = now;
	}
	u->changed = true;
	return drawn;
}
