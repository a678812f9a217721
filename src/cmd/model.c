/* model.c: commands that show a model, build another one, and give it new weights. */
#include "build.h"
#include "job.h"
#include "session.h"
#include "summary.h"
#include "util/sha256.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* ---- model ---- */

static bool
model_utf8(const struct session *s)
{
	return s->out->utf8 && strcmp(s->set.glyphs, "ascii") != 0;
}

static json_t *
shape_json(struct nn_shape shape)
{
	json_t *a = json_pack("[n]");

	for (int i = 0; i < shape.rank; i++)
		json_array_append_new(a, json_integer(shape.dim[i]));
	return a;
}

static void
model_event(struct session *s, struct nn_net *net, int first, int last)
{
	json_t *layers = json_array();
	size_t total = nn_net_params(net), trainable = nn_net_trainable(net);

	for (int i = first; i <= last; i++) {
		const struct nn_layer *l = nn_net_layer(net, i);

		json_array_append_new(layers, json_pack("{s:i,s:s,s:s,s:s,s:o,s:I,s:b}", "index", i, "name", l->name, "class",
		    nn_layer_class(l), "group", build_group(s, i), "output_shape", shape_json(l->out), "params", (json_int_t)l->params,
		    "trainable", (int)l->trainable));
	}
	out_event(s->out, json_pack("{s:s,s:s,s:o,s:I,s:I,s:I}", "event", "model", "name", "sequential", "layers", layers, "total",
	    (json_int_t)total, "trainable", (json_int_t)trainable, "non_trainable", (json_int_t)(total - trainable)));
}

/* "26x26x32" */
static char *
shape_text(char buf[48], int rank, const int *dim)
{
	int at = 0;

	buf[0] = '\0';
	for (int i = 0; i < rank; i++)
		at += snprintf(buf + at, 48 - (size_t)at, "%s%d", i > 0 ? "x" : "", dim[i]);
	return buf;
}

static void
model_csv(struct session *s, struct nn_net *net, int first, int last)
{
	out_csv(s->out, (const char *const[]){"index", "name", "class", "group", "output_shape", "params", "trainable"}, 7);
	for (int i = first; i <= last; i++) {
		const struct nn_layer *l = nn_net_layer(net, i);
		char index[16], shape[48], params[32];

		snprintf(index, sizeof index, "%d", i);
		snprintf(params, sizeof params, "%zu", l->params);
		out_csv(s->out, (const char *const[]){index, l->name, nn_layer_class(l), build_group(s, i),
		    shape_text(shape, l->out.rank, l->out.dim), params, l->trainable ? "Y" : "N"}, 7);
	}
}

static void
model_summary(struct session *s, struct nn_net *net, enum summary_format format, bool trainable, int first, int last)
{
	struct summary_layer layer[NN_LAYERS_MAX];
	struct summary m = {.name = "sequential", .n = nn_net_count(net), .layer = layer, .first = first, .last = last};
	char *text;

	for (int i = 0; i < m.n; i++) {
		const struct nn_layer *l = nn_net_layer(net, i);

		layer[i] = (struct summary_layer){l->name, nn_layer_class(l), l->out.rank, {0}, l->params, l->trainable};
		memcpy(layer[i].dim, l->out.dim, sizeof layer[i].dim);
	}
	m.trainable = nn_net_trainable(net);
	m.non_trainable = nn_net_params(net) - m.trainable;
	text = summary_text(&m, format, trainable, model_utf8(s), s->out->width);
	text[strlen(text) - 1] = '\0';
	out_text(s->out, "%s", text);
	free(text);
}

static int
model_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *format = args_key(a, "format"), *layers = args_key(a, "layers");
	struct nn_net *net = session_net(s, e);
	enum summary_format f = format != NULL ? (enum summary_format)summary_format_find(format->text) : SUMMARY_KERAS3;
	bool trainable = args_word(a, "trainable"), pick[NN_LAYERS_MAX] = {false};
	int first = 0, last;

	if (net == NULL)
		return -1;
	last = nn_net_count(net) - 1;
	if (trainable && f == SUMMARY_KERAS2_6)
		return fail_at(e, format, "Keras 2.6 has no column Trainable; choose keras2.10, keras2 or keras3");
	if (layers != NULL) {
		if (layers_pick(s, layers, pick, e) < 0)
			return -1;
		while (!pick[first])
			first++;
		while (!pick[last])
			last--;
		for (int i = first; i <= last; i++)
			if (!pick[i])
				return fail_at(e, layers, "the layers shown follow one another; give a range such as conv2d..flatten");
	}
	if (s->out->mode == OUT_CSV)
		model_csv(s, net, first, last);
	model_event(s, net, first, last);
	model_summary(s, net, f, trainable, first, last);
	return 0;
}

const struct cmd cmd_model = {
	.name = "model",
	.alias = {"summary"},
	.group = "model",
	.what = "the summary of the model, as Keras prints it",
	.text = "With `trainable`, a column says which layers train (Y), are frozen (N) or have no parameters (-). The width follows the "
	    "terminal; 80 in a script. `format` prints what older releases print; keras2 is 2.15. Optimizer variables are never counted.",
	.keras = "model.summary(show_trainable=True)",
	.example = "model trainable layers=conv2d..flatten",
	.arg = {{.name = "trainable", .type = ARG_WORD, .choices = (const char *const[]){"trainable", NULL}, .what = "show the column Trainable"}},
	.key = {
		{.name = "format", .type = ARG_WORD, .choices = summary_formats, .what = "the release of Keras whose table it is"},
		{.name = "layers", .type = ARG_LAYERS, .what = "rows A..B only; the totals stay those of the model"},
	},
	.when = CMD_NOW,
	.exec = model_exec,
};

/* ---- layers ---- */

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
	double lr = isnan(s->set.layer_lr[i]) ? settings_lr(&s->set) : (double)s->set.layer_lr[i];
	char text[48];

	snprintf(row->cell[0], sizeof row->cell[0], "%d", i);
	snprintf(row->cell[1], sizeof row->cell[1], "%s", l->name);
	snprintf(row->cell[2], sizeof row->cell[2], "%s", build_group(s, i));
	snprintf(row->cell[3], sizeof row->cell[3], "%s", l->params == 0 ? "-" : l->trainable ? "Y" : "N");
	snprintf(row->cell[4], sizeof row->cell[4], "%s", l->ntensors > 0 ? shape_text(text, l->tensor[0].rank, l->tensor[0].dim) : "-");
	snprintf(row->cell[5], sizeof row->cell[5], "%s", summary_thousands(text, l->params));
	snprintf(row->cell[6], sizeof row->cell[6], "%s", l->macs > 0 ? summary_thousands(text, l->macs) : "-");
	snprintf(row->cell[7], sizeof row->cell[7], "%s", l->params > 0 ? nn_layer_initializer(l) : "-");
	snprintf(row->cell[8], sizeof row->cell[8], "%s", l->params > 0 ? isnan(s->set.layer_lr[i]) ? num_text(text, lr) : num_text_float(text, (float)lr) : "-");
	snprintf(row->cell[9], sizeof row->cell[9], "%.8s", row->sha256[0] != '\0' ? row->sha256 : "-");
}

static const char *const layers_head[LAYERS_COLS] = {"#", "layer", "group", "T", "weights", "params", "mul-adds", "init", "lr", "sha256"};

static void
layers_line(const struct session *s, const char *const *cell, const int *width, int gap)
{
	struct str b = {0};

	for (int c = 0; c < LAYERS_COLS; c++) {
		bool right = c == 0 || c == 5 || c == 6 || c == 8;
		int n = (int)strlen(cell[c]);

		str_add(&b, "%*s", c > 0 ? gap : 0, "");
		if (n > width[c])
			str_add(&b, "%.*s%s", width[c] - 1, cell[c], model_utf8(s) ? "…" : ".");
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
layers_table(struct session *s, const struct layers_row *row, int n)
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
		width[7] = width[7] - (sum - s->out->width) > 6 ? width[7] - (sum - s->out->width) : width[7] > 6 ? 6 : width[7];
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
		json_array_append_new(weights, json_pack("{s:s,s:o}", "name", l->tensor[t].name, "shape", dim));
	}
	if (l->params > 0) {
		lr = isnan(s->set.layer_lr[i]) ? out_num(settings_lr(&s->set)) : out_num_float(s->set.layer_lr[i]);
		sha = json_string(row->sha256);
	}
	return json_pack("{s:i,s:s,s:s,s:s,s:b,s:o,s:I,s:I,s:s,s:o,s:o}", "index", i, "name", l->name, "class", nn_layer_class(l), "group",
	    build_group(s, i), "trainable", (int)l->trainable, "weights", weights, "params", (json_int_t)l->params, "macs", (json_int_t)l->macs,
	    "initializer", nn_layer_initializer(l), "lr", lr, "sha256", sha);
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
	if (job_call(s, layers_hash, row, e) < 0) {
		free(row);
		return -1;
	}
	list = json_array();
	for (int i = 0; i < n; i++) {
		layers_fill(s, i, &row[i]);
		json_array_append_new(list, layers_json(s, i, &row[i]));
	}
	if (s->out->mode == OUT_CSV) {
		out_csv(s->out, (const char *const[]){"index", "layer", "group", "trainable", "weights", "params", "macs", "initializer", "lr", "sha256"},
		    LAYERS_COLS);
		for (int i = 0; i < n; i++) {
			const struct nn_layer *l = nn_net_layer(net, i);
			char params[32], macs[32];
			const char *const *c = (const char *const[]){row[i].cell[0], l->name, build_group(s, i), row[i].cell[3], row[i].cell[4], params,
			    macs, nn_layer_initializer(l), row[i].cell[8], row[i].sha256};

			snprintf(params, sizeof params, "%zu", l->params);
			snprintf(macs, sizeof macs, "%llu", (unsigned long long)l->macs);
			out_csv(s->out, c, LAYERS_COLS);
		}
	}
	layers_table(s, row, n);
	out_event(s->out, json_pack("{s:s,s:o}", "event", "layers", "layers", list));
	free(row);
	return 0;
}

const struct cmd cmd_layers = {
	.name = "layers",
	.group = "model",
	.what = "one line a layer: group, trainable, weights, cost, learning rate, checksum",
	.text = "T: Y trains, N frozen, - no parameters. weights: shape of the kernel. mul-adds: multiplications of a forward pass of one image. "
	    "sha256: the beginning of the checksum of the layer's weights; it stays the same while the layer is frozen.",
	.keras = "for l in model.layers: print(l.name, l.trainable, [w.shape for w in l.weights])",
	.example = "layers",
	.when = CMD_NOW,
	.exec = layers_exec,
};

/* ---- build ---- */

static void
build_report(struct session *s)
{
	struct nn_net *net = s->model.net;
	int n = nn_net_count(net), f = s->model.features;
	struct nn_shape in = nn_net_input(net);
	char params[32], shape[48];
	json_t *input = json_array();

	for (int i = 0; i < in.rank; i++)
		json_array_append_new(input, json_integer(in.dim[i]));
	out_text(s->out, "model: %d layers, %s parameters, input %s, %d class%s, seed %llu", n, summary_thousands(params, nn_net_params(net)),
	    shape_text(shape, in.rank, in.dim), nn_net_classes(net), nn_net_classes(net) == 1 ? "" : "es", (unsigned long long)s->model.seed);
	if (f > 0 && f < n)
		out_text(s->out, "features: %s..%s   head: %s..%s", nn_net_layer(net, 0)->name, nn_net_layer(net, f - 1)->name,
		    nn_net_layer(net, f)->name, nn_net_layer(net, n - 1)->name);
	else if (f == 0)
		out_text(s->out, "features: none   head: all layers (a bar | in the text divides them)");
	out_event(s->out, json_pack("{s:s,s:s,s:o,s:i,s:i,s:i,s:I,s:I}", "event", "build", "build", s->model.build, "input", input, "classes",
	    nn_net_classes(net), "layers", n, "features", f, "params", (json_int_t)nn_net_params(net), "seed", (json_int_t)s->model.seed));
}

static int
build_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	struct build_hyper h = build_hyper_default;
	struct build_plan p;
	struct nn_shape in;
	struct nn_net *net;

	if (a->npos > 0 && a->nkey > 0)
		return fail_at(e, &a->key[0], "a model is built from a text or from %s= and its like, not from both", a->key[0].arg->name);
	if (a->npos > 0) {
		struct str text = {0};
		int rc;

		for (int i = 0; i < a->npos; i++)
			str_add(&text, "%s%s", i > 0 ? " " : "", a->pos[i].text);
		rc = build_parse(text.s, &p, e);
		free(text.s);
		if (rc < 0) {
			e->col = a->pos[0].col;
			e->len = a->pos[a->npos - 1].col + a->pos[a->npos - 1].len - e->col;
			return -1;
		}
	} else {
		for (int i = 0; i < a->nkey; i++) {
			const struct cmd_value *v = &a->key[i];
			const char *k = v->arg->name;
			int *to = strcmp(k, "filters") == 0 ? &h.filters : strcmp(k, "kernel") == 0 ? &h.kernel : strcmp(k, "pool") == 0 ? &h.pool :
			    strcmp(k, "dense") == 0 ? &h.dense : strcmp(k, "classes") == 0 ? &h.classes : NULL;

			if (to != NULL)
				*to = (int)v->integer;
			else
				*(strcmp(k, "dropout1") == 0 ? &h.dropout1 : &h.dropout2) = v->num;
		}
		build_hyper_plan(&h, &p);
	}
	if (build_input(s, &in, e) < 0 || (net = build_net(&p, in, e)) == NULL)
		return -1;
	nn_net_init(net, 0, p.n - 1, s->set.seed);
	build_install(s, net, build_features(&p, net), s->set.seed);
	build_report(s);
	return 0;
}

const struct cmd cmd_build = {
	.name = "build",
	.group = "model",
	.what = "a new model: the activity's with other sizes, or any sequence of layers",
	.text = "The keys change the activity's model. The text names layers in order, separated by commas: conv2d FILTERS KERNEL, relu, "
	    "max_pooling2d [POOL], dropout RATE, flatten, dense UNITS, softmax; the last one is softmax. A bar divides the features from the head; "
	    "without one the features end where pictures become flat. The input has the shape of the data set's pictures. The new model has the weights "
	    "that the setting `seed` gives, all of it trains, and nothing is left of the old one but the list of its runs.",
	.keras = "model = Sequential([Conv2D(32, 3), Activation(\"relu\"), MaxPooling2D(2), Dropout(0.25), Flatten(), Dense(5), ...])",
	.example = "build \"conv2d 8 5, relu, max_pooling2d 2, flatten | dense 5, softmax\"",
	.arg = {{.name = "LAYERS", .type = ARG_WORD, .many = true, .what = "the layers, in quotes"}},
	.key = {
		{.name = "filters", .type = ARG_INT, .min = 1, .max = 4096, .what = "of both convolutions, 32"},
		{.name = "kernel", .type = ARG_INT, .min = 1, .max = 64, .what = "their side, 3"},
		{.name = "pool", .type = ARG_INT, .min = 1, .max = 64, .what = "side and stride of the window, 2"},
		{.name = "dense", .type = ARG_INT, .min = 1, .max = 65536, .what = "hidden units of the head, 128"},
		{.name = "classes", .type = ARG_INT, .min = 1, .max = 256, .what = "output units, 5"},
		{.name = "dropout1", .type = ARG_NUM, .min = 0, .max = 0.999, .what = "rate behind the pool, 0.25"},
		{.name = "dropout2", .type = ARG_NUM, .min = 0, .max = 0.999, .what = "rate in the head, 0.5"},
	},
	.when = CMD_WAITS,
	.exec = build_exec,
};

/* ---- reset ---- */

static int
reset_seed(struct session *s, const struct cmd_value *v, uint64_t *seed, struct err *e)
{
	char *end;

	if (v == NULL) {
		*seed = s->model.asked != s->set.seed ? s->set.seed : s->model.seed;
		return 0;
	}
	if (strcmp(v->text, "new") == 0) {
		uint32_t r;

		if (getrandom(&r, sizeof r, 0) != sizeof r)
			return fail_at(e, v, "no random number to be had: %s; give one, as in seed=42", strerror(errno));
		*seed = r >> 1; /* short enough to type again */
		return 0;
	}
	errno = 0;
	*seed = strtoull(v->text, &end, 10);
	if (v->text[0] < '0' || v->text[0] > '9' || *end != '\0' || errno != 0 || *seed > INT64_MAX)
		return fail_at(e, v, "a seed is a whole number from 0 to %lld, or new", (long long)INT64_MAX);
	return 0;
}

static void
reset_report(struct session *s, const bool *pick, bool all, uint64_t seed)
{
	struct nn_net *net = s->model.net;
	json_t *names = json_array();
	struct str b = {0};

	for (int i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *l = nn_net_layer(net, i);

		if (!pick[i] || l->params == 0)
			continue;
		str_add(&b, " %s", l->name);
		json_array_append_new(names, json_string(l->name));
	}
	out_text(s->out, "reset:%s, seed %llu%s", b.s != NULL ? b.s : " nothing, since these layers have no weights",
	    (unsigned long long)seed, all ? "; epochs count from 1 again" : "");
	out_event(s->out, json_pack("{s:s,s:o,s:I}", "event", "reset", "layers", names, "seed", (json_int_t)seed));
	free(b.s);
}

static int
reset_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	struct nn_net *net = session_net(s, e);
	bool pick[NN_LAYERS_MAX] = {false}, all = true, head = true;
	uint64_t seed = 0;
	int n;

	if (net == NULL || reset_seed(s, args_key(a, "seed"), &seed, e) < 0)
		return -1;
	n = nn_net_count(net);
	for (int i = 0; i < a->npos; i++)
		if (layers_pick(s, &a->pos[i], pick, e) < 0)
			return -1;
	if (a->npos == 0)
		memset(pick, true, sizeof pick);
	for (int i = 0; i < n; i++) {
		if (pick[i]) {
			nn_net_init(net, i, i, seed);
			continue;
		}
		if (nn_net_layer(net, i)->params > 0) {
			all = false;
			head = head && i < s->model.features;
		}
	}
	session_cache_drop(s);
	if (head)
		s->model.trained = (struct split){0};
	if (all) {
		s->model.seed = seed;
		s->model.asked = s->set.seed;
		s->next_epoch = 0;
	}
	reset_report(s, pick, all, seed);
	return 0;
}

const struct cmd cmd_reset = {
	.name = "reset",
	.group = "model",
	.what = "initial weights again, for all layers or for some",
	.text = "Without a seed the weights are the initial ones as before (those of the setting `seed`, when that has changed since); `seed=new` draws "
	    "a seed and says which. What is frozen stays frozen, and the weights are initialised all the same. `reset` of all layers also starts the count of "
	    "epochs again, so that the next run sees the images in the same order as the first.",
	.keras = "model = keras.models.clone_model(model)",
	.example = "reset head seed=7",
	.arg = {{.name = "LAYERS", .type = ARG_LAYERS, .many = true, .what = "left out: all"}},
	.key = {{.name = "seed", .type = ARG_WORD, .what = "a whole number, or new"}},
	.when = CMD_WAITS,
	.exec = reset_exec,
};
