/* test_floats.c: half, bfloat16 and double as float32: each value, and weights of each kind in a file of safetensors. */
#include "file/floats.h"
#include "util/xmalloc.h"
#include "tests/src/captured.h"
#include "tests/run.h"

#include <check.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MODEL "build \"max_pooling2d 28, flatten | dense 5, softmax\"; "

/* ---- values ---- */

static void
bytes_of(uint64_t bits, uint8_t out[8])
{
	for (int i = 0; i < 8; i++)
		out[i] = (uint8_t)(bits >> 8 * i);
}

START_TEST(floats__value__of_each_kind)
{
	static const struct {
		enum floats kind;
		uint64_t bits;
		double value;
	} cases[] = {
		{FLOATS_16, 0x3c00, 1}, {FLOATS_16, 0xc000, -2}, {FLOATS_16, 0x7bff, 65504}, {FLOATS_16, 0x0400, 0x1p-14}, {FLOATS_16, 0x0001, 0x1p-24},
		{FLOATS_16, 0x83ff, -0x1.ff8p-15}, {FLOATS_16, 0x3555, 0.333251953125}, {FLOATS_16, 0, 0}, {FLOATS_16, 0x7c00, (double)INFINITY},
		{FLOATS_16, 0xfc00, -(double)INFINITY}, {FLOATS_B16, 0x3f80, 1}, {FLOATS_B16, 0xc040, -3}, {FLOATS_B16, 0x7f7f, 0x1.fep127},
		{FLOATS_B16, 0x0001, 0x1p-133}, {FLOATS_B16, 0xff80, -(double)INFINITY}, {FLOATS_32, 0x3f800000, 1}, {FLOATS_32, 0xff7fffff, -(double)FLT_MAX},
		{FLOATS_64, 0x3ff0000000000000, 1}, {FLOATS_64, 0x3fd5555555555555, 1.0 / 3}, {FLOATS_64, 0x0000000000000001, 0x1p-1074},
	};
	static const uint64_t no_numbers[][2] = {{FLOATS_16, 0x7e00}, {FLOATS_16, 0xfc01}, {FLOATS_B16, 0x7fc0}, {FLOATS_32, 0x7fc00000},
	    {FLOATS_64, 0x7ff8000000000000}};
	uint8_t b[8];

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		bytes_of(cases[i].bits, b);
		ck_assert_msg(floats_value(cases[i].kind, b) == cases[i].value, "%zu: %g", i, floats_value(cases[i].kind, b));
	}
	for (size_t i = 0; i < sizeof no_numbers / sizeof *no_numbers; i++) {
		bytes_of(no_numbers[i][1], b);
		ck_assert_msg(isnan(floats_value((enum floats)no_numbers[i][0], b)), "%zu", i);
	}
	bytes_of(0x8000, b);
	ck_assert(signbit(floats_value(FLOATS_16, b)));
	ck_assert(floats_of("I32") == FLOATS_NONE && floats_of("") == FLOATS_NONE && floats_of("BF16") == FLOATS_B16);
}
END_TEST

START_TEST(floats__convert__rounds_to_the_nearest)
{
	static const double from[] = {1.0 / 3, FLT_MAX, 0x1.fffffefp127, 0x1.ffffffp127, -1e300, (double)INFINITY, 1e-60, -0x1p-149, 0x1.000001p0, 0x1.000003p0};
	static const float to[] = {1.0f / 3, FLT_MAX, FLT_MAX, INFINITY, -INFINITY, INFINITY, 0, -0x1p-149f, 1, 0x1.000004p0f};
	enum { N = sizeof from / sizeof *from };
	uint8_t bytes[8 * N];
	float out[N];

	for (int i = 0; i < N; i++) {
		uint64_t bits;

		memcpy(&bits, &from[i], sizeof bits);
		bytes_of(bits, bytes + 8 * i);
	}
	ck_assert_uint_eq(floats_convert(FLOATS_64, bytes, out, N), 2); /* infinity is none, whatever it is in */
	for (int i = 0; i < N; i++)
		ck_assert_msg(out[i] == to[i], "%a is %a", from[i], (double)out[i]);
}
END_TEST

/* ---- files ---- */

/* dense.kernel 1, 2 ... 5, then dense.bias -1 ... -5, of these types; what stands in `last` is the last value. other: one more tensor. */
static void
write_file(const char *kernel, const char *bias, double last, const char *other)
{
	const char *types[3] = {kernel, bias, other};
	static const char *const names[] = {"dense.kernel", "dense.bias", "other"}, *const shapes[] = {"[1,5]", "[5]", "[1]"};
	uint8_t data[256] = {0}, *file;
	char head[1024] = "{";
	size_t n = 0;

	for (int i = 0; i < 3 && types[i] != NULL; i++) {
		enum floats kind = floats_of(types[i]);
		size_t from = n;

		for (int k = 0; k < (i < 2 ? 5 : 1); k++) {
			double v = i == 1 && k == 4 ? last : i == 0 ? k + 1 : -k - 1;
			float f = (float)v;
			uint32_t u;
			uint64_t bits;

			memcpy(&u, &f, sizeof u);
			memcpy(&bits, &v, sizeof bits);
			/* the numbers here have few bits, so that a half is made of a float by moving them */
			bits = kind == FLOATS_64 ? bits : kind == FLOATS_B16 ? u >> 16 :
			    kind == FLOATS_16 ? (u >> 16 & 0x8000) | (((u >> 23 & 255) - 112) << 10) | (u >> 13 & 1023) : u;
			bytes_of(bits, data + n);
			n += floats_size(kind);
		}
		snprintf(head + strlen(head), sizeof head - strlen(head), "%s\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%zu,%zu]}",
		    i > 0 ? "," : "", names[i], types[i], shapes[i], from, n);
	}
	strcat(head, "}");
	file = xcalloc(8 + strlen(head) + n, 1);
	bytes_of(strlen(head), file);
	memcpy(file + 8, head, strlen(head));
	memcpy(file + 8 + strlen(head), data, n);
	scratch_write("a.safetensors", file, 8 + strlen(head) + n);
	free(file);
}

static void
in_place(void)
{
	const float *w = nn_net_weights(capture_net(&C));

	for (int i = 0; i < 5; i++)
		ck_assert(w[i] == (float)(i + 1) && w[5 + i] == (float)(-i - 1));
}

START_TEST(floats__load__of_each_kind)
{
	static const char *const kinds[][3] = {{"F64", "F64", "converted from float64"}, {"F16", "F16", "converted from float16"},
	    {"BF16", "BF16", "converted from bfloat16"}, {"F64", "F16", "converted from float64 and float16"}, {"F32", "BF16", "converted from bfloat16"}};

	captured_ok(MODEL);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		write_file(kinds[i][0], kinds[i][1], -5, NULL);
		captured_ok("reset; load a.safetensors");
		ck_has(C.text, "loaded a.safetensors: 10 weights, ");
		ck_has(C.text, kinds[i][2]);
		in_place();
	}
	captured_ok("load a.safetensors only=all");
	ck_has(C.text, "dense.kernel         1x5            loaded\n");
	ck_has(C.text, "dense.bias           5              loaded, converted from bfloat16\n");
	captured_ok("mode json; load a.safetensors only=all");
	ck_has(C.text, "\"converted_from\":\"bfloat16\"");
	captured_ok("mode table; save b.safetensors; load b.safetensors"); /* what is saved is float32 */
	ck_lacks(C.text, "converted");
	in_place();
}
END_TEST

START_TEST(floats__load__what_a_float32_cannot_be)
{
	captured_ok(MODEL);
	write_file("F64", "F64", 1e39, NULL);
	captured_refused("load a.safetensors", "a.safetensors: 1 of the 5 values of \"dense.bias\" are larger than a float32 can be (3.4e38)");
	captured_refused("load a.safetensors only=dense", "\"dense.bias\" are larger than a float32 can be");
	write_file("F64", "F64", (double)NAN, NULL);
	captured_refused("load a.safetensors", "1 of the 5 values of \"dense.bias\" are NaN or infinite");
	write_file("F16", "F16", 65536, NULL); /* of which that is infinity */
	captured_refused("load a.safetensors", "\"dense.bias\" are NaN or infinite");
}
END_TEST

/* One of a kind that no weight has is passed over; one of theirs is a sign of another model, as among float32. */
START_TEST(floats__load__others_beside_the_weights)
{
	captured_ok(MODEL);
	write_file("F32", "F32", -5, "F64");
	captured_ok("load a.safetensors");
	ck_has(C.text, "1 tensor of the file has a type or rank that no model has here, and is left out: \"other\" of F64, 1");
	write_file("F64", "F64", -5, "BF16");
	captured_ok("load a.safetensors");
	ck_has(C.text, "\"other\" of BF16");
	write_file("F64", "F64", -5, "F64");
	captured_refused("load a.safetensors", "its tensor \"other\" belongs to no layer of the model");
	captured_ok("load a.safetensors only=all");
	in_place();
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("floats");
	TCase *values = tcase_create("values"), *files = tcase_create("files");

	tcase_add_test(values, floats__value__of_each_kind);
	tcase_add_test(values, floats__convert__rounds_to_the_nearest);
	suite_add_tcase(s, values);
	tcase_add_checked_fixture(files, captured_setup, captured_teardown);
	tcase_add_test(files, floats__load__of_each_kind);
	tcase_add_test(files, floats__load__what_a_float32_cannot_be);
	tcase_add_test(files, floats__load__others_beside_the_weights);
	suite_add_tcase(s, files);
	return run_suite(s);
}
