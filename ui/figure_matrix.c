/* figure_matrix.c: a matrix of counts: each in its cell, which is shaded by its share of the row, and the scale of the
 * shades; behind each row the share that was right. Most of what is of interest lies in small shares, so that the shade
 * is the root of the share.
 */
#include "colourmap.h"
#include "figure_int.h"

#include <math.h>
#include <stdio.h>

struct ui_grid {
	double w, h; /* of the picture */
	double x, y, side; /* the first cell */
	double base; /* size of text */
	double share, scale; /* what stands at the right: the share that was right, the scale; 0: it does not */
	bool titled;
};

/* How the names stand beside and below the cells. */
struct ui_names {
	double size; /* of their letters */
	double width; /* of the widest of a row, in letters of that size */
	bool upright; /* those of the columns have no room across: they stand on end */
	int each; /* every so many-th is written */
};

static double
matrix_share(const struct ui_matrix *m, int row, int col)
{
	uint64_t all = 0;

	for (int i = 0; i < m->ncols; i++)
		all += m->count[row * m->ncols + i];
	return all > 0 ? (double)m->count[row * m->ncols + col] / (double)all : 0;
}

/* The size of the counts. */
static double
matrix_text(const struct ui_grid *g)
{
	return fmin(g->base, g->side * 0.36);
}

static void
matrix_cell(struct ui_figure *f, const struct ui_matrix *m, const struct ui_grid *g, int row, int col)
{
	struct ui_rgb ground = ui_amount_colour(sqrt(matrix_share(m, row, col)), !f->inks.dark);
	double x = g->x + col * g->side, y = g->y + row * g->side, size = matrix_text(g);
	uint64_t n = m->count[row * m->ncols + col];
	char text[32];

	ui_figure_rect(f, x + 0.5, y + 0.5, g->side - 1, g->side - 1, ground, 1);
	if (size < 6)
		return;
	snprintf(text, sizeof text, "%llu", (unsigned long long)n);
	ui_figure_fit_text(f, x + g->side / 2, y + g->side / 2 + size * 0.36, size, UI_MIDDLE, UI_FACE_SANS,
	    g->side - 2,
	    n > 0 ? ui_ink_on(ground) : UI_EDGE, text);
}

/* The scale stands at the right: shares at the height of their shades. */
static void
matrix_scale(struct ui_figure *f, const struct ui_grid *g, double x, double height)
{
	static const struct {
		double share;
		const char *name;
	} tick[] = {{0, "0 %"}, {0.01, "1 %"}, {0.1, "10 %"}, {0.25, "25 %"}, {0.5, "50 %"}, {1, "100 %"}};
	double width = g->base, size = g->base * 0.85;
	int steps = (int)fmax(height, 1);

	for (int i = 0; i < steps; i++)
		ui_figure_rect(f, x, g->y + height - (i + 1) * height / steps, width, height / steps + 0.5,
		    ui_amount_colour((i + 0.5) / steps, !f->inks.dark), 1);
	for (size_t i = 0; i < sizeof tick / sizeof *tick; i++) {
		double y = g->y + height * (1 - sqrt(tick[i].share));

		ui_figure_line(f, (struct ui_point[]){{x + width, y}, {x + width + size * 0.3, y}}, 2, 1, UI_EDGE, 1,
		    NULL, 0);
		ui_figure_text(f, x + width + size * 0.5, y + size * 0.36, size, UI_START, false, 0, UI_SOFT,
		    tick[i].name);
	}
	ui_figure_text(f, x, g->y + height + size * 1.5, size, UI_START, false, 0, UI_SOFT, "of the row");
}

/* The widest name of a row, in letters of size 1. What is not a name of a class is not counted. */
static double
matrix_widest(const struct ui_matrix *m)
{
	double widest = 0;

	for (int i = 0; i < m->nrows; i++)
		widest = fmax(widest, ui_font_width(UI_FACE_BOLD, 1, m->row[i]));
	return widest;
}

static void
matrix_names(struct ui_figure *f, const struct ui_matrix *m, const struct ui_grid *g, const struct ui_names *n)
{
	double size = n->size, bottom = g->y + m->nrows * g->side, room = g->x - size * 0.6 - g->base * 2;
	double beside = fmax(size * 1.6 + g->base * 0.9, size * 0.6 + fmin(n->width, room) + g->base * 1.1);
	double mid = g->x + m->ncols * g->side / 2;
	double below = n->upright ? size + n->width + g->base * 1.2 : size * 1.3 + g->base * 1.4;

	for (int i = 0; i < m->nrows; i += n->each)
		ui_figure_fit_text(f, g->x - size * 0.6, g->y + (i + 0.5) * g->side + size * 0.36, size, UI_END,
		    UI_FACE_BOLD, fmax(room, size), UI_INK, m->row[i]);
	for (int i = 0; i < m->ncols; i += n->each)
		if (n->upright)
			ui_figure_text(f, g->x + (i + 0.5) * g->side + size * 0.36, bottom + size * 0.6, size, UI_END,
			    true, 90, UI_INK, m->col[i]);
		else
			ui_figure_fit_text(f, g->x + (i + 0.5) * g->side, bottom + size * 1.3, size, UI_MIDDLE,
			    UI_FACE_BOLD, g->side, UI_INK, m->col[i]);
	ui_figure_fit_text(f, mid, bottom + below, g->base, UI_MIDDLE, UI_FACE_SANS, 2 * fmin(mid, f->w - mid), UI_SOFT,
	    m->cols);
	ui_figure_text(f, g->x - beside, g->y + m->nrows * g->side / 2, g->base, UI_MIDDLE, false, 90, UI_SOFT,
	    m->rows);
}

/* The share of each row that was right, behind it, below it what that is called. */
static void
matrix_shares(struct ui_figure *f, const struct ui_matrix *m, const struct ui_grid *g, const struct ui_names *n)
{
	double right = g->x + m->ncols * g->side + g->share;
	char text[32];

	for (int i = 0; i < m->nrows && i < m->ncols; i += n->each) {
		snprintf(text, sizeof text, "%.3f", matrix_share(m, i, i));
		ui_figure_text(f, right, g->y + (i + 0.5) * g->side + n->size * 0.36, n->size, UI_END, false, 0,
		    UI_SOFT, text);
	}
	ui_figure_fit_text(f, right, g->y + m->nrows * g->side + n->size * 1.3, fmin(n->size, g->base * 0.9), UI_END,
	    UI_FACE_SANS, g->share, UI_SOFT, m->share);
}

/* The sizes of cells and letters that follow from each other, in the room between the margins. */
static double
matrix_fit(const struct ui_matrix *m, const struct ui_grid *g, double left, double right, double bottom,
    struct ui_names *n)
{
	double side = floor(fmin((g->w - left - right) / m->ncols, (g->h - g->y - bottom) / m->nrows));
	double least = m->nrows > 20 ? g->base * 0.7 : 0;

	n->size = fmax(fmin(g->base, side * 0.5), least);
	n->width = matrix_widest(m) * n->size;
	n->each = side > 0 && n->size * 1.1 > side && least > 0 ? (int)ceil(n->size * 1.1 / side) : 1;
	return side;
}

/* Where everything stands. False: there is no room for cells. */
static bool
matrix_place(struct ui_grid *g, struct ui_names *names, double w, double h, double base, const struct ui_matrix *m)
{
	double pad = floor(base * 1.1), left = base * 4.5, bottom = base * 4, right;

	*g = (struct ui_grid){.w = w, .h = h, .base = base, .y = pad, .titled = m->title != NULL && h > base * 12};
	*names = (struct ui_names){0};
	if (m->nrows == 0 || m->ncols == 0)
		return false;
	if (g->titled)
		g->y += base * 2.2;
	if (w >= base * 24) /* else too narrow for a scale */
		g->scale = base * 6;
	if (m->share != NULL && w >= base * 30)
		g->share = base * 3.4;
	right = (g->scale > 0 ? g->scale : pad) + g->share;
	left = fmax(left, fmin(matrix_widest(m) * base, w * 0.3) + base * 2.8);
	g->side = matrix_fit(m, g, left, right, bottom, names);
	if (names->width > g->side) {
		names->upright = true;
		bottom = fmin(names->width, h * 0.3) + base * 3;
		g->side = matrix_fit(m, g, left, right, bottom, names);
	}
	g->x = floor(left + (w - left - right - g->side * m->ncols) / 2);
	return g->side >= 3;
}

void
ui_figure_matrix_grid(struct ui_matrix_grid *out, double w, double h, double base, const struct ui_matrix *m)
{
	struct ui_grid g;
	struct ui_names names;
	uint64_t most = 0;
	char text[32];

	*out = (struct ui_matrix_grid){0};
	if (m->nrows == 0 || m->ncols == 0 || fmin(w / m->ncols, h / m->nrows) < base ||
	    !matrix_place(&g, &names, w, h, base, m))
		return;
	for (int i = 0; i < m->nrows * m->ncols; i++)
		most = m->count[i] > most ? m->count[i] : most;
	snprintf(text, sizeof text, "%llu", (unsigned long long)most);
	*out = (struct ui_matrix_grid){g.x, g.y, g.side, matrix_text(&g) >= base * 0.75 && names.each == 1 &&
	    ui_font_width(UI_FACE_SANS, matrix_text(&g), text) <= g.side - 2};
}

void
ui_figure_matrix(struct ui_figure *f, const struct ui_matrix *m)
{
	double base = ui_figure_base(f), pad = floor(base * 1.1);
	struct ui_grid g;
	struct ui_names names;
	double note = ui_text_width(base, false, m->note);
	bool room = matrix_place(&g, &names, f->w, f->h, base, m);

	if (g.titled) {
		note = note > f->w * 0.5 ? 0 : note;
		ui_figure_fit_text(f, pad, pad + base * 1.05, base * 1.15, UI_START, UI_FACE_BOLD,
		    f->w - 3 * pad - note, UI_INK,
		    m->title);
		if (note > 0)
			ui_figure_text(f, f->w - pad, pad + base * 1.05, base, UI_END, false, 0, UI_SOFT, m->note);
	}
	if (!room)
		return;
	for (int i = 0; i < m->nrows; i++)
		for (int k = 0; k < m->ncols; k++)
			matrix_cell(f, m, &g, i, k);
	matrix_names(f, m, &g, &names);
	if (g.share > 0 && names.size >= 6)
		matrix_shares(f, m, &g, &names);
	if (g.scale > 0)
		matrix_scale(f, &g, g.x + g.side * m->ncols + g.share + base * 1.2, g.side * m->nrows);
}
