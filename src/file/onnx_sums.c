/* onnx_sums.c: Mul, Div, Add, Sub of a graph of ONNX, with a constant: a rescaling, the bias of what has none yet, or
 * the factors and sums of each channel, as which Keras writes a normalization.
 */
#include "file/onnx_walk.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Above what a float tells from 1. */
#define NO_EPSILON 1e-12

/* Whether it has a value for each channel of what it is applied to. */
static bool
of_channels(const struct onnx_walker *w, const struct onnx_constant *c)
{
	int axis = c->rank - (w->shape.rank == 3 && w->first ? 3 : 1);

	return axis >= 0 && c->dim[axis] == c->count && c->count == (uint64_t)w->shape.dim[w->shape.rank - 1];
}

/* A value for each channel: a bias, or a normalization whose statistics are none. */
static int
channels(struct onnx_walker *w, const struct onnx_node *n, const struct onnx_constant *c, bool sum, struct err *e)
{
	struct plan *p = &w->l->plan;
	struct onnx_layer *l = p->n > 0 ? &w->l->layer[p->n - 1] : NULL;

	if (!sum || !w->open || l == NULL || l->nsources == 0) {
		if ((l = onnx_layer_add(w, n, (struct nn_layer_spec){.kind = "batch_normalization", .momentum = 0.99,
		    .epsilon = NO_EPSILON}, e)) == NULL)
			return -1;
		l->nsources = 4;
		for (int i = 0; i < 4; i++) {
			l->source[i] = (struct onnx_source){.count = c->count, .otherwise = i == 0 || i == 3 ? 1 : 0};
			memcpy(l->source[i].flat, w->flat, sizeof w->flat);
		}
	}
	l->source[sum].from = c;
	w->open = !sum;
	return 0;
}

int
onnx_take_sum(struct onnx_walker *w, const struct onnx_node *n, struct err *e)
{
	bool swapped = n->ninputs == 2 && onnx_same(&n->input[1], &w->at), sum = pb_is(&n->op, "Add"),
	     difference = pb_is(&n->op, "Sub"), quotient = pb_is(&n->op, "Div");
	const struct onnx_constant *c = onnx_weights(w, n, !swapped, 0, e);
	struct nn_layer_spec spec = {.kind = "rescaling", .scale = 1}, *last = w->l->plan.spec + w->l->plan.n - 1;
	double v;

	if (c == NULL)
		return -1;
	if (!difference && !quotient && !w->mean && of_channels(w, c) && (c->count > 1 || (sum && w->open &&
	    strcmp(last->kind, "rescaling") != 0)))
		return channels(w, n, c, sum, e);
	if (c->count != 1 || (swapped && (difference || quotient)))
		return onnx_fail(w->f, n, e, "its constant has to be one number, or one for each channel, which is a "
		    "layer of thaw; export the model without it");
	v = onnx_float(c, 0);
	if (!isfinite(v) || fabs(v) > FLT_MAX || (quotient && v == 0))
		return onnx_fail(w->f, n, e, "its number is none that can be reckoned with; " ONNX_ANOTHER);
	v = difference ? -v : quotient ? 1 / v : v;
	if ((sum || difference) && w->open && strcmp(last->kind, "rescaling") == 0) {
		last->offset = v;
		w->open = false;
		return 0;
	}
	*(sum || difference ? &spec.offset : &spec.scale) = v;
	if (onnx_layer_add(w, n, spec, e) == NULL)
		return -1;
	w->open = !sum && !difference;
	return 0;
}
