/* saliency.c: which pixels matter to what the model says of a picture: saliency, gradcam, occlude. */
#include "look/saliency.h"

#include "commands/sheets.h"
#include "commands/tiled.h"
#include "language/ask.h"
#include "look/picture.h"
#include "look/sheet.h"
#include "session/made.h"
#include "train/task.h"
#include "util/row.h"
#include "util/xmalloc.h"
#include "view/saliency_view.h"

#include <math.h>
#include <stdlib.h>

#define SALIENCY_LONG 2048 /* pictures that are evaluated while the screen waits */

static const char *const saliency_names[] = {"saliency", "gradcam", "occlude"};

struct look_at {
	struct image *image;
	struct saliency_request ask;
	struct saliency found;
};

static void
saliency_release(void *arg)
{
	struct look_at *x = arg;

	image_free(x->image);
	saliency_free(&x->found);
	free(x);
}

static int
saliency_work(struct session *s, void *arg, struct err *e)
{
	struct look_at *x = arg;

	return saliency_make(s, x->image, &x->ask, &x->found, e);
}

/* ---- for programs ---- */

/* [[...], ...] of [height][width][each]; each 1: numbers, else lists of them */
static json_t *
saliency_array(const float *v, int height, int width, int each)
{
	json_t *rows = json_array();

	for (int y = 0; y < height; y++) {
		json_t *row = json_array();

		for (int x = 0; x < width; x++, v += each) {
			json_t *all = each > 1 ? json_array() : NULL;

			for (int k = 0; k < each && each > 1; k++)
				json_array_append_new(all, out_num_float(v[k]));
			json_array_append_new(row, each > 1 ? all : out_num_float(*v));
		}
		json_array_append_new(rows, row);
	}
	return rows;
}

static void
saliency_event(struct session *s, const struct look_at *x)
{
	const struct saliency *f = &x->found;
	enum saliency_kind kind = f->ask.kind;
	bool named = sheet_names(s) != NULL && sheet_names(s)->named != 0;
	char name[CLASS_TEXT];
	int digit = sheet_digit(s, f->ask.unit), predicted = sheet_digit(s, f->predicted);
	json_t *channels = f->channel != NULL ? saliency_array(f->channel, f->height, f->width, f->channels) : NULL;
	json_t *raw = f->raw != NULL ? out_pack("{s:o,s:o}", "shape", out_shape(2, (int[]){f->rows, f->cols}), "values",
	    saliency_array(f->raw, f->rows, f->cols, 1)) : NULL;

	out_event(s->out, row_json(s->out, saliency_names[kind], (const struct row_cell[]){
		{"image", ROW_TEXT, .s = x->image->name},
		{"label", ROW_INT, .unknown = x->image->label < 0, .n = x->image->label},
		{"class", ROW_INT, .n = digit >= 0 ? digit : f->ask.unit},
		{"class_name", ROW_TEXT, .off = !named || digit < 0, .s = sheet_class(s, digit, sheet_cols(s), name)},
		{"names", ROW_TEXT, .s = digit < 0 ? "units" : named ? "classes" : "digits"},
		{"unit", ROW_INT, .n = f->ask.unit},
		{"predicted", ROW_INT, .n = predicted >= 0 ? predicted : f->predicted},
		{"probability", ROW_FLOAT, .x = f->p},
		{"layer", ROW_TEXT, .off = kind != SALIENCY_GRADCAM,
		    .s = kind == SALIENCY_GRADCAM ? nn_net_layer(s->model.net, f->ask.layer)->name : NULL},
		{"size", ROW_INT, .off = kind != SALIENCY_OCCLUDE, .n = f->ask.size},
		{"stride", ROW_INT, .off = kind != SALIENCY_OCCLUDE, .n = f->ask.stride},
		{"shape", ROW_JSON, .json = out_shape(2, (int[]){f->height, f->width})},
		{"values", ROW_JSON, .json = saliency_array(f->map, f->height, f->width, 1)},
		{"channels", ROW_JSON, .off = channels == NULL, .json = channels},
		{"raw", ROW_JSON, .off = raw == NULL, .json = raw}, {0}}));
}

static void
saliency_csv(struct session *s, const struct look_at *x)
{
	const struct saliency *f = &x->found;
	int digit = sheet_digit(s, f->ask.unit);

	for (int i = 0; i < f->height * f->width; i++)
		row_part(s->out, saliency_names[f->ask.kind], i == 0, (const struct row_cell[]){
			{"image", ROW_TEXT, .s = x->image->name},
			{"class", ROW_INT, .n = digit >= 0 ? digit : f->ask.unit},
			{"y", ROW_INT, .n = i / f->width},
			{"x", ROW_INT, .n = i % f->width},
			{"value", ROW_FLOAT, .x = f->map[i]}, {0}});
}

/* ---- for people ---- */

/* Where the map is largest and smallest, as explain takes places. */
static void
saliency_ends(struct session *s, const struct saliency *f)
{
	int n = f->height * f->width, high = -1, low = -1;

	for (int i = 0; i < n; i++) {
		if (!isfinite(f->map[i]))
			continue;
		high = high < 0 || f->map[i] > f->map[high] ? i : high;
		low = low < 0 || f->map[i] < f->map[low] ? i : low;
	}
	s->runs.results.looked.mapped = high >= 0;
	s->runs.results.looked.largest = high >= 0 ? (double)f->map[high] : 0;
	if (high >= 0)
		out_text(s->out, "largest %.3g at %d,%d (row,column)  smallest %.3g at %d,%d", (double)f->map[high],
		    high / f->width, high % f->width, (double)f->map[low], low / f->width, low % f->width);
}

/* What is said of values that a picture shows badly. */
static void
saliency_notes(struct session *s, const struct look_at *x)
{
	const struct saliency *f = &x->found;
	int n = f->height * f->width, none = 0, zero = 0, against = 0;
	char name[CLASS_TEXT];

	for (int i = 0; i < n; i++) {
		none += !isfinite(f->map[i]);
		zero += f->map[i] == 0;
		against += f->map[i] < 0;
	}
	if (none > 0 || !isfinite(f->p))
		out_note(s->out, "the probability is %s, and %d of %d values of the map are no numbers: some weights "
		    "are not finite; `stats` shows in which layer, `reset` or `load` brings others",
		    isfinite(f->p) ? "a number" : "no number", none, n);
	else if (zero == n)
		out_note(s->out, "%s", f->ask.kind == SALIENCY_OCCLUDE ? "the probability stays the same wherever the "
		    "square lies" : "the map is zero everywhere: each way from there to this unit leads through a relu "
		    "that is closed");
	else if (f->ask.kind == SALIENCY_GRADCAM && zero + against == n)
		out_note(s->out, "the map is nowhere above zero: the means of the gradients over each channel, by "
		    "which it is weighted, name no place that speaks for %s, whatever its probability; `occlude` shows "
		    "what that rests on", sheet_unit(s, f->ask.unit, false, name));
	if (sheet_names(s) == NULL)
		out_note(s->out, "the head has not been trained in this session: nothing says which %s its units "
		    "stand for", class_named(s->data.set) ? "classes" : "digits");
	sheets_made(s, x->image);
}

static int
saliency_done(struct session *s, void *arg, int rc, struct err *e)
{
	struct look_at *x = arg;
	struct ui_tiles tiles = {0};

	if (rc < 0)
		return -1;
	data_remember(&s->data, x->image);
	saliency_view_tiles(s, x->image, &x->found, s->user.host != NULL && s->user.host->tiled != NULL, &tiles);
	tiled_show(s, &tiles);
	saliency_ends(s, &x->found);
	saliency_notes(s, x);
	if (s->out->mode == OUT_CSV)
		saliency_csv(s, x);
	else if (s->out->mode == OUT_JSON)
		saliency_event(s, x);
	return 0;
}

/* ---- the commands ---- */

static int
saliency_start(struct session *s, const struct cmd_args *a, enum saliency_kind kind, struct err *e)
{
	const struct cmd_value *v = args_pos(a, "IMAGE");
	struct look_at *x = xcalloc(1, sizeof *x);
	int rc;

	x->image = picture_get(s, v != NULL ? v->text : NULL, e);
	if (x->image == NULL || ask_saliency(s, a, kind, &x->ask, e) < 0) {
		if (x->image == NULL && v != NULL)
			err_at(e, v);
		saliency_release(x);
		return -1;
	}
	if (kind == SALIENCY_OCCLUDE && s->worker.job == NULL &&
	    saliency_positions(x->image->shape, &x->ask) > SALIENCY_LONG)
		return task_start(s, saliency_names[kind], &(struct task){saliency_work, saliency_done,
		    saliency_release, x, saliency_positions(x->image->shape, &x->ask)}, e);
	if ((rc = saliency_work(s, x, e)) == 0)
		rc = saliency_done(s, x, 0, e);
	saliency_release(x);
	return rc;
}

static int
saliency_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	return saliency_start(s, a, SALIENCY_GRADIENT, e);
}

const struct cmd cmd_saliency = {
	.name = "saliency",
	.group = "look",
	.what = "which pixels matter to what is predicted of a picture: the gradient by each pixel",
	.text = "How much the logit of a digit (the sum that softmax gets) would gain for each pixel that became "
	    "brighter, where 1 is from black to white: above zero ink speaks for the digit, below zero against it. "
	    "Without dropout, and just as well where layers are frozen. Of a picture in colour the map is the sum of "
	    "its channels, and JSON has them one by one, too. Places are row,column from 0 at the top left.",
	.keras = "tape.gradient(logit, image)",
	.example = "saliency test:0",
	.arg = {{.name = "IMAGE", .type = ARG_IMAGE, .what = "test:IDX, train:IDX, last or FILE.png; left out: the "
	    "last, else test:0"}},
	.key = {ASK_CLASS, ASK_UNIT},
	.when = CMD_NOW,
	.exec = saliency_exec,
};

static int
gradcam_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	return saliency_start(s, a, SALIENCY_GRADCAM, e);
}

const struct cmd cmd_gradcam = {
	.name = "gradcam",
	.group = "look",
	.what = "where the last convolution sees what speaks for a digit (Grad-CAM)",
	.text = "Each channel of the layer is weighted by the mean of the gradient of the digit's logit over its "
	    "places; the map is their sum, and is scaled up to the picture (bilinear). The paper keeps what is above "
	    "zero alone; here what speaks against the digit is shown as well, below zero. Pictures of it (the "
	    "workbench's, `export png gradcam`) have beside it the map as it was computed, in the layer's size, on the "
	    "same scale. The layer is the activation behind the last convolution, before it is pooled, unless layer= "
	    "names another one that gives a picture. Places are row,column from 0 at the top left.\n"
	    "It shows where a digit is seen, and two digits often light up the same strokes: of why it is the one and "
	    "not the other, `occlude IMAGE class=C` or `explain` says more.",
	.keras = "keras.io/examples/vision/grad_cam",
	.example = "gradcam test:0",
	.arg = {{.name = "IMAGE", .type = ARG_IMAGE, .what = "test:IDX, train:IDX, last or FILE.png; left out: the "
	    "last, else test:0"}},
	.key = {ASK_CLASS, ASK_UNIT, ASK_LAYER},
	.when = CMD_NOW,
	.exec = gradcam_exec,
};

static int
occlude_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	return saliency_start(s, a, SALIENCY_OCCLUDE, e);
}

const struct cmd cmd_occlude = {
	.name = "occlude",
	.group = "look",
	.what = "which parts of a picture matter: how far a probability falls where a square hides them",
	.text = "A square that looks like the ground of the data is centred on each pixel in turn, cut at the rims. "
	    "The map has by how much the probability of the digit falls: above zero where what is hidden speaks for "
	    "the digit, below zero where it speaks against it. Places are row,column from 0 at the top left.",
	.example = "occlude test:0",
	.arg = {{.name = "IMAGE", .type = ARG_IMAGE, .what = "test:IDX, train:IDX, last or FILE.png; left out: the "
	    "last, else test:0"}},
	.key = {ASK_CLASS, ASK_UNIT, ASK_SQUARE("size"), ASK_SQUARE("square"), ASK_STRIDE},
	.when = CMD_NOW,
	.exec = occlude_exec,
};
