/* python_attr.c: what layers, a model and an optimizer have in Keras: the names of it, and which of them is meant where
 * one is mistyped.
 */
#include "language/python_call.h"

#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

/* Those that lines are about come first: of what begins alike, one of them is meant. */
static const struct kind {
	const char *what, *first, *others;
} kinds[] = {
	[PYTHON_LAYER] = {"a layer", "trainable", "name rate units filters kernel_size strides padding activation "
	    "use_bias kernel bias weights variables trainable_weights non_trainable_weights trainable_variables "
	    "non_trainable_variables input output input_shape output_shape kernel_initializer bias_initializer "
	    "kernel_regularizer bias_regularizer pool_size dtype losses built seed"},
	[PYTHON_MODEL] = {"the model", "trainable stop_training optimizer layers", "name loss metrics metrics_names "
	    "history weights variables trainable_weights non_trainable_weights trainable_variables "
	    "non_trainable_variables input output inputs outputs input_shape output_shape dtype losses built"},
	[PYTHON_OPTIMIZER] = {"the optimizer", "learning_rate lr", "rho epsilon momentum beta_1 beta_2 name iterations "
	    "weights variables nesterov clipnorm clipvalue weight_decay amsgrad decay"},
	[PYTHON_OTHER] = {"it", "trainable learning_rate stop_training", ""},
};

/* What is called of a model. */
static const struct kind methods = {"the model", "summary fit evaluate predict compile save",
    "save_weights load_weights get_weights set_weights get_layer get_config count_params to_json add pop"};

#define NAMES_MAX 48

/* Cuts names at their blanks, in place; returns how many there are. */
static int
names_of(char *text, const char *name[NAMES_MAX])
{
	int n = 0;

	for (char *one = strtok_r(text, " ", &text); one != NULL && n < NAMES_MAX; one = strtok_r(NULL, " ", &text))
		name[n++] = one;
	return n;
}

/* The name nearest to a mistyped one; "" for none, else from the kind's lists; the caller's. */
static char *
name_near(const struct kind *k, const char *typed, bool *exact)
{
	char *lists[] = {xstrdup(k->first), xstrdup(k->others)}, *near = NULL;
	const char *name[NAMES_MAX], *hit;

	*exact = false;
	for (int i = 0; i < 2; i++) {
		int n = names_of(lists[i], name);

		for (int j = 0; j < n; j++)
			*exact |= strcmp(name[j], typed) == 0;
		if (near == NULL && (hit = text_near(typed, name, n)) != NULL)
			near = xstrdup(hit);
		free(lists[i]);
	}
	return near;
}

enum python_kind
python_kind(struct python *x, struct piece owner)
{
	struct piece last = piece_last(owner), callee, arguments;
	const struct notebook_name *k = piece_name(owner) ? notebook_find(x->b, owner.s, owner.n) : NULL;
	enum python_kind kind = PYTHON_OTHER;
	char *layers;

	if (piece_is(last, "optimizer") || piece_is(last, "opt") || piece_is(last, "optim"))
		return PYTHON_OPTIMIZER;
	if (k != NULL && piece_call(piece_of(k->value, strlen(k->value)), &callee, &arguments) &&
	    (piece_has(callee, "optimizers.") || piece_is(callee, "Adam") || piece_is(callee, "SGD") ||
	    piece_is(callee, "Adadelta")))
		return PYTHON_OPTIMIZER;
	if (last.n > 0 && (piece_is(last, "model") || piece_ends(last, "_model") ||
	    (piece_begins(last, "model") && last.n == 6)))
		return PYTHON_MODEL;
	layers = python_layers(x, owner);
	if (layers != NULL || piece_has(owner, ".layers") || piece_has(owner, "layers[") || piece_is(last, "layer") ||
	    piece_has(owner, "get_layer("))
		kind = PYTHON_LAYER;
	free(layers);
	return kind;
}

int
python_attribute(struct python *x, struct piece owner, struct piece name, bool sure)
{
	const struct kind *k = &kinds[python_kind(x, owner)];
	char *typed = piece_text(name), *near;
	bool exact, other = k == &kinds[PYTHON_OTHER];
	int rc = 0;

	near = name_near(k, typed, &exact);
	if (!exact && near != NULL)
		rc = fail(x->e, "%s has no \"%.40s\" - did you mean \"%s\"?", other ? "what stands before it" : k->what,
		    typed, near);
	else if (!exact && !other && sure)
		rc = fail(x->e, "%s has no \"%.40s\"; here it has %s", k->what, typed, k == &kinds[PYTHON_LAYER] ?
		    "`trainable`, and `layers` shows what it is" : k == &kinds[PYTHON_MODEL] ?
		    "`trainable`, `optimizer` and `layers`" : "`learning_rate`, and `set` lists what else there is");
	free(near);
	free(typed);
	return rc;
}

int
python_method(struct python *x, struct piece callee)
{
	struct piece owner, name;
	char *typed, *near;
	bool exact;
	int rc = 0;

	if (!piece_dotted(callee, &owner, &name) || python_kind(x, owner) != PYTHON_MODEL)
		return 0;
	typed = piece_text(name);
	near = name_near(&methods, typed, &exact);
	if (!exact && near != NULL)
		rc = fail(x->e, "%s has no \"%.40s\" - did you mean %.*s.%s()?", methods.what, typed,
		    (int)(owner.n < 40 ? owner.n : 40), owner.s, near);
	free(near);
	free(typed);
	return rc;
}
