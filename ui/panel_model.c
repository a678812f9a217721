/* panel_model.c: a row a layer, locked ones marked, totals always in view. */
#include "panel.h"

static void
model_draw(const struct ui_panel_ctx *p, struct ui_area a)
{
	int pad = a.r.w >= 30;

	if (p->m->layers.nrows == 0)
		ui_put_n(a, 1, 0, a.r.w - 1, UI_DIM, "no model: build");
	else
		ui_table_draw(ui_area_sub(a, pad, 0, a.r.w - 2 * pad, a.r.h), &p->m->layers, p->st, true);
}

static void
model_note(const struct ui_panel_ctx *p, struct ui_area frame, int from, int right)
{
	long shown, all;

	ui_table_part(&p->m->layers, frame.r.h - 2, p->st, &shown, &all);
	ui_note_part(p, frame, from, right, "model", shown, all, p->m->layers.title, NULL);
}

static bool
model_key(const struct ui_panel_ctx *p, int key, struct ui_ask *ask)
{
	return ui_scroll_key(p->st, key, 1);
}

const struct ui_panel ui_panel_model = {
	.keys = "arrows  Enter zoom  ? keys",
	.note = model_note,
	.draw = model_draw,
	.key = model_key,
};
