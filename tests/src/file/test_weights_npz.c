/* test_weights_npz.c: weights as archives of NumPy's arrays: by name, in Keras' order, of another type, and where there are none. */
#include "tests/src/arrays.h"
#include "tests/src/captured.h"
#include "tests/run.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define MODEL "timing off; data small; build \"flatten | dense 10, softmax\"; "

static float kernel[640], bias[10];

static void
setup(void)
{
	captured_setup();
	scratch_digits("small", false);
	for (int i = 0; i < 640; i++)
		kernel[i] = (float)i / 8;
	for (int i = 0; i < 10; i++)
		bias[i] = (float)-i;
}

static float
weight(int i)
{
	return nn_net_weights(capture_net(&C))[i];
}

static void
in_place(void)
{
	for (int i = 0; i < 640; i++)
		ck_assert_float_eq(weight(i), kernel[i]);
	for (int i = 0; i < 10; i++)
		ck_assert_float_eq(weight(640 + i), bias[i]);
}

START_TEST(npz__load__by_name_and_in_order)
{
	const struct array named[] = {{"dense.bias.npy", "<f4", "10,", bias, sizeof bias}, {"dense.kernel", "<f4", "64, 10", kernel, sizeof kernel}},
	    ordered[] = {{"arr_1.npy", "<f4", "10,", bias, sizeof bias}, {"arr_0.npy", "<f4", "64, 10", kernel, sizeof kernel}},
	    others[] = {{"arr_0.npy", "<f4", "64, 10", kernel, sizeof kernel}, {"arr_2.npy", "<f4", "10,", bias, sizeof bias}};

	captured_ok(MODEL);
	arrays_write("a.npz", named, 2);
	captured_ok("load a.npz");
	in_place();
	arrays_write("a.npz", ordered, 2);
	captured_ok("reset seed=2; load a.npz");
	in_place();
	captured_refused("save b.npz only=flatten", "there are no weights to save in these layers");
	captured_ok("save b.npz only=dense; reset seed=2; load b.npz");
	in_place();
	arrays_write("a.npz", others, 2); /* not from 0 on */
	captured_refused("load a.npz", "dense.kernel is not in the file");
	arrays_write("a.npz", ordered, 1); /* not as many as the model has */
	captured_refused("load a.npz", "dense.kernel is not in the file");
	in_place();
}
END_TEST

START_TEST(npz__load__of_other_types)
{
	static const char *const types[][3] = {{"|i1", "I8", "1"}, {"<i2", "I16", "2"}, {"<i4", "I32", "4"},
	    {"<i8", "I64", "8"}, {"|u1", "U8", "1"}, {"<u2", "U16", "2"}, {"<u4", "U32", "4"}, {"<u8", "U64", "8"}, {"|b1", "BOOL", "1"}};
	char says[80];

	captured_ok(MODEL);
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		const struct array a[] = {{"dense.kernel.npy", "<f4", "64, 10", kernel, sizeof kernel},
		    {"dense.bias.npy", types[i][0], "10,", NULL, 10 * (size_t)atoi(types[i][2])}};

		arrays_write("a.npz", a, 2);
		snprintf(says, sizeof says, "dense.bias is %s in the file, F32 here", types[i][1]);
		captured_refused("load a.npz", says);
	}
}
END_TEST

/* Whatever the order of their bytes and of their dims. */
START_TEST(npz__load__doubles_and_halves)
{
	double wide[640], turned[10];
	uint16_t halves[10];
	const struct array a[] = {{"dense.kernel.npy", "<f8", "64, 10", wide, sizeof wide}, {"dense.bias.npy", "<f2", "10,", halves, sizeof halves}},
	    big[] = {{"dense.kernel.npy", "<f8", "64, 10", wide, sizeof wide}, {"dense.bias.npy", ">f8", "10,", turned, sizeof turned}};

	for (int i = 0; i < 640; i++)
		wide[i] = (double)i / 8;
	for (int i = 0; i < 10; i++) {
		static const uint16_t bits[10] = {0x8000, 0xbc00, 0xc000, 0xc200, 0xc400, 0xc500, 0xc600, 0xc700, 0xc800, 0xc880}; /* 0, -1 ... -9 */
		uint64_t u;

		halves[i] = bits[i];
		turned[i] = -i;
		memcpy(&u, &turned[i], sizeof u);
		u = __builtin_bswap64(u);
		memcpy(&turned[i], &u, sizeof u);
	}
	captured_ok(MODEL);
	arrays_write("a.npz", a, 2);
	captured_ok("load a.npz");
	ck_has(C.text, "650 weights, converted from float64 and float16");
	in_place();
	arrays_write("a.npz", big, 2);
	captured_ok("reset seed=2; load a.npz");
	in_place();
	wide[7] = 1e200;
	arrays_write("a.npz", big, 2);
	captured_refused("load a.npz", "1 of the 640 values of \"dense.kernel\" are larger than a float32 can be");
	in_place();
}
END_TEST

START_TEST(npz__load__sizes_that_no_file_has)
{
	const struct array a[] = {{"dense.kernel.npy", "<f4", "1152921504606846976, 0", "", 0}, {"dense.bias.npy", "<f4", "10,", bias, sizeof bias}},
	    many[] = {{"dense.kernel.npy", "<f4", "4294967296, 4294967296", "", 0}};

	captured_ok(MODEL);
	arrays_write("a.npz", a, 2);
	captured_refused("load a.npz", "dense.kernel is 1152921504606846976x0 in the file, 64x10 in the model");
	arrays_write("a.npz", many, 1);
	captured_refused("load a.npz", "the shape of dense.kernel.npy is larger than any file");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("weights_npz");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, setup, captured_teardown);
	tcase_add_test(t, npz__load__by_name_and_in_order);
	tcase_add_test(t, npz__load__of_other_types);
	tcase_add_test(t, npz__load__doubles_and_halves);
	tcase_add_test(t, npz__load__sizes_that_no_file_has);
	suite_add_tcase(s, t);
	return run_suite(s);
}
