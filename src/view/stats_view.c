/* stats_view.c: statistics of tensors as histograms to draw. */
#include "view/stats_view.h"

#include "util/num.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>

static void
stats_histogram(const struct session *s, const struct stats *x, int i, int live, struct ui_histograms *out)
{
	const struct stats_row *r = &x->row[i];
	const struct nn_layer *l = nn_net_layer(s->model.net, r->layer);
	const struct figures *f = &r->f;
	bool any = f->count > f->nonfinite;
	char n[32];
	struct ui_histogram *h = ui_histograms_add(out, l->name, r->tensor, l->params > 0 && !l->trainable,
	    any ? f->edge[0] : 0, any ? f->edge[FIGURES_BINS] : 0, any ? FIGURES_BINS : 0, f->bin);

	h->live = live > 0 ? live + i : 0;
	h->text[0] = any ? xasprintf("mean %.3g  std %.3g", f->mean, f->std) : NULL;
	text_count(n, f->count);
	if (f->zeros == 0)
		h->text[1] = xasprintf("%s number%s", n, f->count == 1 ? "" : "s");
	else
		h->text[1] = xasprintf("%s, %.1f %% zero", n, 100 * (double)f->zeros / (double)f->count);
	if (f->nonfinite > 0)
		h->warn = xasprintf("%s NaN or infinite", text_count(n, f->nonfinite));
}

void
stats_view(const struct session *s, struct stats *x, int live, struct ui_histograms *out)
{
	char n[32], loss[32];
	size_t count = 0;

	stats_without_zeros(x);
	for (int i = 0; i < x->n; i++) {
		stats_histogram(s, x, i, live, out);
		count += x->row[i].f.count;
	}
	out->title = xstrdup(stats_names[x->of]);
	if (x->of == STATS_WEIGHTS) {
		out->note = xasprintf("%s numbers", text_count(n, count));
	} else if (x->of == STATS_ACTIVATIONS) {
		out->note = xasprintf("zeros left out; of %s", x->batch.text);
		out->brief = xstrdup("zeros left out");
	} else {
		num_fixed(loss, x->loss, 4);
		out->note = xasprintf("loss %s; of %s", loss, x->batch.text);
		out->brief = xasprintf("loss %s", loss);
	}
}
