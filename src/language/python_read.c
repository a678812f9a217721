/* python_read.c: what a line of Python looks at: flags, layers, rates, the epochs, the data. Each is a command here. */
#include "language/python_call.h"

#include <ctype.h>
#include <string.h>

#define READ_DEPTH 16 /* brackets within brackets */

static const char flags[] = "model trainable";

/* The piece without what it is compared with, a `not` before it and brackets around it. */
static struct piece
read_plain(struct piece p)
{
	const char *is;
	size_t at = 0;

	piece_next(p, &at, "=!<>;", &p);
	if ((is = memmem(p.s, p.n, " is ", 4)) != NULL)
		p = piece_of(p.s, (size_t)(is - p.s));
	if (piece_begins(p, "not "))
		p = piece_of(p.s + 4, p.n - 4);
	return p;
}

/* Cuts X.f(...) at its last bracket: callee is X.f. */
static bool
read_call(struct piece p, struct piece *callee, struct piece *arguments)
{
	struct scan x = {0};
	size_t open = 0;

	if (!piece_ends(p, ")"))
		return false;
	for (size_t i = 0; i < p.n; scan_outside(&x, p.s[i++]))
		if (p.s[i] == '(' && x.depth == 0 && x.quote == '\0')
			open = i;
	if (open == 0 || x.depth > 0 || x.quote != '\0')
		return false;
	*callee = piece_of(p.s, open);
	*arguments = piece_of(p.s + open + 1, p.n - open - 2);
	return true;
}

static bool
read_is(struct piece name, const char *const *names)
{
	for (; *names != NULL; names++)
		if (piece_is(name, *names))
			return true;
	return false;
}

static bool
read_trains(struct piece name)
{
	static const char *const names[] = {"trainable", "trainable_weights", "non_trainable_weights",
	    "trainable_variables", "non_trainable_variables", NULL};

	return read_is(name, names);
}

/* What shows an attribute; NULL: none does. */
static const char *
read_shows(enum python_kind kind, struct piece name)
{
	static const char *const shape[] = {"name", "input", "output", "inputs", "outputs", "input_shape",
	    "output_shape", "built", NULL};
	static const char *const parts[] = {"layers", "weights", "variables", NULL};
	static const char *const set[][2] = {{"learning_rate", "set lr"}, {"lr", "set lr"}, {"rho", "set rho"},
	    {"epsilon", "set epsilon"}, {"momentum", "set momentum"}, {"beta_1", "set beta_1"},
	    {"beta_2", "set beta_2"}, {"name", "set optimizer"}};

	if (kind == PYTHON_LAYER)
		return read_trains(name) ? flags : "layers";
	if (kind == PYTHON_MODEL)
		return read_trains(name) ? flags : piece_is(name, "optimizer") ? "set optimizer" :
		    piece_is(name, "history") ? "history" : read_is(name, shape) ? "model" :
		    read_is(name, parts) ? "layers" : NULL;
	for (size_t i = 0; i < sizeof set / sizeof *set && kind == PYTHON_OPTIMIZER; i++)
		if (piece_is(name, set[i][0]))
			return set[i][1];
	return kind == PYTHON_OPTIMIZER ? "show config" : NULL;
}

/* The arrays of the data. */
static bool
read_data(struct python *x, struct piece p)
{
	static const char *const names[] = {"x_train", "y_train", "x_test", "y_test"};
	char split[8];

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (piece_begins(p, names[i])) {
			python_split(p, split);
			return python_says(x, "data info%s%s", split[0] != '\0' ? " " : "", split) > 0;
		}
	return false;
}

/* The command for the names in a text: in the brackets of print, in [l.trainable for l in model.layers]; or NULL. */
static const char *
read_mentions(struct python *x, struct piece p)
{
	static const struct {
		const char *name, *command;
	} all[] = {{".trainable", flags}, {"trainable_", flags}, {".learning_rate", "set lr"}, {".lr", "set lr"},
	    {".history", "history"}, {".layers", "layers"}, {".get_layer", "layers"}, {".weights", "layers"},
	    {".output_shape", "layers"}, {".input_shape", "layers"}, {"feature_layers", "layers"},
	    {"classification_layers", "layers"}};
	const char *found = NULL;
	size_t first = sizeof all / sizeof *all, n;
	char quote = '\0';

	for (size_t i = 0; i < p.n; i++) {
		if (quote == '\0' && strchr("'\"", p.s[i]) != NULL && (i == 0 || strchr("fF", p.s[i - 1]) == NULL))
			quote = p.s[i]; /* f'{l.name}' is looked into */
		else if (quote != '\0' && p.s[i] == quote)
			quote = '\0';
		for (size_t k = 0; quote == '\0' && k < first; k++)
			if ((n = strlen(all[k].name)) <= p.n - i && strncmp(p.s + i, all[k].name, n) == 0 &&
			    (i + n == p.n || p.s[i + n - 1] == '_' || !(isalnum((unsigned char)p.s[i + n]) ||
			    p.s[i + n] == '_')))
				first = k;
		if (quote == '\0' && x->b->variable != NULL && (n = strlen(x->b->variable)) <= p.n - i &&
		    strncmp(p.s + i, x->b->variable, n) == 0 && (i == 0 || !isalnum((unsigned char)p.s[i - 1])) &&
		    (i + n == p.n || strchr(".,) }]", p.s[i + n]) != NULL))
			found = "layers";
	}
	return first < sizeof all / sizeof *all ? all[first].command : found;
}

static int
read_piece(struct python *x, struct piece p, int depth)
{
	static const char *const whole[] = {"print", "display", "len", "list", "tuple", "set", "dict", "str", "repr",
	    "int", "float", "bool", "round", "sum", "any", "all", "min", "max", "sorted", "type", "enumerate", "array",
	    "numpy", "item", "value", "read_value", "get_value", "dir", "vars", NULL};
	struct piece callee, arguments, owner, name, one;
	const char *command;
	enum python_kind kind;
	char *layers;
	int rc = 0;

	p = piece_quoted(p) ? p : read_plain(p);
	if (p.n == 0 || depth == READ_DEPTH || piece_quoted(p)) /* a text is no code */
		return 0;
	if (read_call(p, &callee, &arguments) && callee.n > 0) {
		name = piece_last(callee);
		if (piece_is(name, "get_config") || piece_is(name, "to_json"))
			return piece_dotted(callee, &owner, &name) && python_kind(x, owner) != PYTHON_OTHER ?
			    python_says(x, python_kind(x, owner) == PYTHON_LAYER ? "layers" : "show config") : 0;
		if (piece_is(name, "get_layer"))
			return python_says(x, "layers");
		if (!read_is(name, whole))
			return 0;
		if (arguments.n == 0)
			return piece_dotted(callee, &owner, &name) ? read_piece(x, owner, depth + 1) : 0;
		if ((command = read_mentions(x, arguments)) == flags) /* print(l.name, l.trainable) */
			return python_says(x, "%s", command);
		for (size_t at = 0; rc == 0 && piece_next(arguments, &at, ",", &one);)
			rc = read_piece(x, one, depth + 1);
		return rc == 0 && command != NULL ? python_says(x, "%s", command) : rc;
	}
	if (strchr("[({", p.s[0]) != NULL)
		return (command = read_mentions(x, p)) != NULL ? python_says(x, "%s", command) : 0;
	if (!piece_begins(p, "x_") && !piece_begins(p, "y_") && piece_dotted(p, &owner, &name)) {
		kind = python_kind(x, owner);
		if (kind == PYTHON_OTHER && !read_trains(name) && !piece_is(name, "learning_rate"))
			return piece_is(name, "history") || piece_is(owner, "history") ? python_says(x, "history") : 0;
		if (kind == PYTHON_OTHER)
			return python_says(x, "%s", read_trains(name) ? flags : "set lr");
		if (python_attribute(x, owner, name, false) < 0)
			return -1;
		command = read_shows(kind, name);
		return command != NULL ? python_says(x, "%s", command) : 0;
	}
	if (read_data(x, p))
		return 1;
	if (memmem(p.s, p.n, ".history[", 9) != NULL)
		return python_says(x, "history");
	kind = python_kind(x, p);
	if (kind == PYTHON_MODEL && depth > 0)
		return python_says(x, "model");
	if (kind != PYTHON_LAYER || (piece_name(p) && !piece_ends(p, "_layers") &&
	    !(x->b->variable != NULL && piece_is(p, x->b->variable))))
		return 0;
	if ((layers = python_layers(x, p)) == NULL)
		return fail(x->e, "\"%.*s\" names no layers that are known here; `layers` lists them",
		    (int)(p.n < 40 ? p.n : 40), p.s);
	free(layers);
	return python_says(x, "layers");
}

int
python_reads(struct python *x, struct piece p)
{
	struct piece one;
	int rc = 0;

	for (size_t at = 0; rc == 0 && piece_next(p, &at, ",", &one);) /* a, b */
		rc = read_piece(x, one, 0);
	return rc;
}
