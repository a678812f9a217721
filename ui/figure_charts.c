/* figure_charts.c: charts below one another, their x axes aligned.
 *
 * The layout first decides what there is room for: text that does not fit is left out, in a fixed order, until the
 * curves have their share of the picture. Labels never overlap and are never cut at the picture's edge.
 */
#include "figure_charts.h"
#include "mem.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what there is room for ---- */

static double
ui_charts_note_size(const struct ui_charts *l)
{
	return fmax(8, l->base * 0.72);
}

/* The note in lines of at most the picture's width; returns how many, draws when asked. */
static int
ui_charts_note(struct ui_charts *l, double y, bool draw)
{
	double size = ui_charts_note_size(l), room = l->f->w - 2 * l->pad;
	const char *at = l->note, *end, *word;
	char *line;
	int n = 0;

	while (at != NULL && *at != '\0' && n < 3) {
		while (*at == ' ')
			at++;
		end = at;
		for (word = at; *word != '\0' && word != end + 1; ) {
			word = strchrnul(*word == ' ' ? word + strspn(word, " ") : word, ' ');
			line = ui_strndup(at, word - at);
			if (end != at && ui_font_width(UI_FACE_SANS, size, line) > room) {
				free(line);
				break;
			}
			free(line);
			end = word;
			if (*word == '\0')
				break;
		}
		if (end == at)
			break;
		if (draw) {
			line = ui_strndup(at, n == 2 ? strlen(at) : (size_t)(end - at));
			ui_figure_fit_text(l->f, l->pad, y + n * size * 1.35, size, UI_START, UI_FACE_SANS, room,
			    UI_SOFT, line);
			free(line);
		}
		at = end;
		n++;
	}
	return n;
}

static bool
ui_charts_any_title(const struct ui_charts *l)
{
	for (int i = 0; i < l->n; i++)
		if (l->chart[i]->title != NULL && *l->chart[i]->title != '\0')
			return true;
	return false;
}

/* A y label that only says what the title says is none. */
static const char *
ui_charts_ylabel(const struct ui_charts *l, int i)
{
	const struct ui_chart *c = l->chart[i];

	if ((l->without & UI_NO_YLABEL) || c->ylabel == NULL || *c->ylabel == '\0')
		return NULL;
	return c->title != NULL && strcmp(c->title, c->ylabel) == 0 && !(l->without & UI_NO_TITLE) ? NULL : c->ylabel;
}

static const char *
ui_charts_xlabel(const struct ui_charts *l)
{
	const char *label = l->chart[l->n - 1]->xlabel;

	return (l->without & UI_NO_XLABEL) || label == NULL || *label == '\0' ? NULL : label;
}

/* Places everything for the present `without`; returns whether the curves have enough room. */
static bool
ui_charts_place(struct ui_charts *l)
{
	double tick = ui_charts_tick_size(l), y, bottom, labels = 0, share, most;

	l->left = l->pad;
	l->right = l->f->w - l->pad;
	for (int i = 0; i < l->n; i++)
		if (ui_charts_ylabel(l, i) != NULL) {
			l->left += l->base * 1.5;
			break;
		}
	/* Heights. */
	bottom = l->f->h - l->pad;
	l->note_lines = l->without & UI_NO_NOTE ? 0 : ui_charts_note(l, 0, false);
	if (l->note_lines > 0)
		bottom -= (l->note_lines * 1.35 + 0.5) * ui_charts_note_size(l);
	if (ui_charts_xlabel(l) != NULL)
		bottom -= l->base * 1.35;
	if (!(l->without & UI_NO_XTICKS))
		bottom -= tick * 1.6;
	y = l->pad;
	for (int i = 0; i < l->n; i++) {
		l->legend_rows[i] = l->without & UI_NO_LEGEND ? 0 : ui_legend_lay(l, i, 0, false);
		if (!(l->without & UI_NO_TITLE) && (ui_charts_any_title(l) || l->nlegend[i] > 0))
			y += l->base * 1.65;
		else if (!(l->without & UI_NO_YTICKS))
			y += tick * 0.5;
		y += l->legend_rows[i] * l->base * 1.45;
		if (i == 0 && l->rules != NULL && !(l->without & UI_NO_RULES))
			y += l->base * 1.4;
		l->top[i] = y;
		if (i + 1 < l->n)
			y += l->base * 1.1;
	}
	l->height = (bottom - y) / l->n;
	if (l->height < 4)
		return false;
	for (int i = 0; i < l->n; i++)
		l->top[i] = floor(l->top[i] + i * l->height);
	l->height = floor(l->height);
	most = l->height / (tick * 2.3);
	for (int i = 0; i < l->n; i++) {
		ui_axis_y(&l->y[i], l->chart[i], most > 8 ? 8 : (int)most);
		for (int k = 0; k < l->y[i].n; k++)
			labels = fmax(labels, ui_charts_tick_width(l->y[i].tick[k].text, tick));
	}
	/* Widths. */
	if (!(l->without & UI_NO_YTICKS))
		l->left += labels + l->base * 0.45;
	l->left = floor(l->left);
	l->width = l->right - l->left;
	most = l->width / (ui_font_width(UI_FACE_SANS, tick, "000") + l->base * 0.9);
	ui_axis_x(&l->x, l->chart, l->n, (int)fmin(fmax(most, 2), 12));
	for (int k = 0; k < l->x.n && !(l->without & UI_NO_XTICKS); k++)
		if (l->x.tick[k].text[0] != '\0') { /* the last label may hang over by half of itself */
			double over = l->left + ui_axis_at(&l->x,
			    l->x.tick[k].at) * l->width + ui_charts_tick_width(l->x.tick[k].text, tick) / 2;

			l->right = fmin(l->right, l->f->w - 2 - fmax(0, over - l->left - l->width));
		}
	l->right = floor(l->right);
	l->width = l->right - l->left;
	if (l->left > l->begin) {
		l->begin = l->left;
		return ui_charts_place(l);
	}
	share = l->f->h * 0.9 / l->n;
	return l->height >= share * 0.5 && l->height >= l->base * 2 && l->width >= l->f->w * 0.6;
}

/* ---- drawing ---- */

/* How wide the name of a stretch is, r1 of "r1 gte5"; the rest of its label begins at *rest. */
static double
ui_charts_head(const struct ui_rule *rule, double size, char name[32], const char **rest)
{
	const char *label = rule->label != NULL ? rule->label : "";

	*rest = strchrnul(label, ' ');
	snprintf(name, 32, "%.*s", (int)(*rest - label), label);
	return ui_font_width(UI_FACE_BOLD, size, name);
}

/* Where the stretch behind a rule ends. */
static double
ui_charts_stretch_end(const struct ui_charts *l, const struct ui_chart *c, size_t k)
{
	return k + 1 < c->nrules ? fmin(ui_charts_x(l, c->rule[k + 1].x), l->right) : l->f->w - 2;
}

/* Whether the name of a stretch stands in that alone, or in the last one, which goes on to the rim. */
static bool
ui_charts_name_fits(const struct ui_charts *l, const struct ui_chart *c, size_t k, double size, double gap)
{
	char name[32];
	const char *rest;
	double w = ui_charts_head(&c->rule[k], size, name, &rest);

	return k + 1 == c->nrules || ui_charts_x(l, c->rule[k].x) + w + gap * 1.2 <= ui_charts_stretch_end(l, c, k);
}

/* Where the name of a stretch begins. One that is too narrow takes what follows, up to the name of another that is not;
 * -INFINITY: nowhere. */
static double
ui_charts_name_at(const struct ui_charts *l, const struct ui_chart *c, size_t k, double size, double gap)
{
	char name[32];
	const char *rest;
	double x = ui_charts_x(l, c->rule[k].x), w = ui_charts_head(&c->rule[k], size, name, &rest), end;

	if (x <= l->left + 1)
		return x;
	end = ui_charts_stretch_end(l, c, k);
	if (k + 1 == c->nrules) /* a run that has just begun at the right edge */
		return fmin(x + gap, end - w);
	if (ui_charts_name_fits(l, c, k, size, gap))
		return x + fmin(gap, (end - x - w) * 0.5);
	for (size_t next = k + 1; next < c->nrules; next++) {
		double at = fmin(ui_charts_x(l, c->rule[next].x), l->f->w - 2 - w - gap);

		if (at < x + gap * 1.5 + w && ui_charts_name_fits(l, c, next, size, gap))
			return -INFINITY;
	}
	return x + gap;
}

/* The rule between two runs, and above the first plot their names, with as many words behind them as fit. */
static void
ui_charts_rules(struct ui_charts *l, int i)
{
	const struct ui_chart *c = l->chart[i];
	const double dash[] = {3 * l->unit, 4 * l->unit};
	bool names = c == l->rules && i == 0 && !(l->without & UI_NO_RULES);
	double from = l->top[i] - (names ? l->base * 1.15 : 0), size = l->base * 0.92, gap = l->base * 0.4,
	    free_from = -INFINITY, x, room, bold, rest, start;

	for (size_t k = 0; k < c->nrules; k++) {
		const char *more;
		char name[32], words[96];

		x = ui_charts_x(l, c->rule[k].x);
		if (!(x >= l->left - 1 && x <= l->right + 1))
			continue;
		if (x > l->left + 1)
			ui_charts_stroke(l->f, floor(x) + 0.5, from, floor(x) + 0.5, l->top[i] + l->height,
			    fmax(1, 1.2 * l->unit), UI_SOFT, 0.85, dash, 2);
		bold = ui_charts_head(&c->rule[k], size, name, &more);
		if (!names || name[0] == '\0')
			continue;
		room = ui_charts_stretch_end(l, c, k) - x - gap * 2;
		start = ui_charts_name_at(l, c, k, size, gap);
		if (start < free_from || start < 0)
			continue;
		ui_figure_text(l->f, start, l->top[i] - l->base * 0.42, size, UI_START, true, 0, UI_INK, name);
		free_from = start + bold + gap;
		snprintf(words, sizeof words, "%s", more);
		while ((rest = ui_font_width(UI_FACE_SANS, size, words)) + bold > room && words[0] != '\0')
			*strrchr(words, ' ') = '\0';
		ui_figure_text(l->f, start + bold, l->top[i] - l->base * 0.42, size, UI_START, false, 0, UI_SOFT,
		    words);
		free_from += rest;
	}
}

/* Whiskers, from the value less its error to the value and its error; on a log axis what is not above 0 has no end. */
static void
ui_charts_errors(struct ui_charts *l, int i, const struct ui_series *s)
{
	double width = 1.4 * l->unit, cap = 3.5 * l->unit;

	for (size_t k = 0; s->error != NULL && k < s->n; k++) {
		double x = ui_charts_x(l, s->p[k].x), end[2];

		if (!isfinite(x) || !isfinite(s->error[k]) || !isfinite(ui_charts_y(l, i, s->p[k].y)))
			continue;
		for (int j = 0; j < 2; j++)
			end[j] = ui_charts_y(l, i, s->p[k].y + (j == 0 ? -s->error[k] : s->error[k]));
		for (int j = 0; j < 2; j++)
			if (isfinite(end[j]))
				ui_charts_stroke(l->f, x - cap, end[j], x + cap, end[j], width, ui_palette(s->colour),
				    1, NULL, 0);
		ui_charts_stroke(l->f, x, isfinite(end[0]) ? end[0] : l->top[i] + l->height, x, end[1], width,
		    ui_palette(s->colour), 1, NULL, 0);
	}
}

/* Where a point of a series stands: what is 0 on a log axis at its foot, where the chart says so. */
static double
ui_charts_point(const struct ui_charts *l, int i, const struct ui_series *s, double y)
{
	return l->chart[i]->zeros && l->y[i].log && s->mark && y == 0 ? l->top[i] + l->height : ui_charts_y(l, i, y);
}

static void
ui_charts_series(struct ui_charts *l, int i, const struct ui_series *s)
{
	struct ui_rgb c = ui_palette(s->colour);
	struct ui_point *p = ui_alloc(s->n, sizeof *p);
	double reach = 2 * l->unit;
	size_t n = 0;

	ui_figure_clip(l->f, l->left - reach, l->top[i] - reach, l->width + 2 * reach, l->height + 2 * reach);
	for (size_t k = 0; k <= s->n; k++) {
		double x = k < s->n ? ui_charts_x(l, s->p[k].x) : NAN, y = k < s->n ? ui_charts_point(l, i, s,
		    s->p[k].y) : NAN;

		if (isfinite(x) && isfinite(y)) {
			p[n++] = (struct ui_point){x, y};
			continue;
		}
		if (n == 1 && !s->mark) /* alone between gaps: a line of no length would not be seen */
			ui_figure_disc(l->f, p[0].x, p[0].y, (s->line == UI_LINE_FAINT ? 1.2 : 3.6) * l->unit, c,
			    s->line == UI_LINE_FAINT ? 0.4 : 1);
		else if (n > 1)
			ui_charts_polyline(l, s, p, n);
		n = 0;
	}
	ui_charts_errors(l, i, s);
	ui_figure_clip(l->f, 0, 0, 0, 0);
	/* Marks that would touch are thinned to those that can be told apart. */
	for (size_t k = 0, last = 0, any = 0; s->mark && k < s->n; k++) {
		double x = ui_charts_x(l, s->p[k].x), y = ui_charts_point(l, i, s, s->p[k].y);

		if (!isfinite(x) || !(y >= l->top[i] - reach && y <= l->top[i] + l->height + reach))
			continue;
		if (any && k + 1 < s->n && fabs(x - ui_charts_x(l, s->p[last].x)) < 10 * l->unit)
			continue;
		ui_charts_mark(l, x, y, c);
		last = k;
		any = 1;
	}
	free(p);
}

/* Between which rules a text about a cut may stand. */
static void
ui_charts_field(const struct ui_charts *l, int i, const struct ui_cut *cut, double *from, double *to)
{
	ui_axis_cut_field(l->chart[i], cut, from, to);
	*from = isfinite(*from) ? fmax(l->left, ui_charts_x(l, *from)) : l->left;
	*to = isfinite(*to) ? fmin(l->right, ui_charts_x(l, *to)) : l->right;
}

/* Where a text of such rows that is to stand at x stands clear of the curve in its field: there, behind what crosses
 * the rows, or before it; else at x. */
static double
ui_charts_clear(const struct ui_charts *l, int i, const struct ui_series *s, double from, double to, double x, double w,
    double top, double high)
{
	double gap = 3 * l->unit, behind = x, before = INFINITY;

	for (size_t k = 0; k + 1 < s->n; k++) {
		double x0 = ui_charts_x(l, s->p[k].x), y0 = ui_charts_point(l, i, s, s->p[k].y),
		    x1 = ui_charts_x(l, s->p[k + 1].x), y1 = ui_charts_point(l, i, s, s->p[k + 1].y), in[2];

		if (!isfinite(x0 + y0 + x1 + y1) || x1 < behind - gap || x0 > fmin(behind + w + gap, to) ||
		    fmax(y0, y1) < top - gap || fmin(y0, y1) > top + high + gap)
			continue;
		for (int edge = 0; edge < 2; edge++) { /* where the line meets the first and the last of the rows */
			double part = y1 != y0 ? (top + edge * high - y0) / (y1 - y0) : edge;

			in[edge] = x0 + fmax(0, fmin(part, 1)) * (x1 - x0);
		}
		behind = fmax(behind, fmax(in[0], in[1]) + gap);
		before = fmin(before, fmin(in[0], in[1]) - gap - w);
	}
	return behind + w <= to ? behind : before >= from + gap && before < x ? before : x;
}

/* What the axis cuts of the curves, beside where they leave the field: as cells say it. One text does not lie over
 * another, nor in the field of another run. */
static void
ui_charts_cuts(struct ui_charts *l, int i)
{
	double size = ui_charts_tick_size(l), end[UI_LEGEND_MAX], start[UI_LEGEND_MAX], x, y, w, from, to;
	struct ui_cut cut;
	char text[32];
	int n = 0, k;

	for (size_t j = 0; j < l->chart[i]->nseries && l->height > 3 * size; j++) {
		const struct ui_series *s = &l->chart[i]->series[j];

		for (size_t at = 0; s->line != UI_LINE_FAINT && n < UI_LEGEND_MAX &&
		    ui_axis_cut(&l->y[i], s, &at, &cut);) {
			snprintf(text, sizeof text, "%s%s", cut.low ? "▼" : "▲", cut.text);
			w = ui_font_width(UI_FACE_SANS, size, text);
			y = cut.low ? l->top[i] + l->height - size * 0.45 : l->top[i] + size * 1.05;
			ui_charts_field(l, i, &cut, &from, &to);
			x = fmin(ui_charts_x(l, cut.at.x) + size * 0.6, to - w);
			x = ui_charts_clear(l, i, s, from, to, x, w, y - size * 0.85, size * 1.1);
			for (k = 0; k < n && (x > end[k] || x + w < start[k]); k++)
				;
			if (k < n || x < from || w > l->width / 4)
				continue;
			start[n] = x;
			end[n++] = x + w;
			ui_figure_rect(l->f, x - size * 0.1, y - size * 0.85, w + size * 0.2, size * 1.1,
			    (struct ui_rgb){255, 255, 255}, 0.8);
			ui_figure_text(l->f, x, y, size, UI_START, false, 0, ui_palette(s->colour), text);
		}
	}
}

static void
ui_charts_curves(struct ui_charts *l, int i)
{
	static const enum ui_line order[] = {UI_LINE_FAINT, UI_LINE_SOLID, UI_LINE_DOTTED, UI_LINE_DASHED};
	const struct ui_chart *c = l->chart[i];
	bool any = false;

	for (int o = 0; o < 4; o++)
		for (size_t k = 0; k < c->nseries; k++)
			if (c->series[k].line == order[o]) {
				ui_charts_series(l, i, &c->series[k]);
				for (size_t j = 0; j < c->series[k].n && !any; j++)
					any = isfinite(ui_axis_at(&l->y[i], c->series[k].p[j].y));
			}
	if (!any && l->height > l->base * 2 && ui_font_width(UI_FACE_SANS, l->base, "no values yet") < l->width)
		ui_figure_text(l->f, l->left + l->width / 2, l->top[i] + l->height / 2 + l->base * 0.36, l->base,
		    UI_MIDDLE, false, 0, UI_EDGE, "no values yet");
}

static void
ui_charts_text(struct ui_charts *l)
{
	double y, end = l->top[l->n - 1] + l->height + (l->without & UI_NO_XTICKS ? 0 : ui_charts_tick_size(l) * 1.6);
	const char *label;
	char *through;

	for (int i = 0; i < l->n; i++) {
		y = l->top[i] - l->base * 0.6 - (i == 0 && l->rules != NULL &&
		    !(l->without & UI_NO_RULES) ? l->base * 1.4 : 0);
		if (!(l->without & UI_NO_LEGEND))
			ui_legend_lay(l, i, y - fmax(0, l->legend_rows[i] - 1) * l->base * 1.45, true);
		y -= l->legend_rows[i] * l->base * 1.45;
		if (!(l->without & UI_NO_TITLE))
			ui_figure_fit_text(l->f, l->left, y, l->base * 1.1, UI_START, UI_FACE_BOLD,
			    l->f->w - 2 - l->left, UI_INK, l->chart[i]->title);
		label = ui_charts_ylabel(l, i);
		if (label != NULL && ui_font_width(UI_FACE_SANS, l->base, label) < l->height)
			ui_figure_text(l->f, l->pad + l->base * 0.5, l->top[i] + l->height / 2, l->base, UI_MIDDLE,
			    false, 90, UI_INK, label);
	}
	label = ui_charts_xlabel(l);
	if (label != NULL) {
		through = ui_alloc(strlen(label) + 32, 1);
		sprintf(through, "%s%s", label, l->x.through ? ", counted through" : "");
		if (ui_font_width(UI_FACE_SANS, l->base, through) < l->width)
			ui_figure_text(l->f, l->left + l->width / 2, end + l->base * 0.85, l->base, UI_MIDDLE, false, 0,
			    UI_INK, through);
		free(through);
	}
	if (l->note_lines > 0)
		ui_charts_note(l, l->f->h - l->pad - (l->note_lines - 1) * 1.35 * ui_charts_note_size(l), true);
}

void
ui_figure_charts(struct ui_figure *f, const struct ui_chart *const *chart, int n)
{
	struct ui_charts *l = ui_alloc(1, sizeof *l);

	l->f = f;
	l->chart = chart;
	l->n = n < 1 ? 0 : n > UI_CHARTS_MAX ? UI_CHARTS_MAX : n;
	l->base = ui_figure_base(f);
	l->unit = fmax(0.4, l->base / 15);
	l->pad = floor(fmax(2, l->base * fmin(1.1, fmin(f->w, f->h) / 240.0)));
	l->begin = l->pad;
	for (int i = 0; i < l->n; i++) {
		if (l->note == NULL && chart[i]->note != NULL && *chart[i]->note != '\0')
			l->note = chart[i]->note;
		if (l->rules == NULL && i == 0 && chart[i]->nrules > 0)
			l->rules = chart[i];
	}
	if (l->note != NULL)
		ui_figure_meta(f, "Comment", l->note);
	ui_legend_collect(l);
	while (l->n > 0 && !ui_charts_place(l) && l->without != 2 * UI_NO_YTICKS - 1) {
		l->begin = l->pad;
		l->without = l->without * 2 + 1;
	}
	if (l->n > 0 && l->height >= 2 && l->width >= 2) {
		for (int i = 0; i < l->n; i++) {
			ui_charts_axes(l, i);
			ui_charts_rules(l, i);
			ui_charts_curves(l, i);
			ui_charts_cuts(l, i);
		}
		ui_charts_text(l);
	}
	free(l);
}
