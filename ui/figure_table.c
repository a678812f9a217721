/* figure_table.c: a table as a picture, set as large as fits. Where it cannot fit, dim rows leave first, then the
 * last ones. */
#include "figure_int.h"
#include "mem.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UI_TABLE_LINE 1.7 /* height of a row, in sizes of text */
#define UI_TABLE_GAP 1.6 /* between columns */
#define UI_TABLE_LEAST 7 /* text smaller than that is not read */

struct ui_sheet_table {
	const struct ui_table *t;
	bool locks, head, title;
	size_t shown; /* rows drawn */
	bool *show; /* which */
	double col[UI_COLS_MAX], width; /* at size 1 */
};

static const char *
ui_table_cell(const struct ui_table *t, size_t row, int col)
{
	return t->row[row].cell[col] != NULL ? t->row[row].cell[col] : "";
}

/* A row that says something in its first cell only goes over all columns. */
static bool
ui_table_across(const struct ui_table *t, size_t row)
{
	for (int i = 1; i < t->ncols; i++)
		if (*ui_table_cell(t, row, i) != '\0')
			return false;
	return t->ncols > 1;
}

static enum ui_face
ui_table_face(const struct ui_row *r)
{
	return r->flags & (UI_ROW_TOTAL | UI_ROW_MARK) ? UI_FACE_BOLD : UI_FACE_SANS;
}

static void
ui_table_measure(struct ui_sheet_table *s)
{
	const struct ui_table *t = s->t;

	s->width = s->locks ? UI_TABLE_GAP : 0;
	for (int i = 0; i < t->ncols; i++) {
		s->col[i] = ui_font_width(UI_FACE_BOLD, 1, t->head[i]);
		for (size_t r = 0; r < t->nrows; r++)
			if (!ui_table_across(t, r))
				s->col[i] = fmax(s->col[i], ui_font_width(ui_table_face(&t->row[r]), 1,
				    ui_table_cell(t, r, i)));
		s->width += s->col[i] + (i > 0 ? UI_TABLE_GAP : 0);
	}
	for (size_t r = 0; r < t->nrows; r++)
		if (ui_table_across(t, r))
			s->width = fmax(s->width, ui_font_width(ui_table_face(&t->row[r]), 1,
			    ui_table_cell(t, r, 0)) + (s->locks ? UI_TABLE_GAP : 0));
}

/* Lines that all of it takes, in rows. */
static double
ui_table_lines(const struct ui_sheet_table *s)
{
	return (double)s->shown + (s->head ? 1.15 : 0) + (s->title ? 1.5 : 0) + (s->shown < s->t->nrows ? 1 : 0) + 0.3;
}

/* Leaves out rows until the rest can be read. */
static void
ui_table_thin(struct ui_sheet_table *s, double room)
{
	for (size_t r = s->t->nrows; r-- > 0 && room / (ui_table_lines(s) * UI_TABLE_LINE) < UI_TABLE_LEAST;)
		if (s->t->row[r].flags & UI_ROW_DIM) {
			s->show[r] = false;
			s->shown--;
		}
	for (size_t r = s->t->nrows; r-- > 0 && room / (ui_table_lines(s) * UI_TABLE_LINE) < UI_TABLE_LEAST;)
		if (s->show[r] && !(s->t->row[r].flags & UI_ROW_TOTAL)) {
			s->show[r] = false;
			s->shown--;
		}
}

static void
ui_table_row(struct ui_figure *f, const struct ui_sheet_table *s, size_t r, double x, double y, double size,
    double width, bool stripe)
{
	const struct ui_table *t = s->t;
	const struct ui_row *row = &t->row[r];
	struct ui_rgb ink = row->flags & UI_ROW_LOCKED ? UI_BLUE : row->flags & UI_ROW_DIM ? UI_SOFT : UI_INK;
	double line = size * UI_TABLE_LINE, base = y + line / 2 + size * 0.36, at = x;

	if (row->flags & (UI_ROW_MARK | UI_ROW_FLASH))
		ui_figure_rect(f, x - size * 0.5, y, width + size, line, UI_FLASH, 1);
	else if (stripe)
		ui_figure_rect(f, x - size * 0.5, y, width + size, line, UI_BAND, 1);
	if (row->flags & UI_ROW_LOCKED)
		ui_figure_face_text(f, at, base, size, UI_START, UI_FACE_SANS, 0, UI_BLUE, "❄");
	if (s->locks)
		at += UI_TABLE_GAP * size;
	if (ui_table_across(t, r)) {
		ui_figure_fit_text(f, at, base, size, UI_START, ui_table_face(row), width - (at - x), ink,
		    ui_table_cell(t, r, 0));
		return;
	}
	for (int i = 0; i < t->ncols; i++) {
		double w = s->col[i] * size;

		if (at + w > x + width + 0.5) /* no room for this column */
			break;
		ui_figure_fit_text(f, t->align[i] == UI_RIGHT ? at + w : at, base, size,
		    t->align[i] == UI_RIGHT ? UI_END : UI_START, ui_table_face(row),
		    w + 0.5, ink, ui_table_cell(t, r, i));
		at += w + UI_TABLE_GAP * size;
	}
}

void
ui_figure_table(struct ui_figure *f, const struct ui_table *t)
{
	struct ui_sheet_table s = {.t = t, .title = t->title != NULL && *t->title != '\0'};
	double base = ui_figure_base(f), pad = floor(fmax(2, base * fmin(1.1, fmin(f->w, f->h) / 240.0))), size, width,
	    x, y, room_w = f->w - 2 * pad - 1, room_h = f->h - 2 * pad;
	bool total = false, stripe = false;
	char more[48];

	for (int i = 0; i < t->ncols; i++)
		s.head = s.head || t->head[i] != NULL;
	for (size_t r = 0; r < t->nrows; r++)
		s.locks = s.locks || (t->row[r].flags & UI_ROW_LOCKED);
	if (t->nrows == 0 || t->ncols == 0) {
		ui_figure_fit_text(f, f->w / 2.0, f->h / 2.0, base, UI_MIDDLE, UI_FACE_SANS, room_w, UI_EDGE,
		    "nothing to show yet");
		return;
	}
	s.shown = t->nrows;
	s.show = ui_alloc(t->nrows, sizeof *s.show);
	memset(s.show, 1, t->nrows * sizeof *s.show);
	ui_table_measure(&s);
	ui_table_thin(&s, room_h);
	size = fmin(fmin(room_h / (ui_table_lines(&s) * UI_TABLE_LINE), room_w / (s.width + 1)), base * 1.7);
	if (size < UI_TABLE_LEAST) { /* too wide: the first column, which holds names, gives way */
		size = fmin(UI_TABLE_LEAST, room_h / (ui_table_lines(&s) * UI_TABLE_LINE));
		s.col[0] = fmax(2, s.col[0] - (s.width + 1 - room_w / size));
		s.width = fmin(s.width, room_w / size - 1);
	}
	width = s.width * size;
	x = (f->w - width) / 2;
	y = (f->h - ui_table_lines(&s) * UI_TABLE_LINE * size) / 2;
	if (s.title) {
		ui_figure_fit_text(f, x, y + size * 1.15, size * 1.15, UI_START, UI_FACE_BOLD, room_w, UI_INK,
		    t->title);
		y += 1.5 * UI_TABLE_LINE * size;
	}
	if (s.head) {
		double at = x + (s.locks ? UI_TABLE_GAP * size : 0);

		for (int i = 0; i < t->ncols && at + s.col[i] * size < x + width + 0.5;
		    at += (s.col[i++] + UI_TABLE_GAP) * size)
			ui_figure_fit_text(f, t->align[i] == UI_RIGHT ? at + s.col[i] * size : at,
			    y + size * (UI_TABLE_LINE / 2 + 0.36), size,
			    t->align[i] == UI_RIGHT ? UI_END : UI_START, UI_FACE_BOLD, s.col[i] * size + 0.5, UI_SOFT,
			    t->head[i]);
		y += UI_TABLE_LINE * size;
		ui_figure_rect(f, x - size * 0.5, floor(y), width + size, fmax(1, floor(size / 14)), UI_EDGE, 1);
		y += 0.15 * UI_TABLE_LINE * size;
	}
	for (size_t r = 0; r < t->nrows; r++) {
		if (!s.show[r])
			continue;
		if (t->row[r].flags & UI_ROW_TOTAL && !total) {
			if (s.shown < t->nrows) {
				snprintf(more, sizeof more, "… %zu more rows", t->nrows - s.shown);
				ui_figure_fit_text(f, x, y + size * (UI_TABLE_LINE / 2 + 0.36), size, UI_START,
				    UI_FACE_SANS, width, UI_SOFT, more);
				y += UI_TABLE_LINE * size;
			}
			total = true;
			y += 0.15 * UI_TABLE_LINE * size;
			ui_figure_rect(f, x - size * 0.5, floor(y), width + size, fmax(1, floor(size / 14)), UI_EDGE,
			    1);
			stripe = false;
		}
		ui_table_row(f, &s, r, x, y, size, width, stripe && !total);
		stripe = !stripe;
		y += UI_TABLE_LINE * size;
	}
	if (!total && s.shown < t->nrows) {
		snprintf(more, sizeof more, "… %zu more rows", t->nrows - s.shown);
		ui_figure_fit_text(f, x, y + size * (UI_TABLE_LINE / 2 + 0.36), size, UI_START, UI_FACE_SANS, width,
		    UI_SOFT, more);
	}
	free(s.show);
}
