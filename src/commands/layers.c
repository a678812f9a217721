/* layers.c: */
#include "language/cmd.h"
#include "session/made.h"
#include "util/num.h"
#include "util/sha256.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LAYERS_COLS 10

struct layers_row {
	char cell[LAYERS_COLS][48];
	char sha256[65];
};

/* Where the net stands still. */
static int
layers_hash(struct session *s, void *arg, struct err *e)
{
	struct layers_row *row = arg;
	struct nn_net *net = s->model.net;
	const float *w = nn_net_weights(net);

	for (int i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *l = nn_net_layer(net, i);

		row[i].sha256[0] = '\0';
		if (l->params > 0)
			sha256_hex(w + l->offset, l->params * sizeof *w, row[i].sha256);
	}
	return 0;
}

static void
layers_fill(struct session *s, int i, struct layers_row *row)
{
	const struct nn_layer *l = nn_net_layer(s->model.net, i);
	double lr = isnan(s->set.run.layer_lr[i]) ? settings_lr(&s->set) : (double)s->set.run.layer_lr[i];
	char text[48];

	snprintf(row->cell[0], sizeof row->cell[0], "%d", i);
	snprintf(row->cell[1], sizeof row->cell[1], "%s", l->name);
	snprintf(row->cell[2], sizeof row->cell[2], "%s", model_group(&s->model, i));
	snprintf(row->cell[3], sizeof row->cell[3], "%s", l->params == 0 ? "-" : l->trainable ? "Y" : "N");
	snprintf(row->cell[4], sizeof row->cell[4], "%s", l->ntensors > 0 ? model_shape_text(text, l->tensor[0].rank,
	    l->tensor[0].dim) : "-");
	snprintf(row->cell[5], sizeof row->cell[5], "%s", text_count(text, l->params));
	snprintf(row->cell[6], sizeof row->cell[6], "%s", l->macs > 0 ? text_count(text, l->macs) : "-");
	snprintf(row->cell[7], sizeof row->cell[7], "%s", l->params > 0 ? nn_layer_initializer(l) : "-");
	snprintf(row->cell[8], sizeof row->cell[8], "%s", l->params > 0 ? isnan(s->set.run.layer_lr[i]) ?
	    num_text(text, lr) : num_text_float(text, (float)lr) : "-");
	snprintf(row->cell[9], sizeof row->cell[9], "%.8s", row->sha256[0] != '\0' ? row->sha256 : "-");
}

static const char *const layers_head[LAYERS_COLS] = {"#", "layer", "group", "T", "weights", "params", "mul-adds",
    "init", "lr", "sha256"};

static void
layers_line(const struct session *s, const char *const *cell, const int *width, int gap)
{
	struct str b = {0};

	for (int c = 0; c < LAYERS_COLS; c++) {
		bool right = c == 0 || c == 5 || c == 6 || c == 8;
		int n = (int)strlen(cell[c]);

		str_add(&b, "%*s", c > 0 ? gap : 0, "");
		if (n > width[c])
			str_add(&b, "%.*s%s", width[c] - 1, cell[c], settings_utf8(&s->set, s->out) ? "…" : ".");
		else if (c == LAYERS_COLS - 1)
			str_add(&b, "%s", cell[c]);
		else
			str_add(&b, right ? "%*s" : "%-*s", width[c], cell[c]);
	}
	out_text(s->out, "%s", b.s);
	free(b.s);
}

/* Two blanks between columns where the width allows, else one; last the initialiser's name is cut. */
static void
layers_print(struct session *s, const struct layers_row *row, int n)
{
	int width[LAYERS_COLS], sum = 0, gap = 2;

	for (int c = 0; c < LAYERS_COLS; c++) {
		width[c] = (int)strlen(layers_head[c]);
		for (int i = 0; i < n; i++) {
			int w = (int)strlen(row[i].cell[c]);

			width[c] = w > width[c] ? w : width[c];
		}
		sum += width[c];
	}
	if (sum + gap * (LAYERS_COLS - 1) > s->out->width)
		gap = 1;
	sum += gap * (LAYERS_COLS - 1);
	if (sum > s->out->width)
		width[7] = width[7] - (sum - s->out->width) > 6 ? width[7] - (sum - s->out->width) : width[7] > 6 ? 6 :
		    width[7];
	layers_line(s, layers_head, width, gap);
	for (int i = 0; i < n; i++) {
		const char *cell[LAYERS_COLS];

		for (int c = 0; c < LAYERS_COLS; c++)
			cell[c] = row[i].cell[c];
		layers_line(s, cell, width, gap);
	}
}

static json_t *
layers_json(struct session *s, int i, const struct layers_row *row)
{
	const struct nn_layer *l = nn_net_layer(s->model.net, i);
	json_t *weights = json_array(), *lr = json_null(), *sha = json_null();

	for (int t = 0; t < l->ntensors; t++) {
		json_t *dim = json_array();

		for (int d = 0; d < l->tensor[t].rank; d++)
			json_array_append_new(dim, json_integer(l->tensor[t].dim[d]));
		json_array_append_new(weights, out_pack("{s:s,s:o}", "name", l->tensor[t].name, "shape", dim));
	}
	if (l->params > 0) {
		lr = isnan(s->set.run.layer_lr[i]) ? out_num(settings_lr(&s->set)) :
		    out_num_float(s->set.run.layer_lr[i]);
		sha = out_string(row->sha256);
	}
	return out_pack("{s:i,s:s,s:s,s:s,s:b,s:o,s:I,s:I,s:s,s:o,s:o}", "index", i, "name", l->name, "class",
	    nn_layer_class(l), "group", model_group(&s->model, i), "trainable", (int)l->trainable, "weights", weights,
	    "params", (json_int_t)l->params, "macs", (json_int_t)l->macs, "initializer", nn_layer_initializer(l), "lr",
	    lr, "sha256", sha);
}

static int
layers_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	struct nn_net *net = session_net(s, e);
	struct layers_row *row;
	json_t *list;
	int n;

	if (net == NULL)
		return -1;
	n = nn_net_count(net);
	row = xcalloc((size_t)n, sizeof *row);
	if (job_call(&s->worker, layers_hash, s, row, e) < 0) {
		free(row);
		return -1;
	}
	list = json_array();
	for (int i = 0; i < n; i++) {
		layers_fill(s, i, &row[i]);
		json_array_append_new(list, layers_json(s, i, &row[i]));
	}
	if (s->out->mode == OUT_CSV) {
		out_csv(s->out, (const char *const[]){"index", "layer", "group", "trainable", "weights", "params",
		    "macs", "initializer", "lr", "sha256"}, LAYERS_COLS);
		for (int i = 0; i < n; i++) {
			const struct nn_layer *l = nn_net_layer(net, i);
			char params[32], macs[32];
			const char *const *c = (const char *const[]){row[i].cell[0], l->name, model_group(&s->model, i),
			    row[i].cell[3], row[i].cell[4], params, macs, nn_layer_initializer(l), row[i].cell[8],
			    row[i].sha256};

			snprintf(params, sizeof params, "%zu", l->params);
			snprintf(macs, sizeof macs, "%llu", (unsigned long long)l->macs);
			out_csv(s->out, c, LAYERS_COLS);
		}
	}
	layers_print(s, row, n);
	out_event(s->out, out_pack("{s:s,s:o}", "event", "layers", "layers", list));
	free(row);
	return 0;
}

const struct cmd cmd_layers = {
	.name = "layers",
	.group = "model",
	.what = "one line a layer: group, trainable, weights, cost, learning rate, checksum",
	.text = "T: Y trains, N frozen, - no parameters. weights: shape of the kernel. mul-adds: multiplications of a "
	    "forward pass of one image. sha256: the beginning of the checksum of the layer's weights; it stays the "
	    "same while the layer is frozen.",
	.keras = "for l in model.layers: print(l.name, l.trainable, [w.shape for w in l.weights])",
	.example = "layers",
	.when = CMD_NOW,
	.exec = layers_exec,
};
