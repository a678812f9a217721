/* python_assign.c: what Python's assignments mean here: flags and rates of layers, settings, models. */
#include "language/python_call.h"

#include "keras/names.h"
#include "model/plan.h"
#include "session/made.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

/* ---- layers ---- */

static int
assign_trainable(struct python *x, struct piece owner, struct piece value)
{
	bool on = piece_is(value, "True") || piece_is(value, "1");
	char *layers = python_layers(x, owner), *typed;
	const char *near;

	if (!on && piece_name(value) && !piece_is(value, "False")) {
		typed = piece_text(value);
		if ((near = text_near(typed, (const char *const[]){"True", "False"}, 2)) != NULL)
			fail(x->e, "trainable cannot be \"%.40s\" - did you mean %s?", typed, near);
		free(typed);
		if (near != NULL) {
			free(layers);
			return -1;
		}
	}
	if (!on && !piece_is(value, "False") && !piece_is(value, "0")) {
		free(layers);
		return fail(x->e, "trainable is True or False; did you mean `freeze A..B`, as in `freeze 0..6`, or "
		    "`freeze_to LAYER`? It freezes what stands before a layer");
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
	char *name = piece_text(target), *text = piece_text(value), *layers = python_layers(x, value);

	if (value.n < 4096)
		notebook_keep(x->b, name, text)->layers = layers;
	else
		free(layers);
	if (layers != NULL)
		x->passed = "the name stands for these layers in lines to come";
	else if (!assign_setting(x, target, value))
		x->passed = value.s[0] == '[' ? "a list of layers is kept until Sequential builds a model of it" :
		    piece_number(value) && settings_find(name, false, NULL) != NULL ? "a number is kept for lines that "
		    "name it; `set`, without =, changes the setting of that name" :
		    piece_number(value) ? "a number is kept for lines that name it" :
		    "an assignment makes nothing here: data, splits and labels are there already";
	free(name);
	free(text);
	return 1;
}

/* ---- attributes ---- */

/* The number that a value is, or that a name was assigned; "" for none. The caller's. */
static char *
value_number(struct python *x, struct piece value)
{
	struct str text = {0};

	python_values(x->b, value, &text);
	if (!piece_number(piece_of(text.s, text.n)))
		text.s[0] = '\0';
	return text.s;
}

static int
assign_rate(struct python *x, enum python_kind kind, struct piece value)
{
	char *number = value_number(x, value);
	bool known = number[0] != '\0';

	if (known)
		python_says(x, "lr %s", number);
	free(number);
	if (known || kind == PYTHON_OTHER)
		return known;
	return fail(x->e, "the rate is a number, as in `lr 0.1`, or goes by a schedule, as in `set lr 1.0:cosine`");
}

/* rho of an optimizer, rate of a dropout. */
static bool
assign_member(struct python *x, struct piece owner, enum python_kind kind, struct piece name, struct piece value)
{
	static const char *const ours[] = {"rho", "epsilon", "momentum", "beta_1", "beta_2"};
	char *number = value_number(x, value), *layers;
	bool says = false;

	for (size_t i = 0; i < sizeof ours / sizeof *ours && kind == PYTHON_OPTIMIZER && number[0] != '\0'; i++)
		if (piece_is(name, ours[i]))
			says = python_says(x, "set %s %s", ours[i], number) > 0;
	if (kind == PYTHON_LAYER && piece_is(name, "rate") && number[0] != '\0' &&
	    (layers = python_layers(x, owner)) != NULL) {
		struct nn_net *net = session_net(x->s, NULL);
		char *end;
		long i = strtol(layers, &end, 10);

		if (end == layers || *end != '\0')
			says = strpbrk(layers, ".*,") == NULL && python_says(x, "set %s.rate %s", layers, number) > 0;
		else if (net != NULL && i < nn_net_count(net))
			says = python_says(x, "set %s.rate %s", nn_net_layer(net, (int)i)->name, number) > 0;
		free(layers);
	}
	free(number);
	return says;
}

/* 0: it is no attribute that means something here. */
static int
assign_attribute(struct python *x, struct piece owner, struct piece name, struct piece value)
{
	enum python_kind kind = python_kind(x, owner);

	if (piece_is(name, "trainable"))
		return assign_trainable(x, owner, value);
	if (piece_is(name, "learning_rate") || piece_is(name, "lr"))
		return assign_rate(x, kind, value);
	if (piece_is(name, "stop_training")) {
		if (piece_is(value, "True"))
			return python_says(x, "stop");
		x->passed = "a run goes on until `stop`";
		return piece_is(value, "False") ? 1 : fail(x->e, "stop_training is True or False");
	}
	if (python_attribute(x, owner, name, true) < 0)
		return -1;
	return assign_member(x, owner, kind, name, value);
}

int
python_assign(struct python *x, struct piece target, struct piece value)
{
	struct piece owner, name, callee, arguments;
	int rc;

	if (piece_dotted(target, &owner, &name) && (rc = assign_attribute(x, owner, name, value)) != 0)
		return rc;
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

int
python_update(struct python *x, struct piece target, struct piece value, char sign)
{
	const struct notebook_name *k = piece_name(target) ? notebook_find(x->b, target.s, target.n) : NULL;
	struct piece owner, name;
	char *number;

	x->passed = "an assignment makes nothing here: data, splits and labels are there already";
	if (k != NULL && k->layers != NULL)
		return fail(x->e, "%s is `%s` here and stays so; a command names them with others, as in "
		    "`freeze 0..1,3`", k->name, k->layers);
	if (!piece_dotted(target, &owner, &name))
		return 1;
	if (piece_is(name, "trainable"))
		return fail(x->e, "trainable is True or False; did you mean `freeze features`?");
	if (!piece_is(name, "learning_rate") && !piece_is(name, "lr"))
		return python_attribute(x, owner, name, true) < 0 ? -1 : 1;
	number = value_number(x, value);
	if (number[0] == '\0' || (sign != '*' && sign != '/'))
		fail(x->e, "did you mean `lr *0.1` or `lr /10`? `lr 0.1` sets the rate itself");
	else
		python_says(x, "lr %c%s", sign, number);
	free(number);
	return x->out.n > 0 ? 1 : -1;
}

int
python_sets(struct python *x, struct piece call)
{
	struct piece callee, arguments, name;
	char *target;
	int rc = 0;

	if (!piece_call(call, &callee, &arguments))
		return 0;
	if (piece_ends(callee, ".assign"))
		return python_assign(x, piece_of(callee.s, callee.n - strlen(".assign")), piece_operand(arguments, 0));
	if (piece_is(piece_last(callee), "set_value"))
		return python_assign(x, piece_operand(arguments, 0), piece_operand(arguments, 1));
	name = piece_unquoted(piece_operand(arguments, 1));
	if (piece_is(callee, "setattr") && name.n > 0) {
		struct piece owner = piece_operand(arguments, 0);

		target = xasprintf("%.*s.%.*s", (int)owner.n, owner.s, (int)name.n, name.s);
		rc = python_assign(x, piece_of(target, strlen(target)), piece_operand(arguments, 2));
		free(target);
	}
	return rc;
}
