/* test_compared.c: means, standard errors and paired differences, against values computed by hand. */
#include "export/compare_curves.h"
#include "past/compared.h"
#include "tests/run.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
near(double a, double b)
{
	return fabs(a - b) < 1e-12;
}

START_TEST(estimate__of__mean_and_standard_error)
{
	/* variance (with n - 1) of 2, 4, 4, 6 is 8/3 */
	struct estimate x = estimate_of((double[]){2, 4, 4, 6}, 4);

	ck_assert(near(x.mean, 4));
	ck_assert(near(x.error, sqrt(8.0 / 3 / 4)));
	x = estimate_of((double[]){7}, 1);
	ck_assert(near(x.mean, 7));
	ck_assert(isnan(x.error));
	x = estimate_of((double[]){1, NAN}, 2);
	ck_assert(isnan(x.mean));
}
END_TEST

START_TEST(estimate__difference__is_of_pairs)
{
	/* the values are far apart, their differences are not */
	struct estimate x = estimate_difference((double[]){10, 20, 31}, (double[]){9, 19, 29}, 3);

	ck_assert(near(x.mean, 4.0 / 3));
	ck_assert(near(x.error, sqrt(1.0 / 3 / 3)));
}
END_TEST

static void
row(struct compared *c, const char *mode, size_t limit, double a, double b)
{
	struct compared_row *r;

	c->row = realloc(c->row, (size_t)(c->n + 1) * sizeof *c->row);
	r = &c->row[c->n++];
	*r = (struct compared_row){.limit = limit, .accuracy = malloc(2 * sizeof(double)),
	    .loss = calloc(2, sizeof(double))};
	snprintf(r->mode, sizeof r->mode, "%s", mode);
	r->accuracy[0] = a;
	r->accuracy[1] = b;
}

START_TEST(compared__estimate__pairs_rows_of_the_same_limit)
{
	struct compared c = {.seeds = 2};

	row(&c, "frozen", 64, 0.9, 0.8);
	row(&c, "scratch", 64, 0.7, 0.5);
	row(&c, "frozen", 256, 0.95, 0.93);
	row(&c, "tuned", 256, 0.96, 0.96);
	compared_estimate(&c, "scratch");
	ck_assert_int_eq(c.row[0].against, 1);
	ck_assert_int_eq(c.row[1].against, 1);
	ck_assert_int_eq(c.row[3].against, 2); /* there is no scratch: the first */
	ck_assert(near(c.row[0].gain.mean, 0.25));
	ck_assert(near(c.row[0].gain.error, 0.05));
	ck_assert(near(c.row[3].gain.mean, 0.02));
	ck_assert_ptr_eq(compared_find(&c, "frozen", 0), &c.row[2]);
	ck_assert_ptr_eq(compared_find(&c, "frozen", 64), &c.row[0]);
	ck_assert_ptr_null(compared_find(&c, "random", 0));
	compared_free(&c);
	ck_assert_int_eq(c.n, 0);
}
END_TEST

/* ---- as curves ---- */

static void
chart_free(struct ui_chart *chart)
{
	for (int i = 0; i < COMPARE_CHARTS; i++)
		ui_chart_clear(&chart[i]);
}

START_TEST(compare__curves__run_along_three_numbers_of_images)
{
	struct compared c = {.seeds = 2, .test = 100, .split.name = "lt5"};
	struct ui_chart chart[COMPARE_CHARTS];

	for (size_t limit = 16; limit <= 64; limit *= 4) {
		row(&c, "frozen", limit, 0.8, 0.9);
		row(&c, "scratch", limit, 0.5, 0.7);
	}
	compared_estimate(&c, "scratch");
	ck_assert_int_eq(compare_curves(chart, &c), 0); /* two are no curve */
	row(&c, "frozen", 256, 0.95, 0.97);
	row(&c, "scratch", 256, 0.93, 0.94);
	compared_estimate(&c, "scratch");
	ck_assert_int_eq(compare_curves(chart, &c), 2);
	ck_assert_str_eq(chart[0].title, "lt5: test error");
	ck_assert_str_eq(chart[0].ylabel, "test error");
	ck_assert_str_eq(chart[1].title, "lt5: gain in accuracy over scratch, seed by seed");
	ck_assert_str_eq(chart[1].xlabel, "training images");
	ck_assert_int_eq(chart[0].nseries, 2);
	ck_assert_str_eq(chart[0].series[1].name, "scratch");
	ck_assert_int_eq(chart[0].series[0].n, 3);
	ck_assert(chart[0].logx && chart[0].nxtick == 3 && chart[0].xtick[2] == 256);
	/* side by side around the number, also where other modes were left out */
	ck_assert(near(chart[0].series[0].p[0].x * chart[0].series[1].p[0].x, 16 * 16));
	ck_assert(near(chart[0].series[0].p[0].y, 0.15)); /* an error rate, 1 - 0.85 */
	ck_assert(near(chart[0].series[0].error[0], 0.05));
	ck_assert(near(chart[1].series[0].p[2].y, 0.025)); /* a gain: of 0.02 and 0.03 */
	ck_assert(near(chart[1].series[0].error[2], 0.005));
	ck_assert(near(chart[1].series[1].p[2].y, 0) && isnan(chart[1].series[1].error[2]));
	ck_assert(chart[0].zeros && strstr(chart[1].note, "error of 0") == NULL);
	chart_free(chart);
	row(&c, "frozen", 1024, 1, 1);
	compared_estimate(&c, "scratch");
	ck_assert_int_eq(compare_curves(chart, &c), 2);
	ck_assert(chart[0].series[0].n == 4 && chart[0].series[0].p[3].y == 0);
	ck_assert(strstr(chart[1].note, "at the foot of the axis, an error of 0: frozen at 1024") != NULL);
	chart_free(chart);
	compared_free(&c);
}
END_TEST

/* The key with most numbers lies along the axis, wherever it stands; the others name the curves. */
START_TEST(compare__curves__run_along_a_key_of_a_sweep)
{
	static const char *const label[] = {"lr=1.0,n=8,of=a", "lr=0.1,n=8,of=a", "lr=1.0,n=2,of=a", "lr=0.1,n=2,of=a",
		"lr=1.0,n=4,of=a", "lr=0.1,n=4,of=a"};
	struct compared c = {.seeds = 2};
	struct ui_chart chart[COMPARE_CHARTS];

	c.asked = strdup("train lt5 limit={n}");
	for (int i = 0; i < 6; i++)
		row(&c, label[i], 0, i / 10.0, i / 10.0);
	compared_estimate(&c, "");
	ck_assert_int_eq(compare_curves(chart, &c), 1);
	ck_assert_str_eq(chart[0].xlabel, "n");
	ck_assert_str_eq(chart[0].ylabel, "val_accuracy");
	ck_assert_str_eq(chart[0].title, "train lt5 limit={n}");
	ck_assert_str_eq(chart[0].note, "mean ± standard error, 2 seeds");
	ck_assert_int_eq(chart[0].nseries, 2);
	ck_assert_str_eq(chart[0].series[0].name, "lr=1.0, of=a");
	for (int i = 0; i < 3; i++) /* rows 3, 5 and 1 */
		ck_assert(near(chart[0].series[1].p[i].y, (const double[]){0.3, 0.5, 0.1}[i]));
	for (int i = 0; i < 2; i++) /* beside one another, nearer to their number than to another one */
		ck_assert(!chart[0].logx && chart[0].series[0].p[i].x < chart[0].xtick[i] &&
		    chart[0].series[1].p[i].x > chart[0].xtick[i] && chart[0].series[1].p[i].x < chart[0].xtick[i] + 0.6);
	chart_free(chart);
	for (int i = 0; i < 6; i += 2) /* a comma in quotes parts no keys */
		snprintf(c.row[i].mode, sizeof c.row[i].mode, "lr=\"0.1:step=1,0.5\",n=%d,of=a", 8 >> i / 2);
	ck_assert_int_eq(compare_curves(chart, &c), 1);
	ck_assert_str_eq(chart[0].series[0].name, "lr=\"0.1:step=1,0.5\", of=a");
	chart_free(chart);
	snprintf(c.row[5].mode, sizeof c.row[5].mode, "lr=0.1,n=four,of=a"); /* no number: no axis */
	ck_assert_int_eq(compare_curves(chart, &c), 0);
	compared_free(&c);
}
END_TEST

START_TEST(compare__title__is_the_commands_as_far_as_there_is_room)
{
	static const char *const asked[][3] = {
		{"train lt5", "train lt5", ""},
		{"reset; freeze features; train lt5 limit=64 sample={seed}; eval gte5", "reset; freeze features; train lt5 limit=64 sample={seed}…", "reset"},
		{"ééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé", "éééééééééééééééééééééééééééééé…", "é"},
	};

	for (int i = 0; i < 3; i++) {
		struct compared c = {.seeds = 1, .asked = (char *)asked[i][0]};
		char *note, *title = compare_title(&c, &note);

		ck_assert_str_eq(title, asked[i][1]);
		ck_assert_ptr_eq(strstr(note, asked[i][2]), note);
		ck_assert_ptr_nonnull(strstr(note, "mean ± standard error, 1 seed"));
		free(title);
		free(note);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("compared");
	TCase *t = tcase_create("all");

	tcase_add_test(t, estimate__of__mean_and_standard_error);
	tcase_add_test(t, estimate__difference__is_of_pairs);
	tcase_add_test(t, compared__estimate__pairs_rows_of_the_same_limit);
	tcase_add_test(t, compare__curves__run_along_three_numbers_of_images);
	tcase_add_test(t, compare__curves__run_along_a_key_of_a_sweep);
	tcase_add_test(t, compare__title__is_the_commands_as_far_as_there_is_room);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
