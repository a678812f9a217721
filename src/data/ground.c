/* ground.c: what lies behind the things that a data set shows, measured along the rims of its images. */
#include "data/ground.h"

#include <string.h>

enum { IMAGES = 1000, DARK = 64, LIGHT = 192 };

size_t
ground_rim_count(int height, int width)
{
	return height == 1 || width == 1 ? (size_t)height * (size_t)width : 2 * ((size_t)height + (size_t)width) - 4;
}

size_t
ground_rim_at(int height, int width, size_t i)
{
	size_t w = (size_t)width, sides = height > 2 && width > 1 ? 2 * ((size_t)height - 2) : 0;

	if (height == 1 || width == 1 || i < w)
		return i;
	i -= w;
	if (i < sides)
		return (1 + i / 2) * w + i % 2 * (w - 1);
	return ((size_t)height - 1) * w + i - sides;
}

struct ground
ground_of(const struct dataset *d, int channels)
{
	struct ground g = {.light_on_dark = true};
	const struct nn_images *x = d != NULL ? &d->train.images : NULL;
	size_t count[3][256] = {0}, n = 0, near = 0, size, rim;
	double all = 0, mean = 0;
	int h, w, c;

	if (x == NULL)
		return g;
	h = x->shape.dim[0], w = x->shape.dim[1], c = x->shape.dim[2];
	size = nn_shape_size(x->shape);
	rim = ground_rim_count(h, w);
	for (size_t i = 0; i < x->count && i < IMAGES; i++) {
		const uint8_t *p = x->pixels + i * size;

		for (size_t k = 0; k < rim; k++, n++)
			for (int j = 0; j < c; j++)
				count[j][p[ground_rim_at(h, w, k) * (size_t)c + (size_t)j]]++;
		for (size_t k = 0; k < size; k++)
			all += p[k];
	}
	all /= (double)size * (double)(n / rim);
	for (int j = 0; j < c; j++) {
		size_t below = 0;

		while ((below += count[j][g.rgb[j]]) <= n / 2)
			g.rgb[j]++;
		for (int v = 0; v < 256; v++)
			near += v >= g.rgb[j] - GROUND_NEAR && v <= g.rgb[j] + GROUND_NEAR ? count[j][v] : 0;
		mean += (double)g.rgb[j] / c;
	}
	g.light_on_dark = mean < DARK && all > mean && near * 2 > n * (size_t)c;
	g.dark_on_light = mean >= LIGHT && all < mean && near * 2 > n * (size_t)c;
	if (c == 1)
		g.rgb[1] = g.rgb[2] = g.rgb[0];
	else if (channels == 1)
		g.rgb[0] = (uint8_t)((g.rgb[0] * 299 + g.rgb[1] * 587 + g.rgb[2] * 114 + 500) / 1000);
	return g;
}
