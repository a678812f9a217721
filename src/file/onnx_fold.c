/* onnx_fold.c: nodes of ONNX that reckon with whole numbers alone: the pads of a Pad, the operand of a Reshape, as
 * PyTorch writes them where it does not know them beforehand. They are worked out in the order of the graph, each once:
 * a node whose operands are not known by then is none of them, so that a circle ends nothing. All that they give is
 * small, and its size is checked before it is made.
 */
#include "file/onnx_fold.h"

#include "util/xmalloc.h"

#include <string.h>

#define FOLDED_MAX 1000 /* nodes; a Pad of PyTorch takes a dozen */

/* A node while it is worked out. */
struct fold {
	struct onnx_walker *w;
	const struct onnx_node *n;
	struct onnx_ints in[ONNX_INPUTS_MAX]; /* as many as the node has; those that are left out have the rank -1 */
	struct onnx_ints out;
};

/* What a node is made with as an attribute, or as an input since a later opset; how many, or -1. */
static int
operand(const struct fold *x, const char *name, int input, int64_t *to, int max)
{
	const struct onnx_ints *in = &x->in[input];

	if (input >= x->n->ninputs || in->rank < 0)
		return onnx_int_list(x->n, name, to, max);
	if (in->rank > 1 || in->n > max)
		return -1;
	memcpy(to, in->v, (size_t)in->n * sizeof *to);
	return in->n;
}

/* ---- the operators ---- */

static void
put(struct onnx_ints *x, int64_t v)
{
	x->v[x->dim[0]++] = v;
	x->n = x->dim[0];
}

/* Of a value that was on the way. */
static bool
put_shape(struct onnx_ints *out, const struct onnx_walker *w, const struct pb *name)
{
	const struct onnx_value_shape *x = w->past;
	const int *d;

	while (x < w->past + w->npast && !onnx_same(name, &x->name))
		x++;
	if (x == w->past + w->npast)
		return false;
	d = x->shape.dim;
	put(out, ONNX_BATCH);
	if (x->shape.rank == 3 && x->first)
		put(out, d[2]);
	for (int i = 0; i < x->shape.rank; i++)
		if (i < 2 || !x->first)
			put(out, d[i]);
	return true;
}

/* Of what a node gave, or of a constant, or of numbers. */
static bool
fold_shape(struct fold *x)
{
	const struct pb *name = &x->n->input[0];
	const struct onnx_constant *c = onnx_find(x->w->f, name);
	struct onnx_ints *out = &x->out, have;

	out->rank = 1;
	if (onnx_int(x->n, "start", 0) != 0 || onnx_int(x->n, "end", INT64_MAX) != INT64_MAX)
		return false;
	if (c != NULL) {
		for (int i = 0; i < c->rank; i++)
			put(out, (int64_t)(c->dim[i] < INT64_MAX ? c->dim[i] : INT64_MAX));
	} else if (onnx_ints_find(x->w, name, &have)) {
		for (int i = 0; i < have.rank; i++)
			put(out, have.dim[i]);
	} else
		return put_shape(out, x->w, name);
	return true;
}

static bool
fold_gather(struct fold *x)
{
	const struct onnx_ints *from = &x->in[0], *at = &x->in[1];

	if (x->n->ninputs != 2 || from->rank != 1 || at->rank > 1 || onnx_int(x->n, "axis", 0) != 0)
		return false;
	x->out = *at;
	for (int i = 0; i < at->n; i++) {
		int64_t k = at->v[i] + (at->v[i] < 0 ? from->n : 0);

		if (k < 0 || k >= from->n)
			return false;
		x->out.v[i] = from->v[k];
	}
	return true;
}

static bool
fold_unsqueeze(struct fold *x)
{
	int64_t axis[2];
	int n = operand(x, "axes", 1, axis, 2), rank = x->in[0].rank + n;
	bool one[2] = {false, false};

	if (n < 1 || rank > 2)
		return false;
	x->out = x->in[0];
	for (int i = 0; i < n; i++) {
		int64_t k = axis[i] + (axis[i] < 0 ? rank : 0);

		if (k < 0 || k >= rank || one[k])
			return false;
		one[k] = true;
	}
	x->out.rank = rank;
	for (int i = 0, k = 0; i < rank; i++)
		x->out.dim[i] = one[i] ? 1 : x->in[0].dim[k++];
	return true;
}

static bool
fold_squeeze(struct fold *x)
{
	const struct onnx_ints *in = &x->in[0];
	int64_t axis[2];
	int n = operand(x, "axes", 1, axis, 2);
	bool gone[2];

	for (int i = 0; i < in->rank; i++)
		gone[i] = n == 0 && in->dim[i] == 1;
	for (int i = 0; i < n; i++) {
		int64_t k = axis[i] + (axis[i] < 0 ? in->rank : 0);

		if (k < 0 || k >= in->rank || in->dim[k] != 1)
			return false;
		gone[k] = true;
	}
	x->out = *in;
	x->out.rank = 0;
	for (int i = 0; i < in->rank; i++)
		if (!gone[i])
			x->out.dim[x->out.rank++] = in->dim[i];
	return n >= 0;
}

static bool
fold_concat(struct fold *x)
{
	int64_t axis = onnx_int(x->n, "axis", 0);

	x->out.rank = 1;
	for (int i = 0; i < x->n->ninputs; i++) {
		const struct onnx_ints *in = &x->in[i];

		if (in->rank != 1 || (axis != 0 && axis != -1) || x->out.n + in->n > ONNX_INTS_MAX)
			return false;
		for (int k = 0; k < in->n; k++)
			put(&x->out, in->v[k]);
	}
	return true;
}

/* Takes from `start` to before `end` along an axis. */
static bool
cut(struct onnx_ints *x, int64_t axis, int64_t start, int64_t end, int64_t step)
{
	struct onnx_ints old = *x;
	int64_t size, low = step < 0 ? -1 : 0, k = 0;
	int a;

	axis += axis < 0 ? x->rank : 0;
	if (axis < 0 || axis >= x->rank || step == 0 || start == ONNX_BATCH || end == ONNX_BATCH)
		return false;
	a = (int)axis;
	size = x->dim[a];
	start += start < 0 ? size : 0;
	end += end < 0 ? size : 0;
	start = start < 0 ? 0 : start > size + low ? size + low : start;
	end = end < low ? low : end > size ? size : end;
	step = step > ONNX_INTS_MAX ? ONNX_INTS_MAX : step < -ONNX_INTS_MAX ? -ONNX_INTS_MAX : step;
	for (int64_t i = start; size > 0 && (step > 0 ? i < end : i > end); i += step, k++)
		for (int other = 0; other < (x->rank < 2 ? 1 : old.dim[1 - a]); other++) {
			if (x->rank < 2)
				x->v[k] = old.v[i];
			else if (a == 0)
				x->v[k * old.dim[1] + other] = old.v[i * old.dim[1] + other];
			else /* the rows of the new one may be shorter, and do not go beyond what was read */
				x->v[other * old.dim[1] + k] = old.v[other * old.dim[1] + i];
		}
	x->dim[a] = (int)k;
	for (int row = 0; row < x->dim[0] && x->rank == 2 && a == 1; row++)
		memmove(x->v + row * k, x->v + row * old.dim[1], (size_t)k * sizeof *x->v);
	return onnx_ints_size(x);
}

static bool
fold_slice(struct fold *x)
{
	int64_t start[2], end[2], axis[2] = {0, 1}, step[2] = {1, 1};
	int n = operand(x, "starts", 1, start, 2), naxes = operand(x, "axes", 3, axis, 2), nsteps = 0;

	if (x->n->ninputs > 4 && x->in[4].rank >= 0)
		nsteps = operand(x, "", 4, step, 2);
	if (n < 1 || operand(x, "ends", 2, end, 2) != n || (naxes != 0 && naxes != n) || (nsteps != 0 && nsteps != n))
		return false;
	x->out = x->in[0];
	for (int i = 0; i < n; i++)
		if (!cut(&x->out, axis[i], start[i], end[i], step[i]))
			return false;
	return true;
}

/* Whether it makes columns of rows, as it does where nothing is said. */
static bool
turns(const struct onnx_node *n)
{
	int64_t perm[2] = {1, 0};
	int said = onnx_int_list(n, "perm", perm, 2);

	return (said == 0 || said == 2) && perm[0] == 1 && perm[1] == 0;
}

static bool
fold_transpose(struct fold *x)
{
	const struct onnx_ints *in = &x->in[0];

	if (in->rank != 2 || !turns(x->n))
		return false;
	x->out = *in;
	x->out.dim[0] = in->dim[1];
	x->out.dim[1] = in->dim[0];
	for (int i = 0; i < in->n; i++)
		x->out.v[i % in->dim[1] * in->dim[0] + i / in->dim[1]] = in->v[i];
	return true;
}

static bool
fold_reshape(struct fold *x)
{
	const struct onnx_ints *to = &x->in[1];
	int rest = -1, n = 1;

	if (x->n->ninputs != 2 || to->rank != 1 || to->n > 2 || onnx_int(x->n, "allowzero", 0) != 0)
		return false;
	x->out = x->in[0];
	x->out.rank = to->n;
	for (int i = 0; i < to->n; i++) {
		int64_t d = to->v[i] == 0 && i < x->in[0].rank ? x->in[0].dim[i] : to->v[i];

		if (d == -1 && rest < 0)
			rest = i;
		else if (d < 1 || d > ONNX_INTS_MAX)
			return false;
		x->out.dim[i] = (int)d;
		n *= d == -1 ? 1 : (int)d;
	}
	if (rest >= 0) {
		x->out.dim[rest] = x->in[0].n / n;
		n *= x->out.dim[rest];
	}
	return n == x->in[0].n;
}

static bool
fold_same(struct fold *x)
{
	int64_t to = onnx_int(x->n, "to", ONNX_INT64);

	x->out = x->in[0];
	return x->n->ninputs == 1 && (to == ONNX_INT64 || to == ONNX_INT32);
}

static bool
fold_constant(struct fold *x)
{
	const struct onnx_ints *in = &x->in[0];
	struct onnx_constant c;
	struct err ignored = {0};
	struct pb value;
	int64_t v;

	if (in->rank != 1 || in->n > 2 || !onnx_value(x->n, &value) ||
	    onnx_tensor_read(x->w->f, value, &c, &ignored) < 0)
		return false;
	if (onnx_numbers(&c, &v, 1) != 1 || v == ONNX_BATCH)
		return false;
	x->out.rank = in->n;
	for (int i = 0; i < in->n; i++) {
		if (in->v[i] < 0 || in->v[i] > ONNX_INTS_MAX)
			return false;
		x->out.dim[i] = (int)in->v[i];
	}
	if (!onnx_ints_size(&x->out))
		return false;
	for (int i = 0; i < x->out.n; i++)
		x->out.v[i] = v;
	return true;
}

static bool
reckon(const struct onnx_node *n, int64_t a, int64_t b, int64_t *out)
{
	if (a == ONNX_BATCH || b == ONNX_BATCH) {
		*out = ONNX_BATCH;
		return pb_is(&n->op, "Mul") && (a == 1 || b == 1);
	}
	if (pb_is(&n->op, "Div")) {
		*out = b != 0 ? a / b : 0;
		return b != 0;
	}
	return !(pb_is(&n->op, "Mul") ? __builtin_mul_overflow(a, b, out) : pb_is(&n->op, "Add") ?
	    __builtin_add_overflow(a, b, out) : __builtin_sub_overflow(a, b, out)) && *out != ONNX_BATCH;
}

static bool
fold_sum(struct fold *x)
{
	const struct onnx_ints *a = &x->in[0], *b = &x->in[1];
	bool more = x->n->ninputs == 2 && (b->n > a->n || b->rank > a->rank);

	if (x->n->ninputs != 2 || (a->n != b->n && a->n != 1 && b->n != 1) || a->n < 1 || b->n < 1 || a->rank > 1 ||
	    b->rank > 1)
		return false;
	x->out = more ? *b : *a;
	for (int i = 0; i < x->out.n; i++)
		if (!reckon(x->n, a->v[a->n > 1 ? i : 0], b->v[b->n > 1 ? i : 0], &x->out.v[i]))
			return false;
	return true;
}

static const struct {
	const char *op;
	bool (*fold)(struct fold *x);
} ops[] = {{"Shape", fold_shape}, {"Gather", fold_gather}, {"Unsqueeze", fold_unsqueeze}, {"Squeeze", fold_squeeze},
    {"Concat", fold_concat}, {"Slice", fold_slice}, {"Transpose", fold_transpose}, {"Reshape", fold_reshape},
    {"Cast", fold_same}, {"Identity", fold_same}, {"ConstantOfShape", fold_constant}, {"Mul", fold_sum},
    {"Add", fold_sum}, {"Sub", fold_sum}, {"Div", fold_sum}};

/* ---- a node ---- */

static bool
inputs_known(struct fold *x)
{
	const struct onnx_node *n = x->n;

	for (int i = 0; i < n->ninputs; i++)
		if (pb_left(&n->input[i]) == 0)
			x->in[i].rank = -1;
		else if (!onnx_ints_find(x->w, &n->input[i], &x->in[i]))
			return false;
	return x->in[0].rank >= 0;
}

/* Weights that are turned around before they are used: they stay where they are. */
static const struct onnx_constant *
weights_turned(const struct onnx_walker *w, const struct onnx_node *n)
{
	const struct onnx_constant *c = pb_is(&n->op, "Transpose") ? onnx_find(w->f, &n->input[0]) : NULL;

	return c != NULL && c->floats != FLOATS_NONE && c->rank == 2 && turns(n) ? c : NULL;
}

bool
onnx_fold(struct onnx_walker *w, const struct onnx_node *n)
{
	struct fold x = {.w = w, .n = n};
	size_t i = 0;

	while (i < sizeof ops / sizeof *ops && !pb_is(&n->op, ops[i].op))
		i++;
	/* of more inputs than are kept some are not known; a picture is no number, and needs no search */
	if (i == sizeof ops / sizeof *ops || n->ninputs < 1 || n->ninputs == ONNX_INPUTS_MAX ||
	    (i > 0 && onnx_same(&n->input[0], &w->at)) || w->nfolded == FOLDED_MAX ||
	    onnx_folded(w, &n->output) != NULL)
		return false;
	if ((x.out.from = weights_turned(w, n)) == NULL &&
	    ((i > 0 && !inputs_known(&x)) || !ops[i].fold(&x)))
		return false;
	x.out.name = n->output;
	if ((w->nfolded & (w->nfolded - 1)) == 0)
		w->folded = xrealloc(w->folded, w->nfolded > 0 ? 2 * (size_t)w->nfolded : 1, sizeof *w->folded);
	w->folded[w->nfolded++] = x.out;
	return true;
}
