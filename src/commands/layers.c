/* layers.c: the command `layers`: a line a layer. */
#include "language/cmd.h"
#include "session/made.h"
#include "util/row.h"
#include "util/sha256.h"

#include <math.h>
#include <string.h>

#define LAYERS_COLS 10 /* in text */
#define LAYERS_INIT 7 /* the column of the initialisers' names */
#define LAYERS_HASH 9 /* and that of the hashes */

struct layers {
	char sha256[NN_LAYERS_MAX][65]; /* "" of a layer without weights */
	int width[LAYERS_COLS], gap; /* of the columns, and between them; measured before anything is printed */
	bool measured;
	json_t *list;
};

/* Where the net stands still. */
static int
layers_hash(struct session *s, void *arg, struct err *e)
{
	struct layers *x = arg;
	const float *w = nn_net_weights(s->model.net);

	for (int i = 0; i < nn_net_count(s->model.net); i++) {
		const struct nn_layer *l = nn_net_layer(s->model.net, i);

		if (l->params > 0)
			sha256_hex(w + l->offset, l->params * sizeof *w, x->sha256[i]);
	}
	return 0;
}

static json_t *
layers_weights(const struct nn_layer *l)
{
	json_t *list = json_array();

	for (int t = 0; t < l->ntensors; t++)
		json_array_append_new(list, out_pack("{s:s,s:o}", "name", l->tensor[t].name, "shape",
		    out_shape(l->tensor[t].rank, l->tensor[t].dim)));
	return list;
}

static void
layers_row(struct session *s, struct layers *x, int i)
{
	const struct nn_layer *l = nn_net_layer(s->model.net, i);
	const char *sha256 = l->params > 0 ? x->sha256[i] : NULL, *all = nn_layer_initializer(l);
	const char *trains = l->params == 0 ? NULL : l->trainable ? "Y" : "N";
	bool own = !isnan(s->set.run.layer_lr[i]), cut = x->measured && (int)strlen(all) > x->width[LAYERS_INIT];
	enum row_kind kind = own ? ROW_FLOAT : ROW_REAL;
	double lr = l->params == 0 ? NAN : own ? (double)s->set.run.layer_lr[i] : settings_lr(&s->set);
	int *width = x->width;
	char weights[48], init[64], first[9];
	struct row_cell row[] = {
		{"#", ROW_INT, 1, .in = ROW_IN_TEXT, .n = i},
		{"index", ROW_INT, .n = i},
		{"layer", ROW_TEXT, -1, .in = ROW_IN_TEXT | ROW_IN_CSV, .s = l->name},
		{"name", ROW_TEXT, .in = ROW_IN_JSON, .s = l->name},
		{"class", ROW_TEXT, .in = ROW_IN_JSON, .s = nn_layer_class(l)},
		{"group", ROW_TEXT, -1, .s = model_group(&s->model, i)},
		{"T", ROW_TEXT, -1, .in = ROW_IN_TEXT, .s = trains},
		{"trainable", ROW_TEXT, .in = ROW_IN_CSV, .s = trains},
		{"trainable", ROW_BOOL, .in = ROW_IN_JSON, .n = l->trainable},
		{"weights", ROW_TEXT, -1, .in = ROW_IN_TEXT | ROW_IN_CSV, .s = l->ntensors > 0 ? weights : NULL},
		{"weights", ROW_JSON, .json = x->measured ? layers_weights(l) : NULL},
		{"params", ROW_COUNT, 1, .n = (int64_t)l->params},
		{"mul-adds", ROW_COUNT, 1, .in = ROW_IN_TEXT, .unknown = l->macs == 0, .n = (int64_t)l->macs},
		{"macs", ROW_INT, .n = (int64_t)l->macs},
		{"init", ROW_TEXT, -1, .in = ROW_IN_TEXT, .s = l->params > 0 ? init : NULL},
		{"initializer", ROW_TEXT, .s = all},
		{"lr", l->params > 0 ? kind : ROW_TEXT, 1, .in = ROW_IN_TEXT | ROW_IN_CSV, .x = lr},
		{"lr", kind, .in = ROW_IN_JSON, .x = lr},
		{"sha256", ROW_TEXT, -1, .in = ROW_IN_TEXT, .s = sha256 != NULL ? first : NULL},
		{"sha256", ROW_TEXT, .s = sha256}, {0}};

	if (sha256 != NULL)
		snprintf(first, sizeof first, "%.*s", x->measured ? x->width[LAYERS_HASH] : 8, sha256);
	if (l->ntensors > 0)
		model_shape_text(weights, l->tensor[0].rank, l->tensor[0].dim);
	snprintf(init, sizeof init, "%.*s%s", cut ? x->width[LAYERS_INIT] - 1 : (int)sizeof init - 1, all, !cut ? "" :
	    settings_utf8(&s->set, s->out) ? "…" : ".");
	if (!x->measured) {
		row_fit(s->out, row, x->width);
		return;
	}
	for (struct row_cell *c = row, *end = row + sizeof row / sizeof row[0]; c < end; c++)
		if (c->width != 0) {
			c->gap = x->gap;
			c->width *= *width++;
		}
	row_part(s->out, "layers", i == 0, row);
	json_array_append_new(x->list, row_json(s->out, NULL, row));
}

/* Makes a column narrower, by what the table is too wide, down to so many. */
static void
layers_narrow(int *width, int least, int *over)
{
	int less = *over < *width - least ? *over : *width - least;

	if (less <= 0)
		return;
	*width -= less;
	*over -= less;
}

/* Two blanks between columns where the width allows, else one; last the initialiser's name is cut, and the hash. */
static void
layers_measure(struct session *s, struct layers *x)
{
	int over = -s->out->width;

	for (int i = 0; i < nn_net_count(s->model.net); i++)
		layers_row(s, x, i);
	for (int c = 0; c < LAYERS_COLS; c++)
		over += x->width[c];
	x->gap = over + 2 * (LAYERS_COLS - 1) > 0 ? 1 : 2;
	over += x->gap * (LAYERS_COLS - 1);
	layers_narrow(&x->width[LAYERS_INIT], 6, &over);
	layers_narrow(&x->width[LAYERS_HASH], 6, &over);
	layers_narrow(&x->width[LAYERS_INIT], 4, &over);
	x->measured = true;
}

static int
layers_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	struct nn_net *net = session_net(s, e);
	struct layers x = {.list = NULL};

	if (net == NULL || job_call(&s->worker, layers_hash, s, &x, e) < 0)
		return -1;
	layers_measure(s, &x);
	x.list = json_array();
	for (int i = 0; i < nn_net_count(net); i++)
		layers_row(s, &x, i);
	out_event(s->out, out_pack("{s:s,s:o}", "event", "layers", "layers", x.list));
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
	.again = true,
	.exec = layers_exec,
};
