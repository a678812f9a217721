/* test_cells.c: cells that are drawn on: what has no room or no width, frames over one another, dots, pictures that are
 * none, the escapes of a scroll-back, and what stays of a workbench in it.
 */
#include "fixture.h"
#include "ui/look.h"
#include "ui/loop.h"
#include "ui/plot.h"
#include "../run.h"

#include <check.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
ck_canvas(const struct ui_canvas *c, const char *text)
{
	char *got = ui_canvas_dump(c);

	ck_assert_str_eq(got, text);
	free(got);
}

/* ---- text ---- */

START_TEST(put__of_signs_without_width__keeps_letters_alone)
{
	static const char *const none[] = {"\xe2\x80\x8b", "\xe2\x80\xae", "\xe2\x81\xa0", "\xef\xb8\x8f", "\xef\xbb\xbf", "\xf3\xa0\x80\x81", "\xe1\x85\xa0"};
	struct ui_canvas *c = ui_canvas_new(8, 1, UI_BRAILLE);

	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		char text[16];

		ui_canvas_clear(c);
		snprintf(text, sizeof text, "e%sx", none[i]);
		ck_assert_int_eq(ui_put(ui_area_all(c), 0, 0, UI_PLAIN, text), 2);
		ck_canvas(c, "ex\n");
	}
	ui_canvas_clear(c);
	ck_assert_int_eq(ui_put(ui_area_all(c), 0, 0, UI_PLAIN, "\xcc\x81x"), 1); /* an accent without a letter */
	ck_canvas(c, "x\n");
	ui_canvas_free(c);
}
END_TEST

START_TEST(put__of_wide_signs__is_whole_at_each_edge)
{
	struct ui_canvas *c = ui_canvas_new(6, 1, UI_BRAILLE);
	struct ui_area a = ui_area_sub(ui_area_all(c), 1, 0, 4, 1);

	ui_fill(ui_area_all(c), 0, 0, 6, 1, UI_PLAIN, ".");
	ck_assert_int_eq(ui_put(a, -1, 0, UI_PLAIN, "語x"), 2); /* its right half alone is a blank */
	ck_canvas(c, ". x...\n");
	ck_assert_int_eq(ui_put(a, 3, 0, UI_PLAIN, "語"), 3);
	ck_assert_int_eq(ui_put(a, -4, 0, UI_PLAIN, "語語z"), 1);
	ck_canvas(c, ".zx...\n");
	ui_put(a, 0, 0, UI_PLAIN, "語語");
	ui_put_colour(a, 1, 0, "y", 0, UI_RGB(1, 2, 3));
	ck_canvas(c, ". y語.\n");
	ui_put_colour(a, 4, 0, "y", 0, 0); /* beyond it: nothing */
	ui_put_colour(a, 0, 1, "y", 0, 0);
	ui_restyle(a, -5, 0, 20, UI_BOLD);
	ck_canvas(c, ". y語.\n");
	for (int x = 0; x < 6; x++)
		ck_assert_int_eq(ui_canvas_at(c, x, 0)->style, x > 0 && x < 5 ? UI_BOLD : UI_PLAIN);
	ck_assert_str_eq(ui_canvas_at(c, 0, -1)->text, " ");
	ck_assert_int_eq(ui_put_n(a, 4, 0, 3, UI_PLAIN, "abc"), 4);
	ck_assert_int_eq(ui_put_n(a, 9, 0, 3, UI_PLAIN, ""), 9);
	ui_canvas_free(c);
}
END_TEST

START_TEST(put__without_room__says_nothing)
{
	struct ui_canvas *c = ui_canvas_new(10, 3, UI_ASCII);
	struct ui_area a = ui_area_all(c), none = ui_area_sub(a, 20, 20, 5, 5), part = ui_area_sub(a, -2, -1, 4, 3);

	ck_assert(none.r.w == 0 && none.r.h == 0);
	ck_assert(part.r.x == 0 && part.r.y == 0 && part.r.w == 2 && part.r.h == 2);
	ui_put(none, 0, 0, UI_PLAIN, "x");
	ck_assert_int_eq(ui_put_rows(a, 0, 0, 0, 3, UI_PLAIN, "some words"), 0);
	ck_canvas(c, "\n\n\n");
	ck_assert_int_eq(ui_put_rows(a, 0, 0, 5, 3, UI_PLAIN, "one two three"), 3);
	ck_canvas(c, "one\ntwo\nthree\n");
	ck_assert_int_eq(ui_put_rows(a, 0, 0, 5, 2, UI_PLAIN, "four five six"), 2); /* of the last row there is more */
	ck_canvas(c, "four\nfive~\nthree\n");
	ui_put_items(a, 0, 2, 8, UI_PLAIN, "one two  three");
	ck_canvas(c, "four\nfive~\none two\n");
	ui_canvas_free(c);
}
END_TEST

/* ---- frames ---- */

START_TEST(frame__over_another__grows_junctions)
{
	struct ui_canvas *c = ui_canvas_new(12, 5, UI_BRAILLE);
	struct ui_area a = ui_area_all(c), in;

	in = ui_frame(ui_area_sub(a, 0, 0, 12, 3), UI_S_FOCUS, "name", "note", "");
	ck_assert(in.r.x == 1 && in.r.y == 1 && in.r.w == 10 && in.r.h == 1);
	ck_canvas(c, "╭─ name ───╮\n│          │\n╰──────────╯\n\n\n"); /* a note without room leaves */
	ui_frame(ui_area_sub(a, 0, 2, 6, 3), UI_S_BORDER, NULL, NULL, NULL);
	ck_canvas(c, "╭─ name ───╮\n│          │\n├────┬─────╯\n│    │\n╰────╯\n");
	ui_frame(ui_area_sub(a, 0, 0, 12, 3), UI_S_BORDER, NULL, NULL, "a foot that is too long"); /* letters become lines */
	ck_canvas(c, "╭──────────╮\n│          │\n├────┬─────╯\n│    │\n╰────╯\n");
	ui_canvas_clear(c);
	ui_frame(ui_area_sub(a, 0, 0, 6, 3), UI_S_BORDER, "title", NULL, "x");
	ck_canvas(c, "╭────╮\n│    │\n╰────╯\n\n\n"); /* no room for either */
	ui_canvas_clear(c);
	ui_frame(ui_area_sub(a, 0, 0, 12, 3), UI_S_BORDER, "", "", "foot");
	ck_canvas(c, "╭──────────╮\n│          │\n╰─── foot ─╯\n\n\n");
	ui_canvas_free(c);
}
END_TEST

START_TEST(frame__in_ascii__crosses_with_a_plus)
{
	struct ui_canvas *c = ui_canvas_new(8, 5, UI_ASCII);
	struct ui_area a = ui_area_all(c), in;

	ui_frame(ui_area_sub(a, 0, 0, 6, 5), UI_S_BORDER, NULL, NULL, NULL);
	ui_frame(ui_area_sub(a, 3, 1, 5, 3), UI_S_BORDER, NULL, NULL, NULL);
	ck_canvas(c, "+----+\n|  +-+-+\n|  | | |\n|  +-+-+\n+----+\n");
	in = ui_frame(ui_area_sub(a, 0, 0, 2, 5), UI_S_BORDER, "x", NULL, NULL); /* too narrow for a frame */
	ck_assert(in.r.w == 2 && in.r.h == 5);
	in = ui_frame(ui_area_sub(a, 0, 0, 5, 2), UI_S_BORDER, "x", NULL, NULL); /* too low */
	ck_assert(in.r.w == 5 && in.r.h == 2);
	ck_canvas(c, "+----+\n|  +-+-+\n|  | | |\n|  +-+-+\n+----+\n");
	ui_canvas_free(c);
}
END_TEST

/* ---- dots and pictures ---- */

START_TEST(dots__of_two_curves__both_stay)
{
	static const char *const both[] = {[UI_ASCII] = ":\n", [UI_BLOCK] = "▚\n", [UI_BRAILLE] = "⢁\n"};

	for (int glyphs = UI_ASCII; glyphs <= UI_BRAILLE; glyphs++) {
		struct ui_canvas *c = ui_canvas_new(3, 1, (enum ui_glyphs)glyphs);
		struct ui_dots *one = ui_dots_new((enum ui_glyphs)glyphs, 3, 1), *two = ui_dots_new((enum ui_glyphs)glyphs, 3, 1);

		ui_dots_set(one, 0, 0);
		ui_dots_set(two, one->sx - 1, one->h - 1);
		for (int k = -1; k < 40; k += 10) { /* outside: nothing */
			ui_dots_set(two, k, -1);
			ui_dots_set(two, k, one->h);
			ui_dots_set(two, k < 0 ? k : one->w + k, 0);
		}
		ui_dots_draw(one, ui_area_all(c), UI_S_CURVE0);
		ui_dots_draw(two, ui_area_all(c), UI_S_CURVE1);
		ck_canvas(c, both[glyphs]);
		ui_put(ui_area_all(c), 0, 0, UI_PLAIN, glyphs == UI_ASCII ? "x" : "─"); /* no dots: it is drawn over */
		ui_dots_draw(one, ui_area_all(c), UI_S_CURVE0);
		ck_canvas(c, glyphs == UI_ASCII ? "'\n" : glyphs == UI_BLOCK ? "▘\n" : "⠁\n");
		ui_dots_draw(one, ui_area_sub(ui_area_all(c), 2, 0, 0, 0), UI_S_CURVE0); /* no room */
		ui_dots_stamp(one, ui_area_sub(ui_area_all(c), 0, 0, 0, 1), UI_S_CURVE0);
		ck_canvas(c, glyphs == UI_ASCII ? "'\n" : glyphs == UI_BLOCK ? "▘\n" : "⠁\n");
		ui_dots_free(one);
		ui_dots_free(two);
		ui_canvas_free(c);
	}
	{
		struct ui_dots *none = ui_dots_new(UI_BRAILLE, -3, -1);

		ck_assert(none->w == 0 && none->h == 0);
		ui_dots_free(none);
	}
}
END_TEST

START_TEST(picture__that_is_none__draws_nothing)
{
	static const uint8_t p[4 * 4 * 3] = {255, 255, 255, 255};
	static const int args[][5] = {{0, 2, 4, 4, 1}, {2, 0, 4, 4, 1}, {2, 2, 0, 4, 1}, {2, 2, 4, 0, 1}, {2, 2, 4, 4, 2}}; /* w, h, height, width, channels */
	struct ui_canvas *c = ui_canvas_new(4, 2, UI_ASCII);

	for (size_t i = 0; i < sizeof args / sizeof *args; i++)
		ui_picture(ui_area_all(c), 0, 0, args[i][0], args[i][1], UI_TRUE, 0, args[i][2], args[i][3], args[i][4], p);
	ck_canvas(c, "\n\n");
	c->glyphs = UI_BRAILLE;
	for (int margin = -1; margin < 4; margin += 3) { /* one that leaves nothing is none */
		ui_picture(ui_area_all(c), 0, 0, 4, 2, UI_TRUE, margin, 4, 4, 1, p);
		ck_assert_uint_eq(ui_canvas_at(c, 0, 0)->fg | ui_canvas_at(c, 0, 0)->bg, UI_RGB(255, 255, 255));
		ck_assert_uint_eq(ui_canvas_at(c, 3, 1)->bg, UI_GREY(16));
		ui_canvas_clear(c);
	}
	ui_canvas_free(c);
	ck_assert_int_eq(ui_picture_margin(4, 4, 3, (const uint8_t[48]){[3 * 5 + 1] = 1}), 1); /* green alone, blue alone */
	ck_assert_int_eq(ui_picture_margin(4, 4, 3, (const uint8_t[48]){[3 * 0 + 2] = 1}), 0);
}
END_TEST

START_TEST(scale__without_room__leaves_or_is_cut_at_its_colon)
{
	struct ui_scale s = {.map = UI_MAP_SIGNED, .low = -2, .high = 2, .label = (char *)"weight: red is less"};
	struct ui_canvas *c = ui_canvas_new(80, 1, UI_ASCII);
	struct ui_scale none = {.map = UI_MAP_NONE};
	char *text;

	ui_scale_draw(ui_area_all(c), 0, 0, UI_MONO, &none);
	ck_assert_int_eq(ui_scale_cells(&none), 0);
	ui_scale_draw(ui_area_sub(ui_area_all(c), 0, 0, ui_scale_cells(&s) - 1, 1), 0, 0, UI_MONO, &s);
	ck_canvas(c, "\n");
	for (int room = 0; room < 24; room += 4) {
		ui_canvas_clear(c);
		ui_scale_draw(ui_area_sub(ui_area_all(c), 0, 0, ui_scale_cells(&s) + room, 1), 0, 0, UI_MONO, &s);
		text = ui_canvas_dump(c);
		ck_assert_ptr_eq(strstr(text, "-2 "), text);
		ck_assert((strstr(text, "weight") != NULL) == (room >= 8));
		ck_assert((strstr(text, "weight: red is less") != NULL) == (room >= 21));
		free(text);
	}
	ui_canvas_free(c);
}
END_TEST

/* ---- colours ---- */

START_TEST(look__of_any_colour__is_near_to_it)
{
	struct ui_cell cell = {"x", 0, 0, 1, 200, 0}; /* a style that is none: plain */

	ck_assert(ui_cell_look(&cell, UI_TRUE).fg == -1 && ui_cell_look(&cell, UI_TRUE).attr == 0);
	for (int i = 0; i < 256; i++) { /* greys to one of the greys, at most 5 off but at the ends of the cube */
		int grey = (int)(ui_colour_rgb(ui_colour_nearest((uint32_t)i * 0x10101, UI_256)) & 255);

		ck_assert_msg(abs(grey - i) <= 8, "%d: %d", i, grey);
	}
	for (int i = 16; i < 256; i++) { /* each of the 256 is nearest to itself, or to its twin */
		uint32_t rgb = ui_colour_rgb(i);

		if (i >= 232 || rgb % 0x10101 != 0) /* a grey of the cube: as above */
			ck_assert_uint_eq(ui_colour_rgb(ui_colour_nearest(rgb, UI_256)), rgb);
	}
	ck_assert_int_eq(ui_colour_nearest(0x030102, UI_256), 16); /* as dark, and as bright, as there is */
	ck_assert_int_eq(ui_colour_nearest(0xfffdfe, UI_256), 231);
	for (int i = 0; i < 8; i++)
		ck_assert_int_eq(ui_colour_nearest(ui_colour_rgb(i), UI_8), i);
	ck_assert_int_eq(ui_ascii_like('a'), 'a');
	ck_assert_int_eq(ui_ascii_like(0x250f), '+');
	ck_assert_int_eq(ui_ascii_like(0x2547), '+');
	ck_assert_int_eq(ui_ascii_like(0x2555), '+');
	ck_assert_int_eq(ui_ascii_like(0x2596), '#');
	ck_assert_int_eq(ui_ascii_like(0x25aa), '?');
}
END_TEST

/* Each look begins with a reset, so that nothing is left of the one before; blanks at the end of a row leave. */
START_TEST(ansi__of_cells__sends_each_look_once)
{
	static const char *const want[] = {
		[UI_MONO] = "\033[0;1mbold\033[0m  \033[0;7mpick\033[0m plain\n\n",
		[UI_8] = "\033[0;1mbold\033[0m  \033[0;7mpick\033[0m plain\n\n",
		[UI_256] = "\033[0;1mbold\033[0m  \033[0;7mpick\033[0m plain\n\033[0;48;5;196m \033[0m\n",
		[UI_TRUE] = "\033[0;1mbold\033[0m  \033[0;7mpick\033[0m plain\n\033[0;48;2;255;0;0m \033[0m\n",
	};
	struct ui_canvas *c = ui_canvas_new(24, 2, UI_BRAILLE);

	ui_put(ui_area_all(c), 0, 0, UI_BOLD, "bold");
	ui_put(ui_area_all(c), 6, 0, UI_S_SELECT, "pick");
	ui_put(ui_area_all(c), 11, 0, UI_PLAIN, "plain");
	for (int colours = UI_MONO; colours <= UI_TRUE; colours++) {
		char *text;

		if (colours == UI_256)
			ui_put_colour(ui_area_all(c), 0, 1, " ", 0, UI_RGB(255, 0, 0));
		text = ui_canvas_ansi(c, (enum ui_colours)colours);
		ck_assert_str_eq(text, want[colours]);
		free(text);
	}
	ui_canvas_free(c);
}
END_TEST

/* ---- plots as text ---- */

START_TEST(plot__as_text__has_its_title_where_it_has_room)
{
	static const struct ui_plot_view view = {0};
	struct ui_chart c = {.title = (char *)"loss"};
	struct ui_series *s = ui_chart_add(&c, "train", UI_LINE_SOLID, 0);

	for (int i = 0; i < 9; i++)
		ui_series_point(s, i, i * i);
	for (int rows = 1; rows < 14; rows++) {
		char *text = ui_plot_text(&c, &view, 40, rows, UI_ASCII);
		int lines = 0;

		for (const char *at = text; *at != '\0'; at++)
			lines += *at == '\n';
		ck_assert_int_eq(lines, rows);
		ck_assert_msg((strncmp(text, "loss", 4) == 0) == (rows > 5), "%d rows:\n%s", rows, text);
		ck_assert_ptr_nonnull(strpbrk(text, "'.:"));
		free(text);
	}
	c.title = NULL;
	{
		char *text = ui_plot_text(&c, &view, 40, 8, UI_ASCII);

		ck_has(text, "train");
		ck_lacks(text, "loss");
		free(text);
	}
	ui_chart_clear(&c);
}
END_TEST

/* ---- the farewell ---- */

static char *
farewell(const struct ui_model *m, int cols)
{
	FILE *out = stdout;
	char *text = NULL;
	size_t n;

	stdout = open_memstream(&text, &n);
	ui_farewell(m, UI_ASCII, UI_MONO, cols);
	fclose(stdout);
	stdout = out;
	return text;
}

START_TEST(farewell__says__model_and_curves)
{
	struct ui_model m = {0};
	char *text = farewell(&m, 80);

	ck_assert_str_eq(text, ""); /* there is nothing to say */
	free(text);
	fixture_fill(&m, FIXTURE_DONE);
	text = farewell(&m, 20); /* nor is there room */
	ck_assert_str_eq(text, "");
	free(text);
	text = farewell(&m, 80);
	ck_has(text, m.headline);
	ck_has(text, m.status);
	ck_has(text, " model ");
	ck_has(text, " loss ");
	ck_has(text, " accuracy ");
	free(text);
	ui_string(&m.status, NULL);
	text = farewell(&m, 60); /* the curves come first */
	ck_has(text, m.headline);
	ck_lacks(text, " model ");
	ck_has(text, " loss ");
	free(text);
	ui_string(&m.headline, NULL);
	text = farewell(&m, 60);
	ck_assert(strstr(text, " loss ") < strchr(text, '\n'));
	free(text);
	ui_model_clear(&m);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("cells");
	TCase *t = tcase_create("cells");

	setlocale(LC_ALL, "C.UTF-8");
	tcase_set_timeout(t, 60);
	tcase_add_test(t, put__of_signs_without_width__keeps_letters_alone);
	tcase_add_test(t, put__of_wide_signs__is_whole_at_each_edge);
	tcase_add_test(t, put__without_room__says_nothing);
	tcase_add_test(t, frame__over_another__grows_junctions);
	tcase_add_test(t, frame__in_ascii__crosses_with_a_plus);
	tcase_add_test(t, dots__of_two_curves__both_stay);
	tcase_add_test(t, picture__that_is_none__draws_nothing);
	tcase_add_test(t, scale__without_room__leaves_or_is_cut_at_its_colon);
	tcase_add_test(t, look__of_any_colour__is_near_to_it);
	tcase_add_test(t, ansi__of_cells__sends_each_look_once);
	tcase_add_test(t, plot__as_text__has_its_title_where_it_has_room);
	tcase_add_test(t, farewell__says__model_and_curves);
	suite_add_tcase(s, t);
	return run_suite(s);
}
