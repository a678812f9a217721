/* test_torch_match.c: modules of PyTorch in a safetensors file, which has lost their order, and the layers that they are of: by shape, by
 * the numbers in their names, and where neither tells.
 */
#include "util/text.h"
#include "util/xmalloc.h"
#include "tests/src/captured.h"
#include "tests/src/failing.h"
#include "tests/run.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- files ---- */

/* "dense.weight 4 64;dense.bias 4": tensors in the order of the file, of which number i, from 1, holds i alone. "half": of float16. */
static void
write_tensors(const char *path, const char *tensors, bool half)
{
	struct str head = {0}, data = {0}, file = {0};
	char *copy = xstrdup(tensors), *save = NULL;
	int number = 0;

	str_add(&head, "{");
	for (char *t = strtok_r(copy, ";", &save); t != NULL; t = strtok_r(NULL, ";", &save)) {
		char *at = NULL, *name = strtok_r(t, " ", &at), *d;
		size_t count = 1, begin = data.n;
		float v = (float)++number;
		uint16_t h = (uint16_t)(0x3c00 + 64 * (number - 1)); /* 1, 1.0625 and so on */

		str_add(&head, "%s\"%s\":{\"dtype\":\"%s\",\"shape\":[", number > 1 ? "," : "", name, half ? "F16" : "F32");
		for (int k = 0; (d = strtok_r(NULL, " ", &at)) != NULL; k++) {
			str_add(&head, "%s%s", k > 0 ? "," : "", d);
			count *= (size_t)atoi(d);
		}
		for (; count > 0; count--)
			str_addn(&data, half ? (const char *)&h : (const char *)&v, half ? sizeof h : sizeof v);
		str_add(&head, "],\"data_offsets\":[%zu,%zu]}", begin, data.n);
	}
	str_add(&head, "}");
	for (int i = 0; i < 8; i++)
		str_addc(&file, (char)((uint64_t)head.n >> 8 * i));
	str_addn(&file, head.s, head.n);
	str_addn(&file, data.s, data.n);
	scratch_write(path, file.s, file.n);
	free(head.s);
	free(data.s);
	free(file.s);
	free(copy);
}

static void
setup(void)
{
	captured_setup();
	scratch_digits("small", false);
	captured_ok("timing off; data small");
}

/* The first value of a tensor of the net. */
static float
value(const char *name)
{
	struct nn_net *net = capture_net(&C);

	for (int i = 0; i < nn_net_count(net); i++)
		for (int j = 0; j < nn_net_layer(net, i)->ntensors; j++)
			if (strcmp(nn_net_layer(net, i)->tensor[j].name, name) == 0)
				return nn_net_weights(net)[nn_net_layer(net, i)->tensor[j].offset];
	ck_abort_msg("no tensor %s", name);
	return 0;
}

/* ---- what belongs together ---- */

/* PyTorch counts the batches of a normalization, which is no weight of it, whether it stands first or last. */
START_TEST(match__normalization__that_counts_its_batches)
{
	captured_ok("build \"conv2d 2 3, batch_normalization, flatten | dense 10, softmax\"");
	write_tensors("a.safetensors", "bn.num_batches_tracked 1;bn.bias 2;bn.running_mean 2;bn.running_var 2;bn.weight 2;c.bias 2;c.weight 2 1 3 3;"
	    "d.bias 10;d.weight 10 72", false);
	captured_ok("load a.safetensors");
	ck_has(C.text, "taken by their shapes: conv2d from c, batch_normalization from bn, dense from d");
	ck_assert_float_eq(value("batch_normalization.gamma"), 5);
	ck_assert_float_eq(value("batch_normalization.moving_variance"), 4);
	ck_assert_float_eq(value("dense.kernel"), 9);
}
END_TEST

/* Two shapes in turns: each has an order of its own. */
START_TEST(match__shapes__in_turns)
{
	captured_ok("build \"flatten | dense 2, dense 3, dense 2, dense 3, dense 2, dense 10, softmax\"");
	write_tensors("a.safetensors", "m.0.bias 2;m.0.weight 2 64;m.10.bias 3;m.10.weight 3 2;m.12.bias 2;m.12.weight 2 3;m.14.bias 10;m.14.weight 10 2;"
	    "m.2.bias 3;m.2.weight 3 2;m.4.bias 2;m.4.weight 2 3", false);
	captured_ok("load a.safetensors");
	ck_has(C.text, "dense from m.0, dense_1 from m.2, dense_2 from m.4, dense_3 from m.10, dense_4 from m.12, dense_5 from m.14");
	ck_assert_float_eq(value("dense_1.bias"), 9);
	ck_assert_float_eq(value("dense_4.bias"), 5);
}
END_TEST

/* The first number that differs tells; where a name has a word in place of a number, nothing does. */
START_TEST(match__numbers__the_first_that_differs)
{
	captured_ok("build \"flatten | dense 2, dense 2, dense 2, dense 10, softmax\"");
	write_tensors("a.safetensors", "b1.c10.bias 2;b1.c10.weight 2 2;b2.c1.bias 2;b2.c1.weight 2 2;in.bias 2;in.weight 2 64;out.bias 10;out.weight 10 2", false);
	captured_ok("load a.safetensors");
	ck_has(C.text, "dense from in, dense_1 from b1.c10, dense_2 from b2.c1, dense_3 from out");
	write_tensors("a.safetensors", "b1.bias 2;b1.weight 2 2;bx.bias 2;bx.weight 2 2;in.bias 2;in.weight 2 64;out.bias 10;out.weight 10 2", false);
	captured_refused("load a.safetensors", "neither names nor shapes tell which of its modules (b1, bx) belongs to which layer (dense_1, dense_2)");
	write_tensors("a.safetensors", "b.x.bias 2;b.x.weight 2 2;b.1.bias 2;b.1.weight 2 2;in.bias 2;in.weight 2 64;out.bias 10;out.weight 10 2", false);
	captured_refused("load a.safetensors", "neither names nor shapes tell which of its modules (b.x, b.1) belongs");
}
END_TEST

/* ---- what does not ---- */

START_TEST(match__modules__of_another_model)
{
	struct str b = {0};
	char *name;

	captured_ok("build \"flatten | dense 10, softmax\"");
	write_tensors("a.safetensors", "fc.bias 10;fc.weight 10 64;fc.mask 10 64", false); /* of a layer that is none of these */
	captured_refused("load a.safetensors", "its modules (fc) have neither the names nor the shapes of the model's layers; `build` the model");
	write_tensors("a.safetensors", "fc.weight 10 63", false);
	captured_refused("load a.safetensors", "its modules (fc) have neither the names nor the shapes");
	for (int i = 0; i < 65; i++) /* more than a model has layers */
		str_add(&b, "m.%d.weight 10 64;m.%d.bias 10;", i, i);
	write_tensors("a.safetensors", b.s, false);
	captured_refused("load a.safetensors", "its modules have neither the names nor the shapes of the model's layers; `build` the model");
	b.n = 0;
	for (int i = 0; i < 513; i++) /* more than it has tensors */
		str_add(&b, "m.weight%d 1;", i);
	str_add(&b, "m.weight 10 64;m.bias 10");
	write_tensors("a.safetensors", b.s, false);
	captured_refused("load a.safetensors", "its modules have neither the names nor the shapes");
	free(b.s);
	write_tensors("a.safetensors", "fc.bias 10;fc.weight 10 64", false);
	name = ((struct nn_layer *)(uintptr_t)nn_net_layer(capture_net(&C), 1))->tensor[1].name;
	strcpy(name, "dense.odd"); /* which PyTorch has no name for */
	captured_refused("load a.safetensors", "its modules (fc) have neither the names nor the shapes");
	strcpy(name, "dense.bias");
	captured_ok("load a.safetensors");
	ck_assert_float_eq(value("dense.kernel"), 2);
}
END_TEST

/* Values of two bytes go through memory of their own. */
START_TEST(match__halves__calls_that_fail)
{
	static const struct {
		enum failing what;
		int error;
		const char *says;
	} ways[] = {{FAILING_MEMORY, ENOMEM, "memory"}, {FAILING_READ, EIO, "a.safetensors cannot be read: Input/output error"},
	    {FAILING_END, 0, "a.safetensors is cut off"}};

	captured_ok("build \"flatten | dense 10, softmax\"");
	write_tensors("a.safetensors", "fc.bias 10;fc.weight 10 64", true);
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		int told = 0;

		for (int n = 1;; n++) {
			float before;
			int status;

			captured_ok("reset seed=2");
			before = value("dense.kernel");
			failing_at(ways[i].what, n, ways[i].error);
			status = capture_run(&C, "load a.safetensors");
			if (!failing_struck())
				break;
			ck_assert(status == 0 || value("dense.kernel") == before);
			if (status != 0)
				ck_has(C.errors, ways[i].says);
			told += status;
		}
		ck_assert_int_ge(told, 4);
		ck_assert_float_eq(value("dense.kernel"), 1.0625f);
		ck_assert_float_eq(value("dense.bias"), 1);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("torch match");
	TCase *t = tcase_create("match");

	tcase_add_checked_fixture(t, setup, captured_teardown);
	tcase_add_test(t, match__normalization__that_counts_its_batches);
	tcase_add_test(t, match__shapes__in_turns);
	tcase_add_test(t, match__numbers__the_first_that_differs);
	tcase_add_test(t, match__modules__of_another_model);
	tcase_add_test(t, match__halves__calls_that_fail);
	suite_add_tcase(s, t);
	return run_suite(s);
}
