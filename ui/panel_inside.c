/* panel_inside.c: the inside of a network while it learns: filters of a layer, and what a layer makes of a picture.
 */
#include "panel.h"

#include <stdio.h>

static void
inside_title(const char *name, const struct ui_tiles *t, char *title, size_t size)
{
	snprintf(title, size, "%s%s%s", name, t->title ? " " : "", t->title ? t->title : "");
}

/* What is frozen has a lock sign and the colour of it. */
static void
inside_note(const struct ui_panel_ctx *p, const char *pane, const struct ui_tiles *t, struct ui_area frame, int from,
    int right)
{
	const char *note[2] = {t->note, t->brief};
	long shown = ui_tiles_shown(ui_area_sub(frame, 2, 1, frame.r.w - 4, frame.r.h - 2), t, p->st);
	char text[96];

	if (t->n == 0)
		return; /* the pane itself says why */
	if (shown < (long)t->n) {
		ui_note_part(p, frame, from, right, pane, shown, (long)t->n, t->note, t->brief);
		return;
	}
	for (int i = 0; i < 2; i++) {
		if (note[i] == NULL)
			continue;
		snprintf(text, sizeof text, "%s%s%s", t->still ? ui_glyph(frame.c->glyphs, UI_G_LOCK) : "",
		    t->still ? " " : "", note[i]);
		if (ui_text_cells(text) + 2 > right - from)
			continue;
		ui_note_right(frame, from, right, t->still ? UI_COLD : UI_DIM, text);
		return;
	}
}

static void
inside_draw(const struct ui_panel_ctx *p, const struct ui_tiles *t, struct ui_area a, const char *none)
{
	if (t->n == 0)
		ui_put_n(a, 1, a.r.h / 2, a.r.w - 1, UI_DIM, t->note ? t->note : none);
	else
		ui_tiles_draw(ui_area_sub(a, 1, 0, a.r.w - 2, a.r.h), t, p->st, p->colours);
}

static bool
inside_key(const struct ui_panel_ctx *p, int key, struct ui_ask *ask)
{
	return ui_scroll_key(p->st, key, 1);
}

static void
filters_title(const struct ui_panel_ctx *p, char *title, size_t size)
{
	inside_title("filters", &p->m->filters, title, size);
}

static void
filters_note(const struct ui_panel_ctx *p, struct ui_area frame, int from, int right)
{
	inside_note(p, "filters", &p->m->filters, frame, from, right);
}

static void
filters_draw(const struct ui_panel_ctx *p, struct ui_area a)
{
	inside_draw(p, &p->m->filters, a, "no filters");
}

const struct ui_panel ui_panel_filters = {
	.keys = "arrows  Enter zoom",
	.keys_whole = true,
	.title = filters_title,
	.note = filters_note,
	.draw = filters_draw,
	.key = inside_key,
};

static void
activations_title(const struct ui_panel_ctx *p, char *title, size_t size)
{
	inside_title("activations", &p->m->activations, title, size);
}

static void
activations_note(const struct ui_panel_ctx *p, struct ui_area frame, int from, int right)
{
	inside_note(p, "activations", &p->m->activations, frame, from, right);
}

static void
activations_draw(const struct ui_panel_ctx *p, struct ui_area a)
{
	inside_draw(p, &p->m->activations, a, "no picture yet: data");
}

const struct ui_panel ui_panel_activations = {
	.keys = "arrows  Enter zoom",
	.keys_whole = true,
	.title = activations_title,
	.note = activations_note,
	.draw = activations_draw,
	.key = inside_key,
};
