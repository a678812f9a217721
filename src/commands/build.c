/* build.c: a new model: build. */
#include "file/format.h"
#include "language/arg.h"
#include "model/plan.h"
#include "model/text.h"
#include "session/made.h"
#include "util/os/os.h"
#include "util/place.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void
build_report(struct session *s)
{
	struct nn_net *net = s->model.net;
	int n = nn_net_count(net), f = s->model.features;
	struct nn_shape in = nn_net_input(net);
	char params[32], shape[48];

	out_text(s->out, "model: %d layers, %s parameters, input %s, %d class%s, seed %llu", n,
	    text_count(params, nn_net_params(net)), model_shape_text(shape, in.rank, in.dim), nn_net_classes(net),
	    nn_net_classes(net) == 1 ? "" : "es", (unsigned long long)s->model.seed);
	if (f > 0 && f < n)
		out_text(s->out, "features: %s..%s   head: %s..%s", nn_net_layer(net, 0)->name,
		    nn_net_layer(net, f - 1)->name, nn_net_layer(net, f)->name, nn_net_layer(net, n - 1)->name);
	else if (f == 0)
		out_text(s->out, "features: none   head: all layers (a bar | in the text divides them)");
	out_event(s->out, out_pack("{s:s,s:s,s:o,s:i,s:i,s:i,s:I,s:I}", "event", "build", "build", s->model.build,
	    "input", out_shape(in.rank, in.dim), "classes", nn_net_classes(net), "layers", n, "features", f, "params",
	    (json_int_t)nn_net_params(net), "seed", (json_int_t)s->model.seed));
}

/* The activity's model with what the keys change. */
static void
build_hyper(const struct cmd_args *a, struct plan *p)
{
	struct plan_hyper h = plan_hyper_default;

	for (int i = 0; i < a->nkey; i++) {
		const struct cmd_value *v = &a->key[i];
		const char *k = v->arg->name;
		int *to = strcmp(k, "filters") == 0 ? &h.filters : strcmp(k, "kernel") == 0 ? &h.kernel :
		    strcmp(k, "pool") == 0 ? &h.pool : strcmp(k, "dense") == 0 ? &h.dense :
		    strcmp(k, "classes") == 0 ? &h.classes : NULL;

		if (to != NULL)
			*to = (int)v->integer;
		else
			*(strcmp(k, "dropout1") == 0 ? &h.dropout1 : &h.dropout2) = v->num;
	}
	plan_of_hyper(&h, p);
}

static int
build_named(const struct cmd_args *a, struct plan *p, struct err *e)
{
	const char *name = a->pos[0].text;
	const struct cmd_value *classes = args_key(a, "classes");

	if (a->npos > 1)
		return fail_at(e, &a->pos[1], "%s is a whole model; build it alone, or write all the layers", name);
	if (strcmp(name, plan_names[0]) == 0) {
		build_hyper(a, p);
		return 0;
	}
	for (int i = 0; i < a->nkey; i++)
		if (&a->key[i] != classes)
			return fail_at(e, &a->key[i], "%s= is of the activity; of %s only classes= can be changed, or "
			    "its layers in a text, which `show config` prints", a->key[i].arg->name, name);
	plan_of_name(name, classes != NULL ? (int)classes->integer : 0, p);
	return 0;
}

static int
build_names(void)
{
	int n = 0;

	while (plan_names[n] != NULL)
		n++;
	return n;
}

static int
build_text(const struct cmd_args *a, struct plan *p, struct err *e)
{
	struct str text = {0};
	const char *near;
	int rc;

	if (a->nkey > 0)
		return fail_at(e, &a->key[0], "a model is built from a text or from %s= and its like, not from both",
		    a->key[0].arg->name);
	for (int i = 0; i < a->npos; i++)
		str_add(&text, "%s%s", i > 0 ? " " : "", a->pos[i].text);
	near = a->npos == 1 && strpbrk(text.s, " ,|(") == NULL ? text_near(text.s, plan_names, build_names()) : NULL;
	if ((rc = plan_parse(text.s, p, e)) < 0 && near != NULL)
		fail(e, "no model \"%.40s\" - did you mean \"%s\"? (models: activity lenet5 mlp cifar; or layers in "
		    "quotes)", text.s, near);
	free(text.s);
	return rc < 0 ? err_at(e, &a->pos[0]) : 0;
}

/* One word that is a file with a model. */
static bool
build_is_file(const struct cmd_args *a)
{
	return a->npos == 1 && file_format_of_model(a->pos[0].text) != NULL;
}

static struct nn_net *
build_file(struct session *s, const struct cmd_args *a, int *features, struct err *e)
{
	struct nn_net *net = NULL;

	if (a->nkey > 0)
		fail_at(e, &a->key[0], "a model is built from a file or from %s= and its like, not from both",
		    a->key[0].arg->name);
	else if ((net = file_format_of_model(a->pos[0].text)->build(s, a->pos[0].text, features, e)) == NULL)
		err_at(e, &a->pos[0]);
	return net;
}

/* From the keys, a name or a text. */
static struct nn_net *
build_plan(struct session *s, const struct cmd_args *a, int *features, struct err *e)
{
	struct nn_shape in;
	struct nn_net *net;
	struct plan p;

	if (a->npos == 0)
		build_hyper(a, &p);
	else if ((a->pos[0].arg->choices != NULL ? build_named : build_text)(a, &p, e) < 0)
		return NULL;
	if (session_input(s, &in, e) < 0 || (net = plan_net(&p, in, e)) == NULL)
		return NULL;
	*features = plan_features(&p, net);
	return net;
}

static int
build_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	int features;
	struct nn_net *net = (build_is_file(a) ? build_file : build_plan)(s, a, &features, e);

	if (net == NULL)
		return -1;
	nn_net_init(net, 0, nn_net_count(net) - 1, s->set.run.seed);
	session_install(s, net, features, s->set.run.seed);
	build_report(s);
	return 0;
}

static void
build_silent(void *arg, bool error, enum out_style style, const char *text)
{
}

/* The names of layers that follow are those of this model. */
static int
build_check(struct session *s, const struct cmd_args *a, struct err *e)
{
	struct out_sink sink = s->out->sink;
	int rc;

	if (build_is_file(a)) { /* which may not be there yet */
		s->user.any_layer = true;
		return place_refused(a->pos[0].text, false, e) ? err_at(e, &a->pos[0]) : 0;
	}
	s->out->sink = (struct out_sink){.line = build_silent};
	rc = build_exec(s, a, e);
	s->out->sink = sink;
	s->user.any_layer = rc < 0;
	return rc;
}

static char *
build_layers(void)
{
	char *list = layer_usages(), *text = xasprintf("Layers: %s.", list);

	free(list);
	return text;
}

const struct cmd cmd_build = {
	.name = "build",
	.group = "model",
	.what = "a new model: the activity's with other sizes, one by name, a file's, or any sequence of layers",
	.list_text = build_layers,
	.text = "The keys change the activity's model; `classes` that of lenet5, mlp (5 units without it) and cifar "
	    "(10), too. The text names layers in order, separated by commas, the last one softmax. Behind what a "
	    "layer needs may stand what is else than the default, in any order: conv2d 32 3 same stride=2 relu "
	    "l2=0.001. Keras' spelling is taken, too: Conv2D(32, (3, 3), activation='relu'). Of a file, model.keras, "
	    "an old model.h5 or model.onnx, the layers are taken, and the shape of its pictures. A bar divides the "
	    "features from the head; without one the features end where pictures become flat. The input has the shape "
	    "of the data set's pictures. The new model has the weights that the setting `seed` gives, all of it "
	    "trains, and nothing is left of the old one but the list of its runs.",
	.keras = "model = Sequential([Conv2D(32, 3), Activation(\"relu\"), MaxPooling2D(2), Dropout(0.25), Flatten(), "
	    "Dense(5), ...])",
	.example = "build \"conv2d 8 5, relu, max_pooling2d 2, flatten | dense 5, softmax\"",
	.arg = {
		{.name = "NAME", .type = ARG_WORD, .choices = plan_names, .what = "a model by name"},
		{.name = "LAYERS", .type = ARG_WORD, .many = true,
		    .what = "or the layers, in quotes; or a file that has some", .ending = file_ending_build},
	},
	.key = {
		{.name = "filters", .type = ARG_INT, .min = 1, .max = 4096, .what = "of both convolutions, 32"},
		{.name = "kernel", .type = ARG_INT, .min = 1, .max = 64, .what = "their side, 3"},
		{.name = "pool", .type = ARG_INT, .min = 1, .max = 64, .what = "side and stride of the window, 2"},
		{.name = "dense", .type = ARG_INT, .min = 1, .max = 65536, .what = "hidden units of the head, 128"},
		{.name = "classes", .type = ARG_INT, .min = 1, .max = NN_CLASSES_MAX, .what = "output units, 5"},
		{.name = "dropout1", .type = ARG_NUM, .min = 0, .max = 0.999, .what = "rate behind the pool, 0.25"},
		{.name = "dropout2", .type = ARG_NUM, .min = 0, .max = 0.999, .what = "rate in the head, 0.5"},
	},
	.when = CMD_WAITS,
	.changes = CMD_REPLACES,
	.exec = build_exec,
	.check = build_check,
};

static int
reset_seed(struct session *s, const struct cmd_value *v, uint64_t *seed, struct err *e)
{
	char *end;

	if (v == NULL) {
		*seed = s->model.asked != s->set.run.seed ? s->set.run.seed : s->model.seed;
		return 0;
	}
	if (strcmp(v->text, "new") == 0) {
		uint32_t r;

		if (os_random(&r, sizeof r) < 0)
			return fail_at(e, v, "no random number to be had: %s; give one, as in seed=42",
			    strerror(errno));
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
	struct str b = {0}, frozen = {0};

	for (int i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *l = nn_net_layer(net, i);

		if (!pick[i] || l->params == 0)
			continue;
		str_add(&b, " %s", l->name);
		json_array_append_new(names, out_string(l->name));
		if (!l->trainable)
			str_add(&frozen, "%s%s", frozen.s != NULL ? " " : "", l->name);
	}
	out_text(s->out, "reset:%s, seed %llu%s", b.s != NULL ? b.s : " nothing, since these layers have no weights",
	    (unsigned long long)seed, all ? "; epochs count from 1 again" : "");
	out_event(s->out, out_pack("{s:s,s:o,s:I}", "event", "reset", "layers", names, "seed", (json_int_t)seed));
	if (frozen.s != NULL)
		out_note(s->out, "%s start anew and stay frozen: they keep these random weights, unless `unfreeze all` "
		    "comes before `train`", frozen.s);
	free(frozen.s);
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
		if (arg_pick_layers(s, &a->pos[i], pick, e) < 0)
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
	compute_cache_drop(&s->compute);
	if (head)
		s->model.trained = (struct split){0};
	if (all) {
		s->model.seed = seed;
		s->model.asked = s->set.run.seed;
		s->runs.next_epoch = 0;
		model_loaded(&s->model, NULL, 0);
	}
	reset_report(s, pick, all, seed);
	return 0;
}

const struct cmd cmd_reset = {
	.name = "reset",
	.group = "model",
	.what = "initial weights again, for all layers or for some",
	.text = "Without a seed the weights are the initial ones as before (those of the setting `seed`, when that has "
	    "changed since); `seed=new` draws a seed and says which. What is frozen stays frozen, and the weights are "
	    "initialised all the same. `reset` of all layers also starts the count of epochs again, so that the next "
	    "run sees the images in the same order as the first.",
	.keras = "model = keras.models.clone_model(model)",
	.example = "reset head seed=7",
	.arg = {{.name = "LAYERS", .type = ARG_LAYERS, .many = true, .what = "left out: all"}},
	.key = {{.name = "seed", .type = ARG_WORD, .what = "a whole number, or new"}},
	.when = CMD_WAITS,
	.changes = CMD_CHANGES,
	.exec = reset_exec,
};
