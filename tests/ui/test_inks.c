/* test_inks.c: every kind of picture on light and on dark ground, at three sizes: against golden ones, and by its contrast.
 */
#include "ui/colourmap.h"
#include "ui/figure_int.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "charts.h"
#include "fixture.h"
#include "golden.h"
#include "../run.h"

enum kind { CHARTS, TILES, MATRIX, STRIPS, TABLE, ESTIMATES, ERRORS, HISTOGRAMS, WORST, FLIPS, EXPLAIN, PROBE, FILTERS, LAYER, SALIENCY,
	RATES, KINDS };
static const char *const kind_name[KINDS] = {"charts", "tiles", "matrix", "strips", "table", "estimates", "errors", "histograms", "toplosses",
	"flips", "explain", "probe", "filters", "layer", "saliency", "rates"};
static const int size[][2] = {{240, 160}, {480, 320}, {960, 640}};
enum { SIZES = sizeof size / sizeof *size };

static void
figure_fill(struct ui_figure *f, enum kind kind)
{
	struct charts charts;
	struct ui_tiles tiles = {0};
	struct ui_matrix matrix = {0};
	struct ui_strips strips = {0};
	struct ui_table table = {0};
	struct ui_estimates estimates = {0};
	struct ui_histograms histograms = {0};
	struct ui_chart rates = {0};

	switch (kind) {
	case CHARTS:
	case ERRORS:
		charts_fill(&charts, kind == CHARTS ? CHARTS_TWO : CHARTS_ERRORS);
		ui_figure_charts(f, charts.both, 2);
		charts_clear(&charts);
		break;
	case RATES:
		fixture_rates(&rates);
		ui_figure_charts(f, &(const struct ui_chart *){&rates}, 1);
		break;
	case TILES:
		charts_tiles(&tiles, 12);
		ui_figure_tiles(f, &tiles);
		break;
	case WORST:
	case FLIPS:
	case FILTERS:
	case LAYER:
	case SALIENCY:
		(kind == WORST ? charts_worst : kind == FLIPS ? charts_flips : kind == FILTERS ? charts_filters : kind == LAYER ?
		    charts_layer : charts_saliency)(&tiles);
		ui_figure_tiles(f, &tiles);
		break;
	case MATRIX:
		charts_matrix(&matrix, 10);
		ui_figure_matrix(f, &matrix);
		break;
	case STRIPS:
	case EXPLAIN:
		(kind == STRIPS ? charts_strips : charts_explain)(&strips);
		ui_figure_strips(f, &strips);
		break;
	case TABLE:
		charts_table(&table);
		ui_figure_table(f, &table);
		break;
	case ESTIMATES:
	case PROBE:
		(kind == ESTIMATES ? charts_estimates : charts_probe)(&estimates);
		ui_figure_estimates(f, &estimates);
		break;
	case HISTOGRAMS:
		charts_histograms(&histograms);
		ui_figure_histograms(f, &histograms);
		break;
	case KINDS:
		break;
	}
	ui_tiles_clear(&tiles);
	ui_matrix_clear(&matrix);
	ui_strips_clear(&strips);
	ui_table_clear(&table);
	ui_estimates_clear(&estimates);
	ui_histograms_clear(&histograms);
	ui_chart_clear(&rates);
}

static struct ui_figure *
figure_make(enum kind kind, int which, bool dark)
{
	struct ui_figure *f = ui_figure_new(size[which][0], size[which][1]);

	if (dark)
		ui_figure_dark(f);
	figure_fill(f, kind);
	return f;
}

START_TEST(figure__draws__every_kind_on_both_grounds_as_before)
{
	char name[64];

	for (int dark = 0; dark < 2; dark++)
		for (int i = 0; i < SIZES; i++) {
			snprintf(name, sizeof name, "%s-%d%s", kind_name[_i], size[i][0], dark ? "-dark" : "");
			golden_compare(figure_make((enum kind)_i, i, dark), name);
		}
}
END_TEST

static double
contrast(struct ui_rgb a, struct ui_rgb b)
{
	double one = ui_luminance(a), other = ui_luminance(b);

	return (fmax(one, other) + 0.05) / (fmin(one, other) + 0.05);
}

/* Amounts are told by lightness alone, and what is written on them reads: WCAG's contrast of 4.5. */
START_TEST(colourmap__darkens__with_the_amount)
{
	bool light = _i == 0;
	double last = ui_luminance(ui_amount_colour(0, light));

	for (int i = light ? 0 : 1; i <= 1000; i++) {
		struct ui_rgb ground = ui_amount_colour(i / 1000.0, light);
		double l = ui_luminance(ground);

		ck_assert_msg(light ? l <= last + 0.002 : i == 1 || l >= last - 0.002, "%d: %g beside %g", i, l, last);
		ck_assert_msg(contrast(ground, ui_ink_on(ground)) >= 4.5, "%d: the ink does not read", i);
		last = light ? fmin(last, l) : fmax(i > 1 ? last : 0, l);
	}
	if (light)
		ck_assert_double_lt(last, 0.03);
	else
		ck_assert_double_gt(last, 0.6);
}
END_TEST


/* The colour of what lies under a text's middle, as far as it is drawn before it. */
static struct ui_rgb
under(const struct ui_figure *f, size_t text)
{
	const struct ui_shape *t = &f->shape[text];
	double y = t->y - t->w * 0.36, x = t->x + ui_text_width(t->w, t->face == UI_FACE_BOLD, t->text) *
	    (t->anchor == UI_START ? .5 : t->anchor == UI_END ? -.5 : 0);
	struct ui_rgb c = f->ground;

	for (size_t i = 0; i < text; i++) {
		const struct ui_shape *s = &f->shape[i];

		if (s->kind == UI_SHAPE_RECT && s->alpha == 1 && t->h == 0 && x >= s->x && x < s->x + s->w && y >= s->y && y < s->y + s->h)
			c = s->colour;
	}
	return c;
}

/* WCAG: 4.5 for text, 3 for what is said with less weight: counts of zero, "no values yet". */
START_TEST(figure__on_dark_ground__reads)
{
	for (int i = 0; i < SIZES; i++) {
		struct ui_figure *f = figure_make((enum kind)_i, i, true);
		int texts = 0;

		for (size_t k = 0; k < f->n; k++) {
			const struct ui_shape *s = &f->shape[k];
			if (s->kind == UI_SHAPE_TEXT) {
				double have = contrast(s->colour, under(f, k));

				texts++;
				ck_assert_msg(have >= 4.5 || (s->colour.r == f->inks.edge.r && have >= 3), "%s: \"%s\" has a contrast of %.2f",
				    kind_name[_i], s->text, have);
			}
			ck_assert_msg(s->kind == UI_SHAPE_TEXT || s->kind == UI_SHAPE_IMAGE || s->kind == UI_SHAPE_CLIP || _i == MATRIX ||
			    s->colour.r < 255 || s->colour.g < 255 || s->colour.b < 255, "%s: white is left", kind_name[_i]);
		}
		ck_assert_int_gt(texts, i == 0 && (_i == WORST || _i == FLIPS) ? 0 : 2); /* a title alone where captions have no room */
		ui_figure_free(f);
	}
}
END_TEST

START_TEST(inks__of_curves__differ_and_read_on_dark)
{
	struct ui_figure *f = ui_figure_new(16, 16);
	double thick;

	ui_figure_dark(f);
	for (int i = 0; i < UI_PALETTE; i++) {
		struct ui_rgb c = ui_inks_of(f, UI_SHAPE_LINE, ui_palette(i), &thick);

		ck_assert_msg(contrast(c, f->ground) >= 4.5, "curve %d", i);
		for (int k = 0; k < i; k++) {
			struct ui_rgb d = ui_inks_of(f, UI_SHAPE_LINE, ui_palette(k), &thick);

			ck_assert_msg(abs(c.r - d.r) + abs(c.g - d.g) + abs(c.b - d.b) > 60, "curves %d and %d", i, k);
		}
	}
	ui_figure_free(f);
}
END_TEST

static bool
has_text(const struct ui_figure *f, const char *text)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->shape[i].kind == UI_SHAPE_TEXT && strcmp(f->shape[i].text, text) == 0)
			return true;
	return false;
}

/* What is said of captions is said where there are some. */
START_TEST(figure__of_tiles__speaks_of_captions_that_are_there)
{
	static const float none[24 * 24];
	struct ui_tiles t = {0};
	int with = 0, without = 0;

	charts_layer(&t);
	ui_string(&t.brief, "24x24x64");
	for (int k = 12; k < 64; k++)
		ui_tiles_add_map(&t, NULL, 24, 24, none, 1, "63", "0.25");
	for (int w = 100; w <= 1000; w += 100)
		for (int h = 60; h <= 400; h += 20) {
			struct ui_figure *f = ui_figure_new(w, h);
			bool captions;

			ui_figure_tiles(f, &t);
			captions = has_text(f, t.tile[10].label);
			with += has_text(f, t.note);
			without += has_text(f, t.brief);
			ck_assert_msg(!has_text(f, captions ? t.brief : t.note), "%dx%d: captions %d", w, h, captions);
			ui_figure_free(f);
		}
	ck_assert_msg(with > 0 && without > 0, "%d with captions, %d without", with, without);
	ui_tiles_clear(&t);
}
END_TEST

/* A text of a picture keeps what XML takes, of one to four bytes, and nothing else. */
START_TEST(text__clean__keeps_what_xml_takes)
{
	static const char *const texts[][2] = {{"a\tb\nc", "a\tb\nc"}, {"a\033[1m\x7f", "a[1m"}, {"\xc2\x85\xc2\xa0", "\xc2\xa0"},
	    {"\xf0\x9f\x98\x80\xe2\x82\xac", "\xf0\x9f\x98\x80\xe2\x82\xac"}, {"\xef\xbf\xbe" "a\xef\xbf\xbf", "a"}, {"", ""}};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		char *clean = ui_text_clean(texts[i][0]);

		ck_assert_str_eq(clean, texts[i][1]);
		free(clean);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("inks");
	TCase *t = tcase_create("inks");

	tcase_add_loop_test(t, figure__draws__every_kind_on_both_grounds_as_before, 0, KINDS);
	tcase_add_loop_test(t, figure__on_dark_ground__reads, 0, KINDS);
	tcase_add_loop_test(t, colourmap__darkens__with_the_amount, 0, 2);
	tcase_add_test(t, inks__of_curves__differ_and_read_on_dark);
	tcase_add_test(t, figure__of_tiles__speaks_of_captions_that_are_there);
	tcase_add_test(t, text__clean__keeps_what_xml_takes);
	suite_add_tcase(s, t);
	return run_suite(s);
}
