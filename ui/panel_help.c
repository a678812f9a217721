/* panel_help.c: the keys, then whatever text the host put there. */
#include "panel.h"

#include <stdio.h>
#include <string.h>

/* Key, then what it does; without a key, a heading. */
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
	{"Esc", "out of zoom, back to the prompt"},
	{NULL, NULL},
};

void
ui_lines_draw(struct ui_area a, const struct ui_log *l, struct ui_pane_state *st)
{
	long most = (long)l->n > a.r.h ? (long)l->n - a.r.h : 0;

	if (st->scroll > most)
		st->scroll = most;
	st->page = a.r.h;
	for (int y = 0; y < a.r.h; y++) {
		long i = (long)l->n - 1 - (y + st->scroll);
		const struct ui_log_line *line = i >= 0 ? ui_log_at(l, (size_t)i) : NULL;

		if (line)
			ui_put_n(a, 0, y, a.r.w, line->style < UI_STYLES ? (int)line->style : UI_PLAIN, line->text);
	}
}

#define KEYS 12 /* columns of the keys */

/* What a key does, as far as it is in view; returns the row below it. */
static int
help_row(struct ui_area a, int y, const char *key, const char *what)
{
	size_t ends[8], from = 0;
	int x = key[0] != '\0' ? KEYS : 0, rows = ui_words_wrap(what, a.r.w - x, 0, ends, 8);

	if (key[0] != '\0' && y >= 0 && y < a.r.h)
		ui_put(a, 1, y, UI_S_KEY, key);
	for (int i = 0; i < rows && i < 8; from = ends[i++], y++)
		if (y >= 0 && y < a.r.h)
			ui_put_part(a, x, y, key[0] != '\0' ? UI_PLAIN : UI_S_TITLE, what, from, ends[i]);
	return y;
}

static int
help_rows(struct ui_area a, int y, const char *const (*row)[2])
{
	for (; (*row)[0] != NULL; row++)
		y = help_row(a, y, (*row)[0], (*row)[1]);
	return y;
}

/* What a pane's border says of its keys; the last word of each is what they do. */
static int
help_border(struct ui_area a, int y, const char *border)
{
	char all[128], *rest = all, *item, *next, *what;

	snprintf(all, sizeof all, "%s", border);
	for (item = rest; item != NULL; item = next) {
		if ((next = strstr(item, "  ")) != NULL) {
			*next = '\0';
			next += 2;
		}
		if ((what = strrchr(item, ' ')) != NULL)
			*what = '\0';
		y = help_row(a, y, item, what != NULL ? what + 1 : "scroll, where not all is in view");
	}
	return y;
}

/* From row y on; returns the row below. */
static int
help_all(struct ui_area a, int y, const struct ui_pane_state *st)
{
	const struct ui_panel *panel = st->of;
	char head[64];

	if (panel != NULL && panel->keys != NULL) {
		snprintf(head, sizeof head, "in %s", st->of_name);
		y = help_row(a, y, "", head);
		y = panel->help != NULL ? help_rows(a, y, panel->help) : help_border(a, y, panel->keys);
	}
	return help_rows(a, y, keys);
}

static void
help_draw(const struct ui_panel_ctx *p, struct ui_area frame)
{
	struct ui_area a = ui_area_sub(frame, 1, 0, frame.r.w - 2, frame.r.h), none = a;
	long n, most;

	if (p->m->help.n > 0) {
		ui_lines_draw(a, &p->m->help, p->st);
		return;
	}
	none.r.h = 0;
	n = help_all(none, 0, p->st);
	most = n > a.r.h ? n - a.r.h : 0;
	if (p->st->scroll > most)
		p->st->scroll = most;
	p->st->page = a.r.h;
	help_all(a, (int)-p->st->scroll, p->st);
}

static void
help_note(const struct ui_panel_ctx *p, struct ui_area frame, int from, int right)
{
	struct ui_area none = ui_area_sub(frame, 2, 1, frame.r.w - 4, 0);
	long all = p->m->help.n > 0 ? (long)p->m->help.n : help_all(none, 0, p->st), rows = frame.r.h - 2;

	ui_note_part(p, frame, from, right, "help", all < rows ? all : rows, all, NULL, NULL);
}

static bool
help_key(const struct ui_panel_ctx *p, int key, struct ui_ask *ask)
{
	return ui_scroll_key(p->st, key, 1);
}

const struct ui_panel ui_panel_help = {
	.keys = "arrows scroll  Enter zoom  Esc close",
	.note = help_note,
	.draw = help_draw,
	.key = help_key,
};
