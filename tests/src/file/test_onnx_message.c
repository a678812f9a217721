/* test_onnx_message.c: the messages of a file of ONNX, field by field: what is read of them, in each form that the format allows, and
 * what is refused.
 */
#include "file/onnx.h"
#include "file/onnx_read.h"
#include "tests/src/failing.h"
#include "tests/src/scratch.h"
#include "tests/run.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- files ---- */

static struct str graph; /* what stands in it beside its ends */

static void
put_value(struct str *to, int field, const char *name, int rank)
{
	struct str v = {0}, type = {0}, tensor = {0}, shape = {0}, dim = {0};

	for (int i = 0; i < rank; i++) {
		pb_put_text(&dim, DIM_NAME, "rows"); /* beside its number */
		pb_put_int(&dim, DIM_VALUE, (uint64_t)i);
		pb_put_message(&shape, SHAPE_DIM, &dim);
		pb_put_int(&shape, 9, 1); /* a field that is not known */
	}
	pb_put_message(&tensor, TYPE_SHAPE, &shape);
	pb_put_message(&type, TYPE_TENSOR, &tensor);
	pb_put_text(&v, VALUE_NAME, name);
	if (rank >= 0)
		pb_put_message(&v, VALUE_TYPE, &type);
	free(type.s);
	pb_put_message(to, field, &v);
}

/* Ends the graph and reads the file of it. more: fields of the model behind it, or NULL. */
static int
open_graph(struct onnx_file *f, struct str *more, struct err *e)
{
	struct str model = {0};
	int rc;

	put_value(&graph, GRAPH_INPUT, "x", 4);
	put_value(&graph, GRAPH_OUTPUT, "y", 2);
	pb_put_message(&model, MODEL_GRAPH, &graph);
	if (more != NULL) {
		str_addn(&model, more->s, more->n);
		free(more->s);
	}
	scratch_write("a.onnx", model.s, model.n);
	free(model.s);
	rc = onnx_file_open(f, "a.onnx", e);
	return rc;
}

static void
refused(struct str *more, const char *says)
{
	struct onnx_file f;
	struct err e = {0};

	ck_assert_msg(open_graph(&f, more, &e) < 0, "takes what is \"%s\"", says);
	ck_sentence(e.text, says);
	ck_has(e.text, "a.onnx");
	ck_assert_ptr_null(f.bytes);
}

static void
put_node(struct str *to, const char *op, const char *output, const char *domain)
{
	struct str n = {0};

	pb_put_text(&n, NODE_INPUT, "x");
	pb_put_text(&n, NODE_OUTPUT, output);
	pb_put_text(&n, NODE_OP, op);
	if (domain != NULL)
		pb_put_text(&n, NODE_DOMAIN, domain);
	pb_put_message(to, GRAPH_NODE, &n);
}

/* ---- the model and its graph ---- */

START_TEST(onnx__file__what_is_read_of_it)
{
	static const char *const entry[][2] = {{"model", "dense 4"}, {"split", "all"}, {"units", "digit"}, {"author", "somebody"}, {NULL, "7"},
	    {"split", NULL}};
	static const char *const domain[] = {NULL, "ai.onnx.ml", "com.microsoft", "ai.onnx", "org.pytorch.aten"};
	struct str more = {0}, m = {0}, node = {0};
	struct onnx_file f;
	struct err e = {0};

	for (uint64_t i = 0; i < sizeof domain / sizeof *domain; i++) { /* the version is that of ONNX' own operators */
		if (domain[i] != NULL)
			pb_put_text(&m, OPSET_DOMAIN, domain[i]);
		pb_put_int(&m, OPSET_VERSION, 10 + i);
		pb_put_message(&more, MODEL_OPSET, &m);
	}
	for (size_t i = 0; i < sizeof entry / sizeof *entry; i++) {
		if (entry[i][0] != NULL)
			pb_put_text(&m, ENTRY_KEY, entry[i][0]);
		if (entry[i][1] != NULL)
			pb_put_text(&m, ENTRY_VALUE, entry[i][1]);
		pb_put_message(&more, MODEL_METADATA, &m);
	}
	pb_put_int(&more, MODEL_GRAPH, 7); /* no message, and so no graph */
	for (int i = 0; i < 9; i++)
		pb_put_text(&node, NODE_INPUT, i == 8 ? "ninth" : "x");
	pb_put_text(&node, NODE_OUTPUT, "first");
	pb_put_text(&node, NODE_OUTPUT, "second");
	pb_put_text(&node, NODE_NAME, "n");
	pb_put_int(&node, 99, 1);
	pb_put_message(&graph, GRAPH_NODE, &node);
	put_node(&graph, "Relu", "r", "ai.onnx");
	put_node(&graph, "Relu", "r", "");
	pb_put_text(&node, TENSOR_NAME, "w"); /* older files list weights among the inputs */
	pb_put_int(&node, TENSOR_LOCATION, 0);
	pb_put_message(&graph, GRAPH_INITIALIZER, &node);
	put_value(&graph, GRAPH_INPUT, "w", 2);
	pb_put_text(&node, VALUE_DOC, "an output without a name");
	pb_put_message(&graph, GRAPH_OUTPUT, &node);
	ck_assert_msg(open_graph(&f, &more, &e) == 0, "%s", e.text);
	ck_assert_uint_eq(f.opset, 13);
	ck_assert(pb_is(&f.model, "dense 4") && pb_is(&f.split, "all") && pb_is(&f.units, "digit"));
	ck_assert(f.nnodes == 3 && f.node[0].ninputs == 8 && pb_is(&f.node[0].output, "first") && pb_is(&f.node[0].name, "n"));
	ck_assert(pb_is(&f.input, "x") && pb_is(&f.output, "y") && f.rank == 4 && f.dim[3] == 3);
	onnx_file_free(&f);
}
END_TEST

/* An input whose type says nothing, or more dimensions than anything has. */
START_TEST(onnx__file__shapes_of_inputs)
{
	struct onnx_file f;
	struct err e = {0};
	struct str model = {0};

	for (int rank = -1; rank < 12; rank += 6) {
		put_value(&graph, GRAPH_INPUT, "x", rank);
		put_value(&graph, GRAPH_OUTPUT, "y", 2);
		pb_put_message(&model, MODEL_GRAPH, &graph);
		scratch_write("a.onnx", model.s, model.n);
		free(model.s);
		model = (struct str){0};
		ck_assert_msg(onnx_file_open(&f, "a.onnx", &e) == 0, "%s", e.text);
		ck_assert_int_eq(f.rank, rank < 0 ? 0 : rank < ONNX_RANK_MAX ? rank : ONNX_RANK_MAX);
		onnx_file_free(&f);
	}
}
END_TEST

START_TEST(onnx__file__what_is_refused)
{
	struct str m = {0}, t = {0};

	put_node(&graph, "Relu", "r", "com.microsoft");
	refused(NULL, "node \"r\" (Relu): it is of another set of operators than ONNX' own; write the model with those");
	pb_put_text(&m, NODE_OP, "Relu");
	m.n -= 1; /* it ends within the word */
	pb_put_message(&graph, GRAPH_NODE, &m);
	refused(NULL, "its node 1 is damaged; get the file again");
	pb_put_text(&t, TENSOR_NAME, "w");
	str_addc(&t, TENSOR_RAW << 3 | PB_BYTES); /* without a length */
	pb_put_message(&graph, GRAPH_INITIALIZER, &t);
	refused(NULL, "its tensor \"w\" is damaged; get the file again");
	pb_put_int(&t, TENSOR_TYPE, ONNX_FLOAT); /* one float is missing */
	pb_put_text(&m, ATTRIBUTE_NAME, "value");
	pb_put_message(&m, ATTRIBUTE_TENSOR, &t);
	pb_put_text(&t, NODE_OUTPUT, "c");
	pb_put_text(&t, NODE_OP, "Constant");
	pb_put_message(&t, NODE_ATTRIBUTE, &m);
	pb_put_message(&graph, GRAPH_NODE, &t);
	refused(NULL, "\"\" has 0 bytes of values, but its dims ask for 1 floats");
	put_value(&graph, GRAPH_OUTPUT, "z", 2);
	refused(NULL, "has 1 inputs and 2 outputs; a model here has one of each");
	str_addc(&graph, GRAPH_NODE << 3 | 7); /* in no form that there is */
	refused(NULL, "its graph is damaged");
	str_addc(&m, GRAPH_NODE << 3 | PB_BYTES);
	refused(&m, "no whole file of ONNX: it is cut off or damaged");
}
END_TEST

/* More nodes and tensors than any model has, which would cost much for few bytes. */
START_TEST(onnx__file__bounds_its_lists)
{
	struct str m = {0}, t = {0}, v = {0};
	struct onnx_file f;
	struct err e = {0};

	for (int i = 0; i < 10000; i++)
		pb_put_message(&graph, GRAPH_NODE, &m);
	ck_assert_msg(open_graph(&f, NULL, &e) == 0, "%s", e.text);
	ck_assert_int_eq(f.nnodes, 10000);
	onnx_file_free(&f);
	for (int i = 0; i < 10001; i++)
		pb_put_message(&graph, GRAPH_NODE, &m);
	refused(NULL, "a.onnx has more than 10000 nodes or tensors, as no model here has; load another");
	for (int i = 0; i < 10001; i++)
		pb_put_message(&graph, GRAPH_INITIALIZER, &t);
	refused(NULL, "more than 10000 nodes or tensors");
	for (int i = 0; i < 10000; i++) /* and one more by another name */
		pb_put_message(&graph, GRAPH_INITIALIZER, &t);
	pb_put_text(&v, ATTRIBUTE_NAME, "value");
	pb_put_message(&v, ATTRIBUTE_TENSOR, &t);
	pb_put_text(&m, NODE_OP, "Constant");
	pb_put_message(&m, NODE_ATTRIBUTE, &v);
	pb_put_message(&graph, GRAPH_NODE, &m);
	refused(NULL, "more than 10000 nodes or tensors");
}
END_TEST

START_TEST(onnx__file__that_cannot_be_read)
{
	static const struct {
		enum failing what;
		int error;
		const char *says;
	} ways[] = {{FAILING_STAT, EIO, "a.onnx is not a regular file; load another"},
	    {FAILING_READ, EIO, "a.onnx cannot be read: Input/output error; check the disk"}, {FAILING_END, 0, "a.onnx is cut off; get the file again"},
	    {FAILING_MEMORY, ENOMEM, "a.onnx: not enough memory to read it; close other programs"}};
	struct onnx_file f;
	struct err e = {0};

	ck_assert_int_eq(open_graph(&f, NULL, &e), 0);
	onnx_file_free(&f);
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		failing_at(ways[i].what, 1, ways[i].error);
		ck_assert_int_lt(onnx_file_open(&f, "a.onnx", &e), 0);
		ck_assert(failing_struck());
		ck_sentence(e.text, ways[i].says);
	}
	failing_at(FAILING_READ, 1, EINTR); /* a signal is no failure */
	ck_assert_msg(onnx_file_open(&f, "a.onnx", &e) == 0, "%s", e.text);
	ck_assert(failing_struck());
	onnx_file_free(&f);
	ck_assert_int_lt(onnx_file_open(&f, ".", &e), 0);
	ck_sentence(e.text, ". is not a regular file");
	ck_assert_int_lt(onnx_file_open(&f, "nowhere", &e), 0);
	ck_sentence(e.text, "nowhere cannot be opened: No such file or directory");
	scratch_write("large", "", 0);
	ck_assert_int_eq(truncate("large", (off_t)1 << 31), 0); /* of no blocks */
	ck_assert_int_lt(onnx_file_open(&f, "large", &e), 0);
	ck_sentence(e.text, "large has more than the 2 GiB that a file of ONNX may have");
}
END_TEST

/* ---- tensors ---- */

static struct pb
message(struct str *b)
{
	return (struct pb){(const uint8_t *)b->s, (const uint8_t *)b->s + b->n, false};
}

START_TEST(onnx__tensor__in_each_form)
{
	static const struct {
		const char *bytes;
		size_t n;
		const char *says; /* NULL: it is two floats, 1 and 2 */
	} forms[] = {
#define B(s) s, sizeof s - 1
#define FLOATS "\0\0\x80\x3f\0\0\0\x40"
		{B("\x08\2\x10\1\x4a\x08" FLOATS), NULL} /* dims one by one, bytes */, {B("\x0a\1\2\x10\1\x22\x08" FLOATS), NULL} /* packed */,
		{B("\x0a\2\1\2\x10\1\x4a\x08" FLOATS "\x70\0"), NULL} /* of two dimensions, and here is where they are */,
		{B("\x08\2\x10\1\x4a\x08" FLOATS "\x4a\0"), "come in pieces"}, {B("\x08\2\x10\1\x25\0\0\x80\x3f\x25\0\0\0\x40"), "come in pieces"},
		{B("\x08\2\x10\1\x1a\0\x4a\x08" FLOATS), "come in pieces"}, {B("\x08\2\x10\1\x70\1"), "are in another file, which is not opened"},
		{B("\x08\2\x10\1\x6a\0"), "are in another file"}, {B("\x0a\2\1\xff\x10\1"), "larger than any memory"} /* a dim is cut off */,
		{B("\x0a\x09\1\1\1\1\1\1\1\1\1"), "larger than any memory"}, {B("\x08\1\x08\1\x08\1\x08\1\x08\1\x08\1\x08\1\x08\1\x08\1"), "larger than any memory"},
		{B("\x0a\x05\xff\xff\xff\xff\x0f\x0a\x05\xff\xff\xff\xff\x0f"), "larger than any memory"},
		{B("\x08\3\x10\1\x4a\x08" FLOATS), "has 8 bytes of values, but its dims ask for 3 floats"}, {B("\x08\2\x10\1"), "has 0 bytes of values"},
		{B("\x4a\x7f"), "is damaged"},
#define HALVES "\0\x3c\0\x40"
#define DOUBLES "\0\0\0\0\0\0\xf0\x3f\0\0\0\0\0\0\0\x40"
		{B("\x08\2\x10\x0a\x4a\4" HALVES), NULL}, {B("\x08\2\x10\x10\x4a\4\x80\x3f\0\x40"), NULL} /* bfloat16 */,
		{B("\x08\2\x10\x0b\x4a\x10" DOUBLES), NULL}, {B("\x08\2\x10\x0b\x52\x10" DOUBLES), NULL},
		{B("\x08\2\x10\x0a\x2a\5\x80\x78\x80\x80\1"), NULL} /* as whole numbers */,
		{B("\x08\2\x10\x0a\x2a\5\x80\x78\x80\x80\x81"), "has 2 bytes of values"}, {B("\x08\2\x10\x0a\x2a\2\x80\x78"), "has 2 bytes of values"},
		{B("\x08\1\x10\x0a\x2a\5\x80\x78\x80\x80\1"), "has 0 bytes of values"} /* one more than the dims say */,
		{B("\x0a\x05\xff\xff\xff\xff\x0f\x10\x0a\x2a\5\x80\x78\x80\x80\1"), "has 0 bytes of values"},
		{B("\x08\2\x10\x0a\x28\x80\x78\x28\x80\x80\1"), "come in pieces"}, {B("\x08\2\x10\x0b\x4a\x08" FLOATS), "has 8 bytes of values"},
	};
	struct onnx_file f = {.path = "a.onnx"};

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct onnx_constant c;
		struct str b = {0};
		struct err e = {0};
		int rc;

		str_addn(&b, forms[i].bytes, forms[i].n);
		rc = onnx_tensor_read(&f, message(&b), &c, &e);
		ck_assert_msg((rc == 0) == (forms[i].says == NULL), "%zu: %s", i, e.text);
		if (rc == 0)
			ck_assert(c.count == 2 && onnx_float(&c, 0) == 1 && onnx_float(&c, 1) == 2);
		else
			ck_sentence(e.text, forms[i].says);
		free(b.s);
	}
	onnx_file_free(&f);
}
END_TEST

START_TEST(onnx__tensor__whole_numbers)
{
	static const uint8_t eight[16] = {7, 0, 0, 0, 0, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, /* 7, -2 */
	    packed[] = {7, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}, cut[] = {7, 0xfe};
	static const uint8_t four[8] = {7, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff};
	const struct pb small = {four, four + 8, false}, raw = {eight, eight + 16, false}, list = {packed, packed + sizeof packed, false}, short_list = {cut, cut + 2, false};
	const struct {
		struct onnx_constant c;
		int gives;
	} cases[] = {
		{{.type = ONNX_INT64, .rank = 1, .count = 2, .values = raw}, 2}, {{.type = ONNX_INT64, .rank = 1, .count = 2, .values = list, .packed = true}, 2},
		{{.type = ONNX_INT32, .rank = 1, .count = 2, .values = small}, 2}, {{.type = ONNX_INT32, .rank = 1, .count = 2, .values = list, .packed = true}, 2},
		{{.type = ONNX_INT32, .rank = 1, .count = 2, .values = raw}, -1},
		{{.type = ONNX_INT64, .rank = 1, .count = 1, .values = raw}, -1}, {{.type = ONNX_INT64, .rank = 1, .count = 1, .values = list, .packed = true}, -1},
		{{.type = ONNX_INT64, .rank = 1, .count = 3, .values = list, .packed = true}, -1}, {{.type = ONNX_FLOAT, .rank = 1, .count = 2, .values = raw}, -1},
		{{.type = ONNX_INT64, .rank = 2, .count = 2, .values = raw}, -1}, {{.type = ONNX_INT64, .rank = 1, .count = 4, .values = raw}, -1},
		{{.type = ONNX_INT64, .rank = 1, .count = 2, .values = short_list, .packed = true}, -1}, {{.type = ONNX_INT64, .rank = 0, .count = 1, .values = raw}, -1},
	};
	struct onnx_constant c = cases[1].c;
	int64_t v[3];

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		memset(v, 0, sizeof v);
		ck_assert_msg(onnx_numbers(&cases[i].c, v, 3) == cases[i].gives, "%zu", i);
		ck_assert(cases[i].gives < 0 || (v[0] == 7 && v[1] == -2));
	}
	c.count = 1; /* it says one, and has two */
	ck_assert_int_eq(onnx_numbers(&c, v, 1), -1);
	ck_assert_str_eq(onnx_type_name(0), "no type");
	ck_assert_str_eq(onnx_type_name(ONNX_INT64), "I64");
	ck_assert_str_eq(onnx_type_name(16), "BF16");
	ck_assert_str_eq(onnx_type_name(17), "another type");
}
END_TEST

/* ---- attributes ---- */

START_TEST(onnx__attributes__of_a_node)
{
	struct str n = {0}, a = {0};
	struct onnx_node node = {0};
	struct pb tensor;
	int64_t v[2];

	pb_put_text(&n, NODE_OP, "Conv");
	pb_put_text(&a, ATTRIBUTE_NAME, "list");
	pb_put_int(&a, ATTRIBUTE_INTS, 5);
	pb_put_int(&a, ATTRIBUTE_INTS, (uint64_t)-1);
	pb_put_message(&n, NODE_ATTRIBUTE, &a);
	pb_put_text(&a, ATTRIBUTE_NAME, "three");
	for (int i = 0; i < 3; i++)
		pb_put_int(&a, ATTRIBUTE_INTS, 1);
	pb_put_message(&n, NODE_ATTRIBUTE, &a);
	pb_put_text(&a, ATTRIBUTE_NAME, "packed");
	pb_put_bytes(&a, ATTRIBUTE_INTS, "\5\6", 2);
	pb_put_int(&a, ATTRIBUTE_TYPE, TYPE_IS_INTS);
	pb_put_message(&n, NODE_ATTRIBUTE, &a);
	pb_put_text(&a, ATTRIBUTE_NAME, "packed three");
	pb_put_bytes(&a, ATTRIBUTE_INTS, "\5\6\7", 3);
	pb_put_message(&n, NODE_ATTRIBUTE, &a);
	pb_put_int(&a, ATTRIBUTE_INT, (uint64_t)-3);
	pb_put_float(&a, ATTRIBUTE_FLOAT, 0.1f);
	pb_put_text(&a, ATTRIBUTE_TEXT, "SAME");
	pb_put_text(&a, ATTRIBUTE_NAME, "all"); /* the name may come last */
	pb_put_message(&n, NODE_ATTRIBUTE, &a);
	node.message = message(&n);
	ck_assert_int_eq(onnx_int_list(&node, "list", v, 2), 2);
	ck_assert(v[0] == 5 && v[1] == -1);
	ck_assert_int_eq(onnx_int_list(&node, "packed", v, 2), 2);
	ck_assert(v[0] == 5 && v[1] == 6);
	ck_assert_int_eq(onnx_int_list(&node, "three", v, 2), -1);
	ck_assert_int_eq(onnx_int_list(&node, "packed three", v, 2), -1);
	ck_assert_int_eq(onnx_int_list(&node, "all", v, 2), 0);
	ck_assert_int_eq(onnx_int_list(&node, "none", v, 2), 0);
	ck_assert_int_eq(onnx_int(&node, "all", 7), -3);
	ck_assert_int_eq(onnx_int(&node, "list", 7), 7);
	ck_assert_int_eq(onnx_int(&node, "none", 7), 7);
	ck_assert_double_eq(onnx_real(&node, "all", 7), 0.1); /* not 0.10000000149 */
	ck_assert_double_eq(onnx_real(&node, "none", 7), 7);
	tensor = onnx_text(&node, "all");
	ck_assert(pb_is(&tensor, "SAME"));
	tensor = onnx_text(&node, "none");
	ck_assert_uint_eq(pb_left(&tensor), 0);
	ck_assert(!onnx_value(&node, &tensor));
	free(n.s);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("onnx message");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_test(t, onnx__file__what_is_read_of_it);
	tcase_add_test(t, onnx__file__shapes_of_inputs);
	tcase_add_test(t, onnx__file__what_is_refused);
	tcase_add_test(t, onnx__file__bounds_its_lists);
	tcase_add_test(t, onnx__file__that_cannot_be_read);
	tcase_add_test(t, onnx__tensor__in_each_form);
	tcase_add_test(t, onnx__tensor__whole_numbers);
	tcase_add_test(t, onnx__attributes__of_a_node);
	suite_add_tcase(s, t);
	return run_suite(s);
}
