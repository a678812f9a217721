/* test_panels.c: each pane by itself, in areas from none to more than enough, with whatever a model may hold: it writes
 * into its area alone, whole characters, and its keys and clicks lead to what is there.
 */
#include "fixture.h"
#include "odd.h"
#include "ui/inlay.h"
#include "ui/keys.h"
#include "ui/look.h"
#include "ui/figure.h"
#include "ui/screen.h"
#include "../run.h"

#include <check.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLS = 150, ROWS = 46, MODELS = ODD_KINDS + 2 };

static struct ui_model models[MODELS];

static void
setup(void)
{
	for (int i = 0; i < MODELS; i++) {
		models[i] = (struct ui_model){0};
		if (i < ODD_KINDS)
			odd_fill(&models[i], (enum odd_kind)i);
		else
			fixture_fill(&models[i], i == ODD_KINDS ? FIXTURE_EMPTY : FIXTURE_DONE);
	}
	ui_look_theme(UI_THEME_AUTO);
}

static void
teardown(void)
{
	for (int i = 0; i < MODELS; i++)
		ui_model_clear(&models[i]);
	ui_look_theme(UI_THEME_AUTO);
	ui_font_free();
}

/* ---- any area ---- */

/* Check notes every ck_assert that holds in a file, which is too slow for this many. */
#define HOLDS(condition, ...) \
	do { \
		if (!(condition)) \
			ck_abort_msg(__VA_ARGS__); \
	} while (0)

/* Nothing was written outside the area, and nothing is half in it. */
static void
check_area(struct ui_area a, int p, int model)
{
	for (int y = 0; y < a.c->rows; y++)
		for (int x = 0; x < a.c->cols; x++) {
			const struct ui_cell *cell = ui_canvas_at(a.c, x, y);
			bool in = x >= a.r.x && x < a.r.x + a.r.w && y >= a.r.y && y < a.r.y + a.r.h;

			HOLDS(in || strcmp(cell->text, "@") == 0, "%s of model %d, %dx%d: wrote at %d, %d", ui_panel_names[p], model,
			    a.r.w, a.r.h, x - a.r.x, y - a.r.y);
			HOLDS(!in || cell->width == 1 || (cell->width == 2 && x + 1 < a.r.x + a.r.w && cell[1].width == 0) ||
			    (cell->width == 0 && x > a.r.x && cell[-1].width == 2), "%s of model %d, %dx%d: half a character at %d, %d",
			    ui_panel_names[p], model, a.r.w, a.r.h, x - a.r.x, y - a.r.y);
		}
}

/* Draws the pane, its title and its note. */
static void
area_draw(struct ui_canvas *c, const struct ui_panel_ctx *ctx, int p, int model, int w, int h)
{
	struct ui_area all, a, frame;
	char title[160];

	ui_canvas_resize(c, w + 4, h + 4);
	all = ui_area_all(c);
	ui_fill(all, 0, 0, c->cols, c->rows, UI_PLAIN, "@");
	a = ui_area_sub(all, 2, 2, w, h);
	ui_fill(a, 0, 0, w, h, UI_PLAIN, " ");
	ui_panels[p]->draw(ctx, a);
	check_area(a, p, model);
	for (int i = 0; i < c->ninlays; i++) {
		struct ui_rect r = c->inlay[i].r;

		HOLDS(c->cell_w > 0 && r.w > 0 && r.h > 0 && r.x >= a.r.x && r.y >= a.r.y && r.x + r.w <= a.r.x + w && r.y + r.h <= a.r.y + h,
		    "%s of model %d, %dx%d: a picture at %d, %d of %dx%d", ui_panel_names[p], model, w, h, r.x, r.y, r.w, r.h);
	}
	frame = ui_area_sub(all, 1, 1, w + 2, h + 2);
	snprintf(title, sizeof title, "%s", ui_panel_names[p]);
	if (ui_panels[p]->title != NULL) {
		ui_panels[p]->title(ctx, title, sizeof title);
		HOLDS(strlen(title) < sizeof title && title[0] != '\0', "%s of model %d has no title", ui_panel_names[p], model);
	}
	if (ui_panels[p]->note != NULL && w > 2) {
		ui_panels[p]->note(ctx, frame, 1, w);
		check_area(ui_area_sub(all, 1, 1, w + 1, h + 1), p, model);
	}
}

START_TEST(panel__of_any_size__writes_into_its_area_alone)
{
	static const int wide[] = {0, 1, 2, 3, 5, 6, 8, 13, 21, 45, 80, 146}, high[] = {0, 1, 2, 3, 4, 5, 7, 9, 14, 40};
	struct ui_canvas *c = ui_canvas_new(COLS, ROWS, UI_BRAILLE);
	int turn = 0, p = _i;

	for (int model = 0; model < MODELS; model++)
		for (size_t x = 0; x < sizeof wide / sizeof *wide; x++)
			for (size_t y = 0; y < sizeof high / sizeof *high; y++, turn++) {
				struct ui_pane_state st = {.scroll = turn % 3 == 0 ? 0 : turn % 3 == 1 ? 3 : 1000000000, .large = turn % 5 == 4, .row = turn % 4, .col = turn % 3};
				struct ui_panel_ctx ctx = {&models[model], (enum ui_colours)(turn % 4), &st, turn % 2, turn % 60};

				st.plot = (struct ui_plot_view){.logy = turn % 6 == 5, .smooth = turn % 7 == 6 ? .9 : 0, .span = turn % 4 == 3 ? 1 + turn % 5 : 0};
				c->glyphs = (enum ui_glyphs)(turn / 2 % 3);
				c->cell_w = turn % 8 == 6 ? 1 : turn % 8 == 7 ? 9 : 0; /* some where the terminal draws pictures */
				c->cell_h = 2 * c->cell_w;
				ui_look_theme(turn / 7 % 2 ? UI_THEME_LIGHT : UI_THEME_DARK);
				area_draw(c, &ctx, p, model, wide[x], high[y]);
			}
	ui_canvas_free(c);
}
END_TEST

/* Where the terminal draws pictures, each is one of its cells, and has the same number as long as it looks the same. */
START_TEST(panel__of_pictures__has_all_of_them)
{
	struct ui_canvas *c = ui_canvas_new(COLS, ROWS, UI_BRAILLE);
	int p = _i;

	for (int model = 0; model < MODELS; model++) {
		struct ui_pane_state st = {0};
		struct ui_panel_ctx ctx = {&models[model], UI_TRUE, &st, model % 2, 40};

		c->cell_w = 9;
		c->cell_h = 18;
		c->ground = model % 3 == 0 ? 0 : model % 3 == 1 ? 0x1ffffff : 0x1102030;
		ui_look_theme(model / 3 % 2 ? UI_THEME_LIGHT : UI_THEME_DARK);
		area_draw(c, &ctx, p, model, 70, 20);
		for (int i = 0; i < c->ninlays && i < 3; i++) {
			size_t n = 0;
			uint64_t hash = ui_inlay_hash(&c->inlay[i], c);
			uint8_t *png = ui_inlay_png(&c->inlay[i], c, &n);

			ck_assert_msg(png != NULL && n > 60 && memcmp(png, "\x89PNG", 4) == 0, "%s of model %d: %d", ui_panel_names[p], model, i);
			ck_assert_uint_eq(hash, ui_inlay_hash(&c->inlay[i], c));
			free(png);
		}
	}
	ui_canvas_free(c);
}
END_TEST

/* ---- all of them on a screen ---- */

static void
check_whole(const struct ui_canvas *c, const struct ui_view *v, int model)
{
	for (int y = 0; y < c->rows; y++)
		for (int x = 0; x < c->cols; x++) {
			const struct ui_cell *cell = ui_canvas_at(c, x, y);

			HOLDS(cell->width == 1 || (cell->width == 2 && x + 1 < c->cols && cell[1].width == 0) ||
			    (cell->width == 0 && x > 0 && cell[-1].width == 2), "model %d, %dx%d: half a character at %d, %d", model, c->cols, c->rows, x, y);
		}
	HOLDS(v->cursor_x >= 0 && v->cursor_x < c->cols && v->cursor_y >= 0 && v->cursor_y < c->rows, "model %d, %dx%d: the cursor is at %d, %d",
	    model, c->cols, c->rows, v->cursor_x, v->cursor_y);
}

/* What is typed, suggested and asked, of any length, with a box of candidates or an answer over odd panes. */
START_TEST(screen__of_odd_models__is_whole)
{
	static const int size[][2] = {{1, 1}, {2, 9}, {9, 2}, {20, 6}, {41, 9}, {60, 12}, {81, 25}, {133, 37}};
	static const char *const typed[] = {"", "x", "語語語語語語", "train gte5 epochs=5 and far more than has any room on the line of a prompt, wherever the cursor may stand",
	    "語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語"};
	struct ui_model *m = &models[_i];
	struct ui_canvas *c = ui_canvas_new(1, 1, UI_BRAILLE);
	struct ui_candidates few = {.start = 6}, many = {0}, none = {0};
	const struct ui_candidates *boxes[] = {NULL, &few, &many, &none};
	int turn = 0;

	ui_candidates_add(&few, "gte5", "digits 5 to 9");
	ui_candidates_add(&few, "a candidate that is longer than the screen is wide, however wide that may be, as names of files are", NULL);
	for (int i = 0; i < 300; i++)
		ui_candidates_add(&many, i % 2 ? "語語" : "word", NULL);
	for (size_t s = 0; s < sizeof size / sizeof *size; s++)
		for (int text = 0; text < 5; text++)
			for (int way = 0; way < 12; way++, turn++) {
				struct ui_view v;

				ui_canvas_resize(c, size[s][0], size[s][1]);
				c->glyphs = (enum ui_glyphs)(turn % 3);
				ui_view_init(&v);
				v.layout = (enum ui_layout_name)(turn % UI_LAYOUTS);
				if (turn % 3 != 0)
					ui_view_focus(&v, (enum ui_pane)(turn % UI_PANES));
				v.zoom = turn % 5 == 1;
				v.zoomed = (enum ui_pane)(turn / 2 % UI_PANES);
				v.lit = turn % 7 == 3 ? UI_P_digits : v.lit;
				v.told = turn % 4 == 0 ? 0 : m->log.total;
				v.waits = turn % 8 == 4;
				ui_log_answer(&v.pane[UI_P_log], &m->log, turn % 4 == 2 ? 1 : m->log.total);
				v.candidates = boxes[way % 4];
				v.selected = way % 3 == 0 ? -1 : way % 3 == 1 ? 0 : v.candidates != NULL ? (long)v.candidates->n - 1 : 5;
				v.prompt = (struct ui_prompt_view){.prompt = "thaw> ", .text = typed[text], .hint = way % 2 ? NULL : way == 4 ? "" : "hint",
				    .point = way < 4 ? 0 : way < 8 ? (int)strlen(typed[text]) : (int)strlen(typed[text]) / 6 * 3};
				v.prompt.question = way == 11 ? "leave, although a run is going on?" : NULL;
				ui_screen_draw(c, (enum ui_colours)(turn % 4), m, &v);
				check_whole(c, &v, _i);
				ui_screen_prompt(c, &v);
				check_whole(c, &v, _i);
				ui_view_next(&v);
				HOLDS(v.focus == UI_P_NONE || v.at.shown[v.focus], "the focus goes to a pane out of view: %d", v.focus);
			}
	ui_candidates_clear(&few);
	ui_candidates_clear(&many);
	ui_canvas_free(c);
}
END_TEST

/* ---- keys ---- */

/* Whatever is pressed, what it leads to can be drawn, and lies within. */
START_TEST(panel__after_any_key__is_drawn_within)
{
	static const int keys[] = {UI_KEY_UP, UI_KEY_DOWN, UI_KEY_LEFT, UI_KEY_RIGHT, UI_KEY_PGUP, UI_KEY_PGDN, UI_KEY_HOME, UI_KEY_END, UI_KEY_ENTER, UI_KEY_ESC,
	    '0', '[', ']', 'y', 's', 's', 's', ' ', 'b', 'e', 'b', '+', '+', '-', '-', 'u', 'c', 'u', 'q', UI_KEY_NONE};
	struct ui_canvas *c = ui_canvas_new(COLS, ROWS, UI_BRAILLE);
	int p = _i;

	for (int model = 0; model < MODELS; model++) {
		struct ui_pane_state st = {.sketch = p == UI_P_draw ? &models[model].sketch : NULL};
		struct ui_panel_ctx ctx = {&models[model], UI_256, &st, true, 30};

		for (int round = 0; round < 2 && ui_panels[p]->key != NULL; round++)
			for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
				struct ui_ask ask = {.row = -1};
				struct ui_pane_state before = st;
				bool its = ui_panels[p]->key(&ctx, keys[i], &ask);

				/* What is not its own it leaves alone. */
				HOLDS(its || (ask.row == -1 && memcmp(&before, &st, sizeof st) == 0), "%s: key %d", ui_panel_names[p], keys[i]);
				HOLDS(keys[i] != 'q' || !its, "%s takes any key", ui_panel_names[p]);
				HOLDS(st.scroll >= 0 && st.plot.span >= 0, "%s: key %d: %ld", ui_panel_names[p], keys[i], st.scroll);
				area_draw(c, &ctx, p, model, 60, 12);
				HOLDS(p != UI_P_confusion || (st.row <= models[model].confusion.nrows && st.col <= models[model].confusion.ncols),
				    "key %d: %d, %d", keys[i], st.row, st.col);
			}
	}
	ui_canvas_free(c);
}
END_TEST

/* ---- clicks ---- */

START_TEST(panel__clicked_anywhere__asks_for_what_is_there)
{
	static const int size[][2] = {{0, 0}, {3, 1}, {12, 5}, {33, 9}, {70, 12}};
	struct ui_canvas *c = ui_canvas_new(COLS, ROWS, UI_BRAILLE);
	int p = _i;

	for (int model = 0; model < MODELS && ui_panels[p]->click != NULL; model++)
		for (size_t i = 0; i < sizeof size / sizeof *size; i++) {
			struct ui_pane_state st = {0};
			struct ui_panel_ctx ctx = {&models[model], UI_256, &st, true, 30};
			struct ui_area a;

			area_draw(c, &ctx, p, model, size[i][0], size[i][1]);
			a = ui_area_sub(ui_area_all(c), 2, 2, size[i][0], size[i][1]);
			for (int y = -1; y <= size[i][1]; y += 1 + i / 3)
				for (int x = -1; x <= size[i][0]; x += 1 + i) {
					struct ui_ask ask = {.row = -1, .col = -1};
					bool hit = ui_panels[p]->click(&ctx, a, x, y, &ask);

					if (!hit)
						HOLDS(ask.row == -1 && !ask.click, "%s: %d, %d", ui_panel_names[p], x, y);
					else if (p == UI_P_confusion)
						HOLDS(ask.row >= 0 && ask.row < models[model].confusion.nrows && ask.col >= 0 &&
						    ask.col < models[model].confusion.ncols, "%d, %d", ask.row, ask.col);
					else
						HOLDS(p == UI_P_digits && ask.row >= 0 && (size_t)ask.row < models[model].digits.n &&
						    ask.id == models[model].digits.tile[ask.row].id, "%s: %d, %d", ui_panel_names[p], x, y);
				}
		}
	ui_canvas_free(c);
}
END_TEST

/* ---- histograms ---- */

/* A pane's rows as text, one below the other. */
static void
pane_text(const struct ui_model *m, enum ui_pane pane, int w, int h, char *text)
{
	struct ui_canvas *c = ui_canvas_new(w, h, UI_BRAILLE);
	struct ui_pane_state st = {0};

	ui_panels[pane]->draw(&(struct ui_panel_ctx){m, UI_256, &st, false, 0}, ui_area_all(c));
	*text = '\0';
	for (int y = 0; y < h; y++) {
		for (int x = 0; x < w; x++)
			strcat(text, ui_canvas_at(c, x, y)->text);
		strcat(text, "\n");
	}
	ui_canvas_free(c);
}

/* While a run has nothing to show yet the pane says what goes on; an axis stands with the first stretch of a curve. */
START_TEST(plot__of_a_run_that_has_begun__says_what_goes_on)
{
	static const enum ui_pane panes[] = {UI_P_loss, UI_P_accuracy};
	struct ui_model m = {0};
	char text[4096];

	ui_string(&m.activity, "filling the cache");
	for (int i = 0; i < 2; i++) {
		struct ui_chart *c = i == 0 ? &m.loss : &m.accuracy;
		struct ui_series *s = ui_chart_add(c, "train", UI_LINE_SOLID, 0);

		c->xend = 5;
		for (int points = 0; points < 3; points++) {
			pane_text(&m, panes[i], 60, 8, text);
			ck_assert_msg((strstr(text, "no curve yet: filling the cache") != NULL) == (points < 2), "%d:\n%s", points, text);
			ck_assert_msg((strstr(text, "┤") == NULL) == (points < 2), "%d:\n%s", points, text);
			ui_series_point(s, .1 * points, 5.6 - .1 * points);
		}
	}
	ui_model_clear(&m);
}
END_TEST

/* In any width the ends of a histogram stand apart, and where they have no room the bars are there without them. */
START_TEST(stats__of_any_width__tells_the_ends_apart)
{
	uint64_t bin[32];
	struct ui_model m = {0};
	char text[8192];
	int apart = 0;

	for (int i = 0; i < 32; i++)
		bin[i] = 40;
	ui_histograms_add(&m.stats, "conv2d_1", "kernel", false, -0.000818, 0.00463, 32, bin);
	for (int w = 24; w < 120; w++) {
		pane_text(&m, UI_P_stats, w, 4, text);
		ck_assert_msg(strstr(text, "█") != NULL, "no bars at %d:\n%s", w, text);
		for (const char *low = strstr(text, "-0.000"); low != NULL; low = NULL) {
			const char *end = low + strspn(low, "-0.123456789");

			ck_assert_msg(*end == ' ' && (strstr(end, "0.005") != NULL || strstr(end, "0.0046") != NULL), "%d:\n%s", w, text);
			apart++;
		}
	}
	ck_assert_int_gt(apart, 80);
	for (int i = 0; i < 7; i++)
		ui_histograms_add(&m.stats, i % 2 ? "dense" : "dense_1", i % 2 ? "kernel" : "bias", false, -0.1, 0.1, 32, bin);
	pane_text(&m, UI_P_stats, 34, 12, text); /* a row each */
	ck_assert_msg(strstr(text, "conv2d_1 kernel █") != NULL, "%s", text);
	ui_model_clear(&m);
}
END_TEST

/* ---- the canvas and the mouse ---- */

static int
ink_of(const struct ui_sketch *s)
{
	int n = 0;

	for (size_t i = 0; i < sizeof s->ink; i++)
		n += s->ink[i] > 0;
	return n;
}

START_TEST(draw__by_the_mouse__draws_where_it_is_pressed)
{
	const struct ui_panel *panel = ui_panels[UI_P_draw];
	struct ui_sketch s = {0};
	struct ui_pane_state st = {0};
	struct ui_panel_ctx ctx = {&models[0], UI_256, &st, true, 30};
	struct ui_canvas *c = ui_canvas_new(100, 18, UI_BRAILLE);
	struct ui_area a = ui_area_all(c), low = ui_area_sub(a, 0, 0, 100, 2);
	int ink, all;

	panel->hold(&ctx, a, 10, 5, 0); /* there is no canvas */
	ck_assert(!panel->key(&ctx, UI_KEY_UP, &(struct ui_ask){{0}}));
	st.sketch = &s;
	panel->hold(&ctx, low, 10, 1, 0); /* it has no room */
	panel->hold(&ctx, a, 60, 5, 0); /* beside it, each way, */
	panel->hold(&ctx, a, 10, 16, 0);
	panel->hold(&ctx, a, 0, 5, 0);
	panel->hold(&ctx, a, 10, 0, 0);
	panel->hold(&ctx, a, 10, 5, UI_MOUSE_MOVES); /* from where no stroke begins */
	ck_assert_int_eq(ink_of(&s), 0);
	ck_assert(!s.drawing && s.nundo == 0);
	panel->hold(&ctx, a, 10, 5, 0);
	ink = ink_of(&s);
	ck_assert(ink > 0 && s.drawing && s.pointed && s.nundo == 1);
	panel->hold(&ctx, a, 20, 5, UI_MOUSE_MOVES);
	ck_assert_int_gt(ink_of(&s), ink);
	ink = ink_of(&s);
	panel->hold(&ctx, a, 60, 5, UI_MOUSE_MOVES); /* a stroke may lead outside */
	panel->hold(&ctx, a, 60, 5, UI_MOUSE_UP);
	all = ink_of(&s);
	ck_assert_int_gt(all, ink);
	panel->hold(&ctx, a, 10, 5, 2); /* the right button takes away, Shift does, and the eraser */
	ck_assert_int_lt(ink_of(&s), all);
	all = ink_of(&s);
	panel->hold(&ctx, a, 16, 5, UI_MOUSE_SHIFT);
	ck_assert_int_lt(ink_of(&s), all);
	all = ink_of(&s);
	ck_assert(panel->key(&ctx, 'e', &(struct ui_ask){{0}}) && s.erases);
	panel->hold(&ctx, a, 22, 5, 0);
	ck_assert_int_lt(ink_of(&s), all);
	ck_assert_int_eq(s.nundo, 4);
	for (int i = 0; i < 4; i++)
		ck_assert(panel->key(&ctx, 'u', &(struct ui_ask){{0}}));
	ck_assert_int_eq(ink_of(&s), 0);
	s.erases = false;
	for (int i = 0; i < 2 * UI_SKETCH_UNDO; i++) /* the oldest strokes stay */
		panel->hold(&ctx, a, 2 + i % 26, 2 + i / 6, 0);
	ck_assert_int_eq(s.nundo, UI_SKETCH_UNDO);
	while (ui_sketch_undo(&s))
		;
	ck_assert_int_gt(ink_of(&s), 0);
	ui_canvas_free(c);
}
END_TEST

/* ---- digits and maps ---- */

static char *
tiles_text(struct ui_tiles *t, struct ui_pane_state *st, int w, int h, enum ui_colours colours)
{
	struct ui_canvas *c = ui_canvas_new(w, h, UI_ASCII);
	char *text;

	ui_tiles_draw(ui_area_all(c), t, st, colours);
	text = ui_canvas_dump(c);
	ui_canvas_free(c);
	return text;
}

/* One map of a row or a few is drawn across what room there is. */
START_TEST(tiles__of_one_wide_map__take_the_width)
{
	float value[40];
	static const struct {
		int height, w, h, columns, rows; /* of the map; of the area; what it takes of that */
	} cases[] = {{1, 50, 1, 40, 1}, {1, 50, 9, 40, 3}, {1, 7, 2, 7, 2}, {2, 45, 4, 40, 4}, {2, 45, 20, 40, 6}, {2, 5, 1, 5, 1}};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct ui_tiles t = {0};
		struct ui_pane_state st = {0};
		char *text, *end;
		int columns = 0, rows = 0;

		for (int k = 0; k < 40; k++)
			value[k] = 1;
		ui_scale_fit(&t.scale, UI_MAP_SIGNED, value, 40, 1);
		ui_tiles_add_map(&t, NULL, cases[i].height, 40 / cases[i].height, value, 1, NULL, NULL);
		ck_assert(ui_tile_is_wide(&t.tile[0]));
		t.scale.map = UI_MAP_NONE; /* no row for it */
		text = tiles_text(&t, &st, cases[i].w, cases[i].h, UI_MONO);
		for (char *line = text; *line != '\0'; line = end + 1) {
			end = strchr(line, '\n');
			columns = end - line > columns ? (int)(end - line) : columns;
			rows += end > line;
		}
		ck_assert_msg(columns == cases[i].columns && rows == cases[i].rows, "%zu: %dx%d\n%s", i, columns, rows, text);
		free(text);
		ui_tiles_clear(&t);
	}
}
END_TEST

/* Long captions stand in two rows: the label, then the sign and what it was taken for, the number of which leaves first. */
START_TEST(tiles__of_long_names__have_two_rows)
{
	static const uint8_t p[28 * 28] = {0};
	struct ui_tiles t = {0};
	struct ui_pane_state st = {0};
	char *text;

	ui_tiles_add(&t, 28, 28, 1, p, "golden retriever", "labrador retriever .51", -1);
	ui_tiles_add(&t, 28, 28, 1, p, "tabby", NULL, 1);
	ui_tiles_add(&t, 28, 28, 1, p, NULL, "unlabelled .99", 0)->numbered = true;
	for (int w = 60; w < 100; w += 39) {
		text = tiles_text(&t, &st, w, 14, UI_256);
		ck_has(text, "golden retriever");
		ck_has(text, "xlabrador retriever");
		ck_has(text, "tabby");
		ck_has(text, "unlabelled .99");
		ck_assert((strstr(text, "retriever .51") != NULL) == (w > 80));
		free(text);
	}
	st.scroll = -5; /* as nobody scrolls: from the first on */
	text = tiles_text(&t, &st, 60, 14, UI_256);
	ck_has(text, "golden retriever");
	ck_assert_int_eq(st.scroll, 0);
	free(text);
	ui_tiles_clear(&t);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("panels");
	TCase *t = tcase_create("panels");

	setlocale(LC_ALL, "C.UTF-8");
	tcase_set_timeout(t, 300);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, panel__of_any_size__writes_into_its_area_alone, 0, UI_PANES);
	tcase_add_loop_test(t, panel__of_pictures__has_all_of_them, 0, UI_PANES);
	tcase_add_loop_test(t, screen__of_odd_models__is_whole, 0, MODELS);
	tcase_add_loop_test(t, panel__after_any_key__is_drawn_within, 0, UI_PANES);
	tcase_add_loop_test(t, panel__clicked_anywhere__asks_for_what_is_there, 0, UI_PANES);
	tcase_add_test(t, plot__of_a_run_that_has_begun__says_what_goes_on);
	tcase_add_test(t, stats__of_any_width__tells_the_ends_apart);
	tcase_add_test(t, draw__by_the_mouse__draws_where_it_is_pressed);
	tcase_add_test(t, tiles__of_one_wide_map__take_the_width);
	tcase_add_test(t, tiles__of_long_names__have_two_rows);
	suite_add_tcase(s, t);
	return run_suite(s);
}
