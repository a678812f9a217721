/* maps.c: numbers as tiles: each becomes the level of a colour map, so that whatever draws the tile chooses the colours
 * for its own ground, or signs where there are none.
 */
#include "mem.h"
#include "model.h"

#include <math.h>
#include <stdlib.h>

uint8_t
ui_map_level(const struct ui_scale *s, double value)
{
	bool both = s->map == UI_MAP_SIGNED;
	double part = s->high > 0 ? fmax(both ? -1 : 0, fmin(value / s->high, 1)) : 0;
	int zero = both ? 128 : 1, steps = both ? 127 : 254, level = (int)lround(fabs(part) * steps);

	if (!isfinite(value))
		return 0;
	if (level == 0 && part != 0)
		level = 1;
	return (uint8_t)(part < 0 ? zero - level : zero + level);
}

void
ui_scale_fit(struct ui_scale *s, enum ui_map map, const float *value, size_t n, size_t stride)
{
	bool below = s->map == UI_MAP_SIGNED || map == UI_MAP_SIGNED;
	double most = s->map != UI_MAP_NONE ? s->high : 0;

	for (size_t i = 0; i < n; i++) {
		double v = value[i * stride];

		if (!isfinite(v))
			continue;
		below |= v < 0 && map == UI_MAP_NONE;
		most = fmax(most, fabs(v));
	}
	s->map = below ? UI_MAP_SIGNED : UI_MAP_AMOUNT;
	s->high = most;
	s->low = below ? -most : 0;
}

bool
ui_tile_is_wide(const struct ui_tile *t)
{
	return t->map != UI_MAP_NONE && (t->height == 1 || t->width > 8 * t->height);
}

struct ui_tile *
ui_tiles_add_map(struct ui_tiles *t, const struct ui_scale *s, int height, int width, const float *value,
    size_t stride, const char *label, const char *caption)
{
	size_t n = (size_t)height * (size_t)width;
	uint8_t *level = ui_alloc(n, 1);
	struct ui_tile *tile;

	s = s != NULL ? s : &t->scale;
	for (size_t i = 0; i < n; i++)
		level[i] = ui_map_level(s, value[i * stride]);
	tile = ui_tiles_add(t, height, width, 1, level, label, caption, 0);
	tile->map = s->map;
	free(level);
	return tile;
}
