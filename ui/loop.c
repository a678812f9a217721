/* loop.c: the workbench as it runs: one poll over terminal, signals and the host's wake descriptor. A frame is drawn when
 * something has changed, at most 30 times a second; what is typed shows at once.
 */
#include "mem.h"
#include "panel.h"
#include "prompt.h"
#include "screen.h"
#include "terminal.h"
#include "ui.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FRAME 34 /* milliseconds */
#define LIT 700 /* that a pane which a command points at stays lit */

struct ui {
	struct ui_host host;
	struct ui_options options;
	struct ui_term *term;
	struct ui_canvas *canvas;
	struct ui_view view;
	struct ui_model model;
	struct ui_prompt_calls calls;
	uint64_t drawn; /* the model's version on the screen */
	double last; /* when the last frame was drawn, ms */
	double lit_until;
	struct ui_pane_state log_before; /* where the log stood when the last line was entered */
	bool changed, typed, gone, resize, leaving;
};

static double
loop_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static enum ui_colours
loop_colours(const struct ui *u)
{
	enum ui_colours has = ui_term_colours(u->term);

	return u->options.colours_auto || u->options.colours > has ? has : u->options.colours;
}

static enum ui_glyphs
loop_glyphs(const struct ui *u)
{
	if (!u->options.glyphs_auto)
		return u->options.glyphs;
	return ui_term_plain(u->term) ? UI_ASCII : UI_BRAILLE;
}

/* ---- what keys lead to ---- */

static void
loop_focus(struct ui *u, enum ui_pane p)
{
	ui_view_focus(&u->view, p);
	ui_prompt_panel(p != UI_P_NONE);
	u->changed = true;
}

/* follow: the log comes back to its end. */
static void
loop_exec(struct ui *u, const char *line, bool follow)
{
	u->log_before = u->view.pane[UI_P_log];
	if (follow)
		ui_log_follow(&u->view.pane[UI_P_log]);
	if (line[0] != '\0')
		u->host.exec(u->host.arg, line);
	u->changed = true;
}

static void
call_line(void *arg, const char *line)
{
	struct ui *u = arg;

	loop_exec(u, line, true);
}

static void
call_end(void *arg)
{
	struct ui *u = arg;
	const char *question = u->host.leaving ? u->host.leaving(u->host.arg) : NULL;

	if (question)
		ui_prompt_ask(question);
	else
		u->host.leave(u->host.arg);
	u->changed = true;
}

void
ui_leave(struct ui *u)
{
	call_end(u);
}

static void
call_answer(void *arg, bool yes)
{
	struct ui *u = arg;

	if (yes)
		u->host.leave(u->host.arg);
	u->changed = true;
}

static void
call_key(void *arg, int key)
{
	struct ui *u = arg;
	struct ui_view *v = &u->view;
	enum ui_pane p = v->focus;
	struct ui_ask ask = {0};
	struct ui_panel_ctx ctx;

	u->changed = true;
	if (p == UI_P_NONE)
		return;
	ctx = (struct ui_panel_ctx){&u->model, loop_colours(u), &v->pane[p]};
	if (ui_panels[p]->key && ui_panels[p]->key(&ctx, key, &ask)) {
		if (ask.command[0])
			loop_exec(u, ask.command, false);
		return;
	}
	switch (key) {
	case ' ':
		loop_exec(u, u->model.paused ? "continue" : "pause", false);
		break;
	case 'n':
		loop_exec(u, "step", false);
		break;
	case '?':
		loop_focus(u, UI_P_help);
		break;
	case UI_KEY_ENTER:
		v->zoom = !v->zoom;
		v->zoomed = p;
		break;
	case UI_KEY_ESC: /* out of the zoom, then out of the pane */
		if (v->zoom)
			v->zoom = false;
		else {
			if (p == v->extra)
				v->extra = UI_P_NONE;
			loop_focus(u, UI_P_NONE);
		}
		break;
	}
}

static void
call_next(void *arg)
{
	struct ui *u = arg;

	ui_view_next(&u->view);
	loop_focus(u, u->view.focus);
}

static void
call_scroll(void *arg, int pages)
{
	struct ui *u = arg;
	struct ui_rect none = {0};

	ui_log_page(&u->view.pane[UI_P_log], &u->model.log, u->view.at.shown[UI_P_log] ? u->view.at.pane[UI_P_log] : none, pages);
	u->changed = true;
}

static void
call_redraw(void *arg)
{
	struct ui *u = arg;

	ui_term_redraw(u->term);
	u->resize = u->changed = true;
}

static void
call_type(void *arg)
{
	loop_focus(arg, UI_P_NONE);
}

static void
call_mouse(void *arg, int button, int x, int y)
{
	struct ui *u = arg;
	struct ui_view *v = &u->view;
	enum ui_pane p = ui_layout_at(&v->at, &x, &y);
	struct ui_panel_ctx ctx;
	struct ui_ask ask = {0};
	struct ui_rect r;

	u->changed = true;
	if (p == UI_P_NONE) {
		if (v->at.prompt.h > 0 && y == v->at.prompt.y)
			loop_focus(u, UI_P_NONE);
		return;
	}
	ctx = (struct ui_panel_ctx){&u->model, loop_colours(u), &v->pane[p]};
	if (button >= 64) { /* the wheel scrolls what it is over, three rows at a time */
		for (int i = 0; i < 3 && ui_panels[p]->key && p != UI_P_loss && p != UI_P_accuracy; i++)
			ui_panels[p]->key(&ctx, button == 64 ? UI_KEY_UP : UI_KEY_DOWN, &ask);
		return;
	}
	if (button != 0)
		return;
	if (v->focus != p)
		loop_focus(u, p);
	r = v->at.pane[p];
	if (ui_panels[p]->click &&
	    ui_panels[p]->click(&ctx, ui_area_sub(ui_area_all(u->canvas), r.x + 1, r.y + 1, r.w - 2, r.h - 2), x, y, &ask) && ask.click && u->host.click) {
		loop_exec(u, "", true);
		u->host.click(u->host.arg, ui_panels[p]->name, ask.id, ask.row, ask.col);
	}
}

static void
call_say(void *arg, const char *text)
{
	struct ui *u = arg;

	ui_log_add(&u->model.log, UI_BAD, text);
	u->changed = true;
}

/* ---- open and close ---- */

struct ui *
ui_open(const struct ui_host *host, const struct ui_options *o, char *why, size_t size)
{
	struct ui *u = ui_alloc(1, sizeof *u);
	int cols, rows;

	u->host = *host;
	u->options = *o;
	u->calls = (struct ui_prompt_calls){u, call_line, call_end, call_answer, call_key, call_next, call_scroll, call_redraw, call_type, call_mouse, call_say};
	ui_prompt_ready(); /* before curses: both look into the terminal's description */
	u->term = ui_term_open(o->mouse, why, size);
	if (u->term == NULL) {
		free(u);
		return NULL;
	}
	ui_view_init(&u->view);
	ui_term_size(u->term, &cols, &rows);
	u->canvas = ui_canvas_new(cols, rows, loop_glyphs(u));
	u->model.progress = -1;
	ui_prompt_open(&u->host, &u->calls);
	u->changed = true;
	u->last = -1e9;
	return u;
}

/* What stays in the scroll-back: the model and its totals beside the curves. */
static void
loop_farewell(struct ui *u, int cols)
{
	struct ui_model *m = &u->model;
	struct ui_canvas *c;
	struct ui_pane_state st = {0};
	struct ui_panel_ctx ctx = {m, loop_colours(u), &st};
	int rows = (int)m->layers.nrows + 3, left = cols >= 76 ? 38 : 0;
	struct ui_area all, a;
	char *text;

	if (u->gone || m->loss.nseries == 0 || cols < 24)
		return;
	rows = rows < 18 ? 18 : rows > 30 ? 30 : rows;
	c = ui_canvas_new(cols, rows, u->canvas->glyphs);
	all = ui_area_all(c);
	for (int pass = 0; pass < 3; pass++) {
		enum ui_pane p = pass == 0 ? UI_P_model : pass == 1 ? UI_P_loss : UI_P_accuracy;
		int x = pass == 0 || left == 0 ? 0 : left - 1, y = pass < 2 ? 0 : rows / 2, h = pass == 0 ? rows : pass == 1 ? rows / 2 + 1 : rows - rows / 2;

		if (pass == 0 && left == 0)
			continue;
		a = ui_area_sub(all, x, y, pass == 0 ? left : cols - x, h);
		a = ui_frame(a, UI_S_BORDER, NULL, NULL, NULL);
		ctx.st = &st;
		memset(&st, 0, sizeof st);
		ui_panels[p]->draw(&ctx, a);
	}
	for (int pass = left ? 0 : 1; pass < 3; pass++) { /* titles over the shared borders */
		enum ui_pane p = pass == 0 ? UI_P_model : pass == 1 ? UI_P_loss : UI_P_accuracy;
		int x = pass == 0 || left == 0 ? 0 : left - 1, w = pass == 0 ? left : cols - x;

		a = ui_area_sub(all, x, pass < 2 ? 0 : rows / 2, w, 1);
		ui_putf(a, 2, 0, UI_S_TITLE, " %s ", ui_panels[p]->name);
		if (ui_panels[p]->note)
			ui_panels[p]->note(&ctx, a, (int)strlen(ui_panels[p]->name) + 6, w - 2);
	}
	text = ui_canvas_ansi(c, loop_colours(u));
	if (m->headline)
		printf("%s%s%s\n", m->headline, m->status ? "  " : "", m->status ? m->status : "");
	fputs(text, stdout);
	fflush(stdout);
	free(text);
	ui_canvas_free(c);
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
	loop_farewell(u, cols);
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

static void
loop_draw(struct ui *u)
{
	if (u->resize) {
		int cols, rows;

		u->resize = false;
		ui_term_size(u->term, &cols, &rows);
		ui_term_resize(u->term, cols, rows);
		ui_canvas_resize(u->canvas, cols, rows);
	}
	u->canvas->glyphs = loop_glyphs(u);
	ui_prompt_look(&u->view.prompt);
	u->view.candidates = ui_prompt_candidates();
	u->view.selected = -1;
	ui_screen_draw(u->canvas, loop_colours(u), &u->model, &u->view);
}

static void
loop_frame(struct ui *u)
{
	loop_draw(u);
	if (ui_term_show(u->term, u->canvas, loop_colours(u), u->view.cursor_x, u->view.cursor_y) < 0)
		u->gone = true;
	u->drawn = u->model.version;
	u->changed = u->typed = false;
	u->last = loop_now();
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
	if (ui_term_show(u->term, u->canvas, loop_colours(u), u->view.cursor_x, u->view.cursor_y) < 0)
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
	} else if (sig & UI_SIG_CONT) { /* stopped by a signal that cannot be caught: someone else has had the terminal */
		ui_term_leave(u->term);
		ui_term_enter(u->term);
		u->resize = u->changed = true;
	}
}

void
ui_run(struct ui *u)
{
	while (!u->gone) {
		struct pollfd p[3] = {{STDIN_FILENO, POLLIN, 0}, {u->host.signal_fd, POLLIN, 0}, {u->host.wake_fd, POLLIN, 0}};
		int wait, again = u->host.tick(u->host.arg, &u->model);
		double due;

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
		if (p[0].revents & (POLLIN | POLLHUP | POLLERR | POLLNVAL)) {
			u->typed = true;
			u->changed = u->changed || u->view.answer;
			u->view.told = u->model.log.total;
			if (ui_prompt_read() < 0)
				u->gone = true;
		} else if (ui_prompt_timeout() >= 0) {
			u->typed = true;
			ui_prompt_expire();
		}
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
	int i = find(ui_layout_names(), name);

	if (i < 0)
		return false;
	u->view.layout = (enum ui_layout_name)i;
	u->view.zoom = false;
	u->changed = true;
	return true;
}

bool
ui_set_focus(struct ui *u, const char *panel)
{
	int i = find(ui_panel_names(), panel);

	if (i < 0 && strcmp(panel, "prompt") != 0)
		return false;
	loop_focus(u, i < 0 ? UI_P_NONE : (enum ui_pane)i);
	return true;
}

bool
ui_show_panel(struct ui *u, const char *panel)
{
	int i = find(ui_panel_names(), panel);

	if (i < 0)
		return false;
	if (!u->view.at.shown[i]) {
		ui_view_focus(&u->view, (enum ui_pane)i);
		loop_focus(u, UI_P_NONE);
	}
	u->view.lit = (enum ui_pane)i;
	u->lit_until = loop_now() + LIT;
	u->changed = true;
	return true;
}

void
ui_answer(struct ui *u, uint64_t since)
{
	if (since < u->model.log.total)
		ui_log_answer(&u->view.pane[UI_P_log], &u->model.log, since);
	else /* nothing to read: what was being read is not lost */
		u->view.pane[UI_P_log] = u->log_before;
	u->changed = true;
}

int
ui_log_cells(const struct ui *u)
{
	return u->view.at.shown[UI_P_log] ? u->view.at.pane[UI_P_log].w - 4 : u->canvas->cols - 4;
}

void
ui_set_options(struct ui *u, const struct ui_options *o)
{
	if (memcmp(o, &u->options, sizeof *o) == 0)
		return;
	u->options = *o;
	ui_term_mouse(u->term, o->mouse);
	u->changed = true;
}

const struct ui_canvas *
ui_screen(struct ui *u)
{
	struct ui_log *l = &u->model.log;
	const struct ui_log_line *line = ui_log_at(l, 0);
	struct ui_pane_state *st = &u->view.pane[UI_P_log], now = *st;
	bool echo = line != NULL && line->style == UI_ACCENT;

	if (echo) { /* as it was before the line */
		l->n--;
		l->total--;
		*st = u->log_before;
	}
	loop_draw(u);
	if (echo) {
		l->n++;
		l->total++;
		*st = now;
	}
	u->changed = true;
	return u->canvas;
}

enum ui_colours
ui_screen_colours(struct ui *u)
{
	return loop_colours(u);
}
