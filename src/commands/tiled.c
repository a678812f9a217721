/* tiled.c: tiles that answer a command, as text or in a pane. */
#include "commands/tiled.h"

#include "export/pages.h"
#include "ui/panel.h"
#include "view/glyphs.h"

#include <stdlib.h>

#define TILED_STRIP 5 /* rows of maps in strips */
#define TILED_WIDE 18 /* columns of a tile, where its numbers are more than that */
#define TILED_HIGH 14 /* rows of one that has room to be larger */

/* The columns of a tile where all stand beside one another; 0: they are too many for that. */
static int
tiled_share(const struct ui_tiles *t, int width)
{
	int share = t->n > 0 && t->n < 8 ? (width + 2) / (int)t->n - 2 : 0;

	return share > TILED_WIDE ? share : 0;
}

/* Columns and rows of a tile: two columns and a row for each number, or fewer where they are many. share: tiled_share()
 * or 0. */
static void
tiled_cells(const struct ui_tile *t, int width, int share, int *w, int *h)
{
	int most = t->map == UI_MAP_NONE || 2 * t->width <= TILED_WIDE ? 2 * t->width : t->height == 1 ||
	    t->width > 8 * t->height ? t->width : TILED_WIDE;

	if (share > 0 && 2 * t->width > TILED_WIDE && t->width <= 8 * t->height)
		most = 2 * t->width <= share && t->height <= TILED_HIGH ? 2 * t->width : t->width <= share ? t->width :
		    share;

	*w = most < 2 ? 2 : most > width ? width : most;
	*h = ui_tile_is_wide(t) && t->height <= 32 ? t->height : (*w * t->height + t->width) / t->width / 2;
	*h = *h < 1 ? 1 : *h > 200 ? 200 : *h;
}

static void
tiled_canvas(struct session *s, const struct ui_canvas *c, enum ui_colours colours)
{
	char *text = colours == UI_MONO ? ui_canvas_dump(c) : ui_canvas_ansi(c, colours);

	out_text(s->out, "%s", text);
	free(text);
}

static int
tiled_caption(struct ui_area a, int x, int y, int cells, const struct ui_tile *t)
{
	int label = t->label != NULL ? ui_text_cells(t->label) : 0,
	    caption = t->caption != NULL ? ui_text_cells(t->caption) : 0, gap = label > 0 && caption > 0;

	if (a.c == NULL)
		return label + gap + caption;
	if (label > 0)
		ui_put_n(a, x, y, cells, UI_PLAIN, t->label);
	if (caption > 0 && cells > label + gap)
		ui_put_n(a, x + label + gap, y, cells - label - gap, UI_PLAIN, t->caption);
	return 0;
}

/* Tiles first..end-1 beside one another, each in `step` columns. */
static void
tiled_row(struct session *s, const struct ui_tiles *t, size_t first, size_t end, int step, enum ui_colours colours)
{
	int w, h, high = 0, at = 0;
	struct ui_canvas *c;
	bool captions = false;

	for (size_t i = first; i < end; i++) {
		tiled_cells(&t->tile[i], s->out->width, tiled_share(t, s->out->width), &w, &h);
		high = h > high ? h : high;
		captions |= tiled_caption((struct ui_area){0}, 0, 0, 0, &t->tile[i]) > 0;
	}
	c = ui_canvas_new((int)(end - first) * step, high + captions, view_glyphs(s, UI_BLOCK));
	for (size_t i = first; i < end; i++, at += step) {
		tiled_cells(&t->tile[i], s->out->width, tiled_share(t, s->out->width), &w, &h);
		ui_picture_tile(ui_area_all(c), at, high - h, w, h, colours, 0, &t->tile[i]);
		tiled_caption(ui_area_all(c), at, high, step - 1, &t->tile[i]);
	}
	tiled_canvas(s, c, colours);
	ui_canvas_free(c);
}

/* A transcript is to be read anywhere. */
static enum ui_colours
tiled_colours(const struct out *o)
{
	return o->colour && !o->plain && o->log == NULL ? UI_256 : UI_MONO;
}

static void
tiled_print(struct session *s, const struct ui_tiles *t)
{
	enum ui_colours colours = tiled_colours(s->out);
	int w, h, step = 1;
	size_t cols;
	struct ui_canvas *c;

	for (size_t i = 0; i < t->n; i++) {
		int text = tiled_caption((struct ui_area){0}, 0, 0, 0, &t->tile[i]);

		tiled_cells(&t->tile[i], s->out->width, tiled_share(t, s->out->width), &w, &h);
		w = text > w ? text : w;
		step = w + 2 > step ? w + 2 : step;
	}
	cols = step - 2 < s->out->width ? (size_t)((s->out->width + 2) / step) : 1;
	for (size_t i = 0; i < t->n; i += cols)
		tiled_row(s, t, i, i + cols < t->n ? i + cols : t->n, step, colours);
	if (t->scale.map == UI_MAP_NONE)
		return;
	c = ui_canvas_new(s->out->width, 1, view_glyphs(s, UI_BLOCK));
	ui_scale_draw(ui_area_all(c), 0, 0, colours, &t->scale);
	tiled_canvas(s, c, colours);
	ui_canvas_free(c);
}

void
tiled_show(struct session *s, struct ui_tiles *t)
{
	const struct user_host *host = s->user.host;

	out_text(s->out, "%s%s%s", t->title, t->note != NULL ? "  " : "", t->note != NULL ? t->note : "");
	pages_shown_tiles(s, t);
	if (host != NULL && host->tiled != NULL)
		host->tiled(s->user.host_arg, t, NULL);
	else if (s->out->mode == OUT_TABLE)
		tiled_print(s, t);
	ui_tiles_clear(t);
}

void
tiled_strips(struct session *s, struct ui_strips *strips)
{
	const struct user_host *host = s->user.host;
	struct ui_pane_state st = {0};
	struct ui_canvas *c;

	out_text(s->out, "%s%s%s", strips->title, strips->note != NULL ? "  " : "", strips->note != NULL ?
	    strips->note : "");
	pages_shown_strips(s, strips);
	if (host != NULL && host->tiled != NULL)
		host->tiled(s->user.host_arg, NULL, strips);
	else if (s->out->mode == OUT_TABLE) {
		c = ui_canvas_new(s->out->width, ui_strips_rows(strips, TILED_STRIP), view_glyphs(s, UI_BLOCK));
		ui_strips_draw(ui_area_all(c), strips, &st, tiled_colours(s->out));
		tiled_canvas(s, c, tiled_colours(s->out));
		ui_canvas_free(c);
	}
	ui_strips_clear(strips);
}
