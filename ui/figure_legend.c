/* figure_legend.c: the legend of charts, and how a curve looks, there and in the plot */
#include "figure_charts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static double
ui_charts_sample(const struct ui_charts *l) /* the piece of line in a legend */
{
	return 30 * l->unit;
}

static bool
ui_legend_same(const struct ui_series *a, const struct ui_series *b)
{
	return strcmp(a->name, b->name) == 0 && a->line == b->line && a->colour == b->colour;
}

void
ui_legend_collect(struct ui_charts *l)
{
	for (int i = 0; i < l->n; i++) {
		int n = 0, same = 0;

		for (size_t j = 0; j < l->chart[i]->nseries && n < UI_LEGEND_MAX; j++) {
			const struct ui_series *s = &l->chart[i]->series[j];
			int k;

			for (k = 0; k < n && s->name != NULL && !ui_legend_same(s, l->legend[i][k]); k++)
				;
			if (s->name != NULL && *s->name != '\0' && k == n)
				l->legend[i][n++] = s;
		}
		for (int k = 0; i > 0 && k < n && n == l->nlegend[0]; k++)
			same += ui_legend_same(l->legend[i][k], l->legend[0][k]);
		l->nlegend[i] = n > 0 && same == n ? 0 : n;
	}
}

/* "train", or of a curve that is of something else than the others "watch gte5". */
static const char *
ui_legend_text(char buf[96], const struct ui_series *s)
{
	snprintf(buf, 96, "%.60s%s%.30s", s->name, s->of != NULL ? " " : "", s->of != NULL ? s->of : "");
	return buf;
}

static double
ui_legend_width(const struct ui_charts *l, const struct ui_series *s)
{
	char text[96];

	return ui_charts_sample(l) + l->base * 0.5 + ui_font_width(UI_FACE_SANS, l->base, ui_legend_text(text, s));
}

void
ui_charts_mark(struct ui_charts *l, double x, double y, struct ui_rgb c)
{
	ui_figure_disc(l->f, x, y, 4.2 * l->unit, c, 1);
	ui_figure_disc(l->f, x, y, 2.3 * l->unit, (struct ui_rgb){255, 255, 255}, 1);
}

/* One style for curves and for their samples in the legend. */
void
ui_charts_polyline(struct ui_charts *l, const struct ui_series *s, const struct ui_point *p, size_t n)
{
	const double dash[] = {7 * l->unit, 6 * l->unit}, dots[] = {0.1, 4.5 * l->unit};
	struct ui_rgb c = ui_palette(s->colour);
	double width = 2.2 * l->unit;

	switch (s->line) {
	case UI_LINE_SOLID:
		ui_figure_line(l->f, p, n, width, c, 1, NULL, 0);
		break;
	case UI_LINE_DASHED:
		ui_figure_line(l->f, p, n, width * 0.9, c, 1, dash, 2);
		break;
	case UI_LINE_DOTTED:
		ui_figure_line(l->f, p, n, width * 1.2, c, 1, dots, 2);
		break;
	case UI_LINE_FAINT:
		ui_figure_line(l->f, p, n, 1.1 * l->unit, c, 0.25, NULL, 0);
		break;
	}
}

int
ui_legend_lay(struct ui_charts *l, int i, double y, bool draw)
{
	double x, gap = l->base * 1.3, total = -gap, title = 0, sample = ui_charts_sample(l), w;
	int rows = 1, n = l->nlegend[i], most = (int)fmin(fmax(l->f->h / (l->base * 10), 2), 6);
	char more[32], text[96];

	if (n == 0)
		return 0;
	for (int k = 0; k < n; k++)
		total += ui_legend_width(l, l->legend[i][k]) + gap;
	if (l->chart[i]->title != NULL && !(l->without & UI_NO_TITLE))
		title = ui_font_width(UI_FACE_BOLD, l->base * 1.1, l->chart[i]->title) + gap;
	/* Beside the title, from the right; where that is too narrow, in lines of its own. */
	x = l->begin;
	if (!(l->without & UI_NO_TITLE) && total <= l->f->w - 2 * l->pad - title - 5 * l->base) {
		rows = 0;
		x = l->right - total;
	}
	for (int k = 0; k < n; k++) {
		const struct ui_series *s = l->legend[i][k];

		w = ui_legend_width(l, s);
		if (rows > 0 && x > l->begin && x + w > l->f->w - l->pad - (rows == most &&
		    k + 1 < n ? l->base * 5 : 0)) {
			if (rows == most) { /* what does not fit is counted */
				snprintf(more, sizeof more, x + l->base * 6 < l->f->w ? "+ %d more" : "+%d", n - k);
				if (draw)
					ui_figure_fit_text(l->f, x, y, l->base, UI_START, UI_FACE_SANS, l->f->w - x,
					    UI_SOFT, more);
				break;
			}
			rows++;
			x = l->begin;
			y += l->base * 1.45;
		}
		if (draw) {
			struct ui_point p[2] = {{x, y - l->base * 0.36}, {x + sample, y - l->base * 0.36}};

			ui_charts_polyline(l, s, p, 2);
			if (s->mark)
				ui_charts_mark(l, x + sample / 2, p[0].y, ui_palette(s->colour));
			ui_figure_fit_text(l->f, x + sample + l->base * 0.5, y, l->base, UI_START, UI_FACE_SANS,
			    l->f->w - l->pad * 0.5 - (x + sample + l->base * 0.5), UI_INK,
			    ui_legend_text(text, s));
		}
		x += w + gap;
	}
	return rows;
}
