/* python_assign.c: what Python's assignments mean here: flags and rates of layers, settings, models. */
#include "language/python_call.h"

#include "keras/names.h"
#include "model/plan.h"
#include "session/made.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

/* ---- layers ---- */

/* Layers from to to (inclusive) of the part that begins at layer `first`, by the index in [..]: 0, -1, :7, 2:, -3:. */
static char *
layers_index(struct piece p, int first, int count)
{
	char *text = piece_text(p), *colon = strchr(text, ':'), *end;
	long from = strtol(text, &end, 10), to = from;
	bool ok = end > text || colon == text;

	if (colon != NULL) {
		from = colon == text ? 0 : from;
		to = strtol(colon + 1, &end, 10);
		to = colon[1] == '\0' ? count : to;
		to = to < 0 ? to + count : to > count ? count : to;
		to--;
	}
	from = from < 0 ? from + count : from;
	if (colon == NULL)
		to = from;
	ok = ok && *end == '\0' && from >= 0 && from <= to && to < count;
	free(text);
	if (!ok)
		return NULL;
	return from == to ? xasprintf("%ld", first + from) : xasprintf("%ld..%ld", first + from, first + to);
}

/* features, head or all. */
static const char *
layers_group(struct piece p)
{
	if (piece_is(p, "feature_layers") || piece_is(p, "features") || piece_is(p, "feature_layer"))
		return "features";
	if (piece_is(p, "classification_layers") || piece_is(p, "classifier") || piece_is(p, "classifier_layers") ||
	    piece_is(p, "head"))
		return "head";
	if (piece_ends(p, ".layers") || piece_is(p, "layers") || piece_is(p, "model") ||
	    piece_is(p, "feature_layers + classification_layers"))
		return "all";
	return NULL;
}

/* The layer of X.get_layer('conv2d') or X.get_layer(index=0). */
static char *
layers_got(struct piece arguments)
{
	struct piece name = piece_unquoted(piece_operand(arguments, 0)), index = piece_argument(arguments, "index");

	if (name.n == 0)
		name = piece_unquoted(piece_argument(arguments, "name"));
	return name.n > 0 ? piece_text(name) : piece_number(index) ? piece_text(index) : NULL;
}

char *
python_layers(struct python *x, struct piece p)
{
	struct nn_net *net = session_net(x->s, NULL);
	struct piece callee, arguments;
	const char *open, *group;
	int first = 0, count = net != NULL ? nn_net_count(net) : 0;

	if (x->b->variable != NULL && piece_is(p, x->b->variable))
		return xstrdup(x->b->layers);
	if ((group = layers_group(p)) != NULL)
		return xstrdup(group);
	if (piece_call(p, &callee, &arguments)) {
		if (piece_is(piece_last(callee), "get_layer"))
			return layers_got(arguments);
		if (piece_is(callee, "enumerate") || piece_is(callee, "list") || piece_is(callee, "reversed"))
			return python_layers(x, piece_operand(arguments, 0));
	}
	open = memchr(p.s, '[', p.n);
	if (open == NULL || !piece_ends(p, "]") || (group = layers_group(piece_of(p.s, (size_t)(open - p.s)))) == NULL)
		return NULL;
	if (group[0] == 'h')
		first = x->s->model.features;
	count = group[0] == 'f' ? x->s->model.features : count - first;
	return layers_index(piece_of(open + 1, (size_t)(p.s + p.n - open) - 2), first, count);
}

static int
assign_trainable(struct python *x, struct piece owner, struct piece value)
{
	bool on = piece_is(value, "True") || piece_is(value, "1");
	char *layers = python_layers(x, owner);

	if (!on && !piece_is(value, "False") && !piece_is(value, "0")) {
		free(layers);
		return fail(x->e, "trainable is True or False; did you mean `freeze_to LAYER`? It freezes what stands "
		    "before a layer");
	}
	if (layers == NULL)
		return fail(x->e, "\"%.*s\" names no layers that are known here; did you mean `%s features`, "
		    "`%s conv2d`?", (int)(owner.n < 40 ? owner.n : 40), owner.s, on ? "unfreeze" : "freeze",
		    on ? "unfreeze" : "freeze");
	python_says(x, "%s %s", on ? "unfreeze" : "freeze", layers);
	free(layers);
	return 1;
}

/* ---- models ---- */

/* Adds the layers of [Conv2D(...), ...], or of a name that was assigned such a list. *fresh: they are new ones. */
static bool
add_list(struct python *x, struct piece p, struct str *out, bool *fresh)
{
	struct notebook_name *k = piece_name(p) ? notebook_find(x->b, p.s, p.n) : NULL;

	if (k != NULL) {
		p = piece_of(k->value, strlen(k->value));
		*fresh |= k->fresh;
		k->fresh = false;
	} else
		*fresh = true;
	if (!piece_begins(p, "[") || !piece_ends(p, "]"))
		return false;
	if (out->n > 0)
		str_add(out, " | ");
	p = piece_of(p.s + 1, p.n - 2);
	while (piece_ends(p, ","))
		p = piece_of(p.s, p.n - 1);
	python_values(x->b, p, out);
	return true;
}

/* In thaw's words, or as it stands where `build` has to say what is wrong with it. */
static void
says_build(struct python *x, char *layers)
{
	struct plan plan;
	struct err ignored = {0};
	char *text = plan_parse(layers, &plan, &ignored) == 0 ? plan_text(&plan) : NULL;

	for (char *c = layers; *c != '\0'; c++)
		*c = *c == '"' ? '\'' : *c;
	python_says(x, "build \"%s\"", text != NULL ? text : layers);
	free(text);
}

static int
assign_model(struct python *x, struct piece arguments)
{
	struct piece list = piece_operand(arguments, 0), part;
	struct str text = {0};
	bool fresh = false, all = list.n > 0;

	for (size_t at = 0; all && piece_next(list, &at, "+", &part);)
		all = add_list(x, part, &text, &fresh);
	if (!all)
		fail(x->e, "the layers of the model are not here; did you mean `build \"Conv2D(32, 3), ..., Dense(5), "
		    "Activation('softmax')\"`?");
	else if (!fresh)
		x->passed = "a model of the layers that there are goes on with their weights";
	else
		says_build(x, text.s);
	free(text.s);
	return all ? 1 : -1;
}

/* ---- names ---- */

/* Numbers that are settings here: epochs, batch_size. */
static bool
assign_setting(struct python *x, struct piece target, struct piece value)
{
	static const char *const names[] = {"epochs", "batch_size", "learning_rate", "seed"};
	const char *ours;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (piece_is(target, names[i]) && piece_number(value)) {
			ours = keras_key(names[i]);
			python_says(x, "set %s %.*s", ours != NULL ? ours : names[i], (int)value.n, value.s);
			return true;
		}
	return false;
}

static int
assign_name(struct python *x, struct piece target, struct piece value)
{
	char *name = piece_text(target), *text = piece_text(value);

	if (value.n < 4096)
		notebook_keep(x->b, name, text);
	if (!assign_setting(x, target, value))
		x->passed = value.s[0] == '[' ? "a list of layers is kept until Sequential builds a model of it" :
		    piece_number(value) && settings_find(name, false, NULL) != NULL ? "a number is kept for lines that "
		    "name it; `set`, without =, changes the setting of that name" :
		    piece_number(value) ? "a number is kept for lines that name it" :
		    "an assignment makes nothing here: data, splits and labels are there already";
	free(name);
	free(text);
	return 1;
}

int
python_assign(struct python *x, struct piece target, struct piece value)
{
	struct piece last = piece_last(target), callee, arguments;
	struct piece owner = piece_of(target.s, target.n > last.n ? target.n - last.n - 1 : 0);
	int rc;

	if (owner.n > 0 && piece_is(last, "trainable"))
		return assign_trainable(x, owner, value);
	if (owner.n > 0 && (piece_is(last, "learning_rate") || piece_is(last, "lr")) && piece_number(value)) {
		python_says(x, "lr %.*s", (int)value.n, value.s);
		return 1;
	}
	if (owner.n > 0 && piece_is(last, "stop_training") && piece_is(value, "True")) {
		python_says(x, "stop");
		return 1;
	}
	if (piece_call(value, &callee, &arguments)) {
		if (piece_is(piece_last(callee), "Sequential"))
			return assign_model(x, arguments);
		if ((rc = python_call(x, value)) != 0)
			return rc;
	}
	if (piece_name(target))
		return assign_name(x, target, value);
	x->passed = "an assignment makes nothing here: data, splits and labels are there already";
	return 1;
}
