/* probe.c: how well simple readers tell the classes from each layer's output: probe. */
#include "export/pages.h"
#include "language/arg.h"
#include "look/probe.h"
#include "session/made.h"
#include "train/task.h"
#include "util/num.h"
#include "util/row.h"
#include "util/text.h"
#include "util/xmalloc.h"
#include "view/probe_view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void
probe_release(void *arg)
{
	probe_free(arg);
	free(arg);
}

static int
probe_task(struct session *s, void *arg, struct err *e)
{
	return probe_work(s, arg, e);
}

/* The layer of a row, or NULL for the pixels, with the shape of what it puts out. */
static const struct nn_layer *
probe_layer(const struct session *s, const struct probe_row *r, char shape[48])
{
	const struct nn_layer *l = r->layer >= 0 ? nn_net_layer(s->model.net, r->layer) : NULL;
	struct nn_shape out = l != NULL ? l->out : nn_net_input(s->model.net);

	model_shape_text(shape, out.rank, out.dim);
	return l;
}

/* Widens the columns of the layers' names and of the shapes. */
static void
probe_fit(const struct session *s, const struct probe *x, int width[2])
{
	char shape[48];

	for (int i = 0; i < x->n; i++) {
		const struct nn_layer *l = probe_layer(s, &x->row[i], shape);
		int name = l != NULL ? (int)strlen(l->name) : 0, out = (int)strlen(shape);

		width[0] = name > width[0] ? name : width[0];
		width[1] = out > width[1] ? out : width[1];
	}
}

static void
probe_print(struct session *s, const struct probe *x, int i, const int width[2])
{
	const struct probe_row *r = &x->row[i];
	char text[48];
	const struct nn_layer *l = probe_layer(s, r, text);
	struct looked *looked = &s->runs.results.looked;
	double n = (double)x->test.set.count;
	const char *trains = l == NULL || l->params == 0 ? "-" : l->trainable ? "Y" : "N";

	if (l != NULL) {
		looked->probed[r->layer] = r->finite;
		looked->linear[r->layer] = (double)r->linear / n;
		looked->knn[r->layer] = (double)r->near / n;
	}
	if (i == 0)
		looked->readings.n = 0;
	looked->readings.split = x->split;
	looked->readings.asked = probe_rows(x);
	looked->readings.train = x->train.set.count;
	looked->readings.test = x->test.set.count;
	looked->readings.layer[looked->readings.n] = r->layer;
	looked->readings.linear[looked->readings.n] = r->finite ? (double)r->linear / n : NAN;
	looked->readings.knn[looked->readings.n++] = r->finite ? (double)r->near / n : NAN;
	row_print(s->out, "probe", i == 0, (const struct row_cell[]){
		{"split", ROW_TEXT, .s = x->split.name},
		{"layer", ROW_TEXT, -width[0], .s = l != NULL ? l->name : "input"},
		{"T", ROW_TEXT, -1, .in = ROW_IN_TEXT, .s = trains},
		{"output", ROW_TEXT, width[1], .in = ROW_IN_TEXT, .s = text},
		{"linear", ROW_REAL, 9, 4, .unknown = !r->finite, .x = (double)r->linear / n},
		{"knn", ROW_REAL, 9, 4, .unknown = !r->finite, .x = (double)r->near / n},
		{"n", ROW_INT, .n = (int64_t)x->test.set.count},
		{"train", ROW_INT, .n = (int64_t)x->train.set.count},
		{"lambda", ROW_REAL, .unknown = !r->finite, .x = r->lambda}, {0}});
}

/* The workbench has a pane for the rows, and the transcript has them as text. */
static bool
probe_paned(const struct session *s)
{
	return s->out->mode == OUT_TABLE && s->user.host != NULL && s->user.host->probed != NULL;
}

static void
probe_show(struct session *s)
{
	struct ui_estimates t = {0};

	probe_view(s, &t);
	pages_shown_estimates(s, &t);
	s->user.host->probed(s->user.host_arg, &t);
	ui_estimates_clear(&t);
}

static int
probe_done(struct session *s, void *arg, int rc, struct err *e)
{
	const struct probe *x = arg;
	bool wild = false, pane = probe_paned(s) && x->n > 0;
	struct out_sink sink;
	char n[32], m[32];
	int width[2] = {16, 9};

	probe_fit(s, x, width);
	if (x->n > 0)
		out_text(s->out, "share of the %s test images of %s told right from the outputs of a layer\nby ridge "
		    "regression (linear) and by the %d nearest (knn) of %s training images",
		    text_count(n, x->test.set.count), x->split.name, PROBE_NEAR, text_count(m, x->train.set.count));
	sink = pane ? out_hush(s->out) : s->out->sink;
	for (int i = 0; i < x->n; i++) {
		probe_print(s, x, i, width);
		wild |= !x->row[i].finite;
	}
	s->out->sink = sink;
	if (pane)
		probe_show(s);
	if (wild)
		out_note(s->out, "outputs that are NaN, infinite or too large to be squared cannot be read; `stats "
		    "activations` counts them");
	return rc == NN_STOPPED ? fail(e, "interrupted before the last layer; `probe %s LAYER` reads one",
	    x->split.name) : 0;
}

static int
probe_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *layers = args_pos(a, "LAYERS"), *n = args_key(a, "n");
	struct probe *x = xcalloc(1, sizeof *x);

	if (session_net(s, e) == NULL || arg_split(s, args_pos(a, "SPLIT"), &x->split, e) < 0 ||
	    (layers != NULL && arg_pick_layers(s, layers, x->pick, e) < 0) ||
	    probe_begin(s, x, n != NULL ? (size_t)n->integer : PROBE_TRAIN, e) < 0) {
		probe_release(x);
		return -1;
	}
	x->pixels = layers == NULL;
	for (int i = 0; layers == NULL && i < nn_net_count(s->model.net); i++)
		x->pick[i] = true;
	return task_start(s, "probe", &(struct task){probe_task, probe_done, probe_release, x, probe_images(x)}, e);
}

const struct cmd cmd_probe = {
	.name = "probe",
	.group = "look",
	.what = "how well a simple reader tells the digits from each layer's output",
	.text = "Two readers learn from the outputs of a layer for 1,000 training images of the split, and are tried "
	    "on all its test images. linear: ridge regression to one-hot labels, whose lambda is 0.01 times the mean "
	    "squared length of the training outputs, their mean taken out. knn: the 15 nearest by Euclid's distance, "
	    "of equals the first. `input` is the pixels themselves. Weights do not change, and the head is not asked: "
	    "a layer that is read better than the one before it has made the digits easier to tell, be it for the "
	    "split that it was trained on or for another one. Dropout is off: dropout and flatten hand on what they "
	    "get. In the workbench they are a pane, where a disc is linear and a ring knn.",
	.keras = "sklearn.linear_model.RidgeClassifier().fit(features, y_train)",
	.example = "probe lt5 head n=200",
	.arg = {{.name = "SPLIT", .type = ARG_SPLIT, .what = "which digits; left out: the split last trained, else "
	    "gte5"},
		{.name = "LAYERS", .type = ARG_LAYERS, .what = "left out: all, and the pixels"}},
	.key = {{.name = "n", .type = ARG_INT, .min = 10, .max = NN_READERS_MAX, .what = "training images to "
	    "learn from (1000), spread evenly over the split's"}},
	.when = CMD_WAITS,
	.exec = probe_exec,
};
