/* keras.c: the session as a script for Keras 3: the model, and the runs in their order as its calls. */
#include "export/export.h"
#include "export/keras_text.h"
#include "model/attrs.h"
#include "session/made.h"
#include "util/num.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct script {
	struct session *s;
	struct nn_net *net;
	struct dataset *data; /* NULL: its name says all */
	struct str text;
	char *frozen; /* as the script has left it: ["conv2d", "conv2d_1"]; NULL: as built */
	int runs, left_out, at; /* at: the run that it is at */
};

/* ---- the model ---- */

static void
attr_code(struct str *b, const struct nn_layer *l, const struct nn_attr *a)
{
	double real = attrs_real(l, a->name, 0);
	int whole = attrs_int(l, a->name, 0);
	char buf[32];

	if (strcmp(a->name, "rate") == 0)
		str_add(b, "%s, ", num_text(buf, l->rate));
	else if (strcmp(a->name, "l2") == 0 && real > 0)
		str_add(b, "kernel_regularizer=keras.regularizers.L2(%s), ", num_text(buf, real));
	else if (a->type == NN_ATTR_WORD) {
		const char *word = attrs_word(l, a->name, NULL);

		if (word != NULL && isnan(a->value))
			str_add(b, "\"%s\", ", word);
		else if (word != NULL && strcmp(word, a->words[(int)a->value]) != 0)
			str_add(b, "%s=\"%s\", ", a->name, word);
	} else if (a->key == NULL && a->type == NN_ATTR_INT)
		str_add(b, "%d, ", whole);
	else if (isnan(a->value))
		str_add(b, "%s, ", num_text(buf, real));
	else if (a->type == NN_ATTR_INT && whole != (int)a->value)
		str_add(b, "%s=%d, ", a->name, whole);
	else if (a->type == NN_ATTR_REAL && real != a->value)
		str_add(b, "%s=%s, ", a->name, num_text(buf, real));
}

/* What a layer is made with has Keras' names; only its padding with zeros is said in another way there. */
static void
layer_code(struct str *b, const struct nn_layer *l)
{
	int pad = attrs_int(l, "padding", 0);

	str_add(b, "        layers.%s(", nn_layer_class(l));
	if (strcmp(nn_layer_class(l), "ZeroPadding2D") == 0)
		str_add(b, "((%d, %d), (%d, %d)), ", pad + attrs_int(l, "top", 0), pad + attrs_int(l, "bottom", 0),
		    pad + attrs_int(l, "left", 0), pad + attrs_int(l, "right", 0));
	else
		for (const struct nn_attr *a = nn_layer_attrs(nn_layer_kind_name(l)); a->name != NULL; a++)
			attr_code(b, l, a);
	str_add(b, "name=\"%s\"),\n", l->name);
}

static void
model_code(struct str *b, const struct nn_net *net)
{
	struct nn_shape in = nn_net_input(net);

	str_add(b, "%s        keras.Input((%d, %d, %d)),\n", keras_text_build, in.dim[0], in.dim[1], in.dim[2]);
	for (int i = 0; i < nn_net_count(net); i++)
		layer_code(b, nn_net_layer(net, i));
	str_add(b, "    ])\n");
}

/* ---- the data ---- */

/* What Keras knows by a name, with how it is loaded; NULL: it is read from the session's files. */
static const char *
known_code(const struct session *s, const struct dataset *d)
{
	if (d == NULL)
		return strcmp(s->data.name, "fashion") == 0 ? "fashion_mnist.load_data()" : "mnist.load_data()";
	if (d->files || text_ends(d->name, ".npz"))
		return NULL;
	return d->coarse ? "cifar100.load_data(label_mode=\"coarse\")" : d->classes > 10 ? "cifar100.load_data()" :
	    "cifar10.load_data()";
}

/* The head, and what the script reads without --data, and how. *d: the data set; NULL: a name says all. -1 with a
 * sentence. */
static int
data_code(struct str *b, struct session *s, struct dataset **d, struct err *e)
{
	bool named = strcmp(s->data.name, "fashion") == 0 || strcmp(s->data.name, DATA_BUNDLED) == 0;
	const char *known;

	if (!named && (*d = session_data(s, e)) == NULL)
		return -1;
	str_add(b, "%s", *d != NULL && (*d)->pictures ? keras_photos_head : keras_text_head);
	if (*d != NULL && (*d)->pictures)
		return keras_photos_code(b, *d, &s->data.how, e);
	str_add(b, "%s", keras_text_idx);
	if ((known = known_code(s, *d)) != NULL)
		str_add(b, "    if path is None:\n        return keras.datasets.%s\n", known);
	else {
		str_add(b, "    if path is None:\n        path = ");
		keras_string(b, "%s", s->data.name);
		str_add(b, "\n");
	}
	str_add(b, "%s", keras_text_load);
	if (*d != NULL && (*d)->turned)
		str_add(b, "    sets = [(x.swapaxes(1, 2), y) for x, y in sets]  # they lie transposed "
		    "in these files\n");
	str_add(b, "    return sets\n");
	return 0;
}

/* {5: 0, 6: 1}: digits and their output units. */
static void
units_code(struct str *b, const struct split *sp)
{
	for (int i = 0; i < split_count(sp); i++)
		str_add(b, "%s%d: %d", i > 0 ? ", " : "{", split_nth(sp, i), split_unit(sp, split_nth(sp, i)));
	str_add(b, "}");
}

/* ---- a run ---- */

static bool
names(const char *words, const char *name)
{
	size_t n = strlen(name);

	for (const char *at = strstr(words, name); at != NULL; at = strstr(at + 1, name))
		if ((at == words || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0'))
			return true;
	return false;
}

/* ["conv2d", "conv2d_1"]: the layers with weights that are frozen, by a run's record or (NULL) now; the caller's. */
static char *
frozen_code(const struct nn_net *net, const char *words)
{
	struct str b = {0};

	str_addc(&b, '[');
	for (int i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *l = nn_net_layer(net, i);

		if (l->params > 0 && (words != NULL ? names(words, l->name) : !l->trainable))
			str_add(&b, "%s\"%s\"", b.n > 1 ? ", " : "", l->name);
	}
	str_addc(&b, ']');
	return b.s;
}

/* Takes `frozen` over. */
static void
flags_code(struct script *c, char *frozen)
{
	if (strcmp(c->frozen != NULL ? c->frozen : "[]", frozen) != 0)
		str_add(&c->text, "for layer in model.layers:\n    layer.trainable = layer.name not in %s\n", frozen);
	free(c->frozen);
	c->frozen = frozen;
}

/* The weights that a run began with were not all those that the run above had left. */
static void
weights_code(struct script *c, const struct run *r)
{
	int n = 0;

	for (int i = 0; i < nn_net_count(c->net); i++)
		if (r->anew >> i & 1)
			str_add(&c->text, "%s\"%s\"", n++ > 0 ? ", " : "# changed by then: reset, loaded or taken "
			    "back; here they are drawn anew\nanew(model, [", nn_net_layer(c->net, i)->name);
	if (n > 0)
		str_add(&c->text, "])\n");
}

static void
rate_code(struct str *b, const struct run *r)
{
	size_t steps = run_steps(r);
	char lr[32], factor[32];

	num_text(lr, r->config.lr);
	num_text(factor, r->schedule.factor);
	if (r->schedule.kind == SCHEDULE_STEP)
		str_add(b, "keras.optimizers.schedules.ExponentialDecay(%s, %zu, %s, staircase=True)", lr,
		    steps * (size_t)r->schedule.every, factor);
	else if (r->schedule.kind == SCHEDULE_COSINE)
		str_add(b, "keras.optimizers.schedules.CosineDecay(%s, %zu, alpha=%s)", lr, steps * (size_t)r->epochs,
		    factor);
	else
		str_add(b, "%s", lr);
}

static void
optimizer_code(struct str *b, const struct run *r)
{
	const struct nn_run_config *c = &r->config;
	char buf[32];

	str_add(b, "keras.optimizers.%s(learning_rate=", c->optimizer->keras_class);
	rate_code(b, r);
	for (const char *const *h = c->optimizer->hyper; h < c->optimizer->hyper + 4 && *h != NULL; h++)
		str_add(b, ", %s=%s", *h, num_text(buf, *settings_real(c, settings_find(*h, false, NULL))));
	str_add(b, ")");
}

/* What Keras has no argument for. */
static void
remarks_code(struct script *c, const struct run *r)
{
	char buf[32], *changes = r->changes != NULL ? xstrdup(r->changes) : NULL;

	for (int i = 0; i < nn_net_count(c->net); i++)
		if (!isnan(r->config.layer_lr[i]) && nn_net_layer(c->net, i)->params > 0)
			str_add(&c->text, "# %s had a rate of its own, %s; Keras has one for all\n",
			    nn_net_layer(c->net, i)->name, num_text_float(buf, r->config.layer_lr[i]));
	if (changes != NULL) {
		text_clean(changes);
		str_add(&c->text, "# changed while it went on: %s\n", changes);
	}
	if (r->goal_asked) {
		char *goal = goal_text(&r->goal);

		str_add(&c->text, "# stop=%s: %d of %d epochs, of which the best one's weights stayed\n", goal,
		    r->nepoch, r->epochs);
		free(goal);
	}
	if (r->interrupted)
		str_add(&c->text, "# interrupted after %d of %d epochs\n", r->nepoch, r->epochs);
	free(changes);
}

static void
samples_code(struct script *c, const struct run *r)
{
	struct str *b = &c->text;

	str_add(b, "x, y = select(train, ");
	units_code(b, &r->split);
	if (r->take.limit > 0)
		str_add(b, ", limit=%zu", r->take.limit);
	if (r->take.drawn)
		str_add(b, ", seed=%" PRIu64, r->take.seed);
	str_add(b, ")\nx_test, y_test = select(test, ");
	units_code(b, &r->split);
	str_add(b, ")\nprint(");
	keras_string(b, "r%d: %s,", r->number, r->split.name);
	str_add(b, ", len(x), \"train samples,\", len(x_test), \"test samples\")\n");
}

/* Where the run was to end early, Keras decides that anew if it can; else it does as many epochs as were of use. */
static void
epochs_code(struct str *b, const struct run *r, int stands)
{
	const struct goal *g = &r->goal;
	bool early = r->goal_asked && g->end == GOAL_PATIENCE && !goal_is(g, "watch_") && !r->interrupted;
	int epochs = early ? r->epochs : stands, freq = r->validate > 0 ? r->validate : epochs;
	char buf[32];

	str_add(b, "model.fit(x, y, batch_size=%d, epochs=%d, ", r->config.batch, epochs);
	if (!r->config.shuffle)
		str_add(b, "shuffle=False, ");
	if (early)
		str_add(b, "callbacks=[keras.callbacks.EarlyStopping(\n    \"%s\", mode=\"%s\", patience=%d, "
		    "min_delta=%s, restore_best_weights=True)],\n    ", g->metric, g->high ? "max" : "min", g->patience,
		    num_text(buf, g->min_delta));
	str_add(b, "validation_data=(x_test, y_test), ");
	if (freq > 1)
		str_add(b, "validation_freq=%d, ", freq);
	str_add(b, "verbose=2)\n");
}

static void
fit_code(struct script *c, const struct run *r)
{
	int stands = r->goal_asked && run_stands(r) > 0 ? run_stands(r) : r->nepoch;
	const struct epoch_record *last = &r->epoch[stands - 1];
	struct str *b = &c->text;
	char loss[32], accuracy[32];

	str_add(b, "model.compile(optimizer=");
	optimizer_code(b, r);
	str_add(b, ",\n              loss=\"sparse_categorical_crossentropy\", metrics=[\"accuracy\"])\n");
	epochs_code(b, r, stands);
	if (!isnan(last->val_accuracy))
		str_add(b, "# thaw: Test score: %s, Test accuracy: %s\n", num_fixed(loss, last->val_loss, 4),
		    num_fixed(accuracy, last->val_accuracy, 4));
	str_add(b, "score(\"r%d: Test\", x_test, y_test)\n", r->number);
	if (r->watch.kind == SPLIT_NONE)
		return;
	str_add(b, "score(");
	keras_string(b, "r%d: %s", r->number, r->watch.name);
	str_add(b, ", *select(test, ");
	units_code(b, &r->watch);
	str_add(b, "))\n");
}

static void
run_code(struct script *c, const struct run *r)
{
	char *mapping;

	if (r->nepoch == 0 || r->params != nn_net_params(c->net) || strcmp(r->data, c->s->data.name) != 0) {
		str_add(&c->text, "\n# r%d is left out: %s\n", r->number, r->nepoch == 0 ? "it has no whole epoch" :
		    r->params != nn_net_params(c->net) ? "it was of another model" : "it was of other data");
		c->left_out++;
		return;
	}
	mapping = split_mapping(&r->split, c->s->data.set);
	str_add(&c->text, "\n# ---- r%d: %s (%s) ----\n", r->number, r->split.name, mapping);
	free(mapping);
	if (c->runs++ > 0 && r->first_epoch == 0) {
		str_add(&c->text, "model = build()  # fresh weights\n");
		free(c->frozen);
		c->frozen = NULL;
	} else
		weights_code(c, r);
	if (c->at == c->s->model.loaded_at)
		keras_loaded(&c->text, c->s->model.loaded);
	keras_slots(&c->text, r);
	remarks_code(c, r);
	flags_code(c, frozen_code(c->net, r->frozen));
	samples_code(c, r);
	fit_code(c, r);
}

/* ---- the script ---- */

static void
runs_code(struct script *c)
{
	const struct runs *runs = &c->s->runs;
	char *now = frozen_code(c->net, NULL);
	bool pictures = c->data != NULL && c->data->pictures;

	str_add(&c->text, keras_text_main, pictures ? "a folder with one of pictures for each class" :
	    "an .npz as Keras' mnist.npz, or a folder of IDX files",
	    (uint32_t)(runs->n > 0 ? runs->list[0]->config.seed : c->s->set.run.seed));
	for (c->at = 0; c->at < runs->n; c->at++)
		run_code(c, runs->list[c->at]);
	if (c->runs > 0 && runs->next_epoch == 0)
		str_add(&c->text, "\nmodel = build()  # fresh weights since\n");
	if (c->s->model.loaded_at == runs->n)
		keras_loaded(&c->text, c->s->model.loaded);
	if (strcmp(now, c->frozen != NULL ? c->frozen : "[]") != 0 || (c->runs > 0 && runs->next_epoch == 0)) {
		str_add(&c->text, "\n# what trains now\n");
		free(c->frozen);
		c->frozen = NULL;
		flags_code(c, now);
		return;
	}
	free(now);
}

static int
keras_write(struct session *s, struct export_request *r, FILE *f, struct err *e)
{
	struct script c = {.s = s, .net = session_net(s, e)};

	if (c.net == NULL || (r->n > 0 && export_unknown(r, r->operand[0], e) < 0))
		return -1;
	if (data_code(&c.text, s, &c.data, e) < 0) {
		free(c.text.s);
		return -1;
	}
	str_add(&c.text, "%s", keras_text_select);
	model_code(&c.text, c.net);
	str_add(&c.text, "%s", keras_text_helpers);
	runs_code(&c);
	fputs(c.text.s, f);
	snprintf(r->said, sizeof r->said, "%d layers, %d run%s", nn_net_count(c.net), c.runs, c.runs == 1 ? "" : "s");
	if (c.left_out > 0)
		snprintf(r->said + strlen(r->said), sizeof r->said - strlen(r->said), "; %d left out, it says why",
		    c.left_out);
	if (s->model.loaded != NULL)
		out_note(s->out, "the weights were loaded from %s; the script draws new ones, and says in a comment "
		    "how to load them", s->model.loaded);
	free(c.frozen);
	free(c.text.s);
	return 0;
}

const struct exporter export_keras = {
	.format = "keras",
	.operands = "",
	.what = "the session as a script for Keras 3, which builds the model and goes through its runs",
	.file = "thaw-session.py",
	.write = keras_write,
};
