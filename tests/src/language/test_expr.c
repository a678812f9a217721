/* test_expr.c: conditions over what a session has measured. */
#include "language/expr.h"
#include "tests/src/capture.h"
#include "tests/run.h"

#include <check.h>
#include <math.h>
#include <string.h>

static struct capture C;

static void
setup(void)
{
	capture_open(&C);
}

static void
teardown(void)
{
	capture_close(&C);
}

#define ck_has(text, part) ck_assert_msg(strstr(text, part) != NULL, "\"%s\" is not in \"%s\"", part, text)

/* ---- conditions ---- */

static double
value_of(const char *text)
{
	struct expr_value v;
	struct err e = {0};

	ck_assert_msg(expr_eval(C.s, text, &v, &e) == 0, "%s: %s", text, e.text);
	return v.num;
}

static void
assert_no_value(const char *text, const char *want)
{
	struct expr_value v;
	struct err e = {0};

	ck_assert_msg(expr_eval(C.s, text, &v, &e) < 0, "%s has a value", text);
	ck_has(e.text, want);
}

START_TEST(expr__eval__precedence)
{
	ck_assert_double_eq(value_of("1 + 2 * 3"), 7);
	ck_assert_double_eq(value_of("(1 + 2) * 3"), 9);
	ck_assert_double_eq(value_of("2 - 3 - 4"), -5);
	ck_assert_double_eq(value_of("12 / 3 / 2"), 2);
	ck_assert_double_eq(value_of("-2 * -3"), 6);
	ck_assert_double_eq(value_of("1e-3"), 0.001);
	ck_assert_double_eq(value_of("1 < 2 and not 2 < 1 or 1 == 2"), 1);
	ck_assert_double_eq(value_of("not 1 < 2 or 2 != 2"), 0);
	ck_assert_double_eq(value_of("params==600165 and trainable>=params"), 1);
	C.s->runs.results.accuracy = 0.75;
	C.s->runs.results.eval = true;
	ck_assert_double_eq(value_of("accuracy"), 0.75);
}
END_TEST

START_TEST(expr__eval__errors)
{
	assert_no_value("", "ends where a value");
	assert_no_value("accuracy >", "\"accuracy >\" ends");
	assert_no_value("accuracy", "not known yet");
	assert_no_value("acuracy > 1", "did you mean \"accuracy\"");
	assert_no_value("params = 3", "write ==");
	assert_no_value("1 < 2 < 3", "and");
	assert_no_value("(1", "not closed");
	assert_no_value("1 2", "more than");
	assert_no_value("1/0", "division by zero");
	assert_no_value("frozen_delta == 0", "freeze features");
	assert_no_value("3x", "not a number");
	capture_run(&C, "timing off");
	assert_no_value("seconds > 1", "timing on");
}
END_TEST

START_TEST(expr__eval__a_figure_is_known_once_it_was_found)
{
	C.s->runs.results = (struct results){.eval = true, .loss = NAN, .accuracy = 0.5};
	ck_assert(isnan(value_of("loss"))); /* diverged, which is known */
	assert_no_value("val_loss", "not known yet");
	assert_no_value("epochs", "not known yet");
	C.s->runs.results = (struct results){.epoch = true, .val_loss = NAN};
	ck_assert(isnan(value_of("val_loss")));
	assert_no_value("epochs", "not known yet");
	C.s->runs.results.run = true;
	ck_assert_double_eq(value_of("epochs"), 0);
}
END_TEST

START_TEST(expr__eval__deep_nesting)
{
	char text[2001];

	memset(text, '(', 2000);
	text[2000] = '\0';
	assert_no_value(text, "nested");
	memset(text, '-', 2000);
	assert_no_value(text, "nested");
}
END_TEST

START_TEST(expr__assert__status)
{
	ck_assert_int_eq(capture_run(&C, "assert params == 600165"), 0);
	ck_assert_int_eq(capture_run(&C, "assert params == 1"), 3);
	ck_has(C.errors, "params = 600165");
	ck_assert_int_eq(capture_run(&C, "assert params"), 1);
	ck_assert_int_eq(capture_run(&C, "bail off; assert params == 1; nonsense"), 1);
	ck_assert_int_eq(capture_run(&C, "nonsense; assert params == 1"), 1);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("expr");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, expr__eval__precedence);
	tcase_add_test(t, expr__eval__errors);
	tcase_add_test(t, expr__eval__a_figure_is_known_once_it_was_found);
	tcase_add_test(t, expr__eval__deep_nesting);
	tcase_add_test(t, expr__assert__status);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
