/* test_confusion.c: the matrix of counts: whole numbers at every size, the cell of the cursor, keys and clicks. */
#include "fixture.h"
#include "ui/screen.h"
#include "../run.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct ui_model M;
static struct ui_view V;

static void
setup(void)
{
	M = (struct ui_model){0};
	fixture_fill(&M, FIXTURE_DONE);
	ui_view_init(&V);
	V.told = M.log.total;
	ui_view_focus(&V, UI_P_confusion);
}

static void
teardown(void)
{
	ui_model_clear(&M);
}

/* Whether a word is a count of that row, whole or shortened with a sign. */
static bool
a_count(const struct ui_matrix *m, int row, const char *word)
{
	char whole[32], k[32];

	for (int i = 0; i < m->ncols; i++) {
		unsigned long long n = m->count[row * m->ncols + i];

		snprintf(whole, sizeof whole, "%llu", n);
		snprintf(k, sizeof k, "~%lluk", (n + 500) / 1000);
		if (strcmp(word, whole) == 0 || (n > 999 && strcmp(word, k) == 0) || (n > 99 && strcmp(word, "++") == 0))
			return true;
	}
	return false;
}

/* What is in the pane's inside, signs of the cursor and of what is hidden as blanks. */
static char *
inside_text(const struct ui_canvas *c, int y)
{
	static char line[4 * 300];
	struct ui_rect r = V.at.pane[UI_P_confusion];
	size_t n = 0;

	for (int x = r.x + 1; x < r.x + r.w - 1; x++) {
		const char *s = ui_canvas_at(c, x, y)->text;

		line[n++] = strlen(s) == 1 && strchr("[]", *s) == NULL ? *s : ' ';
	}
	line[n] = '\0';
	return line;
}

/* Returns how many counts of a row are in view. */
static int
row_holds(const char *line, int row, bool share)
{
	const struct ui_matrix *m = &M.confusion;
	char copy[1200], *at, *word;
	int n = 0;

	snprintf(copy, sizeof copy, "%s", line);
	word = strtok_r(copy, " ", &at);
	ck_assert_str_eq(word, m->row[row]);
	while ((word = strtok_r(NULL, " ", &at)) != NULL) {
		if (strchr(word, '.') != NULL) {
			ck_assert(share);
			continue;
		}
		ck_assert_msg(a_count(m, row, word), "%s is no count: %s", word, line);
		n++;
	}
	return n;
}

/* Returns how many rows are in view, each with so many counts. */
static int
rows_hold(const struct ui_canvas *c, int *counts)
{
	struct ui_rect r = V.at.pane[UI_P_confusion];
	int rows = 0;

	for (int y = r.y + 1; y < r.y + r.h - 1; y++) {
		const char *line = inside_text(c, y), *word = line + strspn(line, " ");
		int row = 0, names = 0;

		for (int i = 0; i < M.confusion.ncols; i++)
			names += strstr(line, M.confusion.col[i]) != NULL;
		while (row < M.confusion.nrows && (strncmp(word, M.confusion.row[row], strlen(M.confusion.row[row])) != 0 ||
		    word[strlen(M.confusion.row[row])] != ' '))
			row++;
		if (row == M.confusion.nrows || y == r.y + 1 || strncmp(word, "actual", 6) == 0 || (y == r.y + 2 && r.h > 5))
			continue;
		*counts = row_holds(line, row, true);
		rows++;
	}
	return rows;
}

static void
drawn(struct ui_canvas *c, int cols, int rows)
{
	ui_canvas_resize(c, cols, rows);
	ui_screen_draw(c, UI_MONO, &M, &V);
	ck_assert(V.at.shown[UI_P_confusion]);
}

START_TEST(confusion__2_to_10_classes__all_counts_in_view)
{
	static const int size[][2] = {{80, 24}, {120, 40}, {200, 60}};
	struct ui_canvas *c = ui_canvas_new(80, 24, UI_BRAILLE);
	int counts;

	for (int n = 2; n <= 10; n++)
		for (int s = 0; s < 3; s++)
			for (int layout = 0; layout < UI_LAYOUTS; layout++) {
				fixture_matrix(&M.confusion, n, 0, 30);
				V.layout = (enum ui_layout_name)layout;
				V.zoom = false;
				drawn(c, size[s][0], size[s][1]);
				if (V.layout == UI_L_train || s > 0)
					ck_assert_msg(rows_hold(c, &counts) == n && counts == n, "%d classes in %s at %dx%d: %d rows of %d", n,
					    ui_layout_names[layout], size[s][0], size[s][1], rows_hold(c, &counts), counts);
			}
	ui_canvas_free(c);
}
END_TEST

START_TEST(confusion__narrow__shortens_counts_and_never_cuts_them)
{
	struct ui_canvas *c = ui_canvas_new(80, 24, UI_BRAILLE);
	int counts;

	for (int n = 2; n <= 10; n++) {
		fixture_matrix(&M.confusion, n, 0, 60);
		for (int cols = UI_LEAST_COLS; cols <= 130; cols++)
			for (int rows = UI_LEAST_ROWS; rows <= 30; rows += 2) {
				V.zoom = rows % 4 == 0;
				V.zoomed = UI_P_confusion;
				drawn(c, cols, rows);
				ck_assert_msg(rows_hold(c, &counts) > 0 && counts > 0, "%d classes at %dx%d:\n%s", n, cols, rows, ui_canvas_dump(c));
			}
	}
	ui_canvas_free(c);
}
END_TEST

START_TEST(confusion__narrower__first_drops_the_share_then_whole_thousands)
{
	struct ui_canvas *c = ui_canvas_new(80, 24, UI_BRAILLE);
	int step = 0;

	V.zoom = true;
	V.zoomed = UI_P_confusion;
	for (int cols = 80; cols >= UI_LEAST_COLS; cols--) {
		char *text;
		int at;

		drawn(c, cols, 24);
		text = ui_canvas_dump(c);
		at = strstr(text, "recall") != NULL ? 0 : strstr(text, "~1k") == NULL && strstr(text, "++") == NULL ? 1 : strstr(text, "++") == NULL ? 2 : 3;
		ck_assert_msg(at == step || at == step + 1, "%d columns:\n%s", cols, text);
		if (at > 1)
			ck_assert_ptr_nonnull(strstr(text, at == 2 ? "~ rounded" : "++ >99")); /* what the sign means */
		step = at;
		free(text);
	}
	ck_assert_int_ge(step, 2);
	ui_canvas_free(c);
}
END_TEST

/* Three columns say what a count is, whatever it is. */
START_TEST(confusion__narrow__says_thousands_and_more)
{
	static const struct {
		uint64_t n;
		const char *said;
	} cases[] = {{999, "999"}, {1000, "~1k"}, {9400, "~9k"}, {9600, "10k"}, {99400, "99k"}, {99600, ".1M"}, {123456, ".1M"}, {860000, ".9M"},
	    {960000, "~1M"}, {12000000, "12M"}, {400000000, ".4G"}, {UINT64_MAX / 2, "~9E"}};
	struct ui_canvas *c = ui_canvas_new(18, 4, UI_BRAILLE);
	struct ui_panel_ctx ctx = {&M, UI_MONO, &V.pane[UI_P_confusion], false};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *text;

		fixture_matrix(&M.confusion, 4, 0, 0);
		M.confusion.count[0] = cases[i].n;
		M.confusion.count[5] = 1000; /* so that they are shortened */
		ui_canvas_clear(c);
		ui_panels[UI_P_confusion]->draw(&ctx, ui_area_all(c));
		text = ui_canvas_dump(c);
		ck_has(text, cases[i].said);
		free(text);
	}
	ui_canvas_free(c);
}
END_TEST

START_TEST(confusion__without_columns__is_none)
{
	struct ui_canvas *c = ui_canvas_new(60, 5, UI_BRAILLE);
	struct ui_panel_ctx ctx = {&M, UI_MONO, &V.pane[UI_P_confusion], true};
	struct ui_ask ask = {.row = -1};
	char *text;

	ui_matrix_clear(&M.confusion);
	ui_matrix_size(&M.confusion, 3, 0);
	ui_panels[UI_P_confusion]->draw(&ctx, ui_area_all(c));
	ui_panels[UI_P_confusion]->note(&ctx, ui_area_all(c), 0, 60);
	text = ui_canvas_dump(c);
	ck_assert_str_eq(text, "\n\n no matrix yet: confusion, or train gte5\n\n\n");
	free(text);
	ck_assert(!ui_panels[UI_P_confusion]->key(&ctx, UI_KEY_ENTER, &ask));
	ck_assert(!ui_panels[UI_P_confusion]->click(&ctx, ui_area_all(c), 3, 2, &ask));
	ck_assert_int_eq(ask.row, -1);
	ui_canvas_free(c);
}
END_TEST

/* ---- the cursor ---- */

static bool
key(int k, struct ui_ask *ask)
{
	struct ui_panel_ctx ctx = {&M, UI_MONO, &V.pane[UI_P_confusion], true};

	*ask = (struct ui_ask){0};
	return ui_panels[UI_P_confusion]->key(&ctx, k, ask);
}

START_TEST(confusion__cursor__begins_at_the_worst_pair_and_moves)
{
	struct ui_matrix *m = &M.confusion;
	struct ui_ask ask;

	fixture_matrix(m, 3, 4, 0);
	m->count[1 * 3 + 0] = 9;
	ck_assert(key(UI_KEY_ENTER, &ask) && ask.click && ask.row == 1 && ask.col == 0);
	m->count[0 * 3 + 2] = 10; /* it follows what is counted */
	ck_assert(key(UI_KEY_ENTER, &ask) && ask.row == 0 && ask.col == 2);
	ck_assert_ptr_nonnull(strstr(fixture_drawn(120, 40, &M, &V), "4 as 6: 10 of "));
	ck_assert(key(UI_KEY_DOWN, &ask) && key(UI_KEY_LEFT, &ask) && key(UI_KEY_ENTER, &ask) && ask.row == 1 && ask.col == 1);
	for (int i = 0; i < 5; i++)
		ck_assert(key(UI_KEY_DOWN, &ask) && key(UI_KEY_RIGHT, &ask));
	ck_assert(key(UI_KEY_ENTER, &ask) && ask.row == 2 && ask.col == 2);
	ck_assert(key(UI_KEY_PGUP, &ask) && key(UI_KEY_HOME, &ask) && key(UI_KEY_UP, &ask) && key(UI_KEY_ENTER, &ask) && ask.row == 0 && ask.col == 0);
	ck_assert(key('0', &ask) && key(UI_KEY_ENTER, &ask) && ask.row == 0 && ask.col == 2);
	ck_assert(key(UI_KEY_PGDN, &ask) && key(UI_KEY_END, &ask));
	fixture_matrix(m, 2, 0, 0); /* the cell is gone */
	ck_assert(key(UI_KEY_ENTER, &ask) && ask.row < 2 && ask.col < 2);
	ui_matrix_clear(m);
	ck_assert(!key(UI_KEY_ENTER, &ask) && !key(UI_KEY_DOWN, &ask));
}
END_TEST

/* A click on the sign of the cursor finds the cell that the keys are at, wherever that is. */
START_TEST(confusion__click__finds_the_cell_that_is_drawn)
{
	struct ui_canvas *c = ui_canvas_new(80, 24, UI_BRAILLE);
	struct ui_ask ask, clicked;
	static const int size[][2] = {{40, 8}, {80, 24}, {120, 40}, {200, 60}};

	for (int s = 0; s < 4; s++)
		for (int n = 2; n <= 10; n += 4)
			for (int cell = 0; cell < n * n; cell++) {
				struct ui_panel_ctx ctx = {&M, UI_MONO, &V.pane[UI_P_confusion], true};
				struct ui_rect r;
				int found = 0;

				fixture_matrix(&M.confusion, n, 0, 30);
				V.pane[UI_P_confusion].row = 1 + cell / n;
				V.pane[UI_P_confusion].col = 1 + cell % n;
				ck_assert(key(UI_KEY_ENTER, &ask) && ask.row == cell / n && ask.col == cell % n);
				drawn(c, size[s][0], size[s][1]);
				r = V.at.pane[UI_P_confusion];
				for (int y = 1; y < r.h - 1; y++)
					for (int x = 1; x < r.w - 1; x++)
						if (strcmp(ui_canvas_at(c, r.x + x, r.y + y)->text, "[") == 0) {
							clicked = (struct ui_ask){0};
							ck_assert(ui_panels[UI_P_confusion]->click(&ctx, ui_area_sub(ui_area_all(c), r.x + 1, r.y + 1, r.w - 2, r.h - 2),
							    x - 1, y - 1, &clicked));
							ck_assert(clicked.click && clicked.row == ask.row && clicked.col == ask.col);
							found++;
						}
				ck_assert_int_eq(found, 1);
			}
	ui_canvas_free(c);
}
END_TEST

/* Where the terminal draws pictures, the pane is one if its numbers can be read in it: the cursor stands on the cell, in the row and
 * column of its colour, and a click there finds it. */
START_TEST(confusion__picture__has_cursor_and_clicks_where_it_has_cells)
{
	struct ui_canvas *c = ui_canvas_new(80, 24, UI_BRAILLE);
	static const int size[][2] = {{40, 8}, {80, 24}, {120, 40}, {200, 60}};
	int drawn_as[2] = {0};

	for (int s = 0; s < 4; s++)
		for (int n = 2; n <= 10; n += 4)
			for (int cell = 0; cell < n * n; cell += n == 10 ? 7 : 1) {
				struct ui_panel_ctx ctx = {&M, UI_TRUE, &V.pane[UI_P_confusion], true};
				struct ui_ask clicked = {0};
				struct ui_rect r;
				int x = -1, y = -1, end = 0;

				fixture_matrix(&M.confusion, n, 0, 30);
				V.zoom = s < 3;
				V.zoomed = UI_P_confusion;
				V.pane[UI_P_confusion].row = 1 + cell / n;
				V.pane[UI_P_confusion].col = 1 + cell % n;
				ui_canvas_resize(c, size[s][0], size[s][1]);
				c->cell_w = 8;
				c->cell_h = 16;
				ui_screen_draw(c, UI_TRUE, &M, &V);
				r = V.at.pane[UI_P_confusion];
				for (int i = 0; i < c->ninlays; i++)
					if (c->inlay[i].matrix == &M.confusion)
						ck_assert(c->inlay[i].r.x == r.x + 1 && c->inlay[i].r.y == r.y + 1 && c->inlay[i].r.w == r.w - 2 && c->inlay[i].r.h == r.h - 2);
				drawn_as[ui_canvas_at(c, r.x + 1, r.y + 1)->inlay > 0]++;
				if (ui_canvas_at(c, r.x + 1, r.y + 1)->inlay == 0) {
					ck_assert_msg(s == 0 || n > 2, "%d classes at %dx%d", n, size[s][0], size[s][1]);
					continue;
				}
				for (int at = 0; at < (r.w - 2) * (r.h - 2); at++)
					if (strcmp(ui_canvas_at(c, r.x + 1 + at % (r.w - 2), r.y + 1 + at / (r.w - 2))->text, "[") == 0)
						x = at % (r.w - 2), y = at / (r.w - 2);
				ck_assert_int_ge(x, 0);
				while (strcmp(ui_canvas_at(c, r.x + 1 + x + end, r.y + 1 + y)->text, "]") != 0)
					end++;
				ck_assert(ui_panels[UI_P_confusion]->click(&ctx, ui_area_sub(ui_area_all(c), r.x + 1, r.y + 1, r.w - 2, r.h - 2), x + end / 2, y, &clicked));
				ck_assert_msg(clicked.row == cell / n && clicked.col == cell % n, "%d classes at %dx%d, cell %d: %d, %d", n, size[s][0], size[s][1], cell,
				    clicked.row, clicked.col);
				ck_assert(!ui_panels[UI_P_confusion]->click(&ctx, ui_area_sub(ui_area_all(c), r.x + 1, r.y + 1, r.w - 2, r.h - 2), 0, y, &clicked));
			}
	ck_assert_msg(drawn_as[0] > 0 && drawn_as[1] > 0, "%d as cells, %d as pictures", drawn_as[0], drawn_as[1]);
	ui_canvas_free(c);
}
END_TEST

/* Shaded by its share on a light and on a dark ground, each number in ink that reads on it. */
START_TEST(confusion__shades__grow_away_from_the_ground)
{
	struct ui_canvas *c = ui_canvas_new(80, 24, UI_BRAILLE);
	struct ui_matrix *m = &M.confusion;

	fixture_matrix(m, 2, 0, 0);
	m->count[1] = 30;
	for (int light = 0; light < 2; light++) {
		uint32_t shade[2] = {0};

		ui_look_theme(light ? UI_THEME_LIGHT : UI_THEME_DARK);
		V.focus = UI_P_NONE;
		ui_canvas_resize(c, 80, 24);
		ui_screen_draw(c, UI_TRUE, &M, &V);
		for (int y = 0, n = 0; y < 24 && n < 2; y++)
			for (int x = 0; x < 80 && n < 2; x++)
				if (ui_canvas_at(c, x, y)->bg != 0 && (n == 0 || (ui_canvas_at(c, x, y)->bg & 0xffffff) != shade[0]))
					shade[n++] = ui_canvas_at(c, x, y)->bg & 0xffffff;
		ck_assert_uint_ne(shade[1], 0);
		/* the first is the larger; green is most of what is seen as bright */
		if (light)
			ck_assert_uint_lt(shade[0] >> 8 & 255, shade[1] >> 8 & 255);
		else
			ck_assert_uint_gt(shade[0] >> 8 & 255, shade[1] >> 8 & 255);
	}
	ui_canvas_free(c);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("confusion");
	TCase *t = tcase_create("confusion");

	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, confusion__2_to_10_classes__all_counts_in_view);
	tcase_add_test(t, confusion__narrow__shortens_counts_and_never_cuts_them);
	tcase_add_test(t, confusion__narrower__first_drops_the_share_then_whole_thousands);
	tcase_add_test(t, confusion__narrow__says_thousands_and_more);
	tcase_add_test(t, confusion__without_columns__is_none);
	tcase_add_test(t, confusion__cursor__begins_at_the_worst_pair_and_moves);
	tcase_add_test(t, confusion__click__finds_the_cell_that_is_drawn);
	tcase_add_test(t, confusion__picture__has_cursor_and_clicks_where_it_has_cells);
	tcase_add_test(t, confusion__shades__grow_away_from_the_ground);
	suite_add_tcase(s, t);
	return run_suite(s);
}
