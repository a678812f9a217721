/* image.c: one picture that a command looks at. */
#include "data/image.h"

#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

void
image_free(struct image *i)
{
	if (i == NULL)
		return;
	free(i->name);
	free(i->pixels);
	free(i);
}

struct image *
image_new(const char *name, struct nn_shape shape, const uint8_t *pixels, int label)
{
	struct image *i = xcalloc(1, sizeof *i);
	size_t n = nn_shape_size(shape);

	i->name = xstrdup(name);
	i->shape = shape;
	i->label = label;
	i->pixels = xmalloc(n);
	if (pixels != NULL)
		memcpy(i->pixels, pixels, n);
	return i;
}

struct image *
image_copy(const struct image *from)
{
	struct image *i = image_new(from->name, from->shape, from->pixels, from->label);

	i->inverted = from->inverted;
	return i;
}
