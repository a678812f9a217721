/* dots.c: dot matrices, finer than a cell. */
#include "canvas.h"
#include "look.h"
#include "mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bit of dot (x, y) in a braille cell: U+2800 + bits. */
static const uint8_t braille[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
const char *const ui_quadrant[16] = {
	" ", "▘", "▝", "▀", "▖", "▌", "▞", "▛", "▗", "▚", "▐", "▜", "▄", "▙", "▟", "█",
};
static const char *const ascii[4] = {" ", "'", ".", ":"};

struct ui_dots *
ui_dots_new(enum ui_glyphs glyphs, int cols, int rows)
{
	struct ui_dots *d = ui_alloc(1, sizeof *d);

	d->sx = glyphs == UI_ASCII ? 1 : 2;
	d->sy = glyphs == UI_BRAILLE ? 4 : 2;
	d->cols = cols < 0 ? 0 : cols;
	d->rows = rows < 0 ? 0 : rows;
	d->w = d->cols * d->sx;
	d->h = d->rows * d->sy;
	d->bit = ui_alloc((size_t)d->cols * (size_t)d->rows + 1, 1);
	return d;
}

void
ui_dots_free(struct ui_dots *d)
{
	free(d->bit);
	free(d);
}

void
ui_dots_set(struct ui_dots *d, int x, int y)
{
	uint8_t *cell;

	if (x < 0 || y < 0 || x >= d->w || y >= d->h)
		return;
	cell = &d->bit[(size_t)(y / d->sy) * (size_t)d->cols + (size_t)(x / d->sx)];
	if (d->sy == 4)
		*cell |= braille[y % 4][x % 2];
	else if (d->sx == 2)
		*cell |= (uint8_t)(1 << (y % 2 * 2 + x % 2));
	else
		*cell |= (uint8_t)(1 << (y % 2));
}

/* The dots that a cell already shows, so that curves which meet in it both stay; faint ones would only make a line
 * fat. */
static unsigned
dots_of(const struct ui_cell *cell, const struct ui_dots *d)
{
	const unsigned char *s = (const unsigned char *)cell->text;

	if (cell->style == UI_S_FAINT)
		return 0;
	if (d->sy == 4)
		return s[0] == 0xe2 && s[1] >= 0xa0 && s[1] <= 0xa3 ? (unsigned)(s[1] & 3) << 6 | (s[2] & 0x3fu) : 0;
	for (unsigned i = 1; i < (d->sx == 2 ? 16u : 4u); i++)
		if (strcmp(cell->text, d->sx == 2 ? ui_quadrant[i] : ascii[i]) == 0)
			return i;
	return 0;
}

/* Of a row of d; 0 beside it. */
static unsigned
dots_at(const struct ui_dots *d, int x, int y)
{
	return x < 0 || x >= d->cols ? 0 : d->bit[(size_t)y * (size_t)d->cols + (size_t)x];
}

static void
dots_put(const struct ui_dots *d, struct ui_area a, int x, int y, int style, unsigned bits)
{
	char text[4] = {(char)0xe2, (char)(0xa0 | bits >> 6), (char)(0x80 | (bits & 0x3f)), '\0'};

	ui_put(a, x, y, style, bits == 0 ? " " : d->sy == 4 ? text : d->sx == 2 ? ui_quadrant[bits] : ascii[bits]);
}

void
ui_dots_draw(const struct ui_dots *d, struct ui_area a, int style)
{
	for (int y = 0; y < d->rows; y++)
		for (int x = 0; x < d->cols; x++) {
			unsigned bits = dots_at(d, x, y);

			if (bits == 0)
				continue;
			if (x < a.r.w && y < a.r.h)
				bits |= dots_of(ui_canvas_at(a.c, a.r.x + x, a.r.y + y), d);
			dots_put(d, a, x, y, style, bits);
		}
}

/* The half of a cell's dots that is next to its left neighbour, or to its right one. */
static unsigned
dots_half(const struct ui_dots *d, bool right)
{
	return d->sy == 4 ? right ? 0xb8 : 0x47 : d->sx == 2 ? right ? 0xa : 0x5 : 0;
}

void
ui_dots_stamp(const struct ui_dots *d, struct ui_area a, int style)
{
	for (int y = 0; y < d->rows && y < a.r.h; y++)
		for (int x = 0; x < d->cols && x < a.r.w; x++) {
			unsigned bits = dots_at(d, x, y), old, cut = 0;
			const struct ui_cell *cell;

			if (bits != 0) {
				dots_put(d, a, x, y, style, bits);
				continue;
			}
			if (dots_at(d, x - 1, y) & dots_half(d, true))
				cut |= dots_half(d, false);
			if (dots_at(d, x + 1, y) & dots_half(d, false))
				cut |= dots_half(d, true);
			cell = ui_canvas_at(a.c, a.r.x + x, a.r.y + y);
			old = cut != 0 && cell->style != style ? dots_of(cell, d) : 0;
			if ((old & cut) != 0)
				dots_put(d, a, x, y, cell->style, old & ~cut);
		}
}
