/* stats.c: the tensors of the network as numbers and histograms: weights, activations, gradients. */
#include "export/pages.h"
#include "language/ask.h"
#include "look/stats.h"
#include "util/num.h"
#include "util/row.h"
#include "util/text.h"
#include "util/xmalloc.h"
#include "view/spark.h"
#include "view/stats_view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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
static int
stats_fit(struct session *s, const struct stats *x, int *width)
{
	struct row_cell row[STATS_CELLS];
	char text[5][32];
	int sum = 0, shown = 0, at = x->nonfinite ? 9 : 8, merge = 1;

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
	while (merge < 4 && sum + shown + FIGURES_BINS / merge > s->out->width)
		merge *= 2;
	width[at] = FIGURES_BINS / merge;
	return merge;
}

static void
stats_table(struct session *s, struct stats *x)
{
	int width[STATS_CELLS], merge = stats_fit(s, x, width);

	stats_without_zeros(x);
	for (int i = 0; i < x->n; i++) {
		struct row_cell row[STATS_CELLS];
		char text[5][32], spark[3 * SPARK_MAX + 1];
		int *w = width;

		spark_text(spark, x->row[i].f.bin, FIGURES_BINS, merge, view_glyphs(s, UI_BLOCK));
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

/* The workbench has a pane for them, which follows a run; the transcript has the table. */
static void
stats_pane(struct session *s, struct stats *x)
{
	struct out_sink sink = out_hush(s->out);
	struct ui_histograms t = {0};
	char n[32], tensors[32];
	size_t count = 0;

	stats_table(s, x);
	s->out->sink = sink;
	stats_view(s, x, 0, &t);
	pages_shown_histograms(s, &t);
	ui_histograms_clear(&t);
	for (int i = 0; i < x->n; i++)
		count += x->row[i].f.count;
	if (x->of == STATS_WEIGHTS)
		out_text(s->out, "weights: %s in %s tensor%s", text_count(n, count),
		    text_count(tensors, (uint64_t)x->n), x->n == 1 ? "" : "s");
	s->user.host->stats(s->user.host_arg, x);
}

static void
stats_print(struct session *s, struct stats *x)
{
	char loss[32];

	if (x->of == STATS_ACTIVATIONS)
		out_text(s->out, "outputs without dropout, of %s; histogram: zeros left out", x->batch.text);
	if (x->of == STATS_GRADIENTS)
		out_text(s->out, "gradients of the mean loss without dropout, at the weights as they are: %s\nof %s",
		    num_fixed(loss, x->loss, 4), x->batch.text);
	if (s->out->mode == OUT_TABLE && s->user.host != NULL && s->user.host->stats != NULL)
		stats_pane(s, x);
	else if (s->out->mode == OUT_TABLE)
		stats_table(s, x);
	else
		for (int i = 0; i < x->n; i++)
			stats_program(s, x, i);
}

/* ---- the command ---- */

static int
stats_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	struct stats *x = xcalloc(1, sizeof *x);
	int rc;

	if (args_word(a, "activations"))
		x->of = STATS_ACTIVATIONS;
	else if (args_word(a, "grad"))
		x->of = STATS_GRADIENTS;
	rc = ask_stats(s, args_pos(a, "LAYERS"), args_pos(a, "SPLIT"), x, e);
	if (rc == 0 && (rc = job_call(&s->worker, stats_measure, s, x, e)) == 0)
		stats_print(s, x);
	stats_clear(x);
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
	    "follow. In the workbench they are a pane, which follows a run.",
	.keras = "for w in model.weights: print(w.path, np.histogram(w.numpy(), bins=32))",
	.example = "stats; stats conv2d_1 activations; stats head grad",
	.arg = {{.name = "LAYERS", .type = ARG_LAYERS, .what = "left out: all"},
		{.name = "weights", .type = ARG_WORD, .choices = ask_stats_words,
		    .what = "weights (meant when left out), activations or grad"},
		{.name = "SPLIT", .type = ARG_SPLIT, .what = "of activations and gradients: left out: the split last "
		    "trained, else gte5"}},
	.when = CMD_NOW,
	.exec = stats_exec,
};
