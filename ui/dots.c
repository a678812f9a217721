/* dots.c: finer than a cell: dot matrices for curves, and pictures in half blocks, quadrants or signs of rising
 * density.
 */
#include "canvas.h"
#include "mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- dots ---- */

/* Bit of dot (x, y) in a braille cell: U+2800 + bits. */
static const uint8_t braille[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
/* Bits: 1 upper left, 2 upper right, 4 lower left, 8 lower right. */
static const char *const quadrant[16] = {" ", "▘", "▝", "▀", "▖", "▌", "▞", "▛", "▗", "▚", "▐", "▜", "▄", "▙", "▟", "█"};
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
	if (d == NULL)
		return;
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
		if (strcmp(cell->text, d->sx == 2 ? quadrant[i] : ascii[i]) == 0)
			return i;
	return 0;
}

static unsigned
dots_at(const struct ui_dots *d, int x, int y)
{
	return x < 0 || y < 0 || x >= d->cols || y >= d->rows ? 0 : d->bit[(size_t)y * (size_t)d->cols + (size_t)x];
}

static void
dots_put(const struct ui_dots *d, struct ui_area a, int x, int y, int style, unsigned bits)
{
	char text[4] = {(char)0xe2, (char)(0xa0 | bits >> 6), (char)(0x80 | (bits & 0x3f)), '\0'};

	ui_put(a, x, y, style, bits == 0 ? " " : d->sy == 4 ? text : d->sx == 2 ? quadrant[bits] : ascii[bits]);
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

/* ---- pictures ---- */

struct source {
	int height, width, channels;
	const uint8_t *pixels;
};

/* Mean of the box [x0, x1) x [y0, y1) in pixels, with the parts of pixels at its edges. */
static double
box(const struct source *s, double x0, double y0, double x1, double y1, int channel)
{
	double sum = 0, weight = 0;

	for (int y = (int)y0; y < s->height && y < y1; y++) {
		double wy = (y + 1 < y1 ? y + 1 : y1) - (y > y0 ? y : y0);

		for (int x = (int)x0; x < s->width && x < x1; x++) {
			double wx = (x + 1 < x1 ? x + 1 : x1) - (x > x0 ? x : x0);

			sum += wx * wy * s->pixels[((size_t)y * (size_t)s->width + (size_t)x) * (size_t)s->channels + (size_t)channel];
			weight += wx * wy;
		}
	}
	return weight > 0 ? sum / weight : 0;
}

/* Brightness 0..255 of one of w x h parts. Small pictures lose thin strokes in the mean, so they are brightened. */
static double
part(const struct source *s, int w, int h, int x, int y, int channel, double gain)
{
	double fx = (double)s->width / w, fy = (double)s->height / h;
	double v = box(s, x * fx, y * fy, (x + 1) * fx, (y + 1) * fy, channel) * gain;

	return v > 255 ? 255 : v;
}

static uint32_t
colour(const struct source *s, int w, int h, int x, int y, double gain)
{
	uint8_t v[3];

	for (int k = 0; k < 3; k++)
		v[k] = (uint8_t)part(s, w, h, x, y, s->channels == 3 ? k : 0, gain);
	/* Steps of the 24 greys; a picture that hardly changes then changes few cells. */
	if (s->channels != 3)
		v[0] = v[1] = v[2] = (uint8_t)(v[0] / 255. * 24 + .5 > 23.5 ? 255 : 16 + (int)(v[0] / 255. * 24 + .5) * 10);
	return UI_RGB(v[0], v[1], v[2]);
}

static double
luma(const struct source *s, int w, int h, int x, int y, double gain)
{
	if (s->channels != 3)
		return part(s, w, h, x, y, 0, gain);
	return .299 * part(s, w, h, x, y, 0, gain) + .587 * part(s, w, h, x, y, 1, gain) + .114 * part(s, w, h, x, y, 2, gain);
}

void
ui_picture(struct ui_area a, int x, int y, int w, int h, enum ui_colours colours, int height, int width, int channels,
    const uint8_t *pixels)
{
	static const char density[] = " .:-=+*#%@";
	struct source s = {height, width, channels, pixels};
	double gain = w > 0 && h > 0 ? 1 + .35 * ((double)width / w > 3 ? 2 : (double)width / w > 1 ? (double)width / w - 1 : 0) : 1;

	if (w <= 0 || h <= 0 || width <= 0 || height <= 0 || (channels != 1 && channels != 3))
		return;
	if (channels == 3)
		gain = 1;
	for (int j = 0; j < h; j++)
		for (int i = 0; i < w; i++) {
			if (a.c->glyphs == UI_ASCII) {
				double v = luma(&s, w, h, i, j, gain);
				char sign[2] = {density[(int)(v * 9.99 / 255)], '\0'};

				ui_put(a, x + i, y + j, UI_PLAIN, sign);
			} else if (colours >= UI_256) {
				ui_put_colour(a, x + i, y + j, "▀", colour(&s, w, 2 * h, i, 2 * j, gain), colour(&s, w, 2 * h, i, 2 * j + 1, gain));
			} else {
				unsigned bits = 0;

				for (int k = 0; k < 4; k++)
					if (luma(&s, 2 * w, 2 * h, 2 * i + k % 2, 2 * j + k / 2, gain) > 110)
						bits |= 1u << k;
				ui_put(a, x + i, y + j, UI_PLAIN, quadrant[bits]);
			}
		}
}
