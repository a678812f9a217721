/* python_layers.c: the layers that an expression of Python names. */
#include "language/python_call.h"

#include "session/made.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

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
	struct nn_net *net;
	struct piece callee, arguments;
	const char *open, *group;
	int first = 0, count;

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
	net = session_net(x->s, NULL); /* which may read the data: only now */
	count = net != NULL ? nn_net_count(net) : 0;
	if (group[0] == 'h')
		first = x->s->model.features;
	count = group[0] == 'f' ? x->s->model.features : count - first;
	return layers_index(piece_of(open + 1, (size_t)(p.s + p.n - open) - 2), first, count);
}
