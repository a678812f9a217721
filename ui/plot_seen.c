/* plot_seen.c: what of a chart is in view: one stretch between rules or all of them, smoothed where that is asked for,
 * and with no more points than a screen can show.
 */
#include "mem.h"
#include "plot_int.h"

#include <math.h>
#include <stdlib.h>

void
ui_plot_seen_free(struct ui_plot_seen *v)
{
	for (size_t i = 0; i < v->chart.nseries; i++)
		free(v->own[i]);
	free(v->own);
	free(v->chart.series);
}

void
ui_plot_stretch(const struct ui_chart *chart, size_t k, struct ui_series *s)
{
	double lo = chart->rule[k].x, hi = k + 1 < chart->nrules ? chart->rule[k + 1].x : INFINITY;
	size_t from = 0, n = s->n;

	while (from < n && s->p[from].x < lo)
		from++;
	for (size_t i = from; k > 0 && i < n && s->p[i].x <= lo; i++) /* the end of the one before, and the gap */
		if (!isfinite(s->p[i].y))
			from = i + 1;
	while (n > from && s->p[n - 1].x > hi)
		n--;
	for (size_t i = from; i < n; i++) /* the beginning of the next one */
		if (s->p[i].x >= hi && !isfinite(s->p[i].y))
			n = i;
	s->p += from;
	s->n = n - from;
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

void
ui_plot_seen_make(struct ui_plot_seen *v, const struct ui_chart *chart, const struct ui_plot_view *view, size_t most)
{
	size_t extra = 0, n = 0, k = 0;
	bool one = view->span > 0 && chart->nrules > 0 && !chart->place;
	bool smooth = view->smooth > 0 && view->smooth < 1;

	v->chart = *chart;
	v->chart.logy = chart->logy || view->logy;
	if (one) {
		k = (size_t)view->span > chart->nrules ? 0 : chart->nrules - (size_t)view->span;
		if (k + 1 < chart->nrules)
			v->chart.xend = chart->rule[k + 1].x;
		v->chart.rule = chart->rule + k;
		v->chart.nrules = 1;
	}
	for (size_t i = 0; smooth && i < chart->nseries; i++)
		extra += chart->series[i].line == UI_LINE_SOLID;
	v->chart.series = ui_alloc(chart->nseries + extra, sizeof *v->chart.series);
	v->own = ui_alloc(chart->nseries + extra, sizeof *v->own);
	for (size_t i = 0; i < chart->nseries; i++) {
		struct ui_series s = chart->series[i];

		if (one)
			ui_plot_stretch(chart, k, &s);
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
			s.all = s.p;
			s.nall = s.n;
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
