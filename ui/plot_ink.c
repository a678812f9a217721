/* plot_ink.c: curves as dots finer than a cell. Train is solid, validation dashed, a third curve dotted, each two dots
 * thick in braille, and one in blocks, which are as high. A dash owns its cells, with a gap at its ends, and between
 * two dashes what lies below is seen: so neither curve is lost where both take the same way.
 */
#include "mem.h"
#include "plot_int.h"

#include <math.h>
#include <stdlib.h>

bool
ui_ink_place(const struct ui_axis *ax, const struct ui_axis *ay, int w, int h, struct ui_point p, double *x, double *y)
{
	double fx = ui_axis_at(ax, p.x), fy = ui_axis_at(ay, p.y);

	if (!isfinite(fx) || !isfinite(fy))
		return false;
	/* Beyond the axis they go just outside, so that a line leaves in the right direction. */
	*x = .5 + fmin(fmax(fx, -.5), 1.5) * (w - 1);
	*y = (1 - fmin(fmax(fy, -.5), 1.5)) * h;
	return true;
}

/* ---- lines ---- */

struct pen {
	struct ui_dots *d;
	int thick; /* in dots */
	int on, period; /* dots of a dash and from dash to dash; period 0: solid */
	int cellx, celly, at; /* the cell that it is in, and the dots that it has come before that */
	bool down;
};

/* The pen is at x, y of the dots. A dash begins and ends with a cell. */
static void
pen_dot(struct pen *p, double x, double y, bool steep)
{
	int cellx = (int)floor(x / p->d->sx), celly = (int)floor(y / p->d->sy), left,
	    top = (int)floor(y - p->thick / 2. + .5);

	if (p->period > 0) {
		if (p->down && (cellx != p->cellx || celly != p->celly))
			p->at += abs(cellx - p->cellx) * p->d->sx +
			    (cellx == p->cellx ? abs(celly - p->celly) * p->d->sy : 0);
		p->cellx = cellx, p->celly = celly, p->down = true;
		if (p->at % p->period >= p->on)
			return;
		left = steep && p->thick > 1 ? cellx * p->d->sx : (int)floor(x);
		for (int j = 0; j < p->thick; j++)
			for (int i = 0; i < (steep ? p->thick : 1); i++)
				ui_dots_set(p->d, left + i, top + j);
		return;
	}
	left = (int)floor(x - p->thick / 2. + .5);
	for (int j = 0; j < p->thick; j++)
		for (int i = 0; i < p->thick; i++)
			ui_dots_set(p->d, left + i, top + j);
}

static void
pen_line(struct pen *p, double x0, double y0, double x1, double y1)
{
	int n = (int)ceil(fmax(fabs(x1 - x0), fabs(y1 - y0)) * 2);
	bool steep = fabs(y1 - y0) > fabs(x1 - x0);

	for (int i = 1; i <= n; i++)
		pen_dot(p, x0 + (x1 - x0) * i / n, y0 + (y1 - y0) * i / n, steep);
}

void
ui_ink_curve(struct ui_area a, const struct ui_series *s, const struct ui_axis *ax, const struct ui_axis *ay)
{
	struct ui_dots *d = ui_dots_new(a.c->glyphs, a.r.w, a.r.h);
	struct pen pen = {.d = d, .thick = d->sy < 4 || s->line == UI_LINE_FAINT ? 1 : 2};
	double x, y, x0 = 0, y0 = 0;
	bool down = false;

	if (s->line == UI_LINE_DASHED)
		pen.on = 2 * d->sx, pen.period = 4 * d->sx;
	else if (s->line == UI_LINE_DOTTED)
		pen.on = d->sx, pen.period = 2 * d->sx;
	for (size_t i = 0; i < s->n; i++) {
		if (!ui_ink_place(ax, ay, a.r.w, a.r.h, s->p[i], &x, &y)) {
			down = pen.down = false;
			pen.at = 0;
			continue;
		}
		x *= d->sx, y *= d->sy;
		if (s->line == UI_LINE_FAINT || !down)
			pen_dot(&pen, x, y, false);
		else
			pen_line(&pen, x0, y0, x, y);
		x0 = x, y0 = y, down = true;
	}
	if (pen.period > 0)
		ui_dots_stamp(d, a, UI_S_CURVE0 + (s->colour & 3));
	else
		ui_dots_draw(d, a, s->line == UI_LINE_FAINT ? UI_S_FAINT : UI_S_CURVE0 + (s->colour & 3));
	ui_dots_free(d);
}

/* ---- marks ---- */

/* A mark of the height of a cell around x, y: full for a dashed curve, hollow for a dotted one. */
static void
mark_draw(struct ui_area a, double x, double y, int style, bool hollow)
{
	struct ui_dots *d;
	int left, top, w, h;

	if (a.c->glyphs == UI_ASCII) {
		ui_put(a, (int)floor(x), (int)floor(y), style, ui_glyph(a.c->glyphs, hollow ? UI_G_MARK2 : UI_G_MARK));
		return;
	}
	d = ui_dots_new(a.c->glyphs, a.r.w, a.r.h);
	w = d->sy < 4 ? 2 : 4;
	h = d->sy;
	left = (int)floor(x * d->sx - w / 2. + .5) & ~1; /* in whole columns */
	left = left > d->w - w ? d->w - w : left;
	left = left < 0 ? 0 : left;
	top = (int)floor(y * d->sy - h / 2. + .5);
	for (int j = 0; j < h; j++)
		for (int i = 0; i < w; i++) {
			bool edge = j == 0 || j == h - 1 || i == 0 || i == w - 1;

			if (!hollow || (d->sy == 4 ? edge : i == j))
				ui_dots_set(d, left + i, top + j);
		}
	ui_dots_stamp(d, a, style);
	ui_dots_free(d);
}

void
ui_ink_marks(struct ui_area a, const struct ui_series *s, const struct ui_axis *ax, const struct ui_axis *ay)
{
	double x, y, last = -100;

	/* Where they stand apart; of a crowd only the last. */
	for (size_t i = 0; s->mark && i < s->n; i++) {
		if (!ui_ink_place(ax, ay, a.r.w, a.r.h, s->p[i], &x, &y)) {
			last = -100;
			continue;
		}
		if (x >= 0 && x < a.r.w && y >= 0 && y <= a.r.h && (x - last >= 3.5 || i + 1 == s->n))
			mark_draw(a, x, fmin(y, a.r.h - .01), UI_S_CURVE0 + (s->colour & 3), s->line == UI_LINE_DOTTED);
		last = x;
	}
}
