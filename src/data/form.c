/* form.c: the boxes and centres of mass of a data set's images. */
#include "data/form.h"

#include <stdlib.h>

enum { IMAGES = 1000, SIDE_MAX = 1024 };

/* An image's ink: how far each pixel is from the ground, in its greatest channel. */
static int
ink_at(const uint8_t *p, int channels, const struct ground *g)
{
	int most = 0;

	for (int k = 0; k < channels; k++)
		most = abs(p[k] - g->rgb[k]) > most ? abs(p[k] - g->rgb[k]) : most;
	return most;
}

/* The greater side of the box that holds the ink, 0 without any; *middle: the centre of mass is within a pixel of the
 * image's middle. */
static int
side_of(const uint8_t *p, struct nn_shape shape, const struct ground *g, bool *middle)
{
	int h = shape.dim[0], w = shape.dim[1], c = shape.dim[2], top = h, bottom = -1, left = w, right = -1;
	double sum = 0, down = 0, across = 0;

	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++) {
			int v = ink_at(p + (y * w + x) * c, c, g);

			sum += v;
			down += v * (double)y;
			across += v * (double)x;
			if (v <= GROUND_NEAR)
				continue;
			top = y < top ? y : top;
			bottom = y;
			left = x < left ? x : left;
			right = x > right ? x : right;
		}
	*middle = sum > 0 && abs((int)(2 * down / sum) - h) <= 2 && abs((int)(2 * across / sum) - w) <= 2;
	return bottom < 0 ? 0 : bottom - top > right - left ? bottom - top + 1 : right - left + 1;
}

struct form
form_of(const struct dataset *d, int channels)
{
	struct form f = {.ground = ground_of(d, channels), .box = 20, .of = 28, .centred = true};
	const struct nn_images *x = d != NULL ? &d->train.images : NULL;
	size_t count[SIDE_MAX + 1] = {0}, n, below = 0, near = 0, middle = 0;
	struct ground own;

	if (x == NULL)
		return f;
	own = ground_of(d, x->shape.dim[2]);
	n = x->count < IMAGES ? x->count : IMAGES;
	f.of = x->shape.dim[0] < x->shape.dim[1] ? x->shape.dim[0] : x->shape.dim[1];
	f.box = 0;
	f.centred = false;
	if (!own.light_on_dark || f.of > SIDE_MAX)
		return f;
	for (size_t i = 0; i < n; i++) {
		bool m;
		int side = side_of(x->pixels + i * nn_shape_size(x->shape), x->shape, &own, &m);

		count[side < f.of ? side : f.of]++;
		middle += m;
	}
	while (f.box < f.of && (below += count[f.box]) <= n / 2)
		f.box++;
	for (int side = f.box > 0 ? f.box - 1 : 0; side <= f.box + 1 && side <= f.of; side++)
		near += count[side];
	if (near * 10 < n * 9)
		f.box = 0;
	f.centred = f.box > 0 && middle * 10 >= n * 9;
	return f;
}
