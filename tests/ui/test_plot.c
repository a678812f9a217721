/* test_plot.c: charts in cells: what stands where it says that it stands, and nothing lost. */
#include "ui/axis.h"
#include "ui/plot_int.h"
#include "../run.h"

#include <check.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct ui_plot_view whole;

/* A loss that falls from `from` to `to` over some epochs, with its validation. */
static void
falls(struct ui_chart *c, double from, double to, int epochs)
{
	struct ui_series *s = ui_chart_add(c, "train", UI_LINE_SOLID, 0);

	for (int i = 0; i <= epochs * 50; i++)
		ui_series_point(s, i / 50., to + (from - to) * exp(-3 * i / 50.));
	s = ui_chart_add(c, "val", UI_LINE_DASHED, 1);
	for (int i = 1; i <= epochs; i++)
		ui_series_point(s, i, to + (from - to) * exp(-3. * i));
	c->xend = epochs;
}

static struct ui_canvas *
drawn(const struct ui_chart *c, int cols, int rows, enum ui_glyphs glyphs)
{
	struct ui_canvas *k = ui_canvas_new(cols, rows, glyphs);

	ui_plot_draw(ui_area_all(k), c, &whole);
	return k;
}

static bool
has(const struct ui_canvas *k, const char *text)
{
	char *all = ui_canvas_dump(k);
	bool found = strstr(all, text) != NULL;

	free(all);
	return found;
}

/* ---- axes ---- */

/* Ticks of a linear axis stand in the middle of rows, all at the same distance, and what is drawn is within. */
static void
rows_check(const struct ui_chart *c, double lo, double hi, int rows)
{
	struct ui_axis a;
	double first = 0, step = 0;

	ui_axis_rows(&a, c, rows);
	ck_assert_msg(a.lo < a.hi && a.lo <= lo + 1e-9 * fabs(lo) && a.hi >= hi - 1e-9 * fabs(hi), "%g..%g in %g..%g", lo, hi, a.lo, a.hi);
	ck_assert_int_ge(a.n, rows < 2 ? 1 : 2);
	for (int i = 0; i < a.n; i++) {
		double row = (1 - ui_axis_at(&a, a.tick[i].at)) * rows - .5;

		ck_assert_msg(fabs(row - round(row)) < 1e-3, "%g..%g in %d rows: %s stands at %g", lo, hi, rows, a.tick[i].text, row);
		if (i == 1)
			step = first - row;
		if (i > 1)
			ck_assert_double_eq_tol(first - row, i * step, 1e-3);
		first = i == 0 ? row : first;
		ck_assert_double_eq_tol(strtod(a.tick[i].text, NULL), a.tick[i].at, (a.hi - a.lo) * 1e-3);
	}
}

START_TEST(axis_rows__give__equal_steps_equal_distance)
{
	static const double most[] = {1, .0123, 1.7, 2.31, .5, 3.4e5, 7e-7, 9.99, .3, 64};

	for (int rows = 1; rows <= 40; rows++)
		for (size_t k = 0; k < sizeof most / sizeof *most; k++) {
			struct ui_chart c = {0};

			falls(&c, most[k], most[k] * .02, 3);
			rows_check(&c, 0, most[k], rows);
			ui_chart_clear(&c);
		}
}
END_TEST

START_TEST(axis_rows__keep__accuracies_within_one)
{
	for (int rows = 1; rows <= 40; rows++)
		for (double low = .05; low < .99; low += .07) {
			struct ui_chart c = {.unit = true};
			struct ui_axis a;

			falls(&c, low, .993, 3);
			rows_check(&c, low, .993, rows);
			ui_axis_rows(&a, &c, rows);
			for (int i = 0; i < a.n; i++)
				ck_assert(a.tick[i].at > -1e-9 && a.tick[i].at < 1 + 1e-9);
			ui_chart_clear(&c);
		}
}
END_TEST

START_TEST(axis_rows__place__decades_in_rows)
{
	for (int rows = 3; rows <= 40; rows++)
		for (double low = 1e-9; low < .5; low *= 3) {
			struct ui_chart c = {.logy = true};
			struct ui_axis a;

			falls(&c, 2.3, low, 8);
			ui_axis_rows(&a, &c, rows);
			ck_assert_double_le(a.lo, c.series[0].p[c.series[0].n - 1].y * (1 + 1e-9));
			ck_assert_double_ge(a.hi, 2.3 * (1 - 1e-9));
			ck_assert_int_ge(a.n, 1);
			for (int i = 0; i < a.n; i++) {
				double row = (1 - ui_axis_at(&a, a.tick[i].at)) * rows - .5;

				ck_assert_double_le(fabs(row - round(row)), .27);
				ck_assert_double_eq_tol(strtod(a.tick[i].text, NULL) / a.tick[i].at, 1, 1e-6);
			}
			ui_chart_clear(&c);
		}
}
END_TEST

START_TEST(axis_rows__bear__any_numbers)
{
	static const double odd[] = {0, -1, 1e300, -1e300, 1e-300, 5, 5.0000000001, INFINITY, NAN, 1e17};
	size_t n = sizeof odd / sizeof *odd;

	for (size_t i = 0; i < n * n * 4; i++) {
		struct ui_chart c = {.unit = i & 1, .logy = i & 2};
		struct ui_series *s = ui_chart_add(&c, "train", UI_LINE_SOLID, 0);
		struct ui_axis a;

		ui_series_point(s, 0, odd[i / 4 % n]);
		ui_series_point(s, 1, odd[i / 4 / n]);
		for (int rows = 0; rows < 30; rows += 3) {
			ui_axis_rows(&a, &c, rows);
			ck_assert(isfinite(a.lo) && isfinite(a.hi) && a.lo < a.hi);
			for (int k = 0; k < a.n; k++)
				ck_assert(isfinite(ui_axis_at(&a, a.tick[k].at)));
		}
		ui_chart_clear(&c);
	}
}
END_TEST

/* ---- curves ---- */

/* The middle of what is drawn in a style, as a value of an axis without gutter: in quarter rows. */
static double
middle(const struct ui_canvas *k, int style)
{
	static const uint8_t bit[4] = {0x01 | 0x08, 0x02 | 0x10, 0x04 | 0x20, 0x40 | 0x80};
	int n = 0;
	double sum = 0;

	for (int y = 0; y < k->rows; y++)
		for (int x = 0; x < k->cols; x++) {
			const struct ui_cell *cell = ui_canvas_at(k, x, y);
			uint32_t code;

			ui_char_next(cell->text, &code);
			for (int j = 0; j < 4 && cell->style == style && code >= 0x2800 && code < 0x2900; j++)
				if (code & bit[j])
					sum += y + (j + .5) / 4, n++;
		}
	return n > 0 ? sum / n : NAN;
}

START_TEST(plot__marks__stand_at_a_quarter_of_a_row)
{
	for (int i = 0; i < 40; i++) {
		double value = .0758 + i * .02, is;
		struct ui_chart c = {0};
		struct ui_series *s = ui_chart_add(&c, NULL, UI_LINE_SOLID, 0);
		struct ui_canvas *k;
		struct ui_axis a;

		ui_series_point(s, 0, 0);
		ui_series_point(s, 0, 1);
		ui_series_point(ui_chart_add(&c, "val", UI_LINE_DASHED, 1), .5, value);
		k = drawn(&c, 40, 9, UI_BRAILLE);
		ui_axis_rows(&a, &c, 7);
		is = a.hi - middle(k, UI_S_CURVE1) / 7 * (a.hi - a.lo);
		ck_assert_double_eq_tol(is, value, (a.hi - a.lo) / 7 / 8 + 1e-9);
		ui_canvas_free(k);
		ui_chart_clear(&c);
	}
}
END_TEST

START_TEST(plot__curves__are_both_seen_where_they_go_together)
{
	for (int glyphs = UI_ASCII; glyphs <= UI_BRAILLE; glyphs++) {
		struct ui_chart c = {0};
		struct ui_series *s = ui_chart_add(&c, "train", UI_LINE_SOLID, 0);
		struct ui_canvas *k;
		int train = 0, val = 0;

		for (int i = 0; i <= 300; i++)
			ui_series_point(s, i / 100., .5);
		s = ui_chart_add(&c, "val", UI_LINE_DASHED, 1);
		for (int i = 0; i <= 3; i++)
			ui_series_point(s, i, .5);
		k = drawn(&c, 60, 8, (enum ui_glyphs)glyphs);
		for (int x = 5; x < 60; x++)
			for (int y = 0; y < 6; y++) {
				int style = ui_canvas_at(k, x, y)->style;

				train += style == UI_S_CURVE0;
				val += style == UI_S_CURVE1;
			}
		ck_assert_int_ge(train, 12);
		ck_assert_int_ge(val, 20);
		/* Nowhere do more than a dash and its mark hide the other one. */
		for (int x = 5, gone = 0; x < 60; x++) {
			bool seen = false;

			for (int y = 0; y < 6; y++)
				seen = seen || ui_canvas_at(k, x, y)->style == UI_S_CURVE0;
			gone = seen ? 0 : gone + 1;
			ck_assert_int_le(gone, 7);
		}
		ui_canvas_free(k);
		ui_chart_clear(&c);
	}
}
END_TEST

START_TEST(plot__curve__is_solid_and_two_dots_thick)
{
	struct ui_chart c = {0};
	struct ui_canvas *k;

	falls(&c, 1.5, .1, 2);
	c.nseries = 1; /* train alone */
	k = drawn(&c, 60, 12, UI_BRAILLE);
	for (int x = 5; x < 60; x++) {
		int left = 0, right = 0;

		for (int y = 0; y < 10; y++) {
			uint32_t code;

			ui_char_next(ui_canvas_at(k, x, y)->text, &code);
			if (code >= 0x2800 && code < 0x2900) {
				left += __builtin_popcount(code & 0x47);
				right += __builtin_popcount(code & 0xb8);
			}
		}
		ck_assert_msg(x == 5 || x == 59 || (left >= 2 && right >= 2), "column %d has %d and %d dots", x, left, right);
	}
	c.nseries = 2;
	ui_canvas_free(k);
	ui_chart_clear(&c);
}
END_TEST

START_TEST(plot__beginning__is_shown_or_said)
{
	struct ui_chart c = {0};
	struct ui_canvas *k;
	struct ui_axis a;

	falls(&c, 1.6, .2, 2); /* steep, but not too much */
	ui_axis_rows(&a, &c, 10);
	ck_assert_double_ge(a.hi, 1.6);
	ui_chart_clear(&c);
	falls(&c, 250, .02, 12);
	ui_axis_rows(&a, &c, 10);
	ck_assert_double_lt(a.hi, 50);
	k = drawn(&c, 60, 12, UI_BRAILLE);
	ck_assert(has(k, "▼") == false);
	ck_assert(has(k, "▲2e+02"));
	ui_canvas_free(k);
	ui_chart_clear(&c);
}
END_TEST

/* Runs that begin far above the others' values: 2.75, 3.75, ... */
static void
steep_runs(struct ui_chart *c, int runs)
{
	static const int epochs[] = {3, 2, 1, 1, 1, 2};
	struct ui_series *s = ui_chart_add(c, "train", UI_LINE_SOLID, 0);
	char label[32];

	for (int k = 0; k < runs; k++) {
		snprintf(label, sizeof label, "r%d lt5 of some", k + 1);
		ui_chart_rule(c, c->xend, label);
		if (k > 0)
			ui_series_point(s, c->xend, NAN);
		for (int i = 0; i < epochs[k] * 200; i++)
			ui_series_point(s, c->xend + (i + 1) / 200., .1 + (2.65 + k) * exp(-i / 2.));
		c->xend += epochs[k];
	}
}

/* In which stretch between rules a column of the field is: curves may hide the rules. */
static int
stretch_at(const struct ui_canvas *k, const struct ui_chart *c, int column)
{
	const struct ui_chart *list[] = {c};
	struct ui_axis ax;
	int left = 0, stretch = 0;

	while (strcmp(ui_canvas_at(k, left, 0)->text, "│") != 0 && strcmp(ui_canvas_at(k, left, 0)->text, "┤") != 0)
		left++;
	left++;
	ui_axis_x(&ax, list, 1, (k->cols - left) / 6);
	for (size_t i = 1; i < c->nrules; i++)
		stretch += column > left + floor(.5 + ui_axis_at(&ax, c->rule[i].x) * (k->cols - left - 1));
	return stretch;
}

/* What an axis cuts is said with the value that it had, however narrow the chart, and in the field of its run only. */
START_TEST(plot__cut__stands_in_its_own_run)
{
	struct ui_chart c = {0};
	int most = 0;

	steep_runs(&c, 6);
	for (int cols = 30; cols <= 160; cols++)
		for (int rows = 5; rows <= 17; rows += 4) {
			struct ui_canvas *k = drawn(&c, cols, rows, UI_BRAILLE);
			int said = 0;

			for (int x = 0; x < cols; x++) {
				char text[8] = "", want[8];
				int run = stretch_at(k, &c, x);

				if (strcmp(ui_canvas_at(k, x, 0)->text, "▲") != 0)
					continue;
				for (int i = 1; i <= 4 && x + i < cols; i++)
					strncat(text, ui_canvas_at(k, x + i, 0)->text, 1);
				snprintf(want, sizeof want, "%.2f", 2.75 + run);
				ck_assert_msg(strcmp(text, want) == 0, "%dx%d: ▲%s of r%d", cols, rows, text, run + 1);
				ck_assert_int_eq(stretch_at(k, &c, x + 4), run);
				said++;
			}
			most = said > most ? said : most;
			ck_assert_int_ge(said, cols >= 120 ? 6 : 1);
			ui_canvas_free(k);
		}
	ck_assert_int_eq(most, 6);
	ui_chart_clear(&c);
}
END_TEST

/* A picture in a pane, whose points are as few as its pixels, says the same. */
START_TEST(plot__cut_in_a_view_of_few_points__has_the_value_of_one)
{
	struct ui_chart c = {0};

	steep_runs(&c, 2);
	for (size_t most = 20; most < 200; most += 7) {
		struct ui_plot_seen v;
		struct ui_axis a;
		struct ui_cut cut;
		size_t from = 0;

		ui_plot_seen_make(&v, &c, &whole, most);
		ui_axis_y(&a, &v.chart, 6);
		for (int run = 0; run < 2; run++) {
			ck_assert(ui_axis_cut(&a, &v.chart.series[0], &from, &cut));
			ck_assert_str_eq(cut.text, run == 0 ? "2.75" : "3.75");
			ck_assert_double_eq(cut.begin, run == 0 ? c.series[0].p[0].x : 3);
		}
		ck_assert(!ui_axis_cut(&a, &v.chart.series[0], &from, &cut));
		ui_plot_seen_free(&v);
	}
	ui_chart_clear(&c);
}
END_TEST

START_TEST(plot__watched_split__has_a_scale_of_its_own)
{
	struct ui_chart c = {0};
	struct ui_series *s;
	struct ui_canvas *k;
	struct ui_axis a;

	falls(&c, .3, .02, 3);
	s = ui_chart_add(&c, "watch", UI_LINE_DOTTED, 2);
	s->apart = s->mark = true;
	ui_string(&s->of, "gte5");
	for (int i = 1; i <= 3; i++)
		ui_series_point(s, i, 3 + i);
	ck_assert(ui_axis_apart(&c));
	k = drawn(&c, 60, 12, UI_BRAILLE);
	ck_assert(has(k, "├4") || has(k, "├5"));
	ck_assert(has(k, "gte5"));
	ck_assert(has(k, "0.1┤") || has(k, "0.2┤") || has(k, "0.25┤"));
	ui_canvas_free(k);
	c.series[2].p[0].y = c.series[2].p[1].y = c.series[2].p[2].y = .2; /* where it fits it shares theirs */
	ck_assert(!ui_axis_apart(&c));
	k = drawn(&c, 60, 12, UI_BRAILLE);
	ck_assert(!has(k, "├"));
	ui_canvas_free(k);
	c.series[2].p[0].y = NAN;
	c.series[2].p[1].y = c.series[2].p[2].y = NAN;
	ui_axis_rows(&a, &c, 5);
	ck_assert(!ui_axis_apart(&c));
	ui_chart_clear(&c);
}
END_TEST

/* Runs of 3, 1, 2, 3, 1 and 3 epochs in ticks of 2: those of one have theirs. */
START_TEST(axis__of_short_runs__has_a_tick_for_each)
{
	static const int epochs[] = {3, 1, 2, 3, 1, 3};
	struct ui_chart c = {.restart = true};
	const struct ui_chart *list[] = {&c};
	struct ui_series *s = ui_chart_add(&c, "val", UI_LINE_DASHED, 1);
	struct ui_axis a;
	char text[64] = "";
	int at = 0;

	for (int i = 0; i < 6; i++) {
		ui_chart_rule(&c, at, "r");
		for (int k = 0; k < epochs[i]; k++)
			ui_series_point(s, ++at, .5);
	}
	ui_axis_x(&a, list, 1, 8);
	for (int i = 0; i < a.n; i++) {
		ck_assert(i == 0 || a.tick[i].at - a.tick[i - 1].at >= 1);
		snprintf(text + strlen(text), sizeof text - strlen(text), "%g:%s ", a.tick[i].at, a.tick[i].text);
	}
	ck_assert_str_eq(text, "0:0 2:2 4:1 6:2 8:2 10:1 12:2 ");
	ui_chart_clear(&c);
}
END_TEST

START_TEST(plot__names__are_never_drawn_over)
{
	for (int cols = 12; cols < 90; cols++)
		for (int rows = 3; rows < 14; rows++) {
			struct ui_chart c = {.restart = true};
			struct ui_canvas *k;

			falls(&c, 1.5, .1, 6);
			ui_chart_rule(&c, 0, "r1 gte5");
			ui_chart_rule(&c, 3, "r2 lt5 ❄ features");
			k = drawn(&c, cols, rows, UI_BRAILLE);
			if (cols >= 60 && rows >= 6)
				ck_assert_msg(has(k, "r1 gte5") && has(k, "r2 lt5 ❄ features"), "%dx%d", cols, rows);
			for (int y = 0; y < rows; y++)
				for (int x = 0; x < cols; x++) /* a name that has begun is whole */
					if (strcmp(ui_canvas_at(k, x, y)->text, "r") == 0 && x > 4 && ui_canvas_at(k, x, y)->style == UI_S_AXIS &&
					    strcmp(ui_canvas_at(k, x - 1, y)->text, "u") != 0)
						ck_assert(strchr("12e", ui_canvas_at(k, x + 1, y)->text[0]) != NULL);
			ui_canvas_free(k);
			ui_chart_clear(&c);
		}
}
END_TEST

START_TEST(legend__tells__the_run_in_view_and_drops_whole_items)
{
	static const struct {
		int span, cells;
		const char *text;
	} cases[] = {
		{0, 90, "r2 epoch 3 mean so far ━ train 0.1000  r2 epoch 2 mean ■ val 0.2000"},
		{0, 60, "r2 epoch 3 ━ train 0.1000  r2 epoch 2 ■ val 0.2000"},
		{0, 40, "━ train 0.1000  ■ val 0.2000"},
		{0, 27, "train 0.1000  val 0.2000"},
		{0, 20, "train 0.1000"},
		{0, 10, ""},
		{2, 60, "r1 epoch 5 mean ━ train 0.3000  ■ val 0.4000"},
	};
	struct ui_chart c = {0};
	struct ui_rule *r;

	falls(&c, 1, .01, 3);
	r = ui_chart_rule(&c, 0, "r1 gte5");
	for (int i = 0; i < 2; i++)
		ui_string(&r->when[i], "r1 epoch 5  mean");
	r->value[UI_LINE_SOLID] = .3, r->value[UI_LINE_DASHED] = .4;
	r = ui_chart_rule(&c, 1, "r2 lt5");
	ui_string(&r->when[UI_LINE_SOLID], "r2 epoch 3  mean so far");
	ui_string(&r->when[UI_LINE_DASHED], "r2 epoch 2  mean");
	r->value[UI_LINE_SOLID] = .1, r->value[UI_LINE_DASHED] = .2;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct ui_canvas *k = ui_canvas_new(100, 1, UI_BRAILLE);
		const struct ui_plot_view view = {.span = cases[i].span};
		char *text;
		int x = ui_plot_legend(ui_area_all(k), 100, 0, cases[i].cells, &c, &view, 0);

		text = ui_canvas_dump(k);
		ck_assert_int_ge(x, 100 - cases[i].cells);
		ck_assert_str_eq(strtok(text + strspn(text, " "), "\n") ? text + strspn(text, " ") : "", cases[i].text);
		free(text);
		ui_canvas_free(k);
	}
	ui_chart_clear(&c);
}
END_TEST

/* One value of each, and the third is of another split. */
static void
watched(struct ui_chart *c)
{
	static const char *const name[] = {"train", "val", "watch"};

	for (int i = 0; i < 3; i++)
		for (int x = 0; x < 2; x++)
			ui_series_point(x == 0 ? ui_chart_add(c, name[i], (enum ui_line)(UI_LINE_SOLID + i), i) : &c->series[i], x, .5 / (1 << i));
	ui_string(&c->series[2].of, "gte5");
}

START_TEST(legend__watched_split__leaves_as_a_whole)
{
	static const struct {
		int cells;
		unsigned large;
		const char *text;
	} cases[] = {
		{60, 0, "━ train 0.5000  ■ val 0.2500  □ watch gte5 0.1250"},
		{45, 0, "train 0.5000  val 0.2500  watch gte5 0.1250"},
		{40, 0, "train 0.5000  val 0.2500  watch 0.1250"},
		{36, 1 << UI_LINE_DASHED, "train 0.5000  watch gte5 0.1250"},
		{30, 1 << UI_LINE_DASHED, "train 0.5000  watch 0.1250"},
		{30, 0, "train 0.5000  val 0.2500"},
		{45, 1 << UI_LINE_DASHED, "train 0.5000  val 0.2500  watch gte5 0.1250"},
		{60, 0, "━ train 0.5000  ■ val 0.2500"}, /* this run watches none */
	};
	struct ui_chart c = {0};

	watched(&c);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct ui_canvas *k = ui_canvas_new(100, 1, UI_BRAILLE);
		char *text;

		if (i + 1 == sizeof cases / sizeof *cases)
			c.series[2].n = 0;
		ui_plot_legend(ui_area_all(k), 100, 0, cases[i].cells, &c, &whole, cases[i].large);
		text = ui_canvas_dump(k);
		ck_assert_str_eq(strtok(text + strspn(text, " "), "\n"), cases[i].text);
		free(text);
		ui_canvas_free(k);
	}
	ui_chart_clear(&c);
}
END_TEST

START_TEST(plot__large__has_the_watched_split_where_there_is_room)
{
	static const struct {
		int cols, rows, high;
		unsigned lines;
	} cases[] = {{42, 10, 3, 1 << UI_LINE_DASHED}, {64, 18, 3, 1 << UI_LINE_DASHED | 1 << UI_LINE_DOTTED},
	    {110, 28, 6, 1 << UI_LINE_DASHED | 1 << UI_LINE_DOTTED}, {20, 10, 0, 0}};
	struct ui_chart c = {0};
	unsigned lines;

	watched(&c);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct ui_canvas *k = ui_canvas_new(cases[i].cols, cases[i].rows, UI_BRAILLE);

		ck_assert_int_eq(ui_plot_large(ui_area_all(k), &c, &whole, &lines), cases[i].high);
		ck_assert_uint_eq(lines, cases[i].lines);
		ck_assert(has(k, "val") == (cases[i].high > 0));
		ck_assert(has(k, "watch") == (lines >> UI_LINE_DOTTED & 1));
		ck_assert(has(k, "gte5") == (lines >> UI_LINE_DOTTED & 1));
		ui_canvas_free(k);
	}
	c.nseries = 2; /* without it the other is larger */
	{
		struct ui_canvas *k = ui_canvas_new(64, 18, UI_BRAILLE);

		ck_assert_int_eq(ui_plot_large(ui_area_all(k), &c, &whole, &lines), 6);
		ui_canvas_free(k);
	}
	c.nseries = 3;
	ui_chart_clear(&c);
}
END_TEST

/* Two runs with a gap between them, as view/curves.c makes them: the second has begun and is not validated yet. */
static void
two_runs(struct ui_chart *c)
{
	struct ui_series *s = ui_chart_add(c, "train", UI_LINE_SOLID, 0);

	ui_series_point(s, 1, .5);
	ui_series_point(s, 2, .25);
	ui_series_point(s, 2, NAN);
	ui_series_point(s, 2.5, .75);
	s = ui_chart_add(c, "val", UI_LINE_DASHED, 1);
	ui_series_point(s, 1, .625);
	ui_series_point(s, 2, .375);
	ui_series_point(s, 2, NAN);
	s = ui_chart_add(c, "watch", UI_LINE_DOTTED, 2);
	ui_series_point(s, 2, .125); /* before the first batch of the second */
	ui_chart_rule(c, 0, "r1 gte5");
	ui_chart_rule(c, 2, "r2 lt5");
	c->xend = 3;
}

START_TEST(plot__one_run_in_view__has_no_point_of_another)
{
	static const double first[2][3] = {{.75, NAN, .125}, {.5, .625, NAN}};
	static const size_t points[2][3] = {{1, 0, 1}, {2, 2, 0}};
	struct ui_chart c = {0};

	two_runs(&c);
	c.series[2].n = 0;
	ui_series_point(&c.series[2], 2, NAN);
	ui_series_point(&c.series[2], 2, .125);
	for (int span = 1; span <= 2; span++) {
		const struct ui_plot_view view = {.span = span};
		struct ui_plot_seen v;

		ui_plot_seen_make(&v, &c, &view, 100);
		for (int i = 0; i < 3; i++) {
			ck_assert_msg(v.chart.series[i].n == points[span - 1][i], "span %d, %s: %zu points", span,
			    v.chart.series[i].name, v.chart.series[i].n);
			if (v.chart.series[i].n > 0)
				ck_assert_double_eq(v.chart.series[i].p[0].y, first[span - 1][i]);
		}
		ui_plot_seen_free(&v);
	}
	ui_chart_clear(&c);
}
END_TEST

START_TEST(legend__has_no_value_of_the_run_before)
{
	struct ui_canvas *k = ui_canvas_new(100, 1, UI_BRAILLE);
	struct ui_chart c = {0};
	double v;

	two_runs(&c);
	ui_string(&c.rule[0].when[UI_LINE_DASHED], "r1 epoch 2  mean");
	c.rule[0].value[UI_LINE_DASHED] = .375;
	ui_plot_legend(ui_area_all(k), 100, 0, 90, &c, &whole, 0);
	ck_assert(has(k, "train 0.7500  ■ val -"));
	ck_assert_ptr_null(ui_plot_value(&c, &whole, UI_LINE_DASHED, &v));
	ui_plot_legend(ui_area_all(k), 100, 0, 90, &c, &(struct ui_plot_view){.span = 2}, 0);
	ck_assert(has(k, "train 0.2500  r1 epoch 2 mean ■ val 0.3750"));
	ui_canvas_free(k);
	ui_chart_clear(&c);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("plot");
	TCase *t = tcase_create("plot");

	setlocale(LC_ALL, "C.UTF-8");
	tcase_set_timeout(t, 60);
	tcase_add_test(t, axis_rows__give__equal_steps_equal_distance);
	tcase_add_test(t, axis_rows__keep__accuracies_within_one);
	tcase_add_test(t, axis_rows__place__decades_in_rows);
	tcase_add_test(t, axis_rows__bear__any_numbers);
	tcase_add_test(t, plot__marks__stand_at_a_quarter_of_a_row);
	tcase_add_test(t, plot__curves__are_both_seen_where_they_go_together);
	tcase_add_test(t, plot__curve__is_solid_and_two_dots_thick);
	tcase_add_test(t, plot__beginning__is_shown_or_said);
	tcase_add_test(t, plot__cut__stands_in_its_own_run);
	tcase_add_test(t, plot__cut_in_a_view_of_few_points__has_the_value_of_one);
	tcase_add_test(t, plot__watched_split__has_a_scale_of_its_own);
	tcase_add_test(t, axis__of_short_runs__has_a_tick_for_each);
	tcase_add_test(t, plot__names__are_never_drawn_over);
	tcase_add_test(t, plot__one_run_in_view__has_no_point_of_another);
	tcase_add_test(t, legend__tells__the_run_in_view_and_drops_whole_items);
	tcase_add_test(t, legend__has_no_value_of_the_run_before);
	tcase_add_test(t, legend__watched_split__leaves_as_a_whole);
	tcase_add_test(t, plot__large__has_the_watched_split_where_there_is_room);
	suite_add_tcase(s, t);
	return run_suite(s);
}
