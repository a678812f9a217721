/* python_nothing.c: calls of Python that mean nothing here, and which commands do what they are for. */
#include "language/python_call.h"

static const char data[] = "the data are read, scaled and split already, and their labels counted from 0";
static const char prints[] = "what Python would print the commands print themselves: `eval` a score, `history` the "
    "epochs, `layers` what trains, `data info` the data; `print` has numbers, as in `print val_accuracy`";
static const char draws[] = "figures are drawn by the commands themselves: `plot` the curves, `show` pictures, "
    "`confusion` the matrix; `export png plot` makes a file";
static const char times[] = "`train` says itself how long it has taken";
static const char computes[] = "no arrays are computed with here: `predict`, `eval` and `confusion` say what the model "
    "answers, `stats` what its weights are";

static const struct {
	const char *name, *why;
} passed[] = {
	{"print", prints}, {"display", prints}, {"show", draws}, {"figure", draws}, {"subplot", draws},
	{"subplots", draws}, {"title", draws}, {"xlabel", draws}, {"ylabel", draws}, {"legend", draws}, {"grid", draws},
	{"now", times}, {"load_data", data}, {"reshape", data}, {"astype", data}, {"to_categorical", data},
	{"expand_dims", data}, {"normalize", data},
}, modules[] = {{"plt.", draws}, {"np.", computes}, {"K.", computes}, {"tf.", computes}};

int
python_nothing(struct python *x, struct piece callee)
{
	struct piece name = piece_last(callee);

	x->passed = NULL;
	if (piece_is(name, "add") || piece_is(name, "pop"))
		return fail(x->e, "a model is built at once, not layer by layer: `build \"Conv2D(32, 3), ..., "
		    "Dense(5), Activation('softmax')\"`");
	if (piece_is(name, "get_weights") || piece_is(name, "set_weights"))
		return fail(x->e, "weights are no arrays here; `layers` lists them, `save FILE` and `load FILE` take "
		    "them out and in");
	for (size_t i = 0; x->passed == NULL && i < sizeof passed / sizeof *passed; i++)
		if (piece_is(name, passed[i].name))
			x->passed = passed[i].why;
	for (size_t i = 0; x->passed == NULL && i < sizeof modules / sizeof *modules; i++)
		if (piece_begins(callee, modules[i].name))
			x->passed = modules[i].why;
	return x->passed != NULL;
}
