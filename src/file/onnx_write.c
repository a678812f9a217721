/* onnx_write.c: the layers as nodes of ONNX. Each makes a node or two, of its own name; weights are initializers under
 * Keras' names, kernels of convolutions as [out, in, height, width]. The same model gives the same bytes.
 */
#include "file/onnx_graph.h"
#include "model/attrs.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

static int
strange(const struct nn_layer *l, const char *what, struct err *e)
{
	return fail(e, "%s: how ONNX has %s is not known here; `build` the model without it", l->name, what);
}

/* inside: it belongs to a layer that is there already. */
static int
activation_node(struct onnx_graph *g, const struct nn_layer *l, bool inside, struct err *e)
{
	static const struct {
		const char *keras, *op;
		double alpha;
	} ops[] = {{"relu", "Relu", 0}, {"tanh", "Tanh", 0}, {"sigmoid", "Sigmoid", 0}, {"elu", "Elu", 1},
	    {"leaky_relu", "LeakyRelu", 0.2}, {"softmax", "Softmax", 0}};
	const char *word = attrs_word(l, "activation", "linear");
	char *name;
	size_t i = 0;

	if (strcmp(word, "linear") == 0)
		return 0;
	while (i < sizeof ops / sizeof *ops && strcmp(ops[i].keras, word) != 0)
		i++;
	if (i == sizeof ops / sizeof *ops)
		return strange(l, word, e);
	name = inside ? xasprintf("%s/%s", l->name, word) : xstrdup(l->name);
	onnx_node(g, ops[i].op, name, l->out);
	if (ops[i].alpha > 0)
		onnx_float_attr(g, "alpha", ops[i].alpha);
	if (strcmp(word, "softmax") == 0)
		onnx_int_attr(g, "axis", g->shape.rank == 3 && !g->first ? 3 : 1);
	free(name);
	return 0;
}

/* The padding that a window of Keras' "same" needs, as [top, left, bottom, right]. */
static void
pads_attr(struct onnx_graph *g, const struct nn_layer *l, int k, int stride)
{
	int pads[4] = {0};

	if (strcmp(attrs_word(l, "padding", "valid"), "same") != 0)
		return;
	for (int i = 0; i < 2; i++) {
		int need = (l->out.dim[i] - 1) * stride + k - l->in.dim[i];

		pads[i] = need > 0 ? need / 2 : 0;
		pads[i + 2] = need > 0 ? need - pads[i] : 0;
	}
	onnx_ints_attr(g, "pads", pads, 4);
}

static void
window_attrs(struct onnx_graph *g, const struct nn_layer *l, int k, int stride)
{
	onnx_ints_attr(g, "kernel_shape", (const int[]){k, k}, 2);
	pads_attr(g, l, k, stride);
	onnx_ints_attr(g, "strides", (const int[]){stride, stride}, 2);
}

static void
tensors_put(struct onnx_graph *g, const struct nn_layer *l)
{
	for (int i = 0; i < l->ntensors; i++)
		onnx_tensor(g, &l->tensor[i]);
}

static int
conv_node(struct onnx_graph *g, const struct nn_layer *l, struct err *e)
{
	if (attrs_known(l, "filters kernel_size strides padding activation l2", "ONNX", e) < 0)
		return -1;
	onnx_channels(g, true);
	onnx_node(g, "Conv", l->name, l->out);
	tensors_put(g, l);
	window_attrs(g, l, attrs_int(l, "kernel_size", 0), attrs_int(l, "strides", 1));
	return activation_node(g, l, true, e);
}

static int
dense_node(struct onnx_graph *g, const struct nn_layer *l, struct err *e)
{
	if (attrs_known(l, "units activation l2", "ONNX", e) < 0)
		return -1;
	onnx_node(g, "Gemm", l->name, l->out);
	tensors_put(g, l);
	return activation_node(g, l, true, e);
}

static int
pool_node(struct onnx_graph *g, const struct nn_layer *l, struct err *e)
{
	int pool = attrs_int(l, "pool_size", 2), strides = attrs_int(l, "strides", 0);

	if (attrs_known(l, "pool_size strides padding", "ONNX", e) < 0)
		return -1;
	onnx_channels(g, true);
	onnx_node(g, strcmp(nn_layer_class(l), "MaxPooling2D") == 0 ? "MaxPool" : "AveragePool", l->name, l->out);
	window_attrs(g, l, pool, strides > 0 ? strides : pool);
	return 0;
}

static int
mean_node(struct onnx_graph *g, const struct nn_layer *l, struct err *e)
{
	char *name = xasprintf("%s/flatten", l->name);

	(void)e;
	onnx_channels(g, true);
	onnx_node(g, "GlobalAveragePool", l->name, (struct nn_shape){3, {1, 1, l->in.dim[2]}});
	onnx_node(g, "Flatten", name, l->out);
	onnx_int_attr(g, "axis", 1);
	free(name);
	return 0;
}

static int
normalization_node(struct onnx_graph *g, const struct nn_layer *l, struct err *e)
{
	if (attrs_known(l, "momentum epsilon", "ONNX", e) < 0)
		return -1;
	onnx_channels(g, true);
	onnx_node(g, "BatchNormalization", l->name, l->out);
	tensors_put(g, l);
	onnx_float_attr(g, "epsilon", attrs_real(l, "epsilon", 1e-3));
	onnx_float_attr(g, "momentum", attrs_real(l, "momentum", 0.99));
	return 0;
}

static int
padding_node(struct onnx_graph *g, const struct nn_layer *l, struct err *e)
{
	int pad = attrs_int(l, "padding", 0), pads[8] = {0};
	char *name = xasprintf("%s.pads", l->name);
	int rc = attrs_known(l, "padding top bottom left right", "ONNX", e);

	if (rc == 0) {
		onnx_channels(g, true);
		pads[2] = pad + attrs_int(l, "top", 0);
		pads[3] = pad + attrs_int(l, "left", 0);
		pads[6] = pad + attrs_int(l, "bottom", 0);
		pads[7] = pad + attrs_int(l, "right", 0);
		onnx_node(g, "Pad", l->name, l->out);
		onnx_ints(g, name, pads, 8);
	}
	free(name);
	return rc;
}

static int
rescaling_node(struct onnx_graph *g, const struct nn_layer *l, struct err *e)
{
	char *scale = xasprintf("%s.scale", l->name), *offset = xasprintf("%s.offset", l->name);
	char *sum = xasprintf("%s/offset", l->name);
	int rc = attrs_known(l, "scale offset", "ONNX", e);

	if (rc == 0) {
		onnx_node(g, "Mul", l->name, l->out);
		onnx_scalar(g, scale, attrs_real(l, "scale", 1));
		onnx_node(g, "Add", sum, l->out);
		onnx_scalar(g, offset, attrs_real(l, "offset", 0));
	}
	free(scale);
	free(offset);
	free(sum);
	return rc;
}

/* It lets everything pass where nobody trains, and tells whoever goes on with the model that it is there. */
static int
dropout_node(struct onnx_graph *g, const struct nn_layer *l, struct err *e)
{
	char *rate = xasprintf("%s.rate", l->name);

	(void)e;
	onnx_node(g, "Dropout", l->name, l->out);
	onnx_scalar(g, rate, l->rate);
	free(rate);
	return 0;
}

static int
flatten_node(struct onnx_graph *g, const struct nn_layer *l, struct err *e)
{
	(void)e;
	onnx_channels(g, false);
	onnx_node(g, "Flatten", l->name, l->out);
	onnx_int_attr(g, "axis", 1);
	return 0;
}

static int
leaky_node(struct onnx_graph *g, const struct nn_layer *l, struct err *e)
{
	if (attrs_known(l, "negative_slope", "ONNX", e) < 0)
		return -1;
	onnx_node(g, "LeakyRelu", l->name, l->out);
	onnx_float_attr(g, "alpha", attrs_real(l, "negative_slope", 0.3));
	return 0;
}

static int
function_node(struct onnx_graph *g, const struct nn_layer *l, struct err *e)
{
	return attrs_known(l, "activation", "ONNX", e) < 0 ? -1 : activation_node(g, l, false, e);
}

static const struct {
	const char *keras_class;
	int (*node)(struct onnx_graph *g, const struct nn_layer *l, struct err *e);
} classes[] = {{"Conv2D", conv_node}, {"Dense", dense_node}, {"MaxPooling2D", pool_node},
    {"AveragePooling2D", pool_node}, {"Dropout", dropout_node}, {"Flatten", flatten_node},
    {"Activation", function_node}, {"BatchNormalization", normalization_node}, {"GlobalAveragePooling2D", mean_node},
    {"ZeroPadding2D", padding_node}, {"Rescaling", rescaling_node}, {"LeakyReLU", leaky_node}};

static int
layer_node(struct onnx_graph *g, const struct nn_layer *l, struct err *e)
{
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
		if (strcmp(classes[i].keras_class, nn_layer_class(l)) == 0)
			return classes[i].node(g, l, e);
	return strange(l, nn_layer_class(l), e);
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
