/* test_maps.c: numbers as tiles: the colour of each is the colour of its value, wherever it is drawn; without colours
 * signs tell as much.
 */
#include "ui/colourmap.h"
#include "ui/figure_int.h"
#include "ui/inlay.h"
#include "ui/panel.h"
#include "../run.h"

#include <check.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct ui_scale amount = {.map = UI_MAP_AMOUNT, .low = 0, .high = 2},
    both = {.map = UI_MAP_SIGNED, .low = -2, .high = 2};

/* Two maps of 3 x 3 on one scale, with each sign, a zero and what is no number. */
static void
maps_fill(struct ui_tiles *t)
{
	static const float value[18] = {0, 1, 2, .5f, -.5f, -2, -1, NAN, 1e-30f, .2f, .4f, .6f, -.2f, -.4f, -.6f, 1.5f,
	    -1.5f, INFINITY};

	t->title = strdup("conv2d");
	t->note = strdup("2 filters");
	ui_scale_fit(&t->scale, UI_MAP_SIGNED, value, 18, 1);
	ui_string(&t->scale.label, "weight");
	ui_tiles_add_map(t, NULL, 3, 3, value, 1, "#0", NULL);
	ui_tiles_add_map(t, NULL, 3, 3, value + 9, 1, "#1", NULL);
}

/* ---- levels ---- */

START_TEST(levels__of_values__keep_zero_apart_and_both_ends)
{
	ck_assert_int_eq(ui_map_level(&both, 0), 128);
	ck_assert_int_eq(ui_map_level(&both, -0.0), 128);
	ck_assert_int_eq(ui_map_level(&both, 2), 255);
	ck_assert_int_eq(ui_map_level(&both, -2), 1);
	ck_assert_int_eq(ui_map_level(&both, 1e-300), 129);
	ck_assert_int_eq(ui_map_level(&both, -1e-300), 127);
	ck_assert_int_eq(ui_map_level(&both, 1e300), 255);
	ck_assert_int_eq(ui_map_level(&amount, 0), 1);
	ck_assert_int_eq(ui_map_level(&amount, 1e-300), 2);
	ck_assert_int_eq(ui_map_level(&amount, 2), 255);
	ck_assert_int_eq(ui_map_level(&amount, -1), 1);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(ui_map_level(&both, (double[]){NAN, INFINITY, -INFINITY}[i]), 0);
		ck_assert_int_eq(ui_map_level(&amount, (double[]){NAN, INFINITY, -INFINITY}[i]), 0);
	}
	/* nothing to compare with: all is zero */
	ck_assert_int_eq(ui_map_level(&(struct ui_scale){.map = UI_MAP_SIGNED}, 0), 128);
	for (int level = 1; level < 256; level++) {
		ck_assert_int_eq(ui_map_level(&both, 2 * ui_map_part(UI_MAP_SIGNED, level)), level);
		ck_assert_int_eq(ui_map_level(&amount, 2 * ui_map_part(UI_MAP_AMOUNT, level)), level);
	}
}
END_TEST

START_TEST(scale__of_values__fits_what_is_a_number)
{
	const float v[] = {0, 9, 3, 9, NAN, 9, INFINITY, 9, -4, 9};
	struct ui_scale s = {0};

	ui_scale_fit(&s, UI_MAP_NONE, v, 2, 2);
	ck_assert_int_eq(s.map, UI_MAP_AMOUNT);
	ck_assert_double_eq(s.low, 0);
	ck_assert_double_eq(s.high, 3);
	ui_scale_fit(&s, UI_MAP_NONE, v, 5, 2);
	ck_assert_int_eq(s.map, UI_MAP_SIGNED);
	ck_assert_double_eq(s.low, -4);
	ck_assert_double_eq(s.high, 4);
	s = (struct ui_scale){0};
	ui_scale_fit(&s, UI_MAP_SIGNED, v, 0, 1);
	ck_assert_int_eq(s.map, UI_MAP_SIGNED);
	ck_assert_double_eq(s.high, 0);
}
END_TEST

/* ---- colours ---- */

/* As people without the red cones (0) or the green ones (1) see it: Viénot, Brettel and Mollon 1999, on linear light. */
static void
seen_by(int who, struct ui_rgb c, double seen[3])
{
	static const double matrix[2][9] = {
		{.11238, .88762, 0, .11238, .88762, -0, .00401, -.00401, 1}, {.29275, .70725, 0, .29275, .70725, 0, -.02234, .02234, 1}};
	const double v[3] = {pow(c.r / 255.0, 2.2), pow(c.g / 255.0, 2.2), pow(c.b / 255.0, 2.2)};

	for (int i = 0; i < 3; i++)
		seen[i] = 255 * pow(fmax(0, matrix[who][3 * i] * v[0] + matrix[who][3 * i + 1] * v[1] + matrix[who][3 * i + 2] * v[2]), 1 / 2.2);
}

START_TEST(colours__of_both_maps__read_in_grey_and_for_all_eyes)
{
	for (int light = 0; light < 2; light++) {
		double sign = light ? -1 : 1, was[3] = {0};

		for (int level = 1; level < 256; level++) {
			double y = ui_luminance(ui_map_colour(UI_MAP_AMOUNT, level, light));

			ck_assert_msg(level < 3 || sign * (y - was[0]) > -1e-3, "amount %d on %s ground", level, light ? "light" : "dark");
			was[0] = y;
		}
		was[1] = was[2] = ui_luminance(ui_map_colour(UI_MAP_SIGNED, 128, light));
		for (int by = 1; by < 128; by++)
			for (int side = 1; side < 3; side++) {
				double y = ui_luminance(ui_map_colour(UI_MAP_SIGNED, side == 1 ? 128 - by : 128 + by, light));

				ck_assert_msg(sign * (y - was[side]) > -1e-3, "level %d of side %d, %s ground", by, side, light ? "light" : "dark");
				was[side] = y;
			}
		/* both ends are told apart in grey, and both from zero */
		ck_assert(was[2] > was[1] * 1.5);
		for (int who = 0; who < 2; who++)
			for (int by = 32; by < 128; by += 31) {
				double a[3], b[3];

				seen_by(who, ui_map_colour(UI_MAP_SIGNED, 128 - by, light), a);
				seen_by(who, ui_map_colour(UI_MAP_SIGNED, 128 + by, light), b);
				ck_assert_msg(sqrt(pow(a[0] - b[0], 2) + pow(a[1] - b[1], 2) + pow(a[2] - b[2], 2)) > 40, "%d", by);
			}
	}
	ck_assert_int_eq(ui_map_colour(UI_MAP_SIGNED, 128, true).b, 255);
	ck_assert_int_eq(ui_map_colour(UI_MAP_AMOUNT, 1, true).b, 255);
}
END_TEST

/* ---- pictures ---- */

static uint8_t *
pixels_of(struct ui_figure *f, int w, int h)
{
	FILE *file = tmpfile();
	char why[200];
	uint8_t *p;
	int gh, gw;

	ck_assert_int_eq(ui_figure_png(f, file, why, sizeof why), 0);
	rewind(file);
	p = ui_png_pixels(file, 16384, 3, NULL, &gh, &gw, why, sizeof why);
	ck_assert(p != NULL && gw == w && gh == h);
	fclose(file);
	return p;
}

START_TEST(figure__of_maps__has_the_colour_of_each_value_in_its_middle)
{
	static const int size[][2] = {{480, 320}, {960, 640}, {1920, 1280}};

	for (int k = 0; k < 3; k++) {
		int w = size[k][0], h = size[k][1], images = 0;
		struct ui_figure *f = ui_figure_new(w, h);
		struct ui_tiles t = {0};
		uint8_t *p;

		maps_fill(&t);
		ui_figure_tiles(f, &t);
		p = pixels_of(f, w, h);
		for (size_t i = 0; i < f->n; i++) {
			const struct ui_shape *s = &f->shape[i];

			if (s->kind != UI_SHAPE_IMAGE)
				continue;
			for (int v = 0; v < 9; v++) {
				int x = (int)(s->x + (v % 3 + .5) * s->w / 3), y = (int)(s->y + (v / 3 + .5) * s->h / 3);
				int level = t.tile[images].pixels[v];
				struct ui_rgb want = ui_map_colour(UI_MAP_SIGNED, level, true);
				const uint8_t *got = p + ((size_t)y * (size_t)w + (size_t)x) * 3;

				ck_assert_int_ge(s->w / 3, 20);
				if (level == 0) { /* where its cross meets */
					ck_assert_int_lt(got[0], 0x60);
					got = p + ((size_t)y * (size_t)w + (size_t)(x - s->w / 9)) * 3;
				}
				ck_assert_msg(got[0] == want.r && got[1] == want.g && got[2] == want.b, "%dx%d: value %d of %d", w, h, v, images);
			}
			images++;
		}
		ck_assert_int_eq(images, 2);
		free(p);
		ui_tiles_clear(&t);
		ui_figure_free(f);
	}
}
END_TEST

START_TEST(inlay__of_a_map__follows_the_ground)
{
	struct ui_tiles t = {0};
	struct ui_canvas *c = ui_canvas_new(20, 5, UI_BLOCK);
	struct ui_inlay i;
	uint64_t dark;

	maps_fill(&t);
	c->cell_w = 8, c->cell_h = 16, c->ground = UI_RGB(0, 0, 0);
	ck_assert(ui_inlay_tile(ui_area_all(c), 0, 0, 6, 3, &t.tile[0], 0));
	i = c->inlay[0];
	dark = ui_inlay_hash(&i, c);
	for (int light = 0; light < 2; light++) {
		size_t n;
		int h, w;
		char why[200];
		uint8_t *png, *p;
		FILE *f;

		c->ground = light ? UI_RGB(255, 255, 255) : UI_RGB(0, 0, 0);
		png = ui_inlay_png(&i, c, &n);
		f = fmemopen(png, n, "r");
		p = ui_png_pixels(f, 100, 3, NULL, &h, &w, why, sizeof why);
		ck_assert(p != NULL && h == 15 && w == 15); /* five pixels a value, as one has a cross */
		for (int v = 0; v < 9; v++) {
			struct ui_rgb want = ui_map_colour(UI_MAP_SIGNED, t.tile[0].pixels[v], light);
			const uint8_t *got = p + ((v / 3 * 5 + 1) * 15 + v % 3 * 5 + 2) * 3;

			ck_assert_msg(abs(got[0] - want.r) < 16 && abs(got[1] - want.g) < 16 && abs(got[2] - want.b) < 16, "value %d, %s", v, light ? "light" : "dark");
		}
		ck_assert_int_lt(p[(12 * 15 + 7) * 3], 16);
		fclose(f);
		free(p);
		free(png);
	}
	ck_assert(ui_inlay_hash(&i, c) != dark);
	ui_canvas_free(c);
	ui_tiles_clear(&t);
}
END_TEST

/* ---- cells ---- */

static char *
cells_of(enum ui_glyphs glyphs, enum ui_colours colours, int cols, int rows)
{
	struct ui_canvas *c = ui_canvas_new(cols, rows, glyphs);
	struct ui_pane_state st = {0};
	struct ui_tiles t = {0};
	char *text;

	maps_fill(&t);
	ui_tiles_draw(ui_area_all(c), &t, &st, colours);
	text = ui_canvas_dump(c);
	ui_tiles_clear(&t);
	ui_canvas_free(c);
	return text;
}

START_TEST(cells__without_colour__tell_sign_and_size)
{
	char *text = cells_of(UI_BLOCK, UI_MONO, 40, 5);

	ck_has(text, "  ▒▒██"); /* 0, 1, 2 */
	ck_has(text, "░░--≡≡"); /* .5, -.5, -2 */
	ck_has(text, "==××  "); /* -1, none, next to nothing */
	ck_has(text, "-2 ≡≡==---  ░░░▒▒██ 2  weight");
	free(text);
	text = cells_of(UI_ASCII, UI_TRUE, 40, 5);
	ck_has(text, "  **##");
	ck_has(text, "++--EE");
	ck_has(text, "==xx  ");
	free(text);
}
END_TEST

START_TEST(cells__with_colour__have_the_colours_of_the_theme)
{
	for (int light = 0; light < 2; light++) {
		struct ui_canvas *c = ui_canvas_new(6, 3, UI_BLOCK);
		struct ui_tiles t = {0};

		ui_look_theme(light ? UI_THEME_LIGHT : UI_THEME_DARK);
		maps_fill(&t);
		ui_picture_tile(ui_area_all(c), 0, 0, 6, 3, UI_TRUE, 0, &t.tile[0]);
		for (int v = 0; v < 9; v++) {
			const struct ui_cell *cell = ui_canvas_at(c, v % 3 * 2, v / 3);
			struct ui_rgb want = ui_map_colour(UI_MAP_SIGNED, t.tile[0].pixels[v], light);

			ck_assert_uint_eq(cell->bg, UI_RGB(want.r, want.g, want.b));
			ck_assert_str_eq(cell->text, v == 7 ? "×" : " ");
		}
		ui_tiles_clear(&t);
		ui_canvas_free(c);
	}
	ui_look_theme(UI_THEME_DARK);
}
END_TEST

START_TEST(cells__of_many_filters__show_them_all_where_they_fit)
{
	struct ui_tiles t = {0};
	struct ui_pane_state st = {0};
	float v[9] = {1, -1, 1, -1, 1, -1, 1, -1, 1};

	ui_scale_fit(&t.scale, UI_MAP_SIGNED, v, 9, 1);
	for (int i = 0; i < 32; i++) {
		char name[8];

		snprintf(name, sizeof name, "#%d", i);
		ui_tiles_add_map(&t, NULL, 3, 3, v, 1, name, NULL);
	}
	for (int cols = 70; cols <= 200; cols += 13) {
		struct ui_canvas *c = ui_canvas_new(cols, 21, UI_BLOCK);
		char *text;

		ui_tiles_draw(ui_area_all(c), &t, &st, UI_MONO);
		text = ui_canvas_dump(c);
		ck_assert_msg(strstr(text, "#31") != NULL && strstr(text, "≡≡██") != NULL, "%d columns", cols);
		free(text);
		ui_canvas_free(c);
	}
	ui_tiles_clear(&t);
}
END_TEST

/* The numbers that are read from left to right and downwards; of each row the first alone where none has its own. */
START_TEST(cells__of_maps_in_whole_view__number_their_channels)
{
	struct ui_tiles t = {.whole = true};
	struct ui_pane_state st = {0};
	float v[9] = {1, 1, 1, 1, 1, 1, 1, 1, 1};
	int below = 0, beside = 0;

	ui_scale_fit(&t.scale, UI_MAP_SIGNED, v, 9, 1);
	for (int i = 0; i < 32; i++) {
		char name[8];

		snprintf(name, sizeof name, "%d", i);
		ui_tiles_add_map(&t, NULL, 3, 3, v, 1, name, NULL);
	}
	for (int cols = 34; cols <= 200; cols += 7)
		for (int rows = 4; rows <= 40; rows += 3) {
			struct ui_canvas *c = ui_canvas_new(cols, rows, UI_BLOCK);
			char *text, *at;
			int n = 0, last = -1;

			ui_tiles_draw(ui_area_all(c), &t, &st, UI_MONO);
			text = ui_canvas_dump(c);
			if ((at = strstr(text, "-1 ≡")) != NULL) /* the scale */
				*at = '\0';
			for (at = text; *at; at++)
				if (*at >= '0' && *at <= '9') {
					int number = (int)strtol(at, &at, 10);

					ck_assert_msg(number > last && number < 32, "%dx%d:\n%s", cols, rows, text);
					last = number;
					n++;
					at--;
				}
			below += n == 32;
			beside += n > 1 && n < 32;
			ck_assert_msg(n == 32 || (n > 1 && n <= rows), "%dx%d: %d numbers\n%s", cols, rows, n, text);
			free(text);
			ui_canvas_free(c);
		}
	ck_assert(below > 0 && beside > 0);
	ui_tiles_clear(&t);
}
END_TEST

/* No word is cut: what is said in place of maps goes on below, names get columns, a scale loses all but what it is. */
START_TEST(words__beside_maps__are_whole)
{
	static const int cells[] = {40, 56, 70};
	struct ui_strips strips = {0};
	struct ui_tiles t = {0};

	maps_fill(&t);
	ui_string(&t.scale.label, "logit by pixel: + for 7, - against");
	ui_string(&ui_strips_add(&strips, "batch_normalization_1", "0 of 9,248", true)->say, "products 0.5 + bias 0.25 = 0.75");
	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
		struct ui_canvas *c = ui_canvas_new(cells[i], 12, UI_BRAILLE);
		struct ui_area a = ui_area_all(c);
		struct ui_pane_state st = {0};
		char *text;

		ui_strips_draw(ui_area_sub(a, 0, 0, cells[i], 4), &strips, &st, UI_MONO);
		ui_tiles_draw(ui_area_sub(a, 0, 4, cells[i], 8), &t, &st, UI_MONO);
		text = ui_canvas_dump(c);
		ck_assert_msg(strstr(text, "products 0.5") != NULL && strstr(text, "bias") != NULL && strstr(text, "= 0.75") != NULL, "%s", text);
		ck_assert_msg(strstr(text, "logit by pixel") != NULL && (strstr(text, "against") != NULL) == (cells[i] == 70), "%s", text);
		ck_assert_msg(cells[i] < 56 || (strstr(text, "…") == NULL && strstr(text, "batch_normalization_1") != NULL), "%s", text);
		free(text);
		ui_canvas_free(c);
	}
	ui_strips_clear(&strips);
	ui_tiles_clear(&t);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("maps");
	TCase *t = tcase_create("maps");

	setlocale(LC_CTYPE, "C.UTF-8");
	tcase_add_test(t, levels__of_values__keep_zero_apart_and_both_ends);
	tcase_add_test(t, scale__of_values__fits_what_is_a_number);
	tcase_add_test(t, words__beside_maps__are_whole);
	tcase_add_test(t, colours__of_both_maps__read_in_grey_and_for_all_eyes);
	tcase_add_test(t, figure__of_maps__has_the_colour_of_each_value_in_its_middle);
	tcase_add_test(t, inlay__of_a_map__follows_the_ground);
	tcase_add_test(t, cells__without_colour__tell_sign_and_size);
	tcase_add_test(t, cells__with_colour__have_the_colours_of_the_theme);
	tcase_add_test(t, cells__of_many_filters__show_them_all_where_they_fit);
	tcase_add_test(t, cells__of_maps_in_whole_view__number_their_channels);
	suite_add_tcase(s, t);
	return run_suite(s);
}
