/* test_onnx_nodes.c: each node of ONNX, as layers of which it makes what, and each reason why it makes none. */
#include "file/onnx.h"
#include "file/onnx_read.h"
#include "util/text.h"
#include "util/xmalloc.h"
#include "tests/src/captured.h"
#include "tests/run.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- graphs as text ---- */

/* "strides=2,2" is a list, "axis:1" a whole number, "alpha~0.5" a real one, "mode'edge" text, "value!0" a tensor of one whole number,
 * "value!!0" one that lies in another file, "value!~0" one of a real number. */
static void
attribute(struct str *node, const char *word)
{
	struct str a = {0};
	size_t n = strcspn(word, "=:~'!");
	struct str t = {0};
	int64_t number;
	char *name = xstrndup(word, n);
	const char *from = word + n + 1;
	char *end;
	uint32_t bits;
	float v;

	pb_put_text(&a, ATTRIBUTE_NAME, name);
	switch (word[n]) {
	case '=':
		for (; *from != '\0'; from = *end != '\0' ? end + 1 : end)
			pb_put_int(&a, ATTRIBUTE_INTS, (uint64_t)strtoll(from, &end, 10));
		break;
	case ':':
		pb_put_int(&a, ATTRIBUTE_INT, (uint64_t)strtoll(from, &end, 10));
		break;
	case '~':
		v = strtof(from, &end);
		memcpy(&bits, &v, sizeof bits);
		str_addc(&a, (char)(ATTRIBUTE_FLOAT << 3 | 5)); /* four bytes */
		for (int i = 0; i < 4; i++)
			str_addc(&a, (char)(bits >> (8 * i)));
		break;
	case '!':
		if (*from == '!')
			pb_put_int(&t, TENSOR_LOCATION, 1);
		number = strtoll(from + strspn(from, "!~"), &end, 10);
		pb_put_int(&t, TENSOR_DIMS, 1);
		pb_put_int(&t, TENSOR_TYPE, *from == '~' ? 11 : ONNX_INT64); /* 11: a double */
		pb_put_bytes(&t, TENSOR_RAW, &number, sizeof number);
		pb_put_message(&a, ATTRIBUTE_TENSOR, &t);
		break;
	default:
		pb_put_text(&a, ATTRIBUTE_TEXT, from);
	}
	pb_put_message(node, NODE_ATTRIBUTE, &a);
	free(name);
}

/* "Conv x w > c pads=1,1,1,1": a node, its inputs ("-": none), outputs and attributes. "Relu@c/relu": with a name that is not the word. */
static void
node(struct str *graph, char *text)
{
	struct str b = {0};
	char *save = NULL, *op = strtok_r(text, " ", &save), *name = strchr(op, '@');
	int field = NODE_INPUT;

	if (name != NULL)
		*name++ = '\0';
	pb_put_text(&b, NODE_NAME, name != NULL ? name : op);
	for (char *w; (w = strtok_r(NULL, " ", &save)) != NULL;) {
		if (strcmp(w, ">") == 0)
			field = NODE_OUTPUT;
		else if (w[strcspn(w, "=:~'!")] != '\0')
			attribute(&b, w);
		else
			pb_put_text(&b, field, strcmp(w, "-") == 0 ? "" : w);
	}
	pb_put_text(&b, NODE_OP, op);
	pb_put_message(graph, GRAPH_NODE, &b);
}

static void
floats(struct str *graph, const char *name, const int *dim, int rank, float first)
{
	struct str b = {0};
	size_t n = 1;
	float *v;

	for (int i = 0; i < rank; i++) {
		pb_put_int(&b, TENSOR_DIMS, (uint64_t)dim[i]);
		n *= (size_t)dim[i];
	}
	v = xcalloc(n + 1, sizeof *v);
	v[0] = first;
	pb_put_int(&b, TENSOR_TYPE, ONNX_FLOAT);
	pb_put_text(&b, TENSOR_NAME, name);
	pb_put_bytes(&b, TENSOR_RAW, v, n * sizeof *v);
	pb_put_message(graph, GRAPH_INITIALIZER, &b);
	free(v);
}

/* Of one dimension, or of two where there are columns. */
static void
table(struct str *graph, const char *name, const int64_t *v, int n, int columns)
{
	struct str b = {0};

	pb_put_int(&b, TENSOR_DIMS, (uint64_t)(columns > 0 ? n / columns : n));
	if (columns > 0)
		pb_put_int(&b, TENSOR_DIMS, (uint64_t)columns);
	pb_put_int(&b, TENSOR_TYPE, ONNX_INT64);
	pb_put_text(&b, TENSOR_NAME, name);
	pb_put_bytes(&b, TENSOR_RAW, v, (size_t)n * sizeof *v);
	pb_put_message(graph, GRAPH_INITIALIZER, &b);
}

static void
numbers(struct str *graph, const char *name, const int64_t *v, int n)
{
	table(graph, name, v, n, 0);
}

static void
value(struct str *graph, int field, const char *name, const int *dim, int rank)
{
	struct str v = {0}, t = {0}, s = {0}, d = {0};

	for (int i = 0; i < rank; i++) {
		pb_put_int(&d, DIM_VALUE, (uint64_t)dim[i]);
		pb_put_message(&s, SHAPE_DIM, &d);
	}
	pb_put_int(&t, TYPE_ELEMENT, ONNX_FLOAT);
	pb_put_message(&t, TYPE_SHAPE, &s);
	pb_put_message(&d, TYPE_TENSOR, &t);
	pb_put_text(&v, VALUE_NAME, name);
	pb_put_message(&v, VALUE_TYPE, &d);
	pb_put_message(graph, field, &v);
}

/* What nodes may take: w a kernel of 3x3 from two channels to three, u of 1x1, o one that is not square; k and t dense kernels for the 72
 * values of the input, k2 and k3 for two and three; b, c biases of 3 and 2; e of 4; s, h one number, z a zero; lists of whole numbers. */
static void
constants(struct str *g)
{
	floats(g, "w", (const int[]){3, 2, 3, 3}, 4, 0.5f);
	floats(g, "u", (const int[]){3, 2, 1, 1}, 4, 0.5f);
	floats(g, "o", (const int[]){3, 2, 3, 1}, 4, 0.5f);
	floats(g, "k", (const int[]){72, 4}, 2, 0.5f);
	floats(g, "t", (const int[]){4, 72}, 2, 0.5f);
	floats(g, "k2", (const int[]){2, 4}, 2, 0.5f);
	floats(g, "k3", (const int[]){3, 4}, 2, 0.5f);
	floats(g, "h", (const int[]){1}, 1, 0.25f);
	floats(g, "c", (const int[]){2}, 1, 0.25f);
	floats(g, "c3", (const int[]){2, 1, 1}, 3, 0.25f);
	floats(g, "b", (const int[]){3}, 1, 0.25f);
	floats(g, "e", (const int[]){4}, 1, 0.25f);
	floats(g, "s", (const int[]){1}, 1, 2);
	floats(g, "z", (const int[]){1}, 1, 0);
	floats(g, "inf", (const int[]){1}, 1, INFINITY);
	numbers(g, "row", (const int64_t[]){0, -1}, 2);
	numbers(g, "three", (const int64_t[]){0, 2, -1}, 3);
	numbers(g, "pads", (const int64_t[]){0, 0, 1, 2, 0, 0, 3, 4}, 8);
	numbers(g, "deep", (const int64_t[]){0, 1, 0, 0, 0, 0, 0, 0}, 8);
	numbers(g, "less", (const int64_t[]){0, 0, -1, 0, 0, 0, 0, 0}, 8);
	numbers(g, "much", (const int64_t[]){0, 0, 5000, 0, 0, 0, 0, 0}, 8);
	floats(g, "v1", (const int[]){1, 1, 3, 3}, 4, 0.5f);
	floats(g, "k1", (const int[]){1, 4}, 2, 0.5f);
	floats(g, "s3", (const int[]){1, 1, 1}, 3, 2);
	floats(g, "none", (const int[]){72, 0}, 2, 0);
	floats(g, "k36", (const int[]){36, 4}, 2, 0.5f);
	numbers(g, "grey", (const int64_t[]){0, 1, 6, 6}, 4);
	numbers(g, "last", (const int64_t[]){0, 6, 6, 1}, 4);
	numbers(g, "wide", (const int64_t[]){0, 1, 4, 9}, 4);
	numbers(g, "huge", (const int64_t[]){0, 1, 1, 100000000}, 4);
	numbers(g, "flat", (const int64_t[]){0, 1, -6, 6}, 4);
	numbers(g, "one", (const int64_t[]){1}, 1);
	numbers(g, "hw", (const int64_t[]){2, 3}, 2);
	numbers(g, "wh", (const int64_t[]){-1, -2}, 2);
	floats(g, "k12", (const int[]){12, 4}, 2, 0.5f);
	floats(g, "b3", (const int[]){3, 1, 1}, 3, 0.25f);
	floats(g, "r3", (const int[]){1, 2, 1}, 3, 0.25f);
	numbers(g, "odd", (const int64_t[]){0, 6, 6, 2}, 4);
	numbers(g, "tall", (const int64_t[]){0, 1, 6, 9}, 4);
	numbers(g, "ch", (const int64_t[]){1, 2}, 2);
	numbers(g, "zero", (const int64_t[]){0}, 1);
	numbers(g, "minus", (const int64_t[]){-1}, 1);
	numbers(g, "low", (const int64_t[]){-INT64_MAX}, 1);
	numbers(g, "most", (const int64_t[]){INT64_MAX}, 1);
	numbers(g, "least", (const int64_t[]){INT64_MIN}, 1);
	numbers(g, "around", (const int64_t[]){1, 2, 3, 0}, 4);
	numbers(g, "order", (const int64_t[]){0, 1, 4, 5, 2, 3, 6, 7}, 8);
	numbers(g, "four", (const int64_t[]){4}, 1);
	numbers(g, "pairs", (const int64_t[]){-1, 2}, 2);
	numbers(g, "rows", (const int64_t[]){2, 4}, 2);
	numbers(g, "vast", (const int64_t[]){(int64_t)1 << 32, (int64_t)1 << 32}, 2);
	numbers(g, "empty", NULL, 0);
	table(g, "hollow", NULL, 0, 100);
	table(g, "ones", (const int64_t[]){1, 1, 1, 1, 1, 1, 1, 1}, 8, 4);
	floats(g, "k72", (const int[]){4, 72}, 2, 0.5f);
}

/* Builds the model of x, pictures of 6x6 of two channels unless it begins with "in D D ...;", and y. "old;": as before opset 13. */
static int
build(const char *nodes)
{
	int in[4] = {0, 2, 6, 6}, rank = 4;
	bool old = strncmp(nodes, "old;", 4) == 0;
	struct str graph = {0}, model = {0}, opset = {0};
	char *copy, *save = NULL;

	nodes += old ? 4 : 0;
	if (strncmp(nodes, "in ", 3) == 0) {
		rank = 1 + sscanf(nodes, "in %d %d %d", &in[1], &in[2], &in[3]);
		nodes = strchr(nodes, ';') + 1;
	}
	value(&graph, GRAPH_INPUT, "x", in, rank);
	value(&graph, GRAPH_OUTPUT, "y", (const int[]){0, 4}, 2);
	constants(&graph);
	copy = xstrdup(nodes);
	for (char *n = strtok_r(copy, ";", &save); n != NULL; n = strtok_r(NULL, ";", &save))
		node(&graph, n);
	pb_put_int(&model, MODEL_IR, ONNX_IR);
	pb_put_int(&opset, OPSET_VERSION, old ? 11 : ONNX_OPSET);
	pb_put_message(&model, MODEL_OPSET, &opset);
	pb_put_message(&model, MODEL_GRAPH, &graph);
	scratch_write("a.onnx", model.s, model.n);
	free(model.s);
	free(copy);
	return capture_run(&C, "build a.onnx");
}

/* What follows a picture of two or three channels, a row of two numbers for each. */
#define ROW2 ";Gemm l k2 > d;Softmax d > y"
#define TWO ";GlobalAveragePool l > p;Flatten p > q;Gemm q k2 > d;Softmax d > y"
#define THREE ";GlobalAveragePool l > p;Flatten p > q;Gemm q k3 > d;Softmax d > y"
#define CONV "Conv x w > a;"

START_TEST(nodes__make__layers)
{
	static const struct {
		const char *nodes, *layers;
	} good[] = {
		{"Identity x > l;Flatten l > f;Gemm f k > d;Softmax d > y", "flatten | dense 4, softmax"}, {"Flatten x > f;Gemm f t e > d transB:1;Softmax d > y", "flatten | dense 4, softmax"},
		{"Reshape x row > f;MatMul f k > d;Add d e > g;Softmax g > y", "flatten | dense 4, softmax"},
		{"Conv x w b > l auto_pad'SAME_UPPER" THREE, "conv2d 3 3 same"},
		{"Conv x w > l pads=1,1,1,1 auto_pad'NOTSET" THREE, "conv2d 3 3 same"},
		{"Conv x w > l pads=2,1,1,3 auto_pad'VALID" THREE, "zero_padding2d 1 top=1 right=2, conv2d 3 3"},
		{"Conv x w > l strides=2,2 kernel_shape=3,3 dilations=1,1 group:1" THREE, "conv2d 3 3 stride=2"},
		{"Conv x u - > l" THREE, "conv2d 3 1"},
		{"MaxPool x > l kernel_shape=2,2 strides=2,2 ceil_mode:1" TWO, "max_pooling2d 2"},
		{"MaxPool x > l kernel_shape=2,2" TWO, "max_pooling2d 2 stride=1"},
		{"AveragePool x > l kernel_shape=3,3 strides=3,3 pads=1,1,1,1 count_include_pad:1" TWO, "zero_padding2d 1, average_pooling2d 3"},
		{"AveragePool x > l kernel_shape=3,3 auto_pad'SAME_UPPER" TWO, "average_pooling2d 3 stride=1 same"},
		{"Pad x pads z > l mode'constant" TWO, "zero_padding2d 1 bottom=2 left=1 right=3"},
		{"Pad x > l pads=0,0,1,1,0,0,1,1" TWO, "zero_padding2d 1"},
		{"Mul x s > l" TWO, "rescaling 2"}, {"Div x s > m;Sub m s > l" TWO, "rescaling 0.5 offset=-2"},
		{"Add s x > l" TWO, "rescaling 1.0 offset=2.0"}, {"Mul x c3 > m;Add m c3 > l" TWO, "batch_normalization"},
		{"BatchNormalization x c c c c > l epsilon~0.001 momentum~0.99" TWO, "batch_normalization"},
		{"Elu x > l" TWO, "elu"}, {"LeakyRelu x > l alpha~0.2" TWO, "leaky_relu"},
		{"Tanh x > m;Sigmoid m > l" TWO, "tanh, sigmoid"}, {"Softmax x > l axis:1" TWO, "softmax"},
		{"Dropout x > l" TWO, "dropout 0.5"}, {"Dropout x h > l ratio~0.5" TWO, "dropout 0.25"}, {"Dropout x > l ratio~0.125" TWO, "dropout 0.125"},
		{"ReduceMean x > l axes=2,3 keepdims:0" ROW2, "global_average_pooling2d"},
		{"ReduceMean x wh > m;Squeeze m hw > l" ROW2, "global_average_pooling2d"}, {"GlobalAveragePool x > m;Reshape m row > l" ROW2, "global_average_pooling2d"},
		{"Transpose x > m perm=0,2,3,1;ReduceMean m > l axes=1,2 keepdims:0" ROW2, "global_average_pooling2d"},
		{"Conv@c x w > r;Relu@c/relu r > l" THREE, "conv2d 3 3 relu, global"}, {"Conv@c x w > r;Relu@c_relu r > l" THREE, "conv2d 3 3, relu, global"},
		{"Conv@c x w > r;Relu@d/relu r > l" THREE, "conv2d 3 3, relu, global"}, {"Dropout x row > l" TWO, "dropout 0.5"}, {"Dropout x e > l" TWO, "dropout 0.5"},
		{"Flatten x > f;Gemm f k - > d;Softmax d > y", "flatten | dense 4, softmax"},
		{"in 1 6 6;Conv x v1 > r;Add r s > l;GlobalAveragePool l > p;Flatten p > q;Gemm q k1 > d;Softmax d > y", "conv2d 1 3, rescaling 1.0 offset=2.0"},
		{"in 1 6 6;Conv x v1 > r;Add r s3 > l;GlobalAveragePool l > p;Flatten p > q;Gemm q k1 > d;Softmax d > y", "conv2d 1 3, global"},
		{"in 1 6 6;Mul x s3 > r;Add r s3 > l;GlobalAveragePool l > p;Flatten p > q;Gemm q k1 > d;Softmax d > y", "rescaling 2.0 offset=2.0, global"},
		{"in 1 6 6;Mul x s > r;Add r s > l;GlobalAveragePool l > p;Flatten p > q;Gemm q k1 > d;Softmax d > y", "rescaling 2.0 offset=2.0, global"},
		{"Mul x c3 > m;Mul m c3 > l" TWO, "batch_normalization epsilon=1e-12, batch_normalization"}, {"Add x c3 > l" TWO, "batch_normalization"},
		{"Mul x s > m;Add m c3 > l" TWO, "rescaling 2.0, batch_normalization"}, {"Mul x s > m;Mul m s > l" TWO, "rescaling 2.0, rescaling 2.0"},
		{"Conv x w > r;Sub r s > l" THREE, "conv2d 3 3, rescaling 1.0 offset=-2.0"}, {"Relu x > r;Add r s > l" TWO, "relu, rescaling 1.0 offset=2.0"},
		{"in 36;Reshape x grey > f;Flatten f > g;Gemm g k36 > d;Softmax d > y", "flatten | dense 4"},
		{"in 36;Reshape x wide > f;Flatten f > g;Gemm g k36 > d;Softmax d > y", "flatten | dense 4"},
		{"in 36;Reshape x last > f;Flatten f > g;Gemm g k36 > d;Softmax d > y", "flatten | dense 4"},
		{"in 1 6 6;Reshape x last > f;Flatten f > g;Gemm g k36 > d;Softmax d > y", "flatten | dense 4"},
		{"in 1 6 6;Reshape x grey > f;Flatten f > g;Gemm g k36 > d;Softmax d > y", "flatten | dense 4"},
		{"Shape x > a;Gather a zero > b;Concat b minus > v;Reshape x v > f;Gemm f k > d;Softmax d > y", "flatten | dense 4"},
		{"Shape x > a;Slice a zero one > b;Concat b minus > u;Cast u > v to:7;Reshape x v > f;Gemm f k > d;Softmax d > y", "flatten | dense 4"},
		{"Shape x > a;Slice a > b starts=0 ends=1;Slice a > c starts=1 ends=2;Slice a > h starts=2 ends=3;Slice a > u starts=3 ends=4;Mul c h > m;"
		    "Mul m u > o;Concat b o > v axis:0;Reshape x v > f;Gemm f k > d;Softmax d > y", "flatten | dense 4"},
		{"Transpose k72 > t2 perm=1,0;Flatten x > f;MatMul f t2 > d;Softmax d > y", "flatten | dense 4"},
		{"Transpose k72 > t2;Flatten x > f;MatMul f t2 > d;Softmax d > y", "flatten | dense 4"},
		{"Flatten x > f;Shape f > a;Reshape f a > g;Gemm g k > d;Softmax d > y", "flatten | dense 4"},
		{"Relu x > r;Shape r > a;Gather a zero > b;Concat b minus > v;Reshape r v > f;Gemm f k > d;Softmax d > y", "relu, flatten | dense 4"},
		{"Transpose x > tr perm=0,2,3,1;Shape tr > a;Slice a > b starts=0 ends=1;Slice a > c starts=1 ends=2;Slice a > h starts=3 ends=4;Mul c c > m;Mul m h > o;"
		    "Concat b o > v axis:0;Reshape tr v > f;Gemm f k > d;Softmax d > y", "flatten | dense 4"},
		{"Shape x > a;Gather a zero > b;Mul b one > p;Mul one p > q;Concat q minus > v;Reshape x v > f;Gemm f k > d;Softmax d > y", "flatten | dense 4"},
		{"Squeeze zero > a;Add a minus > p;Concat zero p > v;Reshape x v > f;Gemm f k > d;Softmax d > y", "flatten | dense 4"},
		{"Clip x z > l" TWO, "relu"}, {"Clip x z - > l" TWO, "relu"}, {"Clip x > l min~0" TWO, "relu"},
		{"MaxPool x > l kernel_shape=3,3 strides=2,2 pads=1,1,1,1" TWO, "zero_padding2d 1, max_pooling2d 3 stride=2"},
		{"Conv x w > a;Relu a > b;Dropout b > c;MaxPool c > l kernel_shape=2,2 pads=1,0,0,0" THREE, "conv2d 3 3, relu, dropout 0.5, zero_padding2d 0 top=1, max_pooling2d"},
		{"Sigmoid x > c;MaxPool c > l kernel_shape=2,2 pads=1,0,0,0" TWO, "sigmoid, zero_padding2d 0 top=1, max_pooling2d"},
		{"GlobalAveragePool x > m;Squeeze m > o axes=3;Squeeze o > l axes=2" ROW2, "global_average_pooling2d"},
		{"GlobalAveragePool x > m;Squeeze m minus > o;Squeeze o minus > l" ROW2, "global_average_pooling2d"},
		{"Flatten x > f;Flatten f > g;Gemm g k > d;Softmax d > y", "flatten | flatten, dense 4"},
		{"Flatten x > f;Reshape f row > g;Gemm g k > d;Softmax d > y", "flatten | dense 4"},
		{"Transpose x > t perm=0,3,1,2;Flatten t > f;Gemm f k > d;Softmax d > y", "flatten | dense 4"},
		{"in 6 6 2;Transpose x > t perm=0,2,3,1;Flatten t > f;Gemm f k > d;Softmax d > y", "flatten | dense 4"},
		{"in 2 1 6;Flatten x > f;Gemm f k12 > d;Softmax d > y", "flatten | dense 4"}, {"Dropout x nosuch > l" TWO, "dropout 0.5"},
		{"MaxPool x > p kernel_shape=6,6 strides=6,6;Flatten p > l" ROW2, "max_pooling2d 6, flatten | dense 4"},
	};

	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		int rc = build(good[i].nodes);

		ck_assert_msg(rc == 0, "%s: %s", good[i].nodes, C.errors);
		ck_assert_msg(strstr(C.s->model.build, good[i].layers) == C.s->model.build, "%s: %s, not %s", good[i].nodes, C.s->model.build, good[i].layers);
	}
}
END_TEST

START_TEST(nodes__are_refused__with_their_name)
{
	static const char *const bad[][2] = {
		{"Conv x o > l", "square"}, {"Conv x k > l", "not of two dimensions"}, {"Conv x nosuch > l", "no tensor of the file"},
		{"Conv x w e > l", "4 weights stand where 3 belong"}, {"Conv x w > l kernel_shape=3,2", "the same in both directions"},
		{"Conv x w > l kernel_shape=1,1", "does not fit its input of 2 channels"}, {"Conv x w > l strides=0,0", "from 1 to 64"},
		{"Conv x w > l strides=65,65", "from 1 to 64"}, {"Conv x w > l strides=1,1,1", "from 1 to 64"}, {"Conv x w > l dilations=2,2", "dilations or groups"},
		{"Conv x w > l auto_pad'SAME_LOWER", "auto_pad is not known"}, {"Conv x w > l pads=1,1", "not four numbers"},
		{"Conv x w > l pads=-1,0,0,0", "not from 0 to 1024"}, {"Conv x w > l pads=0,0,0,2000", "not from 0 to 1024"},
		{CONV "Conv a w > l", "does not fit its input of 3 channels"}, {"Flatten x > f;Conv f w > l", "no picture with the channels first"},
		{"GlobalAveragePool x > f;Conv f w > l", "no picture with the channels first"}, {"Transpose x > f perm=0,2,3,1;Conv f w > l", "no picture with the channels first"},
		{"MaxPool x > l kernel_shape=65,65", "from 1 to 64"}, {"MaxPool x > l kernel_shape=7,7", "larger than its input"},
		{"MaxPool x > l kernel_shape=4,4 strides=4,4 ceil_mode:1", "a part of a window"}, {"Tanh x > f;MaxPool f > l kernel_shape=2,2 pads=1,0,0,0", "behind no ReLU"},
		{"MaxPool x > l kernel_shape=2,2 pads=2,0,0,0", "neither none nor those"}, {"Conv x w > f;MaxPool f > l kernel_shape=2,2 pads=1,0,0,0", "neither none"},
		{"AveragePool x > l kernel_shape=2,2 pads=1,1,1,1", "neither none nor those"}, {"Pad x pads s > l", "with zeros"}, {"Pad x pads row > l", "with zeros"},
		{"Pad x pads nosuch > l", "with zeros"}, {"Pad x pads - row > l", "with zeros"}, {"Pad x row > l", "with zeros"}, {"Pad x pads > l mode'edge", "with zeros"},
		{"Pad x pads > l value~1", "with zeros"}, {"Pad x deep > l", "height and width alone"}, {"Pad x less > l", "by 0 to 1024"}, {"Pad x much > l", "by 0 to 1024"},
		{"Flatten x > f;Pad f pads > l", "with zeros"}, {"GlobalAveragePool x > f;Pad f pads > l", "with zeros"},
		{"Flatten x > f;Gemm f t > d", "does not fit its input of 72 values"}, {"Flatten x > f;Gemm f c > d", "does not fit its input"},
		{"Flatten x > f;Gemm f k c > d", "2 values, its kernel 4 units"}, {"Flatten x > f;Gemm f k > d alpha~2", "transA, alpha or beta"},
		{"Flatten x > f;Gemm f k > d beta~2", "transA, alpha or beta"}, {"Flatten x > f;Gemm f k > d transA:1", "transA, alpha or beta"},
		{"Flatten x > f;Gemm k f > d", "transA, alpha or beta"}, {"Flatten x > f;Gemm f k nosuch > d", "no tensor of the file"},
		{"Flatten x > f;MatMul k f > d", "its first operand"}, {"MatMul x k > d", "a Flatten belongs before it"}, {"GlobalAveragePool x > f;Gemm f k > d", "a Flatten belongs"},
		{"BatchNormalization x c c c c > l training_mode:1", "as in training"}, {"Transpose x > f perm=0,2,3,1;BatchNormalization f c c c c > l", "channels first"},
		{"GlobalAveragePool x > f;BatchNormalization f c c c c > l", "channels first"}, {"GlobalAveragePool x > f;Relu f > l", "a Flatten belongs before it"},
		{"Elu x > l alpha~0.5", "not Keras' 1"}, {"Softmax x > l axis:-1", "not that of the channels"}, {"Relu x > r;Transpose r > f perm=0,2,3,1;Transpose f > l perm=0,2,3,1",
		    "channels of pictures first or last"}, {"Transpose x > l perm=0,1,2,3", "channels of pictures first or last"},
		{"Flatten x > f;Transpose f > l perm=0,2,3,1", "channels of pictures first or last"}, {"Reshape x three > l", "make a row of a picture"},
		{"Reshape x > l", "make a row of a picture"}, {"Flatten x > f;GlobalAveragePool f > l", "no picture with the channels first"},
		{"GlobalAveragePool x > f;GlobalAveragePool f > l", "no picture with the channels first"}, {"ReduceMean x ch > l", "over a picture's height and width"},
		{"ReduceMean x > l axes=2", "over a picture's height and width"}, {"ReduceMean x > l axes=1,2", "over a picture's height and width"},
		{"Flatten x > f;ReduceMean f hw > l", "over a picture's height and width"}, {"Squeeze x hw > l", "behind a mean"},
		{"GlobalAveragePool x > f;Squeeze f ch > l", "behind a mean"}, {"Flatten x > f;Gemm f none > d", "does not fit its input of 72 values"},
		{"Flatten x > f;Gemm f w > d", "does not fit its input of 72 values"},
		{"old;Softmax x > l axis:1", "not that of the channels"}, {"in 1 6 6;Reshape x wide > f", "make a row of a picture"},
		{"in 36;Reshape x huge > f", "make a row of a picture"}, {"in 36;Reshape x flat > f", "make a row of a picture"},
		{"Reshape x grey > f", "make a row of a picture"}, {"Flatten x > f;Relu f > g;Reshape g grey > l", "make a row of a picture"},
		{"GlobalAveragePool x > f;Reshape f grey > l", "make a row of a picture"}, {"Shape x > a;Concat a row > b;Reshape x b > f", "make a row of a picture"},
		{"Shape x > a;Cast a > b;Reshape x b > f", "make a row of a picture"}, {"Shape x > a;Gather a one > b;Reshape x b > f", "make a row of a picture"},
		{"Transpose x > f perm=0,2,3,1;GlobalAveragePool f > l", "the channels first"}, {"BatchNormalization x c c c nosuch > l", "no tensor of the file"},
		{"Div s x > l", "one number, or one for each channel"}, {"Sub s x > l", "one number, or one for"},
		{"Div x z > l", "none that can be reckoned with"}, {"Mul x c > l", "one number, or one for each channel"}, {"Add x > l", "no tensor of the file"},
		{"GlobalAveragePool x > p;Add p c3 > l", "one number, or one for each channel"}, {"Mul x inf > l", "none that can be reckoned with"}, {"Add x e > l", "one number, or one for each channel"},
		{"LeakyRelu x > l alpha~-1", "its alpha is below 0"}, {"LeakyRelu x > l alpha~1e7", "above 1,000,000"},
		{"in 2 65536 65536;Flatten x > f", "more values than fit"}, {"Reshape x nosuch > f", "make a row of a picture"},
		{"Shape x > a;Reshape x nosuch > f", "make a row of a picture"}, {"Shape x > a;Concat a a > b;Reshape x b > f", "make a row of a picture"},
		{"Shape x > a;Cast a one > b;Reshape x b > f", "takes something else"},
		{"Reshape x ch > f", "make a row of a picture"}, {"Clip x s > l", "cuts at other numbers than 0"}, {"Clip x > l min~0 max~6", "as a ReLU6 does"},
		{"Clip x zero > l", "cuts at other"}, {"Clip x > l", "cuts at other"}, {"BatchNormalization x c c c c > l m", "as in training"},
		{"GlobalAveragePool x > m;Squeeze m > o axes=1", "behind a mean"}, {"GlobalAveragePool x > m;Squeeze m > o axes=3;Squeeze o > l axes=3", "behind a mean"},
		{"GlobalAveragePool x > m;Squeeze m > o axes=3;Squeeze o hw > l", "behind a mean"}, {"Cast x > l to:7", "no floats"}, {"Cast x > l", "no floats"}, {"in 36;Reshape x odd > f", "make a row of a picture"},
		{"in 36;Reshape x tall > f", "make a row of a picture"}, {"in 1 6 6;Reshape x tall > f", "make a row of a picture"},
		{"ReduceMean x nosuch > l", "over a picture's height and width"}, {"ReduceMean x > l axes=2,2", "over a picture's height and width"},
		{"ReduceMean x > l axes=3,3", "over a picture's height and width"}, {"ReduceMean x > l axes=2,1", "over a picture's height and width"},
		{"GlobalAveragePool x > f;ReduceMean f hw > l", "over a picture's height and width"},
		{"Add x b3 > l", "one number, or one for each channel"}, {"Add x r3 > l", "one number, or one for each channel"},
		{"in 72;Gemm x k > d;Softmax d > y", "takes rows of numbers"}, {"Identity x > y", "does not end with a dense layer and softmax"},
		{"Flatten x > y", "does not end with a dense layer and softmax"}, {"Flatten x > f;Gemm f k > d;Relu d > y", "does not end with a dense layer and softmax"},
		{"Flatten x > f;Gemm@d f k > d;Relu@d/relu d > y", "does not end with a dense layer and softmax"},
		{"Flatten x > f;Gemm f k > d;LogSoftmax d > g;Identity g > y", "it may only be the last"},
		{"in 1 65536 65536;GlobalAveragePool x > p;Flatten p > q;Gemm q k1 > d;Softmax d > y", "its model cannot be had here: the input is"},
		{"Flatten x > f;Shape f > a end:2;Reshape f a > g", "(Shape): no layer of thaw does this"}, {"Shape nosuch > a", "takes something else"},
		{"Shape > a", "takes something else"},
		{"Shape x > a;Shape x > a", "(Shape): no layer of thaw does this"},
		{"ConstantOfShape one > a value!-9223372036854775808;Concat a minus > v;Reshape x v > f", "takes something else"},
		{"Shape x > a;Gather a zero > b;Add b zero > p;Concat p minus > v;Reshape x v > f", "takes something else"},
		{"Shape x > a;Gather a zero > b;Mul b four > p;Concat p minus > v;Reshape x v > f", "takes something else"},
		{"Sub low one > p;Concat p minus > v;Reshape x v > f", "takes something else"},
		{"ConstantOfShape one > a value!!0;Concat a minus > v;Reshape x v > f", "takes something else"},
		{"Transpose k72 > t2 perm=1,1;Flatten x > f;MatMul f t2 > d", "takes something else"},
		{"Transpose k72 > t2 perm=1;Flatten x > f;MatMul f t2 > d", "takes something else"},
		{"Transpose w > t2 perm=1,0;Flatten x > f;MatMul f t2 > d", "takes something else"},
		{"Transpose k72 > t2 perm=1,0;Cast t2 > v to:7;Reshape x v > f", "takes something else"},
		{"Transpose k72 > - perm=1,0;Flatten x > f;MatMul f - > d", "no tensor of the file"},
		{"Add x x > l", "no tensor of the file"}, {"Div x c3 > l", "one number, or one for each channel"},
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		ck_assert_msg(build(bad[i][0]) == 1, "not refused: %s: %s", bad[i][0], C.s->model.build);
		ck_assert_msg(strstr(C.errors, bad[i][1]) != NULL, "%s: %s lacks \"%s\"", bad[i][0], C.errors, bad[i][1]);
		ck_has(C.errors, "a.onnx");
	}
}
END_TEST

/* Names of nodes that end with a stroke, or are empty, are parts of no name. */
START_TEST(nodes__names__are_those_of_layers)
{
	static const char *const names[] = {"q/other/", "", "dense/"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char *text = xasprintf("Flatten x > f;Gemm@%s f k e > d;Softmax d > y", names[i]);

		ck_assert_msg(build(text) == 0, "%s", C.errors);
		captured_ok("load a.onnx only=all");
		ck_has(C.text, "dense.kernel");
		ck_assert_int_eq(strstr(C.text, "taken in their order") == NULL, i == 2);
		free(text);
	}
}
END_TEST

/* Pads that nodes work out: first the dozen that PyTorch writes. */
START_TEST(nodes__fold__whole_numbers)
{
	static const char *const good[][2] = {
		{"ConstantOfShape four > o value!0;Concat around o > p axis:0;Reshape p pairs > q;Slice q minus low zero minus > r;Transpose r > s perm=1,0;"
		    "Reshape s minus > u;Cast u > v to:7", "zero_padding2d 0 top=3 left=1 right=2"},
		{"Shape around > a;Gather a zero > b;Mul four ch > m;Gather m one > e;Sub e b > f;ConstantOfShape f > o value!0;Concat around o > p axis:0;"
		    "Reshape p pairs > q;Slice q minus low zero minus > r;Transpose r > s;Reshape s minus > v", "zero_padding2d 0 top=3 left=1 right=2"},
		{"Identity pads > v", "zero_padding2d 1 bottom=2 left=1 right=3"}, {"Slice pads zero most > v", "zero_padding2d 1 bottom=2 left=1 right=3"},
		{"Slice pads least most zero one > v", "zero_padding2d 1 bottom=2 left=1 right=3"},
		{"Slice pads > v starts=-8 ends=100 axes=-1", "zero_padding2d 1 bottom=2 left=1 right=3"},
		{"Unsqueeze pads > a axes=0;Squeeze a > v axes=0", "zero_padding2d 1 bottom=2 left=1 right=3"},
		{"Unsqueeze pads minus > a;Squeeze a > v", "zero_padding2d 1 bottom=2 left=1 right=3"},
		{"Reshape pads rows > a;Slice a > b starts=0,0 ends=1,4 axes=0,1;Slice a one most > c;Reshape b minus > d;Reshape c minus > e;Concat d e > v axis:-1",
		    "zero_padding2d 1 bottom=2 left=1 right=3"},
		{"Reshape pads rows > a;Slice a > b starts=2 ends=4 axes=1;Reshape b minus > c;Slice a > d starts=0 ends=2 axes=1;Reshape d minus > e;"
		    "Concat e c > g;Gather g order > v", "zero_padding2d 1 bottom=2 left=1 right=3"},
		{"Add pads zero > a;Div a one > b;Mul one b > v", "zero_padding2d 1 bottom=2 left=1 right=3"},
		{"Slice pads minus low zero minus > a;Slice a minus low zero minus > v", "zero_padding2d 1 bottom=2 left=1 right=3"},
		{"Unsqueeze pads - > a axes=0;Squeeze a - > v axes=-2", "zero_padding2d 1 bottom=2 left=1 right=3"},
		{"Slice empty zero most > a;Concat pads a > v", "zero_padding2d 1 bottom=2 left=1 right=3"},
		{"Slice pads zero most zero - > v", "zero_padding2d 1 bottom=2 left=1 right=3"},
		{"Reshape pads zero > v", "zero_padding2d 1 bottom=2 left=1 right=3"},
		{"Reshape pads row > a;Squeeze a one > v", "zero_padding2d 1 bottom=2 left=1 right=3"},
		{"Cast around > i to:6;Shape i > a;ConstantOfShape a > o value!0;Concat around o > p axis:0;Reshape p pairs > q;Slice q minus low zero minus > r;Transpose r > s;Reshape s minus > v",
		    "zero_padding2d 0 top=3 left=1 right=2"},
		{"ConstantOfShape rows > a value!0;Transpose a > b perm=1,0;Reshape b minus > v", "zero_padding2d 0,"},
		{"Reshape ones minus > a;Sub a one > v", "zero_padding2d 0,"},
		{"Squeeze one > a;Div pads a > v", "zero_padding2d 1 bottom=2 left=1 right=3"},
	};

	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		char *text = xasprintf("%s;Pad x v > l" TWO, good[i][0]);

		ck_assert_msg(build(text) == 0, "%zu: %s", i, C.errors);
		ck_assert_msg(strstr(C.s->model.build, good[i][1]) == C.s->model.build, "%zu: %s", i, C.s->model.build);
		free(text);
	}
}
END_TEST

/* Circles, steps of 0, sizes beyond all memory, places that are none: nothing comes of them, and a sentence says which node it is. */
START_TEST(nodes__fold__nothing_that_is_wrong)
{
	static const char *const bad[] = {
		"Cast v > u;Cast u > v", "Concat pads v > v", "Identity v > v", "Slice pads zero most zero zero > v", "Slice pads zero most one one > v",
		"Slice pads zero > v", "Slice pads empty empty > v", "Slice pads zero most ch > v", "Slice pads s most > v", "Slice pads > v starts=0,0 ends=1",
		"Reshape pads rows > a;Slice a > b starts=0,0,0 ends=1,1,1;Reshape b minus > v", "Shape x > a;Slice pads a most > v", "Shape x > a;Gather a zero > b;Slice pads b most > v",
		"ConstantOfShape vast > v value!0", "ConstantOfShape most > v value!0", "ConstantOfShape minus > v value!0", "ConstantOfShape four > v",
		"ConstantOfShape four > a value!~0;Concat a a > v", "ConstantOfShape pads > v value!0",
		"ConstantOfShape four > a value!0;Concat a a a > b;Concat b b > c;Concat c c > d;Concat d d > v", "Reshape pads most > v", "Reshape pads vast > v", "Reshape pads low > v",
		"Reshape pads pads > v", "Concat minus minus > a;Reshape pads a > v", "Reshape pads pads minus > v", "Reshape pads hw > v",
		"Gather pads four > a;Gather a four > v", "Gather pads most > v", "Gather pads low > v", "Gather pads zero > v axis:1", "Gather pads rows pads > v", "Gather around pads pads > v",
		"Unsqueeze pads hw > v", "Unsqueeze pads > v axes=3", "Unsqueeze pads > v", "Unsqueeze pads > v axes=0,0", "Squeeze pads zero > v", "Squeeze pads > v axes=7",
		"Mul most most > v", "Add most one > v", "Sub low hw > v", "Div pads zero > v", "Mul pads hw > v", "Mul pads empty > v", "Add pads > v", "Mul pads s > v",
		"Shape x > a;Gather a zero > b;Mul b hw > v", "Transpose pads > v perm=1,0", "Transpose s > v perm=1,0", "Transpose k > v perm=0,1", "Cast pads > v to:1", "Cast - > v",
		"Concat pads pads > v axis:1", "Concat one one one one one one one one > v", "Concat one one one one one one one one one > v", "Shape pads > v start:1",
		"Reshape pads rows > v",
		"Unsqueeze zero > a axes=0;Unsqueeze pads a > b;Squeeze b > v", "Reshape pads rows > a;Gather a order > v",
		"Reshape order rows > a;Gather pads a > b;Reshape b minus > v",
		"Unsqueeze pads > a axes=-3;Squeeze a > v", "Squeeze zero > a;Unsqueeze a > b axes=0,0;Reshape b minus > c;Slice pads c most > v",
		"Unsqueeze pads > a axes=0;Squeeze a > v axes=-3",
		"Unsqueeze pads > a axes=0;Concat a > v", "Slice pads zero most low > v", "Shape x > a;Gather a zero > b;Slice pads zero b > v",
		"Slice pads zero most zero ch > v",
		"ConstantOfShape rows > a value!0;Transpose a > b perm=1,1;Reshape b minus > v",
		"ConstantOfShape rows > a value!0;Transpose a > b perm=0,0;Reshape b minus > v",
		"ConstantOfShape rows > a value!0;Transpose a > b perm=1;Reshape b minus > v", "Squeeze minus > a;Reshape pads a > v",
		"Reshape pads minus > v allowzero:1",
		"Slice row minus low zero minus > a;Reshape pads a > v", "Squeeze four > a;ConstantOfShape a > b value!0;Concat b b > v",
		"Mul four four > a;Mul rows a > b;ConstantOfShape b > v value!0",
		"Mul empty one > a;Concat pads a > v", "Mul one empty > a;Concat pads a > v", "Sub ones one > a;Reshape a minus > v",
		"Sub one ones > a;Reshape a minus > v",
		"Concat hollow pads > v", "Cast w > v to:7",
	};

	ck_assert_int_eq(build("Pad x pads > l" TWO), 0);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char *text = xasprintf("%s;Pad x v > l" TWO, bad[i]);

		ck_assert_msg(build(text) == 1, "%s: %s", bad[i], C.s->model.build);
		ck_has(C.errors, "a.onnx: node \"");
		ck_assert_msg(strchr(C.errors, ';') != NULL, "no way out: %s", C.errors);
		free(text);
	}
	ck_assert_ptr_nonnull(strstr(C.s->model.build, "zero_padding2d 1 bottom=2 left=1 right=3"));
}
END_TEST

/* Of nodes that reckon with whole numbers 1,000 are remembered; the next one is none of them. */
START_TEST(nodes__of_shapes__that_are_very_many)
{
	struct str b = {0};

	for (int k = 0; k < 1001; k++)
		str_add(&b, "Shape x > s%d;", k);
	str_add(&b, "Flatten x > f;Gemm f k > d;Softmax d > y");
	ck_assert_int_eq(build(b.s), 1);
	ck_has(C.errors, "node \"Shape\" (Shape): no layer of thaw does this");
	ck_assert_int_eq(build(strchr(b.s, ';') + 1), 0);
	free(b.s);
}
END_TEST

/* The 65th layer, whichever node it is; "r" is what 64 layers give, "q" what 63 do, "o2" what 62. The softmax behind logits is one too. */
START_TEST(nodes__behind_very_many__are_refused)
{
	static const char *const last[] = {"Relu r > l", "Flatten q > f;Gemm f k > d", "BatchNormalization r c c c c > l", "Dropout r > l", "Flatten r > l",
	    "GlobalAveragePool r > l", "ReduceMean r hw > l", "Conv r w > l", "Conv q w > l pads=1,0,0,0", "Conv r w > l pads=1,0,0,0", "MaxPool r > l kernel_shape=2,2",
	    "AveragePool r > l kernel_shape=2,2 pads=1,1,1,1 count_include_pad:1", "Pad r pads > l", "Mul r s > l", "Mul r c3 > l", "Reshape r row > l", "Flatten o2 > f;Gemm f k > y"};

	for (size_t i = 0; i < sizeof last / sizeof *last; i++) {
		struct str b = {0};
		int n = strstr(last[i], " o2 ") != NULL ? 62 : strchr(last[i], 'q') != NULL ? 63 : 64;

		for (int k = 0; k < n; k++) {
			char from[16] = "x", to[16];

			if (k > 0)
				snprintf(from, sizeof from, "r%d", k - 1);
			if (k < n - 1)
				snprintf(to, sizeof to, "r%d", k);
			else
				strcpy(to, n == 62 ? "o2" : n == 63 ? "q" : "r");
			str_add(&b, "Relu %s > %s;", from, to);
		}
		str_add(&b, "%s", last[i]);
		ck_assert_msg(build(b.s) == 1, "not refused: %s", last[i]);
		ck_assert_msg(strstr(C.errors, "more than 64 layers") != NULL, "%s: %s", last[i], C.errors);
		free(b.s);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("onnx nodes");
	TCase *t = tcase_create("nodes");

	tcase_add_checked_fixture(t, captured_setup, captured_teardown);
	tcase_add_test(t, nodes__make__layers);
	tcase_add_test(t, nodes__are_refused__with_their_name);
	tcase_add_test(t, nodes__names__are_those_of_layers);
	tcase_add_test(t, nodes__fold__whole_numbers);
	tcase_add_test(t, nodes__fold__nothing_that_is_wrong);
	tcase_add_test(t, nodes__of_shapes__that_are_very_many);
	tcase_add_test(t, nodes__behind_very_many__are_refused);
	suite_add_tcase(s, t);
	return run_suite(s);
}
