/* keras.c: models and weights of Keras: .keras, .weights.h5, and the old .h5. */
#include "file/keras.h"

#include "file/blocks.h"
#include "file/format.h"
#include "file/keras_file.h"
#include "file/keras_save.h"
#include "file/keras_slots.h"
#include "file/taken.h"
#include "session/made.h"
#include "util/num.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- the model ---- */

#define MORE_MAX ((size_t)1 << 20) /* weights that a net may have beyond those of its file, to be told by its tensors */

/* The values of the tensors in a file, at most: of the smallest floats. */
static size_t
values_of(const struct tensors *t)
{
	uint64_t end = 0;

	for (size_t i = 0; i < t->n; i++)
		end = t->entry[i].end > end ? t->entry[i].end : end;
	return (size_t)(end / floats_size(FLOATS_16));
}

/* The net that a file describes. Pictures have the shape that it says, else that of the session's data. weights: those
 * that it takes from there, before memory is taken for more of them than there are; NULL: it takes none.
 */
static struct nn_net *
net_of(struct session *s, const char *path, const struct keras_model *m, const struct tensors *weights, struct err *e)
{
	struct nn_shape in = m->in;
	struct nn_err ignored = {.lack = NN_LACK_NOTHING};
	struct err why = {0};
	struct nn_net *net;
	size_t params, have;

	if (in.rank == 0 && session_input(s, &in, e) < 0)
		return NULL;
	if (m->units > 0 && nn_shape_size(in) != (size_t)m->units) {
		fail(e, "%s takes %d values, and the data have pictures of %dx%dx%d; choose other data", path, m->units,
		    in.dim[0], in.dim[1], in.dim[2]);
		return NULL;
	}
	params = weights != NULL ? nn_spec_params(in, m->plan.spec, m->plan.n, &ignored) : SIZE_MAX;
	if (params == SIZE_MAX && ignored.lack == NN_LACK_MEMORY) {
		fail_memory(e, "%s: not enough memory for its model", path);
		return NULL;
	}
	have = weights != NULL ? values_of(weights) : 0;
	if (params != SIZE_MAX && params > have + MORE_MAX) {
		fail(e, "%s: its model has %zu weights, but it holds at most %zu; get the file again, or load another",
		    path, params, have);
		return NULL;
	}
	if ((net = plan_net(&m->plan, in, &why)) == NULL)
		fail(e, "%s: its model cannot be had here: %s", path, why.text);
	return net;
}

/* Where its head begins: as the file says, if thaw has saved it, else where that of the same model begins here, else
 * where a text without a bar has it. */
static int
features_of(struct session *s, const struct keras_model *m, const struct nn_net *net)
{
	bool said = m->plan.features >= 0;
	char *have = s->model.net != NULL && !said ? plan_net_text(s->model.net, 0) : NULL;
	char *text = plan_net_text(net, 0);
	int features = have != NULL && strcmp(have, text) == 0 ? s->model.features : plan_features(&m->plan, net);

	free(have);
	free(text);
	return features;
}

#define NAMES 3 /* that are said of those that a file has and thaw has not */

/* Layers are named here by what they are, counted. */
static void
say_names(struct session *s, const struct keras_model *m, const struct nn_net *net)
{
	struct str b = {0};
	int n = 0;

	for (int i = 0; i < nn_net_count(net); i++) {
		const char *own = nn_net_layer(net, i)->name;

		if (m->name[i] != NULL && strcmp(m->name[i], own) != 0 && n++ < NAMES)
			str_add(&b, "%s%s for %.40s", n > 1 ? ", " : "", own, m->name[i]);
	}
	if (n > NAMES)
		str_add(&b, " and %d more", n - NAMES);
	if (n > 0) {
		text_clean(b.s);
		out_note(s->out, "layers have thaw's names here, and in the files that are saved: %s", b.s);
	}
	free(b.s);
}

static void
say_model(struct session *s, const char *path, const struct keras_model *m, const struct nn_net *net)
{
	say_names(s, m, net);
	taken_say_unbiased(s, net, m->unbiased);
	if (m->units > 0)
		out_note(s->out, "%s takes %d values a sample; a flatten stands in front here", path, m->units);
	if (m->logits)
		out_note(s->out, "%s ends with logits; a softmax stands behind them here, as in its loss", path);
}

struct nn_net *
keras_build(struct session *s, const char *path, int *features, struct err *e)
{
	struct keras_file k;
	struct nn_net *net = NULL;

	if (keras_open(path, false, &k, e) < 0)
		return NULL;
	if (!k.described)
		fail(e, "%s holds weights and no model; `build` one, then `load` the file", path);
	else if ((net = net_of(s, path, &k.model, NULL, e)) != NULL) {
		*features = features_of(s, &k.model, net);
		say_model(s, path, &k.model, net);
	}
	keras_close(&k);
	return net;
}

/* ---- what it was compiled with ---- */

static void
assign(struct session *s, const char *key, const char *value)
{
	struct err why = {0};

	if (settings_assign(&s->set, settings_find(key, false, NULL), value, &why) < 0)
		out_note(s->out, "%s stays as it is: %s", key, why.text);
}

static bool
is_crossentropy(const char *loss)
{
	return strstr(loss, "ategorical_crossentropy") != NULL || strstr(loss, "ategoricalCrossentropy") != NULL;
}

/* Takes its rate; one that is no number is not taken, and the rate is what it is without it. */
static void
take_rate(struct session *s, const struct keras_compiled *c)
{
	const char *name = c->optimizer->name;
	char lr[32];

	if (!isnan(c->lr)) {
		assign(s, "lr", keras_number(lr, c->lr));
		out_note(s->out, "the optimizer is %s at %s now, as when the file was saved", name, lr);
		return;
	}
	out_note(s->out, "the optimizer is %s now, as when the file was saved; the file's learning rate is %s%s%s, "
	    "which is not taken: lr is %s, %s, and `set lr` changes it", name, c->schedule[0] != '\0' ?
	    "a schedule (" : "no number that is known here", c->schedule, c->schedule[0] != '\0' ? ")" : "",
	    isnan(s->set.run.lr) ? "the default of that optimizer" : "as it was set",
	    num_text(lr, settings_lr(&s->set)));
}

static void
take_optimizer(struct session *s, const struct keras_compiled *c)
{
	char buf[32];

	assign(s, "optimizer", c->optimizer->name);
	take_rate(s, c);
	for (int i = 0; c->optimizer->hyper[i] != NULL; i++)
		if (!isnan(c->hyper[i]))
			assign(s, c->optimizer->hyper[i], keras_number(buf, c->hyper[i]));
	if (c->odd[0] != '\0')
		out_note(s->out, "its %s %s left out: %s has none here", c->odd, strchr(c->odd, ',') == NULL ? "is" :
		    "are", c->optimizer->name);
}

static void
say_loss(struct session *s, const struct keras_compiled *c)
{
	char buf[32];

	if (strncasecmp(c->loss, "sparse", 6) == 0 && is_crossentropy(c->loss))
		out_note(s->out, "it was compiled with the loss %s, of labels that are numbers; here that is the same "
		    "loss, and a .keras file that is saved says categorical_crossentropy, of one-hot labels", c->loss);
	else if (c->loss[0] != '\0' && !is_crossentropy(c->loss))
		out_note(s->out, "it was compiled with the loss %s; here that is categorical cross-entropy", c->loss);
	if (c->smoothing != 0)
		out_note(s->out, "its loss smooths labels by %s, which is left out: here they are as they are",
		    keras_number(buf, c->smoothing));
}

/* Takes it for the settings, and says so. */
static void
take_compiled(struct session *s, const struct keras_compiled *c)
{
	if (c->class[0] == '\0')
		return;
	if (c->optimizer != NULL)
		take_optimizer(s, c);
	else
		out_note(s->out, "its optimizer %s is not to be had here; `set optimizer` has %s", c->class,
		    s->set.run.optimizer->name);
	say_loss(s, c);
}

/* ---- loading ---- */

static void
say_rest(struct session *s, const struct keras_file *k)
{
	const char *left = json_string_value(json_object_get(k->t->metadata, "left out")), *first;

	if (left != NULL && (first = strchr(left, ' ')) != NULL)
		out_note(s->out, "data sets of the file that are no arrays of numbers are left out, %.*s: first "
		    "\"%.60s\"", (int)(first - left), left, first + 1);
}

/* The whole model. */
static int
load_model(struct session *s, struct keras_file *k, struct err *e)
{
	struct nn_net *net = net_of(s, k->t->path, &k->model, k->t, e);
	size_t used = 0;
	char n[32], *kinds;
	int features;

	if (net == NULL)
		return -1;
	keras_names(k, net);
	for (int i = 0; i < nn_net_count(net); i++)
		k->model.unbiased[i] = k->model.unbiased[i] && blocks_zero_bias(k->t, net, i);
	if (blocks_read(k->t, net, "", nn_net_weights_edit(net), &used, e) < 0 ||
	    blocks_check_used(k->t, used, net, e) < 0) {
		nn_net_free(net);
		return -1;
	}
	nn_net_changed(net);
	for (int i = 0; i < nn_net_count(net); i++)
		nn_net_set_trainable(net, i, i, k->model.trainable[i]);
	features = features_of(s, &k->model, net);
	session_install(s, net, features, s->set.run.seed);
	kinds = taken_kinds(k->t);
	out_text(s->out, "loaded %s: %d layers, %s weights%s", k->t->path, nn_net_count(net), text_count(n,
	    nn_net_params(net)), kinds);
	free(kinds);
	say_model(s, k->t->path, &k->model, net);
	take_compiled(s, &k->model.compiled);
	taken_say_strange(s, k->t);
	slots_free(&s->slots);
	keras_slots_take(s, k, k->model.compiled.optimizer);
	say_rest(s, k);
	return 0;
}

/* Whether layers lie in one another, as those of models in a model. Which of two of a class comes first, one in such a
 * model or one beside it, their names do not say.
 */
static bool
is_nested(const struct tensors *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (strncmp(t->entry[i].name, "layers/", 7) == 0 && strstr(t->entry[i].name + 7, "/layers/") != NULL)
			return true;
	return false;
}

/* Weights alone, into the model that is here. Where the file has a model, its own names the tensors. */
static int
load_weights(struct session *s, struct keras_file *k, const bool *pick, struct err *e)
{
	struct nn_net *net = session_net(s, e), *own;
	const struct nn_optimizer_info *of;

	if (net == NULL)
		return -1;
	if (k->described) {
		if ((own = net_of(s, k->t->path, &k->model, k->t, e)) == NULL)
			return -1;
		keras_names(k, own);
		nn_net_free(own);
	} else if (is_nested(k->t))
		return fail(e, "%s has the weights of models in one another and does not say their order; save that "
		    "model as .keras, of which the weights are taken by `load FILE.keras only=all`", k->t->path);
	else
		keras_names(k, net);
	if (taken_load(s, k->t, pick, e) < 0)
		return -1;
	if (pick != NULL)
		keras_slots_leave(s, k, "`only` takes weights alone");
	else if ((of = keras_slots_named(k)) == NULL)
		keras_slots_leave(s, k, "the file does not tell of which optimizer that is known here");
	else
		keras_slots_take(s, k, of);
	say_rest(s, k);
	return 0;
}

static int
load(struct session *s, const char *path, const bool *pick, struct err *e)
{
	struct keras_file k;
	int rc;

	if (keras_open(path, pick != NULL, &k, e) < 0)
		return -1;
	rc = k.described && pick == NULL ? load_model(s, &k, e) : load_weights(s, &k, pick, e);
	keras_close(&k);
	return rc;
}

const struct file_format file_format_keras = {
	.suffix = ".keras",
	.what = "a model of Keras: layers, weights, flags, compile settings",
	.save = keras_save,
	.load = load,
	.build = keras_build,
};

const struct file_format file_format_weights_h5 = {
	.suffix = ".weights.h5",
	.what = "its weights alone",
	.save = keras_save_weights,
	.load = load,
	.build = keras_build,
};

const struct file_format file_format_h5 = {
	.suffix = ".h5",
	.what = "a model or weights of Keras 2, read only",
	.load = load,
	.build = keras_build,
};
