/* grids.c: what the network holds, as pictures and as numbers: filters, activations. */
#include "commands/tiled.h"
#include "language/arg.h"
#include "look/picture.h"
#include "session/made.h"
#include "util/row.h"
#include "view/maps.h"

#include <stdlib.h>
#include <string.h>

/* The panes of the workbench that follow a run show the same from here on. */
static void
grids_live(struct session *s, int layer, const struct image *im)
{
	if (s->user.host != NULL && s->user.host->inside != NULL)
		s->user.host->inside(s->user.host_arg, layer, im);
}

/* Nested lists of the values [dim[0]]...[dim[rank - 1]], which lie with these strides. */
static json_t *
grids_values(const float *v, int rank, const int *dim, const size_t *stride)
{
	json_t *list = json_array();

	for (int i = 0; i < dim[0]; i++)
		json_array_append_new(list, rank == 1 ? out_num_float(v[(size_t)i * stride[0]]) :
		    grids_values(v + (size_t)i * stride[0], rank - 1, dim + 1, stride + 1));
	return list;
}

/* ---- filters ---- */

/* Keras' layout, of the first n or of one. */
static void
filters_event(struct session *s, const struct filters *f, int one, int n)
{
	const struct nn_layer *l = nn_net_layer(s->model.net, f->layer);
	int rank = l->tensor[0].rank, dim[4];
	size_t stride[4] = {0};

	memcpy(dim, l->tensor[0].dim, sizeof dim);
	stride[rank - 1] = 1;
	for (int i = rank - 2; i >= 0; i--)
		stride[i] = stride[i + 1] * (size_t)dim[i + 1];
	dim[rank - 1] = one >= 0 ? 1 : n < f->count ? n : f->count;
	out_event(s->out, row_json(s->out, "filters", (const struct row_cell[]){
		{"layer", ROW_TEXT, .s = l->name},
		{"shape", ROW_JSON, .json = out_shape(rank, dim)},
		{"trainable", ROW_BOOL, .n = l->trainable},
		{"first", ROW_INT, .n = one >= 0 ? one : 0},
		{"count", ROW_INT, .n = f->count},
		{"values", ROW_JSON, .json = grids_values(f->kernel + (one >= 0 ? one : 0), rank, dim, stride)}, {0}}));
}

static void
filters_csv(struct session *s, const struct filters *f, int one, int most)
{
	const char *layer = nn_net_layer(s->model.net, f->layer)->name;
	int from = one >= 0 ? one : 0, end = one >= 0 ? one + 1 : most < f->count ? most : f->count;
	const float *v = f->kernel;

	int n = f->height * f->width * f->channels;

	for (int i = 0; i < n; i++, v += f->count)
		for (int k = from; k < end; k++)
			row_part(s->out, "filters", i == 0 && k == from, (const struct row_cell[]){
				{"layer", ROW_TEXT, .s = layer},
				{"filter", ROW_INT, .n = k},
				{"y", ROW_INT, .n = i / f->channels / f->width},
				{"x", ROW_INT, .n = i / f->channels % f->width},
				{"channel", ROW_INT, .n = i % f->channels},
				{"weight", ROW_FLOAT, .x = v[k]}, {0}});
}

static int
filters_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *v = args_pos(a, "LAYER"), *key = args_key(a, "n");
	int layer, one, n = key != NULL ? (int)key->integer : 32;
	struct ui_tiles t = {0};
	struct filters f;

	if (arg_layer(s, v, &layer, &one, e) < 0)
		return -1;
	if (filters_take(s, layer, &f, e) < 0)
		return v != NULL ? err_at(e, v) : -1;
	if (s->out->mode == OUT_JSON)
		filters_event(s, &f, one, n);
	else if (s->out->mode == OUT_CSV)
		filters_csv(s, &f, one, n);
	maps_filters(s, &f, one, n, &t);
	tiled_show(s, &t);
	grids_live(s, layer, NULL);
	filters_free(&f);
	return 0;
}

const struct cmd cmd_filters = {
	.name = "filters",
	.group = "look",
	.what = "the filters of a layer, as small pictures on one scale",
	.text = "A convolution's filters, each as what it looks for: orange where it wants its input large, blue where "
	    "it wants it small, no colour where it does not care; blocks and dashes without colours. Where they read "
	    "several channels, their mean; conv2d_1[5] shows what filter 5 has for each channel. A unit of a dense "
	    "layer behind `flatten` is laid out as the picture that was flattened; other dense layers have a row for "
	    "each unit. `export png filters` draws them larger.",
	.keras = "model.get_layer(\"conv2d\").kernel",
	.example = "filters conv2d; filters conv2d_1[5]; filters dense_1",
	.arg = {{.name = "LAYER", .type = ARG_UNIT,
		.what = "one that has filters; in brackets one of them: conv2d_1[5]; left out: the first one"}},
	.key = {{.name = "n", .type = ARG_INT, .min = 1, .max = 10000, .what = "filters at most (32)"}},
	.when = CMD_NOW,
	.exec = filters_exec,
};

/* ---- activations ---- */

static void
activations_event(struct session *s, const struct image *im, const struct activation *a)
{
	const struct nn_layer *l = nn_net_layer(s->model.net, a->layer);
	size_t stride[3] = {1, 1, 1};

	for (int i = a->shape.rank - 2; i >= 0; i--)
		stride[i] = stride[i + 1] * (size_t)a->shape.dim[i + 1];
	out_event(s->out, row_json(s->out, "activations", (const struct row_cell[]){
		{"image", ROW_TEXT, .s = im->name},
		{"label", ROW_INT, .unknown = im->label < 0, .n = im->label},
		{"layer", ROW_TEXT, .s = l->name},
		{"trainable", ROW_BOOL, .n = l->trainable},
		{"shape", ROW_JSON, .json = out_shape(a->shape.rank, a->shape.dim)},
		{"values", ROW_JSON, .json = grids_values(a->value, a->shape.rank, a->shape.dim, stride)}, {0}}));
}

static void
activations_csv(struct session *s, const struct image *im, const struct activation *a, bool head)
{
	const char *layer = nn_net_layer(s->model.net, a->layer)->name;
	bool picture = a->shape.rank == 3;
	int channels = a->shape.dim[a->shape.rank - 1], w = picture ? a->shape.dim[1] : 1;
	size_t n = nn_shape_size(a->shape);

	for (size_t i = 0; i < n; i++) {
		int place = (int)(i / (size_t)channels);

		row_part(s->out, "activations", head && i == 0, (const struct row_cell[]){
			{"image", ROW_TEXT, .s = im->name},
			{"layer", ROW_TEXT, .s = layer},
			{"y", ROW_INT, .unknown = !picture, .n = place / w},
			{"x", ROW_INT, .unknown = !picture, .n = place % w},
			{"channel", ROW_INT, .n = (int)(i % (size_t)channels)},
			{"value", ROW_FLOAT, .x = a->value[i]}, {0}});
	}
}

static void
activations_show(struct session *s, const struct image *im, const struct activations *a, bool all)
{
	struct ui_strips strips = {0};
	struct ui_tiles tiles = {0};

	for (int i = 0; i < a->n && s->out->mode == OUT_JSON; i++)
		activations_event(s, im, &a->at[i]);
	for (int i = 0; i < a->n && s->out->mode == OUT_CSV; i++)
		activations_csv(s, im, &a->at[i], i == 0);
	if (all)
		maps_layers(s, im, a, &strips);
	else
		maps_layer(s, im, &a->at[0], &tiles);
	if (all)
		tiled_strips(s, &strips);
	else
		tiled_show(s, &tiles);
}

static int
activations_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *layer = args_pos(a, "LAYER"), *image = args_pos(a, "IMAGE");
	bool pick[NN_LAYERS_MAX] = {false};
	struct activations got;
	struct image *im;
	int n = 0, rc;

	if (session_net(s, e) == NULL || (layer != NULL && arg_pick_layers(s, layer, pick, e) < 0))
		return -1;
	for (int i = 0; i < NN_LAYERS_MAX; i++)
		n += pick[i];
	if (n > 1)
		return fail_at(e, layer, "%.40s is more than one layer; name one, or leave it out for all",
		    layer->text);
	if ((im = picture_get(s, image != NULL ? image->text : NULL, e)) == NULL)
		return image != NULL ? err_at(e, image) : -1;
	if ((rc = activations_make(s, im, layer != NULL ? pick : NULL, &got, e)) == 0) {
		activations_show(s, im, &got, layer == NULL);
		grids_live(s, layer != NULL ? got.at[0].layer : -1, im);
		data_remember(&s->data, im);
		activations_free(&got);
	}
	image_free(im);
	return rc;
}

const struct cmd cmd_activations = {
	.name = "activations",
	.group = "look",
	.what = "one picture on its way through the network: what each layer makes of it",
	.text = "Without a layer all of them below one another, each on its own scale, down to the probabilities; as "
	    "many channels as fit, in their order, so that a place stays the same filter. The mark of frozen layers "
	    "is that of `model`. With a layer all of its channels on one scale, each with its number and its largest "
	    "value. Dropout does nothing here, as in `predict`. `export png activations` draws them larger.",
	.keras = "keras.Model(model.input, [l.output for l in model.layers])(x_test[:1])",
	.example = "activations test:0; activations conv2d_1 test:0",
	.arg = {{.name = "LAYER", .type = ARG_LAYERS, .what = "one layer; left out: all of them"},
		{.name = "IMAGE", .type = ARG_IMAGE, .what = "test:IDX, train:IDX, last or FILE.png; left out: the "
		"last, else test:0"}},
	.when = CMD_NOW,
	.exec = activations_exec,
};
