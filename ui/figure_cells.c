/* figure_cells.c: a screen of cells as a picture, with the terminal's colours on a dark or light ground.
 *
 * Fonts lack braille, and their blocks and rules do not meet; so these are drawn as shapes on whole pixels. Everything
 * else is set in the font of fixed width, a sign that is too wide for its cell made smaller.
 */
#include "canvas.h"
#include "figure_int.h"
#include "look.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define UI_CELL_W 10 /* the natural size of a cell, and of the border around them all */
#define UI_CELL_H 20
#define UI_CELL_EDGE 12

/* The terminal's own colours on dark and on light ground. */
static const uint32_t ui_cells_ground[2] = {0x15181e, 0xfbfbf8}, ui_cells_ink[2] = {0xd8dbe0, 0x22262c};

struct ui_cells {
	struct ui_figure *f;
	int w, h; /* of a cell */
	double size; /* of text */
	int thin; /* width of a light rule */
};

/* Arms of U+2500 .. U+257F, a digit each: left, right, up, down; 1 light, 2 heavy, 3 double. 0: arcs and diagonals. */
static const uint16_t ui_cells_arms[128] = {
	0x1100, 0x2200, 0x0011, 0x0022, 0x1100, 0x2200, 0x0011, 0x0022,
	0x1100, 0x2200, 0x0011, 0x0022, 0x0101, 0x0201, 0x0102, 0x0202,
	0x1001, 0x2001, 0x1002, 0x2002, 0x0110, 0x0210, 0x0120, 0x0220,
	0x1010, 0x2010, 0x1020, 0x2020, 0x0111, 0x0211, 0x0121, 0x0112,
	0x0122, 0x0221, 0x0212, 0x0222, 0x1011, 0x2011, 0x1021, 0x1012,
	0x1022, 0x2021, 0x2012, 0x2022, 0x1101, 0x2101, 0x1201, 0x2201,
	0x1102, 0x2102, 0x1202, 0x2202, 0x1110, 0x2110, 0x1210, 0x2210,
	0x1120, 0x2120, 0x1220, 0x2220, 0x1111, 0x2111, 0x1211, 0x2211,
	0x1121, 0x1112, 0x1122, 0x2121, 0x1221, 0x2112, 0x1212, 0x2221,
	0x2212, 0x2122, 0x1222, 0x2222, 0x1100, 0x2200, 0x0011, 0x0022,
	0x3300, 0x0033, 0x0301, 0x0103, 0x0303, 0x3001, 0x1003, 0x3003,
	0x0310, 0x0130, 0x0330, 0x3010, 0x1030, 0x3030, 0x0311, 0x0133,
	0x0333, 0x3011, 0x1033, 0x3033, 0x3301, 0x1103, 0x3303, 0x3310,
	0x1130, 0x3330, 0x3311, 0x1133, 0x3333, 0x0000, 0x0000, 0x0000,
	0x0000, 0x0000, 0x0000, 0x0000, 0x1000, 0x0010, 0x0100, 0x0001,
	0x2000, 0x0020, 0x0200, 0x0002, 0x1200, 0x0012, 0x2100, 0x0021,
};

static struct ui_rgb
ui_cells_rgb(uint32_t c)
{
	return (struct ui_rgb){(uint8_t)(c >> 16), (uint8_t)(c >> 8), (uint8_t)c};
}

static uint32_t
ui_cells_mix(uint32_t a, uint32_t b, double part)
{
	uint32_t out = 0;

	for (int shift = 0; shift < 24; shift += 8) {
		double x = a >> shift & 255, y = b >> shift & 255;

		out |= (uint32_t)(x + (y - x) * part + 0.5) << shift;
	}
	return out;
}

/* What a cell looks like in true colours. */
static void
ui_cells_colours(const struct ui_cell *cell, enum ui_colours colours, uint32_t *fg, uint32_t *bg, unsigned *attr)
{
	struct ui_look look = ui_cell_look(cell, colours);
	uint32_t swap;

	*fg = look.fg < 0 ? ui_cells_ink[ui_look_light()] : colours == UI_TRUE ? (uint32_t)look.fg :
	    ui_colour_rgb(look.fg);
	*bg = look.bg < 0 ? ui_cells_ground[ui_look_light()] : colours == UI_TRUE ? (uint32_t)look.bg :
	    ui_colour_rgb(look.bg);
	*attr = look.attr;
	if (look.attr & UI_A_REVERSE) {
		swap = *fg;
		*fg = *bg;
		*bg = swap;
	}
	if (look.attr & UI_A_DIM)
		*fg = ui_cells_mix(*fg, *bg, 0.45);
}

/* ---- shapes ---- */

static void
ui_cells_braille(const struct ui_cells *s, int x, int y, unsigned bits, struct ui_rgb c)
{
	static const uint8_t bit[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

	for (int j = 0; j < 4; j++)
		for (int i = 0; i < 2; i++)
			if (bits & bit[j][i])
				ui_figure_disc(s->f, x + (i + 0.5) * s->w / 2, y + (j + 0.5) * s->h / 4,
				    fmin(s->w / 2.0, s->h / 4.0) * 0.4, c, 1);
}

/* U+2580 .. U+259F: parts of the cell. */
static void
ui_cells_block(const struct ui_cells *s, int x, int y, uint32_t code, struct ui_rgb c)
{
	/* 1 upper left, 2 upper right, 4 lower left, 8 lower right */
	static const uint8_t quadrants[10] = {4, 8, 1, 13, 9, 7, 11, 2, 6, 14};
	int half_w = s->w / 2, half_h = s->h / 2, n, part;

	if (code == 0x2580)
		ui_figure_rect(s->f, x, y, s->w, half_h, c, 1);
	else if (code <= 0x2588) {
		part = code == 0x2584 ? s->h - half_h : (int)lround(s->h * (int)(code - 0x2580) / 8.0);
		ui_figure_rect(s->f, x, y + s->h - part, s->w, part, c, 1);
	} else if (code <= 0x258f)
		ui_figure_rect(s->f, x, y, code == 0x258c ? half_w : lround(s->w * (int)(0x2590 - code) / 8.0), s->h, c,
		    1);
	else if (code == 0x2590)
		ui_figure_rect(s->f, x + half_w, y, s->w - half_w, s->h, c, 1);
	else if (code <= 0x2593)
		ui_figure_rect(s->f, x, y, s->w, s->h, c, (int)(code - 0x2590) / 4.0);
	else if (code == 0x2594)
		ui_figure_rect(s->f, x, y, s->w, fmax(1, lround(s->h / 8.0)), c, 1);
	else if (code == 0x2595) {
		part = (int)fmax(1, lround(s->w / 8.0));
		ui_figure_rect(s->f, x + s->w - part, y, part, s->h, c, 1);
	} else {
		n = quadrants[code - 0x2596];
		for (int q = 0; q < 4; q++)
			if (n >> q & 1)
				ui_figure_rect(s->f, x + (q & 1 ? half_w : 0), y + (q & 2 ? half_h : 0),
				    q & 1 ? s->w - half_w : half_w,
				    q & 2 ? s->h - half_h : half_h, c, 1);
	}
}

static void
ui_cells_bar(const struct ui_cells *s, bool across, double from, double to, double at, double thick, struct ui_rgb c)
{
	if (across)
		ui_figure_rect(s->f, from, at, to - from, thick, c, 1);
	else
		ui_figure_rect(s->f, at, from, thick, to - from, c, 1);
}

/* One arm from the middle of the cell to its side. */
static void
ui_cells_arm(const struct ui_cells *s, int x, int y, int side, int weight, int reach, struct ui_rgb c)
{
	bool across = side < 2, first = side % 2 == 0;
	int thick = weight == 2 ? s->thin * 2 + 1 : s->thin, start = across ? x : y, length = across ? s->w : s->h;
	int middle = start + (length - s->thin) / 2; /* where a light rule across it begins */
	int at = across ? y + (s->h - s->thin) / 2 : x + (s->w - s->thin) / 2;
	int from = first ? start : middle - reach, to = first ? middle + s->thin + reach : start + length;

	if (weight == 3) {
		ui_cells_bar(s, across, from, to, at - s->thin, s->thin, c);
		ui_cells_bar(s, across, from, to, at + s->thin, s->thin, c);
	} else
		ui_cells_bar(s, across, from, to, at - (thick - s->thin) / 2, thick, c);
}

/* U+2500 .. U+257F: rules. */
static void
ui_cells_rule(const struct ui_cells *s, int x, int y, uint32_t code, struct ui_rgb c)
{
	int arms = ui_cells_arms[code - 0x2500], dashes = 0, weight[4], most = 0;
	double cx = x + (s->w - s->thin) / 2 + s->thin / 2.0, cy = y + (s->h - s->thin) / 2 + s->thin / 2.0;

	for (int i = 0; i < 4; i++) {
		weight[i] = arms >> (12 - 4 * i) & 15;
		most = weight[i] > most ? weight[i] : most;
	}
	if (code >= 0x256d && code <= 0x2570) { /* arcs: down right, down left, up left, up right */
		double to_x = code == 0x256d || code == 0x2570 ? x + s->w : x, to_y = code <= 0x256e ? y + s->h : y;
		double dx = to_x > cx ? 1 : -1, dy = to_y > cy ? 1 : -1,
		    r = fmin(fabs(to_x - cx), fabs(to_y - cy)) * 0.9;
		struct ui_point p[12];

		p[0] = (struct ui_point){cx, to_y};
		for (int i = 0; i < 10; i++)
			p[i + 1] = (struct ui_point){cx + dx * r * (1 - cos(i * M_PI / 18)),
			    cy + dy * r * (1 - sin(i * M_PI / 18))};
		p[11] = (struct ui_point){to_x, cy};
		ui_figure_clip(s->f, x, y, s->w, s->h);
		ui_figure_line(s->f, p, 12, s->thin, c, 1, NULL, 0);
		ui_figure_clip(s->f, 0, 0, 0, 0);
		return;
	}
	if (code >= 0x2571 && code <= 0x2573) {
		struct ui_point up[2] = {{x, y + s->h}, {x + s->w, y}}, down[2] = {{x, y}, {x + s->w, y + s->h}};

		if (code != 0x2572)
			ui_figure_line(s->f, up, 2, s->thin, c, 1, NULL, 0);
		if (code != 0x2571)
			ui_figure_line(s->f, down, 2, s->thin, c, 1, NULL, 0);
		return;
	}
	if (code >= 0x2504 && code <= 0x250b)
		dashes = code <= 0x2507 ? 3 : 4;
	if (code >= 0x254c && code <= 0x254f)
		dashes = 2;
	if (dashes != 0) {
		bool across = weight[0] != 0;
		int start = across ? x : y, length = across ? s->w : s->h,
		    thick = most == 2 ? s->thin * 2 + 1 : s->thin;
		int at = (across ? y + (s->h - s->thin) / 2 : x + (s->w - s->thin) / 2) - (thick - s->thin) / 2;

		for (int i = 0; i < dashes; i++)
			ui_cells_bar(s, across, start + (i + 0.2) * length / dashes,
			    start + (i + 0.8) * length / dashes, at, thick, c);
		return;
	}
	for (int i = 0; i < 4; i++)
		if (weight[i] != 0)
			ui_cells_arm(s, x, y, i, weight[i], most == 3 && weight[i] == 3 ? s->thin : 0, c);
}

static void
ui_cells_text(const struct ui_cells *s, int x, int y, const struct ui_cell *cell, bool bold, struct ui_rgb c)
{
	enum ui_face face = bold ? UI_FACE_MONO_BOLD : UI_FACE_MONO;
	double room = (double)s->w * cell->width, width = ui_font_width(face, s->size, cell->text), size = s->size;
	double line = size * 1.164, base = y + (s->h - line) / 2 + size * 0.928;

	if (width > room * 1.04) {
		size *= room / width;
		base -= (s->size - size) * 0.3; /* stays in the middle of the line */
	}
	ui_figure_face_text(s->f, x + room / 2, base, size, UI_MIDDLE, face, 0, c, cell->text);
}

void
ui_figure_cells_size(const struct ui_canvas *c, int *width, int *height)
{
	*width = (int)fmin(c->cols * UI_CELL_W + 2 * UI_CELL_EDGE, UI_FIGURE_MAX);
	*height = (int)fmin(c->rows * UI_CELL_H + 2 * UI_CELL_EDGE, UI_FIGURE_MAX);
}

void
ui_figure_cells(struct ui_figure *f, const struct ui_canvas *c, enum ui_colours colours)
{
	struct ui_cells s = {.f = f};
	double edge = UI_CELL_EDGE * fmin(1, fmin(f->w / (c->cols * (double)UI_CELL_W),
	    f->h / (c->rows * (double)UI_CELL_H)));
	uint32_t fg, bg, code;
	unsigned attr;
	int x0, y0;

	s.w = (int)fmax(1, floor((f->w - 2 * edge) / c->cols));
	s.h = (int)fmax(1, floor((f->h - 2 * edge) / c->rows));
	s.w = (int)fmin(s.w, ceil(s.h * 0.6)); /* cells keep about their shape */
	s.h = (int)fmin(s.h, ceil(s.w * 2.1));
	s.size = fmin(s.w / 0.602, s.h / 1.164);
	s.thin = (int)fmax(1, floor(s.w / 8.0));
	x0 = (f->w - s.w * c->cols) / 2;
	y0 = (f->h - s.h * c->rows) / 2;
	ui_figure_rect(f, 0, 0, f->w, f->h, ui_cells_rgb(ui_cells_ground[ui_look_light()]), 1);
	for (int row = 0; row < c->rows; row++)
		/* grounds first, so that none cuts what hangs over */
		for (int col = 0, end; col < c->cols; col = end) {
			ui_cells_colours(ui_canvas_at(c, col, row), colours, &fg, &bg, &attr);
			for (end = col + 1; end < c->cols; end++) {
				uint32_t other;

				ui_cells_colours(ui_canvas_at(c, end, row), colours, &fg, &other, &attr);
				if (other != bg)
					break;
			}
			if (bg != ui_cells_ground[ui_look_light()])
				ui_figure_rect(f, x0 + col * s.w, y0 + row * s.h, (end - col) * s.w, s.h,
				    ui_cells_rgb(bg), 1);
		}
	for (int row = 0; row < c->rows; row++)
		for (int col = 0; col < c->cols; col++) {
			const struct ui_cell *cell = ui_canvas_at(c, col, row);
			int x = x0 + col * s.w, y = y0 + row * s.h;
			struct ui_rgb ink;

			if (cell->width == 0)
				continue;
			ui_cells_colours(cell, colours, &fg, &bg, &attr);
			ink = ui_cells_rgb(fg);
			ui_char_next(cell->text, &code);
			if (code == ' ' || code == 0)
				continue;
			if (code >= 0x2800 && code <= 0x28ff)
				ui_cells_braille(&s, x, y, code - 0x2800, ink);
			else if (code >= 0x2580 && code <= 0x259f)
				ui_cells_block(&s, x, y, code, ink);
			else if (code >= 0x2500 && code <= 0x257f)
				ui_cells_rule(&s, x, y, code, ink);
			else
				ui_cells_text(&s, x, y, cell, attr & UI_A_BOLD, ink);
		}
}
