/* panel_explain.c: what a number is made of: its parts as maps, and line by line with what they come to. The lines are
 * what it is about: maps stand above them, or beside them, where both have room.
 */
#include "panel.h"

#include <stdio.h>
#include <string.h>

#define TERMS 58 /* columns that lines want, */
#define LINES 10 /* and rows */
#define HIGH 4 /* rows of a map above lines, */
#define LOW 3 /* and the fewest */

/* Maps beside the lines, above them, or nowhere. */
static void
explain_maps(const struct ui_panel_ctx *p, struct ui_area *a)
{
	const struct ui_strips *maps = &p->m->explain.maps;
	struct ui_pane_state still = {0};
	int high = HIGH, rows, w = a->r.w - TERMS - 2;

	if (maps->n > 0 && w >= TERMS) {
		w = w > a->r.w / 2 ? a->r.w / 2 : w;
		ui_strips_draw(ui_area_sub(*a, 0, 0, w, a->r.h), maps, &still, p->colours);
		*a = ui_area_sub(*a, w + 2, 0, a->r.w - w - 2, a->r.h);
		return;
	}
	while (high > LOW && ui_strips_rows(maps, high) + LINES > a->r.h)
		high--;
	rows = ui_strips_rows(maps, high);
	if (maps->n == 0 || rows + LINES > a->r.h)
		return;
	ui_strips_draw(ui_area_sub(*a, 0, 0, a->r.w, rows), maps, &still, p->colours);
	*a = ui_area_sub(*a, 0, rows, a->r.w, a->r.h - rows);
}

static void
explain_draw(const struct ui_panel_ctx *p, struct ui_area a)
{
	const struct ui_parts *x = &p->m->explain;

	if (x->terms.nrows == 0) {
		ui_put_n(a, 1, a.r.h / 2, a.r.w - 1, UI_DIM, x->maps.note != NULL ? x->maps.note :
		    "nothing explained yet: explain conv2d[7] 12,12");
		return;
	}
	a = ui_area_sub(a, 1, 0, a.r.w - 2, a.r.h);
	explain_maps(p, &a);
	p->st->rows = a.r.h;
	ui_table_draw(a, &x->terms, p->st, false);
}

/* The unit is what it is about: without room the picture leaves, then the pane's own name. */
static void
explain_title(const struct ui_panel_ctx *p, char *title, size_t size)
{
	const char *name = "explain ", *of = p->m->explain.maps.title, *picture;
	int n;

	if (of == NULL)
		return;
	n = (int)strlen(of);
	if ((picture = strstr(of, " of ")) != NULL && ui_text_cells(name) + ui_text_cells(of) > p->room)
		n = (int)(picture - of);
	snprintf(title, size, "%s%.*s", ui_text_cells(name) + n > p->room ? "" : name, n, of);
}

static void
explain_note(const struct ui_panel_ctx *p, struct ui_area frame, int from, int right)
{
	const struct ui_parts *x = &p->m->explain;
	long shown, all;

	if (x->terms.nrows == 0)
		return;
	ui_table_part(&x->terms, p->st->rows, p->st, &shown, &all);
	ui_note_part(p, frame, from, right, "explain", shown, all, x->maps.note, x->maps.brief);
}

static bool
explain_key(const struct ui_panel_ctx *p, int key, struct ui_ask *ask)
{
	return ui_scroll_key(p->st, key, 1);
}

const struct ui_panel ui_panel_explain = {
	.keys = "arrows  Enter zoom",
	.keys_whole = true,
	.cols = 56,
	.rows = 9,
	.title = explain_title,
	.note = explain_note,
	.draw = explain_draw,
	.key = explain_key,
};
