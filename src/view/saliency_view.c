/* saliency_view.c: which pixels matter, as pictures. */
#include "view/saliency_view.h"

#include "look/sheet.h"
#include "ui/colourmap.h"
#include "util/num.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>

static void
add_picture(const struct session *s, struct ui_tiles *t, const struct image *im)
{
	const struct nn_shape *shape = &im->shape;
	char label[CLASS_TEXT + 8] = "", name[CLASS_TEXT];

	if (im->label >= 0)
		snprintf(label, sizeof label, "label %s", class_text(s->data.set, im->label, CLASS_COLS, name));
	ui_tiles_add(t, shape->dim[0], shape->dim[1], shape->dim[2], im->pixels, im->name, label, 0);
}

/* The picture in grey, dimmed, and on it the colours of the map, the stronger the larger a value is. */
static void
add_overlay(struct ui_tiles *t, const struct image *im, const struct saliency *x)
{
	size_t n = (size_t)x->height * (size_t)x->width;
	int c = im->shape.dim[2];
	uint8_t *rgb = xmalloc(n * 3);

	for (size_t i = 0; i < n; i++) {
		const uint8_t *p = im->pixels + i * (size_t)c;
		int level = ui_map_level(&t->scale, x->map[i]);
		double grey = c == 3 ? .299 * p[0] + .587 * p[1] + .114 * p[2] : p[0];
		double part = level == 0 ? 0 : sqrt(fabs(ui_map_part(UI_MAP_SIGNED, level)));
		struct ui_rgb on = ui_map_colour(UI_MAP_SIGNED, level, false);
		const uint8_t colour[] = {on.r, on.g, on.b};

		for (int k = 0; k < 3; k++)
			rgb[3 * i + (size_t)k] = (uint8_t)lround(grey * .6 * (1 - part) + colour[k] * part);
	}
	ui_tiles_add(t, x->height, x->width, 3, rgb, "overlay", "", 0);
	free(rgb);
}

static char *
title(const struct session *s, const struct image *im, const struct saliency *x, const char *name)
{
	switch (x->ask.kind) {
	case SALIENCY_GRADIENT:
		return xasprintf("saliency of %s for %s", im->name, name);
	case SALIENCY_GRADCAM:
		return xasprintf("gradcam of %s for %s at %s", im->name, name,
		    nn_net_layer(s->model.net, x->ask.layer)->name);
	case SALIENCY_OCCLUDE:
		return xasprintf("occlude %s for %s by %dx%d, stride %d", im->name, name, x->ask.size, x->ask.size,
		    x->ask.stride);
	}
	return NULL;
}

void
saliency_view_tiles(const struct session *s, const struct image *im, const struct saliency *x, bool all,
    struct ui_tiles *t)
{
	static const char *const of[] = {"logit by pixel", "weight x activation", "fall of p"};
	static const char *const caption[] = {"gradient", "gradcam", "fall of p"};
	size_t n = (size_t)x->height * (size_t)x->width;
	char name[CLASS_TEXT], other[CLASS_TEXT], p[32], raw[32];

	sheet_unit(s, x->ask.unit, false, name);
	t->title = title(s, im, x, name);
	num_fixed(p, x->p, 4);
	if (isfinite(x->p) && x->ask.unit != x->predicted)
		t->note = xasprintf("p %s, predicted %s", p, sheet_unit(s, x->predicted, false, other));
	else
		t->note = xasprintf("p %s%s", p, isfinite(x->p) ? ", predicted" : "");
	ui_scale_fit(&t->scale, UI_MAP_SIGNED, x->map, n, 1);
	if (x->raw != NULL && all)
		ui_scale_fit(&t->scale, UI_MAP_SIGNED, x->raw, (size_t)x->rows * (size_t)x->cols, 1);
	t->scale.label = xasprintf("%s: + for %s, - against", of[x->ask.kind], name);
	add_picture(s, t, im);
	ui_tiles_add_map(t, NULL, x->height, x->width, x->map, 1, caption[x->ask.kind], "");
	if (!all)
		return;
	add_overlay(t, im, x);
	if (x->raw == NULL || (x->rows == x->height && x->cols == x->width))
		return;
	snprintf(raw, sizeof raw, "%dx%d", x->rows, x->cols);
	ui_tiles_add_map(t, NULL, x->rows, x->cols, x->raw, 1, "as computed", raw);
}
