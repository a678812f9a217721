/* test_screen.c: screens without a terminal: cells, looks, and that layouts and borders are whole at every size. Each
 * size up to 90x30, and some of the larger ones, is drawn once, with glyphs, colours, layout, focus and state that change from one to the
 * next; SWEEP=all draws each with all of them.
 */
#include "fixture.h"
#include "ui/layout.h"
#include "ui/screen.h"
#include "../run.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- cells ---- */

static char *
dumped(struct ui_canvas *c)
{
	static char text[4096];
	char *s = ui_canvas_dump(c);

	snprintf(text, sizeof text, "%s", s);
	free(s);
	return text;
}

START_TEST(canvas__put__wide_and_combining)
{
	struct ui_canvas *c = ui_canvas_new(10, 1, UI_BRAILLE);
	struct ui_area a = ui_area_all(c);

	ck_assert_int_eq(ui_put(a, 0, 0, 0, "a語e\xcc\x81z"), 5);
	ck_assert_str_eq(dumped(c), "a語e\xcc\x81z\n");
	ck_assert_int_eq(ui_canvas_at(c, 1, 0)->width, 2);
	ck_assert_int_eq(ui_canvas_at(c, 2, 0)->width, 0);
	ui_put(a, 2, 0, 0, "x"); /* over the right half: the left one must not stay */
	ck_assert_str_eq(dumped(c), "a xe\xcc\x81z\n");
	ui_put(a, 1, 0, 0, "語");
	ui_put(a, 1, 0, 0, "y");
	ck_assert_str_eq(dumped(c), "ay e\xcc\x81z\n");
	ui_canvas_free(c);
}
END_TEST

START_TEST(canvas__put__cut_at_the_edge)
{
	struct ui_canvas *c = ui_canvas_new(6, 2, UI_BRAILLE);
	struct ui_area a = ui_area_sub(ui_area_all(c), 1, 0, 3, 1);

	ui_put(a, 0, 0, 0, "abcdef");
	ui_put(a, -2, 0, 0, "xyz");
	ui_put(a, 0, 1, 0, "below");
	ck_assert_str_eq(dumped(c), " zbc\n\n");
	ui_put(a, 0, 0, 0, "ab語"); /* half of it would not fit */
	ck_assert_str_eq(dumped(c), " abc\n\n");
	ui_put_n(a, 0, 0, 3, 0, "longer");
	ck_assert_str_eq(dumped(c), " lo…\n\n");
	ui_canvas_free(c);
}
END_TEST

START_TEST(canvas__put__hostile_text)
{
	struct ui_canvas *c = ui_canvas_new(20, 1, UI_BRAILLE);

	ui_put(ui_area_all(c), 0, 0, 0, "a\033[2J\tb\xff\xc3(\xe2\x80\xae\xed\xa0\x80");
	ck_assert_str_eq(dumped(c), "a?[2J?b?" "?(" "??" "?\n");
	ui_canvas_clear(c);
	for (int i = 0; i < 40; i++) /* marks without end */
		ui_put(ui_area_all(c), 0, 0, 0, "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81");
	ck_assert_uint_lt(strlen(ui_canvas_at(c, 0, 0)->text), 16);
	ui_canvas_free(c);
}
END_TEST

START_TEST(canvas__put__ascii_alone)
{
	struct ui_canvas *c = ui_canvas_new(20, 1, UI_ASCII);

	ui_put(ui_area_all(c), 0, 0, 0, "→❄✓語é━x\xcc\x81");
	ck_assert_str_eq(dumped(c), ">*+??" "?=x\n");
	ui_canvas_free(c);
}
END_TEST

START_TEST(look__colour__nearest)
{
	struct ui_cell cell = {"x", UI_GREY(128), UI_RGB(255, 0, 0), 1, UI_PLAIN};

	ck_assert_int_eq(ui_cell_look(&cell, UI_TRUE).fg, 0x808080);
	ck_assert_int_eq(ui_cell_look(&cell, UI_256).fg, 244);
	ck_assert_int_eq(ui_cell_look(&cell, UI_256).bg, 196);
	cell.fg = UI_RGB(49, 45, 41); /* as near to nothing as a map has it: no dark red, but a grey */
	cell.bg = UI_RGB(115, 67, 19);
	ck_assert_int_eq(ui_cell_look(&cell, UI_256).fg, 236);
	ck_assert_int_eq(ui_cell_look(&cell, UI_256).bg, 94);
	cell.fg = UI_GREY(128);
	cell.bg = UI_RGB(255, 0, 0);
	ck_assert_int_eq(ui_cell_look(&cell, UI_8).bg, 1);
	ck_assert_int_eq(ui_cell_look(&cell, UI_MONO).fg, -1);
	ck_assert_int_eq(ui_cell_look(&cell, UI_MONO).bg, -1);
}
END_TEST

/* ---- every size ---- */

/* Check notes every ck_assert that holds in a file, which is too slow for millions. */
#define HOLDS(condition, ...) \
	do { \
		if (!(condition)) \
			ck_abort_msg(__VA_ARGS__); \
	} while (0)

static bool
inside(struct ui_rect r, int cols, int rows)
{
	return r.x >= 0 && r.y >= 0 && r.w >= 0 && r.h >= 0 && r.x + r.w <= cols && r.y + r.h <= rows;
}

/* Insides apart: frames may share a border, nothing more. */
static bool
apart(struct ui_rect a, struct ui_rect b)
{
	return a.x + a.w - 1 <= b.x || b.x + b.w - 1 <= a.x || a.y + a.h - 1 <= b.y || b.y + b.h - 1 <= a.y;
}

static void
check_layout(int cols, int rows, enum ui_layout_name name, enum ui_pane extra, enum ui_pane zoom)
{
	struct ui_layout l;

	ui_layout(cols, rows, name, extra, zoom, &l);
	HOLDS(inside(l.header, cols, rows) && inside(l.prompt, cols, rows), "%s", "inside(l.header, cols, rows) && inside(l.prompt, cols, rows)");
	HOLDS(l.small == (cols < UI_LEAST_COLS || rows < UI_LEAST_ROWS), "%dx%d", cols, rows);
	for (int p = 0; p < UI_PANES; p++) {
		if (!l.shown[p])
			continue;
		HOLDS(!l.small && inside(l.pane[p], cols, rows) && l.pane[p].w >= 3 && l.pane[p].h >= 3, "%dx%d layout %d pane %d", cols, rows, name, p);
		HOLDS(l.pane[p].y >= 1 && l.pane[p].y + l.pane[p].h <= l.prompt.y, "%s", "l.pane[p].y >= 1 && l.pane[p].y + l.pane[p].h <= l.prompt.y");
		for (int q = 0; q < p; q++)
			HOLDS(!l.shown[q] || apart(l.pane[p], l.pane[q]), "%dx%d layout %d: panes %d and %d overlap", cols, rows, name, p, q);
	}
	if (!l.small && extra != UI_P_NONE)
		HOLDS(l.shown[extra] || zoom != UI_P_NONE, "%dx%d layout %d: pane %d asked for and not shown", cols, rows, name, extra);
	if (!l.small && zoom != UI_P_NONE)
		HOLDS(l.shown[zoom], "%s", "l.shown[zoom]");
}

START_TEST(layout__all_sizes__nothing_overlaps)
{
	for (int rows = 1; rows <= 100; rows++)
		for (int cols = 1; cols <= 300; cols++)
			for (int name = 0; name < UI_LAYOUTS; name++) {
				check_layout(cols, rows, name, UI_P_NONE, UI_P_NONE);
				check_layout(cols, rows, name, UI_P_runs, UI_P_NONE);
				check_layout(cols, rows, name, UI_P_help, UI_P_NONE);
				check_layout(cols, rows, name, UI_P_NONE, UI_P_loss);
			}
}
END_TEST

START_TEST(layout__order__panes_leave_one_by_one)
{
	static const enum ui_pane order[] = {UI_P_digits, UI_P_log, UI_P_accuracy};
	struct ui_layout l;
	int left = 0;

	for (int rows = 40; rows >= UI_LEAST_ROWS; rows--) {
		ui_layout(80, rows, UI_L_train, UI_P_NONE, UI_P_NONE, &l);
		HOLDS(l.shown[UI_P_model] && l.shown[UI_P_loss], "%s", "l.shown[UI_P_model] && l.shown[UI_P_loss]");
		for (int i = 0; i < 3; i++) {
			if (!l.shown[order[i]] && i >= left)
				left = i + 1;
			HOLDS(l.shown[order[i]] == (i >= left), "80x%d", rows);
		}
	}
	ck_assert_int_eq(left, 3);
}
END_TEST

/* A panel is a line in panels.def: where no layout places it, the focus brings it into view. */
START_TEST(focus__every_name__brings_its_pane_into_view)
{
	for (int p = 0; p < UI_PANES; p++) {
		ck_assert_str_eq(ui_focus_names[p], ui_panel_names[p]);
		for (int name = 0; name < UI_LAYOUTS; name++) {
			struct ui_view v;

			ui_view_init(&v);
			ui_layout(80, 24, name, v.extra, UI_P_NONE, &v.at);
			ui_view_focus(&v, p);
			ui_layout(80, 24, name, v.extra, UI_P_NONE, &v.at);
			ck_assert_msg(v.at.shown[p] || !ui_layout_on_demand(p), "%s in %s", ui_panel_names[p], ui_layout_names[name]);
		}
	}
	ck_assert_str_eq(ui_focus_names[UI_PANES], "prompt");
	ck_assert_ptr_null(ui_focus_names[UI_PANES + 1]);
	ck_assert_ptr_null(ui_panel_names[UI_PANES]);
	ck_assert_ptr_null(ui_layout_names[UI_LAYOUTS]);
}
END_TEST

/* A sign of a frame, as the glyph sets have them. */
static bool
is_line(const struct ui_cell *c)
{
	static const char *const signs[] = {"│", "├", "┤", "┬", "┴", "┼", "╭", "╮", "╰", "╯", "─", "|", "+", "-"};

	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (strcmp(c->text, signs[i]) == 0)
			return c->style == UI_S_BORDER || c->style == UI_S_FOCUS;
	return false;
}

/* Corners and sides of every frame are there, and every row and column begins and ends as it should: wide characters
 * are whole. */
static void
check_screen(const struct ui_canvas *c, const struct ui_view *v)
{
	for (int p = 0; p < UI_PANES; p++) {
		struct ui_rect r = v->at.pane[p];

		if (!v->at.shown[p])
			continue;
		HOLDS(inside(r, c->cols, c->rows), "%dx%d pane %d is outside", c->cols, c->rows, p);
		if (v->at.bare)
			continue;
		/* A box of candidates, or with an error, lies over the panes and has a frame of its own. */
		for (int y = r.y; y < r.y + r.h && v->candidates == NULL && !v->answer; y++)
			HOLDS(is_line(ui_canvas_at(c, r.x, y)) && is_line(ui_canvas_at(c, r.x + r.w - 1, y)), "%dx%d layout %d pane %d row %d: no border",
			    c->cols, c->rows, v->layout, p, y);
		for (int k = 0; k < 2 && v->candidates == NULL && !v->answer; k++) { /* titles and keys leave a cell beside each corner */
			int y = k ? r.y + r.h - 1 : r.y;

			HOLDS(is_line(ui_canvas_at(c, r.x + 1, y)) && is_line(ui_canvas_at(c, r.x + r.w - 2, y)), "%dx%d layout %d pane %d row %d: a corner alone",
			    c->cols, c->rows, v->layout, p, y);
		}
	}
	for (int y = 0; y < c->rows; y++)
		for (int x = 0; x < c->cols; x++) {
			const struct ui_cell *cell = ui_canvas_at(c, x, y);

			HOLDS(cell->width == 1 || (cell->width == 2 && x + 1 < c->cols && cell[1].width == 0) || (cell->width == 0 && x > 0 && cell[-1].width == 2),
			    "%dx%d: half of a wide character at %d, %d", c->cols, c->rows, x, y);
		}
	HOLDS(v->cursor_x >= 0 && v->cursor_x < c->cols && v->cursor_y >= 0 && v->cursor_y < c->rows, "%dx%d: the cursor is outside", c->cols, c->rows);
}

/* What a screen is drawn of besides its size. */
struct sweep {
	int glyphs, colours, layout, focus, zoom, state, box;
};

static void
sweep_draw(struct ui_canvas *c, struct ui_model *models, const struct ui_candidates *box, int cols, int rows, const struct sweep *w, int turn)
{
	struct ui_view v;

	ui_canvas_resize(c, cols, rows);
	c->glyphs = (enum ui_glyphs)w->glyphs;
	ui_view_init(&v);
	v.layout = (enum ui_layout_name)w->layout;
	v.zoom = w->zoom;
	v.zoomed = UI_P_loss;
	v.told = turn % 3 == 0 ? 0 : models[w->state].log.total;
	if (turn % 4 == 1)
		ui_log_answer(&v.pane[UI_P_log], &models[w->state].log, 0);
	ui_view_focus(&v, w->focus < UI_PANES ? (enum ui_pane)w->focus : UI_P_NONE);
	v.candidates = w->box ? box : NULL;
	v.prompt.prompt = "thaw> ";
	v.prompt.text = "train gte5 語語 epochs=5 and more than fits";
	v.prompt.point = turn % 40;
	while ((v.prompt.text[v.prompt.point] & 0xc0) == 0x80)
		v.prompt.point++;
	ui_screen_draw(c, (enum ui_colours)w->colours, &models[w->state], &v);
	check_screen(c, &v);
}

/* One loop: each size in one of the ways, a different one from size to size. */
static void
sweep_turns(struct ui_canvas *c, struct ui_model *models, const struct ui_candidates *box, bool coarse)
{
	int step = coarse ? 7 : 3, turn = 0;

	for (int rows = 1; rows <= 100; rows += rows < 30 ? 1 : step)
		for (int cols = 1; cols <= 300; cols += cols < 90 && !coarse ? 1 : step, turn++)
			sweep_draw(c, models, box, cols, rows, &(struct sweep){turn % 3, turn / 3 % 4, turn % UI_LAYOUTS, turn % (UI_PANES + 5),
			    turn % 7 == 6, turn % 5 % 4, turn % 11 == 10}, turn);
}

/* Every size in every way. */
static void
sweep_all(struct ui_canvas *c, struct ui_model *models, const struct ui_candidates *box)
{
	struct sweep w;

	for (int rows = 1; rows <= 100; rows++)
		for (int cols = 1; cols <= 300; cols++)
			for (w.layout = 0; w.layout < UI_LAYOUTS; w.layout++)
				for (w.focus = 0; w.focus <= UI_PANES; w.focus++)
					for (w.zoom = 0; w.zoom < 2; w.zoom++)
						for (w.glyphs = 0; w.glyphs < 3; w.glyphs++) {
							w.colours = (cols + w.focus) % 4;
							w.state = (cols + rows + w.layout) % 4;
							w.box = (cols + rows) % 5 == 0;
							sweep_draw(c, models, box, cols, rows, &w, cols);
						}
}

START_TEST(screen__all_sizes__whole_borders)
{
	struct ui_model models[4] = {{0}};
	struct ui_candidates box = {0};
	struct ui_canvas *c = ui_canvas_new(300, 100, UI_BRAILLE);
	char name[32];

	for (int i = 0; i < 4; i++) {
		fixture_fill(&models[i], (enum fixture_state)i);
		ui_log_add(&models[i].log, UI_PLAIN, "語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語");
	}
	for (int i = 0; i < 40; i++) {
		snprintf(name, sizeof name, "candidate%d", i);
		ui_candidates_add(&box, name, i % 2 ? "a word about it" : NULL);
	}
	if (getenv("SWEEP"))
		sweep_all(c, models, &box);
	else
		sweep_turns(c, models, &box, getenv("sanitized") && strcmp(getenv("sanitized"), "no") != 0);
	ui_candidates_clear(&box);
	ui_canvas_free(c);
	for (int i = 0; i < 4; i++)
		ui_model_clear(&models[i]);
}
END_TEST

START_TEST(screen__80x24__shows_what_it_must)
{
	struct ui_model m = {0};
	struct ui_canvas *c = ui_canvas_new(80, 24, UI_BRAILLE);
	static const char *const must[] = {"total", "600,165", "trainable", "590,597", "non-trainable", "9,568", "loss", "accuracy", "train 0.", "thaw>",
		"117/240", "Epoch 2/5", "0 ✓", "3 ✓", "1 ✓", "4✗5", "2 ✓", "❄ conv2d", "epoch 3/5"};
	char *text;

	fixture_fill(&m, FIXTURE_SECOND);
	ui_draw(c, UI_256, &m, "train", NULL, false);
	text = ui_canvas_dump(c);
	for (size_t i = 0; i < sizeof must / sizeof *must; i++)
		ck_assert_msg(strstr(text, must[i]) != NULL, "80x24 lacks \"%s\":\n%s", must[i], text);
	free(text);
	ui_canvas_free(c);
	ui_model_clear(&m);
}
END_TEST

START_TEST(header__idle__as_many_hints_as_fit)
{
	struct ui_model m = {0};
	struct ui_view v;

	m.progress = -1;
	ui_view_init(&v);
	ui_string(&m.headline, "gte5 → lt5  ❄ features");
	ui_string(&m.status, "trainable 590,597 of 600,165");
	for (int cols = 60, before = 0; cols < 110; cols++) {
		const char *text = fixture_drawn(cols, 24, &m, &v);
		int hints = (strstr(text, "  help") != NULL) + (strstr(text, "  C-x o panes  help") != NULL) + (strstr(text, "  Tab completes  C-x o panes  help") != NULL);

		ck_assert_msg(hints >= before && (cols > 60 || hints == 0) && (cols != 80 || hints == 2) && (cols < 100 || hints == 3), "%d: %s", cols, text);
		before = hints;
	}
	ui_model_clear(&m);
}
END_TEST

START_TEST(keys__of_a_pane__stand_on_its_own_border)
{
	struct ui_model m = {0};
	struct ui_view v;
	const char *text, *title, *end, *keys;

	fixture_fill(&m, FIXTURE_SECOND);
	for (int cols = 80; cols <= 200; cols += 40)
		for (int p = UI_P_model; p <= UI_P_log; p++) {
			ui_view_init(&v);
			ui_view_focus(&v, (enum ui_pane)p);
			text = fixture_drawn(cols, 40, &m, &v);
			title = strstr(text, ui_panel_names[p]);
			ck_assert_ptr_nonnull(title);
			keys = strstr(text, p == UI_P_log ? "PgUp PgDn" : p == UI_P_loss || p == UI_P_accuracy ? "y log" : "arrows");
			ck_assert_msg(keys != NULL, "%s at %d:\n%s", ui_panel_names[p], cols, text);
			end = strchr(title, '\n');
			if (p == UI_P_draw && cols == 80) /* which has no room there, and is zoomed */
				ck_assert_ptr_nonnull(strstr(text, "Space pen"));
			else if (ui_panels[p]->keys_whole) /* all of them, so that they may also stand where a neighbour's border is free */
				ck_assert_msg(strstr(text, ui_panels[p]->keys) != NULL, "%s at %d", ui_panel_names[p], cols);
			else if (v.at.pane[p].y + v.at.pane[p].h < 39) /* not the lowest: its lower border is a neighbour's */
				ck_assert_msg(keys > title && keys < end, "%s at %d:\n%s", ui_panel_names[p], cols, text);
		}
	ui_model_clear(&m);
}
END_TEST

START_TEST(beamer__has__no_chrome_and_large_figures)
{
	struct ui_model m = {0};
	struct ui_view v;
	const char *text;

	fixture_fill(&m, FIXTURE_DONE);
	ui_view_init(&v);
	v.layout = UI_L_beamer;
	v.told = m.log.total;
	text = fixture_drawn(120, 40, &m, &v);
	ck_assert(v.at.bare && !v.at.shown[UI_P_log] && !v.at.shown[UI_P_model]);
	ck_assert_ptr_null(strstr(text, "╭"));
	ck_assert_ptr_null(strstr(text, "Tab completes"));
	ck_assert_ptr_nonnull(strstr(text, "██████  ")); /* a stroke of a digit of three columns */
	v.focus = UI_P_loss; /* which pane takes the keys is seen here too */
	text = fixture_drawn(120, 40, &m, &v);
	ck_assert_ptr_nonnull(strstr(text, "╭"));
	ui_model_clear(&m);
}
END_TEST

/* Where a pane shows a part, its border says how much, and how the rest is seen. */
START_TEST(pane__with_a_part_in_view__says_so)
{
	struct ui_model m = {0};
	struct ui_view v;
	const char *text;

	fixture_fill(&m, FIXTURE_SECOND);
	ui_view_init(&v);
	v.layout = UI_L_inspect;
	text = fixture_drawn(80, 24, &m, &v);
	ck_assert_ptr_null(strstr(text, " shown"));
	for (int i = 0; i < 30; i++)
		ui_table_add(&m.runs, (const char *const[]){"r9", "lt5", "5", "", "0", "0", "0", "0"}, 0);
	text = fixture_drawn(80, 24, &m, &v);
	ck_assert_msg(strstr(text, " of 32; focus runs ") != NULL, "%s", text);
	ui_view_focus(&v, UI_P_runs);
	text = fixture_drawn(80, 24, &m, &v);
	ck_assert_msg(strstr(text, " of 32 ") != NULL && strstr(text, "; focus") == NULL, "%s", text);
	ui_view_focus(&v, UI_P_NONE);
	m.runs.besides = 100;
	ui_string(&m.runs.title, "`runs` lists all");
	text = fixture_drawn(120, 40, &m, &v);
	ck_assert_ptr_nonnull(strstr(text, "`runs` lists all, "));
	ck_assert_ptr_nonnull(strstr(text, " of 132"));
	for (int i = 0; i < 30; i++) /* more layers with weights than there are rows */
		ui_table_add(&m.layers, (const char *const[]){"dense", "5", "645"}, 0);
	text = fixture_drawn(80, 24, &m, &v);
	ck_assert_msg(strstr(text, " of 42; focus model ") != NULL, "%s", text);
	m.digits.said = true; /* an answer */
	m.digits.besides = 40;
	text = fixture_drawn(120, 40, &m, &v);
	ck_assert_ptr_nonnull(strstr(text, "1 of 12 wrong, "));
	ck_assert_ptr_nonnull(strstr(text, " of 52 shown; focus digits "));
	ui_view_focus(&v, UI_P_help);
	v.zoom = true;
	v.zoomed = UI_P_help;
	ck_assert_ptr_nonnull(strstr(fixture_drawn(80, 14, &m, &v), " shown "));
	ui_model_clear(&m);
}
END_TEST

START_TEST(words__without_room__are_whole)
{
	struct ui_canvas *c = ui_canvas_new(40, 6, UI_BRAILLE);
	struct ui_area a = ui_area_all(c);
	struct ui_model m = {0};
	struct ui_view v;
	const char *text;

	ui_put_n(a, 0, 0, 30, UI_PLAIN, "bit-identical: no weight moved, not one");
	ui_put_n(a, 0, 1, 20, UI_PLAIN, "bit-identical: no weight moved");
	ui_put_n(a, 0, 2, 10, UI_PLAIN, "bit-identical");
	ui_put_items(a, 0, 3, 20, UI_PLAIN, "mean -0.00012  std 0.0151");
	ck_assert_int_eq(ui_put_rows(a, 0, 4, 14, 2, UI_PLAIN, "bit-identical: no weight moved"), 2);
	ck_assert_str_eq(dumped(c), "bit-identical: no weight…\nbit-identical: no…\nbit-ident…\nmean -0.00012\nbit-identical:\nno weight…\n");
	ui_canvas_free(c);
	/* the header has the sign of what is frozen as long as there is room for that */
	fixture_fill(&m, FIXTURE_SECOND);
	ui_view_init(&v);
	ui_string(&m.headline, "gte5 → lt5  ❄ features");
	text = fixture_drawn(40, 8, &m, &v);
	ck_assert_msg(strstr(text, "gte5 → lt5  ❄ ") != NULL && strstr(text, "…") == NULL, "%s", text);
	ui_model_clear(&m);
}
END_TEST

START_TEST(header__without_room__says_how_far_before_how_long)
{
	struct ui_model m = {0};
	struct ui_view v;
	const char *text;

	fixture_fill(&m, FIXTURE_SECOND);
	ui_view_init(&v);
	ui_string(&m.headline, "gte5");
	ui_string(&m.activity, "sweep");
	ui_string(&m.eta, "7 of 18 trials, 12m left");
	text = fixture_drawn(60, 24, &m, &v);
	ck_assert_msg(strstr(text, "7 of 18 trials, 12m left") != NULL, "%s", text);
	text = fixture_drawn(40, 8, &m, &v);
	ck_assert_msg(strstr(text, "sweep 7 of 18 trials\n") != NULL, "%s", text);
	ui_model_clear(&m);
}
END_TEST

START_TEST(table__without_room__keeps_what_matters)
{
	struct ui_model m = {0};
	struct ui_view v;
	const char *text;

	fixture_fill(&m, FIXTURE_SECOND);
	ui_view_init(&v);
	v.layout = UI_L_inspect;
	text = fixture_drawn(80, 24, &m, &v);
	ck_assert_ptr_nonnull(strstr(text, "8 layers without parameters"));
	ck_assert_ptr_null(strstr(text, "flatten"));
	ck_assert_ptr_nonnull(strstr(text, "frozen "));
	ck_assert_ptr_null(strstr(text, "val_acc"));
	text = fixture_drawn(200, 60, &m, &v);
	ck_assert_ptr_null(strstr(text, "without parameters"));
	ck_assert_ptr_nonnull(strstr(text, "val_acc"));
	for (int i = 0; i < 60; i++) { /* the newest are in view until they are scrolled */
		char name[16];

		snprintf(name, sizeof name, "r%d.", i + 3);
		ui_table_add(&m.runs, (const char *const[]){name, "lt5", "1", "-", "", "", "", ""}, 0);
	}
	text = fixture_drawn(80, 24, &m, &v);
	ck_assert(strstr(text, "r62.") != NULL && strstr(text, "r40.") == NULL);
	v.pane[UI_P_runs].scroll = 1000;
	text = fixture_drawn(80, 24, &m, &v);
	ck_assert(strstr(text, "r62.") == NULL && strstr(text, " r1 ") != NULL);
	ui_model_clear(&m);
}
END_TEST

START_TEST(keys__of_a_pane__leave_the_next_title_whole)
{
	struct ui_model m = {0};
	struct ui_view v;
	const char *text;

	fixture_fill(&m, FIXTURE_FIRST);
	ui_view_init(&v);
	for (int cols = 60; cols <= 130; cols++) {
		v.focus = UI_P_loss;
		text = fixture_drawn(cols, 24, &m, &v);
		ck_assert_msg(strstr(text, " accuracy ") != NULL && strstr(text, "y log") != NULL, "%s", text);
	}
	ui_model_clear(&m);
}
END_TEST

START_TEST(digits__note__counts_what_is_in_view)
{
	struct ui_model m = {0};
	struct ui_view v;

	fixture_fill(&m, FIXTURE_SECOND); /* 12, five in view */
	ui_view_init(&v);
	m.digits.tile[3].mark = m.digits.tile[11].mark = -1;
	ck_assert_ptr_nonnull(strstr(fixture_drawn(80, 24, &m, &v), "1 of 5 wrong"));
	v.pane[UI_P_digits].scroll = 2; /* to the last two */
	ck_assert_ptr_nonnull(strstr(fixture_drawn(80, 24, &m, &v), "1 of 2 wrong"));
	for (size_t i = 0; i < m.digits.n; i++)
		m.digits.tile[i].mark = 0;
	ui_string(&m.digits.note, "not trained yet");
	ck_assert_ptr_nonnull(strstr(fixture_drawn(80, 24, &m, &v), "not trained yet"));
	ui_model_clear(&m);
}
END_TEST

START_TEST(curves__title__has_the_runs_in_view)
{
	struct ui_model m = {0};
	struct ui_view v;

	fixture_fill(&m, FIXTURE_SECOND);
	ui_view_init(&v);
	ck_assert_ptr_nonnull(strstr(fixture_drawn(80, 24, &m, &v), "─ loss ─"));
	ui_string(&m.loss.which, "r3-r8"); /* there are more */
	ck_assert_ptr_nonnull(strstr(fixture_drawn(80, 24, &m, &v), "─ loss r3-r8 ─"));
	ck_assert_ptr_nonnull(strstr(fixture_drawn(80, 24, &m, &v), "val 0.0191 ─"));
	v.pane[UI_P_loss].plot.span = 1;
	ck_assert_ptr_nonnull(strstr(fixture_drawn(80, 24, &m, &v), "─ loss r2 lt5 ─"));
	ui_model_clear(&m);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("screen");
	TCase *t = tcase_create("screen");

	tcase_set_timeout(t, 600);
	tcase_add_test(t, canvas__put__wide_and_combining);
	tcase_add_test(t, canvas__put__cut_at_the_edge);
	tcase_add_test(t, canvas__put__hostile_text);
	tcase_add_test(t, canvas__put__ascii_alone);
	tcase_add_test(t, look__colour__nearest);
	tcase_add_test(t, layout__all_sizes__nothing_overlaps);
	tcase_add_test(t, layout__order__panes_leave_one_by_one);
	tcase_add_test(t, focus__every_name__brings_its_pane_into_view);
	tcase_add_test(t, screen__all_sizes__whole_borders);
	tcase_add_test(t, screen__80x24__shows_what_it_must);
	tcase_add_test(t, header__idle__as_many_hints_as_fit);
	tcase_add_test(t, keys__of_a_pane__leave_the_next_title_whole);
	tcase_add_test(t, keys__of_a_pane__stand_on_its_own_border);
	tcase_add_test(t, table__without_room__keeps_what_matters);
	tcase_add_test(t, beamer__has__no_chrome_and_large_figures);
	tcase_add_test(t, pane__with_a_part_in_view__says_so);
	tcase_add_test(t, words__without_room__are_whole);
	tcase_add_test(t, header__without_room__says_how_far_before_how_long);
	tcase_add_test(t, digits__note__counts_what_is_in_view);
	tcase_add_test(t, curves__title__has_the_runs_in_view);
	suite_add_tcase(s, t);
	return run_suite(s);
}
