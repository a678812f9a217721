/* picture.c: pictures as cells: quadrants of two colours where there are 256; else dots or quadrants that are there or
 * not, or signs of rising density. Maps are blended as levels, before they get a colour; without colours they are
 * signs, and those of negative numbers are others than those of positive ones.
 */
#include "canvas.h"
#include "colourmap.h"
#include "look.h"
#include "mem.h"

#include <stdio.h>
#include <string.h>

/* A picture that is laid over w x h parts. */
struct source {
	int width, channels, w, h;
	int x, y, across, down; /* what of it is shown */
	const uint8_t *pixels;
	double gain;
	enum ui_map map; /* pixels are its levels */
};

/* Mean of a part in one channel, 0..255, with what its edges cut of pixels; -1 where a map has no number in it. */
static double
part(const struct source *s, int i, int j, int channel)
{
	double fx = (double)s->across / s->w, fy = (double)s->down / s->h, x0 = s->x + i * fx, y0 = s->y + j * fy,
	    x1 = x0 + fx, y1 = y0 + fy;
	double sum = 0, weight = 0;

	for (int y = (int)y0; y < s->y + s->down && y < y1; y++) {
		double wy = (y + 1 < y1 ? y + 1 : y1) - (y > y0 ? y : y0);

		for (int x = (int)x0; x < s->x + s->across && x < x1; x++) {
			double wx = (x + 1 < x1 ? x + 1 : x1) - (x > x0 ? x : x0);
			uint8_t pixel = s->pixels[((size_t)y * (size_t)s->width + (size_t)x) * (size_t)s->channels +
			    (size_t)channel];

			if (s->map != UI_MAP_NONE && pixel == 0 && wx * wy > 1e-9)
				return -1;
			sum += wx * wy * pixel;
			weight += wx * wy;
		}
	}
	sum = weight > 0 ? sum / weight * s->gain : 0;
	return sum > 255 ? 255 : sum;
}

static double
luma(const struct source *s, int i, int j)
{
	if (s->channels != 3)
		return part(s, i, j, 0);
	return .299 * part(s, i, j, 0) + .587 * part(s, i, j, 1) + .114 * part(s, i, j, 2);
}

/* ---- two colours a cell ---- */

static uint32_t
colour(const double v[3], int channels, enum ui_map map)
{
	int grey;

	if (map != UI_MAP_NONE) {
		struct ui_rgb c = ui_map_colour(map, (int)(v[0] + .5), ui_look_light());

		return UI_RGB(c.r, c.g, c.b);
	}
	if (channels == 3)
		return UI_RGB((uint8_t)v[0], (uint8_t)v[1], (uint8_t)v[2]);
	/* Steps of the 24 greys; a picture that hardly changes then changes few cells. */
	grey = (int)(v[0] / 255. * 24 + .5);
	grey = grey > 23 ? 255 : 16 + grey * 10;
	return UI_GREY((uint32_t)grey);
}

/* The four parts of a cell in those two groups whose means are nearest to them. */
static void
cell_colour(struct ui_area a, int x, int y, const struct source *s, int i, int j)
{
	double v[4][3] = {{0}}, mean[2][3], of[2][3] = {{0}}, least = 1e300;
	uint32_t fg, bg;
	unsigned best = 15;

	for (int k = 0; k < 4; k++)
		for (int ch = 0; ch < s->channels; ch++)
			if ((v[k][ch] = part(s, 2 * i + k % 2, 2 * j + k / 2, ch)) < 0) {
				ui_put_colour(a, x, y, "×", UI_GREY(0), colour((double[3]){0}, 1, s->map));
				return;
			}
	if (memcmp(v[0], v[1], sizeof *v) == 0 && memcmp(v[0], v[2], sizeof *v) == 0 &&
	    memcmp(v[0], v[3], sizeof *v) == 0) { /* as most of a digit's ground is */
		fg = colour(v[0], s->channels, s->map);
		ui_put_colour(a, x, y, " ", fg, fg);
		return;
	}
	for (unsigned bits = 15; bits >= 8; bits--) { /* the lower right one is always drawn; 15: all alike */
		double off = bits == 15 ? -1e-6 : 0;

		for (int g = 0; g < 2; g++)
			for (int ch = 0; ch < s->channels; ch++) {
				double sum = 0;
				int n = 0;

				for (int k = 0; k < 4; k++)
					if ((bits >> k & 1) == (unsigned)g)
						sum += v[k][ch], n++;
				mean[g][ch] = n > 0 ? sum / n : 0;
				for (int k = 0; k < 4; k++)
					if ((bits >> k & 1) == (unsigned)g)
						off += (v[k][ch] - mean[g][ch]) * (v[k][ch] - mean[g][ch]);
			}
		if (off >= least)
			continue;
		least = off;
		best = bits;
		memcpy(of, mean, sizeof of);
	}
	fg = colour(of[1], s->channels, s->map);
	bg = best == 15 ? fg : colour(of[0], s->channels, s->map);
	if (fg == bg)
		ui_put_colour(a, x, y, " ", fg, bg);
	else
		ui_put_colour(a, x, y, ui_quadrant[best], fg, bg);
}

/* ---- the whole ---- */

static void
picture_colours(struct ui_area a, int x, int y, int w, int h, struct source *s)
{
	s->w = 2 * w, s->h = 2 * h;
	for (int j = 0; j < h; j++)
		for (int i = 0; i < w; i++)
			cell_colour(a, x + i, y + j, s, i, j);
}

static void
picture_dots(struct ui_area a, int x, int y, int w, int h, struct source *s)
{
	struct ui_dots *d = ui_dots_new(a.c->glyphs, w, h);

	s->w = d->w, s->h = d->h;
	for (int j = 0; j < d->h; j++)
		for (int i = 0; i < d->w; i++)
			if (luma(s, i, j) > 110)
				ui_dots_set(d, i, j);
	ui_fill(a, x, y, w, h, UI_PLAIN, " ");
	ui_dots_draw(d, ui_area_sub(a, x, y, w, h), UI_PLAIN);
	ui_dots_free(d);
}

static void
picture_signs(struct ui_area a, int x, int y, int w, int h, struct source *s)
{
	static const char density[] = " .:-=+*#%@";

	s->w = w, s->h = h;
	for (int j = 0; j < h; j++)
		for (int i = 0; i < w; i++)
			ui_put(a, x + i, y + j, UI_PLAIN, (const char[]){density[(int)(luma(s, i, j) * 9.99 / 255)],
			    '\0'});
}

/* What stands for the mean of a part of a map: the larger, the denser. */
static const char *
map_sign(enum ui_map map, double level, bool ascii)
{
	static const char *const amount[2][5] = {{" ", "░", "▒", "▓", "█"}, {" ", ".", "+", "#", "@"}};
	static const char *const above[2][4] = {{" ", "░", "▒", "█"}, {" ", "+", "*", "#"}};
	static const char *const below[2][4] = {{" ", "-", "=", "≡"}, {" ", "-", "=", "E"}};
	double t;

	if (level < 0)
		return ascii ? "x" : "×";
	t = ui_map_part(map, level);
	if (map == UI_MAP_AMOUNT) /* most are small where few are large */
		return amount[ascii][t < .03 ? 0 : 1 + (int)(t * 3.999)];
	return t < 0 ? below[ascii][(int)(-t * 3 + .5)] : above[ascii][(int)(t * 3 + .5)];
}

static void
picture_map_signs(struct ui_area a, int x, int y, int w, int h, struct source *s)
{
	s->w = w, s->h = h;
	for (int j = 0; j < h; j++)
		for (int i = 0; i < w; i++)
			ui_put(a, x + i, y + j, UI_PLAIN, map_sign(s->map, part(s, i, j, 0), a.c->glyphs == UI_ASCII));
}

static void
picture(struct ui_area a, int x, int y, int w, int h, enum ui_colours colours, int margin, const struct ui_tile *t)
{
	int height = t->height, width = t->width, channels = t->channels;
	struct source s = {.width = width, .channels = channels, .pixels = t->pixels, .gain = 1, .map = t->map};

	if (w <= 0 || h <= 0 || width <= 0 || height <= 0 || (channels != 1 && channels != 3))
		return;
	margin = margin < 0 || 2 * margin >= width || 2 * margin >= height ? 0 : margin;
	s.x = s.y = margin;
	s.across = width - 2 * margin;
	s.down = height - 2 * margin;
	/* Small pictures lose thin strokes in the mean, so they are brightened. */
	if (channels == 1 && t->map == UI_MAP_NONE) {
		double each = (double)s.across / (a.c->glyphs != UI_ASCII && colours >= UI_256 ? 2 * w : w);

		s.gain += .35 * (each > 3 ? 2 : each > 1 ? each - 1 : 0);
	}
	if (t->map != UI_MAP_NONE && (a.c->glyphs == UI_ASCII || colours < UI_256))
		picture_map_signs(a, x, y, w, h, &s);
	else if (a.c->glyphs == UI_ASCII)
		picture_signs(a, x, y, w, h, &s);
	else if (colours >= UI_256)
		picture_colours(a, x, y, w, h, &s);
	else
		picture_dots(a, x, y, w, h, &s);
}

void
ui_picture(struct ui_area a, int x, int y, int w, int h, enum ui_colours colours, int margin, int height, int width,
    int channels,
    const uint8_t *pixels)
{
	picture(a, x, y, w, h, colours, margin, &(struct ui_tile){.height = height, .width = width,
	    .channels = channels, .pixels = (uint8_t *)pixels});
}

void
ui_picture_tile(struct ui_area a, int x, int y, int w, int h, enum ui_colours colours, int margin,
    const struct ui_tile *t)
{
	picture(a, x, y, w, h, colours, margin, t);
}

/* ---- scales ---- */

int
ui_scale_cells(const struct ui_scale *s)
{
	char low[24], high[24];

	return s->map == UI_MAP_NONE ? 0 : UI_SCALE_BAR + 2 + snprintf(low, sizeof low, "%.3g", s->low) +
	    snprintf(high, sizeof high, "%.3g", s->high);
}

void
ui_scale_draw(struct ui_area a, int x, int y, enum ui_colours colours, const struct ui_scale *s)
{
	uint8_t level[2 * UI_SCALE_BAR];
	const char *label;

	if (s->map == UI_MAP_NONE || a.r.w - x < ui_scale_cells(s))
		return;
	for (int i = 0; i < 2 * UI_SCALE_BAR; i++)
		level[i] = (uint8_t)(1 + i * 254 / (2 * UI_SCALE_BAR - 1));
	x = ui_putf(a, x, y, UI_DIM, "%.3g ", s->low);
	ui_picture_tile(a, x, y, UI_SCALE_BAR, 1, colours, 0, &(struct ui_tile){.height = 1,
	    .width = 2 * UI_SCALE_BAR, .channels = 1, .map = s->map, .pixels = level});
	x = ui_putf(a, x + UI_SCALE_BAR, y, UI_DIM, " %.3g", s->high);
	label = s->label != NULL ? strstr(s->label, ": ") : NULL;
	if (s->label != NULL && ui_text_cells(s->label) <= a.r.w - x - 2)
		ui_put(a, x + 2, y, UI_DIM, s->label);
	else if (label != NULL && label - s->label <= a.r.w - x - 2) /* what it is, without what its signs mean */
		ui_put_part(a, x + 2, y, UI_DIM, s->label, 0, (size_t)(label - s->label));
}

/* ---- margins ---- */

static bool
dark(const uint8_t *p, int channels)
{
	return p[0] == 0 && (channels < 3 || (p[1] == 0 && p[2] == 0));
}

int
ui_picture_margin(int height, int width, int channels, const uint8_t *pixels)
{
	int least = (height < width ? height : width) / 2;

	for (int y = 0; y < height && least > 0; y++)
		for (int x = 0; x < width; x++) {
			int edge;

			if (x == least && y >= least && y < height - least)
				x = width - least; /* what lies further in cannot be nearer to an edge */
			edge = x < y ? x : y;
			edge = width - 1 - x < edge ? width - 1 - x : edge;
			edge = height - 1 - y < edge ? height - 1 - y : edge;
			if (edge < least && !dark(pixels + ((size_t)y * (size_t)width + (size_t)x) * (size_t)channels,
			    channels))
				least = edge;
		}
	return least;
}
