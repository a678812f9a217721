/* plot.c: charts as cells. Curves are dots finer than a cell; train, validation and a third curve differ by line
 * (solid, dashed, dotted) and mark, so that no colour is needed. What is drawn depends on nothing but chart, view and
 * size.
 */
#include "axis.h"
#include "mem.h"
#include "plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is in view ---- */

/* A chart of the stretch in view whose series are windows into the given one, or smoothed copies. */
struct plot_view {
	struct ui_chart chart;
	struct ui_point **own; /* [nseries] or NULL */
};

static void
plot_view_free(struct plot_view *v)
{
	for (size_t i = 0; i < v->chart.nseries; i++)
		free(v->own[i]);
	free(v->own);
	free(v->chart.series);
}

/* Exponential mean without the bias of its start. */
static struct ui_point *
plot_smoothed(const struct ui_series *s, double factor)
{
	struct ui_point *p = ui_alloc(s->n, sizeof *p);
	double mean = 0, weight = 0;

	for (size_t i = 0; i < s->n; i++) {
		p[i] = s->p[i];
		if (!isfinite(p[i].y))
			continue;
		mean = factor * mean + (1 - factor) * p[i].y;
		weight = factor * weight + (1 - factor);
		p[i].y = mean / weight;
	}
	return p;
}

/* A dense curve as means of neighbours, about `most` points: what a screen cannot show costs nothing. Gaps stay. */
static struct ui_point *
plot_thinned(const struct ui_series *s, size_t most, size_t *n)
{
	size_t each = s->n / most + 1;
	struct ui_point *p = ui_alloc(s->n + 1, sizeof *p);

	*n = 0;
	for (size_t i = 0; i < s->n;) {
		double x = 0, y = 0;
		size_t k = 0;

		for (; k < each && i + k < s->n && isfinite(s->p[i + k].y); k++)
			x += s->p[i + k].x, y += s->p[i + k].y;
		if (k > 0)
			p[(*n)++] = (struct ui_point){i + k == s->n ? s->p[i + k - 1].x : x / (double)k, y / (double)k};
		i += k;
		if (k < each && i < s->n)
			p[(*n)++] = s->p[i++];
	}
	return p;
}

static void
plot_view_make(struct plot_view *v, const struct ui_chart *chart, const struct ui_plot_view *view, size_t most)
{
	double lo = -INFINITY, hi = INFINITY;
	size_t extra = 0, n = 0;
	bool smooth = view->smooth > 0 && view->smooth < 1;

	v->chart = *chart;
	v->chart.logy = chart->logy || view->logy;
	if (view->span > 0 && chart->nrules > 0) {
		size_t k = (size_t)view->span > chart->nrules ? 0 : chart->nrules - (size_t)view->span;

		lo = chart->rule[k].x;
		if (k + 1 < chart->nrules) {
			hi = chart->rule[k + 1].x;
			v->chart.xend = hi;
		}
		v->chart.rule = chart->rule + k;
		v->chart.nrules = 1;
	}
	for (size_t i = 0; smooth && i < chart->nseries; i++)
		extra += chart->series[i].line == UI_LINE_SOLID;
	v->chart.series = ui_alloc(chart->nseries + extra, sizeof *v->chart.series);
	v->own = ui_alloc(chart->nseries + extra, sizeof *v->own);
	for (size_t i = 0; i < chart->nseries; i++) {
		struct ui_series s = chart->series[i];

		while (s.n > 0 && s.p[0].x < lo)
			s.p++, s.n--;
		while (s.n > 0 && s.p[s.n - 1].x > hi)
			s.n--;
		if (smooth && s.line == UI_LINE_SOLID) {
			struct ui_series raw = s;

			raw.name = NULL;
			raw.line = UI_LINE_FAINT;
			raw.mark = false;
			v->own[n] = NULL;
			v->chart.series[n++] = raw;
			s.p = plot_smoothed(&s, view->smooth);
			v->own[n] = s.p;
			v->chart.series[n++] = s;
		} else if (!s.mark && s.n > most) {
			size_t few;

			v->own[n] = plot_thinned(&s, most, &few);
			s.p = v->own[n];
			s.n = few;
			v->chart.series[n++] = s;
		} else {
			v->own[n] = NULL;
			v->chart.series[n++] = s;
		}
	}
	v->chart.nseries = n;
}

/* ---- curves ---- */

/* A pen that draws every dot, or dashes, along a path. */
struct pen {
	struct ui_dots *d;
	int on, period, at;
};

static void
pen_dot(struct pen *p, int x, int y)
{
	if (p->at % p->period < p->on)
		ui_dots_set(p->d, x, y);
	p->at++;
}

static void
pen_line(struct pen *p, int x0, int y0, int x1, int y1)
{
	int dx = abs(x1 - x0), dy = -abs(y1 - y0), sx = x0 < x1 ? 1 : -1, sy = y0 < y1 ? 1 : -1, e = dx + dy;

	while (x0 != x1 || y0 != y1) {
		int e2 = 2 * e;

		if (e2 >= dy)
			e += dy, x0 += sx;
		if (e2 <= dx)
			e += dx, y0 += sy;
		pen_dot(p, x0, y0);
	}
}

/* Dot of a value; values beyond the axis go just outside, so that a line leaves in the right direction. */
static bool
plot_dot(const struct ui_axis *ax, const struct ui_axis *ay, const struct ui_dots *d, struct ui_point p, int *x, int *y)
{
	double fx = ui_axis_at(ax, p.x), fy = ui_axis_at(ay, p.y);

	if (!isfinite(fx) || !isfinite(fy))
		return false;
	fx = fmin(fmax(fx, -.5), 1.5);
	fy = fmin(fmax(fy, -.5), 1.5);
	*x = (int)floor(fx * (d->w - 1) + .5);
	*y = (int)floor((1 - fy) * (d->h - 1) + .5);
	return true;
}

static void
plot_series(struct ui_area a, const struct ui_series *s, const struct ui_axis *ax, const struct ui_axis *ay)
{
	struct ui_dots *d = ui_dots_new(a.c->glyphs, a.r.w, a.r.h);
	bool coarse = d->sy < 4;
	struct pen pen = {d, 1, 1, 0};
	int style = s->line == UI_LINE_FAINT ? UI_S_FAINT : UI_S_CURVE0 + (s->colour & 3), x0 = 0, y0 = 0;
	bool down = false;

	if (s->line == UI_LINE_DASHED)
		pen = (struct pen){d, coarse ? 2 : 4, coarse ? 4 : 8, 0};
	else if (s->line == UI_LINE_DOTTED)
		pen = (struct pen){d, 1, coarse ? 2 : 3, 0};
	for (size_t i = 0; i < s->n; i++) {
		int x, y;

		if (!plot_dot(ax, ay, d, s->p[i], &x, &y)) {
			down = false;
			continue;
		}
		if (s->line == UI_LINE_FAINT || !down)
			ui_dots_set(d, x, y);
		else
			pen_line(&pen, x0, y0, x, y);
		x0 = x, y0 = y, down = true;
	}
	ui_dots_draw(d, a, style);
	/* Marks where they stand apart; of a crowd only the last. */
	for (size_t i = 0; s->mark && i < s->n; i++) {
		int x, y, last = -100;

		if (i > 0 && plot_dot(ax, ay, d, s->p[i - 1], &x, &y))
			last = x / d->sx;
		if (!plot_dot(ax, ay, d, s->p[i], &x, &y) || x < 0 || x >= d->w || y < 0 || y >= d->h)
			continue;
		if (x / d->sx - last >= 3 || i + 1 == s->n)
			ui_put(a, x / d->sx, y / d->sy, style, ui_glyph(a.c->glyphs, s->line == UI_LINE_DOTTED ? UI_G_MARK2 : UI_G_MARK));
	}
	ui_dots_free(d);
}

/* ---- axes ---- */

static void
plot_ticks_y(struct ui_area a, int gutter, int rows, const struct ui_axis *ay)
{
	int last = 1 << 20;

	for (int i = 0; i < ay->n; i++) {
		int y = (int)floor((1 - ui_axis_at(ay, ay->tick[i].at)) * (rows - 1) + .5);

		if (ay->tick[i].minor || y >= last || y < 0)
			continue;
		ui_put_right(a, gutter - 1, y, UI_S_AXIS, ay->tick[i].text);
		ui_put(a, gutter - 1, y, UI_S_AXIS, a.c->glyphs == UI_ASCII ? "|" : "┤");
		last = y;
	}
}

static void
plot_ticks_x(struct ui_area a, int gutter, int y, bool line, const struct ui_axis *ax, int cells)
{
	int free_from = gutter;

	if (line)
		for (int x = 0; x < cells; x++)
			ui_put(a, gutter + x, y - 1, UI_S_AXIS, a.c->glyphs == UI_ASCII ? "-" : "─");
	if (line)
		ui_put(a, gutter - 1, y - 1, UI_S_AXIS, a.c->glyphs == UI_ASCII ? "+" : "└");
	for (int i = 0; i < ax->n; i++) {
		int x = gutter + (int)floor(ui_axis_at(ax, ax->tick[i].at) * (cells - 1) + .5), n = ui_text_cells(ax->tick[i].text), at = x - n / 2;

		if (at + n > gutter + cells)
			at = gutter + cells - n;
		if (ax->tick[i].minor || n == 0 || at < free_from)
			continue;
		ui_put(a, at, y, UI_S_AXIS, ax->tick[i].text);
		if (line)
			ui_put(a, x, y - 1, UI_S_AXIS, a.c->glyphs == UI_ASCII ? "+" : "┴");
		free_from = at + n + 2;
	}
}

static void
plot_rules(struct ui_area a, const struct ui_chart *c, const struct ui_axis *ax)
{
	int row = c->unit ? a.r.h - 1 : 0;

	for (size_t i = 0; i < c->nrules; i++) {
		double at = ui_axis_at(ax, c->rule[i].x), next = i + 1 < c->nrules ? ui_axis_at(ax, c->rule[i + 1].x) : 1;
		int x, end, n;

		if (!isfinite(at) || !isfinite(next) || at < -1e-9 || at > 1 + 1e-9)
			continue;
		x = (int)floor(at * (a.r.w - 1) + .5);
		end = (int)floor(next * (a.r.w - 1) + .5) + (i + 1 == c->nrules);
		for (int y = 0; x > 0 && y < a.r.h; y++)
			ui_put(a, x, y, UI_S_AXIS, ui_glyph(a.c->glyphs, UI_G_RULE));
		/* At the end of its stretch, on the side where the curve is not. */
		n = c->rule[i].label ? ui_text_cells(c->rule[i].label) : 0;
		if (n > 0 && n + 2 <= end - x && a.r.h > 2)
			ui_put(a, end - n - (i + 1 < c->nrules), row, UI_S_AXIS, c->rule[i].label);
	}
}

/* ---- the whole ---- */

void
ui_plot_draw(struct ui_area a, const struct ui_chart *chart, const struct ui_plot_view *view)
{
	static const enum ui_line order[] = {UI_LINE_FAINT, UI_LINE_DOTTED, UI_LINE_SOLID, UI_LINE_DASHED};
	struct plot_view v;
	const struct ui_chart *c = &v.chart;
	struct ui_axis ax, ay;
	struct ui_area in;
	int gutter = 0, below = a.r.h >= 8 ? 2 : a.r.h >= 4 ? 1 : 0, rows = a.r.h - below;

	if (a.r.w < 1 || a.r.h < 1)
		return;
	plot_view_make(&v, chart, view, (size_t)a.r.w * 4);
	ui_axis_y(&ay, c, rows < 6 ? 2 : rows / 3);
	for (int i = 0; i < ay.n; i++)
		if (!ay.tick[i].minor && (int)strlen(ay.tick[i].text) > gutter)
			gutter = (int)strlen(ay.tick[i].text);
	gutter += 1;
	if (a.r.w < gutter + 10)
		gutter = 0;
	if (gutter == 0)
		below = 0, rows = a.r.h;
	ui_axis_x(&ax, &c, 1, (a.r.w - gutter) / 6);
	in = ui_area_sub(a, gutter, 0, a.r.w - gutter, rows);
	if (gutter > 0) {
		for (int y = 0; y < rows; y++)
			ui_put(a, gutter - 1, y, UI_S_AXIS, ui_glyph(a.c->glyphs, UI_G_VBAR));
		plot_ticks_y(a, gutter, rows, &ay);
	}
	if (below > 0)
		plot_ticks_x(a, gutter, a.r.h - 1, below == 2, &ax, in.r.w);
	plot_rules(in, c, &ax);
	for (size_t k = 0; k < sizeof order / sizeof *order; k++)
		for (size_t i = 0; i < c->nseries; i++)
			if (c->series[i].line == order[k])
				plot_series(in, &c->series[i], &ax, &ay);
	plot_view_free(&v);
}

static const char *const line_sign[2][4] = {{"-", "--", "..", "."}, {"─", "┄", "┈", "·"}};

/* Columns of a legend in one of its forms: 0 with the line's sign, 1 without, 2 with three figures. */
static int
legend_item(struct ui_area a, int x, int y, const struct ui_series *s, int form)
{
	double v = NAN;
	char text[32];
	int style = UI_S_CURVE0 + (s->colour & 3);

	for (size_t k = s->n; k-- > 0 && !isfinite(v);)
		v = s->p[k].y;
	if (form == 0)
		x = ui_put(a, x, y, style, line_sign[a.c->glyphs != UI_ASCII][s->line & 3]) + 1;
	x = ui_put(a, x, y, style, s->name) + 1;
	snprintf(text, sizeof text, isfinite(v) ? fabs(v) < 10 ? form == 2 ? "%.3f" : "%.4f" : fabs(v) < 1e5 ? "%.1f" : "%.0e" : "-", v);
	ui_put(a, x, y, UI_BOLD, text);
	return x + (form == 2 ? 5 : 6);
}

int
ui_plot_legend(struct ui_area a, int right, int y, int cells, const struct ui_chart *chart)
{
	struct ui_area nowhere = {a.c, {0, 0, 1 << 20, 0}}; /* to measure */
	int form, total, x;

	for (form = 0; form < 3; form++) {
		total = -2;
		for (size_t i = 0; i < chart->nseries; i++)
			if (chart->series[i].name)
				total += legend_item(nowhere, 0, 0, &chart->series[i], form) + 2;
		if (total <= cells)
			break;
	}
	if (total < 0)
		return right;
	if (form == 3) { /* as many as fit */
		form = 2;
		total = cells;
	}
	right -= total;
	ui_fill(a, right, y, total, 1, UI_S_BORDER, " ");
	x = right;
	for (size_t i = 0; i < chart->nseries; i++) {
		const struct ui_series *s = &chart->series[i];

		if (s->name == NULL)
			continue;
		if (x + legend_item(nowhere, 0, 0, s, form) > right + total)
			break;
		x = legend_item(a, x, y, s, form) + 2;
	}
	return right;
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

		ui_plot_legend(a, cols, 0, cols - x, chart);
		top = 1;
	}
	ui_plot_draw(ui_area_sub(a, 0, top, cols, rows - top), chart, view);
	text = ui_canvas_dump(c);
	ui_canvas_free(c);
	return text;
}
