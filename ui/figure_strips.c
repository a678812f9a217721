/* figure_strips.c: rows of maps below one another: the name of each at the left, beside it as many of its maps as fit,
 * which are as large as the rows have room.
 */
#include "figure_int.h"

#include <math.h>
#include <stdio.h>

struct ui_rows {
	double x, w; /* beside the names */
	double base, unit; /* height of a row of weight 1 */
};

/* The share of the height that a strip gets. */
static double
strip_weight(const struct ui_strip *s)
{
	const struct ui_tile *t = s->tiles.n > 0 ? &s->tiles.tile[0] : NULL;

	if (s->nbars > 0 || (t != NULL && !ui_tile_is_wide(t)))
		return 4;
	return s->say != NULL ? 2.5 : t == NULL ? 1 : fmin(1.3 * t->height, 4);
}

#define STRIP_LINE 1.25 /* of the size of its text */

/* Whether a strip of that height has a second line below its name. */
static bool
strip_two(const struct ui_rows *r, double h)
{
	return h >= 2 * STRIP_LINE * fmin(r->base, h * 0.8);
}

/* Name, and below it what has room of shape and range. */
static void
strip_name(struct ui_figure *f, const struct ui_strip *s, const struct ui_rows *r, double x, double y, double h)
{
	double size = fmin(r->base, h * 0.8), line = size * STRIP_LINE;
	double at = x + size * 1.3, room = r->x - at - size * 0.5;
	const struct ui_scale *scale = &s->tiles.scale;
	char range[64];

	if (s->locked)
		ui_figure_face_text(f, x, y + size, size, UI_START, UI_FACE_SANS, 0, UI_BLUE, "❄");
	ui_figure_fit_text(f, at, y + size, size, UI_START, UI_FACE_BOLD, room, UI_INK, s->name);
	if (s->of != NULL && strip_two(r, h))
		ui_figure_fit_text(f, at, y + size + line, size * 0.85, UI_START, UI_FACE_SANS, room, UI_SOFT, s->of);
	if (scale->map == UI_MAP_NONE || h < 3 * line)
		return;
	snprintf(range, sizeof range, scale->map == UI_MAP_SIGNED ? "%s%s±%.3g" : "%s%s0 to %.3g",
	    scale->label != NULL ? scale->label : "", scale->label != NULL ? " " : "", scale->high);
	ui_figure_fit_text(f, at, y + size + 2 * line, size * 0.85, UI_START, UI_FACE_SANS, room, UI_SOFT, range);
}

static void
strip_maps(struct ui_figure *f, const struct ui_tiles *t, const struct ui_rows *r, double y, double h)
{
	const struct ui_tile *first = &t->tile[0];
	double most = fmax(r->w / fmin((double)t->n, 12) * first->height / first->width, 16),
	    high = floor(fmin(h - fmax(4, h * 0.12), most)), scale = high / first->height, w, gap, x = r->x;
	size_t fit;
	char more[32];

	scale = scale >= 1 ? floor(scale) : scale;
	high = first->height * scale;
	w = first->width * scale;
	gap = fmax(3, floor(w * 0.1));
	fit = (size_t)fmax(0, floor((r->w + gap) / (w + gap)));
	if (fit < t->n)
		fit = (size_t)fmax(0, floor((r->w - r->base * 2.5) / (w + gap)));
	for (size_t i = 0; i < t->n && i < fit; i++, x += w + gap) {
		ui_figure_rect(f, x - 1, y - 1, w + 2, high + 2, UI_EDGE, 1);
		ui_figure_map(f, &t->tile[i], x, y, w, high);
	}
	snprintf(more, sizeof more, "+%zu", t->n - fit);
	if (fit < t->n)
		ui_figure_text(f, x, y + high / 2 + r->base * 0.36, r->base * 0.9, UI_START, false, 0, UI_SOFT, more);
}

static void
strip_row(struct ui_figure *f, const struct ui_tile *t, const struct ui_rows *r, double y, double h)
{
	double each = r->w / t->width, w, row = floor(h * (t->height == 1 ? 0.65 : 0.85) / t->height), high;

	high = row >= 1 ? row * t->height : floor(h * 0.85);

	each = each >= 1 ? floor(fmin(each, high * 1.5)) : each;
	w = each * t->width;
	ui_figure_rect(f, r->x - 1, y - 1, w + 2, high + 2, UI_EDGE, 1);
	ui_figure_map(f, t, r->x, y, w, high);
}

/* Columns: the value on top, the label below. */
static void
strip_bars(struct ui_figure *f, const struct ui_strip *s, const struct ui_rows *r, double y, double h)
{
	double each = fmin(r->w / (double)s->nbars, r->base * 6), size = fmin(r->base, fmin(h * 0.25, each * 0.4)),
	    most = h - size * 2.8;

	for (size_t i = 0; i < s->nbars; i++) {
		const struct ui_bar *b = &s->bar[i];
		struct ui_rgb ink = b->mark > 0 ? UI_GREEN : b->mark < 0 ? UI_RED : UI_BLUE;
		double x = r->x + (double)i * each, high = isfinite(b->part) ? most * fmax(0, fmin(b->part, 1)) : 0,
		    low = y + h - size * 1.5;

		ui_figure_rect(f, x + each * 0.2, low - high, each * 0.6, high, ink, 1);
		ui_figure_rect(f, x + each * 0.2, low, each * 0.6, 1, UI_EDGE, 1);
		ui_figure_fit_text(f, x + each / 2, low - high - size * 0.3, size * 0.9, UI_MIDDLE, UI_FACE_SANS, each,
		    UI_SOFT, b->value);
		ui_figure_fit_text(f, x + each / 2, low + size * 1.15, size, UI_MIDDLE, b->mark != 0 ? UI_FACE_BOLD :
		    UI_FACE_SANS, each, UI_INK, b->label);
	}
}

void
ui_figure_strips(struct ui_figure *f, const struct ui_strips *s)
{
	double base = ui_figure_base(f), pad = floor(base * 0.9), y = pad, sum = 0,
	    note = ui_font_width(UI_FACE_SANS, base, s->note), widest = 0;
	struct ui_rows r = {.base = base * 0.9};

	if (s->title != NULL && f->h > base * 8) {
		note = note > f->w * 0.6 ? 0 : note;
		ui_figure_fit_text(f, pad, pad + base, base * 1.15, UI_START, UI_FACE_BOLD, f->w - 3 * pad - note,
		    UI_INK, s->title);
		if (note > 0)
			ui_figure_text(f, f->w - pad, pad + base, base, UI_END, false, 0, UI_SOFT, s->note);
		y += base * 2;
	}
	for (size_t i = 0; i < s->n; i++) {
		sum += strip_weight(&s->strip[i]);
		widest = fmax(widest, ui_font_width(UI_FACE_BOLD, r.base, s->strip[i].name));
		widest = fmax(widest, ui_font_width(UI_FACE_SANS, r.base * 0.85, s->strip[i].of));
	}
	if (sum <= 0)
		return;
	r.x = floor(pad + fmin(widest + r.base * 2.2, f->w * 0.3));
	r.w = f->w - pad - r.x;
	r.unit = (f->h - y - pad) / sum;
	for (size_t i = 0; i < s->n && r.w > 8; i++) {
		const struct ui_strip *x = &s->strip[i];
		double h = strip_weight(x) * r.unit;

		strip_name(f, x, &r, pad, floor(y), h);
		if (x->say != NULL)
			ui_figure_fit_text(f, r.x, floor(y) + r.base, r.base, UI_START, UI_FACE_SANS, r.w,
			    UI_BLUE, x->say);
		else if (x->nbars > 0)
			strip_bars(f, x, &r, floor(y), h);
		else if (x->tiles.n > 0 && ui_tile_is_wide(&x->tiles.tile[0]))
			strip_row(f, &x->tiles.tile[0], &r, floor(y), h);
		else if (x->tiles.n > 0)
			strip_maps(f, &x->tiles, &r, floor(y), h);
		else if (!strip_two(&r, h)) /* else it stands below the name */
			ui_figure_fit_text(f, r.x, floor(y) + fmin(r.base, h * 0.8), fmin(r.base, h * 0.8) * 0.85,
			    UI_START, UI_FACE_SANS, r.w, UI_SOFT, x->of);
		y += h;
	}
}
