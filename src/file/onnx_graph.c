/* onnx_graph.c: a graph of ONNX while it is made, and the message that the file of it is. */
#include "config.h"

#include "file/onnx_graph.h"

#include "data/class.h"
#include "util/protobuf.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

#define MESSAGE_MAX INT32_MAX /* bytes: no reader of protocol buffers takes more */

/* ---- pieces of the format ---- */

void
onnx_ints_attr(struct onnx_graph *g, const char *name, const int *v, int n)
{
	struct str b = {0};

	pb_put_text(&b, ATTRIBUTE_NAME, name);
	for (int i = 0; i < n; i++)
		pb_put_int(&b, ATTRIBUTE_INTS, (uint64_t)v[i]);
	pb_put_int(&b, ATTRIBUTE_TYPE, TYPE_IS_INTS);
	pb_put_message(&g->rest, NODE_ATTRIBUTE, &b);
}

void
onnx_int_attr(struct onnx_graph *g, const char *name, int v)
{
	struct str b = {0};

	pb_put_text(&b, ATTRIBUTE_NAME, name);
	pb_put_int(&b, ATTRIBUTE_INT, (uint64_t)v);
	pb_put_int(&b, ATTRIBUTE_TYPE, TYPE_IS_INT);
	pb_put_message(&g->rest, NODE_ATTRIBUTE, &b);
}

void
onnx_float_attr(struct onnx_graph *g, const char *name, double v)
{
	struct str b = {0};

	pb_put_text(&b, ATTRIBUTE_NAME, name);
	pb_put_float(&b, ATTRIBUTE_FLOAT, (float)v);
	pb_put_int(&b, ATTRIBUTE_TYPE, TYPE_IS_FLOAT);
	pb_put_message(&g->rest, NODE_ATTRIBUTE, &b);
}

static void
dim_put(struct str *shape, const char *name, int n)
{
	struct str b = {0};

	if (name != NULL)
		pb_put_text(&b, DIM_NAME, name);
	else
		pb_put_int(&b, DIM_VALUE, (uint64_t)n);
	pb_put_message(shape, SHAPE_DIM, &b);
}

/* A value's name, type and shape, into `field` of the graph. */
static void
value_put(struct str *graph, int field, const struct onnx_graph *g, const char *name, const char *doc)
{
	struct str value = {0}, type = {0}, tensor = {0}, shape = {0};
	const int *d = g->shape.dim;
	int order[3] = {d[0], d[1], d[2]};

	if (g->first && g->shape.rank == 3)
		memcpy(order, (const int[]){d[2], d[0], d[1]}, sizeof order);
	dim_put(&shape, "batch", 0);
	for (int i = 0; i < g->shape.rank; i++)
		dim_put(&shape, NULL, order[i]);
	pb_put_int(&tensor, TYPE_ELEMENT, ONNX_FLOAT);
	pb_put_message(&tensor, TYPE_SHAPE, &shape);
	pb_put_message(&type, TYPE_TENSOR, &tensor);
	pb_put_text(&value, VALUE_NAME, name);
	pb_put_message(&value, VALUE_TYPE, &type);
	if (doc != NULL)
		pb_put_text(&value, VALUE_DOC, doc);
	pb_put_message(graph, field, &value);
}

/* An initializer, which is the next input of the node as well. */
static struct onnx_weights *
weights_add(struct onnx_graph *g, const char *name)
{
	pb_put_text(&g->inputs, NODE_INPUT, name);
	g->weights = xrealloc(g->weights, (size_t)g->nweights + 1, sizeof *g->weights);
	g->weights[g->nweights] = (struct onnx_weights){.count = 0};
	return &g->weights[g->nweights++];
}

void
onnx_scalar(struct onnx_graph *g, const char *name, double v)
{
	struct onnx_weights *w = weights_add(g, name);
	float value = (float)v;

	pb_put_int(&w->head, TENSOR_TYPE, ONNX_FLOAT);
	pb_put_text(&w->head, TENSOR_NAME, name);
	tensors_host(&value, 1, sizeof value);
	pb_put_bytes(&w->head, TENSOR_RAW, &value, sizeof value);
}

void
onnx_ints(struct onnx_graph *g, const char *name, const int *v, int n)
{
	struct onnx_weights *w = weights_add(g, name);
	struct str raw = {0};

	pb_put_int(&w->head, TENSOR_DIMS, (uint64_t)n);
	pb_put_int(&w->head, TENSOR_TYPE, ONNX_INT64);
	pb_put_text(&w->head, TENSOR_NAME, name);
	for (int i = 0; i < n; i++)
		for (int k = 0; k < 8; k++)
			str_addc(&raw, k < 4 ? (char)((unsigned)v[i] >> (8 * k)) : '\0');
	pb_put_message(&w->head, TENSOR_RAW, &raw);
}

void
onnx_tensor(struct onnx_graph *g, const struct nn_tensor *t)
{
	struct onnx_weights *w = weights_add(g, t->name);
	const int *d = t->dim;
	int dim[4] = {d[0], d[1], d[2], d[3]};

	memcpy(w->kernel, t->rank == 4 ? d : (const int[]){1, 1, 1, (int)t->count}, sizeof w->kernel);
	if (t->rank == 4)
		memcpy(dim, (const int[]){d[3], d[2], d[0], d[1]}, sizeof dim);
	for (int i = 0; i < t->rank; i++)
		pb_put_int(&w->head, TENSOR_DIMS, (uint64_t)dim[i]);
	pb_put_int(&w->head, TENSOR_TYPE, ONNX_FLOAT);
	pb_put_text(&w->head, TENSOR_NAME, t->name);
	pb_put_head(&w->head, TENSOR_RAW, t->count * sizeof(float));
	w->data = nn_net_weights(g->net) + t->offset;
	w->count = t->count;
}

/* ---- nodes ---- */

/* The node that waits, with the name of what it gives. */
static void
node_end(struct onnx_graph *g, const char *output)
{
	struct str node = {0};

	if (g->inputs.n == 0)
		return;
	str_addn(&node, g->inputs.s, g->inputs.n);
	pb_put_text(&node, NODE_OUTPUT, output);
	str_addn(&node, g->rest.s, g->rest.n);
	pb_put_message(&g->nodes, GRAPH_NODE, &node);
	free(g->inputs.s);
	free(g->rest.s);
	g->inputs = g->rest = (struct str){0};
}

void
onnx_node(struct onnx_graph *g, const char *op, const char *name, struct nn_shape shape)
{
	if (g->inputs.n > 0)
		value_put(&g->values, GRAPH_VALUE, g, g->at, NULL);
	node_end(g, g->at);
	pb_put_text(&g->inputs, NODE_INPUT, g->at);
	pb_put_text(&g->rest, NODE_NAME, name);
	pb_put_text(&g->rest, NODE_OP, op);
	free(g->at);
	g->at = xstrdup(name);
	g->shape = shape;
}

void
onnx_channels(struct onnx_graph *g, bool first)
{
	static const int order[2][4] = {{0, 2, 3, 1}, {0, 3, 1, 2}};
	char *name;

	if (g->shape.rank != 3 || g->first == first)
		return;
	name = xasprintf("%s/transpose", g->at);
	onnx_node(g, "Transpose", name, g->shape);
	onnx_ints_attr(g, "perm", order[first], 4);
	g->first = first;
	free(name);
}

/* ---- the file ---- */

static void
metadata_put(struct str *b, const char *key, const char *value)
{
	struct str entry = {0};

	pb_put_text(&entry, ENTRY_KEY, key);
	pb_put_text(&entry, ENTRY_VALUE, value);
	pb_put_message(b, MODEL_METADATA, &entry);
}

/* What its units stand for, as JSON: ["5", "6", "7"]; the caller's. */
static char *
classes_text(struct session *s)
{
	const struct split *trained = &s->model.trained;
	json_t *list = json_array();
	char name[CLASS_TEXT], *text;

	for (int i = 0; i < nn_net_classes(s->model.net); i++) {
		int digit = split_digit(trained, i);

		class_text(s->data.set, digit, CLASS_WHOLE, name);
		json_array_append_new(list, digit < 0 ? json_null() : out_string(name));
	}
	text = out_json_text(list);
	json_decref(list);
	return text;
}

static void
metadata_all(struct str *b, struct session *s)
{
	const struct split *trained = &s->model.trained;
	struct split by_order = *trained;
	char *names, *split;

	metadata_put(b, "model", s->model.build);
	metadata_put(b, "data", s->data.name);
	if (trained->kind == SPLIT_NONE)
		return;
	names = classes_text(s);
	by_order.by_digit = false;
	split = split_filed(&by_order);
	metadata_put(b, "split", split);
	free(split);
	metadata_put(b, "units", trained->by_digit ? "digit" : "rank");
	metadata_put(b, "classes", names);
	free(names);
}

static void
floats_write(FILE *f, const struct onnx_weights *w)
{
	const int *d = w->kernel;

	if (d[0] * d[1] * d[2] == 1 && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) {
		fwrite(w->data, sizeof(float), w->count, f);
		return;
	}
	for (size_t k = 0; k < w->count; k++) {
		size_t pixels = (size_t)d[0] * (size_t)d[1]; /* k is of [out, in, pixel] */
		size_t pixel = k % pixels, in = k / pixels % (size_t)d[2], out = k / pixels / (size_t)d[2];
		float v = w->data[(pixel * (size_t)d[2] + in) * (size_t)d[3] + out];

		tensors_host(&v, 1, sizeof v);
		fwrite(&v, sizeof v, 1, f);
	}
}

/* The message of the model up to its graph, with a length that is known only now. */
static int
message_write(struct onnx_graph *g, struct session *s, FILE *f, struct err *e)
{
	struct str b = {0}, opset = {0}, head = {0};
	uint64_t size = 0;

	pb_put_text(&g->nodes, GRAPH_NAME, "thaw");
	size = g->nodes.n + g->ends.n + g->values.n;
	for (int i = 0; i < g->nweights; i++) {
		struct onnx_weights *w = &g->weights[i];
		uint64_t n = w->head.n + w->count * sizeof(float);

		pb_put_head(&head, GRAPH_INITIALIZER, n);
		size += head.n + n;
		str_addn(&head, w->head.s, w->head.n);
		free(w->head.s);
		w->head = head;
		head = (struct str){0};
	}
	if (size + 65536 > MESSAGE_MAX)
		return fail(e, "a file of ONNX holds 2 GiB at most, and this model needs more; `save` it as "
		    ".safetensors");
	pb_put_int(&b, MODEL_IR, ONNX_IR);
	pb_put_text(&b, MODEL_PRODUCER, "thaw");
	pb_put_text(&b, MODEL_PRODUCER_VERSION, PACKAGE_VERSION);
	pb_put_head(&b, MODEL_GRAPH, size);
	str_addn(&b, g->nodes.s, g->nodes.n);
	fwrite(b.s, 1, b.n, f);
	for (int i = 0; i < g->nweights; i++) {
		fwrite(g->weights[i].head.s, 1, g->weights[i].head.n, f);
		if (g->weights[i].data != NULL)
			floats_write(f, &g->weights[i]);
	}
	b.n = 0;
	str_addn(&b, g->ends.s, g->ends.n);
	str_addn(&b, g->values.s, g->values.n);
	pb_put_text(&opset, OPSET_DOMAIN, "");
	pb_put_int(&opset, OPSET_VERSION, ONNX_OPSET);
	pb_put_message(&b, MODEL_OPSET, &opset);
	metadata_all(&b, s);
	fwrite(b.s, 1, b.n, f);
	free(b.s);
	return 0;
}

void
onnx_graph_begin(struct onnx_graph *g, struct nn_net *net)
{
	*g = (struct onnx_graph){.net = net, .at = xstrdup("input"), .shape = nn_net_input(net)};
	value_put(&g->ends, GRAPH_INPUT, g, g->at, "pictures, whose pixels go from 0 to 1");
}

int
onnx_graph_write(struct onnx_graph *g, struct session *s, FILE *f, struct err *e)
{
	node_end(g, "probabilities");
	value_put(&g->ends, GRAPH_OUTPUT, g, "probabilities", "of each class");
	return message_write(g, s, f, e);
}

void
onnx_graph_free(struct onnx_graph *g)
{
	for (int i = 0; i < g->nweights; i++)
		free(g->weights[i].head.s);
	free(g->weights);
	free(g->nodes.s);
	free(g->values.s);
	free(g->ends.s);
	free(g->inputs.s);
	free(g->rest.s);
	free(g->at);
}
