/* test_look.c: that what is drawn can be read, computed from the colours: on dark ground and on light, and without them. */
#include "ui/canvas.h"
#include "ui/look.h"
#include "../run.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

/* Grounds that terminals have. */
static const uint32_t grounds[2][4] = {{0x000000, 0x15181e, 0x1e1e1e, 0x002b36}, {0xffffff, 0xfbfbf8, 0xfdf6e3, 0xf5f5f5}};

static double
linear(uint32_t v)
{
	double x = v / 255.;

	return x <= .04045 ? x / 12.92 : pow((x + .055) / 1.055, 2.4);
}

static double
luminance(uint32_t c)
{
	return .2126 * linear(c >> 16 & 255) + .7152 * linear(c >> 8 & 255) + .0722 * linear(c & 255);
}

/* As WCAG 2 defines it. */
static double
contrast(uint32_t a, uint32_t b)
{
	double x = luminance(a), y = luminance(b);

	return (fmax(x, y) + .05) / (fmin(x, y) + .05);
}

static struct ui_look
look_of(int style, enum ui_colours colours)
{
	struct ui_cell cell = {.text = "x", .width = 1, .style = (uint8_t)style};

	return ui_cell_look(&cell, colours);
}

START_TEST(look__contrast__is_enough_to_read)
{
	ck_assert_double_eq_tol(contrast(0x000000, 0xffffff), 21, 1e-9);
	for (int light = 0; light < 2; light++) {
		ui_look_theme(light ? UI_THEME_LIGHT : UI_THEME_DARK);
		for (int style = 0; style < UI_S_COUNT; style++)
			for (int g = 0; g < 4; g++) {
				struct ui_look l = look_of(style, UI_TRUE);
				uint32_t bg = l.bg >= 0 ? (uint32_t)l.bg : grounds[light][g];
				double least = style == UI_S_BORDER ? 1.8 : style == UI_S_FAINT ? 3 : 4.5; /* lines; dots; text */

				if (light == 0 && g == 3 && least > 3) /* Solarized's dark is no black */
					least = 4;
				if (l.fg < 0) /* the terminal's own */
					continue;
				ck_assert_msg(contrast((uint32_t)l.fg, bg) >= least, "style %d on %06x: %.2f", style, bg, contrast((uint32_t)l.fg, bg));
			}
	}
	ui_look_theme(UI_THEME_DARK);
}
END_TEST

/* A theme that was asked for on the other ground draws its own, so that all of it can be read. */
START_TEST(look__theme__on_the_other_ground_draws_its_own)
{
	static const enum ui_theme themes[2] = {UI_THEME_DARK, UI_THEME_LIGHT};

	for (int light = 0; light < 2; light++) {
		ui_look_theme(themes[light]);
		ui_look_ground(themes[light]);
		ck_assert_uint_eq(ui_look_ground_own(), 0);
		ck_assert_int_eq(look_of(UI_PLAIN, UI_TRUE).bg, -1);
		ui_look_ground(themes[!light]);
		ck_assert(ui_ground_light(ui_look_ground_own()) == light);
		ck_assert_int_eq(look_of(UI_PLAIN, UI_TRUE).bg, (int)(ui_look_ground_own() & 0xffffff));
		ck_assert_int_eq(look_of(UI_PLAIN, UI_8).bg, light ? 7 : 0);
		ck_assert_int_eq(look_of(UI_PLAIN, UI_MONO).bg, -1);
		for (int style = 0; style < UI_S_COUNT; style++) {
			struct ui_look l = look_of(style, UI_TRUE), few = look_of(style, UI_8);
			double least = style == UI_S_BORDER ? 1.8 : style == UI_S_FAINT ? 3 : 4.5;

			ck_assert(few.fg >= 0 && few.bg >= 0 && few.fg != few.bg);
			ck_assert_msg(l.fg >= 0 && l.bg >= 0 && contrast((uint32_t)l.fg, (uint32_t)l.bg) >= least, "style %d on %06x: %.2f", style,
			    l.bg, contrast((uint32_t)l.fg, (uint32_t)l.bg));
		}
	}
	/* a terminal that tells nothing is taken for dark, unless COLORFGBG says light */
	ui_look_ground(UI_THEME_AUTO);
	unsetenv("COLORFGBG");
	for (int told_light = 0; told_light < 2; told_light++) {
		for (int light = 0; light < 2; light++) {
			ui_look_theme(themes[light]);
			ck_assert_int_eq(ui_look_ground_own() != 0, light != told_light);
		}
		setenv("COLORFGBG", "0;15", 1);
	}
	unsetenv("COLORFGBG");
	ui_look_theme(UI_THEME_AUTO);
	ck_assert_uint_eq(ui_look_ground_own(), 0);
}
END_TEST

START_TEST(look__curves__differ_without_many_colours)
{
	for (int light = 0; light < 2; light++) {
		ui_look_theme(light ? UI_THEME_LIGHT : UI_THEME_DARK);
		ck_assert_int_ne(look_of(UI_S_CURVE0, UI_8).fg, look_of(UI_S_CURVE1, UI_8).fg);
		ck_assert_int_ne(look_of(UI_S_CURVE0, UI_MONO).attr, look_of(UI_S_CURVE1, UI_MONO).attr); /* beside mark and dash */
		for (int style = 0; style < UI_S_COUNT; style++) { /* no yellow and no white on white, no blue on black */
			struct ui_look l = look_of(style, UI_8);

			if (l.bg < 0 && light)
				ck_assert_msg(l.fg != 3 && l.fg != 7 && l.fg != 6, "style %d", style);
		}
	}
	ui_look_theme(UI_THEME_DARK);
}
END_TEST

START_TEST(look__ground__is_as_asked_or_told_or_found)
{
	static const struct {
		const char *env;
		enum ui_theme asked, told;
		bool light;
	} cases[] = {
		{NULL, UI_THEME_AUTO, UI_THEME_AUTO, false}, {"0;15", UI_THEME_AUTO, UI_THEME_AUTO, true},
		{"15;0", UI_THEME_AUTO, UI_THEME_AUTO, false}, {"0;default;15", UI_THEME_AUTO, UI_THEME_AUTO, true},
		{"0;7", UI_THEME_AUTO, UI_THEME_AUTO, true}, {"7;8", UI_THEME_AUTO, UI_THEME_AUTO, false},
		{"", UI_THEME_AUTO, UI_THEME_AUTO, false}, {"0;", UI_THEME_AUTO, UI_THEME_AUTO, false}, {"15", UI_THEME_AUTO, UI_THEME_AUTO, false},
		{"0;15x", UI_THEME_AUTO, UI_THEME_AUTO, false}, {"0;99999999999999999999", UI_THEME_AUTO, UI_THEME_AUTO, false},
		{"0;15", UI_THEME_AUTO, UI_THEME_DARK, false}, {"15;0", UI_THEME_AUTO, UI_THEME_LIGHT, true},
		{"0;15", UI_THEME_DARK, UI_THEME_LIGHT, false}, {"15;0", UI_THEME_LIGHT, UI_THEME_DARK, true},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		if (cases[i].env)
			setenv("COLORFGBG", cases[i].env, 1);
		else
			unsetenv("COLORFGBG");
		ui_look_theme(cases[i].asked);
		ui_look_ground(cases[i].told);
		ck_assert_msg(ui_look_light() == cases[i].light, "case %zu", i);
	}
	for (int g = 0; g < 4; g++)
		ck_assert(!ui_ground_light(grounds[0][g]) && ui_ground_light(grounds[1][g]));
	ui_look_theme(UI_THEME_DARK);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("look");
	TCase *t = tcase_create("look");

	tcase_add_test(t, look__contrast__is_enough_to_read);
	tcase_add_test(t, look__theme__on_the_other_ground_draws_its_own);
	tcase_add_test(t, look__curves__differ_without_many_colours);
	tcase_add_test(t, look__ground__is_as_asked_or_told_or_found);
	suite_add_tcase(s, t);
	return run_suite(s);
}
