/* test_sheets.c: pictures of whatever a model may hold, at sizes from the smallest on: every number of a shape is one,
 * texts lie inside, and each can be written.
 */
#include "ui/figure_int.h"
#include "ui/look.h"
#include "golden.h"
#include "odd.h"
#include "../run.h"

#include <check.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { CHARTS, ONE_CHART, TILES, MAPS, WHOLE_MAPS, STRIPS, TABLE, TERMS, MATRIX, HISTOGRAMS, ESTIMATES, KINDS };

static const char *const names[] = {"charts", "a chart", "tiles", "maps", "whole maps", "strips", "a table", "terms", "a matrix", "histograms",
    "estimates"};

static const int sizes[][2] = {{16, 16}, {16, 90}, {90, 16}, {40, 60}, {120, 80}, {300, 40}, {60, 300}, {240, 160}, {480, 320}, {640, 120},
    {960, 640}};
enum { SIZES = sizeof sizes / sizeof *sizes };

static struct ui_figure *
drawn(const struct ui_model *m, enum kind kind, bool dark, int w, int h)
{
	const struct ui_chart *both[] = {&m->loss, &m->accuracy};
	struct ui_figure *f = ui_figure_new(w, h);

	if (dark)
		ui_figure_dark(f);
	switch (kind) {
	case CHARTS:
	case ONE_CHART:
		ui_figure_charts(f, both, kind == CHARTS ? 2 : 1);
		break;
	case TILES:
	case MAPS:
	case WHOLE_MAPS:
		ui_figure_tiles(f, kind == TILES ? &m->digits : kind == MAPS ? &m->maps : &m->filters);
		break;
	case STRIPS:
		ui_figure_strips(f, &m->strips);
		break;
	case TABLE:
	case TERMS:
		ui_figure_table(f, kind == TABLE ? &m->runs : &m->explain.terms);
		break;
	case MATRIX:
		ui_figure_matrix(f, &m->confusion);
		break;
	case HISTOGRAMS:
		ui_figure_histograms(f, &m->stats);
		break;
	default:
		ui_figure_estimates(f, &m->probe);
	}
	return f;
}

/* Check notes every ck_assert that holds in a file, which is too slow for each shape. */
static void
check_shapes(const struct ui_figure *f, const char *what, int model)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct ui_shape *s = &f->shape[i];
		double w, back;

		if (!isfinite(s->x) || !isfinite(s->y) || !isfinite(s->w) || !isfinite(s->h) || !isfinite(s->width))
			ck_abort_msg("%s of model %d, %dx%d: shape %zu of kind %d has no place", what, model, f->w, f->h, i, s->kind);
		for (size_t k = 0; k < s->n; k++)
			if (!isfinite(s->p[k].x) || !isfinite(s->p[k].y))
				ck_abort_msg("%s of model %d, %dx%d: point %zu of shape %zu has no place", what, model, f->w, f->h, k, i);
		if (s->kind != UI_SHAPE_TEXT)
			continue;
		w = ui_font_width(s->face, s->w, s->text);
		back = s->anchor == UI_START ? 0 : s->anchor == UI_MIDDLE ? w / 2 : w;
		if (s->h == 0 && (s->x - back < -1.5 || s->x - back + w > f->w + 1.5))
			ck_abort_msg("%s of model %d, %dx%d: \"%s\" is cut: %.1f to %.1f", what, model, f->w, f->h, s->text, s->x - back, s->x - back + w);
	}
}

START_TEST(sheet__of_any_size__has_texts_inside)
{
	struct ui_model m = {0};

	odd_fill(&m, (enum odd_kind)_i);
	for (int kind = 0; kind < KINDS; kind++)
		for (int k = 0; k < SIZES; k++) {
			struct ui_figure *f = drawn(&m, (enum kind)kind, k % 2, sizes[k][0], sizes[k][1]);

			check_shapes(f, names[kind], _i);
			ui_figure_free(f);
		}
	ui_model_clear(&m);
}
END_TEST

/* The three formats of each, small and middling. */
START_TEST(sheet__of_any_numbers__is_written)
{
	static const char *const begins[] = {"\x89PNG", "<?xml", "%PDF-"};
	struct ui_model m = {0};

	odd_fill(&m, (enum odd_kind)_i);
	for (int kind = 0; kind < KINDS; kind++)
		for (int k = 0; k < SIZES; k += 1 + k) {
			size_t n;
			int format = (kind + k) % FORMATS;
			uint8_t *bytes = format_bytes(format, drawn(&m, (enum kind)kind, false, sizes[k][0], sizes[k][1]), &n);

			ck_assert_msg(n > 60 && memcmp(bytes, begins[format], strlen(begins[format])) == 0, "%s of model %d", names[kind], _i);
			if (format == PNG) {
				int h, w;

				free(bytes_pixels(bytes, n, &h, &w));
				ck_assert(w == sizes[k][0] && h == sizes[k][1]);
			}
			free(bytes);
		}
	ui_model_clear(&m);
}
END_TEST

/* What has nothing in it says so. */
START_TEST(sheet__of_nothing__says_so)
{
	static const struct {
		enum kind kind;
		const char *said;
	} cases[] = {{CHARTS, "no values yet"}, {TILES, "no pictures yet"}, {TABLE, "nothing to show yet"}};
	struct ui_model m = {0};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct ui_figure *f = drawn(&m, cases[i].kind, false, 480, 320);
		bool said = false;

		for (size_t k = 0; k < f->n; k++)
			said |= f->shape[k].kind == UI_SHAPE_TEXT && strcmp(f->shape[k].text, cases[i].said) == 0;
		ck_assert_msg(said, "%s: not \"%s\"", names[cases[i].kind], cases[i].said);
		ui_figure_free(f);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("sheets");
	TCase *t = tcase_create("sheets");
	int failed;

	setlocale(LC_ALL, "C.UTF-8");
	tcase_set_timeout(t, 300);
	tcase_add_loop_test(t, sheet__of_any_size__has_texts_inside, 0, ODD_KINDS);
	tcase_add_loop_test(t, sheet__of_any_numbers__is_written, 0, ODD_KINDS);
	tcase_add_test(t, sheet__of_nothing__says_so);
	suite_add_tcase(s, t);
	failed = run_suite(s);
	ui_font_free();
	return failed;
}
