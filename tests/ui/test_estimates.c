/* test_estimates.c: means with their errors as a picture: each where its value is, at any size. */
#include "ui/figure_int.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "charts.h"
#include "../run.h"

static struct ui_figure *
estimates_figure(const double *mean, const double *error, int n, int w, int h)
{
	struct ui_estimates t = {0};
	struct ui_figure *f = ui_figure_new(w, h);

	t.n = n;
	t.row = calloc((size_t)n, sizeof *t.row);
	ui_string(&t.title, "lt5, learned from few images");
	ui_string(&t.note, "mean ± standard error, 4 seeds");
	ui_string(&t.axis, "accuracy");
	for (int i = 0; i < n; i++) {
		t.row[i].mean = mean[i % 4];
		t.row[i].error = error[i % 4];
		t.row[i].colour = i % 7;
		ui_string(&t.row[i].group, i < n / 2 ? "64 images" : "256 images");
		ui_string(&t.row[i].name, "head-first");
		ui_string(&t.row[i].text, "0.9040 ± 0.0142");
	}
	ui_figure_estimates(f, &t);
	ui_estimates_clear(&t);
	return f;
}

/* The k-th shape of a kind, NULL behind the last. */
static const struct ui_shape *
shape(const struct ui_figure *f, enum ui_shape_kind kind, int k)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->shape[i].kind == kind && k-- == 0)
			return &f->shape[i];
	return NULL;
}

static bool
text_there(const struct ui_figure *f, const char *text)
{
	const struct ui_shape *s;

	for (int k = 0; (s = shape(f, UI_SHAPE_TEXT, k)) != NULL; k++)
		if (strcmp(s->text, text) == 0)
			return true;
	return false;
}

static const double means[] = {0.90, 0.95, NAN, 0.85}, errors[] = {0.01, NAN, 0.1, 0.02};

START_TEST(estimates__draw__each_where_its_value_is)
{
	struct ui_figure *f = estimates_figure(means, errors, 4, 960, 640);
	const struct ui_shape *disc[3] = {shape(f, UI_SHAPE_DISC, 0), shape(f, UI_SHAPE_DISC, 1), shape(f, UI_SHAPE_DISC, 2)};
	double per;
	int whiskers = 0;

	ck_assert_ptr_nonnull(disc[2]);
	ck_assert_ptr_null(shape(f, UI_SHAPE_DISC, 3)); /* what is no number has no place */
	per = (disc[1]->x - disc[0]->x) / 0.05;
	ck_assert(per > 0);
	ck_assert_msg(fabs(disc[0]->x - disc[2]->x - 0.05 * per) < 1e-6, "equal steps are as long");
	for (size_t i = 0; i < f->n; i++) { /* the errors, at the height of their means */
		const struct ui_shape *s = &f->shape[i];

		for (int k = 0; k < 3 && s->kind == UI_SHAPE_LINE; k++)
			if (s->p[0].y == disc[k]->y && s->p[1].y == disc[k]->y) {
				whiskers++;
				ck_assert_msg(k != 1, "no error, no line");
				ck_assert(fabs(s->p[1].x - s->p[0].x - 2 * errors[k == 2 ? 3 : 0] * per) < 1e-6);
				ck_assert(fabs((s->p[0].x + s->p[1].x) / 2 - disc[k]->x) < 1e-6);
			}
	}
	ck_assert_int_eq(whiskers, 2);
	ck_assert(text_there(f, "64 images") && text_there(f, "256 images") && text_there(f, "accuracy"));
	ui_figure_free(f);
}
END_TEST

START_TEST(estimates__draw__any_size_and_any_number)
{
	static const int sizes[][2] = {{16, 16}, {64, 48}, {480, 320}, {1920, 1280}, {16384, 20}};
	static const double none[] = {NAN, NAN, NAN, NAN}, same[] = {1, 1, 1, 1}, huge[] = {1e300, -1e300, 0, 1};

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		for (int n = 1; n < 200; n += 66) {
			ui_figure_free(estimates_figure(means, errors, n, sizes[i][0], sizes[i][1]));
			ui_figure_free(estimates_figure(none, errors, n, sizes[i][0], sizes[i][1]));
			ui_figure_free(estimates_figure(same, none, n, sizes[i][0], sizes[i][1]));
			ui_figure_free(estimates_figure(huge, none, n, sizes[i][0], sizes[i][1]));
		}
}
END_TEST

/* Of curves each error is a whisker about its point. */
START_TEST(charts__draw__errors_about_their_points)
{
	struct charts c;
	struct ui_figure *f = ui_figure_new(960, 640);
	const struct ui_series *series;
	double per, zero;
	int whiskers = 0;

	charts_fill(&c, CHARTS_ERRORS);
	ui_figure_charts(f, c.both, 2);
	for (int i = 0; i < 4; i++) {
		static const char *const tick[] = {"16", "64", "256", "1024"};

		ck_assert_msg(text_there(f, tick[i]), "%s is no tick", tick[i]);
	}
	for (size_t i = 0; i < f->n; i++) { /* upright strokes in the colour of a curve */
		const struct ui_shape *s = &f->shape[i];

		if (s->kind == UI_SHAPE_LINE && s->n == 2 && s->p[0].x == s->p[1].x && memcmp(&s->colour, &(struct ui_rgb){0xe3,
		    0xe3, 0xe3}, sizeof s->colour) != 0 && memcmp(&s->colour, &(struct ui_rgb){0x99, 0x99, 0x99}, sizeof s->colour) != 0)
			whiskers++;
	}
	ck_assert_int_eq(whiskers, 2 * 3 * 3);
	/* The accuracy's axis is linear: the lengths of its whiskers are as their errors. */
	series = &c.accuracy.series[0];
	whiskers = 0;
	per = zero = 0;
	for (size_t i = 0; i < f->n; i++) {
		const struct ui_shape *s = &f->shape[i];

		if (s->kind != UI_SHAPE_LINE || s->n != 2 || s->p[0].x != s->p[1].x || s->p[0].y < 320 ||
		    memcmp(&s->colour, &(struct ui_rgb){0x00, 0x72, 0xb2}, sizeof s->colour) != 0)
			continue;
		if (whiskers == 0) {
			per = (s->p[0].y - s->p[1].y) / (2 * series->error[0]);
			zero = (s->p[0].y + s->p[1].y) / 2 + series->p[0].y * per;
		}
		ck_assert(fabs(s->p[0].y - s->p[1].y - 2 * series->error[whiskers] * per) < 1e-6);
		ck_assert(fabs((s->p[0].y + s->p[1].y) / 2 - (zero - series->p[whiskers].y * per)) < 1e-6);
		whiskers++;
	}
	ck_assert_int_eq(whiskers, 3);
	ck_assert(per > 0);
	charts_clear(&c);
	ui_figure_free(f);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("estimates");
	TCase *t = tcase_create("all");

	tcase_add_test(t, estimates__draw__each_where_its_value_is);
	tcase_add_test(t, estimates__draw__any_size_and_any_number);
	tcase_add_test(t, charts__draw__errors_about_their_points);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
