/* loop_calls.c: what keys and the mouse lead to */
#include "loop.h"

enum ui_colours
ui_loop_colours(const struct ui *u)
{
	enum ui_colours has = ui_term_colours(u->term);

	return u->options.colours_auto || u->options.colours > has ? has : u->options.colours;
}

/* ---- what keys lead to ---- */

void
ui_loop_focus(struct ui *u, enum ui_pane p)
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

void
ui_wait(struct ui *u, const char *text)
{
	u->waits = u->changed = true;
	ui_prompt_wait(text);
}

static void
call_answer(void *arg, bool yes)
{
	struct ui *u = arg;
	bool waits = u->waits;

	u->waits = false;
	if (waits) {
		ui_log_follow(&u->view.pane[UI_P_log]);
		(yes ? u->host.go_on : u->host.interrupt)(u->host.arg);
	} else if (yes)
		u->host.leave(u->host.arg);
	u->changed = true;
}

/* A key of the host's; false: it has none of that kind. */
static bool
loop_host_key(struct ui *u, int key)
{
	for (const struct ui_host_key *k = u->host.keys; k != NULL && k->key != 0; k++)
		if (k->key == key) {
			loop_exec(u, u->model.paused && k->paused != NULL ? k->paused : k->line, false);
			return true;
		}
	return false;
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
	ctx = (struct ui_panel_ctx){&u->model, ui_loop_colours(u), &v->pane[p]};
	if (ui_panels[p]->key && ui_panels[p]->key(&ctx, key, &ask)) {
		if (ask.command[0])
			loop_exec(u, ask.command, false);
		return true;
	}
	switch (key) {
	case '?':
		ui_loop_focus(u, UI_P_help);
		return true;
	case UI_KEY_ENTER:
		v->zoom = !v->zoom;
		v->zoomed = p;
		return true;
	case UI_KEY_ESC: /* out of the zoom, then out of the pane */
		if (v->zoom)
			v->zoom = false;
		else {
			if (p == v->extra)
				v->extra = UI_P_NONE;
			ui_loop_focus(u, UI_P_NONE);
		}
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
	if (u->view.answer) {
		ui_answer_scroll(&u->view.pane[UI_P_log], -pages * ui_answer_page(&u->view.pane[UI_P_log]));
		u->view.told = u->told;
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
	if (v->answer && button >= 64) {
		ui_answer_scroll(&v->pane[UI_P_log], button == 64 ? -3 : 3);
		v->told = u->told;
		return;
	}
	if (p == UI_P_NONE) {
		if (v->at.prompt.h > 0 && y == v->at.prompt.y)
			ui_loop_focus(u, UI_P_NONE);
		return;
	}
	ctx = (struct ui_panel_ctx){&u->model, ui_loop_colours(u), &v->pane[p]};
	if (button >= 64) { /* the wheel scrolls what it is over, three rows at a time */
		for (int i = 0; i < 3 && ui_panels[p]->key && p != UI_P_loss && p != UI_P_accuracy; i++)
			ui_panels[p]->key(&ctx, button == 64 ? UI_KEY_UP : UI_KEY_DOWN, &ask);
		return;
	}
	if (button != 0)
		return;
	if (v->focus != p)
		ui_loop_focus(u, p);
	r = v->at.pane[p];
	if (ui_panels[p]->click &&
	    ui_panels[p]->click(&ctx, ui_area_sub(ui_area_all(u->canvas), r.x + 1, r.y + 1, r.w - 2, r.h - 2), x, y,
	    &ask) && ask.click && u->host.click) {
		loop_exec(u, "", true);
		u->host.click(u->host.arg, ui_panel_names[p], ask.id, ask.row, ask.col);
	}
}

static void
call_told(void *arg, const char *s, size_t n)
{
	struct ui *u = arg;

	if (ui_term_told(u->term, s, n))
		u->changed = true;
}

static void
call_say(void *arg, const char *text)
{
	struct ui *u = arg;

	ui_log_add(&u->model.log, UI_BAD, text);
	u->changed = true;
}

struct ui_prompt_calls
ui_loop_calls(struct ui *u)
{
	return (struct ui_prompt_calls){u, call_line, call_end, call_answer, call_key, call_next, call_scroll,
	    call_redraw,
		call_type, call_mouse, call_told, call_say};
}
