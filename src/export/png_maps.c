/* png_maps.c: what the network holds, as pictures: filters, activations. */
#include "export/export.h"
#include "language/arg.h"
#include "look/picture.h"
#include "session/made.h"
#include "session/point.h"
#include "ui/figure.h"
#include "util/xmalloc.h"
#include "view/maps.h"

#include <stdlib.h>
#include <string.h>

/* ---- filters ---- */

static int
png_filters_write(struct session *s, struct export_request *r, FILE *out, struct err *e)
{
	const struct cmd_value *n = args_key(r->args, "n"), *v = r->n > 0 ? r->operand[0] : NULL;
	struct ui_tiles t = {0};
	struct ui_figure *f = NULL;
	struct filters kernel;
	int layer, one;

	if (r->n > 1)
		return export_unknown(r, r->operand[1], e);
	if (arg_layer(s, v, &layer, &one, e) < 0)
		return -1;
	if (filters_take(s, layer, &kernel, e) < 0)
		return v != NULL ? err_at(e, v) : -1;
	maps_filters(s, &kernel, one, n != NULL ? (int)n->integer : 32, &t);
	if ((f = export_figure(s, r, e)) != NULL)
		ui_figure_tiles(f, &t);
	ui_tiles_clear(&t);
	filters_free(&kernel);
	return f != NULL ? 0 : -1;
}

const struct exporter export_png_filters = {
	.format = "png",
	.figure = "filters",
	.operands = "[LAYER]",
	.keys = {&export_size, &export_theme, &export_n},
	.what = "the filters of a layer on one scale",
	.file = "thaw-filters.png",
	.write = png_filters_write,
};

/* ---- activations ---- */

struct chosen {
	const struct cmd_value *layer, *image;
	bool pick[NN_LAYERS_MAX];
};

static int
activations_operands(struct session *s, const struct export_request *r, struct chosen *c, struct err *e)
{
	int n = 0;

	for (int i = 0; i < r->n; i++) {
		const struct cmd_value *v = r->operand[i];

		if (c->image == NULL && arg_fits(s, &(struct arg){.type = ARG_IMAGE}, v->text, &(struct cmd_value){0},
		    e) > 0)
			c->image = v;
		else if (c->layer != NULL)
			return export_unknown(r, v, e);
		else if (arg_pick_layers(s, c->layer = v, c->pick, e) < 0)
			return -1;
	}
	for (int i = 0; i < NN_LAYERS_MAX; i++)
		n += c->pick[i];
	return n <= 1 ? 0 : fail_at(e, c->layer, "%.40s is more than one layer; name one, or leave it out for all",
	    c->layer->text);
}

static void
activations_draw(const struct session *s, const struct image *im, const struct activations *a, bool all,
    struct ui_figure *f)
{
	struct ui_strips strips = {0};
	struct ui_tiles tiles = {0};

	if (all) {
		maps_layers(s, im, a, &strips);
		ui_figure_strips(f, &strips);
	} else {
		maps_layer(s, im, &a->at[0], &tiles);
		ui_figure_tiles(f, &tiles);
	}
	ui_strips_clear(&strips);
	ui_tiles_clear(&tiles);
}

static int
png_activations_write(struct session *s, struct export_request *r, FILE *out, struct err *e)
{
	struct chosen c = {0};
	struct activations a;
	struct ui_figure *f = NULL;
	struct image *im;

	if (session_net(s, e) == NULL || activations_operands(s, r, &c, e) < 0)
		return -1;
	if ((im = picture_get(s, c.image != NULL ? c.image->text : NULL, e)) == NULL)
		return c.image != NULL ? err_at(e, c.image) : -1;
	if (activations_make(s, im, c.layer != NULL ? c.pick : NULL, &a, e) == 0) {
		if ((f = export_figure(s, r, e)) != NULL)
			activations_draw(s, im, &a, c.layer == NULL, f);
		activations_free(&a);
	}
	image_free(im);
	return f != NULL ? 0 : -1;
}

const struct exporter export_png_activations = {
	.format = "png",
	.figure = "activations",
	.operands = "[LAYER] [IMAGE]",
	.keys = {&export_size, &export_theme},
	.what = "what each layer makes of one picture",
	.file = "thaw-activations.png",
	.write = png_activations_write,
};

/* ---- diff ---- */

/* What is compared: what the operands name, as those of the command do; without any what the last diff was of. */
struct moved {
	const char *point[2]; /* NULL: left out */
	bool pick[NN_LAYERS_MAX];
};

static int
moved_operands(struct session *s, const struct export_request *r, struct moved *m, struct err *e)
{
	const struct looked *looked = &s->runs.results.looked;
	bool layers = false;
	int points = 0;

	if (session_net(s, e) == NULL)
		return -1;
	for (int i = 0; i < r->n; i++) {
		const struct cmd_value *v = r->operand[i];

		bool point = arg_fits(s, &(struct arg){.type = ARG_POINT}, v->text, &(struct cmd_value){0}, e) > 0;

		if (point && points < 2 && !layers)
			m->point[points++] = v->text;
		else if (layers || points == 2)
			return export_unknown(r, v, e);
		else if (arg_pick_layers(s, v, m->pick, e) < 0)
			return -1;
		else
			layers = true;
	}
	if (r->n == 0 && looked->moved.made) {
		m->point[0] = looked->moved.point[0];
		m->point[1] = looked->moved.point[1];
		memcpy(m->pick, looked->moved.pick, sizeof m->pick);
	} else if (!layers)
		memset(m->pick, true, sizeof m->pick);
	return 0;
}

static int
png_diff_write(struct session *s, struct export_request *r, FILE *out, struct err *e)
{
	struct layer_diff *d = xcalloc(NN_LAYERS_MAX, sizeof *d);
	struct moved m = {0};
	struct ui_strips strips = {0};
	struct ui_figure *f = NULL;
	float *w[2] = {NULL, NULL};
	int rc = moved_operands(s, r, &m, e) < 0 ? -1 : diff_points(s, m.point[0], m.point[1], w, e);

	for (int i = 0; rc == 0 && i < nn_net_count(s->model.net); i++)
		if ((m.pick[i] = m.pick[i] && nn_net_layer(s->model.net, i)->params > 0))
			diff_layer(nn_net_layer(s->model.net, i), w[0], w[1], &d[i]);
	if (rc == 0 && (f = export_figure(s, r, e)) != NULL) {
		char *from = point_said(s, m.point[0], true), *to = point_said(s, m.point[1], false);

		maps_diff(s, w, m.pick, d, &strips);
		strips.title = xasprintf("what moved: %s to %s", from, to);
		free(from);
		free(to);
		ui_figure_strips(f, &strips);
	}
	ui_strips_clear(&strips);
	free(w[0]);
	free(w[1]);
	free(d);
	return f != NULL ? 0 : -1;
}

const struct exporter export_png_diff = {
	.format = "png",
	.figure = "diff",
	.operands = "[A [B]] [LAYERS]",
	.keys = {&export_size, &export_theme},
	.what = "what moved between two points, and what did not; without operands what the last `diff` showed",
	.file = "thaw-diff.png",
	.write = png_diff_write,
};
