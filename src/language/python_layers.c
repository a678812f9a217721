/* python_layers.c: the layers that an expression of Python names. */
#include "language/python_call.h"

#include "session/made.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

#define NUMBER_MAX 1000000
#define NUMBER_DEPTH 8 /* brackets within brackets */

static bool layers_span(struct python *x, struct piece p, int *first, int *count);

/* ---- numbers ---- */

/* The last of these signs between two values, outside brackets; 0: there is none. */
static size_t
number_sign(struct piece p, const char *signs)
{
	struct scan x = {0};
	size_t found = 0;
	bool value = false; /* one stands just before */

	for (size_t i = 0; i < p.n; i++) {
		bool outside = scan_outside(&x, p.s[i]), sign = outside && strchr("+-*/", p.s[i]) != NULL;

		if (sign && value && strchr(signs, p.s[i]) != NULL)
			found = i;
		value = !sign && (value || p.s[i] != ' ');
	}
	return found;
}

static bool
number_plain(struct piece p, long *out)
{
	char *text = piece_text(p), *end;
	bool is;

	*out = strtol(text, &end, 10);
	is = end > text && *end == '\0' && *out >= -NUMBER_MAX && *out <= NUMBER_MAX;
	free(text);
	return is;
}

/* 7, n that was assigned one, len(model.layers) - 5, (n + 1) // 2 */
static bool
number_of(struct python *x, struct piece p, int depth, long *out)
{
	const struct notebook_name *k = piece_name(p) ? notebook_find(x->b, p.s, p.n) : NULL;
	struct piece callee, arguments;
	size_t at = number_sign(p, "+-"), width;
	int first, count;
	long right;
	char sign;

	if (depth == 0 || p.n == 0 || (x->b->index != NULL && piece_is(p, x->b->index)))
		return false;
	if (k != NULL)
		return number_plain(piece_of(k->value, strlen(k->value)), out);
	if (at == 0)
		at = number_sign(p, "*/");
	if (at > 0) {
		sign = p.s[at];
		if (sign == '/' && (at + 1 == p.n || p.s[at + 1] != '/')) /* no whole number */
			return false;
		width = sign == '/' ? 2 : 1;
		if (!number_of(x, piece_of(p.s, at), depth - 1, out) ||
		    !number_of(x, piece_of(p.s + at + width, p.n - at - width), depth - 1, &right) ||
		    (sign == '/' && (right <= 0 || *out < 0)))
			return false;
		*out = sign == '+' ? *out + right : sign == '-' ? *out - right : sign == '*' ? *out * right :
		    *out / right;
		return *out >= -NUMBER_MAX && *out <= NUMBER_MAX;
	}
	if (p.s[0] == '(' && piece_ends(p, ")"))
		return number_of(x, piece_of(p.s + 1, p.n - 2), depth - 1, out);
	if (piece_ends(p, ")") && piece_call(p, &callee, &arguments) && piece_is(callee, "len") &&
	    layers_span(x, arguments, &first, &count)) {
		*out = count;
		return true;
	}
	return number_plain(p, out);
}

static bool
counts_add(struct notebook *b, long n)
{
	if (b->counts == NOTEBOOK_COUNTED)
		return false;
	b->counted[b->counts++] = (int)n;
	return true;
}

/* The numbers of range(to), range(from, to), range(from, to, step). */
static bool
counts_range(struct python *x, struct piece arguments)
{
	long limit[3] = {0, 0, 1};
	int n = 0;

	for (struct piece p; n < 4 && (p = piece_operand(arguments, n)).n > 0; n++)
		if (n == 3 || !number_of(x, p, NUMBER_DEPTH, &limit[n]))
			return false;
	if (n == 1) {
		limit[1] = limit[0];
		limit[0] = 0;
	}
	if (n == 0 || limit[2] == 0)
		return false;
	for (long i = limit[0]; limit[2] > 0 ? i < limit[1] : i > limit[1]; i += limit[2])
		if (!counts_add(x->b, i))
			return false;
	return true;
}

bool
python_counts(struct python *x, struct piece over)
{
	struct piece callee, arguments = over, one;
	int first, count;
	long n;

	x->b->counts = 0;
	while (piece_ends(over, ")") && piece_call(over, &callee, &arguments)) {
		if (piece_is(callee, "range"))
			return counts_range(x, arguments) && x->b->counts > 0;
		if (piece_is(callee, "enumerate")) {
			if (piece_operand(arguments, 1).n > 0 || piece_argument(arguments, "start").n > 0 ||
			    !layers_span(x, piece_operand(arguments, 0), &first, &count))
				return false;
			for (int i = 0; i < count; i++)
				if (!counts_add(x->b, i))
					return false;
			return count > 0;
		}
		if (!piece_is(callee, "reversed") && !piece_is(callee, "list") && !piece_is(callee, "tuple"))
			return false;
		over = piece_operand(arguments, 0);
	}
	if (over.n > 1 && strchr("[(", over.s[0]) != NULL && strchr("])", over.s[over.n - 1]) != NULL)
		over = piece_of(over.s + 1, over.n - 2);
	else if (memchr(over.s, ',', over.n) == NULL)
		return false;
	for (size_t at = 0; piece_next(over, &at, ",", &one);)
		if ((one.n > 0 || at <= over.n) && (!number_of(x, one, NUMBER_DEPTH, &n) || !counts_add(x->b, n)))
			return false;
	return x->b->counts > 0;
}

/* ---- layers ---- */

/* The numbers that the loop's index stands for, of the part of `count` layers that begins at layer `first`. */
static char *
layers_counted(struct notebook *b, int first, int count)
{
	struct str out = {0};
	bool row = true; /* one behind the other */

	for (int i = 0; i < b->counts; i++) {
		int n = b->counted[i] < 0 ? b->counted[i] + count : b->counted[i];

		if (n < 0 || n >= count) {
			free(out.s);
			return NULL;
		}
		row &= i == 0 || b->counted[i] == b->counted[i - 1] + 1;
		str_add(&out, "%s%d", i > 0 ? "," : "", first + n);
	}
	if (row && b->counts > 1 && b->counted[0] >= 0) {
		free(out.s);
		return xasprintf("%d..%d", first + b->counted[0], first + b->counted[b->counts - 1]);
	}
	return out.s;
}

/* Layers of the part that begins at layer `first`, by the index in [..]: 0, -1, i, :7, 2:, :len(model.layers)-5. */
static char *
layers_index(struct python *x, struct piece p, int first, int count)
{
	struct piece begin, end;
	size_t at = 0;
	long from = 0, to = count;

	if (x->b->index != NULL && piece_is(p, x->b->index))
		return layers_counted(x->b, first, count);
	piece_next(p, &at, ":", &begin);
	if (begin.n > 0 && !number_of(x, begin, NUMBER_DEPTH, &from))
		return NULL;
	from = from < 0 ? from + count : from;
	if (at > p.n) /* no colon */
		to = begin.n > 0 ? from + 1 : 0;
	else {
		piece_next(p, &at, ":", &end);
		if (at <= p.n || (end.n > 0 && !number_of(x, end, NUMBER_DEPTH, &to)))
			return NULL;
		to = to < 0 ? to + count : to > count ? count : to;
	}
	if (from < 0 || from >= to || to > count)
		return NULL;
	return from + 1 == to ? xasprintf("%ld", first + from) : xasprintf("%ld..%ld", first + from, first + to - 1);
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

/* Whether a value is of layers that there are: model.layers, not [keras.layers.Dense(5)]. */
static bool
layers_there(const char *value)
{
	static const char word[] = "layers";

	for (const char *c = value; (c = strstr(c, word)) != NULL; c += sizeof word - 1)
		if (c[sizeof word - 1] != '.')
			return strstr(value, "Sequential(") == NULL;
	return false;
}

/* What stands between the brackets of [model.layers[0], model.layers[2]], [l for l in first]; not [l.name for l in
 * first]. */
static char *
layers_list(struct python *x, struct piece p)
{
	struct str out = {0};
	struct piece one;
	char *words = NULL;

	for (size_t at = 0; piece_next(p, &at, ",", &one); free(words)) {
		const char *each = memmem(one.s, one.n, " for ", 5);
		bool plain = one.n > 0 && one.s[0] != '[';

		if (each != NULL)
			plain = piece_name(piece_of(one.s, (size_t)(each - one.s)));
		words = plain ? python_layers(x, one) : NULL;
		if (words == NULL && (one.n > 0 || at <= p.n || out.n == 0)) {
			free(out.s);
			return NULL;
		}
		if (words != NULL)
			str_add(&out, "%s%s", out.n > 0 ? "," : "", words);
	}
	return out.s;
}

/* The first of the layers that an expression names, and how many; false: they are not known to stand in a row. */
static bool
layers_span(struct python *x, struct piece p, int *first, int *count)
{
	char *words = python_layers(x, p), *end;
	struct nn_net *net;
	int features, all;
	bool known = words != NULL;

	if (!known)
		return false;
	net = session_net(x->s, NULL); /* which may read the data: only now */
	all = net != NULL ? nn_net_count(net) : 0;
	features = x->s->model.features;
	*first = words[0] == 'h' ? features : 0;
	*count = strcmp(words, "features") == 0 ? features : all - *first;
	if (strcmp(words, "all") != 0 && strcmp(words, "features") != 0 && strcmp(words, "head") != 0) {
		*first = (int)strtol(words, &end, 10);
		known = end > words;
		*count = (strncmp(end, "..", 2) == 0 ? (int)strtol(end + 2, &end, 10) : *first) - *first + 1;
		known = known && *end == '\0' && *count > 0 && *first + *count <= all;
	}
	free(words);
	return known;
}

char *
python_layers(struct python *x, struct piece p)
{
	const struct notebook_name *k = piece_name(p) ? notebook_find(x->b, p.s, p.n) : NULL;
	struct piece callee, arguments;
	const char *open, *group;
	int first, count;

	if (x->b->variable != NULL && piece_is(p, x->b->variable))
		return xstrdup(x->b->layers);
	if (k != NULL && (k->layers != NULL || layers_there(k->value))) /* where it is not known which, none */
		return k->layers != NULL ? xstrdup(k->layers) : NULL;
	if ((group = layers_group(p)) != NULL)
		return xstrdup(group);
	if (piece_begins(p, "[") && piece_ends(p, "]"))
		return layers_list(x, piece_of(p.s + 1, p.n - 2));
	if (piece_call(p, &callee, &arguments)) {
		if (piece_is(piece_last(callee), "get_layer"))
			return layers_got(arguments);
		if (piece_is(callee, "enumerate") || piece_is(callee, "list") || piece_is(callee, "reversed"))
			return python_layers(x, piece_operand(arguments, 0));
	}
	open = memchr(p.s, '[', p.n);
	if (open == NULL || open == p.s || !piece_ends(p, "]") ||
	    !layers_span(x, piece_of(p.s, (size_t)(open - p.s)), &first, &count))
		return NULL;
	return layers_index(x, piece_of(open + 1, (size_t)(p.s + p.n - open) - 2), first, count);
}
