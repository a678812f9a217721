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

static void
maps_note(const struct ui_panel_ctx *p, struct ui_area frame, int from, int right)
{
	const char *note = p->m->strips.n > 0 ? p->m->strips.note : p->m->maps.note;

	if (note != NULL)
		ui_note_right(frame, from, right, UI_DIM, note);
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
	return ui_scroll_key(p->st, key, 3, 1);
}

const struct ui_panel ui_panel_maps = {
	.keys = "arrows scroll  Enter zoom",
	.title = maps_title,
	.note = maps_note,
	.draw = maps_draw,
	.key = maps_key,
};
