/* onnx_layers.c: the layers that a graph of ONNX turns out to be, and the weights that its nodes name. */
#include "file/onnx_walk.h"

struct onnx_layer *
onnx_layer_add(struct onnx_walker *w, const struct onnx_node *n, struct nn_layer_spec spec, struct err *e)
{
	struct plan *p = &w->l->plan;

	if (p->n == NN_LAYERS_MAX) {
		fail(e, "%s has more than %d layers, as no model here has; load another", w->f->path, NN_LAYERS_MAX);
		return NULL;
	}
	w->open = false;
	p->spec[p->n] = spec;
	w->l->layer[p->n] = (struct onnx_layer){.node = n};
	return &w->l->layer[p->n++];
}

const struct onnx_constant *
onnx_weights(struct onnx_walker *w, const struct onnx_node *n, int input, uint64_t count, struct err *e)
{
	const struct onnx_constant *c = input < n->ninputs ? onnx_find(w->f, &n->input[input]) : NULL;

	if (c == NULL)
		onnx_fail(w->f, n, e, "its weights are no tensor of the file; export the model with them");
	else if (c->floats == FLOATS_NONE)
		onnx_fail(w->f, n, e, "its weights are %s, here they are F32; write them as float32",
		    onnx_type_name(c->type));
	else if (count > 0 && c->count != count)
		onnx_fail(w->f, n, e, "%llu weights stand where %llu belong; " ONNX_ANOTHER,
		    (unsigned long long)c->count,
		    (unsigned long long)count);
	else
		return c;
	return NULL;
}
