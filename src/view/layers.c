/* layers.c: the model as a table. */
#include "view/layers.h"

#include "keras/summary.h"
#include "util/text.h"

#include <stdio.h>

static void
layers_total(struct ui_table *t, const char *name, const char *brief, uint64_t params, unsigned flags)
{
	char count[32], bytes[32];

	ui_string(&ui_table_add(t, (const char *const[]){name, summary_bytes(bytes, params * sizeof(float)),
	    text_count(count, params)}, flags | UI_ROW_TOTAL)->brief, brief);
}

void
layers_table(const struct nn_net *net, struct ui_table *t)
{
	uint64_t params = nn_net_params(net), trainable = nn_net_trainable(net);

	ui_table_clear(t);
	ui_string(&t->fold, "layers without parameters");
	t->ncols = 3;
	t->align[1] = t->align[2] = UI_RIGHT;
	for (int i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *l = nn_net_layer(net, i);
		char name[64], shape[64] = "", count[32];
		size_t at = 0;

		snprintf(name, sizeof name, nn_layer_has_rate(l) ? "%s %g" : "%s", l->name, l->rate);
		for (int k = 0; k < l->out.rank; k++)
			at += (size_t)snprintf(shape + at, sizeof shape - at, "%s%d", k > 0 ? " " : "", l->out.dim[k]);
		ui_table_add(t, (const char *const[]){name, shape, text_count(count, l->params)},
		    (l->params == 0 ? UI_ROW_DIM : 0) | (!l->trainable && l->params > 0 ? UI_ROW_LOCKED : 0));
	}
	layers_total(t, "total", NULL, params, 0);
	layers_total(t, "trainable", "train", trainable, 0);
	layers_total(t, "non-trainable", "do not", params - trainable, trainable < params ? UI_ROW_LOCKED : 0);
}
