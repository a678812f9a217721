/* python_call.c: what Keras' calls mean here, a function each. */
#include "language/python_call.h"

#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

/* The number between two signs, as in x_test[3:4]; -1: there is none. */
static long
number_behind(struct piece p, const char *sign)
{
	const char *at = memmem(p.s, p.n, sign, strlen(sign));
	char *end;
	long n;

	if (at == NULL || at[strlen(sign)] < '0' || at[strlen(sign)] > '9')
		return -1;
	n = strtol(at + strlen(sign), &end, 10);
	return n < 1000000000 ? n : -1;
}

/* ---- training and looking ---- */

/* Other digits than are meant must not train, nor answer. */
static int
known_choice(struct python *x, struct piece arguments)
{
	char split[8];

	return python_mask(arguments, split) >= 0 ? 0 : fail(x->e, "which digits the choice in brackets takes is not "
	    "known; `digits=3,5` names any, as in `train digits=3,5` and `eval digits=3,5`");
}

static int
call_fit(struct python *x, struct piece callee, struct piece arguments)
{
	static const char *const keys[][2] = {{"epochs", "epochs"}, {"batch_size", "batch"}, {"verbose", "verbose"},
	    {"shuffle", "shuffle"}, {NULL, NULL}};
	struct str more = {0};
	bool fit = piece_ends(callee, "fit");
	struct piece validation = piece_argument(arguments, "validation_data");
	long limit = number_behind(piece_operand(arguments, fit ? 0 : 1), "[:");
	struct split split;
	char other[8];

	if (known_choice(x, arguments) < 0)
		return -1;
	python_given_split(x, arguments, &split);
	if (split.kind == SPLIT_NONE)
		return fail(x->e, "nothing here says which digits; did you mean `train gte5`, `train lt5` or `train "
		    "all`? A split is named as in x_train_gte5");
	python_keys(x, arguments, keys, &more);
	if (limit > 0)
		str_add(&more, " limit=%ld", limit);
	python_drops(x, arguments, "x y epochs batch_size verbose shuffle validation_data", fit ? 2 : 4);
	python_split(validation, other);
	if (other[0] != '\0' && strcmp(other, split.name) != 0)
		python_drop(x, piece_of("validation_data", 15));
	python_says(x, "train %s%s", split.name, more.n > 0 ? more.s : "");
	free(more.s);
	return 1;
}

static int
call_evaluate(struct python *x, struct piece callee, struct piece arguments)
{
	struct split split;
	char choice[8];

	if (known_choice(x, arguments) < 0)
		return -1;
	python_given_split(x, arguments, &split);
	python_drops(x, arguments, "x y batch_size verbose return_dict", 2);
	if (python_mask(arguments, choice) == 0 &&
	    memchr(piece_operand(arguments, 0).s, '[', piece_operand(arguments, 0).n) != NULL)
		python_drop(x, piece_of("the choice in brackets", 22));
	return python_says(x, "eval%s%s%s", split.kind != SPLIT_NONE ? " " : "", split.name,
	    memmem(arguments.s, arguments.n, "x_train", 7) != NULL ? " on=train" : "");
}

/* x_test[3], x_test[3:4], x_test[:1] as an image; "" where there is no such index. */
static int
image_of(struct python *x, struct piece p, char out[48])
{
	bool train = memmem(p.s, p.n, "x_train", 7) != NULL;
	const char *open = memchr(p.s, '[', p.n);
	char split[8];
	long n;

	out[0] = '\0';
	if (open == NULL)
		return 0;
	python_split(p, split);
	if (split[0] != '\0')
		return fail(x->e, "x_test_%s counts within its split; `show %s` names pictures by their number, as in "
		    "`predict test:7`", split, split);
	n = number_behind(p, "[:") >= 0 ? 0 : number_behind(p, "[");
	if (n >= 0)
		snprintf(out, 48, " %s:%ld", train ? "train" : "test", n);
	return 0;
}

/* Notes which pictures of x_test[:5], x_test[3:] or x_test are not the one that is shown. */
static void
drop_pictures(struct python *x, struct piece p)
{
	static const char sheets[] = "`show` has sheets";
	long from = number_behind(p, "["), to = number_behind(p, ":");
	char text[60];

	from = from < 0 ? 0 : from;
	if (to > from + 1)
		snprintf(text, sizeof text, "%ld more picture%s; %s", to - from - 1, to - from == 2 ? "" : "s", sheets);
	else if (to < 0 && memchr(p.s, ':', p.n) != NULL)
		snprintf(text, sizeof text, "the pictures behind it; %s", sheets);
	else if (piece_name(p) && (piece_begins(p, "x_test") || piece_begins(p, "x_train")))
		snprintf(text, sizeof text, "all pictures but one; %s", sheets);
	else
		return;
	python_drop(x, piece_of(text, strlen(text)));
}

static int
call_predict(struct python *x, struct piece callee, struct piece arguments)
{
	struct piece pictures = piece_operand(arguments, 0);
	char image[48];

	if (image_of(x, pictures, image) < 0)
		return -1;
	python_drops(x, arguments, "x batch_size verbose", 1);
	drop_pictures(x, pictures);
	return python_says(x, "predict%s", image);
}

static int
call_imshow(struct python *x, struct piece callee, struct piece arguments)
{
	char image[48];

	if (image_of(x, piece_operand(arguments, 0), image) < 0)
		return -1;
	return image[0] != '\0' ? python_says(x, "show%s", image) : python_says(x, "show");
}

static int
call_summary(struct python *x, struct piece callee, struct piece arguments)
{
	bool trainable = piece_is(piece_argument(arguments, "show_trainable"), "True");

	python_drops(x, arguments, "show_trainable line_length positions print_fn expand_nested", 0);
	return python_says(x, trainable ? "model trainable" : "model");
}

static int
call_count(struct python *x, struct piece callee, struct piece arguments)
{
	return python_says(x, "print params");
}

static int
call_plot(struct python *x, struct piece callee, struct piece arguments)
{
	bool accuracy = memmem(arguments.s, arguments.n, "acc", 3) != NULL,
	    loss = memmem(arguments.s, arguments.n, "loss", 4) != NULL;

	return python_says(x, accuracy == loss ? "plot" : accuracy ? "plot acc" : "plot loss");
}

/* ---- files, leaving, the rest ---- */

/* The command with the file that the call names. */
static int
says_file(struct python *x, const char *command, struct piece arguments)
{
	struct str value = {0};
	struct piece file;
	int rc = -1;

	python_values(x->b, piece_operand(arguments, 0), &value);
	file = piece_unquoted(piece_of(value.s, value.n));
	if (file.n == 0)
		fail(x->e, "the name of the file is missing; `%s FILE`, as in `%s`", command,
		    strcmp(command, "export") == 0 ? "export png curves.png" : "save model.safetensors");
	else if (memchr(file.s, '\\', file.n) != NULL)
		fail(x->e, "a backslash in a file's name; `%s FILE` takes it as it is", command);
	else
		rc = python_says(x, "%s \"%.*s\"", command, (int)file.n, file.s);
	free(value.s);
	return rc;
}

static int
call_save(struct python *x, struct piece callee, struct piece arguments)
{
	return says_file(x, "save", arguments);
}

static int
call_load(struct python *x, struct piece callee, struct piece arguments)
{
	return says_file(x, "load", arguments);
}

static int
call_savefig(struct python *x, struct piece callee, struct piece arguments)
{
	return says_file(x, "export", arguments);
}

static int
call_quit(struct python *x, struct piece callee, struct piece arguments)
{
	struct piece code = piece_operand(arguments, 0);

	return piece_number(code) ? python_says(x, "quit %.*s", (int)code.n, code.s) : python_says(x, "quit");
}

static int
call_seed(struct python *x, struct piece callee, struct piece arguments)
{
	struct str value = {0};

	python_values(x->b, piece_operand(arguments, 0), &value);
	if (piece_number(piece_of(value.s, value.n)))
		python_says(x, "set seed %s", value.s);
	else
		fail(x->e, "the seed is missing; `set seed 1337`");
	free(value.s);
	return x->out.n > 0 ? 1 : -1;
}

static int
call_clone(struct python *x, struct piece callee, struct piece arguments)
{
	return python_says(x, "reset");
}

/* mnist of keras.datasets.mnist.load_data() */
static int
call_load_data(struct python *x, struct piece callee, struct piece arguments)
{
	struct piece set = callee.n > 10 ? piece_last(piece_of(callee.s, callee.n - 10)) : callee;
	char name[32];

	snprintf(name, sizeof name, "%.*s", (int)set.n, set.s);
	if (piece_ends(set, "_mnist") && piece_begins(set, "fashion"))
		snprintf(name, sizeof name, "fashion");
	if (name[0] == '\0' || strcmp(x->s->data.name, name) == 0)
		return python_nothing(x, callee);
	return python_says(x, "data %s", name);
}

/* ---- the table ---- */

static const struct call {
	const char *name;
	int (*make)(struct python *x, struct piece callee, struct piece arguments);
} calls[] = {
	{"summary", call_summary}, {"fit", call_fit}, {"train_model", call_fit}, {"evaluate", call_evaluate},
	{"predict", call_predict}, {"compile", python_compile}, {"save_weights", call_save}, {"save", call_save},
	{"load_weights", call_load}, {"load_model", call_load}, {"quit", call_quit}, {"exit", call_quit},
	{"set_random_seed", call_seed}, {"clone_model", call_clone}, {"count_params", call_count},
	{"imshow", call_imshow}, {"plot", call_plot}, {"savefig", call_savefig}, {"load_data", call_load_data},
};

#define CALL_DEPTH 8 /* calls within calls */

/* Functions of Python that show or convert what they are given. */
static bool
call_shows(struct piece name)
{
	static const char *const names[] = {"print", "display", "argmax", "round", "float", "list", "len", "str"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (piece_is(name, names[i]))
			return true;
	return false;
}

static int
call_known(struct python *x, struct piece call, int depth)
{
	struct piece callee, arguments, inner, ignored, name;
	int rc;

	if (!piece_call(call, &callee, &arguments))
		return 0;
	name = piece_last(callee);
	for (int i = 0; call_shows(name) && (inner = piece_operand(arguments, i)).n > 0; i++)
		if (piece_call(inner, &ignored, &ignored) && depth > 0) { /* print(model.evaluate(...)) */
			rc = call_known(x, inner, depth - 1);
			if (rc != 0)
				return rc;
		}
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		if (piece_is(name, calls[i].name))
			return calls[i].make(x, callee, arguments);
	rc = python_nothing(x, callee);
	return rc != 0 ? rc : python_method(x, callee);
}

int
python_call(struct python *x, struct piece call)
{
	return call_known(x, call, CALL_DEPTH);
}
