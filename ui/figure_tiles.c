/* figure_tiles.c: a sheet of small pictures, each enlarged by a whole number so that its pixels stay crisp, with its
 * label and caption below. Wrong ones are told by sign, colour and frame.
 */
#include "colourmap.h"
#include "figure_int.h"
#include "mem.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ui_sheet {
	int cols, rows;
	double side; /* of a picture, its frame included */
	int times; /* its enlargement; 0: smaller than its pixels */
	double text; /* size of captions; 0: none */
	int lines; /* label and caption in one line, or each in its own; 3: the caption in two, cut at two blanks */
};

static double
ui_tiles_frame(double side)
{
	return fmax(2, floor(side / 32));
}

/* The caption with its sign: "✗ 2 .51". */
static char *
ui_tiles_caption(const struct ui_tile *t)
{
	const char *caption = t->caption != NULL ? t->caption : "";
	const char *sign = t->mark > 0 ? "✓" : t->mark < 0 ? "✗" : "";
	size_t n = strlen(caption) + 8;
	char *out = ui_alloc(n, 1);

	snprintf(out, n, "%s%s%s", strstr(caption, sign) == NULL ? sign : "", strstr(caption, sign) == NULL &&
	    *caption != '\0' ? " " : "", caption);
	return out;
}

/* The height of the captions. */
static double
ui_tiles_tall(double text, int lines)
{
	return (lines > 2 ? 4.35 : lines > 1 ? 3.05 : 1.75) * text;
}

/* Cuts a caption in two where it has two blanks; returns the second part, or NULL. */
static char *
ui_tiles_cut(char *caption)
{
	char *cut = strstr(caption, "  ");

	if (cut == NULL)
		return NULL;
	*cut = '\0';
	return cut + 2;
}

static double
ui_tiles_text_width(const struct ui_tile *t, double size, int lines)
{
	char *caption = ui_tiles_caption(t), *second = lines > 2 ? ui_tiles_cut(caption) : NULL;
	enum ui_face face = lines > 1 && t->mark < 0 ? UI_FACE_BOLD : UI_FACE_SANS;
	double label = ui_font_width(UI_FACE_BOLD, size, t->label),
	    rest = ui_font_width(face, size, caption);

	if (second != NULL)
		rest = fmax(rest, ui_font_width(face, size, second));
	free(caption);
	if (lines > 1)
		return fmax(label, rest);
	return label + rest + (label > 0 && rest > 0 ? size * 0.5 : 0);
}

/* At size 1. */
static double
ui_tiles_widest(const struct ui_tiles *t, int lines)
{
	double widest = 0;

	for (size_t i = 0; i < t->n; i++)
		widest = fmax(widest, ui_tiles_text_width(&t->tile[i], 1, lines));
	return widest;
}

/* The grid whose pictures come out large and whose last row is full. pixels: of the largest. */
static struct ui_sheet
ui_tiles_grid(const struct ui_tiles *t, int pixels, double w, double h, double text, int lines)
{
	struct ui_sheet best = {0};
	double side, tall = ui_tiles_tall(text, lines), gap, room, score, most = 0;

	for (int cols = 1; cols <= (int)t->n; cols++) {
		int rows = ((int)t->n + cols - 1) / cols, times;

		gap = fmax(4, fmin(w / cols, h / rows) * 0.1);
		room = side = floor(fmin((w - gap * (cols - 1)) / cols, (h - gap * (rows - 1)) / rows - tall));
		times = (int)floor((side - 2 * ui_tiles_frame(side)) / pixels);
		if (times > 0)
			side = times * pixels + 2 * ui_tiles_frame(side);
		score = (side + room * 0.3) * (1 - 0.35 * (cols * rows - (int)t->n) / (cols * rows));
		if (score <= most)
			continue;
		most = score;
		best = (struct ui_sheet){cols, rows, side, times > 0 ? times : 0, text, lines};
	}
	return best;
}

void
ui_figure_map(struct ui_figure *f, const struct ui_tile *t, double x, double y, double w, double h)
{
	size_t n = (size_t)t->height * (size_t)t->width;
	uint8_t *rgb = ui_alloc(n, 3);
	double dx = w / t->width, dy = h / t->height;

	for (size_t i = 0; i < n; i++) {
		struct ui_rgb c = ui_map_colour(t->map, t->pixels[i], !f->inks.dark);

		memcpy(rgb + 3 * i, &(uint8_t[3]){c.r, c.g, c.b}, 3);
	}
	ui_figure_image(f, x, y, w, h, t->height, t->width, 3, rgb);
	free(rgb);
	for (size_t i = 0; i < n; i++) {
		double left = x + (double)(i % (size_t)t->width) * dx, top = y + (double)(i / (size_t)t->width) * dy;

		if (t->pixels[i] != 0 || dx < 3)
			continue;
		ui_figure_line(f, (struct ui_point[]){{left, top}, {left + dx, top + dy}}, 2, 1, UI_INK, 1, NULL, 0);
		ui_figure_line(f, (struct ui_point[]){{left, top + dy}, {left + dx, top}}, 2, 1, UI_INK, 1, NULL, 0);
	}
}

/* The scale in one line: the label where it has room, then the colours between the values at their ends. False: there
 * is no room for these. */
static bool
ui_tiles_scale(struct ui_figure *f, const struct ui_scale *s, double x, double y, double w, double base)
{
	char low[24], high[24];
	double size = base * 0.9, bar = fmin(w * 0.4, base * 14), step, label, left, right;

	snprintf(low, sizeof low, "%.3g", s->low);
	snprintf(high, sizeof high, "%.3g", s->high);
	left = ui_font_width(UI_FACE_SANS, size, low) + size * 0.5;
	right = ui_font_width(UI_FACE_SANS, size, high) + size * 0.5;
	step = floor(fmax(bar, 31) / 31); /* an odd number: zero has a step of its own in the middle */
	if (left + 31 * step + right > w)
		return false;
	label = ui_font_width(UI_FACE_SANS, size, s->label);
	label += label > 0 ? size * 1.5 : 0;
	if (label > w * 0.4 || label + left + 31 * step + right > w)
		label = 0;
	else
		ui_figure_text(f, x, y + size * 1.1, size, UI_START, false, 0, UI_SOFT, s->label);
	x += label + left;
	ui_figure_text(f, x - size * 0.5, y + size * 1.1, size, UI_END, false, 0, UI_SOFT, low);
	ui_figure_rect(f, x - 1, y, 31 * step + 2, size * 1.3 + 2, UI_EDGE, 1);
	for (int i = 0; i < 31; i++)
		ui_figure_rect(f, x + i * step, y + 1, step, size * 1.3,
		    ui_map_colour(s->map, (int)lround(1 + i * 254 / 30.0), !f->inks.dark), 1);
	ui_figure_text(f, x + 31 * step + size * 0.5, y + size * 1.1, size, UI_START, false, 0, UI_SOFT, high);
	return true;
}

/* A row of numbers, or a few: as wide as there is room, and as high as can be read. */
static void
ui_tiles_wide(struct ui_figure *f, const struct ui_tile *t, double x, double y, double w, double h, double base)
{
	double across = w / t->width, down = fmin(h / t->height, base * 3), high, wide;

	across = across >= 1 ? floor(across) : across;
	down = down >= 1 ? floor(fmin(down, fmax(across * 4, base))) : down;
	high = down * t->height;
	wide = across * t->width;
	x = floor(x + (w - wide) / 2);
	y = floor(y + (h - high) / 2);
	ui_figure_rect(f, x - 1, y - 1, wide + 2, high + 2, UI_EDGE, 1);
	ui_figure_map(f, t, x, y, wide, high);
}

static void
ui_tiles_one(struct ui_figure *f, const struct ui_tile *t, double x, double y, double w, const struct ui_sheet *s)
{
	double side = s->side, text = s->text;
	int times = s->times;
	double frame = t->mark < 0 ? ui_tiles_frame(side) : 1, scale = times, pw, ph, px, py, at, label;
	struct ui_rgb edge = t->mark < 0 ? UI_RED : UI_EDGE;
	struct ui_rgb ink = t->mark < 0 ? UI_RED : t->mark > 0 ? UI_GREEN : UI_SOFT;
	char *caption;

	if (t->width > 0 && t->height > 0) {
		if (times < 1)
			scale = fmin((side - 2 * frame) / t->width, (side - 2 * frame) / t->height);
		pw = t->width * scale;
		ph = t->height * scale;
		px = floor(x + (w - pw) / 2);
		py = floor(y + (side - ph) / 2);
		ui_figure_rect(f, px - frame, py - frame, pw + 2 * frame, ph + 2 * frame, edge, 1);
		if (t->map != UI_MAP_NONE)
			ui_figure_map(f, t, px, py, pw, ph);
		else
			ui_figure_image(f, px, py, pw, ph, t->height, t->width, t->channels, t->pixels);
	}
	if (text <= 0)
		return;
	caption = ui_tiles_caption(t);
	if (s->lines > 1) {
		char *second = s->lines > 2 ? ui_tiles_cut(caption) : NULL;

		ui_figure_fit_text(f, x + w / 2, y + side + text * 1.15, text, UI_MIDDLE, UI_FACE_BOLD, w, UI_INK,
		    t->label);
		ui_figure_fit_text(f, x + w / 2, y + side + text * 2.45, text, UI_MIDDLE,
		    t->mark < 0 ? UI_FACE_BOLD : UI_FACE_SANS, w, ink, caption);
		if (second != NULL)
			ui_figure_fit_text(f, x + w / 2, y + side + text * 3.75, text, UI_MIDDLE,
			    t->mark < 0 ? UI_FACE_BOLD : UI_FACE_SANS, w, ink, second);
		free(caption);
		return;
	}
	label = ui_font_width(UI_FACE_BOLD, text, t->label);
	at = x + (w - fmin(ui_tiles_text_width(t, text, 1), w)) / 2;
	ui_figure_fit_text(f, at, y + side + text * 1.15, text, UI_START, UI_FACE_BOLD, w, UI_INK, t->label);
	if (label > 0)
		label += text * 0.5;
	ui_figure_fit_text(f, at + label, y + side + text * 1.15, text, UI_START,
	    t->mark < 0 ? UI_FACE_BOLD : UI_FACE_SANS, x + w - at - label + 0.5, ink, caption);
	free(caption);
}

/* What is said of the captions is left out where there are none. width: of the note, 0 where it has no room. */
static void
ui_tiles_note(struct ui_figure *f, const struct ui_tiles *t, double pad, double base, double width, bool captions)
{
	if (width > 0)
		ui_figure_text(f, f->w - pad, pad + base * 1.05, base, UI_END, false, 0, UI_SOFT, captions ||
		    t->brief == NULL ? t->note : t->brief);
}

void
ui_figure_tiles(struct ui_figure *f, const struct ui_tiles *t)
{
	double base = ui_figure_base(f), pad = floor(fmax(2, base * fmin(1.1, fmin(f->w, f->h) / 240.0))), top = pad, h,
	    w = f->w - 2 * pad, note = 0, widest = 0;
	double cell_w, cell_h, left, side;
	struct ui_sheet s;
	int pixels = 1, lines;
	bool marked = false;

	if (((t->title != NULL && *t->title != '\0') || (t->note != NULL && *t->note != '\0')) && f->h > base * 6) {
		note = ui_font_width(UI_FACE_SANS, base, t->note);
		if (note > w * 0.6)
			note = 0;
		ui_figure_fit_text(f, pad, pad + base * 1.05, base * 1.15, UI_START, UI_FACE_BOLD, w - note - base,
		    UI_INK, t->title);
		top += base * 2.1;
	}
	h = f->h - pad - top;
	if (t->scale.map != UI_MAP_NONE && t->n > 0 && h > base * 6 &&
	    ui_tiles_scale(f, &t->scale, pad, top + h - base * 1.4, w, base))
		h -= base * 2;
	if (t->n == 0 || h < 4 || w < 4) {
		ui_tiles_note(f, t, pad, base, note, true);
		if (h > base)
			ui_figure_fit_text(f, f->w / 2.0, top + h / 2, base, UI_MIDDLE, UI_FACE_SANS, w, UI_EDGE,
			    "no pictures yet");
		return;
	}
	if (t->n == 1 && ui_tile_is_wide(t->tile)) {
		ui_tiles_note(f, t, pad, base, note, true);
		ui_tiles_wide(f, &t->tile[0], pad, top, w, h, base);
		return;
	}
	for (size_t i = 0; i < t->n; i++) { /* one enlargement for all */
		pixels = t->tile[i].width > pixels ? t->tile[i].width : pixels;
		pixels = t->tile[i].height > pixels ? t->tile[i].height : pixels;
		marked |= t->tile[i].mark != 0;
		widest = fmax(widest, ui_tiles_text_width(&t->tile[i], 1, 1));
	}
	/* Captions as large as the tiles allow; none where they could not be read. */
	s = ui_tiles_grid(t, pixels, w, h, base, 1);
	if (marked && widest * fmin(base, fmax(s.side / 4.5, 8)) > s.side * 1.35) { /* names that are long */
		widest = ui_tiles_widest(t, 2);
		s = ui_tiles_grid(t, pixels, w, h, base, 2);
		if (widest * fmin(base, fmax(s.side / 4.5, 8)) * 0.72 > fmin(w / s.cols, s.side * 1.4 + 4) &&
		    ui_tiles_widest(t, 3) < widest * 0.8) { /* as small as it gets below, it would be cut */
			widest = ui_tiles_widest(t, 3);
			s = ui_tiles_grid(t, pixels, w, h, fmin(base, 8), 3);
		}
	}
	lines = s.lines;
	s.text = widest > 0 ? fmin(base * 1.2, fmax(s.side / 4.5, 8)) : 0;
	s.text = widest > 0 ? fmin(s.text, fmax(s.side * 1.08 / widest, s.text * 0.6)) : 0;
	if (s.text < 7)
		s.text = 0;
	s = ui_tiles_grid(t, pixels, w, h, s.text, lines);
	if (s.side < 8)
		s = ui_tiles_grid(t, pixels, w, h, 0, 1);
	ui_tiles_note(f, t, pad, base, note, s.text > 0);
	if (s.side < 2)
		return;
	side = s.side;
	cell_w = w / s.cols;
	cell_h = h / s.rows;
	cell_w = fmin(cell_w, side * 1.4 + 4);
	cell_h = fmin(cell_h, side + ui_tiles_tall(s.text, s.lines) + side * 0.3 + 4);
	left = pad + (w - cell_w * s.cols) / 2;
	top += (h - cell_h * s.rows) / 2;
	for (size_t i = 0; i < t->n; i++) {
		double x = left + (double)(i % s.cols) * cell_w, y = top + (double)(i / s.cols) * cell_h;

		ui_tiles_one(f, &t->tile[i], x, y + (cell_h - side - ui_tiles_tall(s.text, s.lines)) / 2, cell_w, &s);
	}
}
