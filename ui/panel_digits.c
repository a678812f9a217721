/* panel_digits.c: small pictures with captions, as large as fits.
 */
#include "panel.h"
#include "inlay.h"

#include <stdio.h>
#include <string.h>

#define CAPTION_LONG 14 /* columns from which on label and caption of a marked tile have rows of their own */

/* How tiles are laid out in an area: pictures of w x h cells, one or two caption rows below each when it has some. */
struct grid {
	int w, h, caption, cols, rows;
	int lines; /* rows that the captions want */
	int heads; /* columns at the left for the label of the first tile of each row, where none has a caption */
	int stepx, stepy, left, margin;
	bool large; /* they are looked at from far away */
};

/* The columns that the captions take in so many lines. */
static int
caption_cells(const struct ui_tiles *t, int lines)
{
	int most = 0;

	for (size_t i = 0; i < t->n; i++) {
		int label = t->tile[i].label ? ui_text_cells(t->tile[i].label) : 0;
		int n = (t->tile[i].caption ? ui_text_cells(t->tile[i].caption) : 0) + (t->tile[i].mark != 0);

		n = lines == 1 ? n + label : n > label ? n : label;
		most = n > most ? n : most;
	}
	return most;
}

static int
caption_lines(const struct ui_tiles *t)
{
	bool marked = false;

	for (size_t i = 0; i < t->n; i++)
		marked |= t->tile[i].mark != 0;
	return marked && caption_cells(t, 1) > CAPTION_LONG ? 2 : 1;
}

/* Pixels at each edge that no tile draws on, but for one: what is cut off is larger for it. */
static int
tiles_margin(const struct ui_tiles *t)
{
	int least = 1 << 20;

	for (size_t i = 0; i < t->n; i++) {
		const struct ui_tile *x = &t->tile[i];
		bool like = x->map == UI_MAP_NONE && x->height == t->tile[0].height && x->width == t->tile[0].width;
		int n = like ? ui_picture_margin(x->height, x->width, x->channels, x->pixels) : 0;

		least = n < least ? n : least;
	}
	/* A tile without a stroke says nothing; a quarter at most. */
	if (least > t->tile[0].height / 4)
		least = t->tile[0].height / 4;
	return least > 1 ? least - 1 : 0;
}

/* Tries tiles in so many rows, of which `least` are to be in view, with a column between them or none: as high as they
 * can be, and as wide as they are high. From full resolution on only whole multiples of it. */
static bool
grid_try(struct grid *g, struct ui_area a, const struct ui_tiles *t, int rows, int least, int gap, int text)
{
	const struct ui_tile *first = &t->tile[0];
	int each = a.r.h / rows, cols = (least + rows - 1) / rows, most, down = first->height - 2 * g->margin,
	    across = first->width - 2 * g->margin;

	if (text > 0 && first->map != UI_MAP_NONE && t->whole) /* their labels stand between them */
		g->caption = each > 1;
	else {
		if (first->map != UI_MAP_NONE && (a.r.h + 1) / rows > 1) /* a row between: maps would become one */
			each = (a.r.h + 1) / rows - 1;
		g->caption = text > 0 && each > 2 ? each > 4 ? g->lines : 1 : 0;
	}
	g->h = each - g->caption;
	most = (a.r.w + gap) / cols - gap;
	if (down < 1 || across < 1 || g->h < 1)
		return false;
	if (2 * g->h * across > most * down)
		g->h = most * down / (2 * across);
	if (first->map != UI_MAP_NONE && g->h >= down)
		g->h = g->h / down * down; /* a whole number of signs for each of its numbers */
	else if (2 * g->h >= down) {
		int whole = (2 * g->h / down * down + 1) / 2;

		if (!g->large || 8 * whole >= 7 * g->h) /* from far away size tells more than even pixels */
			g->h = whole;
	}
	g->w = (2 * g->h * across + down / 2) / down;
	g->rows = rows;
	g->stepx = g->w + gap;
	if (g->caption && (text + 1) * cols <= a.r.w + 1 && g->stepx < text + 1)
		g->stepx = text + 1;
	if (g->h < 1 || g->w < 1 || g->w > most)
		return false;
	if (g->caption && t->whole && first->map != UI_MAP_NONE && g->stepx < text + 1)
		return false;
	g->cols = (a.r.w + gap) / g->stepx;
	return g->cols > 0;
}

#define MAP_SMALL 8 /* rows of a map that get a cell each */
#define LARGE 800 /* cells for each tile that is looked at from far away */

/* The largest pictures of which at least `least` are in view, with captions of `text` columns. */
static void
grid_largest(struct grid *g, struct ui_area a, const struct ui_tiles *t, int least, int lines, int text)
{
	int n = t->n > 1000 ? 1000 : (int)t->n;
	struct grid best = {0};

	least = least < n ? least : n;
	for (int gap = 1; gap >= (t->tile[0].map != UI_MAP_NONE); gap--) /* maps would become one */
		for (int rows = 1; rows <= n && rows <= a.r.h; rows++) {
			struct grid x = {.margin = g->margin, .lines = lines, .large = g->large};

			if (grid_try(&x, a, t, rows, least, gap, text) && x.w * x.h > best.w * best.h * 1.05)
				best = x;
		}
	best.margin = g->margin;
	best.large = g->large;
	*g = best;
}

static void
grid_best(struct grid *g, struct ui_area a, const struct ui_tiles *t, int least)
{
	int lines = caption_lines(t);

	grid_largest(g, a, t, least, lines, caption_cells(t, lines));
}

/* All maps in view: each with its label below or, where that would make them smaller, with one beside each row. */
static void
grid_whole(struct grid *g, struct ui_area a, const struct ui_tiles *t)
{
	int n = t->n > 1000 ? 1000 : (int)t->n, lines = caption_lines(t), text = caption_cells(t, lines);
	struct grid below = {.margin = g->margin}, beside = below;
	bool heads = text > 0 && t->tile[0].map != UI_MAP_NONE && n > 1;

	grid_largest(&below, a, t, n, lines, text);
	if (heads)
		grid_largest(&beside, ui_area_sub(a, text + 1, 0, a.r.w - text - 1, a.r.h), t, n, lines, 0);
	beside.heads = text + 1;
	*g = heads && beside.w * beside.h > (below.caption ? below.w * below.h : 0) ? beside : below;
}

static void
grid_find(struct grid *g, struct ui_area a, const struct ui_tiles *t, bool large)
{
	int n = t->n > 1000 ? 1000 : (int)t->n, room = a.r.w * a.r.h / LARGE, down, step;

	memset(g, 0, sizeof *g);
	if (n == 0 || a.r.w < 3 || a.r.h < 1)
		return;
	g->margin = tiles_margin(t);
	g->large = large;
	down = t->tile[0].height - 2 * g->margin;
	if (t->whole)
		grid_whole(g, a, t);
	if (g->w > 0)
		;
	else if (t->tile[0].map != UI_MAP_NONE) /* all, or as many as leave each of their numbers to be seen */
		for (int least = n; least > 0 && (g->w == 0 || (down <= MAP_SMALL ? 1 : 2) * g->h < down); least =
		    least > 8 ? least / 2 : least - 4)
			grid_best(g, a, t, least);
	else if (large) /* two; more where there is much room */
		grid_best(g, a, t, room < 2 ? 2 : room > 8 ? 8 : room);
	else if (a.r.w * a.r.h > 1600) /* many, if all of their pixels can be seen */
		grid_best(g, a, t, 10);
	if (t->tile[0].map == UI_MAP_NONE && 2 * g->h < down && !large)
		grid_best(g, a, t, 5);
	if (g->w == 0)
		return;
	while (g->rows > 1 && g->cols * (g->rows - 1) >= n)
		g->rows--;
	if (g->cols * g->rows > n)
		g->cols = (n + g->rows - 1) / g->rows;
	/* Spread over the width, but not thin. */
	step = (a.r.w - g->heads + 1) / g->cols;
	g->stepx = step > g->stepx + 4 ? g->stepx + 4 : step > g->stepx ? step : g->stepx;
	g->stepy = g->h + g->caption;
	if (g->rows > 1 && a.r.h >= g->rows * (g->stepy + 1) - 1)
		g->stepy++;
	g->left = g->heads + (a.r.w - g->heads - (g->cols * g->stepx - (g->stepx - g->w))) / 2;
	g->left = g->left < g->heads ? g->heads : g->left;
}

/* The area without the row of the scale. */
static struct ui_area
tiles_area(struct ui_area a, const struct ui_tiles *t)
{
	bool scale = t->scale.map != UI_MAP_NONE && t->n > 0 && a.r.h >= 5 && ui_scale_cells(&t->scale) <= a.r.w;

	return ui_area_sub(a, 0, 0, a.r.w, a.r.h - scale);
}

static int
centred(struct ui_area a, int x, int y, int cells, int style, const char *text)
{
	int n = ui_text_cells(text);

	x += n < cells ? (cells - n) / 2 : 0;
	return ui_put_n(a, x < 0 ? 0 : x, y, cells, style, text);
}

/* The label, with the number before it where both have room in so many columns. */
static const char *
caption_label(const struct ui_tile *t, int cells, char *buf, size_t size)
{
	const char *label = t->label != NULL ? t->label : "";

	snprintf(buf, size, "#%lld %s", (long long)t->id, label);
	return t->numbered && ui_text_cells(buf) <= cells ? buf : label;
}

/* The label in one row, the sign and the caption in the next. */
static void
caption_rows(struct ui_area a, int x, int y, int cells, const struct ui_tile *t)
{
	char text[160];

	centred(a, x, y, cells, UI_BOLD, caption_label(t, cells, text, sizeof text));
	snprintf(text, sizeof text, "%s%s", t->mark == 0 ? "" :
	    ui_glyph(a.c->glyphs, t->mark < 0 ? UI_G_WRONG : UI_G_RIGHT), t->caption ? t->caption : "");
	if (ui_text_cells(text) > cells && strrchr(text, ' ') != NULL) /* the name is worth more than the number */
		*strrchr(text, ' ') = '\0';
	centred(a, x, y + 1, cells, t->mark < 0 ? UI_BAD : t->mark > 0 ? UI_GOOD : UI_DIM, text);
}

static void
caption_draw(struct ui_area a, int x, int y, int cells, const struct ui_tile *t)
{
	int style = t->mark < 0 ? UI_BAD : t->mark > 0 ? UI_GOOD : UI_DIM, n, sign = t->mark != 0, wide;
	char text[160], caption[160];
	const char *label;

	snprintf(caption, sizeof caption, "%s", t->caption ? t->caption : "");
	n = sign + ui_text_cells(caption);
	label = caption_label(t, cells - n, text, sizeof text);
	n += ui_text_cells(label);
	for (char *cut; n + !sign > cells && label[0] != '\0' && caption[0] != '\0'; n = sign + ui_text_cells(caption) +
	    ui_text_cells(label)) { /* what has no room leaves: of a mark the number, then all */
		cut = sign ? strrchr(caption, ' ') : NULL;
		*(cut != NULL ? cut : caption) = '\0';
	}
	wide = n < cells && t->label && t->caption; /* a blank behind the label where there is room */
	n += wide;
	x += n < cells ? (cells - n) / 2 : 0;
	x = x < 0 ? 0 : x;
	cells = n < cells ? n : cells;
	if (t->label) {
		int end = ui_put_n(a, x, y, cells, UI_BOLD, label);

		cells -= end - x + wide;
		x = end + wide;
	}
	if (sign && cells > 0) {
		x = ui_put(a, x, y, style, ui_glyph(a.c->glyphs, t->mark < 0 ? UI_G_WRONG : UI_G_RIGHT));
		cells--;
	}
	if (cells > 0)
		ui_put_n(a, x, y, cells, style, caption);
}

/* A row of numbers, or a few, each row at least a cell high. */
static void
wide_draw(struct ui_area a, const struct ui_tile *t, enum ui_colours colours)
{
	int across = a.r.w / t->width, w = across > 0 ? across * t->width : a.r.w, down = a.r.h / t->height,
	    h = down > 3 ? 3 * t->height : down > 0 ? down * t->height : a.r.h;

	if (!ui_inlay_tile(a, 0, 0, w, h, t, 0))
		ui_picture_tile(a, 0, 0, w, h, colours, 0, t);
}

static size_t
tiles_first(const struct grid *g, const struct ui_tiles *t, const struct ui_pane_state *st)
{
	size_t shown = (size_t)(g->cols * g->rows);
	size_t most = t->n > shown ? (t->n - shown + (size_t)g->cols - 1) / (size_t)g->cols : 0;

	return (st->scroll < 0 ? 0 : (size_t)st->scroll > most ? most : (size_t)st->scroll) * (size_t)g->cols;
}

void
ui_tiles_draw(struct ui_area a, const struct ui_tiles *t, struct ui_pane_state *st, enum ui_colours colours)
{
	struct grid g;
	size_t first;

	if (tiles_area(a, t).r.h < a.r.h)
		ui_scale_draw(a, 0, a.r.h - 1, colours, &t->scale);
	a = tiles_area(a, t);
	if (t->n == 1 && ui_tile_is_wide(t->tile)) {
		wide_draw(a, &t->tile[0], colours);
		return;
	}
	grid_find(&g, a, t, st->large);
	if (g.w == 0)
		return;
	first = tiles_first(&g, t, st);
	st->scroll = (long)(first / (size_t)g.cols);
	st->page = g.rows;
	for (int i = 0; i < g.cols * g.rows && first + (size_t)i < t->n; i++) {
		const struct ui_tile *tile = &t->tile[first + (size_t)i];
		int x = g.left + i % g.cols * g.stepx, y = i / g.cols * g.stepy;

		if (!ui_inlay_tile(a, x, y, g.w, g.h, tile, g.margin))
			ui_picture_tile(a, x, y, g.w, g.h, colours, g.margin, tile);
		if (g.caption)
			(g.caption > 1 ? caption_rows : caption_draw)(a, x - (g.stepx - g.w) / 2, y + g.h,
			    g.stepx - 1 > g.w || g.stepx == g.w ? g.stepx - 1 : g.w, tile);
		else if (tile->mark < 0)
			ui_put(a, x, y, UI_BAD, ui_glyph(a.c->glyphs, UI_G_WRONG));
		if (g.heads > 0 && i % g.cols == 0 && tile->label != NULL)
			ui_put_right(a, g.left - 1, y, UI_BOLD, tile->label);
	}
}

long
ui_tiles_shown(struct ui_area a, const struct ui_tiles *t, const struct ui_pane_state *st)
{
	struct grid g;
	long n = (long)t->n, fit;

	if (n == 1 && ui_tile_is_wide(t->tile))
		return n;
	grid_find(&g, tiles_area(a, t), t, st->large);
	if (g.w == 0)
		return 0;
	fit = (long)g.cols * g.rows;
	return n - (long)tiles_first(&g, t, st) < fit ? n - (long)tiles_first(&g, t, st) : fit;
}

long
ui_tiles_at(struct ui_area a, const struct ui_tiles *t, const struct ui_pane_state *st, int x, int y)
{
	struct grid g;
	int col, row;
	size_t i;

	a = tiles_area(a, t);
	grid_find(&g, a, t, st->large);
	if (g.w == 0 || x < g.left || y < 0)
		return -1;
	col = (x - g.left) / g.stepx;
	row = y / g.stepy;
	if (col >= g.cols || row >= g.rows)
		return -1;
	i = tiles_first(&g, t, st) + (size_t)(row * g.cols + col);
	return i < t->n ? (long)i : -1;
}

/* ---- panels ---- */

static bool
tiles_key(const struct ui_panel_ctx *p, int key, struct ui_ask *ask)
{
	if (key == '0' && p->m->digits.n > 0 && p->m->digits.tile[0].numbered) { /* those that were asked for */
		p->st->scroll = 0;
		ask->click = true;
		ask->id = -1;
		return true;
	}
	key = key == UI_KEY_LEFT ? UI_KEY_UP : key == UI_KEY_RIGHT ? UI_KEY_DOWN : key;
	return ui_scroll_key(p->st, key, 1);
}

static bool
tiles_click(const struct ui_panel_ctx *p, struct ui_area a, int x, int y, struct ui_ask *ask)
{
	const struct ui_tiles *t = &p->m->digits;
	long i = ui_tiles_at(ui_area_sub(a, 1, 0, a.r.w - 2, a.r.h), t, p->st, x - 1, y);

	if (i < 0)
		return false;
	ask->click = true;
	ask->id = t->tile[i].id;
	ask->row = (int)i;
	return true;
}

static void
digits_title(const struct ui_panel_ctx *p, char *title, size_t size)
{
	const struct ui_tiles *t = &p->m->digits;

	snprintf(title, size, "digits%s%s", t->title ? " " : "", t->title ? t->title : "");
}

/* Counts what is in view: a note about digits that nobody sees would read as a wrong one. */
static void
digits_note(const struct ui_panel_ctx *p, struct ui_area frame, int from, int right)
{
	const struct ui_tiles *t = &p->m->digits;
	struct grid g;
	size_t first;
	int shown = 0, wrong = 0;
	bool marked = false;
	char text[48];

	grid_find(&g, ui_area_sub(frame, 2, 1, frame.r.w - 4, frame.r.h - 2), t, p->st->large);
	first = g.w > 0 ? tiles_first(&g, t, p->st) : 0;
	for (; shown < g.cols * g.rows && first + (size_t)shown < t->n; shown++) {
		wrong += t->tile[first + (size_t)shown].mark < 0;
		marked = marked || t->tile[first + (size_t)shown].mark != 0;
	}
	snprintf(text, sizeof text, "%d of %d wrong", wrong, shown);
	if (t->said && t->note) /* an answer, of which all is to be seen */
		ui_note_part(p, frame, from, right, "digits", shown, (long)(t->n + t->besides), t->note,
		    NULL);
	else if (marked || t->note)
		ui_note_right(frame, from, right, UI_DIM, marked ? text : t->note);
}

static void
digits_draw(const struct ui_panel_ctx *p, struct ui_area a)
{
	if (p->m->digits.n == 0)
		ui_put_n(a, 1, a.r.h / 2, a.r.w - 1, UI_DIM, "no digits yet: show");
	else
		ui_tiles_draw(ui_area_sub(a, 1, 0, a.r.w - 2, a.r.h), &p->m->digits, p->st, p->colours);
}

const struct ui_panel ui_panel_digits = {
	.keys = "arrows scroll  click predicts  Enter zoom  0 sample",
	.title = digits_title,
	.note = digits_note,
	.draw = digits_draw,
	.key = tiles_key,
	.click = tiles_click,
};
