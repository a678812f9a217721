/* figure_estimates.c: means with their errors, a row each, along one axis: what differs by more than its error is seen
 * at once. Rows of one group stand together under its name; the figures stand at the right.
 */
#include "figure_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct ui_plane {
	double left, right, top, row; /* of the plot; the height of a row */
	double lo, hi, base;
};

static double
plane_x(const struct ui_plane *p, double v)
{
	return p->left + (v - p->lo) / (p->hi - p->lo) * (p->right - p->left);
}

/* The axis holds all means with their errors, and some air. */
static bool
plane_range(struct ui_plane *p, const struct ui_estimates *t)
{
	double lo = INFINITY, hi = -INFINITY;

	for (int i = 0; i < t->n; i++) {
		double error = isfinite(t->row[i].error) ? t->row[i].error : 0;

		if (isfinite(t->row[i].mean)) {
			lo = fmin(lo, t->row[i].mean - error);
			hi = fmax(hi, t->row[i].mean + error);
		}
	}
	if (!(lo <= hi))
		return false;
	p->lo = lo - fmax((hi - lo) * 0.06, 1e-6);
	p->hi = hi + fmax((hi - lo) * 0.06, 1e-6);
	return true;
}

/* 1, 2 or 5 times a power of ten, of which at most `most` fit. */
static double
plane_step(const struct ui_plane *p, double most)
{
	double least = (p->hi - p->lo) / most, power = pow(10, floor(log10(least)));

	return least <= power ? power : least <= 2 * power ? 2 * power : least <= 5 * power ? 5 * power : 10 * power;
}

static void
plane_axis(struct ui_figure *f, const struct ui_plane *p, double bottom, const char *name)
{
	double size = p->base * 0.85, step = plane_step(p, fmax((p->right - p->left) / (size * 5), 1));
	int digits = (int)fmax(-floor(log10(step) + 1e-9), 0);
	char text[32];

	for (double v = ceil(p->lo / step) * step; v <= p->hi; v += step) {
		double x = plane_x(p, v);

		ui_figure_line(f, (struct ui_point[]){{x, p->top}, {x, bottom}}, 2, 1, UI_GRID, 1, NULL, 0);
		snprintf(text, sizeof text, "%.*f", digits, v);
		ui_figure_text(f, x, bottom + size * 1.4, size, UI_MIDDLE, false, 0, UI_SOFT, text);
	}
	ui_figure_line(f, (struct ui_point[]){{p->left, bottom}, {p->right, bottom}}, 2, 1, UI_EDGE, 1, NULL, 0);
	ui_figure_text(f, (p->left + p->right) / 2, bottom + size * 1.4 + p->base * 1.3, p->base, UI_MIDDLE, false, 0,
	    UI_SOFT, name);
}

static void
plane_row(struct ui_figure *f, const struct ui_plane *p, const struct ui_estimate *e, double y, double size)
{
	double x = plane_x(p, e->mean), cap = fmin(p->row * 0.22, size * 0.4);
	struct ui_rgb c = ui_palette(e->colour);

	ui_figure_fit_text(f, p->left - size * 0.8, y + size * 0.36, size, UI_END, UI_FACE_SANS, p->left - size * 1.6,
	    UI_INK, e->name);
	ui_figure_text(f, p->right + size * 0.8, y + size * 0.36, size, UI_START, false, 0, UI_INK, e->text);
	if (!isfinite(e->mean))
		return;
	if (isfinite(e->error)) {
		double from = plane_x(p, e->mean - e->error), to = plane_x(p, e->mean + e->error);

		ui_figure_line(f, (struct ui_point[]){{from, y}, {to, y}}, 2, fmax(size * 0.14, 1), c, 1, NULL, 0);
		for (int i = 0; i < 2; i++)
			ui_figure_line(f, (struct ui_point[]){{i ? to : from, y - cap}, {i ? to : from, y + cap}}, 2,
			    fmax(size * 0.14, 1), c, 1, NULL, 0);
	}
	ui_figure_disc(f, x, y, fmax(size * 0.3, 1.5), c, 1);
}

static bool
group_begins(const struct ui_estimates *t, int i)
{
	return t->row[i].group != NULL && (i == 0 || t->row[i - 1].group == NULL ||
	    strcmp(t->row[i].group, t->row[i - 1].group) != 0);
}

static double
widest(const struct ui_estimates *t, double size, bool names)
{
	double w = 0;

	for (int i = 0; i < t->n; i++)
		w = fmax(w, ui_text_width(size, false, names ? t->row[i].name : t->row[i].text));
	return w;
}

void
ui_figure_estimates(struct ui_figure *f, const struct ui_estimates *t)
{
	double base = ui_figure_base(f), pad = floor(base * 1.1), size, y;
	struct ui_plane p = {.base = base, .top = pad};
	int rows = 0;

	if (t->n == 0 || !plane_range(&p, t))
		return;
	for (int i = 0; i < t->n; i++)
		rows += 1 + group_begins(t, i);
	if (t->title != NULL && f->h > base * 12) {
		ui_figure_fit_text(f, pad, pad + base * 1.05, base * 1.15, UI_START, UI_FACE_BOLD, f->w - 2 * pad,
		    UI_INK, t->title);
		p.top += base * 1.7;
		if (t->note != NULL)
			ui_figure_fit_text(f, pad, p.top + base * 0.9, base * 0.9, UI_START, UI_FACE_SANS,
			    f->w - 2 * pad, UI_SOFT, t->note);
		p.top += t->note != NULL ? base * 1.8 : base * 0.4;
	}
	p.row = (f->h - p.top - base * 4) / rows;
	if (p.row < 3)
		return;
	size = fmin(base, p.row * 0.8);
	p.left = pad + widest(t, size, true) + size * 0.8;
	p.right = f->w - pad - widest(t, size, false) - size * 0.8;
	if (p.right - p.left < base * 4)
		return;
	plane_axis(f, &p, p.top + rows * p.row, t->axis);
	y = p.top + p.row / 2;
	for (int i = 0; i < t->n; i++, y += p.row) {
		if (group_begins(t, i)) {
			ui_figure_fit_text(f, pad, y + size * 0.36, size, UI_START, UI_FACE_BOLD, p.right - pad, UI_INK,
			    t->row[i].group);
			y += p.row;
		}
		plane_row(f, &p, &t->row[i], y, size);
	}
}
