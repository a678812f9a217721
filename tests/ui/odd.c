/* odd.c: models at the edge of what they may hold. */
#include "odd.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONG "a name of more words than any pane of a terminal has room for 語語語語語語語語語語語語語語語語語語語語"

static char *
named(enum odd_kind kind, const char *name)
{
	return kind == ODD_BARE ? NULL : strdup(kind == ODD_LONG ? LONG : name);
}

static void
charts(struct ui_model *m, enum odd_kind kind)
{
	static const double wild[] = {NAN, 1e300, -1e300, INFINITY, 0, 1e-300, -INFINITY, 3, 3, 3};

	for (int k = 0; k < 2; k++) {
		struct ui_chart *c = k ? &m->accuracy : &m->loss;

		c->title = named(kind, "curve");
		c->xlabel = named(kind, "epoch");
		c->ylabel = named(kind, "curve");
		c->note = named(kind, "note");
		c->which = named(kind, "r1-r3");
		c->unit = k == 1;
		c->logy = kind == ODD_WILD && k == 0;
		c->xend = kind == ODD_WILD ? INFINITY : 0;
		for (int i = 0; i < (kind == ODD_BARE ? 1 : 4); i++) {
			struct ui_series *s = ui_chart_add(c, kind == ODD_BARE ? NULL : kind == ODD_LONG ? LONG : "curve", (enum ui_line)(i % UI_LINES), i);

			s->of = kind == ODD_LONG && i == 2 ? strdup(LONG) : NULL;
			s->apart = i == 2;
			if (kind == ODD_BARE)
				ui_series_point(s, 1, .5);
			for (int j = 0; kind != ODD_BARE && j < 40; j++)
				ui_series_point(s, kind == ODD_WILD && j == 7 ? NAN : j / 4., kind == ODD_WILD ? wild[j % 10] : fabs(sin(j)) * (i == 2 ? 1e4 : 1));
		}
		for (int i = 0; i < (kind == ODD_BARE ? 1 : 3); i++) {
			struct ui_rule *r = ui_chart_rule(c, kind == ODD_WILD && i == 1 ? NAN : i * 3, NULL);

			r->label = i == 2 ? strdup("") : named(kind, "r1 gte5");
		}
	}
}

static void
tiles(struct ui_tiles *t, enum odd_kind kind)
{
	uint8_t p[28 * 28 * 3];
	int n = kind == ODD_BARE ? 1 : 30;

	memset(p, kind == ODD_BARE ? 0 : 99, sizeof p);
	t->title = named(kind, "pictures");
	t->note = named(kind, "note");
	for (int i = 0; i < n; i++) { /* not all of one size, and not all grey */
		int side = kind == ODD_WILD ? i % 3 == 0 ? 1 : 28 : 28;
		char *label = named(kind, "7"), *caption = named(kind, "9 .51");

		if (i % 2 == 0)
			p[28 * 14 + 14] = (uint8_t)i;
		ui_tiles_add(t, side, kind == ODD_WILD && i == 5 ? 9 : side, i % 4 == 3 ? 3 : 1, p, label, caption, kind == ODD_BARE ? 0 : i % 3 - 1)->id = i;
		t->tile[i].numbered = i % 2;
		free(label);
		free(caption);
	}
}

static void
maps(struct ui_tiles *t, enum odd_kind kind, bool whole)
{
	static const float wild[] = {NAN, INFINITY, -INFINITY, 1e30f, -1e30f, 0, 1e-30f, 3, 3};
	int n = kind == ODD_BARE ? 1 : 20;
	char name[64];

	t->title = named(kind, "maps");
	t->note = named(kind, "note");
	t->whole = whole;
	ui_scale_fit(&t->scale, kind == ODD_BARE ? UI_MAP_AMOUNT : UI_MAP_SIGNED, wild, 9, 1);
	t->scale.label = named(kind, "weight, of which no more is said");
	for (int i = 0; i < n; i++) {
		snprintf(name, sizeof name, kind == ODD_LONG ? "channel %d of many" : "%d", i);
		ui_tiles_add_map(t, NULL, 3, 3, wild, 1, kind == ODD_BARE || i % 5 == 4 ? NULL : name, NULL);
	}
}

static void
strips(struct ui_strips *s, enum odd_kind kind)
{
	static const float value[64] = {-1, 1, NAN, 3};
	static const int size[][2] = {{1, 64}, {2, 32}, {4, 16}, {8, 8}, {64, 1}, {1, 1}};

	s->title = named(kind, "strips");
	s->note = named(kind, "note");
	for (int i = 0; i < (kind == ODD_BARE ? 1 : 6); i++) {
		struct ui_strip *x = ui_strips_add(s, kind == ODD_LONG ? LONG : "conv2d", kind == ODD_BARE ? NULL : kind == ODD_LONG ? LONG : "26 26 32", i % 2);

		ui_scale_fit(&x->tiles.scale, i % 2 ? UI_MAP_SIGNED : UI_MAP_AMOUNT, value, 4, 1);
		for (int k = 0; k < (kind == ODD_LONG ? 30 : 1); k++)
			ui_tiles_add_map(&x->tiles, NULL, size[i][0], size[i][1], value, 1, NULL, NULL);
	}
	if (kind == ODD_BARE)
		return;
	ui_strips_add(s, "nothing", NULL, false);
	ui_strips_add(s, "said", NULL, true)->say = strdup(kind == ODD_LONG ? LONG LONG : "bit-identical");
	for (int k = 0; k < 4; k++)
		ui_strip_bar(k == 0 ? ui_strips_add(s, "bars", "5", false) : &s->strip[s->n - 1], "7", ".5", (double[]){NAN, .9, .001, 0}[k], k - 1);
}

static void
histograms(struct ui_histograms *t, enum odd_kind kind)
{
	static const double range[][2] = {{-1, 1}, {0, 0}, {2, 3}, {-3, -2}, {NAN, NAN}, {-1e300, 1e-300}, {-1, 1e6}};
	uint64_t count[600];

	t->title = named(kind, "stats");
	t->note = named(kind, "note");
	for (int i = 0; i < (kind == ODD_BARE ? 1 : kind == ODD_LONG ? 3 : 7); i++) {
		struct ui_histogram *h;

		for (int k = 0; k < 600; k++)
			count[k] = i == 3 ? 0 : (uint64_t)k % 7;
		h = ui_histograms_add(t, kind == ODD_LONG ? LONG : "dense", kind == ODD_BARE ? NULL : kind == ODD_LONG ? LONG : "kernel", i % 2, range[i][0], range[i][1],
		    kind == ODD_LONG ? 600 : i == 4 ? 0 : 1 + i, count);
		for (int k = 0; kind != ODD_BARE && k < UI_HISTOGRAM_TEXTS - i % 3; k++)
			h->text[k] = named(kind, "mean 0  std 1");
		h->warn = i % 3 == 1 ? strdup("all are NaN") : NULL;
	}
}

static void
estimates(struct ui_estimates *t, enum odd_kind kind)
{
	static const double wild[] = {NAN, 1e300, -1e300, 0, 1e-300, INFINITY};

	t->axis = strdup("share"); /* it is always named */
	t->title = named(kind, "probe");
	t->note = named(kind, "note");
	t->kind[0] = kind == ODD_LONG ? strdup("linear") : NULL;
	t->kind[1] = kind == ODD_LONG ? strdup("knn") : NULL;
	t->n = kind == ODD_BARE ? 1 : 24;
	t->row = calloc((size_t)t->n, sizeof *t->row);
	for (int i = 0; i < t->n; i++)
		t->row[i] = (struct ui_estimate){.name = named(kind, "layer"), .text = i % 5 == 4 ? NULL : named(kind, "0.5"),
		    .mean = kind == ODD_WILD ? wild[i % 6] : i / 9., .error = kind == ODD_LONG ? .1 : NAN, .beside = kind == ODD_LONG && i % 3 > 0, .group = kind == ODD_LONG && i > 3 && i < 9 ? strdup(LONG) : NULL};
}

static void
table(struct ui_table *t, enum odd_kind kind, bool totals)
{
	static const unsigned flags[] = {UI_ROW_FLASH | UI_ROW_DIM, UI_ROW_MARK, UI_ROW_LOCKED, UI_ROW_HEAD};
	const char *cell[UI_COLS_MAX] = {NULL};

	t->title = named(kind, "table");
	t->ncols = kind == ODD_BARE ? 1 : kind == ODD_LONG ? UI_COLS_MAX : 3;
	t->fixed = kind == ODD_WILD;
	t->keep = kind == ODD_LONG ? 0xffff : 0;
	for (int i = 0; i < t->ncols; i++) {
		t->align[i] = i % 2 ? UI_RIGHT : UI_LEFT;
		t->head[i] = i % 2 ? named(kind, "head") : NULL;
		cell[i] = kind == ODD_LONG ? LONG : kind == ODD_WILD && i == 1 ? NULL : "cell";
	}
	for (int i = 0; i < (kind == ODD_BARE ? 1 : 30); i++)
		ui_table_add(t, cell, kind == ODD_BARE ? 0 : kind == ODD_WILD ? UI_ROW_DIM : flags[i % 4]);
	for (int i = 0; totals && i < 3; i++)
		ui_table_add(t, cell, UI_ROW_TOTAL)->brief = i == 1 ? strdup("sum") : NULL;
}

static void
matrix(struct ui_matrix *m, enum odd_kind kind)
{
	static const uint64_t wild[] = {0, 9, 99, 100, 9499, 9500, 99499, 99500, 123456, 949999, 9500000, UINT64_MAX / 16};

	ui_matrix_size(m, kind == ODD_BARE ? 1 : kind == ODD_LONG ? 12 : 3, kind == ODD_BARE ? 1 : kind == ODD_LONG ? 5 : 4);
	for (int i = 0; i < m->nrows; i++)
		m->row[i] = i == 2 ? NULL : named(kind, "cat");
	for (int i = 0; i < m->ncols; i++)
		m->col[i] = i == 2 ? NULL : named(kind, "dog");
	for (int i = 0; i < m->nrows * m->ncols; i++)
		m->count[i] = kind == ODD_BARE ? 0 : kind == ODD_WILD ? wild[i % 12] : (uint64_t)i;
	m->title = named(kind, "matrix");
	m->note = kind == ODD_WILD ? NULL : named(kind, "note");
	m->brief = kind == ODD_WILD ? strdup("brief") : NULL;
	m->rows = kind == ODD_WILD ? strdup("actual") : named(kind, "actual");
	m->cols = named(kind, "predicted");
	m->share = kind == ODD_LONG ? strdup("recall") : NULL;
}

static void
sketch(struct ui_model *m, enum odd_kind kind)
{
	struct ui_sketch *s = &m->sketch;

	s->nbars = kind == ODD_BARE ? 1 : kind == ODD_LONG ? UI_SKETCH_BARS : 3;
	s->best = kind == ODD_BARE ? -1 : 1;
	for (int i = 0; i < s->nbars; i++) {
		snprintf(s->bar[i].name, sizeof s->bar[i].name, "%s", kind == ODD_BARE ? "" : kind == ODD_LONG ? "a long name 語" : "7");
		s->bar[i].part = kind == ODD_BARE ? 1 : .3;
	}
	s->pen = kind == ODD_LONG;
	s->erases = kind == ODD_WILD;
	s->down = kind == ODD_WILD ? -14 : 13;
	s->right = kind == ODD_WILD ? 13 : -14;
	if (kind != ODD_BARE) {
		ui_tiles_add(&m->canvas, 28, 28, 1, s->ink, NULL, NULL, 0);
		ui_tiles_add(&m->canvas, 28, 28, 1, s->ink, NULL, NULL, 0);
	}
}

void
odd_fill(struct ui_model *m, enum odd_kind kind)
{
	m->progress = kind == ODD_EMPTY ? -1 : kind == ODD_WILD ? 7 : .5;
	m->version++;
	if (kind == ODD_EMPTY)
		return;
	charts(m, kind);
	tiles(&m->digits, kind);
	maps(&m->maps, kind, false);
	maps(&m->filters, kind, true);
	maps(&m->activations, kind, false);
	strips(&m->strips, kind);
	strips(&m->explain.maps, kind);
	table(&m->explain.terms, kind, true);
	histograms(&m->stats, kind);
	estimates(&m->probe, kind);
	table(&m->layers, kind, true);
	table(&m->runs, kind, false);
	m->runs.tail = kind == ODD_LONG;
	matrix(&m->confusion, kind);
	sketch(m, kind);
	for (int i = 0; i < (kind == ODD_BARE ? 1 : 40); i++) {
		ui_log_add(&m->log, (enum ui_style)(i % UI_STYLES), kind == ODD_BARE ? "" : kind == ODD_LONG ? "# " LONG LONG : "a line");
		ui_log_add(&m->help, (enum ui_style)(i % UI_STYLES), kind == ODD_LONG ? LONG : "help");
	}
	if (kind == ODD_WILD) /* as nobody has named it */
		m->help.line[0].style = m->log.line[0].style = (enum ui_style)99;
	m->headline = named(kind, "mnist");
	m->status = named(kind, "trainable");
	m->activity = kind == ODD_WILD ? NULL : named(kind, "epoch 1/5");
	m->eta = named(kind, "1/230");
	m->waiting = named(kind, "2 wait");
}
