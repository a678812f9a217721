/* png_probe.c: the last probe: how well simple readers tell the classes from each layer's output. */
#include "export/export.h"
#include "look/probe.h"
#include "ui/figure.h"
#include "util/num.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>

/* The name is taken over. */
static void
probe_row(struct ui_estimate *x, char *name, double share, int colour)
{
	char text[32];

	*x = (struct ui_estimate){.name = name, .mean = share, .error = NAN,
	    .colour = colour, .text = xstrdup(isnan(share) ? "not a number" : num_fixed(text, share, 4))};
}

static int
png_probe_write(struct session *s, struct export_request *r, FILE *out, struct err *e)
{
	const struct looked *l = &s->runs.results.looked;
	struct ui_estimates t = {0};
	struct ui_figure *f;
	char train[32], test[32];

	if (r->n > 0)
		return export_unknown(r, r->operand[0], e);
	if (l->readings.n == 0)
		return fail(e, "nothing was probed since the last run; `probe` reads the output of each layer");
	if ((f = export_figure(s, r, e)) == NULL)
		return -1;
	t.row = xcalloc((size_t)l->readings.n * 2, sizeof *t.row);
	for (int i = 0; i < l->readings.n; i++) {
		int layer = l->readings.layer[i];
		const char *name = layer < 0 ? "input" : layer < nn_net_count(s->model.net) ?
		    nn_net_layer(s->model.net, layer)->name : "a layer that is gone";

		probe_row(&t.row[t.n++], xasprintf("%s  linear", name), l->readings.linear[i], 0);
		probe_row(&t.row[t.n++], xstrdup("knn"), l->readings.knn[i], 1);
	}
	t.title = xasprintf("what each layer's output tells of %s", l->readings.split.name);
	t.note = xasprintf("linear: ridge regression, knn: the %d nearest, of %s training images; %s test images",
	    PROBE_NEAR, text_count(train, l->readings.train), text_count(test, l->readings.test));
	t.axis = xstrdup("share of the test images told right");
	ui_figure_estimates(f, &t);
	ui_estimates_clear(&t);
	return 0;
}

const struct exporter export_png_probe = {
	.format = "png",
	.figure = "probe",
	.operands = "",
	.keys = {&export_size, &export_theme},
	.what = "the last `probe`: what each layer's output tells",
	.file = "thaw-probe.png",
	.write = png_probe_write,
};
