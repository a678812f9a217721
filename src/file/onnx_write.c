/* onnx_write.c: the layers as nodes of ONNX. Each makes a node or two, of its own name; weights are initializers under
 * Keras' names, kernels of convolutions as [out, in, height, width]. The same model gives the same bytes.
 */
#include "file/onnx_graph.h"
#include "model/attrs.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

/* What the activations of Keras are called; "linear" is none. */
static const struct op {
	const char *keras, *name;
	double alpha;
} ops[] = {{"linear", NULL, 0}, {"relu", "Relu", 0}, {"tanh", "Tanh", 0}, {"sigmoid", "Sigmoid", 0}, {"elu", "Elu", 1},
    {"leaky_relu", "LeakyRelu", 0.2}, {"softmax", "Softmax", 0}};

/* NULL: it is not known here. */
static const struct op *
op_of(const struct nn_layer *l)
{
	const char *word = attrs_word(l, "activation", "linear");

	for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
		if (strcmp(ops[i].keras, word) == 0)
			return &ops[i];
	return NULL;
}

/* inside: it belongs to a layer that is there already. */
static void
activation_node(struct onnx_graph *g, const struct nn_layer *l, bool inside)
{
	const struct op *op = op_of(l);
	char *name;

	if (op->name == NULL)
		return;
	name = inside ? xasprintf("%s/%s", l->name, op->keras) : xstrdup(l->name);
	onnx_node(g, op->name, name, l->out);
	if (op->alpha > 0)
		onnx_float_attr(g, "alpha", op->alpha);
	if (strcmp(op->keras, "softmax") == 0)
		onnx_int_attr(g, "axis", g->shape.rank == 3 && !g->first ? 3 : 1);
	free(name);
}

static void
window_attrs(struct onnx_graph *g, const struct nn_layer *l, int k, int stride)
{
	int pads[4];

	onnx_ints_attr(g, "kernel_shape", (const int[]){k, k}, 2);
	attrs_around(l, k, stride, pads);
	if (strcmp(attrs_word(l, "padding", "valid"), "same") == 0)
		onnx_ints_attr(g, "pads", pads, 4);
	onnx_ints_attr(g, "strides", (const int[]){stride, stride}, 2);
}

static void
tensors_put(struct onnx_graph *g, const struct nn_layer *l)
{
	for (int i = 0; i < l->ntensors; i++)
		onnx_tensor(g, &l->tensor[i]);
}

static void
conv_node(struct onnx_graph *g, const struct nn_layer *l)
{
	onnx_channels(g, true);
	onnx_node(g, "Conv", l->name, l->out);
	tensors_put(g, l);
	window_attrs(g, l, attrs_int(l, "kernel_size", 0), attrs_int(l, "strides", 1));
	activation_node(g, l, true);
}

static void
dense_node(struct onnx_graph *g, const struct nn_layer *l)
{
	onnx_node(g, "Gemm", l->name, l->out);
	tensors_put(g, l);
	activation_node(g, l, true);
}

static void
pool_node(struct onnx_graph *g, const struct nn_layer *l)
{
	int pool = attrs_int(l, "pool_size", 2), strides = attrs_int(l, "strides", 0);

	onnx_channels(g, true);
	onnx_node(g, strcmp(nn_layer_class(l), "MaxPooling2D") == 0 ? "MaxPool" : "AveragePool", l->name, l->out);
	window_attrs(g, l, pool, strides > 0 ? strides : pool);
}

static void
mean_node(struct onnx_graph *g, const struct nn_layer *l)
{
	char *name = xasprintf("%s/flatten", l->name);

	onnx_channels(g, true);
	onnx_node(g, "GlobalAveragePool", l->name, (struct nn_shape){3, {1, 1, l->in.dim[2]}});
	onnx_node(g, "Flatten", name, l->out);
	onnx_int_attr(g, "axis", 1);
	free(name);
}

static void
normalization_node(struct onnx_graph *g, const struct nn_layer *l)
{
	onnx_channels(g, true);
	onnx_node(g, "BatchNormalization", l->name, l->out);
	tensors_put(g, l);
	onnx_float_attr(g, "epsilon", attrs_real(l, "epsilon", 1e-3));
	onnx_float_attr(g, "momentum", attrs_real(l, "momentum", 0.99));
}

static void
padding_node(struct onnx_graph *g, const struct nn_layer *l)
{
	int pad = attrs_int(l, "padding", 0), pads[8] = {0};
	char *name = xasprintf("%s.pads", l->name);

	onnx_channels(g, true);
	pads[2] = pad + attrs_int(l, "top", 0);
	pads[3] = pad + attrs_int(l, "left", 0);
	pads[6] = pad + attrs_int(l, "bottom", 0);
	pads[7] = pad + attrs_int(l, "right", 0);
	onnx_node(g, "Pad", l->name, l->out);
	onnx_ints(g, name, pads, 8);
	free(name);
}

static void
rescaling_node(struct onnx_graph *g, const struct nn_layer *l)
{
	char *scale = xasprintf("%s.scale", l->name), *offset = xasprintf("%s.offset", l->name);
	char *sum = xasprintf("%s/offset", l->name);

	onnx_node(g, "Mul", l->name, l->out);
	onnx_scalar(g, scale, attrs_real(l, "scale", 1));
	onnx_node(g, "Add", sum, l->out);
	onnx_scalar(g, offset, attrs_real(l, "offset", 0));
	free(scale);
	free(offset);
	free(sum);
}

/* It lets everything pass where nobody trains, and tells whoever goes on with the model that it is there. */
static void
dropout_node(struct onnx_graph *g, const struct nn_layer *l)
{
	char *rate = xasprintf("%s.rate", l->name);

	onnx_node(g, "Dropout", l->name, l->out);
	onnx_scalar(g, rate, l->rate);
	free(rate);
}

static void
flatten_node(struct onnx_graph *g, const struct nn_layer *l)
{
	onnx_channels(g, false);
	onnx_node(g, "Flatten", l->name, l->out);
	onnx_int_attr(g, "axis", 1);
}

static void
leaky_node(struct onnx_graph *g, const struct nn_layer *l)
{
	onnx_node(g, "LeakyRelu", l->name, l->out);
	onnx_float_attr(g, "alpha", attrs_real(l, "negative_slope", 0.3));
}

static void
function_node(struct onnx_graph *g, const struct nn_layer *l)
{
	activation_node(g, l, false);
}

static const struct {
	const char *keras_class, *known; /* what it may be made with, as it is written here */
	void (*node)(struct onnx_graph *g, const struct nn_layer *l);
} classes[] = {{"Conv2D", "filters kernel_size strides padding activation l2", conv_node},
    {"Dense", "units activation l2", dense_node}, {"MaxPooling2D", "pool_size strides padding", pool_node},
    {"AveragePooling2D", "pool_size strides padding", pool_node}, {"Dropout", "rate", dropout_node},
    {"Flatten", "", flatten_node}, {"Activation", "activation", function_node},
    {"BatchNormalization", "momentum epsilon", normalization_node}, {"GlobalAveragePooling2D", "", mean_node},
    {"ZeroPadding2D", "padding top bottom left right", padding_node}, {"Rescaling", "scale offset", rescaling_node},
    {"LeakyReLU", "negative_slope", leaky_node}};

static int
layer_node(struct onnx_graph *g, const struct nn_layer *l, struct err *e)
{
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
		if (strcmp(classes[i].keras_class, nn_layer_class(l)) == 0 && op_of(l) != NULL) {
			if (attrs_known(l, classes[i].known, "ONNX", e) < 0)
				return -1;
			classes[i].node(g, l);
			return 0;
		}
	return fail(e, "%s: how ONNX has %s is not known here; `build` the model without it", l->name,
	    nn_layer_class(l));
}

int
onnx_write(struct session *s, FILE *f, struct err *e)
{
	struct nn_net *net = s->model.net;
	struct onnx_graph g;
	int rc = 0;

	onnx_graph_begin(&g, net);
	for (int i = 0; i < nn_net_count(net) && rc == 0; i++)
		rc = layer_node(&g, nn_net_layer(net, i), e);
	if (rc == 0)
		rc = onnx_graph_write(&g, s, f, e);
	onnx_graph_free(&g);
	return rc;
}
