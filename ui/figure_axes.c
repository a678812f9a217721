/* figure_axes.c: the axes of charts: where a value stands, ticks with their text, and the grid */
#include "figure_charts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

double
ui_charts_tick_size(const struct ui_charts *l)
{
	return fmax(8, l->base * 0.9);
}

/* "1e-6" is set as a power of ten. */
static void
ui_charts_tick_text(const char *text, char *out, size_t len)
{
	static const char *const raised[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
	const char *e = strchr(text, 'e');

	if (e == NULL) {
		snprintf(out, len, "%s%s", text[0] == '-' ? "−" : "", text[0] == '-' ? text + 1 : text);
		return;
	}
	snprintf(out, len, "%s%.*s%s10%s", text[0] == '-' ? "−" : "", (int)(e - text) - (text[0] == '-'),
	    text + (text[0] == '-'), "·", e[1] == '-' ? "⁻" : "");
	if (e - text == 1 && text[0] == '1')
		snprintf(out, len, "10%s", e[1] == '-' ? "⁻" : "");
	for (e++; *e != '\0'; e++)
		if (*e >= '0' && *e <= '9' && strlen(out) + 4 < len)
			strcat(out, raised[*e - '0']);
}

double
ui_charts_tick_width(const char *text, double size)
{
	char set[64];

	ui_charts_tick_text(text, set, sizeof set);
	return ui_font_width(UI_FACE_SANS, size, set);
}

void
ui_charts_stroke(struct ui_figure *f, double x0, double y0, double x1, double y1, double width, struct ui_rgb c,
    double alpha, const double *dash, int ndash)
{
	struct ui_point p[2] = {{x0, y0}, {x1, y1}};

	ui_figure_line(f, p, 2, width, c, alpha, dash, ndash);
}

double
ui_charts_x(const struct ui_charts *l, double x)
{
	return l->left + fmin(fmax(ui_axis_at(&l->x, x), -20), 20) * l->width;
}

double
ui_charts_y(const struct ui_charts *l, int i, double y)
{
	double at = ui_axis_at(&l->y[i], y);

	return isfinite(at) ? l->top[i] + (1 - fmin(fmax(at, -20), 20)) * l->height : NAN;
}

void
ui_charts_axes(struct ui_charts *l, int i)
{
	double tick = ui_charts_tick_size(l), bottom = l->top[i] + l->height, hair = fmax(1, floor(l->unit)), at,
	    free_from, half;
	char text[64];
	bool minors;

	free_from = INFINITY;
	/* else they run together */
	minors = l->y[i].log && l->height / (log10(l->y[i].hi) - log10(l->y[i].lo)) > 50 * hair;
	for (int k = 0; k < l->y[i].n; k++) {
		const struct ui_tick *t = &l->y[i].tick[k];

		if (t->minor && !minors)
			continue;
		at = floor(ui_charts_y(l, i, t->at)) + 0.5;
		ui_charts_stroke(l->f, l->left, at, l->right, at, hair, UI_GRID, t->minor ? 0.55 : 1, NULL, 0);
		if (t->minor || (l->without & UI_NO_YTICKS) || at + tick * 0.6 > free_from || at - tick * 0.5 < 1)
			continue;
		ui_charts_tick_text(t->text, text, sizeof text);
		ui_figure_text(l->f, l->left - l->base * 0.45, at + tick * 0.36, tick, UI_END, false, 0, UI_SOFT, text);
		free_from = at - tick * 0.6;
	}
	free_from = -INFINITY;
	for (int k = 0; k < l->x.n; k++) {
		const struct ui_tick *t = &l->x.tick[k];

		at = floor(ui_charts_x(l, t->at)) + 0.5;
		ui_charts_stroke(l->f, at, l->top[i], at, bottom, hair, UI_GRID, t->minor ? 0.4 : 0.7, NULL, 0);
		if (t->minor || i + 1 < l->n || (l->without & UI_NO_XTICKS))
			continue;
		ui_charts_tick_text(t->text, text, sizeof text);
		half = ui_font_width(UI_FACE_SANS, tick, text) / 2;
		if (at - half < fmax(free_from, 1) || at + half > l->f->w - 1)
			continue;
		ui_charts_stroke(l->f, at, bottom, at, bottom + 4 * l->unit, hair, UI_EDGE, 1, NULL, 0);
		ui_figure_text(l->f, at, bottom + tick * 1.4, tick, UI_MIDDLE, false, 0, UI_SOFT, text);
		free_from = at + half + tick * 0.35;
	}
	at = floor(l->left) + 0.5;
	ui_charts_stroke(l->f, at, l->top[i], at, bottom, hair, UI_EDGE, 1, NULL, 0);
	at = floor(bottom) + 0.5;
	ui_charts_stroke(l->f, l->left, at, l->right, at, hair, UI_EDGE, 1, NULL, 0);
}
