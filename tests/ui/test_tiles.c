/* test_tiles.c: digits as cells: square, whole where there is room, and told apart where there is little. */
#include "ui/figure_int.h"
#include "ui/screen.h"
#include "../run.h"

#include <check.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Draws n tiles of one grey and finds the first in the cells. */
static void
first_tile(int cols, int rows, int n, int height, int width, int *w, int *h)
{
	struct ui_tiles t = {0};
	struct ui_pane_state st = {0};
	struct ui_canvas *k = ui_canvas_new(cols, rows, UI_BRAILLE);
	uint8_t *p = malloc((size_t)(height * width));
	int x0 = 0, y = 0;

	for (int i = 0; i < n; i++) { /* each another grey, so that neighbours are told apart */
		memset(p, 20 + i * 11, (size_t)(height * width));
		ui_tiles_add(&t, height, width, 1, p, "7", ".98", 1);
	}
	free(p);
	ui_tiles_draw(ui_area_all(k), &t, &st, UI_256);
	*w = *h = 0;
	for (; y < rows && *w == 0; y++)
		for (x0 = 0; x0 < cols && *w == 0; x0++) {
			uint32_t grey = ui_canvas_at(k, x0, y)->bg;

			for (; grey != 0 && ui_canvas_at(k, x0 + *w, y)->bg == grey; (*w)++)
				;
			for (; grey != 0 && ui_canvas_at(k, x0, y + *h)->bg == grey; (*h)++)
				;
		}
	ui_tiles_clear(&t);
	ui_canvas_free(k);
}

START_TEST(tiles__of_every_size__are_square)
{
	int w, h;

	for (int cols = 8; cols <= 200; cols += 11)
		for (int rows = 2; rows <= 60; rows++)
			for (int n = 1; n <= 20; n += 19) {
				first_tile(cols, rows, n, 28, 28, &w, &h);
				ck_assert_msg(h == 0 || w == 2 * h, "%dx%d: %dx%d", cols, rows, w, h);
				if (cols >= 40 && rows >= 3)
					ck_assert_int_ge(h, 2);
			}
	first_tile(80, 20, 5, 32, 32, &w, &h);
	ck_assert_int_eq(w, 2 * h);
	first_tile(80, 20, 5, 20, 40, &w, &h); /* not square themselves */
	ck_assert_int_eq(w, 4 * h);
}
END_TEST

START_TEST(tiles__where_there_is_room__show_every_pixel)
{
	int w, h;

	first_tile(145, 15, 5, 28, 28, &w, &h);
	ck_assert_int_eq(h, 14);
	ck_assert_int_eq(w, 28);
	first_tile(145, 22, 5, 28, 28, &w, &h); /* no fraction of a pixel */
	ck_assert_int_eq(h, 14);
	first_tile(300, 30, 5, 28, 28, &w, &h);
	ck_assert_int_eq(h, 28);
	first_tile(40, 5, 12, 28, 28, &w, &h); /* 80x24 */
	ck_assert_int_eq(h, 4);
	ck_assert_int_eq(w, 8);
}
END_TEST

/* Far away: as many as there is room for, each large. */
START_TEST(tiles__from_far_away__use_the_room)
{
	static const int sizes[][4] = {{40, 20, 2, 8}, {51, 35, 2, 12}, {88, 56, 6, 16}}; /* cols, rows; digits, and rows of each */
	struct ui_tiles t = {0};
	uint8_t p[28 * 28];

	memset(p, 0, sizeof p);
	for (int y = _i; y < 28 - _i; y++) /* as digits are: with a margin */
		memset(p + 28 * y + _i, 200, (size_t)(28 - 2 * _i));
	for (int i = 0; i < 20; i++)
		ui_tiles_add(&t, 28, 28, 1, p, "7", ".98", 1);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct ui_pane_state st = {.large = true};
		struct ui_canvas *k = ui_canvas_new(sizes[i][0], sizes[i][1], UI_BRAILLE);
		long n = 0;
		int high = 0;

		ui_tiles_draw(ui_area_all(k), &t, &st, UI_256);
		for (int y = 0; y < sizes[i][1]; y++)
			for (int x = 0; x < sizes[i][0]; x++) {
				long at = ui_tiles_at(ui_area_all(k), &t, &st, x, y);

				n = at + 1 > n ? at + 1 : n;
				high += at == 0 && x == sizes[i][0] / 4 && ui_canvas_at(k, x, y)->bg != 0;
			}
		ck_assert_msg(n == sizes[i][2] && high >= sizes[i][3], "%dx%d: %ld digits of %d rows", sizes[i][0], sizes[i][1], n, high);
		ui_canvas_free(k);
	}
	ui_tiles_clear(&t);
}
END_TEST

/* A caption without room leaves as a whole; beside a mark its number leaves first. */
START_TEST(tiles__captions__are_not_cut)
{
	static const struct {
		const char *label, *caption;
		int mark, cols;
		const char *has, *lacks;
	} cases[] = {{"test:3", "label 0", 0, 15, "test:3 label 0", "…"}, {"test:3", "label 0", 0, 13, "test:3", "label"},
	    {"4", "5 .51", -1, 8, "5 .51", "…"}, {"4", "5 .51", -1, 5, "✗5", "."}};
	uint8_t p[28 * 28] = {0};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct ui_tiles t = {0};
		struct ui_pane_state st = {0};
		struct ui_canvas *k = ui_canvas_new(cases[i].cols, 4, UI_BRAILLE);
		char *text;

		ui_tiles_add(&t, 28, 28, 1, p, cases[i].label, cases[i].caption, cases[i].mark);
		ui_tiles_draw(ui_area_all(k), &t, &st, UI_MONO);
		text = ui_canvas_dump(k);
		ck_assert_msg(strstr(text, cases[i].has) != NULL && strstr(text, cases[i].lacks) == NULL, "%zu: %s", i, text);
		free(text);
		ui_tiles_clear(&t);
		ui_canvas_free(k);
	}
}
END_TEST

/* In a picture of the usual size two probabilities of each tile are whole, in as many lines as that takes. */
START_TEST(tiles__captions__of_a_figure_are_not_cut)
{
	static const uint8_t p[28 * 28];

	for (int n = 1; n <= 40; n += 3) {
		struct ui_figure *f = ui_figure_new(960, 640);
		struct ui_tiles t = {0};
		int whole = 0;

		for (int i = 0; i < n; i++)
			ui_tiles_add(&t, 28, 28, 1, p, "#2607  loss 4.70", "p(7) 0.009  p(9) 0.314", -1);
		ui_figure_tiles(f, &t);
		for (size_t i = 0; i < f->n; i++) {
			const char *text = f->shape[i].kind == UI_SHAPE_TEXT ? f->shape[i].text : "";

			ck_assert_msg(strstr(text, "…") == NULL, "%d tiles: %s", n, text);
			whole += strstr(text, "p(9) 0.314") != NULL;
		}
		ck_assert_int_eq(whole, n);
		ui_tiles_clear(&t);
		ui_figure_free(f);
	}
}
END_TEST

/* How bright a quarter of a cell is, 0..1. */
static double
quarter(const struct ui_canvas *k, int x, int y)
{
	static const char *const quadrant[16] = {" ", "▘", "▝", "▀", "▖", "▌", "▞", "▛", "▗", "▚", "▐", "▜", "▄", "▙", "▟", "█"};
	const struct ui_cell *c = ui_canvas_at(k, x / 2, y / 2);

	for (unsigned bits = 0; bits < 16; bits++)
		if (strcmp(c->text, quadrant[bits]) == 0)
			return ((bits >> (y % 2 * 2 + x % 2) & 1 ? c->fg : c->bg) & 255) / 255.;
	return NAN;
}

/* A seven-segment 8 with or without its strokes at the left, as two quarters of the picture see it. */
START_TEST(picture__of_8_by_4_cells__tells_3_from_8)
{
	double left[2] = {0};

	for (int i = 0; i < 2; i++) {
		struct ui_canvas *k = ui_canvas_new(8, 4, UI_BRAILLE);
		uint8_t p[28 * 28] = {0};
		double far = 0;

		for (int y = 5; y <= 22; y++)
			for (int x = 7; x <= 18; x++) {
				bool bar = y <= 6 || (y >= 13 && y <= 14) || y >= 21, side = x >= 17 || (x <= 8 && i == 1);

				p[y * 28 + x] = bar || side ? 255 : 0;
			}
		ui_picture(ui_area_all(k), 0, 0, 8, 4, UI_256, ui_picture_margin(28, 28, 1, p) - 1, 28, 28, 1, p);
		for (int y = 2; y < 7; y++)
			for (int x = 0; x < 6; x++)
				left[i] += quarter(k, x, y);
		for (int y = 0; y < 8; y++)
			far = fmax(far, quarter(k, 10, y));
		ck_assert_double_gt(far, .5); /* both have their right side */
		ui_canvas_free(k);
	}
	ck_assert_msg(left[1] > left[0] * 1.6, "%g and %g", left[0], left[1]);
}
END_TEST

START_TEST(margin__of_pictures__is_what_is_dark_all_around)
{
	uint8_t p[10 * 12 * 3] = {0};

	ck_assert_int_eq(ui_picture_margin(10, 12, 1, p), 5);
	p[4 * 12 + 9] = 1;
	ck_assert_int_eq(ui_picture_margin(10, 12, 1, p), 2);
	ck_assert_int_eq(ui_picture_margin(0, 0, 1, p), 0);
	p[(4 * 12 + 9) * 3 + 2] = 9;
	ck_assert_int_eq(ui_picture_margin(10, 12, 3, p), 1); /* byte 57 is pixel 19 of them */
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("tiles");
	TCase *t = tcase_create("tiles");

	setlocale(LC_ALL, "C.UTF-8");
	tcase_set_timeout(t, 60);
	tcase_add_test(t, tiles__of_every_size__are_square);
	tcase_add_test(t, tiles__where_there_is_room__show_every_pixel);
	tcase_add_loop_test(t, tiles__from_far_away__use_the_room, 1, 5);
	tcase_add_test(t, tiles__captions__are_not_cut);
	tcase_add_test(t, tiles__captions__of_a_figure_are_not_cut);
	tcase_add_test(t, picture__of_8_by_4_cells__tells_3_from_8);
	tcase_add_test(t, margin__of_pictures__is_what_is_dark_all_around);
	suite_add_tcase(s, t);
	return run_suite(s);
}
