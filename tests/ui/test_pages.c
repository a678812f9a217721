/* test_pages.c: PgDn passes nothing over: what is seen line by line is seen page by page, in every pane that scrolls. */
#include "fixture.h"
#include "ui/mem.h"
#include "ui/screen.h"
#include "../run.h"

#include <check.h>
#include <ctype.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINES 1000

/* The lines of a pane that have been seen, each once; where a cursor moves only their first numbers. */
struct seen {
	char *line[LINES];
	int n, pages;
};

static void
seen_add(struct seen *s, const char *line, bool word)
{
	size_t from = strspn(line, " "), n = word ? strspn(line + from, "0123456789") : strlen(line + from);

	while (n > 0 && line[from + n - 1] == ' ')
		n--;
	if (strcspn(line, "0123456789abcdefghijklmnopqrstuvwxyz") == strlen(line))
		return;
	for (int i = 0; i < s->n; i++)
		if (strlen(s->line[i]) == n && strncmp(s->line[i], line + from, n) == 0)
			return;
	ck_assert_int_lt(s->n, LINES);
	s->line[s->n++] = strndup(line + from, n);
}

static void
seen_free(struct seen *s)
{
	for (int i = 0; i < s->n; i++)
		free(s->line[i]);
}

/* All that a key leads through, from the first line on. */
static void
walk(const struct ui_model *m, struct ui_view *v, enum ui_pane p, int cols, int rows, int key, struct seen *s)
{
	struct ui_panel_ctx ctx = {m, UI_MONO, &v->pane[p], true};
	struct ui_canvas *c = ui_canvas_new(cols, rows, UI_BRAILLE);
	struct ui_ask ask;
	char *before = NULL;

	ui_screen_draw(c, UI_MONO, m, v);
	if (p == UI_P_confusion)
		v->pane[p].row = v->pane[p].col = 1;
	else
		ui_panels[p]->key(&ctx, UI_KEY_HOME, &ask);
	for (;; s->pages++) {
		char *text;

		ui_screen_draw(c, UI_MONO, m, v);
		ck_assert(v->at.shown[p]);
		text = ui_canvas_dump(c);
		if (before != NULL && strcmp(before, text) == 0) {
			free(text);
			break;
		}
		free(before);
		before = text;
		for (int y = v->at.pane[p].y + 1; y < v->at.pane[p].y + v->at.pane[p].h - 1; y++) {
			char line[1024] = "";

			for (int x = v->at.pane[p].x + 1; x < v->at.pane[p].x + v->at.pane[p].w - 1; x++)
				strncat(line, ui_canvas_at(c, x, y)->text, sizeof line - strlen(line) - 1);
			seen_add(s, line, p == UI_P_confusion);
		}
		ck_assert(ui_panels[p]->key(&ctx, key, &ask));
	}
	free(before);
	ui_canvas_free(c);
}

/* Each pane has more than fits. */
static void
model_fill(struct ui_model *m)
{
	char text[64];

	fixture_fill(m, FIXTURE_SECOND);
	for (int i = 0; i < 60; i++) {
		const char *cell[UI_COLS_MAX] = {text};

		snprintf(text, sizeof text, "r%d", 100 + i);
		ui_table_add(&m->runs, cell, 0);
		snprintf(text, sizeof text, "line %d of the log", i);
		ui_log_add(&m->log, UI_PLAIN, text);
	}
	for (int i = 0; i < 12; i++) { /* maps as strips stand in their place below */
		static const float value[9] = {1, 2, 3, 4, 5, 6, 7, 8, 9};

		snprintf(text, sizeof text, "layer_%d", i);
		ui_tiles_add_map(&ui_strips_add(&m->strips, text, "3 3", false)->tiles, NULL, 3, 3, value, 1, NULL, NULL);
	}
	ui_matrix_clear(&m->confusion);
	fixture_matrix(&m->confusion, 40, 10, 3);
}

START_TEST(pgdn__in_any_pane__passes_nothing_over)
{
	static const int size[][2] = {{80, 24}, {100, 30}, {46, 24}, {60, 14}};
	static const enum ui_pane panes[] = {UI_P_maps, UI_P_filters, UI_P_activations, UI_P_digits, UI_P_stats, UI_P_explain, UI_P_probe,
	    UI_P_runs, UI_P_model, UI_P_help, UI_P_log, UI_P_confusion};
	int turned = 0;

	for (size_t k = 0; k < sizeof size / sizeof *size; k++)
		for (size_t i = 0; i <= sizeof panes / sizeof *panes; i++) {
			enum ui_pane p = panes[i % (sizeof panes / sizeof *panes)];
			struct seen lines = {0}, pages = {0};
			struct ui_model m = {0};
			struct ui_view v;

			model_fill(&m);
			if (i == 0) /* the maps of the first round are tiles */
				ui_strips_clear(&m.strips);
			ui_view_init(&v);
			v.told = m.log.total;
			ui_view_place(&v, size[k][0], size[k][1], &v.at);
			ui_view_focus(&v, p);
			if (p == UI_P_digits && !v.at.shown[p])
				v.zoom = true, v.zoomed = p;
			walk(&m, &v, p, size[k][0], size[k][1], UI_KEY_DOWN, &lines);
			walk(&m, &v, p, size[k][0], size[k][1], UI_KEY_PGDN, &pages);
			for (int l = 0; l < lines.n; l++) {
				int at = 0;

				while (at < pages.n && strcmp(lines.line[l], pages.line[at]) != 0)
					at++;
				ck_assert_msg(at < pages.n, "%s at %dx%d never shows: %s", ui_panel_names[p], size[k][0], size[k][1],
				    lines.line[l]);
			}
			ck_assert_int_le(pages.pages, lines.pages);
			turned += pages.pages > 2 && pages.pages < lines.pages;
			seen_free(&lines);
			seen_free(&pages);
			ui_model_clear(&m);
		}
	ck_assert_int_gt(turned, 16); /* there was something to turn over */
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("pages");
	TCase *t = tcase_create("pages");

	setlocale(LC_CTYPE, "C.UTF-8");
	tcase_set_timeout(t, 60);
	tcase_add_test(t, pgdn__in_any_pane__passes_nothing_over);
	suite_add_tcase(s, t);
	return run_suite(s);
}
