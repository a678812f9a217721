/* maps.c: filters and activations as tiles and strips. Channels stay in their order, so that what is seen at a place is
 * the same filter for every picture and at every moment of a training.
 */
#include "view/maps.h"

#include "look/sheet.h"
#include "util/num.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- filters ---- */

/* What is shown of how many, and what of several channels. */
static char *
filters_note(const struct filters *f, int one, int shown, int all)
{
	const char *of = f->rows ? "a row for each unit" : one >= 0 ? "its input channels" : f->channels > 1 ?
	    "mean over its input channels" : "";
	char *first = shown < all ? xasprintf("%d of %d", shown, all) : xstrdup(""),
	     *note = xasprintf("%s%s%s", first, *first != '\0' && *of != '\0' ? ", " : "", of);

	free(first);
	return note;
}

/* Rows of units in one map. */
static void
filters_rows(const struct filters *f, int from, int n, struct ui_tiles *t)
{
	float *map = xcalloc((size_t)n * (size_t)f->width, sizeof *map);

	for (int k = 0; k < n; k++)
		filters_map(f, from + k, 0, map + (size_t)k * (size_t)f->width);
	ui_scale_fit(&t->scale, UI_MAP_SIGNED, map, (size_t)n * (size_t)f->width, 1);
	ui_tiles_add_map(t, NULL, n, f->width, map, 1, NULL, NULL);
	free(map);
}

void
maps_filters(const struct session *s, const struct filters *f, int one, int n, struct ui_tiles *t)
{
	const struct nn_layer *l = nn_net_layer(s->model.net, f->layer);
	size_t size = (size_t)f->height * (size_t)f->width;
	int of_one = one >= 0 && !f->rows, all = of_one ? f->channels : one >= 0 ? 1 : f->count,
	    shown = all < n ? all : n;
	float *map = xcalloc(size, sizeof *map);
	char name[16];

	free(t->title);
	free(t->note);
	t->title = one >= 0 ? xasprintf("%s[%d]", l->name, one) : f->rows ? xasprintf("%s: weights of %d units",
	    l->name, f->count) : xasprintf("%s: %d %s of %dx%d", l->name, f->count, l->out.rank == 3 ? "filters" :
	    "units", f->height, f->width);
	t->note = filters_note(f, one, shown, all);
	ui_string(&t->scale.label, "weight");
	if (f->rows)
		filters_rows(f, one >= 0 ? one : 0, shown, t);
	for (int pass = 0; pass < 2 && !f->rows; pass++) /* the scale comes first */
		for (int k = 0; k < shown; k++) {
			filters_map(f, of_one ? one : k, of_one ? k : -1, map);
			if (pass == 0)
				ui_scale_fit(&t->scale, UI_MAP_SIGNED, map, size, 1);
			snprintf(name, sizeof name, "%d", k);
			if (pass == 1)
				ui_tiles_add_map(t, NULL, f->height, f->width, map, 1, name, NULL)->id = k;
		}
	free(map);
}

/* ---- activations ---- */

static void
layer_tiles(const struct activation *a, bool captions, struct ui_tiles *t)
{
	int channels = a->shape.rank == 3 ? a->shape.dim[2] : 1, h = a->shape.rank == 3 ? a->shape.dim[0] : 1,
	    w = a->shape.rank == 3 ? a->shape.dim[1] : a->shape.dim[0];
	size_t n = (size_t)h * (size_t)w;
	char name[16], top[32];

	ui_scale_fit(&t->scale, UI_MAP_NONE, a->value, n * (size_t)channels, 1);
	for (int c = 0; c < channels; c++) {
		struct ui_scale own = {.map = UI_MAP_NONE};

		ui_scale_fit(&own, UI_MAP_NONE, a->value + c, n, (size_t)channels);
		snprintf(name, sizeof name, "%d", c);
		snprintf(top, sizeof top, "%s%.2g", own.map == UI_MAP_SIGNED ? "±" : "", own.high);
		ui_tiles_add_map(t, NULL, h, w, a->value + c, (size_t)channels, captions && channels > 1 ? name : NULL,
		    captions && channels > 1 ? top : NULL)->id = c;
	}
}

static char *
layer_shape(const struct nn_shape *shape)
{
	return shape->rank == 3 ? xasprintf("%dx%dx%d", shape->dim[0], shape->dim[1], shape->dim[2]) :
	    xasprintf("%d", shape->dim[0]);
}

void
maps_layer(const struct session *s, const struct image *im, const struct activation *a, struct ui_tiles *t)
{
	const struct nn_layer *l = nn_net_layer(s->model.net, a->layer);
	char *shape = layer_shape(&a->shape);

	free(t->title);
	free(t->note);
	t->title = xasprintf("%s of %s", l->name, im->name);
	t->note = a->shape.rank == 3 ? xasprintf("%s; below each its channel and largest value", shape) :
	    xasprintf("%s units in a row", shape);
	ui_string(&t->brief, shape);
	ui_string(&t->scale.label, "output");
	layer_tiles(a, true, t);
	free(shape);
}

static void
probabilities(const struct session *s, const struct image *im, const struct activations *a, struct ui_strip *strip)
{
	char label[16], value[32];

	for (int u = 0; u < nn_net_classes(s->model.net); u++) {
		int digit = sheet_digit(s, u);
		bool wrong = im->label >= 0 && sheet_names(s) != NULL && digit != im->label;

		snprintf(label, sizeof label, digit >= 0 ? "%d" : "#%d", digit >= 0 ? digit : u);
		num_fixed(value, a->p[u], 3);
		ui_strip_bar(strip, label, value, a->p[u], u != a->predicted ? 0 : wrong ? -1 : 1);
	}
}

/* Whether a layer changes nothing: what it puts out is what it was given. */
static bool
same(const struct nn_layer *l)
{
	const char *kind = nn_layer_kind_name(l);

	return strcmp(kind, "flatten") == 0 || strcmp(kind, "dropout") == 0;
}

void
maps_layers(const struct session *s, const struct image *im, const struct activations *a, struct ui_strips *out)
{
	char label[32] = "";

	if (im->label >= 0)
		snprintf(label, sizeof label, "  label %d", im->label);
	free(out->title);
	free(out->note);
	out->title = xasprintf("activations of %s%s", im->name, label);
	out->note = xstrdup("each layer on its own scale");
	for (int i = 0; i < a->n; i++) {
		const struct nn_layer *l = nn_net_layer(s->model.net, a->at[i].layer);
		char *shape = layer_shape(&a->at[i].shape);
		struct ui_strip *strip = ui_strips_add(out, l->name, same(l) ? "as above" : shape,
		    l->params > 0 && !l->trainable);

		free(shape);
		if (i == nn_net_count(s->model.net) - 1)
			probabilities(s, im, a, strip);
		else if (!same(l))
			layer_tiles(&a->at[i], false, &strip->tiles);
	}
}

/* ---- differences ---- */

/* The change of a kernel; NULL: the layer has none. */
static bool
diff_kernel(const struct nn_net *net, int layer, float *const w[2], struct filters *f)
{
	const struct nn_tensor *t = &nn_net_layer(net, layer)->tensor[0];
	struct err ignored = {0};

	if (filters_room(net, layer, f, &ignored) < 0)
		return false;
	for (size_t i = 0; i < t->count; i++)
		f->kernel[i] = w[1][t->offset + i] - w[0][t->offset + i];
	return true;
}

static void
diff_tiles(const struct filters *f, const struct ui_scale *scale, struct ui_tiles *t)
{
	float *map = xcalloc((size_t)f->height * (size_t)f->width, sizeof *map);

	for (int k = 0; k < f->count && !f->rows; k++) {
		filters_peak(f, k, map);
		ui_tiles_add_map(t, scale, f->height, f->width, map, 1, NULL, NULL);
	}
	free(map);
	if (f->rows) {
		map = xcalloc((size_t)f->count * (size_t)f->width, sizeof *map);
		for (int k = 0; k < f->count; k++)
			filters_peak(f, k, map + (size_t)k * (size_t)f->width);
		ui_tiles_add_map(t, scale, f->count, f->width, map, 1, NULL, NULL);
		free(map);
	}
}

#define DIFF_OWN 0.1 /* of the largest change: a layer that moved less has a scale of its own, else it is grey */

void
maps_diff(const struct session *s, float *const w[2], const bool *pick, const struct layer_diff *d,
    struct ui_strips *out)
{
	struct ui_scale scale = {.map = UI_MAP_SIGNED};
	char changed[32], all[32], number[32];
	bool owned = false;

	for (int i = 0; i < nn_net_count(s->model.net); i++)
		if (pick[i] && isfinite(d[i].max))
			scale.high = fmax(scale.high, d[i].max);
	scale.low = -scale.high;
	free(out->note);
	snprintf(number, sizeof number, "%.3g", scale.high);
	for (int i = 0; i < nn_net_count(s->model.net); i++) {
		const struct nn_layer *l = nn_net_layer(s->model.net, i);
		char *of = xasprintf("%s of %s", text_count(changed, d[i].changed), text_count(all, l->params));
		struct ui_strip *strip = pick[i] ? ui_strips_add(out, l->name, of, !l->trainable) : NULL;
		struct filters f;

		free(of);
		if (strip != NULL && d[i].changed == 0)
			ui_string(&strip->say, "bit-identical");
		else if (strip != NULL && diff_kernel(s->model.net, i, w, &f)) {
			bool own = isfinite(d[i].max) && d[i].max < scale.high * DIFF_OWN;
			double high = own ? d[i].max : scale.high;

			strip->tiles.scale = (struct ui_scale){.map = UI_MAP_SIGNED, .low = -high, .high = high};
			if (own)
				ui_string(&strip->tiles.scale.label, "own scale");
			owned |= own;
			diff_tiles(&f, &strip->tiles.scale, &strip->tiles);
			filters_free(&f);
		}
	}
	out->note = xasprintf("blue fell, orange rose, by up to %s%s", number, owned ? "; own scales where named" : "");
}
