/* test_settings.c: settings as text, what they refuse, and how they come back. */
#include "session/settings.h"
#include "util/xmalloc.h"
#include "tests/src/capture.h"
#include "tests/run.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
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

/* ---- settings ---- */

START_TEST(settings__values__go_through_text_and_back)
{
	struct settings set = C.s->set, again;

	for (const struct setting *k = settings_list; k->key != NULL; k++) {
		char *text = settings_value(&set, k), *back;
		struct err e = {0};

		again = set;
		ck_assert_msg(settings_assign(&again, k, text, &e) == 0, "%s=%s: %s", k->key, text, e.text);
		back = settings_value(&again, k);
		ck_assert_str_eq(text, back);
		free(text);
		free(back);
	}
}
END_TEST

START_TEST(settings__assign__refuses_what_is_out_of_range)
{
	static const char *const says[][2] = {{"lr", "lr is a number from 0.0 to 1000000.0, not \"x\""},
	    {"threads", "threads is a whole number from 1 to 64 or auto, not \"x\""},
	    {"shuffle", "shuffle is on or off, not \"x\""},
	    {"glyphs", "glyphs is auto, braille, block or ascii, not \"x\""},
	    {"size", "size is WxH, each 16 to 16384, not \"x\""},
	    {"cache.limit", "cache.limit is a number of bytes such as 500M or 2G, or auto, not \"x\""}};
	static const char *const bad[][2] = {{"lr", "-1"}, {"lr", "fast"}, {"lr", "nan"}, {"lr", "0x1"}, {"batch", "0"},
	    {"batch", "1.5"}, {"batch", "65537"},
	    {"epochs", ""}, {"shuffle", "yes"}, {"seed", "-1"}, {"seed", "18446744073709551616"},
	    {"seed", "9223372036854775808"}, {"threads", "65"}, {"kernels", "v5"},
	    {"kernels", "v"}, {"glyphs", ""}, {"optimizer", "rmsprop"}, {"cache.limit", "0"}, {"cache.limit", "1T"},
	    {"cache.limit", "1e30G"}, {"units", "label"}, {"size", "1x1"},
	    {"size", "960"}, {"size", "960x640x3"}, {"verbose", "3"}, {"width", "5"}, {"beta_1", "2"}};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct settings set = C.s->set;
		struct err e = {0};
		const struct setting *k = settings_find(bad[i][0], false, &e);

		ck_assert_ptr_nonnull(k);
		ck_assert_msg(settings_assign(&set, k, bad[i][1], &e) < 0, "%s=%s", bad[i][0], bad[i][1]);
		ck_has(e.text, bad[i][0]);
		ck_assert_mem_eq(&set, &C.s->set, sizeof set);
	}
	for (size_t i = 0; i < sizeof says / sizeof says[0]; i++) {
		struct settings set = C.s->set;
		struct err e = {0};

		ck_assert_int_eq(settings_assign(&set, settings_find(says[i][0], false, &e), "x", &e), -1);
		ck_assert_str_eq(e.text, says[i][1]);
	}
}
END_TEST

START_TEST(settings__set__lr_drops_the_groups_own)
{
	ck_assert_int_eq(capture_run(&C, "lr head 0.5"), 0);
	ck_assert(!isnan(C.s->set.run.layer_lr[7]));
	ck_assert(isnan(C.s->set.run.layer_lr[0]));
	ck_assert_int_eq(capture_run(&C, "set lr=0.25"), 0);
	ck_assert(isnan(C.s->set.run.layer_lr[7]));
	ck_assert_double_eq(settings_lr(&C.s->set), 0.25);
	ck_assert_int_eq(capture_run(&C, "set optimizer sgd; set lr auto"), 0);
	ck_assert_double_eq(settings_lr(&C.s->set), 0.01);
}
END_TEST

START_TEST(settings__set__answers_with_the_value)
{
	ck_assert_int_eq(capture_run(&C, "set batch 32"), 0);
	ck_assert_str_eq(C.text, ""); /* a script knows it */
	C.s->user.interactive = true;
	ck_assert_int_eq(capture_run(&C, "set batch 64; set dropout.rate .5; set optimizer=sgd; set cache.limit 2048M"), 0);
	ck_assert_str_eq(C.text, "batch 64\ndropout.rate 0.5\noptimizer sgd\ncache.limit 2G\n");
	ck_assert_int_eq(capture_run(&C, "set batch 0"), 1);
	ck_assert_str_eq(C.text, "");
}
END_TEST

/* What a cache holds is not available any more, and yet there for it: else it would be above its limit. */
START_TEST(settings__cache_limit__counts_what_is_held)
{
	struct settings set = C.s->set;

	ck_assert_uint_eq(set.cache_limit, 0);
	ck_assert_uint_ge(settings_cache_limit(&set, (size_t)1 << 45), (size_t)1 << 44);
	set.cache_limit = 1000;
	ck_assert_uint_eq(settings_cache_limit(&set, (size_t)1 << 45), 1000);
}
END_TEST

START_TEST(settings__config__makes_the_session_again)
{
	struct capture other;
	char *line;

	ck_assert_int_eq(capture_run(&C, "build filters=4 dense=16; set seed 7; set dropout.rate 0.125; set batch 32; "
	    "lr dense 0.1; freeze conv2d_1; timing off"), 0);
	ck_assert_int_eq(capture_run(&C, "show config"), 0);
	line = xstrdup(C.text);
	capture_open(&other);
	ck_assert_msg(capture_run(&other, line) == 0, "%s", other.errors);
	ck_assert_int_eq(capture_run(&other, "show config"), 0);
	ck_assert_str_eq(other.text, line);
	capture_close(&other);
	free(line);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("settings");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, settings__values__go_through_text_and_back);
	tcase_add_test(t, settings__assign__refuses_what_is_out_of_range);
	tcase_add_test(t, settings__set__lr_drops_the_groups_own);
	tcase_add_test(t, settings__set__answers_with_the_value);
	tcase_add_test(t, settings__cache_limit__counts_what_is_held);
	tcase_add_test(t, settings__config__makes_the_session_again);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
