/* png_stats.c: the tensors of the network as histograms: weights, activations, gradients. */
#include "export/export.h"
#include "language/ask.h"
#include "ui/figure.h"
#include "util/xmalloc.h"
#include "view/stats_view.h"

#include <stdlib.h>
#include <string.h>

/* "conv2d activations lt5": layers before the word, a split behind it. */
static int
stats_operands(struct session *s, const struct export_request *r, struct stats *x, struct err *e)
{
	const struct cmd_value *layers = NULL, *split = NULL;
	bool word = false;

	for (int i = 0; i < r->n; i++) {
		const struct cmd_value *v = r->operand[i];
		int k = 0;

		while (ask_stats_words[k] != NULL && strcmp(ask_stats_words[k], v->text) != 0)
			k++;
		if (ask_stats_words[k] != NULL && !word) {
			x->of = (enum stats_of)k;
			word = true;
		} else if (!word && layers == NULL)
			layers = v;
		else if (word && split == NULL)
			split = v;
		else
			return export_unknown(r, v, e);
	}
	return ask_stats(s, layers, split, x, e);
}

static int
png_stats_write(struct session *s, struct export_request *r, FILE *out, struct err *e)
{
	struct stats *x = xcalloc(1, sizeof *x);
	struct ui_histograms t = {0};
	struct ui_figure *f = NULL;

	if (stats_operands(s, r, x, e) == 0 && job_call(&s->worker, stats_measure, s, x, e) == 0 &&
	    (f = export_figure(s, r, e)) != NULL) {
		stats_view(s, x, 0, &t);
		ui_figure_histograms(f, &t);
		ui_histograms_clear(&t);
	}
	stats_clear(x);
	free(x);
	return f != NULL ? 0 : -1;
}

const struct exporter export_png_stats = {
	.format = "png",
	.figure = "stats",
	.operands = "[LAYERS] [weights|activations|grad] [SPLIT]",
	.keys = {&export_size, &export_theme},
	.what = "weights, outputs or gradients as histograms",
	.file = "thaw-stats.png",
	.write = png_stats_write,
};
