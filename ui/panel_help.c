/* panel_help.c: the keys, then whatever text the host put there. */
#include "panel.h"

#include <string.h>

/* Borders of two columns: key, then what it does. */
static const char *const keys[][2] = {
	{"", "everywhere"},
	{"Tab", "complete; again: next candidate"},
	{"C-x o", "next pane"},
	{"PgUp PgDn", "scroll the log"},
	{"C-r", "search the history"},
	{"C-c", "clear the line; on an empty one stop the run"},
	{"C-d", "quit"},
	{"C-z", "suspend"},
	{"C-l", "draw the screen again"},
	{"", "in a pane"},
	{"arrows", "scroll; in a plot: older and newer run"},
	{"Space", "pause and continue the run"},
	{"n", "one batch"},
	{"y  s", "log scale, smoothing"},
	{"[  ]", "older and newer run"},
	{"0", "as it was"},
	{"Enter  z", "zoom; in a matrix Enter shows what a cell counts"},
	{"?", "this help"},
	{"Esc", "back to the prompt"},
};

void
ui_lines_draw(struct ui_area a, const struct ui_log *l, struct ui_pane_state *st)
{
	long most = (long)l->n > a.r.h ? (long)l->n - a.r.h : 0;

	if (st->scroll > most)
		st->scroll = most;
	for (int y = 0; y < a.r.h; y++) {
		long i = (long)l->n - 1 - (y + st->scroll);
		const struct ui_log_line *line = i >= 0 ? ui_log_at(l, (size_t)i) : NULL;

		if (line)
			ui_put_n(a, 0, y, a.r.w, line->style < UI_STYLES ? (int)line->style : UI_PLAIN, line->text);
	}
}

static void
help_draw(const struct ui_panel_ctx *p, struct ui_area frame)
{
	struct ui_area a = ui_area_sub(frame, 1, 0, frame.r.w - 2, frame.r.h);
	long n = (long)(sizeof keys / sizeof *keys), most = n > a.r.h ? n - a.r.h : 0;

	if (p->m->help.n > 0) {
		ui_lines_draw(a, &p->m->help, p->st);
		return;
	}
	if (p->st->scroll > most)
		p->st->scroll = most;
	for (int y = 0; y < a.r.h && y + p->st->scroll < n; y++) {
		const char *const *k = keys[y + p->st->scroll];

		if (k[0][0] == '\0')
			ui_put_n(a, 0, y, a.r.w, UI_S_TITLE, k[1]);
		else {
			ui_put(a, 1, y, UI_S_KEY, k[0]);
			ui_put_n(a, 12, y, a.r.w - 12, UI_PLAIN, k[1]);
		}
	}
}

static bool
help_key(const struct ui_panel_ctx *p, int key, struct ui_ask *ask)
{
	return ui_scroll_key(p->st, key, 10, 1);
}

const struct ui_panel ui_panel_help = {
	.keys = "arrows scroll  Enter zoom  Esc close",
	.draw = help_draw,
	.key = help_key,
};
