/* test_onnx.c: graphs of ONNX that lie, are cut off, or are no row of layers; and what is read of those of others. */
#include "file/format.h"
#include "file/onnx.h"
#include "file/onnx_read.h"
#include "util/xmalloc.h"
#include "tests/src/captured.h"
#include "tests/run.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* ---- models made here ---- */

/* input [n, 2, 6, 6] -> Conv "c" of 3 filters -> Relu -> Flatten -> Gemm "d" of 4 units -> Softmax */
struct made {
	struct str nodes, tensors, ends, model;
};

static void
tensor(struct made *m, const char *name, const int *dim, int rank, int values, void (*also)(struct str *b))
{
	struct str b = {0};
	float v[512];

	for (int i = 0; i < rank; i++)
		pb_put_int(&b, TENSOR_DIMS, (uint64_t)(int64_t)dim[i]);
	for (int i = 0; i < values; i++)
		v[i] = (float)(i % 7) / 8 - 0.25f;
	pb_put_int(&b, TENSOR_TYPE, ONNX_FLOAT);
	pb_put_text(&b, TENSOR_NAME, name);
	if (also != NULL)
		also(&b);
	pb_put_bytes(&b, TENSOR_RAW, v, (size_t)values * 4);
	pb_put_message(&m->tensors, GRAPH_INITIALIZER, &b);
}

/* inputs, a bar, outputs: "x w|y" */
static void
node(struct made *m, const char *op, const char *values, const char *attribute, int64_t number)
{
	struct str b = {0}, a = {0};
	char *copy = xstrdup(values), *save = NULL;
	int field = NODE_INPUT;

	for (char *w = strtok_r(copy, " ", &save); w != NULL; w = strtok_r(NULL, " ", &save)) {
		if (strcmp(w, "|") == 0)
			field = NODE_OUTPUT;
		else
			pb_put_text(&b, field, w);
	}
	pb_put_text(&b, NODE_NAME, op);
	pb_put_text(&b, NODE_OP, op);
	if (attribute != NULL) {
		pb_put_text(&a, ATTRIBUTE_NAME, attribute);
		pb_put_int(&a, ATTRIBUTE_INT, (uint64_t)number);
		pb_put_int(&a, ATTRIBUTE_TYPE, TYPE_IS_INT);
		pb_put_message(&b, NODE_ATTRIBUTE, &a);
	}
	pb_put_message(&m->nodes, GRAPH_NODE, &b);
	free(copy);
}

static void
value(struct made *m, int field, const char *name, const int *dim, int rank)
{
	struct str v = {0}, t = {0}, s = {0}, d = {0};

	for (int i = 0; i < rank; i++) {
		pb_put_int(&d, DIM_VALUE, (uint64_t)(int64_t)dim[i]);
		pb_put_message(&s, SHAPE_DIM, &d);
	}
	pb_put_int(&t, TYPE_ELEMENT, ONNX_FLOAT);
	pb_put_message(&t, TYPE_SHAPE, &s);
	pb_put_message(&d, TYPE_TENSOR, &t);
	pb_put_text(&v, VALUE_NAME, name);
	pb_put_message(&v, VALUE_TYPE, &d);
	pb_put_message(&m->ends, field, &v);
}

static void
end(struct made *m, const char *path)
{
	struct str graph = {0}, opset = {0};

	for (struct str *p = &m->nodes; p <= &m->ends; p++)
		if (p->n > 0)
			str_addn(&graph, p->s, p->n);
	pb_put_int(&m->model, MODEL_IR, ONNX_IR);
	pb_put_int(&opset, OPSET_VERSION, ONNX_OPSET);
	pb_put_message(&m->model, MODEL_OPSET, &opset);
	pb_put_message(&m->model, MODEL_GRAPH, &graph);
	scratch_write(path, m->model.s, m->model.n);
	for (struct str *p = &m->nodes; p <= &m->model; p++)
		free(p->s);
	*m = (struct made){0};
}

static void
begin(struct made *m)
{
	*m = (struct made){0};
	value(m, GRAPH_INPUT, "x", (const int[]){0, 2, 6, 6}, 4);
	value(m, GRAPH_OUTPUT, "y", (const int[]){0, 4}, 2);
}

static void
kernels(struct made *m)
{
	tensor(m, "w", (const int[]){3, 2, 3, 3}, 4, 54, NULL);
	tensor(m, "v", (const int[]){4, 48}, 2, 192, NULL);
	tensor(m, "b", (const int[]){4}, 1, 4, NULL);
}

static void
whole(struct made *m)
{
	begin(m);
	node(m, "Conv", "x w | c", NULL, 0);
	node(m, "Relu", "c | r", NULL, 0);
	node(m, "Flatten", "r | f", NULL, 0);
	node(m, "Gemm", "f v b | d", "transB", 1);
	node(m, "Softmax", "d | y", NULL, 0);
	kernels(m);
}

static void
refused(const char *path, const char *says)
{
	char *line = xasprintf("build %s", path);

	ck_assert_msg(capture_run(&C, line) == 1, "%s is not refused: %s", path, C.text);
	ck_has(C.errors, says);
	free(line);
}

/* ---- what is read ---- */

START_TEST(onnx__build__permutes_the_rows_behind_a_flatten)
{
	struct made m;
	const float *w;

	whole(&m);
	end(&m, "a.onnx");
	ck_assert_msg(capture_run(&C, "load a.onnx") == 0, "%s", C.errors);
	ck_assert_str_eq(C.s->model.build, "conv2d 3 3, relu, flatten | dense 4, softmax");
	w = nn_net_weights(C.s->model.net) + nn_net_layer(C.s->model.net, 3)->tensor[0].offset;
	/* row (pixel 5, channel 2) of unit 1 is value 2 * 16 + 5 of row 1 there; of the convolution, [y][x][in][out] */
	ck_assert_float_eq(w[(5 * 3 + 2) * 4 + 1], (float)((48 + 2 * 16 + 5) % 7) / 8 - 0.25f);
	w = nn_net_weights(C.s->model.net);
	ck_assert_float_eq(w[((1 * 3 + 2) * 2 + 1) * 3 + 2], (float)((2 * 18 + 9 + 1 * 3 + 2) % 7) / 8 - 0.25f);
}
END_TEST

START_TEST(onnx__build__reads_packed_numbers_and_constants_of_nodes)
{
	struct made m;
	struct str b = {0}, a = {0}, n = {0}, list = {0};

	begin(&m);
	pb_put_int(&b, TENSOR_DIMS, 2);
	pb_put_int(&b, TENSOR_TYPE, ONNX_INT64);
	str_addn(&list, "\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\1", 11); /* 0, -1 */
	pb_put_message(&b, TENSOR_INT64S, &list);
	pb_put_text(&a, ATTRIBUTE_NAME, "value");
	pb_put_message(&a, ATTRIBUTE_TENSOR, &b);
	pb_put_text(&n, NODE_OUTPUT, "shape");
	pb_put_text(&n, NODE_OP, "Constant");
	pb_put_message(&n, NODE_ATTRIBUTE, &a);
	pb_put_message(&m.nodes, GRAPH_NODE, &n);
	node(&m, "Conv", "x w | c", NULL, 0);
	node(&m, "Reshape", "c shape | f", NULL, 0);
	node(&m, "MatMul", "f k | d", NULL, 0);
	node(&m, "Identity", "b | same", NULL, 0);
	node(&m, "Add", "same d | e", NULL, 0);
	node(&m, "LogSoftmax", "e | y", NULL, 0);
	kernels(&m);
	tensor(&m, "k", (const int[]){48, 4}, 2, 192, NULL);
	end(&m, "a.onnx");
	ck_assert_msg(capture_run(&C, "load a.onnx") == 0, "%s", C.errors);
	ck_assert_str_eq(C.s->model.build, "conv2d 3 3, flatten | dense 4, softmax");
	ck_has(C.text, "logarithms of probabilities");
	ck_assert_float_eq(nn_net_weights(C.s->model.net)[nn_net_layer(C.s->model.net, 2)->tensor[1].offset + 3], 0.125f);
}
END_TEST

START_TEST(onnx__load__takes_layers_in_their_order_or_refuses)
{
	struct made m;
	uint8_t *p, *q;
	size_t n, k;

	whole(&m);
	end(&m, "a.onnx");
	ck_assert_int_eq(capture_run(&C, "load a.onnx; save b.npz; build a.onnx; load a.onnx only=all; save c.npz"), 0);
	ck_has(C.text, "taken in their order");
	p = scratch_read("b.npz", &n);
	q = scratch_read("c.npz", &k);
	ck_assert_uint_eq(n, k);
	ck_assert_mem_eq(p, q, n);
	free(p);
	free(q);
	ck_assert_int_eq(capture_run(&C, "build mlp; load a.onnx only=all"), 1);
	ck_has(C.errors, "`build a.onnx` makes the model of the file");
}
END_TEST

/* What the units stand for goes with the model, also where they are counted by the digit. */
START_TEST(onnx__load__brings_back_what_units_stand_for)
{
	scratch_digits("small", false);
	captured_ok("timing off; data small; build \"flatten | dense 10, softmax\"; set units digit; train gte5 epochs=1; save a.onnx");
	ck_assert(C.s->model.trained.by_digit);
	captured_ok("reset seed=3; build mlp; load a.onnx");
	ck_assert(C.s->model.trained.by_digit);
	ck_assert_str_eq(C.s->model.trained.name, "gte5");
	captured_ok("set units order; build \"flatten | dense 5, softmax\"; train lt5 epochs=1; save b.onnx; load a.onnx; load b.onnx");
	ck_assert(!C.s->model.trained.by_digit);
	ck_assert_str_eq(C.s->model.trained.name, "lt5");
}
END_TEST

/* The file has layers that the model has not: they keep their own names, and nobody takes them. */
START_TEST(onnx__load__more_layers_than_the_model_has)
{
	scratch_digits("small", false);
	captured_ok("timing off; data small; build \"flatten | dense 4, relu, dense 10, softmax\"; save a.onnx");
	captured_ok("build \"flatten | dense 4, softmax\"; load a.onnx only=all");
	ck_has(C.text, "dense.kernel         64x4           loaded");
	ck_lacks(C.text, "taken in their order");
}
END_TEST

/* Some layers have the names of the model's, and others are not there: those are taken by their names alone. */
START_TEST(onnx__load__layers_of_which_some_are_named)
{
	scratch_digits("small", false);
	captured_ok("timing off; data small; build \"flatten | dense 10, softmax\"; save a.onnx");
	captured_ok("build \"flatten | dense 10, relu, dense 10, softmax\"; load a.onnx only=all");
	ck_has(C.text, "dense.kernel         64x10          loaded");
	ck_lacks(C.text, "taken in their order");
	ck_lacks(C.text, "dense_1.kernel       10x10          loaded");
}
END_TEST

/* As many layers as the model has, of which not all have its names: these are another's numbering. */
START_TEST(onnx__load__layers_of_another_numbering)
{
	scratch_digits("small", false);
	captured_ok("timing off; data small; build \"flatten, batch_normalization | dense 10, softmax\"; save a.onnx");
	captured_ok("build \"conv2d 2 3, flatten | dense 10, softmax\"; load a.onnx only=all");
	ck_has(C.text, "conv2d.kernel        3x3x1x2        left as it is: 64 in the file");
	ck_has(C.text, "dense.bias           10             loaded");
	ck_has(C.text, "taken in their order");
}
END_TEST

/* A factor for each channel is a normalization, of which the file has no other tensor: the model has fewer. */
START_TEST(onnx__load__tensors_that_the_file_does_not_have)
{
	struct made m;

	whole(&m);
	end(&m, "a.onnx");
	begin(&m);
	node(&m, "Mul", "x factor | a", NULL, 0);
	node(&m, "Flatten", "a | f", NULL, 0);
	node(&m, "Gemm", "f k b | y", NULL, 0);
	tensor(&m, "factor", (const int[]){2, 1, 1}, 3, 2, NULL);
	tensor(&m, "k", (const int[]){72, 4}, 2, 288, NULL);
	tensor(&m, "b", (const int[]){4}, 1, 4, NULL);
	end(&m, "b.onnx");
	captured_ok("build a.onnx; load b.onnx only=all");
	ck_has(C.text, "conv2d.bias          3              left as it is: 2 in the file, 3 in the model");
	ck_has(C.text, "dense.bias           4              loaded");
	captured_ok("load b.onnx");
	ck_assert_str_eq(C.s->model.build, "batch_normalization epsilon=1e-12, flatten | dense 4, softmax");
	ck_assert_float_eq(nn_net_weights(C.s->model.net)[1], -0.125f); /* the factor of channel 1 */
	ck_assert_float_eq(nn_net_weights(C.s->model.net)[7], 1); /* the variance, of which the file says nothing */
}
END_TEST

/* Some weights go into the session's model, which needs the data set for its input. */
START_TEST(onnx__load__without_data_for_a_model)
{
	struct made m;

	whole(&m);
	end(&m, "a.onnx");
	data_choose(&C.s->data, "nowhere");
	captured_refused("load a.onnx only=all", "nowhere");
	ck_assert_ptr_null(C.s->model.net);
}
END_TEST

/* Where the text of the model that thaw has written is of other layers, the head begins where layers without it have it. */
START_TEST(onnx__load__beside_the_text_of_another_model)
{
	static const char text[] = "flatten, dense 4, relu | dense 10, softmax", other[] = "flatten |                       dense 10";
	uint8_t *p, *at;
	size_t n;

	scratch_digits("small", false);
	captured_ok("timing off; data small; build \"flatten, dense 4, relu | dense 10, softmax\"; save a.onnx; load a.onnx");
	ck_assert_int_eq(C.s->model.features, 3);
	p = scratch_read("a.onnx", &n);
	at = memmem(p, n, text, sizeof text - 1);
	ck_assert_ptr_nonnull(at);
	memset(at, ' ', sizeof text - 1);
	memcpy(at, other, sizeof other - 1);
	scratch_write("b.onnx", p, n);
	free(p);
	captured_ok("load b.onnx");
	ck_assert_int_eq(C.s->model.features, 1);
}
END_TEST

/* A unit that stands for no class has no name. */
START_TEST(onnx__save__units_without_a_class)
{
	uint8_t *p;
	size_t n;

	scratch_digits("small", false);
	captured_ok("timing off; data small; build \"flatten | dense 3, softmax\"; train digits=1,7 epochs=1; save a.onnx");
	p = scratch_read("a.onnx", &n);
	ck_assert_ptr_nonnull(memmem(p, n, "[\"1\",\"7\",null]", 14));
	free(p);
}
END_TEST

START_TEST(onnx__save__a_layer_that_is_not_known)
{
	struct nn_layer *l;

	captured_ok("build \"flatten | dense 5, softmax\"");
	l = (struct nn_layer *)(uintptr_t)nn_net_layer(capture_net(&C), 1);
	l->spec.activation = "of_tomorrow"; /* as one that somebody adds */
	captured_refused("save a.onnx", "dense: how ONNX has Dense is not known here; `build` the model without it");
	l->spec.activation = NULL;
	ck_assert_int_eq(scratch_files(), 0);
}
END_TEST

/* ---- what is refused ---- */

static void
external(struct str *b)
{
	pb_put_int(b, TENSOR_LOCATION, 1);
}

static void
twice(struct str *b)
{
	pb_put_bytes(b, TENSOR_RAW, "", 0);
}

START_TEST(onnx__open__refuses_tensors_that_lie)
{
	static const struct {
		int dim[4], rank, values;
		void (*also)(struct str *b);
		const char *says;
	} lies[] = {
		{{3, 2, 3, 3}, 4, 53, NULL, "has 212 bytes of values, but its dims ask for 54 floats"},
		{{3, 2, 3, 3}, 4, 54, external, "are in another file, which is not opened"},
		{{3, 2, 3, 3}, 4, 54, twice, "come in pieces"},
		{{-1, 2, 3, 3}, 4, 54, NULL, "larger than any memory"},
		{{2147483647, 2147483647, 2147483647, 3}, 4, 54, NULL, "larger than any memory"},
		{{0, 2, 3, 3}, 4, 0, NULL, "kernel is not of two dimensions"},
		{{54, 1, 1}, 3, 54, NULL, "kernel is not of two dimensions"},
		{{9, 6, 1, 1}, 4, 54, NULL, "does not fit its input of 2 channels"},
	};
	struct made m;

	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		begin(&m);
		node(&m, "Conv", "x w | y", NULL, 0);
		tensor(&m, "w", lies[i].dim, lies[i].rank, lies[i].values, lies[i].also);
		end(&m, "a.onnx");
		refused("a.onnx", lies[i].says);
	}
}
END_TEST

START_TEST(onnx__walk__names_the_node_that_is_no_layer)
{
	static const struct {
		const char *op, *values, *attribute;
		int64_t number;
		const char *says;
	} nodes[] = {
		{"Einsum", "r | z", NULL, 0, "node \"Einsum\" (Einsum): no layer of thaw does this"},
		{"Loop", "r | z", NULL, 0, "no layer of thaw does this"},
		{"Relu", "c | z", NULL, 0, "takes something else than what the node before it gives"},
		{"Relu", "z | z", NULL, 0, "takes something else"},
		{"Add", "r c | z", NULL, 0, "weights are no tensor of the file"},
		{"Conv", "r w | z", "group", 2, "dilations or groups"},
		{"MaxPool", "r | z", NULL, 0, "kernel_shape"},
		{"Softmax", "r | z", "axis", 3, "axis is not that of the channels"},
		{"Flatten", "r | z", "axis", 2, "its axis is not 1"},
		{"Reshape", "r b | z", NULL, 0, "make a row of a picture"},
		{"Squeeze", "r | z", NULL, 0, "behind a mean"},
		{"ReduceMean", "r | z", NULL, 0, "mean over a picture's height and width"},
		{"Transpose", "r | z", NULL, 0, "channels of pictures first or last"},
		{"Gemm", "r v | z", NULL, 0, "a Flatten belongs before it"},
		{"BatchNormalization", "r b b b | z", NULL, 0, "4 weights stand where 3 belong"},
	};
	struct made m;

	for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++) {
		begin(&m);
		node(&m, "Conv", "x w | c", NULL, 0);
		node(&m, "Relu", "c | r", NULL, 0);
		node(&m, nodes[i].op, nodes[i].values, nodes[i].attribute, nodes[i].number);
		kernels(&m);
		end(&m, "a.onnx");
		refused("a.onnx", nodes[i].says);
	}
}
END_TEST

START_TEST(onnx__open__refuses_what_is_no_model)
{
	static const char *const files[][2] = {{"", "it has no graph"}, {"\x3a\x05", "cut off or damaged"},
	    {"\x3a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", "cut off or damaged"}, {"hello", "cut off or damaged"},
	    {"\x3a", "cut off or damaged"}, {"\x3b\x3b\x3b", "cut off or damaged"}, {"\x38\x07", "it has no graph"}};
	struct made m;
	struct str deep = {0}, outer;

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		scratch_write("a.onnx", files[i][0], strlen(files[i][0]));
		refused("a.onnx", files[i][1]);
	}
	whole(&m);
	value(&m, GRAPH_INPUT, "z", (const int[]){1}, 1);
	end(&m, "a.onnx");
	refused("a.onnx", "2 inputs and 1 outputs");
	m = (struct made){0};
	value(&m, GRAPH_INPUT, "x", (const int[]){0, 2, 0, 6}, 4);
	value(&m, GRAPH_OUTPUT, "y", (const int[]){0, 4}, 2);
	end(&m, "a.onnx");
	refused("a.onnx", "does not say how large its pictures are");
	begin(&m);
	end(&m, "a.onnx");
	refused("a.onnx", "do not lead from its input to its output");
	begin(&m);
	for (int i = 0; i <= NN_LAYERS_MAX; i++)
		node(&m, "Relu", "x | x", NULL, 0);
	end(&m, "a.onnx");
	refused("a.onnx", "more than 64 layers");
	for (int i = 0; i < 5000; i++) { /* graphs of nodes of graphs: nobody goes there */
		outer = (struct str){0};
		pb_put_message(&outer, i % 2 == 0 ? NODE_ATTRIBUTE : GRAPH_NODE, &deep);
		deep = outer;
	}
	begin(&m);
	pb_put_text(&deep, NODE_OP, "If");
	pb_put_text(&deep, NODE_INPUT, "x");
	pb_put_message(&m.nodes, GRAPH_NODE, &deep);
	end(&m, "a.onnx");
	refused("a.onnx", "(If): no layer of thaw does this");
}
END_TEST

/* ---- anything ---- */

static uint64_t dice = 1;

static size_t
roll(size_t below)
{
	dice = dice * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(dice >> 33) % below;
}

START_TEST(onnx__open__comes_back_from_any_mutation)
{
	const struct file_format *f = file_format_of_model("b.onnx");
	bool pick[NN_LAYERS_MAX] = {true};
	struct made m;
	size_t n, refusals = 0;
	uint8_t *bytes, *copy;
	struct err e = {0};
	int fd = memfd_create("mutated", MFD_CLOEXEC); /* on a disk so many files would take their time */
	char path[32];

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	whole(&m);
	end(&m, "a.onnx");
	bytes = scratch_read("a.onnx", &n);
	for (int i = 0; i < 10000; i++) {
		size_t k = n, at;

		copy = malloc(n); /* one for each, so that a sanitizer sees what is read behind it */
		memcpy(copy, bytes, n);
		for (size_t times = 1 + roll(3); times > 0; times--) {
			/* the messages more than the weights, which take most of the bytes */
			at = roll(2) == 0 ? roll(k) : roll(k < 400 ? k : 400);
			if (roll(8) == 0)
				k = at + 1;
			else if (roll(2) == 0)
				copy[at] ^= (uint8_t)(1u << roll(8));
			else
				copy[at] = (uint8_t)(roll(4) == 0 ? 0xff : roll(256));
		}
		ck_assert_int_eq(ftruncate(fd, (off_t)k), 0);
		ck_assert_int_eq(pwrite(fd, copy, k, 0), (ssize_t)k);
		refusals += f->load(C.s, path, i % 8 == 0 ? pick : NULL, &e) < 0;
		free(copy);
	}
	ck_assert_uint_gt(refusals, 3000);
	ck_assert_uint_lt(refusals, 10000);
	free(bytes);
	close(fd);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("onnx");
	TCase *t = tcase_create("onnx");

	tcase_add_checked_fixture(t, captured_setup, captured_teardown);
	tcase_add_test(t, onnx__build__permutes_the_rows_behind_a_flatten);
	tcase_add_test(t, onnx__build__reads_packed_numbers_and_constants_of_nodes);
	tcase_add_test(t, onnx__load__takes_layers_in_their_order_or_refuses);
	tcase_add_test(t, onnx__load__brings_back_what_units_stand_for);
	tcase_add_test(t, onnx__load__more_layers_than_the_model_has);
	tcase_add_test(t, onnx__load__layers_of_which_some_are_named);
	tcase_add_test(t, onnx__load__layers_of_another_numbering);
	tcase_add_test(t, onnx__load__tensors_that_the_file_does_not_have);
	tcase_add_test(t, onnx__load__without_data_for_a_model);
	tcase_add_test(t, onnx__load__beside_the_text_of_another_model);
	tcase_add_test(t, onnx__save__units_without_a_class);
	tcase_add_test(t, onnx__save__a_layer_that_is_not_known);
	tcase_add_test(t, onnx__open__refuses_tensors_that_lie);
	tcase_add_test(t, onnx__walk__names_the_node_that_is_no_layer);
	tcase_add_test(t, onnx__open__refuses_what_is_no_model);
	tcase_add_test(t, onnx__open__comes_back_from_any_mutation);
	suite_add_tcase(s, t);
	return run_suite(s);
}
