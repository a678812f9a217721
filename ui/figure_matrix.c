/* figure_matrix.c: a matrix of counts: each in its cell, which is shaded by its share of the row, and the scale of the
 * shades. Most of what is of interest lies in small shares, so that the shade is the root of the share.
 */
#include "colourmap.h"
#include "figure_int.h"

#include <math.h>
#include <stdio.h>

struct ui_grid {
	double x, y, side; /* the first cell */
	double base; /* size of text */
};

static double
matrix_share(const struct ui_matrix *m, int row, int col)
{
	uint64_t all = 0;

	for (int i = 0; i < m->ncols; i++)
		all += m->count[row * m->ncols + i];
	return all > 0 ? (double)m->count[row * m->ncols + col] / (double)all : 0;
}

static void
matrix_cell(struct ui_figure *f, const struct ui_matrix *m, const struct ui_grid *g, int row, int col)
{
	struct ui_rgb ground = ui_amount_colour(sqrt(matrix_share(m, row, col)), !f->inks.dark);
	double x = g->x + col * g->side, y = g->y + row * g->side, size = fmin(g->base, g->side * 0.36);
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

/* How the names stand beside and below the cells. */
struct ui_names {
	double size; /* of their letters */
	double width; /* of the widest of a row, in letters of that size */
	bool upright; /* those of the columns have no room across: they stand on end */
	int each; /* every so many-th is written */
};

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
	ui_figure_text(f, g->x + m->ncols * g->side / 2, bottom + below, g->base, UI_MIDDLE, false, 0, UI_SOFT,
	    m->cols);
	ui_figure_text(f, g->x - beside, g->y + m->nrows * g->side / 2, g->base, UI_MIDDLE, false, 90, UI_SOFT,
	    m->rows);
}

/* The sizes of cells and letters that follow from each other, in the room between the margins. */
static double
matrix_fit(const struct ui_figure *f, const struct ui_matrix *m, const struct ui_grid *g, double left, double right,
    double bottom, struct ui_names *n)
{
	double side = floor(fmin((f->w - left - right) / m->ncols, (f->h - g->y - bottom) / m->nrows));
	double least = m->nrows > 20 ? g->base * 0.7 : 0;

	n->size = fmax(fmin(g->base, side * 0.5), least);
	n->width = matrix_widest(m) * n->size;
	n->each = side > 0 && n->size * 1.1 > side && least > 0 ? (int)ceil(n->size * 1.1 / side) : 1;
	return side;
}

void
ui_figure_matrix(struct ui_figure *f, const struct ui_matrix *m)
{
	double base = ui_figure_base(f), pad = floor(base * 1.1), left = base * 4.5, bottom = base * 4,
	    right = base * 6;
	struct ui_grid g = {.base = base, .y = pad};
	struct ui_names names = {0};
	double note = m->note != NULL ? ui_text_width(base, false, m->note) : 0;

	if (m->nrows == 0 || m->ncols == 0)
		return;
	if (m->title != NULL && f->h > base * 12) {
		note = note > f->w * 0.5 ? 0 : note;
		ui_figure_fit_text(f, pad, pad + base * 1.05, base * 1.15, UI_START, UI_FACE_BOLD,
		    f->w - 3 * pad - note, UI_INK,
		    m->title);
		if (note > 0)
			ui_figure_text(f, f->w - pad, pad + base * 1.05, base, UI_END, false, 0, UI_SOFT, m->note);
		g.y += base * 2.2;
	}
	if (f->w < base * 24) /* too narrow for a scale */
		right = pad;
	left = fmax(left, fmin(matrix_widest(m) * base, f->w * 0.3) + base * 2.8);
	g.side = matrix_fit(f, m, &g, left, right, bottom, &names);
	if (names.width > g.side) {
		names.upright = true;
		bottom = fmin(names.width, f->h * 0.3) + base * 3;
		g.side = matrix_fit(f, m, &g, left, right, bottom, &names);
	}
	if (g.side < 3)
		return;
	g.x = floor(left + (f->w - left - right - g.side * m->ncols) / 2);
	for (int i = 0; i < m->nrows; i++)
		for (int k = 0; k < m->ncols; k++)
			matrix_cell(f, m, &g, i, k);
	matrix_names(f, m, &g, &names);
	if (right > pad)
		matrix_scale(f, &g, g.x + g.side * m->ncols + base * 1.2, g.side * m->nrows);
}
