/* drawing.c: the steps from a picture to an image like those of the data set. */
#include "data/drawing.h"

#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t
drawing_size(const struct drawing *d)
{
	return (size_t)d->height * (size_t)d->width;
}

static int
luma(const uint8_t *p, int channels)
{
	return channels == 1 ? p[0] : (p[0] * 299 + p[1] * 587 + p[2] * 114 + 500) / 1000;
}

/* ---- alpha ---- */

/* A pixel as it is over a ground. */
static void
over(const struct drawing *d, size_t i, const uint8_t *ground, uint8_t out[3])
{
	const uint8_t *p = d->pixels + i * (size_t)(d->channels + d->alpha);
	int alpha = d->alpha ? p[d->channels] : 255;

	for (int k = 0; k < d->channels; k++)
		out[k] = (uint8_t)((p[k] * alpha + ground[k] * (255 - alpha) + 127) / 255);
}

static int
luma_over(const struct drawing *d, size_t i, const uint8_t *ground)
{
	uint8_t p[3];

	over(d, i, ground, p);
	return luma(p, d->channels);
}

/* The value of paper: the median along the rim. *near: how many pixels there are like `ours`. */
static int
paper_of(const struct drawing *d, const uint8_t *behind, int ours, size_t *near)
{
	size_t rim = ground_rim_count(d->height, d->width), count[256] = {0}, below = 0;
	int paper = 0;

	*near = 0;
	for (size_t i = 0; i < rim; i++) {
		int v = luma_over(d, ground_rim_at(d->height, d->width, i), behind);

		count[v]++;
		*near += abs(v - ours) <= GROUND_NEAR;
	}
	while ((below += count[paper]) <= rim / 2)
		paper++;
	return paper;
}

/* Whether a picture is of dark ink on a light ground, in place of the data's light on dark: along its rim next to
 * nothing is like the ground of the data, and most of what differs from the ground that is there is darker. */
static bool
ink_is_dark(const struct drawing *d, const struct ground *g, const uint8_t *behind)
{
	size_t near;
	int paper = paper_of(d, behind, luma(g->rgb, d->channels), &near);
	double darker = 0, lighter = 0;

	for (size_t i = 0; i < drawing_size(d); i++) {
		double v = luma_over(d, i, behind) - paper;

		*(v < 0 ? &darker : &lighter) += v * v;
	}
	return near * 10 < ground_rim_count(d->height, d->width) && darker > lighter;
}

/* Takes the alpha away, within the same memory. Ink that cannot be seen on the dark ground of the data is meant for a
 * light one. */
static void
flatten(struct drawing *d, const struct ground *g)
{
	static const uint8_t white[3] = {255, 255, 255};
	const uint8_t *behind = g->rgb;
	int lighter = 0, ours = luma(g->rgb, d->channels);
	bool clear = false;

	for (size_t i = 0; i < drawing_size(d); i++) {
		int v = luma_over(d, i, g->rgb) - ours;

		lighter = v > lighter ? v : lighter;
		clear |= d->pixels[(i + 1) * (size_t)(d->channels + 1) - 1] < 255;
	}
	if (lighter < 128 && clear && g->light_on_dark && ink_is_dark(d, g, white)) /* else there is no ink at all */
		behind = white;
	for (size_t i = 0; i < drawing_size(d); i++) {
		uint8_t p[3];

		over(d, i, behind, p);
		memcpy(d->pixels + i * (size_t)d->channels, p, (size_t)d->channels);
	}
	d->alpha = false;
}

/* ---- ink ---- */

/* All of one colour: no pixel differs from the first by more than a ground does from itself. */
static bool
blank(const struct drawing *d)
{
	for (size_t i = 0; i < drawing_size(d); i++)
		for (int k = 0; k < d->channels; k++)
			if (abs(d->pixels[i * (size_t)d->channels + (size_t)k] - d->pixels[k]) > GROUND_NEAR)
				return false;
	return true;
}

static void
turn(struct drawing *d)
{
	for (size_t k = 0; k < drawing_size(d) * (size_t)d->channels; k++)
		d->pixels[k] = 255 - d->pixels[k];
}

/* Paper becomes the ground and the strongest ink 255, where either is far from it; the rim says how even the paper is.
 * False: there is nothing to do. */
static bool
level(struct drawing *d, const struct ground *g)
{
	size_t rim = ground_rim_count(d->height, d->width), count[256] = {0}, below = 0;
	int paper = 0, rough = 0, ink = 0, ours = luma(g->rgb, d->channels), from;

	for (size_t i = 0; i < drawing_size(d); i++)
		ink = luma_over(d, i, g->rgb) > ink ? luma_over(d, i, g->rgb) : ink;
	for (size_t i = 0; i < rim; i++)
		count[luma_over(d, ground_rim_at(d->height, d->width, i), g->rgb)]++;
	while ((below += count[paper]) <= rim / 2)
		paper++;
	for (rough = paper; rough < 255 && below * 20 < rim * 19; below += count[rough])
		rough++;
	if (paper <= ours + GROUND_NEAR && ink >= 255 - GROUND_NEAR)
		return false;
	from = paper <= ours + GROUND_NEAR ? paper : rough + GROUND_NEAR < (paper + ink) / 2 ? rough + GROUND_NEAR :
	    (paper + ink) / 2;
	for (size_t k = 0; k < drawing_size(d) * (size_t)d->channels && ink > from; k++) {
		int v = (d->pixels[k] - from) * 255 / (ink - from);

		d->pixels[k] = (uint8_t)(v < ours ? ours : v > 255 ? 255 : v);
	}
	return true;
}

/* ---- size ---- */

/* The mean of a channel over a square, of which the ground fills what lies outside the picture. */
static uint8_t
mean_of(const struct drawing *d, int channel, double y0, double x0, double side, double ground)
{
	double y1 = y0 + side, x1 = x0 + side, sum = 0, covered = 0, value;
	const uint8_t *p = d->pixels + channel;

	for (int y = (int)fmax(floor(y0), 0); y < d->height && y < y1; y++)
		for (int x = (int)fmax(floor(x0), 0); x < d->width && x < x1; x++) {
			double part = (fmin(y + 1, y1) - fmax(y, y0)) * (fmin(x + 1, x1) - fmax(x, x0));

			covered += part;
			sum += part * p[((size_t)y * (size_t)d->width + (size_t)x) * (size_t)d->channels];
		}
	value = (sum + fmax(side * side - covered, 0) * ground) / (side * side);
	return (uint8_t)lround(fmin(fmax(value, 0), 255));
}

/* Scales a picture into the middle of one of the ground, its proportions kept. Each pixel is the mean of what it
 * covers. */
static void
scale_into(uint8_t *to, struct nn_shape shape, const struct drawing *d, const uint8_t *ground)
{
	int h = shape.dim[0], w = shape.dim[1], c = d->channels;
	double scale = fmax((double)d->height / h, (double)d->width / w); /* pixels of the file to one of ours */
	double top = (h * scale - d->height) / 2, left = (w * scale - d->width) / 2;

	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++)
			for (int k = 0; k < c; k++)
				to[(y * w + x) * c + k] =
				    mean_of(d, k, y * scale - top, x * scale - left, scale, ground[k]);
}

struct box {
	int top, left, h, w;
};

static struct box
ink_box(const struct drawing *d, const struct ground *g)
{
	int top = d->height, bottom = -1, left = d->width, right = -1, ours = luma(g->rgb, d->channels);

	for (int y = 0; y < d->height; y++)
		for (int x = 0; x < d->width; x++) {
			const uint8_t *p = d->pixels + ((size_t)y * (size_t)d->width + (size_t)x) * (size_t)d->channels;

			if (abs(luma(p, d->channels) - ours) <= GROUND_NEAR)
				continue;
			top = y < top ? y : top;
			bottom = y;
			left = x < left ? x : left;
			right = x > right ? x : right;
		}
	return bottom < 0 ? (struct box){0} : (struct box){top, left, bottom - top + 1, right - left + 1};
}

/* How much of a pixel a cell covers along one side, both given by their first edge and length. */
static int64_t
shared(int64_t a, int64_t alen, int64_t b, int64_t blen)
{
	int64_t from = a > b ? a : b, to = a + alen < b + blen ? a + alen : b + blen;

	return to > from ? to - from : 0;
}

/* The mean of a channel over a cell of 2m units, of which a pixel has 2n, counted from the corner of the box; what lies
 * outside the picture is ground. The sum is exact, so that a picture enlarged by a whole factor gives the same. */
static uint8_t
cell_mean(const struct drawing *d, struct box b, int channel, int64_t y0, int64_t x0, int m, int n, int ground)
{
	int64_t cell = 2 * (int64_t)m, pixel = 2 * (int64_t)n, area = cell * cell, sum = 0, covered = 0;

	y0 += b.top * pixel;
	x0 += b.left * pixel;
	for (int64_t y = y0 > 0 ? y0 / pixel : 0; y < d->height && y * pixel < y0 + cell; y++)
		for (int64_t x = x0 > 0 ? x0 / pixel : 0; x < d->width && x * pixel < x0 + cell; x++) {
			int64_t part = shared(y * pixel, pixel, y0, cell) * shared(x * pixel, pixel, x0, cell);
			size_t at = (size_t)y * (size_t)d->width + (size_t)x;

			covered += part;
			sum += part * d->pixels[at * (size_t)d->channels + (size_t)channel];
		}
	sum += (area - covered) * ground;
	return (uint8_t)((2 * sum + area) / (2 * area));
}

/* Scales the box into n pixels along its greater side, in the middle of the image; faint ink around it comes along. */
static void
fit(struct image *to, const struct drawing *d, const uint8_t *ground, struct box b, int n)
{
	int h = to->shape.dim[0], w = to->shape.dim[1], c = d->channels, m = b.h > b.w ? b.h : b.w;
	int rows = (int)(((int64_t)b.h * n + m - 1) / m), cols = (int)(((int64_t)b.w * n + m - 1) / m);
	int64_t above = (int64_t)rows * m - (int64_t)b.h * n, before = (int64_t)cols * m - (int64_t)b.w * n;
	int top = (h - rows) / 2, left = (w - cols) / 2;

	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++)
			for (int k = 0; k < c; k++)
				to->pixels[(y * w + x) * c + k] = cell_mean(d, b, k, (y - top) * 2 * (int64_t)m - above,
				    (x - left) * 2 * (int64_t)m - before, m, n, ground[k]);
	to->made.fitted = n;
	to->made.height = rows;
	to->made.width = cols;
}

/* ---- place ---- */

/* Moves what is drawn until its centre of mass is in the middle, or its box at the edge. */
static void
centre(struct image *i, const struct ground *g)
{
	int h = i->shape.dim[0], w = i->shape.dim[1], c = i->shape.dim[2], ours = luma(g->rgb, c), down, right;
	struct drawing d = {.height = h, .width = w, .channels = c, .pixels = i->pixels};
	struct box b = ink_box(&d, g);
	int64_t sum = 0, y_sum = 0, x_sum = 0;
	uint8_t *was;

	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++) {
			int v = abs(luma(i->pixels + (y * w + x) * c, c) - ours);

			sum += v;
			y_sum += (int64_t)v * y;
			x_sum += (int64_t)v * x;
		}
	if (sum == 0 || b.h == 0)
		return;
	down = h / 2 - (int)((2 * y_sum + sum) / (2 * sum));
	right = w / 2 - (int)((2 * x_sum + sum) / (2 * sum));
	down = down < -b.top ? -b.top : down > h - b.top - b.h ? h - b.top - b.h : down;
	right = right < -b.left ? -b.left : right > w - b.left - b.w ? w - b.left - b.w : right;
	was = xmalloc((size_t)(h * w * c));
	memcpy(was, i->pixels, (size_t)(h * w * c));
	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++) {
			int fy = y - down, fx = x - right;
			bool in = fy >= 0 && fy < h && fx >= 0 && fx < w;

			memcpy(i->pixels + (y * w + x) * c, in ? was + (fy * w + fx) * c : g->rgb, (size_t)c);
		}
	free(was);
	i->made.centred = true;
	i->made.down = down;
	i->made.right = right;
}

/* ---- all ---- */

static bool
wanted(enum drawing_switch s, bool usual)
{
	return s == DRAWING_AUTO ? usual : s == DRAWING_ON;
}

struct image *
drawing_image(struct drawing *d, const char *name, struct nn_shape shape, const struct form *form,
    const struct drawing_steps *steps)
{
	struct image *i = image_new(name, shape, NULL, -1);
	const struct ground *g = &form->ground;
	int h = shape.dim[0], w = shape.dim[1], side = h < w ? h : w, n;
	bool alien = d->height != h || d->width != w;
	struct box b = {0};

	n = form->box > 0 ? (2 * form->box * side + form->of) / (2 * form->of) : (2 * 20 * side + 28) / (2 * 28);
	if (d->alpha)
		flatten(d, g);
	i->raw = xmalloc(nn_shape_size(shape));
	scale_into(i->raw, shape, d, g->rgb);
	i->made.blank = blank(d);
	if (!i->made.blank && wanted(steps->invert, g->light_on_dark && ink_is_dark(d, g, g->rgb))) {
		turn(d);
		i->made.inverted = true;
	}
	if (!i->made.blank && wanted(steps->level, alien && form->box > 0))
		i->made.levelled = level(d, g);
	if (!i->made.blank && wanted(steps->fit, alien && form->box > 0))
		b = ink_box(d, g);
	if (b.h > 0)
		fit(i, d, g->rgb, b, n < 1 ? 1 : n);
	else
		scale_into(i->pixels, shape, d, g->rgb);
	if (!i->made.blank && wanted(steps->centre, alien && form->centred))
		centre(i, g);
	if (memcmp(i->raw, i->pixels, nn_shape_size(shape)) == 0) {
		free(i->raw);
		i->raw = NULL;
	}
	return i;
}
