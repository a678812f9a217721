/* farewell.c: what stays in the scroll-back when the workbench closes: the model and its totals beside the curves */
#include "loop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The pane of a pass: the model at the left where that has room, the curves at the right. */
static struct ui_area
farewell_area(struct ui_area all, int pass, int left)
{
	int x = pass == 0 || left == 0 ? 0 : left - 1, half = all.r.h / 2;

	return ui_area_sub(all, x, pass < 2 ? 0 : half, pass == 0 ? left : all.r.w - x, pass == 0 ? all.r.h :
	    pass == 1 ? half + 1 : all.r.h - half);
}

void
ui_farewell(const struct ui_model *m, enum ui_glyphs glyphs, enum ui_colours colours, int cols)
{
	struct ui_canvas *c;
	struct ui_pane_state st = {0};
	struct ui_panel_ctx ctx = {m, colours, &st, true}; /* no command leads to a pane any more */
	int rows = (int)m->layers.nrows + 3, left = cols >= 76 ? 38 : 0;
	struct ui_area all, a;
	char *text;

	if (m->loss.nseries == 0 || cols < 24)
		return;
	rows = rows < 18 ? 18 : rows > 30 ? 30 : rows;
	c = ui_canvas_new(cols, rows, glyphs);
	all = ui_area_all(c);
	for (int pass = 0; pass < 3; pass++) {
		enum ui_pane p = pass == 0 ? UI_P_model : pass == 1 ? UI_P_loss : UI_P_accuracy;

		if (pass == 0 && left == 0)
			continue;
		a = ui_frame(farewell_area(all, pass, left), UI_S_BORDER, NULL, NULL, NULL);
		ctx.st = &st;
		memset(&st, 0, sizeof st);
		ui_panels[p]->draw(&ctx, a);
	}
	for (int pass = left ? 0 : 1; pass < 3; pass++) { /* titles over the shared borders */
		enum ui_pane p = pass == 0 ? UI_P_model : pass == 1 ? UI_P_loss : UI_P_accuracy;

		a = farewell_area(all, pass, left);
		ui_putf(a, 2, 0, UI_S_TITLE, " %s ", ui_panel_names[p]);
		if (ui_panels[p]->note)
			ui_panels[p]->note(&ctx, a, (int)strlen(ui_panel_names[p]) + 6, a.r.w - 2);
	}
	text = ui_canvas_ansi(c, colours);
	if (m->headline)
		printf("%s%s%s\n", m->headline, m->status ? "  " : "", m->status ? m->status : "");
	fputs(text, stdout);
	fflush(stdout);
	free(text);
	ui_canvas_free(c);
}
