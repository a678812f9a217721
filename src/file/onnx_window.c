/* onnx_window.c: the nodes of ONNX that are windows over pictures. Their padding is said in numbers, and is "valid",
 * Keras' "same", or rows of zeros before the layer.
 */
#include "file/onnx_fold.h"

#include <string.h>

struct window {
	int k, stride;
	int64_t pads[4]; /* top, left, bottom, right */
	bool same;
};

/* The pads of Keras' "same". */
static void
same_pads(const struct window *v, const struct nn_shape *in, int64_t pads[4])
{
	for (int i = 0; i < 2; i++) {
		int out = (in->dim[i] + v->stride - 1) / v->stride, need = (out - 1) * v->stride + v->k - in->dim[i];

		need = need > 0 ? need : 0;
		pads[i] = need / 2;
		pads[i + 2] = need - need / 2;
	}
}

static bool
any(const int64_t pads[4])
{
	return (pads[0] | pads[1] | pads[2] | pads[3]) != 0;
}

static int64_t
largest(const int64_t pads[4])
{
	int64_t most = 0;

	for (int i = 0; i < 4; i++)
		most = pads[i] > most ? pads[i] : most;
	return most;
}

/* A number that both directions share; -1 where it is none from 1 to 64. */
static int
both(const struct onnx_node *n, const char *name, int otherwise)
{
	int64_t v[2];
	int k = onnx_int_list(n, name, v, 2);

	if (k == 0)
		return otherwise;
	return k == 2 && v[0] == v[1] && v[0] >= 1 && v[0] <= 64 ? (int)v[0] : -1;
}

static int
window_read(struct onnx_walker *w, const struct onnx_node *n, int k, struct window *v, struct err *e)
{
	struct pb how = onnx_text(n, "auto_pad");
	const int *in = w->shape.dim;
	int64_t same[4];
	int said;

	*v = (struct window){.k = both(n, "kernel_shape", k), .stride = both(n, "strides", 1)};
	if (w->shape.rank != 3 || !w->first || w->mean)
		return onnx_fail(w->f, n, e, "its input is no picture with the channels first; load another");
	if (v->k < 1 || v->k > 64 || v->stride < 1)
		return onnx_fail(w->f, n, e, "its kernel_shape and strides have to be the same in both directions, "
		    "from 1 to 64, here; load another");
	if (both(n, "dilations", 1) != 1 || onnx_int(n, "group", 1) != 1)
		return onnx_fail(w->f, n, e, "no layer of thaw has dilations or groups; export a model without them");
	said = onnx_int_list(n, "pads", v->pads, 4);
	same_pads(v, &w->shape, same);
	if (pb_is(&how, "SAME_UPPER"))
		memcpy(v->pads, same, sizeof same);
	else if (pb_left(&how) > 0 && !pb_is(&how, "NOTSET") && !pb_is(&how, "VALID"))
		return onnx_fail(w->f, n, e, "its auto_pad is not known here; export the model with pads");
	else if (said != 0 && said != 4)
		return onnx_fail(w->f, n, e, "its pads are not four numbers; " ONNX_ANOTHER);
	for (int i = 0; i < 4; i++)
		if (v->pads[i] < 0 || v->pads[i] > 1024)
			return onnx_fail(w->f, n, e, "its pads are not from 0 to 1024; load another");
	for (int i = 0; i < 2 && onnx_int(n, "ceil_mode", 0) != 0; i++)
		if ((in[i] + v->pads[i] + v->pads[i + 2] - v->k) % v->stride != 0)
			return onnx_fail(w->f, n, e, "its ceil_mode gives a part of a window, which no layer of thaw "
			    "has; export the model without it");
	v->same = any(v->pads) && memcmp(v->pads, same, sizeof same) == 0;
	return 0;
}

/* The shape behind it. */
static int
window_end(struct onnx_walker *w, const struct onnx_node *n, const struct window *v, struct err *e)
{
	for (int i = 0; i < 2; i++) {
		int size = w->shape.dim[i];

		if (!v->same && size < v->k)
			return onnx_fail(w->f, n, e, "its window is larger than its input; load another");
		w->shape.dim[i] = v->same ? (size + v->stride - 1) / v->stride : (size - v->k) / v->stride + 1;
	}
	return 0;
}

/* Rows and columns of zeros as a layer of their own. */
static int
zeros_add(struct onnx_walker *w, const struct onnx_node *n, const int64_t pads[4], struct err *e)
{
	int each = (int)pads[0];

	for (int i = 1; i < 4; i++)
		each = pads[i] < each ? (int)pads[i] : each;
	w->shape.dim[0] += (int)(pads[0] + pads[2]);
	w->shape.dim[1] += (int)(pads[1] + pads[3]);
	return onnx_layer_add(w, n, (struct nn_layer_spec){.kind = "zero_padding2d", .pad = each,
	    .top = (int)pads[0] - each, .left = (int)pads[1] - each, .bottom = (int)pads[2] - each,
	    .right = (int)pads[3] - each}, e) != NULL ? 0 : -1;
}

int
onnx_take_conv(struct onnx_walker *w, const struct onnx_node *n, struct err *e)
{
	const struct onnx_constant *kernel = onnx_weights(w, n, 1, 0, e), *bias = NULL;
	struct onnx_layer *l;
	struct window v;
	int filters;

	if (kernel == NULL)
		return -1;
	if (kernel->rank != 4 || kernel->dim[2] != kernel->dim[3] || kernel->dim[2] < 1 || kernel->dim[2] > 64 ||
	    kernel->dim[0] < 1 || kernel->dim[0] > ONNX_SIDE_MAX)
		return onnx_fail(w->f, n, e, "its kernel is not of two dimensions, square and at most 64 wide; load "
		    "another");
	filters = (int)kernel->dim[0];
	if (window_read(w, n, (int)kernel->dim[2], &v, e) < 0)
		return -1;
	if (kernel->dim[1] != (uint64_t)w->shape.dim[2] || kernel->dim[2] != (uint64_t)v.k)
		return onnx_fail(w->f, n, e, "its kernel does not fit its input of %d channels; " ONNX_ANOTHER,
		    w->shape.dim[2]);
	if (n->ninputs > 2 && pb_left(&n->input[2]) > 0 &&
	    (bias = onnx_weights(w, n, 2, (uint64_t)filters, e)) == NULL)
		return -1;
	if (!v.same && any(v.pads) && zeros_add(w, n, v.pads, e) < 0)
		return -1;
	if (window_end(w, n, &v, e) < 0 || (l = onnx_layer_add(w, n, (struct nn_layer_spec){.kind = "conv2d",
	    .filters = filters, .kernel = v.k, .strides = v.stride, .padding = v.same ? "same" : "valid"}, e)) == NULL)
		return -1;
	w->shape.dim[2] = filters;
	l->nsources = 2;
	l->source[0] = (struct onnx_source){.from = kernel, .form = ONNX_KERNEL};
	l->source[1] = (struct onnx_source){.from = bias, .count = (uint64_t)filters};
	w->open = bias == NULL;
	return 0;
}

/* What comes here is never below 0, where zeros around it are as good as nothing for a maximum. */
static bool
not_negative(const struct onnx_walker *w)
{
	static const char *const keep[] = {"max_pooling2d", "average_pooling2d", "zero_padding2d", "dropout"};
	const struct plan *p = &w->l->plan;

	for (int i = p->n; i-- > 0;) {
		const char *kind = p->spec[i].kind, *function = p->spec[i].activation;
		bool kept = false;

		if (function != NULL)
			return strcmp(function, "relu") == 0 || strcmp(function, "sigmoid") == 0 ||
			    strcmp(function, "softmax") == 0;
		for (size_t k = 0; k < sizeof keep / sizeof *keep; k++)
			kept |= strcmp(kind, keep[k]) == 0;
		if (!kept)
			return false;
	}
	return true; /* pixels */
}

int
onnx_take_pool(struct onnx_walker *w, const struct onnx_node *n, struct err *e)
{
	bool max = pb_is(&n->op, "MaxPool");
	struct window v;

	if (window_read(w, n, 0, &v, e) < 0)
		return -1;
	/* Keras' mean leaves out what lies outside, as ONNX does unless it is told otherwise; then it is zeros. */
	if (!max && onnx_int(n, "count_include_pad", 0) != 0)
		v.same = false;
	if (!v.same && any(v.pads) && (max ? !not_negative(w) || largest(v.pads) >= v.k :
	    onnx_int(n, "count_include_pad", 0) == 0))
		return onnx_fail(w->f, n, e, "its pads are neither none nor those of Keras' padding=same%s; export "
		    "the model with such", max ? ", and what comes to it may be below 0, as behind no ReLU" : "");
	if (!v.same && any(v.pads) && zeros_add(w, n, v.pads, e) < 0)
		return -1;
	if (window_end(w, n, &v, e) < 0)
		return -1;
	return onnx_layer_add(w, n, (struct nn_layer_spec){.kind = max ? "max_pooling2d" : "average_pooling2d",
	    .pool = v.k, .strides = v.stride != v.k ? v.stride : 0, .padding = v.same ? "same" : "valid"}, e) != NULL ?
	    0 : -1;
}

int
onnx_take_pad(struct onnx_walker *w, const struct onnx_node *n, struct err *e)
{
	const struct onnx_constant *value = n->ninputs > 2 ? onnx_find(w->f, &n->input[2]) : NULL;
	struct pb mode = onnx_text(n, "mode");
	int at = w->first ? 2 : 1; /* where the height stands */
	int64_t p[8], zeros = 0;
	int count = n->ninputs > 3 ? 0 : n->ninputs > 1 ? onnx_known(w, &n->input[1], p, 8) :
	    onnx_int_list(n, "pads", p, 8);

	if (w->shape.rank != 3 || w->mean || count != 8 || (pb_left(&mode) > 0 && !pb_is(&mode, "constant")) ||
	    (n->ninputs > 2 && pb_left(&n->input[2]) > 0 && (value == NULL || value->floats == FLOATS_NONE ||
	    value->count != 1 ||
	    onnx_float(value, 0) != 0)) || onnx_real(n, "value", 0) != 0)
		return onnx_fail(w->f, n, e, "it has to pad a picture with zeros, by numbers that stand in the file; "
		    "load another");
	for (int i = 0; i < 8; i++) {
		zeros |= i % 4 != at && i % 4 != at + 1 ? p[i] : 0;
		if (p[i] < 0 || p[i] > 1024)
			zeros = 1;
	}
	if (zeros != 0)
		return onnx_fail(w->f, n, e, "it has to pad the height and width alone, by 0 to 1024; load another");
	return zeros_add(w, n, (const int64_t[]){p[at], p[at + 1], p[at + 4], p[at + 5]}, e);
}
