/* test_summary.c: the summaries of four generations of Keras, byte for byte. */
#include "keras/summary.h"
#include "util/text.h"
#include "tests/src/keras/keras.h"
#include "tests/run.h"

#include <stdlib.h>
#include <string.h>

static const struct summary_layer activity[] = {
	{"conv2d", "Conv2D", 3, {26, 26, 32}, 320, false},
	{"activation", "Activation", 3, {26, 26, 32}, 0, false},
	{"conv2d_1", "Conv2D", 3, {24, 24, 32}, 9248, false},
	{"activation_1", "Activation", 3, {24, 24, 32}, 0, false},
	{"max_pooling2d", "MaxPooling2D", 3, {12, 12, 32}, 0, false},
	{"dropout", "Dropout", 3, {12, 12, 32}, 0, false},
	{"flatten", "Flatten", 1, {4608}, 0, false},
	{"dense", "Dense", 1, {128}, 589952, true},
	{"activation_2", "Activation", 1, {128}, 0, true},
	{"dropout_1", "Dropout", 1, {128}, 0, true},
	{"dense_1", "Dense", 1, {5}, 645, true},
	{"activation_3", "Activation", 1, {5}, 0, true},
};

static const struct summary frozen = {"sequential", 12, activity, 0, 11, 590597, 9568};

static const struct {
	const char *golden, *format;
	bool trainable, utf8;
	int width;
} cases[] = {
	{"keras3-summary-80col.txt", "keras3", false, true, 80},
	{"keras3-summary-80col-show_trainable.txt", "keras3", true, true, 80},
	{"keras3-summary-80col-ascii.txt", "keras3", false, false, 80},
	{"keras3-summary-120col.txt", "keras3", false, true, 120},
	{"keras3-summary-120col-show_trainable.txt", "keras3", true, true, 120},
	{"keras3-summary-44col-show_trainable.txt", "keras3", true, true, 44},
	{"keras2.15-summary.txt", "keras2", false, true, 80},
	{"keras2.15-summary-show_trainable.txt", "keras2", true, true, 80},
	{"keras2.10-summary.txt", "keras2.10", false, true, 80},
	{"keras2.6-summary.txt", "keras2.6", false, true, 80},
};

START_TEST(summary__prints__the_bytes_of_keras)
{
	char *want = golden_read(cases[_i].golden);
	char *got = summary_text(&frozen, summary_format_find(cases[_i].format), cases[_i].trainable, cases[_i].utf8,
	    cases[_i].width);

	ck_assert_str_eq(got, want);
	free(got);
	free(want);
}
END_TEST

/* Inner widths of the columns by columns of the terminal, as measured on Keras 3.15.1. */
static const struct {
	int width, inner[4];
} widths[] = {
	{60, {24, 17, 11}},
	{72, {29, 22, 13}},
	{80, {33, 24, 15}},
	{84, {35, 26, 15}},
	{92, {38, 29, 17}},
	{300, {38, 29, 17}},
	{60, {21, 17, 8, 5}},
	{72, {26, 20, 11, 6}},
	{80, {29, 23, 12, 7}},
	{84, {31, 24, 13, 7}},
	{92, {34, 27, 14, 8}},
	{104, {39, 31, 16, 9}},
	{300, {39, 31, 16, 9}},
};

START_TEST(summary__shares__columns_as_rich_does)
{
	bool trainable = widths[_i].inner[3] != 0;
	char *text = summary_text(&frozen, SUMMARY_KERAS3, trainable, true, widths[_i].width);
	const char *bottom = strstr(text, "└") + strlen("└");

	for (int c = 0; c < (trainable ? 4 : 3); c++) {
		int n = 0;

		for (; strncmp(bottom, "─", 3) == 0; bottom += 3)
			n++;
		ck_assert_int_eq(n, widths[_i].inner[c]);
		bottom += 3;
	}
	free(text);
}
END_TEST

/* Not even Keras prints narrower ones: it raises an error. */
START_TEST(summary__stays_whole__at_any_width)
{
	for (int width = -5; width < 200; width++) {
		for (int k = 0; k < 4; k++) {
			char *text = summary_text(&frozen, SUMMARY_KERAS3, k & 1, k & 2, width);

			ck_assert_ptr_nonnull(strstr(text, k & 2 ? "└" : "+"));
			ck_assert_ptr_nonnull(strstr(text, "9,568"));
			free(text);
		}
	}
}
END_TEST

/* Where Keras cuts a word of the table, a screen of our own gives its column the room of others. */
START_TEST(summary__cuts_no_word__on_a_screen_of_our_own)
{
	struct summary m = frozen;
	char *keras = summary_text(&m, SUMMARY_KERAS3, true, true, 76), *text;

	ck_assert_ptr_nonnull(strstr(keras, "…"));
	ck_assert_ptr_null(strstr(keras, "┃ Trainable ┃"));
	m.words = true;
	for (int width = 56; width < 130; width++)
		for (int utf8 = 0; utf8 < 2; utf8++) {
			text = summary_text(&m, SUMMARY_KERAS3, true, utf8, width);
			ck_assert_msg(strstr(text, "…") == NULL && strstr(text, utf8 ? "┃ Trainable ┃" : "| Trainable |") != NULL && strstr(text, "max_pooling2d ") != NULL &&
			    strstr(text, "(MaxPooling2D)") != NULL, "%d columns:\n%s", width, text);
			free(text);
		}
	text = summary_text(&m, SUMMARY_KERAS3, true, false, 76); /* nor is a line broken where the screen has room */
	ck_assert_ptr_nonnull(strstr(text, "(None, 26, 26, 32)"));
	ck_assert_uint_le(strcspn(strstr(text, "+-"), "\n"), 76);
	free(text);
	text = summary_text(&m, SUMMARY_KERAS3, true, true, 24); /* what has no room is cut still */
	ck_assert_ptr_nonnull(strstr(text, "└"));
	free(text);
	free(keras);
}
END_TEST

START_TEST(summary__shows__a_range_with_the_totals_of_all)
{
	struct summary m = frozen;
	char *text;

	m.first = 7;
	m.last = 7;
	text = summary_text(&m, SUMMARY_KERAS2_6, false, true, 80);
	ck_assert_str_eq(text,
	    "Model: \"sequential\"\n"
	    "_________________________________________________________________\n"
	    "Layer (type)                 Output Shape              Param #   \n"
	    "=================================================================\n"
	    "dense (Dense)                (None, 128)               589952    \n"
	    "=================================================================\n"
	    "Total params: 600,165\n"
	    "Trainable params: 590,597\n"
	    "Non-trainable params: 9,568\n"
	    "_________________________________________________________________\n");
	free(text);
}
END_TEST

START_TEST(summary__writes__numbers_and_sizes)
{
	char buf[32];

	ck_assert_str_eq(text_count(buf, 0), "0");
	ck_assert_str_eq(text_count(buf, 999), "999");
	ck_assert_str_eq(text_count(buf, 1000), "1,000");
	ck_assert_str_eq(text_count(buf, 1234567), "1,234,567");
	ck_assert_str_eq(text_count(buf, UINT64_MAX), "18,446,744,073,709,551,615");
	ck_assert_str_eq(summary_bytes(buf, 0), "0.00 B");
	ck_assert_str_eq(summary_bytes(buf, 1023), "1023.00 B");
	ck_assert_str_eq(summary_bytes(buf, 1024), "1.00 KB");
	ck_assert_str_eq(summary_bytes(buf, 4 * 600165), "2.29 MB");
	ck_assert_str_eq(summary_bytes(buf, UINT64_MAX), "16384.00 PB");
	ck_assert_int_eq(summary_format_find("keras4"), -1);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("summary");
	TCase *t = tcase_create("summary");

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, summary__prints__the_bytes_of_keras, 0, sizeof cases / sizeof cases[0]);
	tcase_add_loop_test(t, summary__shares__columns_as_rich_does, 0, sizeof widths / sizeof widths[0]);
	tcase_add_test(t, summary__stays_whole__at_any_width);
	tcase_add_test(t, summary__cuts_no_word__on_a_screen_of_our_own);
	tcase_add_test(t, summary__shows__a_range_with_the_totals_of_all);
	tcase_add_test(t, summary__writes__numbers_and_sizes);
	return run_suite(s);
}
