/* probe_view.c: what the last probe has found as means to draw: of each layer what the two readers tell right. */
#include "view/probe_view.h"

#include "look/probe.h"
#include "util/num.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>

static void
probe_estimate(struct ui_estimates *t, const char *name, double share, int kind, bool locked)
{
	char text[32];

	t->row[t->n++] = (struct ui_estimate){.name = kind == 0 ? xstrdup(name) : NULL, .mean = share, .error = NAN,
	    .colour = kind, .beside = kind > 0, .locked = locked,
	    .text = xstrdup(isnan(share) ? "no number" : num_fixed(text, share, 4))};
}

void
probe_view(const struct session *s, struct ui_estimates *out)
{
	const struct looked *l = &s->runs.results.looked;
	char train[32], test[32], *cut = NULL;

	out->row = xcalloc((size_t)l->readings.n * 2, sizeof *out->row);
	for (int i = 0; i < l->readings.n; i++) {
		int at = l->readings.layer[i];
		const struct nn_layer *layer = at >= 0 && at < nn_net_count(s->model.net) ?
		    nn_net_layer(s->model.net, at) : NULL;
		const char *name = at < 0 ? "input" : layer != NULL ? layer->name : "a layer that is gone";
		bool locked = layer != NULL && layer->params > 0 && !layer->trainable;

		probe_estimate(out, name, l->readings.linear[i], 0, locked);
		probe_estimate(out, NULL, l->readings.knn[i], 1, false);
	}
	if (l->readings.n < l->readings.asked)
		cut = xasprintf(", cut at %d of %d", l->readings.n, l->readings.asked);
	out->title = xasprintf("what each layer's output tells of %s%s", l->readings.split.name,
	    cut != NULL ? cut : "");
	out->note = xasprintf("linear: ridge regression, knn: the %d nearest, of %s training images; %s test images",
	    PROBE_NEAR, text_count(train, l->readings.train), text_count(test, l->readings.test));
	out->axis = xstrdup("share of the test images told right");
	out->brief = xasprintf("%s%s", l->readings.split.name, cut != NULL ? cut : "");
	free(cut);
	out->kind[0] = xstrdup("linear");
	out->kind[1] = xstrdup("knn");
}
