/* figure_estimates.c: means with their errors, a row each, along one axis: what differs by more than its error is seen
 * at once. Rows of one group stand together under its name; the figures stand at the right. Where a row holds several,
 * the first is a disc and the second a ring around it, and each has its own column of figures.
 */
#include "estimates.h"
#include "figure_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct ui_plane {
	double left, right, top, row; /* of the plot; the height of a row */
	double base, size; /* of text; of the text of rows */
	double text[UI_KINDS]; /* where each kind's figures end */
	int kinds, rows;
	struct ui_span span;
};

static double
plane_x(const struct ui_plane *p, double v)
{
	return p->left + (v - p->span.low) / (p->span.high - p->span.low) * (p->right - p->left);
}

static void
plane_axis(struct ui_figure *f, const struct ui_plane *p, double bottom, const char *name)
{
	double size = p->base * 0.85, step = ui_span_step(&p->span, fmax((p->right - p->left) / (size * 5), 1));
	int digits = ui_span_digits(step);
	double mid = (p->left + p->right) / 2;
	char text[32];

	for (double v = ceil(p->span.low / step) * step; v <= p->span.high; v += step) {
		double x = plane_x(p, v);

		ui_figure_line(f, (struct ui_point[]){{x, p->top}, {x, bottom}}, 2, 1, UI_GRID, 1, NULL, 0);
		snprintf(text, sizeof text, "%.*f", digits, v);
		if (ui_font_width(UI_FACE_SANS, size, text) <= 2 * fmin(x, f->w - x))
			ui_figure_text(f, x, bottom + size * 1.4, size, UI_MIDDLE, false, 0, UI_SOFT, text);
	}
	ui_figure_line(f, (struct ui_point[]){{p->left, bottom}, {p->right, bottom}}, 2, 1, UI_EDGE, 1, NULL, 0);
	ui_figure_fit_text(f, mid, bottom + size * 1.4 + p->base * 1.3, p->base, UI_MIDDLE, UI_FACE_SANS,
	    2 * fmin(mid, f->w - mid), UI_SOFT, name);
}

static void
plane_mark(struct ui_figure *f, double x, double y, double size, int kind, struct ui_rgb c)
{
	struct ui_point ring[25];
	double radius = fmax(size * 0.44, 2.5);

	if (kind == 0) {
		ui_figure_disc(f, x, y, fmax(size * 0.3, 1.5), c, 1);
		return;
	}
	for (int i = 0; i < 25; i++)
		ring[i] = (struct ui_point){x + radius * cos(i * M_PI / 12), y + radius * sin(i * M_PI / 12)};
	ui_figure_line(f, ring, 25, fmax(size * 0.15, 1), c, 1, NULL, 0);
}

static void
plane_row(struct ui_figure *f, const struct ui_plane *p, const struct ui_estimate *e, int kind, double y)
{
	double size = p->size, x = plane_x(p, e->mean), cap = fmin(p->row * 0.22, size * 0.4);
	double right = p->left - size * 0.8, room = p->left - size * 1.6;
	struct ui_rgb c = ui_palette(e->colour);

	if (kind == 0)
		ui_figure_fit_text(f, right, y + size * 0.36, size, UI_END, UI_FACE_SANS, room, UI_INK, e->name);
	if (kind == 0 && e->locked)
		ui_figure_face_text(f, right - fmin(ui_font_width(UI_FACE_SANS, size, e->name), room) - size * 0.4,
		    y + size * 0.36, size, UI_END, UI_FACE_SANS, 0, UI_BLUE, "❄");
	if (p->kinds > 1)
		ui_figure_text(f, p->text[kind], y + size * 0.36, size, UI_END, false, 0, UI_INK, e->text);
	else
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
	plane_mark(f, x, y, size, kind, c);
}

static bool
group_begins(const struct ui_estimates *t, int i)
{
	return t->row[i].group != NULL && (i == 0 || t->row[i - 1].group == NULL ||
	    strcmp(t->row[i].group, t->row[i - 1].group) != 0);
}

/* The widest name, or the widest text of a kind. */
static double
widest(const struct ui_estimates *t, double size, int kind, bool names)
{
	double w = 0, lock = 0;
	int at = 0;

	for (int i = 0; i < t->n; i++) {
		at = t->row[i].beside ? at + 1 : 0;
		lock = names && t->row[i].locked ? size * 1.4 : lock;
		if (at == kind)
			w = fmax(w, ui_text_width(size, false, names ? t->row[i].name : t->row[i].text));
	}
	return w + lock;
}

static double
kind_width(const struct ui_estimates *t, double size, int kind)
{
	return fmax(widest(t, size, kind, false), ui_text_width(size, true, t->kind[kind]) + size * 1.4);
}

/* Below `top`; false: it does not fit. */
static bool
plane_lay(struct ui_plane *p, const struct ui_estimates *t, double w, double h, double top)
{
	double pad = floor(p->base * 1.1), x = w - pad;

	p->top = top;
	p->kinds = ui_estimates_kinds(t);
	p->rows = p->kinds > 1;
	for (int i = 0; i < t->n; i++)
		p->rows += !t->row[i].beside + group_begins(t, i);
	if (t->n == 0 || !ui_span_find(&p->span, t))
		return false;
	p->row = (h - p->top - p->base * 4) / p->rows;
	if (p->row < 3)
		return false;
	p->size = fmin(p->base, p->row * 0.8);
	p->left = pad + widest(t, p->size, 0, true) + p->size * 0.8;
	for (int k = p->kinds - 1; k >= 0 && p->kinds > 1; k--) {
		p->text[k] = x;
		x -= kind_width(t, p->size, k) + p->size * 1.2;
	}
	p->right = p->kinds > 1 ? x : w - pad - widest(t, p->size, 0, false) - p->size * 0.8;
	return p->right - p->left >= p->base * 4;
}

bool
ui_figure_estimates_reads(double w, double h, double base, const struct ui_estimates *t)
{
	struct ui_plane p = {.base = base};

	return plane_lay(&p, t, w, h, floor(base * 1.1)) && p.size >= base * 0.8 && p.right - p.left >= base * 10;
}

/* What the columns of figures are of. */
static void
plane_head(struct ui_figure *f, const struct ui_plane *p, const struct ui_estimates *t, double y)
{
	for (int k = 0; k < p->kinds; k++) {
		ui_figure_face_text(f, p->text[k], y + p->size * 0.36, p->size, UI_END, UI_FACE_BOLD, 0, UI_INK,
		    t->kind[k]);
		plane_mark(f, p->text[k] - ui_text_width(p->size, true, t->kind[k]) - p->size * 0.8, y, p->size, k,
		    ui_palette(k));
	}
}

void
ui_figure_estimates(struct ui_figure *f, const struct ui_estimates *t)
{
	struct ui_plane p = {.base = ui_figure_base(f)};
	double base = p.base, pad = floor(base * 1.1), top = pad, y;
	bool fits;

	if (t->title != NULL && f->h > base * 12)
		top += base * 1.7 + (t->note != NULL ? base * 1.8 : base * 0.4);
	fits = plane_lay(&p, t, f->w, f->h, top);
	if (top > pad && t->n > 0) {
		ui_figure_fit_text(f, pad, pad + base * 1.05, base * 1.15, UI_START, UI_FACE_BOLD, f->w - 2 * pad,
		    UI_INK, t->title);
		if (t->note != NULL)
			ui_figure_fit_text(f, pad, pad + base * 2.6, base * 0.9, UI_START, UI_FACE_SANS,
			    f->w - 2 * pad, UI_SOFT, t->note);
	}
	if (!fits)
		return;
	y = p.top + p.row / 2;
	if (p.kinds > 1) {
		plane_head(f, &p, t, y);
		y += p.row;
		p.top += p.row;
		p.rows--;
	}
	plane_axis(f, &p, p.top + p.rows * p.row, t->axis);
	for (int i = 0, kind = 0; i < t->n; i++) {
		kind = t->row[i].beside ? kind + 1 : 0;
		if (i > 0 && kind == 0)
			y += p.row;
		if (group_begins(t, i)) {
			ui_figure_fit_text(f, pad, y + p.size * 0.36, p.size, UI_START, UI_FACE_BOLD, p.right - pad,
			    UI_INK, t->row[i].group);
			y += p.row;
		}
		if (kind < p.kinds)
			plane_row(f, &p, &t->row[i], kind, y);
	}
}
