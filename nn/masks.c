/* masks.c: the background of a set of pictures. Fast kernels find the blank patches of a picture by themselves, in less time
 * than it takes to read masks of all pictures from memory; what they cannot see from one picture is which byte is background.
 */
#include "nn_int.h"

#include <stdlib.h>

struct nn_masks {
	int blank;
};

struct nn_masks *
nn_masks_new(const struct nn_images *images, struct nn_engine *eng)
{
	int h = images->shape.dim[0], w = images->shape.dim[1], best = 0;
	size_t size = nn_shape_size(images->shape), seen[256] = {0}, few = images->count < 1000 ? images->count : 1000, blank = 0;
	struct nn_masks *m;

	if (images->shape.rank != 3 || images->shape.dim[2] != 1 || images->count == 0)
		return NULL;
	for (size_t i = 0; i < images->count; i++) {
		const uint8_t *p = images->pixels + i * size;

		seen[p[0]]++;
		seen[p[w - 1]]++;
		seen[p[(size_t)(h - 1) * (size_t)w]]++;
		seen[p[size - 1]]++;
	}
	for (int b = 1; b < 256; b++)
		if (seen[b] > seen[best])
			best = b;
	/* Worth it when a quarter of the pixels or more are background. */
	for (size_t i = 0; i < few * size; i++)
		blank += images->pixels[i] == best;
	if (blank * 4 < few * size)
		return NULL;
	m = malloc(sizeof *m);
	if (m != NULL)
		m->blank = best;
	return m;
}

void
nn_masks_free(struct nn_masks *m)
{
	free(m);
}

int
nn_masks_blank(const struct nn_masks *m)
{
	return m != NULL ? m->blank : -1;
}
