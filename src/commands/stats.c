/* stats.c: the tensors of the network as numbers and histograms: weights, activations, gradients. */
#include "language/arg.h"
#include "look/batch.h"
#include "look/figures.h"
#include "session/made.h"
#include "util/num.h"
#include "util/row.h"
#include "util/text.h"
#include "util/xmalloc.h"
#include "view/spark.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum stats_of { STATS_WEIGHTS, STATS_ACTIVATIONS, STATS_GRADIENTS };
static const char *const stats_words[] = {"weights", "activations", "grad", NULL};
static const char *const stats_names[] = {"weights", "activations", "gradients"};

#define STATS_IMAGES 128 /* whose activations are shown */
#define STATS_ROWS (NN_LAYERS_MAX * NN_TENSORS_MAX)

struct stats_row {
	int layer;
	const char *tensor; /* "kernel", "output" */
	struct figures f;
};

struct stats {
	enum stats_of of;
	bool pick[NN_LAYERS_MAX];
	const struct split *split; /* as typed; NULL: not */
	struct batch batch;
	double loss; /* of gradients: of the batch */
	int n;
	struct stats_row row[STATS_ROWS];
	bool nonfinite; /* some number is none */
	int merge; /* so many bins to a column of the histogram */
};

/* ---- the numbers, while the net stands still ---- */

static void
stats_add(struct stats *x, int layer, const char *tensor, const float *values, size_t n)
{
	struct stats_row *r = &x->row[x->n++];

	r->layer = layer;
	r->tensor = tensor;
	figures_of(&r->f, values, n);
}

/* Of a block of all parameters: weights or their gradients. */
static void
stats_block(struct session *s, struct stats *x, const float *block)
{
	for (int i = 0; i < nn_net_count(s->model.net); i++) {
		const struct nn_layer *l = nn_net_layer(s->model.net, i);

		for (int t = 0; t < l->ntensors && x->pick[i]; t++)
			stats_add(x, i, strchr(l->tensor[t].name, '.') != NULL ? strchr(l->tensor[t].name, '.') + 1 :
			    l->tensor[t].name, block + l->tensor[t].offset, l->tensor[t].count);
	}
}

static int
stats_batch(struct session *s, struct stats *x, struct err *e)
{
	if (x->of == STATS_GRADIENTS)
		return x->split == NULL ? batch_last(s, &x->batch, e) :
		    batch_first(s, x->split, true, (size_t)s->set.run.batch, &x->batch, e);
	return batch_first(s, x->split, false, STATS_IMAGES, &x->batch, e);
}

static int
stats_gradients(struct session *s, struct stats *x, struct err *e)
{
	float *grad = malloc(nn_net_params(s->model.net) * sizeof *grad);
	struct nn_err why;
	int rc = 0;

	if (grad == NULL)
		return fail(e, "not enough memory for the gradients of all weights; close other programs");
	if (nn_gradient(s->model.net, s->compute.engine, &x->batch.sel.set, &x->loss, grad, &why) < 0)
		rc = fail(e, "%s", why.text);
	else
		stats_block(s, x, grad);
	free(grad);
	return rc;
}

static int
stats_activations(struct session *s, struct stats *x, struct err *e)
{
	const struct nn_set *set = &x->batch.sel.set;
	struct nn_err why;
	int rc = 0;

	for (int i = 0; rc == 0 && i < nn_net_count(s->model.net); i++) {
		size_t n = set->count * nn_shape_size(nn_net_layer(s->model.net, i)->out);
		float *out = x->pick[i] ? malloc(n * sizeof *out) : NULL;

		if (!x->pick[i])
			continue;
		if (out == NULL)
			return fail(e, "not enough memory for the outputs of %s; name smaller layers",
			    nn_net_layer(s->model.net, i)->name);
		rc = nn_forward(s->model.net, s->compute.engine, set, i, out, &why);
		if (rc == 0)
			stats_add(x, i, "output", out, n);
		else
			fail(e, "%s", rc == NN_STOPPED ? "interrupted; run it again" : why.text);
		free(out);
	}
	return rc == 0 ? 0 : -1;
}

static int
stats_measure(struct session *s, void *arg, struct err *e)
{
	struct stats *x = arg;

	if (x->of == STATS_WEIGHTS) {
		stats_block(s, x, nn_net_weights(s->model.net));
		return 0;
	}
	if (stats_batch(s, x, e) < 0)
		return -1;
	return x->of == STATS_GRADIENTS ? stats_gradients(s, x, e) : stats_activations(s, x, e);
}

/* ---- what is said of them ---- */

static json_t *
stats_histogram(const struct figures *f)
{
	json_t *edges = json_array(), *counts = json_array();
	bool any = f->count > f->nonfinite;

	for (int b = 0; any && b <= FIGURES_BINS; b++)
		json_array_append_new(edges, out_num(f->edge[b]));
	for (int b = 0; any && b < FIGURES_BINS; b++)
		json_array_append_new(counts, json_integer((json_int_t)f->bin[b]));
	return out_pack("{s:o,s:o}", "edges", edges, "counts", counts);
}

static char *
stats_counts(const struct figures *f)
{
	struct str b = {0};

	str_add(&b, "%s", "");
	for (int i = 0; i < FIGURES_BINS; i++)
		str_add(&b, i > 0 ? " %llu" : "%llu", (unsigned long long)f->bin[i]);
	return b.s;
}

/* In three digits; "-" where there is none. */
static const char *
stats_short(char buf[32], double v)
{
	snprintf(buf, 32, isnan(v) ? "-" : "%.3g", v);
	return buf;
}

/* The cells of a line of text; spark has its histogram. */
#define STATS_CELLS 12

static void
stats_cells(const struct session *s, const struct stats *x, const struct stats_row *r,
    char text[5][32], const char *spark, struct row_cell row[STATS_CELLS])
{
	const struct nn_layer *l = nn_net_layer(s->model.net, r->layer);
	const struct figures *f = &r->f;
	double share = f->count > 0 ? (double)f->zeros / (double)f->count : 0;
	const struct row_cell cells[STATS_CELLS] = {
		{"layer", ROW_TEXT, -1, .s = l->name},
		{"tensor", ROW_TEXT, -1, .s = r->tensor},
		{"T", ROW_TEXT, -1, .s = l->params == 0 ? "-" : l->trainable ? "Y" : "N"},
		{"count", ROW_COUNT, 1, .n = (int64_t)f->count},
		{"NaN", ROW_COUNT, 1, .off = !x->nonfinite, .n = (int64_t)f->nonfinite},
		{"zero", ROW_TEXT, 1, .s = text[4]},
		{"mean", ROW_TEXT, 1, .s = stats_short(text[0], f->mean)},
		{"std", ROW_TEXT, 1, .s = stats_short(text[1], f->std)},
		{"min", ROW_TEXT, 1, .s = stats_short(text[2], f->min)},
		{"histogram", ROW_TEXT, -1, .s = spark},
		{"max", ROW_TEXT, -1, .s = stats_short(text[3], f->max)}, {0}};

	snprintf(text[4], sizeof text[4], "%.2f", share);
	memcpy(row, cells, sizeof cells);
}

/* How wide the columns are, and how many bins a column of the histogram has. */
static void
stats_fit(struct session *s, struct stats *x, int *width)
{
	struct row_cell row[STATS_CELLS];
	char text[5][32];
	int sum = 0, shown = 0, at = x->nonfinite ? 9 : 8;

	memset(width, 0, STATS_CELLS * sizeof *width);
	for (int i = 0; i < x->n; i++) {
		stats_cells(s, x, &x->row[i], text, "", row);
		row_fit(s->out, row, width);
	}
	width[at] = 0;
	for (int c = 0; c < STATS_CELLS; c++) {
		sum += width[c];
		shown += width[c] > 0;
	}
	x->merge = 1;
	while (x->merge < 4 && sum + shown + FIGURES_BINS / x->merge > s->out->width)
		x->merge *= 2;
	width[at] = FIGURES_BINS / x->merge;
}

static void
stats_table(struct session *s, struct stats *x)
{
	int width[STATS_CELLS];

	stats_fit(s, x, width);
	for (int i = 0; i < x->n; i++) {
		struct row_cell row[STATS_CELLS];
		char text[5][32], spark[3 * SPARK_MAX + 1];
		int *w = width;

		if (x->of == STATS_ACTIVATIONS && x->row[i].f.zeros > 0)
			x->row[i].f.bin[x->row[i].f.zero_bin] -= x->row[i].f.zeros;
		spark_text(spark, x->row[i].f.bin, FIGURES_BINS, x->merge, view_glyphs(s, UI_BLOCK));
		stats_cells(s, x, &x->row[i], text, spark, row);
		for (struct row_cell *c = row; c->kind != ROW_END; c++)
			if (!c->off)
				c->width *= *w++;
		if (i == 0)
			row_head(s->out, "stats", row);
		row_part(s->out, "stats", false, row);
	}
}

/* As CSV or JSON. */
static void
stats_program(struct session *s, const struct stats *x, int i)
{
	const struct stats_row *r = &x->row[i];
	const struct nn_layer *l = nn_net_layer(s->model.net, r->layer);
	const struct figures *f = &r->f;
	bool none = isnan(f->min), batch = x->of != STATS_WEIGHTS;
	char *counts = stats_counts(f);

	row_print(s->out, "stats", i == 0, (const struct row_cell[]){
		{"layer", ROW_TEXT, .s = l->name},
		{"tensor", ROW_TEXT, .s = r->tensor},
		{"of", ROW_TEXT, .s = stats_names[x->of]},
		{"images", ROW_TEXT, .in = ROW_IN_JSON, .off = !batch, .s = x->batch.text},
		{"trainable", ROW_BOOL, .unknown = l->params == 0, .n = l->trainable},
		{"count", ROW_INT, .n = (int64_t)f->count},
		{"min", ROW_FLOAT, .unknown = none, .x = f->min},
		{"max", ROW_FLOAT, .unknown = none, .x = f->max},
		{"mean", ROW_REAL, .unknown = none, .x = f->mean},
		{"std", ROW_REAL, .unknown = none, .x = f->std},
		{"zeros", ROW_INT, .n = (int64_t)f->zeros},
		{"nonfinite", ROW_INT, .n = (int64_t)f->nonfinite},
		{"counts", ROW_TEXT, .in = ROW_IN_CSV, .s = counts},
		{"histogram", ROW_JSON, .json = stats_histogram(f)}, {0}});
	free(counts);
}

static void
stats_print(struct session *s, struct stats *x)
{
	char loss[32];

	for (int i = 0; i < x->n; i++)
		x->nonfinite |= x->row[i].f.nonfinite > 0;
	if (x->of == STATS_ACTIVATIONS)
		out_text(s->out, "outputs without dropout, of %s; histogram: zeros left out", x->batch.text);
	if (x->of == STATS_GRADIENTS)
		out_text(s->out, "gradients of the mean loss without dropout, at the weights as they are: %s\nof %s",
		    num_fixed(loss, x->loss, 4), x->batch.text);
	if (s->out->mode == OUT_TABLE)
		stats_table(s, x);
	else
		for (int i = 0; i < x->n; i++)
			stats_program(s, x, i);
}

/* ---- the command ---- */

/* Which layers: those that were named, else all that have such tensors. */
static int
stats_pick(struct session *s, const struct cmd_args *a, struct stats *x, struct err *e)
{
	const struct cmd_value *v = args_pos(a, "LAYERS");
	struct nn_net *net = session_net(s, e);
	bool any = false;

	if (net == NULL || (v != NULL && arg_pick_layers(s, v, x->pick, e) < 0))
		return -1;
	for (int i = 0; i < nn_net_count(net); i++) {
		x->pick[i] |= v == NULL;
		any |= x->pick[i] && (x->of == STATS_ACTIVATIONS || nn_net_layer(net, i)->params > 0);
	}
	if (any)
		return 0;
	return v != NULL ? fail_at(e, v, "%.40s has no weights; `stats %.40s activations` shows what it puts out",
	    v->text, v->text) : fail(e, "the model has no weights; `stats activations` shows what its layers put out");
}

static int
stats_run(struct session *s, const struct cmd_args *a, struct stats *x, struct err *e)
{
	const struct cmd_value *v = args_pos(a, "SPLIT");
	struct split split;
	struct dataset *d;

	if (v != NULL && x->of == STATS_WEIGHTS)
		return fail_at(e, v, "weights are of no split; `stats activations %s` and `stats grad %s` are", v->text,
		    v->text);
	if (stats_pick(s, a, x, e) < 0 || arg_split(s, v, &split, e) < 0)
		return -1;
	if (v != NULL || x->of == STATS_ACTIVATIONS)
		x->split = &split;
	if (x->of != STATS_WEIGHTS && ((d = session_data(s, e)) == NULL || session_engine(s, e) == NULL ||
	    model_takes(s->model.net, d->test.images.shape, d->name, e) < 0))
		return -1;
	if (x->of == STATS_GRADIENTS && model_names(s->model.net, &split, e) < 0)
		return -1;
	if (job_call(&s->worker, stats_measure, s, x, e) < 0)
		return -1;
	stats_print(s, x);
	return 0;
}

static int
stats_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	struct stats *x = xcalloc(1, sizeof *x);
	int rc;

	if (args_word(a, "activations"))
		x->of = STATS_ACTIVATIONS;
	else if (args_word(a, "grad"))
		x->of = STATS_GRADIENTS;
	rc = stats_run(s, a, x, e);
	batch_free(&x->batch);
	free(x);
	return rc;
}

const struct cmd cmd_stats = {
	.name = "stats",
	.group = "look",
	.what = "weights, activations or gradients as numbers and histograms",
	.text = "A line a tensor: how many numbers, the share of zeros, mean, standard deviation, and between the "
	    "smallest and the largest their histogram (that of activations without the zeros). T: Y trains, N frozen, "
	    "- no parameters. Numbers that are none (NaN or infinite) are counted and left out of the rest. "
	    "`activations`: what the layers put out for the first 128 test images of the split. `grad`: of the mean "
	    "loss over the batch that the last run trained on last, or, where a split is named or nothing has been "
	    "trained, over the first batch of its training images; frozen layers show the gradient that they would "
	    "follow.",
	.keras = "for w in model.weights: print(w.path, np.histogram(w.numpy(), bins=32))",
	.example = "stats; stats conv2d_1 activations; stats head grad",
	.arg = {{.name = "LAYERS", .type = ARG_LAYERS, .what = "left out: all"},
		{.name = "weights", .type = ARG_WORD, .choices = stats_words, .what = "weights (meant when left out), "
		    "activations or grad"},
		{.name = "SPLIT", .type = ARG_SPLIT, .what = "of activations and gradients: left out: the split last "
		    "trained, else gte5"}},
	.when = CMD_NOW,
	.exec = stats_exec,
};
