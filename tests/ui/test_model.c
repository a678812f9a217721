/* test_model.c: the plain data of the ui, and the axes that charts get from it. */
#include "ui/axis.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "charts.h"
#include "../run.h"

/* ---- log ---- */

START_TEST(log__keeps__the_last_lines)
{
	struct ui_log l = {.cap = 3};
	char text[32];

	for (int i = 0; i < 7; i++) {
		snprintf(text, sizeof text, "line %d", i);
		ui_log_add(&l, UI_PLAIN, text);
	}
	ck_assert_uint_eq(l.total, 7);
	ck_assert_str_eq(ui_log_at(&l, 0)->text, "line 6");
	ck_assert_str_eq(ui_log_at(&l, 2)->text, "line 4");
	ck_assert_ptr_null(ui_log_at(&l, 3));
	ui_log_clear(&l);
}
END_TEST

START_TEST(log__replaces__the_open_line_only)
{
	struct ui_log l = {0};

	ui_log_add(&l, UI_PLAIN, "first");
	ui_log_replace(&l, UI_PLAIN, "1/3");
	ui_log_replace(&l, UI_GOOD, "2/3");
	ck_assert_uint_eq(l.n, 2);
	ck_assert_str_eq(ui_log_at(&l, 0)->text, "2/3");
	ck_assert_int_eq(ui_log_at(&l, 0)->style, UI_GOOD);
	ck_assert_uint_eq(ui_log_lines(&l), l.total - 1); /* it may be replaced still */
	ui_log_replace(&l, UI_PLAIN, NULL);
	ck_assert_uint_eq(ui_log_lines(&l), l.total);
	ui_log_replace(&l, UI_PLAIN, "1/9");
	ck_assert_uint_eq(l.n, 3);
	ui_log_add(&l, UI_PLAIN, "after");
	ck_assert_str_eq(ui_log_at(&l, 1)->text, "1/9");
	ui_log_clear(&l);
}
END_TEST

START_TEST(log__cleans__whatever_comes_in)
{
	static const struct {
		const char *in, *out;
	} row[] = {
		{"plain", "plain"}, {"a\tb", "a       b"}, {"\033[31mred\033[0m", "red"}, {"\033]0;title\aafter", "after"},
		{"\033]0;title\033\\after", "after"}, {"\033[31", ""}, {"\033[3\001m", "m"}, {"\033[3\177m", "m"}, {"\033", ""}, {"\033]0;a\033b\aafter", "after"},
		{"\033]0;a\033", ""}, {"\033\001x", "x"}, {"\033\303\251", "\303\251"}, {"\033cx", "x"}, {"\033]never ended", ""}, {"a\rb\bc\x7f", "abc"},
		{"\xff\xc3", "\xef\xbf\xbd\xef\xbf\xbd"}, {"caf\xc3\xa9 \xe2\x9d\x84", "caf\xc3\xa9 \xe2\x9d\x84"}, {"\xc2\x9b" "31m", "31m"}, {"", ""},
	};
	struct ui_log l = {0};
	char *big = malloc(1 << 20);

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		ui_log_add(&l, UI_PLAIN, row[i].in);
		ck_assert_str_eq(ui_log_at(&l, 0)->text, row[i].out);
	}
	ui_log_add(&l, UI_PLAIN, "one\ntwo\n\nfour\n");
	ck_assert_str_eq(ui_log_at(&l, 0)->text, "four");
	ck_assert_str_eq(ui_log_at(&l, 1)->text, "");
	ck_assert_str_eq(ui_log_at(&l, 3)->text, "one");
	memset(big, '\t', (1 << 20) - 1);
	big[(1 << 20) - 1] = '\0';
	ui_log_add(&l, UI_PLAIN, big);
	ck_assert_uint_lt(strlen(ui_log_at(&l, 0)->text), 5000);
	free(big);
	ui_log_clear(&l);
}
END_TEST

/* ---- the rest ---- */

START_TEST(model__clears__to_a_state_for_use_again)
{
	struct ui_model m = {.version = 5};

	for (int round = 0; round < 2; round++) {
		charts_tiles(&m.digits, 20);
		charts_table(&m.layers);
		ui_chart_rule(&m.loss, 1, "r1");
		ui_series_point(ui_chart_add(&m.loss, "train", UI_LINE_SOLID, 0), 1, 2);
		ui_log_add(&m.log, UI_PLAIN, "line");
		ui_string(&m.headline, "gte5");
		ui_string(&m.headline, m.headline + 1);
		ck_assert_str_eq(m.headline, "te5");
		ui_model_clear(&m);
		ck_assert_uint_eq(m.version, 6u + (unsigned)round);
		ck_assert_ptr_null(m.headline);
		ck_assert_uint_eq(m.digits.n + m.layers.nrows + m.loss.nseries + m.log.n, 0);
	}
}
END_TEST

/* ---- axes ---- */

static void
axis_check(const struct ui_axis *a, int most)
{
	int labelled = 0;

	ck_assert(isfinite(a->lo) && isfinite(a->hi) && a->lo < a->hi);
	ck_assert(!a->log || a->lo > 0);
	for (int i = 0; i < a->n; i++) {
		const struct ui_tick *t = &a->tick[i];

		ck_assert_msg(t->at >= a->lo - (a->hi - a->lo) * 1e-6 && t->at <= a->hi + (a->hi - a->lo) * 1e-6, "%g not in %g..%g", t->at, a->lo, a->hi);
		ck_assert(i == 0 || t->at > a->tick[i - 1].at);
		ck_assert(t->minor == (t->text[0] == '\0'));
		labelled += !t->minor;
	}
	ck_assert_msg(labelled >= 1 && labelled <= most + 2, "%d ticks for at most %d in %g..%g", labelled, most, a->lo, a->hi);
}

START_TEST(axis__fits__any_numbers)
{
	struct charts c;
	struct ui_axis a;

	for (int kind = 0; kind < CHARTS_KINDS; kind++)
		for (int most = 0; most < 20; most++)
			for (int logy = 0; logy < 2; logy++) {
				charts_fill(&c, (enum charts_kind)kind);
				c.loss.logy = logy;
				ui_axis_y(&a, &c.loss, most);
				axis_check(&a, most < 2 ? 2 : most);
				ui_axis_y(&a, &c.accuracy, most);
				axis_check(&a, most < 2 ? 2 : most);
				ck_assert(!c.accuracy.unit || (a.lo >= 0 && a.hi <= 1));
				ui_axis_x(&a, c.both, 2, most);
				axis_check(&a, most < 2 ? 2 : most);
				charts_clear(&c);
			}
}
END_TEST

static void
axis_of(struct ui_axis *a, double lo, double hi, bool unit, bool logy, int most)
{
	struct ui_chart c = {.unit = unit, .logy = logy};
	struct ui_series *s = ui_chart_add(&c, "y", UI_LINE_DASHED, 0);

	ui_series_point(s, 1, lo);
	ui_series_point(s, 2, hi);
	ui_axis_y(a, &c, most);
	ui_chart_clear(&c);
}

/* The end of an error near 0 does not make a log axis of sixteen decades. */
START_TEST(axis__of_errors__goes_by_the_points)
{
	static const double error[] = {0.004 - 1e-18, 0.004, 0.5};

	for (size_t i = 0; i < sizeof error / sizeof *error; i++) {
		struct ui_chart c = {.unit = true, .logy = true};
		struct ui_series *s = ui_chart_add(&c, "y", UI_LINE_DASHED, 0);
		struct ui_axis a;

		ui_series_estimate(s, 1, 0.004, error[i]);
		ui_series_estimate(s, 2, 0.02, 0.012);
		ui_series_estimate(s, 3, 0, 0);
		ui_axis_y(&a, &c, 6);
		ck_assert_msg(a.lo > 0.002 && a.lo < 0.004 && a.hi >= 0.032, "%g to %g", a.lo, a.hi);
		ui_chart_clear(&c);
	}
}
END_TEST

static void
axis_texts(const struct ui_axis *a, char *out, size_t size)
{
	out[0] = '\0';
	for (int i = 0; i < a->n; i++)
		if (!a->tick[i].minor)
			snprintf(out + strlen(out), size - strlen(out), "%s%s", out[0] ? " " : "", a->tick[i].text);
}

START_TEST(axis__names__round_steps)
{
	static const struct {
		double lo, hi;
		bool unit, logy;
		const char *texts;
	} row[] = {
		{0.05, 1.6, false, false, "0 0.5 1.0 1.5"},
		{0.97, 0.995, true, false, "0.970 0.975 0.980 0.985 0.990 0.995"},
		{0.2, 0.99, true, false, "0.2 0.4 0.6 0.8 1.0"},
		{1, 1, true, false, "0.95 0.96 0.97 0.98 0.99 1.00"},
		{0.012, 2.2, false, true, "0.01 0.02 0.05 0.1 0.2 0.5 1 2"},
		{1e-9, 1e-3, false, true, "1e-9 1e-8 1e-7 1e-6 1e-5 0.0001 0.001"},
		{5e6, 9e7, false, false, "0 2e7 4e7 6e7 8e7 1e8"},
		{-3, -1, false, false, "-3.0 -2.5 -2.0 -1.5 -1.0"},
	};
	struct ui_axis a;
	char text[256];

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		axis_of(&a, row[i].lo, row[i].hi, row[i].unit, row[i].logy, row[i].lo == 1e-9 ? 7 : 6);
		axis_texts(&a, text, sizeof text);
		ck_assert_str_eq(text, row[i].texts);
	}
}
END_TEST

START_TEST(axis__zooms__to_where_a_dense_curve_is)
{
	struct charts c;
	struct ui_axis a;

	charts_fill(&c, CHARTS_TWO);
	ui_axis_y(&a, &c.loss, 6);
	ck_assert(a.hi < 1);
	for (size_t i = 0; i < c.loss.nseries; i++)
		for (size_t k = 0; k < c.loss.series[i].n && c.loss.series[i].mark; k++)
			ck_assert(c.loss.series[i].p[k].y <= a.hi && c.loss.series[i].p[k].y >= a.lo);
	ui_axis_y(&a, &c.accuracy, 6);
	ck_assert(a.lo > 0.8 && a.hi > 0.99);
	charts_clear(&c);
}
END_TEST

START_TEST(axis__counts__anew_at_each_rule)
{
	struct charts c;
	struct ui_axis a;
	char text[256];

	charts_fill(&c, CHARTS_TWO);
	ui_axis_x(&a, c.both, 2, 12);
	axis_texts(&a, text, sizeof text);
	ck_assert_str_eq(text, "0 1 2 3 4 5 1 2 3 4 5");
	ck_assert(!a.through);
	c.loss.restart = c.accuracy.restart = false;
	ui_axis_x(&a, c.both, 2, 12);
	axis_texts(&a, text, sizeof text);
	ck_assert_str_eq(text, "0 1 2 3 4 5 6 7 8 9 10");
	charts_clear(&c);
	charts_fill(&c, CHARTS_FIFTY);
	ui_axis_x(&a, c.both, 2, 12);
	ck_assert(a.through);
	c.loss.xend = 400;
	ui_axis_x(&a, c.both, 2, 12);
	ck_assert_double_eq(a.hi, 400);
	charts_clear(&c);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("model");
	TCase *t = tcase_create("model");

	suite_add_tcase(s, t);
	tcase_add_test(t, log__keeps__the_last_lines);
	tcase_add_test(t, log__replaces__the_open_line_only);
	tcase_add_test(t, log__cleans__whatever_comes_in);
	tcase_add_test(t, model__clears__to_a_state_for_use_again);
	tcase_add_test(t, axis__fits__any_numbers);
	tcase_add_test(t, axis__names__round_steps);
	tcase_add_test(t, axis__of_errors__goes_by_the_points);
	tcase_add_test(t, axis__zooms__to_where_a_dense_curve_is);
	tcase_add_test(t, axis__counts__anew_at_each_rule);
	return run_suite(s);
}
