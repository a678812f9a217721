/* strips.c: rows of maps as cells: the name of each at the left, beside it as many of its maps as fit.
 */
#include "panel.h"
#include "inlay.h"

#include <math.h>
#include <stdio.h>

#define NAMES 22 /* columns, but for longer names */
#define HIGH 6 /* rows of a map at most */

enum kind { EMPTY, SAID, ROW, MAPS, BARS };

static enum kind
kind_of(const struct ui_strip *s)
{
	return s->nbars > 0 ? BARS : s->say != NULL ? SAID : s->tiles.n == 0 ? EMPTY :
	    ui_tile_is_wide(&s->tiles.tile[0]) ? ROW : MAPS;
}

/* Of a wide map: one, or of several with what stands below the name. */
static int
row_rows(const struct ui_strip *s)
{
	int rows = s->tiles.tile[0].height;

	return rows == 1 ? 1 : rows < 3 ? 3 : rows > HIGH ? HIGH : rows;
}

/* Rows of a strip whose maps are `high`, the blank behind them included. */
static int
strip_rows(const struct ui_strip *s, int high)
{
	enum kind k = kind_of(s);

	return k == MAPS ? high + 1 : k == BARS ? (int)s->nbars : k == SAID ? 3 : k == ROW ? row_rows(s) : 1;
}

int
ui_strips_rows(const struct ui_strips *s, int high)
{
	int rows = 0;

	for (size_t i = 0; i < s->n; i++)
		rows += strip_rows(&s->strip[i], high);
	return rows;
}

/* Columns of the names: up to half of all. */
static int
names_cells(const struct ui_strips *s, int cells)
{
	int most = NAMES;

	for (size_t i = 0; i < s->n; i++) {
		int name = 2 + ui_text_cells(s->strip[i].name) + 2,
		    of = s->strip[i].of != NULL ? 2 + ui_text_cells(s->strip[i].of) + 2 : 0;

		most = name > most ? name : of > most ? of : most;
	}
	return most > NAMES && most > cells / 2 ? cells / 2 > NAMES ? cells / 2 : NAMES : most;
}

static void
name_draw(struct ui_area a, int y, int rows, int names, const struct ui_strip *s)
{
	int x = ui_put(a, 0, y, UI_COLD, s->locked ? ui_glyph(a.c->glyphs, UI_G_LOCK) : " ") + 1;
	char range[64];

	x = ui_put_n(a, x, y, names - x - 1, UI_BOLD, s->name);
	if (s->of != NULL && rows > 1)
		ui_put_n(a, 2, y + 1, names - 3, UI_DIM, s->of);
	else if (s->of != NULL && x + 1 + ui_text_cells(s->of) < names)
		ui_put(a, x + 1, y, UI_DIM, s->of);
	if (rows < 3 || s->tiles.scale.map == UI_MAP_NONE)
		return;
	snprintf(range, sizeof range, s->tiles.scale.map == UI_MAP_SIGNED ? "%s%s%s%.3g" : "%s%s0 to %s%.3g",
	    s->tiles.scale.label != NULL ? s->tiles.scale.label : "", s->tiles.scale.label != NULL ? " " : "",
	    s->tiles.scale.map != UI_MAP_SIGNED ? "" : a.c->glyphs == UI_ASCII ? "+-" : "±", s->tiles.scale.high);
	ui_put_n(a, 2, y + 2, names - 3, UI_DIM, range);
}

static void
maps_draw(struct ui_area a, int x, int y, int high, enum ui_colours colours, const struct ui_tiles *t)
{
	int room = a.r.w - x, w = 2 * high * t->tile[0].width / t->tile[0].height, n = (int)t->n, fit;

	w = w < 1 ? 1 : w > room ? room : w;
	fit = room < 1 ? 0 : (room + 1) / (w + 1);
	if (fit < n) /* for how many there are besides */
		fit = fit > 0 && room - fit * (w + 1) < 4 ? (room - 4) / (w + 1) : fit;
	for (int i = 0; i < n && i < fit; i++, x += w + 1)
		if (!ui_inlay_tile(a, x, y, w, high, &t->tile[i], 0))
			ui_picture_tile(a, x, y, w, high, colours, 0, &t->tile[i]);
	if (fit < n)
		ui_putf(a, x, y, UI_DIM, "+%d", n - (fit < 0 ? 0 : fit));
}

static void
row_draw(struct ui_area a, int x, int y, enum ui_colours colours, const struct ui_tile *t)
{
	int room = a.r.w - x, high = t->height > HIGH ? HIGH : t->height, each = room / t->width,
	    w = each > 0 ? t->width * (each > 4 ? 4 : each) : room;

	if (w > 0 && !ui_inlay_tile(a, x, y, w, high, t, 0))
		ui_picture_tile(a, x, y, w, high, colours, 0, t);
}

static void
bars_draw(struct ui_area a, int names, int y, const struct ui_strip *s)
{
	static const char *const eighth[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};

	for (size_t i = 0; i < s->nbars; i++) {
		const struct ui_bar *b = &s->bar[i];
		int style = b->mark > 0 ? UI_GOOD : b->mark < 0 ? UI_BAD : UI_PLAIN, x, room, parts;

		x = ui_put(a, names, y + (int)i, b->mark != 0 ? UI_BOLD : UI_PLAIN, b->label);
		x = ui_put_n(a, x + 1, y + (int)i, 8, style, b->value) + 1;
		room = a.r.w - x - 1 > 40 ? 40 : a.r.w - x - 1;
		parts = room > 0 && isfinite(b->part) ? (int)lround(b->part * room * 8) : 0;
		if (parts >= 8)
			ui_fill(a, x, y + (int)i, parts / 8, 1, style, a.c->glyphs == UI_ASCII ? "#" : "█");
		if (a.c->glyphs != UI_ASCII && parts > 0)
			ui_put(a, x + parts / 8, y + (int)i, style, eighth[parts % 8]);
	}
}

/* How high maps are, and the last strip that may be the first in view. */
static int
strips_high(struct ui_area a, const struct ui_strips *s, long *last)
{
	int high = HIGH;

	*last = (long)s->n;
	while (high > 2 && ui_strips_rows(s, high) > a.r.h)
		high--;
	for (int rows = 0; *last > 0 && rows + strip_rows(&s->strip[*last - 1], high) <= a.r.h; (*last)--)
		rows += strip_rows(&s->strip[*last - 1], high);
	return high;
}

long
ui_strips_shown(struct ui_area a, const struct ui_strips *s, const struct ui_pane_state *st)
{
	long last, n = 0;
	int high = strips_high(a, s, &last), y = 0;

	for (long i = st->scroll < last ? st->scroll : last; i < (long)s->n && y < a.r.h; i++, n++)
		y += strip_rows(&s->strip[i], high);
	return n;
}

void
ui_strips_draw(struct ui_area a, const struct ui_strips *s, struct ui_pane_state *st, enum ui_colours colours)
{
	long last;
	int high = strips_high(a, s, &last), y = 0, names = names_cells(s, a.r.w);

	st->scroll = st->scroll < 0 ? 0 : st->scroll > last ? last : st->scroll;
	st->page = 0;
	for (size_t i = (size_t)st->scroll; i < s->n && y < a.r.h; i++) {
		const struct ui_strip *x = &s->strip[i];
		enum kind k = kind_of(x);
		int rows = strip_rows(x, high);

		name_draw(a, y, rows, names, x);
		if (k == MAPS)
			maps_draw(a, names, y, y + high > a.r.h ? a.r.h - y : high, colours, &x->tiles);
		else if (k == ROW)
			row_draw(a, names, y, colours, &x->tiles.tile[0]);
		else if (k == SAID)
			ui_put_rows(a, names, y, a.r.w - names, rows, UI_COLD, x->say);
		else if (k == BARS)
			bars_draw(a, names, y, x);
		y += rows;
		st->page += y <= a.r.h; /* the next page has a strip that is not whole from its head on */
	}
}
