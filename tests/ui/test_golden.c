/* test_golden.c: what each pane and each layout looks like, as golden text: at four sizes, in UTF-8 and in ASCII, with
 * and without colour. A screen stands as it is without colour, its rows followed by their looks as runs ("4-6 a1 .78
 * a1": rows 4 to 6, a cell like a, 78 plain ones, one like a; the letters are explained below); of the same screen in
 * colours the rows that differ and the looks. UPDATE=1 writes the files anew; read the difference before you keep it.
 */
#include "fixture.h"
#include "ui/layout.h"
#include "ui/screen.h"
#include "../run.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOKS 60 /* different ones on a screen that have a letter; a digit picture in colour has more, those are written out */

/* ---- a screen as text ---- */

static char *
row_text(const struct ui_canvas *c, int y)
{
	struct ui_canvas row = {c->cols, 1, c->glyphs, c->cell + (size_t)y * (size_t)c->cols, 0};

	return ui_canvas_dump(&row);
}

static void
look_text(FILE *f, struct ui_look l, enum ui_colours colours)
{
	static const char *const names[] = {"bold", "dim", "reverse"};

	for (int k = 0; k < 2; k++)
		if ((k ? l.bg : l.fg) >= 0)
			fprintf(f, colours == UI_TRUE ? " %s #%06x" : " %s %d", k ? "on" : "in", (unsigned)(k ? l.bg : l.fg));
	for (int i = 0; i < 3; i++)
		if (l.attr >> i & 1)
			fprintf(f, " %s", names[i]);
}

static bool
look_same(struct ui_look a, struct ui_look b)
{
	return a.fg == b.fg && a.bg == b.bg && a.attr == b.attr;
}

/* The runs of a row. Looks that are new are added to `seen`. */
static char *
row_runs(const struct ui_canvas *c, enum ui_colours colours, int y, struct ui_look *seen, int *nseen)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	for (int x = 0, n; x < c->cols; x += n) {
		struct ui_look l = ui_cell_look(ui_canvas_at(c, x, y), colours);
		int k = 0;

		for (n = 1; x + n < c->cols && look_same(l, ui_cell_look(ui_canvas_at(c, x + n, y), colours)); n++)
			;
		if (l.fg < 0 && l.bg < 0 && l.attr == 0) {
			if (x + n < c->cols)
				fprintf(f, " .%d", n);
			continue;
		}
		while (k < *nseen && !look_same(seen[k], l))
			k++;
		if (k == *nseen && k < LOOKS)
			seen[(*nseen)++] = l;
		if (k < LOOKS) {
			fprintf(f, " %c%d", k < 26 ? 'a' + k : k < 52 ? 'A' + k - 26 : '0' + k - 52, n);
			continue;
		}
		fprintf(f, " (");
		look_text(f, l, colours);
		fprintf(f, ")%d", n);
	}
	fclose(f);
	return text;
}

static void
looks(FILE *f, const struct ui_canvas *c, enum ui_colours colours)
{
	struct ui_look seen[LOOKS];
	int nseen = 0, from = 0;
	char *runs = NULL;

	for (int y = 0; y <= c->rows; y++) {
		char *next = y < c->rows ? row_runs(c, colours, y, seen, &nseen) : NULL;

		if (runs && (next == NULL || strcmp(runs, next) != 0)) {
			if (runs[0] && y - from > 1)
				fprintf(f, "%d-%d%s\n", from, y - 1, runs);
			else if (runs[0])
				fprintf(f, "%d%s\n", from, runs);
			from = y;
		}
		free(runs);
		runs = next;
	}
	for (int k = 0; k < nseen; k++) {
		fprintf(f, "%c:", k < 26 ? 'a' + k : k < 52 ? 'A' + k - 26 : '0' + k - 52);
		look_text(f, seen[k], colours);
		fprintf(f, "\n");
	}
}

/* One size in one glyph set, for as many colours as `most`. */
static void
screen_text(FILE *f, const struct ui_model *m, int cols, int rows, enum ui_glyphs glyphs, bool all, const char *layout, const char *panel, bool zoom)
{
	static const char *const sets[] = {"ASCII", "blocks", "UTF-8"}, *const counts[] = {"no colour", "8 colours", "256 colours", "true colours"};
	struct ui_canvas *plain = ui_canvas_new(cols, rows, glyphs), *c = ui_canvas_new(cols, rows, glyphs);
	char *text;

	ui_draw(plain, UI_MONO, m, layout, panel, zoom);
	text = ui_canvas_dump(plain);
	fprintf(f, "==== %dx%d %s %s%s%s\n%s", cols, rows, sets[glyphs], layout, panel ? " " : "", panel ? panel : "", text);
	free(text);
	for (int colours = UI_MONO; colours <= UI_TRUE; colours++) {
		if (colours != UI_MONO && colours != UI_256 && !all)
			continue;
		fprintf(f, "---- %s\n", counts[colours]);
		ui_draw(c, (enum ui_colours)colours, m, layout, panel, zoom);
		for (int y = 0; y < rows; y++) {
			char *a = row_text(plain, y), *b = row_text(c, y);

			if (strcmp(a, b) != 0)
				fprintf(f, "%d|%s", y, b);
			free(a);
			free(b);
		}
		looks(f, c, (enum ui_colours)colours);
	}
	ui_canvas_free(plain);
	ui_canvas_free(c);
}

/* ---- against what it was ---- */

static void
golden(const char *name, const char *text)
{
	char path[512], *old = NULL;
	size_t n = 0;
	FILE *f;

	snprintf(path, sizeof path, "%s/tests/golden/screens/%s.txt", getenv("top_srcdir") ? getenv("top_srcdir") : ".", name);
	if (getenv("UPDATE")) {
		f = fopen(path, "w");
		ck_assert_ptr_nonnull(f);
		fputs(text, f);
		fclose(f);
		return;
	}
	f = fopen(path, "r");
	ck_assert_msg(f != NULL, "%s is missing: UPDATE=1 writes it", path);
	ck_assert(getdelim(&old, &n, '\0', f) > 0);
	fclose(f);
	if (strcmp(old, text) != 0) {
		size_t at = 0, line = 1;

		for (; old[at] && old[at] == text[at]; at++)
			line += old[at] == '\n';
		ck_abort_msg("%s differs from line %zu on", path, line);
	}
	free(old);
}

static const int sizes[][2] = {{40, 8}, {80, 24}, {120, 40}, {200, 60}};
enum { SIZES = sizeof sizes / sizeof *sizes };

static void
every_size(FILE *f, const struct ui_model *m, const char *layout, const char *panel)
{
	for (int s = 0; s < SIZES; s++)
		for (int glyphs = UI_ASCII; glyphs <= UI_BRAILLE; glyphs++)
			if (glyphs != UI_BLOCK || s == 1)
				screen_text(f, m, sizes[s][0], sizes[s][1], (enum ui_glyphs)glyphs, s == 1, layout, panel, panel != NULL);
}

START_TEST(screen__every_pane__as_before)
{
	const char *panel = ui_panel_names[_i];
	struct ui_model m = {0};
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	fixture_fill(&m, FIXTURE_SECOND);
	every_size(f, &m, "train", panel);
	fclose(f);
	golden(panel, text);
	free(text);
	ui_model_clear(&m);
}
END_TEST

/* What has a place of its own only where it is asked for, beside the other panes of each layout. */
static const char *const beside[] = {"stats", "explain", "probe"};
enum { BESIDE = sizeof beside / sizeof *beside };

START_TEST(screen__a_pane_in_each_layout__as_before)
{
	struct ui_model m = {0};
	char *text = NULL, name[64];
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	fixture_fill(&m, FIXTURE_SECOND);
	for (int layout = 0; layout < UI_LAYOUTS; layout++)
		for (int s = 1; s < SIZES; s++)
			screen_text(f, &m, sizes[s][0], sizes[s][1], UI_BRAILLE, false, ui_layout_names[layout], beside[_i], false);
	fclose(f);
	snprintf(name, sizeof name, "%s-in-layouts", beside[_i]);
	golden(name, text);
	free(text);
	ui_model_clear(&m);
}
END_TEST

START_TEST(screen__rates__as_before)
{
	struct ui_model m = {0};
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	fixture_fill(&m, FIXTURE_SECOND);
	fixture_rates(&m.loss);
	every_size(f, &m, "train", "loss");
	fclose(f);
	golden("lrfind", text);
	free(text);
	ui_model_clear(&m);
}
END_TEST

START_TEST(screen__every_layout__as_before)
{
	const char *layout = ui_layout_names[_i];
	struct ui_model m = {0};
	char *text = NULL, name[64];
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	fixture_fill(&m, _i == 0 ? FIXTURE_FIRST : FIXTURE_DONE);
	every_size(f, &m, layout, NULL);
	ui_model_clear(&m);
	fixture_fill(&m, FIXTURE_EMPTY);
	screen_text(f, &m, 80, 24, UI_BRAILLE, false, layout, NULL, false);
	fclose(f);
	snprintf(name, sizeof name, "layout-%s", layout);
	golden(name, text);
	free(text);
	ui_model_clear(&m);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("golden");
	TCase *t = tcase_create("golden");

	tcase_set_timeout(t, 600);
	tcase_add_loop_test(t, screen__every_pane__as_before, 0, UI_PANES);
	tcase_add_loop_test(t, screen__a_pane_in_each_layout__as_before, 0, BESIDE);
	tcase_add_test(t, screen__rates__as_before);
	tcase_add_loop_test(t, screen__every_layout__as_before, 0, UI_LAYOUTS);
	suite_add_tcase(s, t);
	return run_suite(s);
}
