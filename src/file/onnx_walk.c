/* onnx_walk.c: a graph of ONNX as layers. It is gone through in its order, from the input to the output: each node
 * takes what the one before gave and is a layer, a part of one, or nothing (Identity, Transpose). On the way the shape
 * is kept, and whether the channels of pictures come first: where they do at a Flatten, the rows of the kernel behind
 * it stand in another order than here. What is not known here ends the reading with the node's name.
 */
#include "file/onnx_walk.h"

#include "file/onnx_fold.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

static int
take(struct onnx_walker *w, const struct onnx_node *n, struct err *e)
{
	for (const struct onnx_op *op = onnx_ops; op->name != NULL; op++)
		if (pb_is(&n->op, op->name)) {
			w->op = op;
			return op->take(w, n, e);
		}
	return onnx_fail(w->f, n, e, "no layer of thaw does this; export the model without it");
}

static bool
takes(const struct onnx_node *n, const struct pb *value)
{
	for (int i = 0; i < n->ninputs; i++)
		if (onnx_same(&n->input[i], value))
			return true;
	return false;
}

/* Pictures of [batch, channels, height, width], or with the channels last; numbers alone are pictures that some Reshape
 * makes of them. */
static int
begin(struct onnx_walker *w, struct err *e)
{
	const struct onnx_file *f = w->f;
	const uint64_t *d = f->dim;

	for (int i = 1; i < f->rank; i++)
		if (d[i] == 0 || d[i] > ONNX_SIDE_MAX)
			return fail(e, "%s does not say how large its pictures are; export the model with a fixed "
			    "height, width and number of channels", f->path);
	if (f->rank == 4) { /* channels are fewer than rows, where nothing tells */
		w->first = d[1] < d[3];
		w->shape = w->first ? (struct nn_shape){3, {(int)d[2], (int)d[3], (int)d[1]}} :
		    (struct nn_shape){3, {(int)d[1], (int)d[2], (int)d[3]}};
	} else if (f->rank == 3)
		w->shape = (struct nn_shape){3, {(int)d[1], (int)d[2], 1}};
	else if (f->rank == 2)
		w->shape = (struct nn_shape){1, {(int)d[1]}};
	else
		return fail(e, "%s takes values of %d dimensions; a model here takes pictures, which have 4 with the "
		    "batch",
		    f->path, f->rank);
	w->at = f->input;
	w->l->in = w->shape;
	return 0;
}

/* Its last layer gives probabilities, or gets a softmax. */
static int
finish(struct onnx_walker *w, struct err *e)
{
	struct plan *p = &w->l->plan;
	const struct nn_layer_spec *last = p->n > 0 ? &p->spec[p->n - 1] : NULL;

	if (!onnx_same(&w->at, &w->f->output))
		return fail(e, "%s: its nodes do not lead from its input to its output in one row; a model here is a "
		    "sequence of layers", w->f->path);
	if (w->l->in.rank != 3)
		return fail(e, "%s takes rows of numbers; a model here takes pictures", w->f->path);
	if (last != NULL && last->activation != NULL && strcmp(last->activation, "softmax") == 0)
		return 0;
	if (last == NULL || strcmp(last->kind, "dense") != 0 || last->activation != NULL)
		return fail(e, "%s does not end with a dense layer and softmax, as every model here does; load another",
		    w->f->path);
	w->l->open = true;
	return onnx_layer_add(w, w->last, (struct nn_layer_spec){.kind = "activation", .activation = "softmax"}, e) !=
	    NULL ? 0 : -1;
}

static void
remember(struct onnx_walker *w)
{
	if (!w->squeezed) /* of which the shape is not that of a picture or of a row */
		w->past[w->npast++] = (struct onnx_value_shape){w->at, w->shape, w->first};
}

static int
walk(struct onnx_walker *w, struct err *e)
{
	const struct onnx_file *f = w->f;

	if (begin(w, e) < 0)
		return -1;
	remember(w);
	for (int i = 0; i < f->nnodes; i++) {
		const struct onnx_node *n = &f->node[i];

		if (onnx_fold(w, n))
			continue;
		if (w->l->logarithm)
			return onnx_fail(f, w->last, e, "it may only be the last; export the model without what "
			    "follows it");
		if (!takes(n, &w->at))
			return onnx_fail(f, n, e, "it takes something else than what the node before it gives; a "
			    "model here is a sequence of layers");
		if (take(w, n, e) < 0)
			return -1;
		w->at = n->output;
		w->last = n;
		remember(w);
	}
	return finish(w, e);
}

int
onnx_walk(struct onnx_file *f, struct onnx_layers *l, struct err *e)
{
	struct onnx_walker w = {.f = f, .l = l};
	int rc;

	memset(l, 0, sizeof *l);
	l->plan.features = -1;
	w.past = xcalloc((size_t)f->nnodes + 1, sizeof *w.past);
	rc = walk(&w, e);
	free(w.past);
	free(w.folded);
	return rc;
}
