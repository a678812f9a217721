/* panel_maps.c: the maps that a command was last asked for: filters, activations, what matters to a prediction.
 */
#include "panel.h"

#include <stdio.h>

static void
maps_title(const struct ui_panel_ctx *p, char *title, size_t size)
{
	const char *of = p->m->strips.n > 0 ? p->m->strips.title : p->m->maps.title;

	snprintf(title, size, "maps%s%s", of != NULL ? " " : "", of != NULL ? of : "");
}

static const char *
maps_brief(const struct ui_model *m)
{
	return m->strips.n > 0 ? m->strips.brief : m->maps.brief;
}

/* When they were made, since they stay as they were while the model learns on. */
static int
maps_note_least(const struct ui_panel_ctx *p)
{
	const char *brief = maps_brief(p->m);

	return brief != NULL ? 2 + ui_text_cells(brief) : 0;
}

static void
maps_note(const struct ui_panel_ctx *p, struct ui_area frame, int from, int right)
{
	const struct ui_strips *s = &p->m->strips;
	const struct ui_tiles *t = &p->m->maps;
	struct ui_area a = ui_area_sub(frame, 2, 1, frame.r.w - 4, frame.r.h - 2);
	bool strips = s->n > 0;
	long all = (long)(strips ? s->n : t->n), shown = strips ? ui_strips_shown(a, s, p->st) : ui_tiles_shown(a, t,
	    p->st);
	int least = maps_note_least(p);

	if (least > 0 && least + snprintf(NULL, 0, ", %ld of %ld", shown, all) > right - from)
		shown = all; /* when they were made says more than how many are in view */
	ui_note_part(p, frame, from, right, "maps", shown, all, strips ? s->note : t->note, maps_brief(p->m));
}

static void
maps_draw(const struct ui_panel_ctx *p, struct ui_area a)
{
	if (p->m->strips.n > 0)
		ui_strips_draw(ui_area_sub(a, 1, 0, a.r.w - 2, a.r.h), &p->m->strips, p->st, p->colours);
	else if (p->m->maps.n == 0)
		ui_put_n(a, 1, a.r.h / 2, a.r.w - 1, UI_DIM, "no maps yet: filters conv2d");
	else
		ui_tiles_draw(ui_area_sub(a, 1, 0, a.r.w - 2, a.r.h), &p->m->maps, p->st, p->colours);
}

static bool
maps_key(const struct ui_panel_ctx *p, int key, struct ui_ask *ask)
{
	return ui_scroll_key(p->st, key, 1);
}

const struct ui_panel ui_panel_maps = {
	.keys = "arrows  Enter zoom",
	.title = maps_title,
	.note = maps_note,
	.note_least = maps_note_least,
	.draw = maps_draw,
	.key = maps_key,
};
