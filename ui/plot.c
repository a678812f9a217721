/* plot.c: charts as cells. Curves are dots finer than a cell; train, validation and a third curve differ by line
 * (solid, dashed, dotted) and mark, so that no colour is needed. A curve that would press all others flat has a scale
 * of its own at the right. What is drawn depends on nothing but chart, view and size.
 */
#include "mem.h"
#include "plot_int.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- axes ---- */

/* Ticks at the left of a curve's field, or at the right of it where a curve has its own scale. */
static void
plot_ticks_y(struct ui_area a, int x, int rows, const struct ui_axis *ay, int style)
{
	bool right = x > a.r.w / 2;

	for (int y = 0; y < rows; y++)
		ui_put(a, x, y, style, ui_glyph(a.c->glyphs, UI_G_VBAR));
	for (int i = 0; i < ay->n; i++) {
		int y = (int)floor((1 - ui_axis_at(ay, ay->tick[i].at)) * rows + 1e-6);

		if (ay->tick[i].minor || y < 0 || y >= rows)
			continue;
		if (right)
			ui_put(a, x + 1, y, style, ay->tick[i].text);
		else
			ui_put_right(a, x, y, style, ay->tick[i].text);
		ui_put(a, x, y, style, a.c->glyphs == UI_ASCII ? "|" : right ? "├" : "┤");
	}
}

static void
plot_ticks_x(struct ui_area a, int left, int y, bool line, const struct ui_axis *ax, int cells)
{
	int free_from = left;

	for (int x = 0; line && x < cells; x++)
		ui_put(a, left + x, y - 1, UI_S_AXIS, a.c->glyphs == UI_ASCII ? "-" : "─");
	if (line)
		ui_put(a, left - 1, y - 1, UI_S_AXIS, a.c->glyphs == UI_ASCII ? "+" : "└");
	for (int i = 0; i < ax->n; i++) {
		int x = left + (int)floor(.5 + ui_axis_at(ax, ax->tick[i].at) * (cells - 1)),
		    n = ui_text_cells(ax->tick[i].text), at = x - n / 2;

		if (at + n > left + cells)
			at = left + cells - n;
		if (ax->tick[i].minor || n == 0 || at < free_from)
			continue;
		ui_put(a, at, y, UI_S_AXIS, ax->tick[i].text);
		if (line)
			ui_put(a, x, y - 1, UI_S_AXIS, a.c->glyphs == UI_ASCII ? "+" : "┴");
		free_from = at + n + 2;
	}
}

/* ---- rules and what is written into the field ---- */

static int
plot_column(const struct ui_axis *ax, double x, int w)
{
	double at = ui_axis_at(ax, x);

	return !isfinite(at) ? -1 : (int)floor(.5 + fmin(fmax(at, -1), 2) * (w - 1));
}

static void
plot_rules(struct ui_area a, const struct ui_chart *c, const struct ui_axis *ax)
{
	for (size_t i = 0; i < c->nrules; i++) {
		int x = plot_column(ax, c->rule[i].x, a.r.w);

		for (int y = 0; x > 0 && x < a.r.w && y < a.r.h; y++)
			ui_put(a, x, y, UI_S_AXIS, ui_glyph(a.c->glyphs, UI_G_RULE));
	}
}

/* Whether text of n cells has room there; faint points give way. */
static bool
plot_free(struct ui_area a, int x, int y, int n)
{
	if (x < 0 || y < 0 || y >= a.r.h || x + n > a.r.w)
		return false;
	for (int i = 0; i < n; i++) {
		const struct ui_cell *cell = ui_canvas_at(a.c, a.r.x + x + i, a.r.y + y);

		if (cell->style != UI_S_FAINT && strcmp(cell->text, " ") != 0)
			return false;
	}
	return true;
}

/* Writes text into the columns from..to where nothing is drawn: in the upper rows first, or in the lower ones, at the
 * right of them and then at the left. */
static bool
plot_write(struct ui_area a, int from, int to, bool low, const char *text)
{
	int n = ui_text_cells(text);

	for (int k = 0; n > 0 && n <= to - from && k < a.r.h; k++)
		for (int left = 0; left < 2; left++) {
			int y = low ? a.r.h - 1 - k : k, x = left ? from : to - n;

			if (!plot_free(a, x > 0 ? x - 1 : x, y, n + (x > 0)))
				continue;
			ui_put(a, x, y, UI_S_AXIS, text);
			return true;
		}
	return false;
}

/* Where a stretch begins and ends, in columns: behind its rule, before the next one. */
static void
plot_stretch(struct ui_area a, const struct ui_chart *c, const struct ui_axis *ax, size_t i, int *from, int *to)
{
	*from = plot_column(ax, c->rule[i].x, a.r.w) + 1;
	*to = i + 1 < c->nrules ? plot_column(ax, c->rule[i + 1].x, a.r.w) : a.r.w;
	if (*from <= 1)
		*from = 0;
}

/* The name of a place, at the right of its rule, else at the left of it. */
static bool
plot_place(struct ui_area a, int x, const char *name)
{
	int n = ui_text_cells(name);

	for (int y = 0; n > 0 && y < a.r.h; y++)
		for (int side = 0; side < 2; side++) {
			int at = side == 0 ? x + 1 : x - n - 2;

			if (!plot_free(a, at, y, n + (at + n < a.r.w)))
				continue;
			ui_put(a, at, y, UI_S_AXIS, name);
			return true;
		}
	return false;
}

/* The names of stretches, where no curve is: as many of their words as fit, and in a full field the first one over
 * what is there. */
static void
plot_names(struct ui_area a, const struct ui_chart *c, const struct ui_axis *ax)
{
	for (size_t i = 0; i < c->nrules && a.r.h > 1; i++) {
		const char *label = c->rule[i].label;
		char name[64];
		int from, to;
		char *end;

		plot_stretch(a, c, ax, i, &from, &to);
		if (label == NULL || label[0] == '\0' || from < 0 || from >= a.r.w)
			continue;
		snprintf(name, sizeof name, "%s", label);
		while (!(c->place ? plot_place(a, from, name) : plot_write(a, from, to, c->unit, name)) &&
		    (end = strrchr(name, ' ')) != NULL)
			*end = '\0';
	}
}

/* What the axis cuts of a curve, behind where it leaves the field or else before that; in the field of another run it
 * would be that one's, so that without room in its own it is left out. */
static void
plot_cut(struct ui_area a, const struct ui_chart *c, const struct ui_series *s, const struct ui_axis *ax,
    const struct ui_axis *ay)
{
	struct ui_cut cut;

	for (size_t i = 0; ui_axis_cut(ay, s, &i, &cut);) {
		int row = cut.low ? a.r.h - 1 : 0, col = plot_column(ax, cut.at.x, a.r.w), from, to, n, at = -1;
		double lo, hi;
		char text[32];

		snprintf(text, sizeof text, "%s%s", ui_glyph(a.c->glyphs, cut.low ? UI_G_DOWN : UI_G_UP), cut.text);
		n = ui_text_cells(text);
		ui_axis_cut_field(c, &cut, &lo, &hi);
		from = isfinite(lo) ? plot_column(ax, lo, a.r.w) + 1 : 0;
		from = from <= 1 ? 0 : from; /* a rule at the axis is not drawn */
		to = (isfinite(hi) ? plot_column(ax, hi, a.r.w) : a.r.w) - n;
		for (int k = col > from ? col : from; k <= to && at < 0; k++)
			at = plot_free(a, k, row, n) ? k : -1;
		for (int k = col - 1 < to ? col - 1 : to; k >= from && at < 0; k--)
			at = plot_free(a, k, row, n) ? k : -1;
		if (at >= 0)
			ui_put(a, at, row, UI_S_CURVE0 + (s->colour & 3), text);
	}
}

/* Of what a curve is, beside its last point. */
static void
plot_tag(struct ui_area a, const struct ui_series *s, const struct ui_axis *ax, const struct ui_axis *ay)
{
	static const int at[][2] = {{0, -1}, {0, 1}, {-3, 0}, {0, -2}, {0, 2}};
	size_t k = s->n;
	double x, y;

	while (k > 0 && !isfinite(s->p[k - 1].y))
		k--;
	if (s->of == NULL || k == 0 || !ui_ink_place(ax, ay, a.r.w, a.r.h, s->p[k - 1], &x, &y))
		return;
	for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
		int n = ui_text_cells(s->of), right = (int)x + 1 + at[i][0], row = (int)y + at[i][1];

		if (!plot_free(a, right - n, row, n))
			continue;
		ui_put_right(a, right, row, UI_S_CURVE0 + (s->colour & 3), s->of);
		return;
	}
}

/* ---- the whole ---- */

static void
plot_curves(struct ui_area a, const struct ui_chart *c, const struct ui_axis *ax, const struct ui_axis *ay)
{
	static const enum ui_line order[] = {UI_LINE_FAINT, UI_LINE_SOLID, UI_LINE_DOTTED, UI_LINE_DASHED};

	for (size_t k = 0; k < sizeof order / sizeof *order; k++)
		for (size_t i = 0; i < c->nseries; i++)
			if (c->series[i].line == order[k])
				ui_ink_curve(a, &c->series[i], ax, ay);
	for (size_t k = 0; k < sizeof order / sizeof *order; k++)
		for (size_t i = 0; i < c->nseries; i++)
			if (c->series[i].line == order[k])
				ui_ink_marks(a, &c->series[i], ax, ay);
}

static int
plot_gutter(const struct ui_axis *ay)
{
	int most = 0;

	for (int i = 0; i < ay->n; i++)
		if (!ay->tick[i].minor && (int)strlen(ay->tick[i].text) > most)
			most = (int)strlen(ay->tick[i].text);
	return most < 3 ? 4 : most + 1; /* the axes of most charts then stand below one another */
}

/* Moves the curves that would set the scale for all others into a chart of their own. */
static bool
plot_part(struct ui_chart *c, struct ui_chart *side)
{
	size_t n = 0;

	*side = *c;
	if (!ui_axis_apart(c))
		return false;
	side->series = ui_alloc(c->nseries, sizeof *side->series);
	side->nseries = 0;
	for (size_t i = 0; i < c->nseries; i++)
		if (c->series[i].apart)
			side->series[side->nseries++] = c->series[i];
		else
			c->series[n++] = c->series[i];
	memcpy(c->series + n, side->series, side->nseries * sizeof *c->series); /* the array holds all of them still */
	c->nseries = n;
	return true;
}

void
ui_plot_draw(struct ui_area a, const struct ui_chart *chart, const struct ui_plot_view *view)
{
	struct ui_plot_seen v;
	struct ui_chart side, all;
	const struct ui_chart *c = &all;
	struct ui_axis ax, ay, own;
	struct ui_area in;
	int left, right = 0, below = a.r.h >= 8 ? 2 : a.r.h >= 4 ? 1 : 0, rows = a.r.h - below;
	bool apart;

	if (a.r.w < 1 || a.r.h < 1)
		return;
	ui_plot_seen_make(&v, chart, view, (size_t)a.r.w * 4);
	all = v.chart;
	apart = a.r.w >= 30 && plot_part(&v.chart, &side);
	ui_axis_rows(&ay, &v.chart, rows);
	left = plot_gutter(&ay);
	if (a.r.w < left + 10)
		left = below = 0, rows = a.r.h;
	if (apart) {
		ui_axis_rows(&own, &side, rows);
		right = plot_gutter(&own);
	}
	in = ui_area_sub(a, left, 0, a.r.w - left - right, rows);
	ui_axis_x(&ax, &c, 1, in.r.w / 6);
	if (left > 0)
		plot_ticks_y(a, left - 1, rows, &ay, UI_S_AXIS);
	if (apart)
		plot_ticks_y(a, a.r.w - right, rows, &own, UI_S_CURVE0 + (side.series[0].colour & 3));
	if (below > 0)
		plot_ticks_x(a, left, a.r.h - 1, below == 2, &ax, in.r.w);
	plot_rules(in, c, &ax);
	if (apart) {
		plot_curves(in, &side, &ax, &own);
		free(side.series);
	}
	plot_curves(in, &v.chart, &ax, &ay);
	for (size_t i = 0; i < v.chart.nseries; i++)
		if (v.chart.series[i].line != UI_LINE_FAINT)
			plot_cut(in, c, &v.chart.series[i], &ax, &ay);
	plot_names(in, c, &ax);
	for (size_t i = 0; i < all.nseries; i++)
		plot_tag(in, &all.series[i], &ax, apart && all.series[i].apart ? &own : &ay);
	v.chart.nseries = all.nseries;
	ui_plot_seen_free(&v);
}

char *
ui_plot_text(const struct ui_chart *chart, const struct ui_plot_view *view, int cols, int rows, enum ui_glyphs glyphs)
{
	struct ui_canvas *c = ui_canvas_new(cols, rows, glyphs);
	struct ui_area a = ui_area_all(c);
	int top = 0;
	char *text;

	if (rows > 5) {
		int x = chart->title ? ui_put_n(a, 0, 0, cols, UI_S_TITLE, chart->title) + 2 : 0;

		ui_plot_legend(a, cols, 0, cols - x, chart, view, 0);
		top = 1;
	}
	ui_plot_draw(ui_area_sub(a, 0, top, cols, rows - top), chart, view);
	text = ui_canvas_dump(c);
	ui_canvas_free(c);
	return text;
}
