/* panel_probe.c: what the last probe has found: a row each along one axis, with its numbers; as a picture where the
 * terminal draws them and each row can be read in it.
 */
#include "estimates.h"
#include "inlay.h"

#include <stdio.h>

static void
probe_draw(const struct ui_panel_ctx *p, struct ui_area a)
{
	const struct ui_estimates *t = &p->m->probe;

	if (t->n == 0)
		ui_put_n(a, 1, a.r.h / 2, a.r.w - 1, UI_DIM, "nothing probed yet: probe");
	else if (ui_inlay_estimates(a, t))
		p->st->rows = ui_estimates_rows(t);
	else
		ui_estimates_draw(ui_area_sub(a, 1, 0, a.r.w - 2, a.r.h), t, p->st);
}

static void
probe_title(const struct ui_panel_ctx *p, char *title, size_t size)
{
	const char *of = p->m->probe.brief;

	snprintf(title, size, "probe%s%s", of != NULL ? " " : "", of != NULL ? of : "");
}

/* When it was, and what the rows are where that has room. */
static void
probe_note(const struct ui_panel_ctx *p, struct ui_area frame, int from, int right)
{
	const struct ui_estimates *t = &p->m->probe;
	char text[160];

	if (t->when == NULL)
		return;
	snprintf(text, sizeof text, "%s, %s", t->when, t->note != NULL ? t->note : "");
	ui_note_part(p, frame, from, right, "probe", p->st->rows, ui_estimates_rows(t), t->note != NULL ? text : NULL,
	    t->when);
}

static bool
probe_key(const struct ui_panel_ctx *p, int key, struct ui_ask *ask)
{
	return ui_scroll_key(p->st, key, 1);
}

const struct ui_panel ui_panel_probe = {
	.keys = "arrows scroll  Enter zoom",
	.cols = 40,
	.rows = 8,
	.title = probe_title,
	.note = probe_note,
	.draw = probe_draw,
	.key = probe_key,
};
