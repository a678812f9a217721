/* image.c: one picture that a command looks at. */
#include "data/image.h"

#include "util/text.h"
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
	free(i->raw);
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

	if (from->raw != NULL)
		i->raw = memcpy(xmalloc(nn_shape_size(i->shape)), from->raw, nn_shape_size(i->shape));
	i->made = from->made;
	i->drawn = from->drawn;
	return i;
}

char *
image_steps(const struct image *i)
{
	const struct image_made *m = &i->made;
	struct str b = {0};

	str_add(&b, "%s%s", m->inverted ? ", inverted" : "", m->levelled ? ", levelled" : "");
	if (m->fitted > 0)
		str_add(&b, ", fitted into %dx%d", m->fitted, m->fitted);
	if (m->centred && (m->down != 0 || m->right != 0))
		str_add(&b, ", centred (moved %d,%d)", m->down, m->right);
	else if (m->centred)
		str_add(&b, ", centred");
	if (b.n > 0)
		memmove(b.s, b.s + 2, b.n - 1);
	return b.s;
}
