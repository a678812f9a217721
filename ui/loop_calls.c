/* loop_calls.c: what keys and the mouse lead to */
#include "keys.h"
#include "loop.h"

#include <string.h>

enum ui_colours
ui_loop_colours(const struct ui *u)
{
	enum ui_colours has = ui_term_colours(u->term);

	return u->options.colours_auto || u->options.colours > has ? has : u->options.colours;
}

enum ui_colours
ui_screen_colours(struct ui *u)
{
	return ui_loop_colours(u);
}

/* ---- what keys lead to ---- */

void
ui_loop_focus(struct ui *u, enum ui_pane p)
{
	u->view.back = UI_P_NONE;
	ui_view_focus(&u->view, p);
	ui_prompt_panel(p != UI_P_NONE);
	u->changed = true;
}

/* follow: the log comes back to its end. */
static void
loop_exec(struct ui *u, const char *line, bool behind, bool follow)
{
	u->log_before = u->view.pane[UI_P_log];
	if (follow)
		ui_log_follow(&u->view.pane[UI_P_log]);
	if (line[0] != '\0')
		u->host.exec(u->host.arg, line, behind);
	u->changed = true;
}

static void
call_line(void *arg, const char *line, bool behind)
{
	struct ui *u = arg;

	loop_exec(u, line, behind, true);
	if (line[0] == '\0' && u->goes_on)
		u->host.exec(u->host.arg, line, behind);
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

bool
ui_leave_not(struct ui *u)
{
	bool stood = ui_prompt_ask_not();

	u->changed |= stood;
	return stood;
}

void
ui_set_prompt(struct ui *u, const char *prompt)
{
	if (prompt == NULL && !u->goes_on)
		return;
	u->goes_on = prompt != NULL;
	u->changed = true;
	ui_prompt_set(prompt);
}

void
ui_wait(struct ui *u, const char *text)
{
	if (text == NULL && !u->waits)
		return;
	u->waits = text != NULL;
	u->changed = true;
	ui_prompt_wait(text);
}

/* Closes what lies over the panes, too. */
static void
call_go_on(void *arg)
{
	struct ui *u = arg;

	ui_log_follow(&u->view.pane[UI_P_log]);
	ui_wait(u, NULL);
	u->host.go_on(u->host.arg);
}

static void
call_answer(void *arg, bool yes)
{
	struct ui *u = arg;

	if (yes)
		u->host.leave(u->host.arg);
	u->changed = true;
}

/* A key of the host's; false: it has none of that kind. */
static bool
loop_host_key(struct ui *u, int key)
{
	if (key == ' ' && u->waits) {
		call_go_on(u);
		return true;
	}
	for (const struct ui_host_key *k = u->host.keys; k != NULL && k->key != 0; k++)
		if (k->key == key) {
			loop_exec(u, u->model.paused && k->paused != NULL ? k->paused : k->line, false, false);
			return true;
		}
	return false;
}

/* A click, or a key that is like one, may bring another pane into view in the place of the one that was asked. That
 * takes the keys then, until Esc. */
static void
loop_click(struct ui *u, enum ui_pane p, const struct ui_ask *ask)
{
	struct ui_view *v = &u->view;
	enum ui_pane lit = v->lit;
	bool shown[UI_PANES];

	if (u->host.click == NULL)
		return;
	memcpy(shown, v->at.shown, sizeof shown);
	loop_exec(u, "", false, true);
	v->lit = UI_P_NONE;
	u->host.click(u->host.arg, ui_panel_names[p], ask->id, ask->row, ask->col);
	if (v->lit == UI_P_NONE)
		v->lit = lit;
	else if (!shown[v->lit]) {
		ui_loop_focus(u, v->lit);
		v->back = p;
	}
}

/* Out of the zoom or back to the pane before, then out of the pane. */
static void
loop_escape(struct ui *u)
{
	struct ui_view *v = &u->view;

	if (v->back != UI_P_NONE) {
		if (v->focus == UI_P_help)
			v->extra = v->under;
		ui_loop_focus(u, v->back);
	} else if (v->zoom && !v->roomy)
		v->zoom = false;
	else {
		v->zoom = v->zoom && !v->roomy;
		v->roomy = false;
		if (v->focus == v->extra) {
			v->extra = v->former;
			v->former = UI_P_NONE;
		}
		ui_loop_focus(u, UI_P_NONE);
	}
}

/* The keys of a pane, until Esc. */
static void
loop_keys(struct ui *u, enum ui_pane p)
{
	struct ui_view *v = &u->view;
	enum ui_pane under = v->extra;

	v->pane[UI_P_help].scroll = 0;
	v->pane[UI_P_help].of = ui_panels[p];
	v->pane[UI_P_help].of_name = ui_panel_names[p];
	ui_loop_focus(u, UI_P_help);
	v->under = under;
	v->back = p;
}

static bool
call_key(void *arg, int key)
{
	struct ui *u = arg;
	struct ui_view *v = &u->view;
	enum ui_pane p = v->focus;
	struct ui_ask ask = {0};
	struct ui_panel_ctx ctx;

	u->changed = true;
	if (p == UI_P_NONE)
		return false;
	ctx = (struct ui_panel_ctx){&u->model, ui_loop_colours(u), &v->pane[p], true};
	if (ui_panels[p]->key && ui_panels[p]->key(&ctx, key, &ask)) {
		if (ask.command[0])
			loop_exec(u, ask.command, false, false);
		else if (ask.click)
			loop_click(u, p, &ask);
		return true;
	}
	switch (key) {
	case '?':
		if (p != UI_P_help)
			loop_keys(u, p);
		return true;
	case 'z': /* where Enter does something else */
	case UI_KEY_ENTER:
		v->zoom = !v->zoom;
		v->zoomed = p;
		v->roomy = false;
		return true;
	case UI_KEY_ESC:
		loop_escape(u);
		return true;
	}
	return loop_host_key(u, key);
}

static void
call_next(void *arg)
{
	struct ui *u = arg;

	ui_view_next(&u->view);
	ui_loop_focus(u, u->view.focus);
}

static void
call_scroll(void *arg, int pages)
{
	struct ui *u = arg;
	struct ui_rect none = {0};

	u->changed = true;
	if (u->view.answer || u->view.pane[UI_P_log].all > u->told) {
		ui_answer_scroll(&u->view.pane[UI_P_log], -pages * ui_answer_page(&u->view.pane[UI_P_log]));
		u->view.told = u->told;
		return;
	}
	if (pages > 0 && ui_log_over(&u->view.pane[UI_P_log], &u->model.log,
	    u->view.at.shown[UI_P_log] ? u->view.at.pane[UI_P_log] : none)) {
		u->view.told = 0;
		return;
	}
	ui_log_page(&u->view.pane[UI_P_log], &u->model.log,
	    u->view.at.shown[UI_P_log] ? u->view.at.pane[UI_P_log] : none, pages);
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
	ui_loop_focus(arg, UI_P_NONE);
}

/* A button over a pane that follows it from the press on. */
static void
loop_hold(struct ui *u, enum ui_pane p, int button, int x, int y)
{
	struct ui_panel_ctx ctx = {&u->model, ui_loop_colours(u), &u->view.pane[p], true};
	const struct ui_rect r = u->view.at.pane[p];

	u->changed = true;
	u->held = button & UI_MOUSE_UP || !u->view.at.shown[p] ? UI_P_NONE : p;
	if (u->view.at.shown[p])
		ui_panels[p]->hold(&ctx, ui_area_sub(ui_area_all(u->canvas), r.x + 1, r.y + 1, r.w - 2, r.h - 2),
		    x - r.x - 1, y - r.y - 1, button);
}

static void
call_mouse(void *arg, int button, int x, int y)
{
	struct ui *u = arg;
	struct ui_view *v = &u->view;
	enum ui_pane p;
	struct ui_panel_ctx ctx;
	struct ui_ask ask = {0};
	struct ui_rect r;
	int at_x = x, at_y = y;

	if (button & (UI_MOUSE_MOVES | UI_MOUSE_UP)) {
		if (u->held != UI_P_NONE)
			loop_hold(u, u->held, button, x, y);
		return;
	}
	p = ui_layout_at(&v->at, &x, &y);
	u->held = UI_P_NONE;
	u->changed = true;
	if (v->answer && (button & UI_MOUSE_WHEEL)) {
		ui_answer_scroll(&v->pane[UI_P_log], (button & UI_MOUSE_BUTTON) == 0 ? -3 : 3);
		v->told = u->told;
		return;
	}
	if (p == UI_P_NONE) {
		if (v->at.prompt.h > 0 && y == v->at.prompt.y)
			ui_loop_focus(u, UI_P_NONE);
		return;
	}
	ctx = (struct ui_panel_ctx){&u->model, ui_loop_colours(u), &v->pane[p], v->focus == p};
	if (button & UI_MOUSE_WHEEL) { /* the wheel scrolls what it is over, three rows at a time */
		for (int i = 0; i < 3 && ui_panels[p]->key && !ui_panels[p]->hold && p != UI_P_loss &&
		    p != UI_P_accuracy; i++)
			ui_panels[p]->key(&ctx, (button & UI_MOUSE_BUTTON) == 0 ? UI_KEY_UP : UI_KEY_DOWN, &ask);
		return;
	}
	if (button != 0 && ui_panels[p]->hold == NULL)
		return;
	if (v->focus != p)
		ui_loop_focus(u, p);
	if (ui_panels[p]->hold) {
		loop_hold(u, p, button, at_x, at_y);
		return;
	}
	r = v->at.pane[p];
	if (ui_panels[p]->click &&
	    ui_panels[p]->click(&ctx, ui_area_sub(ui_area_all(u->canvas), r.x + 1, r.y + 1, r.w - 2, r.h - 2), x, y,
	    &ask) && ask.click)
		loop_click(u, p, &ask);
}

static void
call_told(void *arg, const char *s, size_t n)
{
	struct ui *u = arg;

	if (ui_term_told(u->term, s, n))
		u->changed = true;
}

static bool
call_covered(void *arg)
{
	const struct ui *u = arg;

	return u->view.answer;
}

static void
call_say(void *arg, const char *text)
{
	struct ui *u = arg;

	ui_log_add(&u->model.log, UI_BAD, text);
	u->changed = true;
}

const char *
ui_layout_now(const struct ui *u)
{
	return ui_layout_names[u->view.layout];
}

struct ui_prompt_calls
ui_loop_calls(struct ui *u)
{
	return (struct ui_prompt_calls){u, call_line, call_end, call_answer, call_go_on, call_key, call_next,
	    call_scroll, call_redraw, call_type, call_mouse, call_told, call_covered, call_say};
}
