/* panel_table.c: tables as cells, and the panel that is nothing but a table: runs.
 */
#include "panel.h"

#include <stdio.h>
#include <string.h>

#define GAP 1

struct columns {
	int n;
	int use[UI_COLS_MAX], width[UI_COLS_MAX];
	bool lock;
};

/* Widths by content; columns leave until the rest fits, the last one left is cut. */
static void
columns_find(struct columns *c, const struct ui_table *t, int cells, bool middle)
{
	int width[UI_COLS_MAX] = {0}, total, gone;

	c->n = t->ncols;
	c->lock = false;
	for (int i = 0; i < c->n; i++) {
		c->use[i] = i;
		if (t->head[i])
			width[i] = ui_text_cells(t->head[i]);
	}
	for (size_t r = 0; r < t->nrows; r++) {
		c->lock |= (t->row[r].flags & (UI_ROW_LOCKED | UI_ROW_MARK)) != 0 || middle;
		for (int i = 0; i < c->n; i++)
			if (t->row[r].cell[i] && ui_text_cells(t->row[r].cell[i]) > width[i])
				width[i] = ui_text_cells(t->row[r].cell[i]);
	}
	for (;;) {
		total = c->lock ? 2 : 0;
		for (int i = 0; i < c->n; i++)
			total += width[c->use[i]] + (i > 0 ? GAP : 0);
		if (total <= cells || c->n <= 2)
			break;
		for (gone = middle ? 1 : c->n - 1; gone > 0 && (t->keep >> c->use[gone] & 1) != 0;)
			gone--;
		gone = gone > 0 ? gone : c->n - 1;
		memmove(&c->use[gone], &c->use[gone + 1], sizeof c->use[0] * (size_t)(c->n - 1 - gone));
		c->n--;
	}
	/* Too narrow still: the first column gives way. Wide enough: the gaps grow, but a table must stay readable
	 * across. */
	for (int i = 0; i < c->n; i++)
		c->width[i] = width[c->use[i]];
	if (total > cells && c->n > 0)
		c->width[0] = c->width[0] - (total - cells) < 3 ? 3 : c->width[0] - (total - cells);
	for (int spare = cells - total, i = 1; spare > 0 && i < c->n; i++) {
		int add = spare / (c->n - i) > 6 ? 6 : spare / (c->n - i);

		c->width[i] += t->align[c->use[i]] == UI_RIGHT ? add : 0;
		if (t->align[c->use[i]] != UI_RIGHT)
			c->width[i - 1] += add;
		spare -= add;
	}
}

static void
row_draw(struct ui_area a, int y, const struct columns *c, const struct ui_table *t, char *const *cell,
    const char *brief, unsigned flags, int style)
{
	int x = c->lock ? 2 : 0;

	if (flags & UI_ROW_LOCKED)
		ui_put(a, 0, y, UI_COLD, ui_glyph(a.c->glyphs, UI_G_LOCK));
	else if (flags & UI_ROW_MARK)
		ui_put(a, 0, y, UI_ACCENT, "*");
	for (int i = 0; i < c->n; i++) {
		const char *s = cell[c->use[i]];
		int w = c->width[i];

		if (x + w > a.r.w)
			w = a.r.w - x;
		if (c->use[i] == 0 && brief != NULL && s != NULL && ui_text_cells(s) > w)
			s = brief;
		if (s && t->align[c->use[i]] == UI_RIGHT && ui_text_cells(s) <= w)
			ui_put_right(a, x + w, y, style, s);
		else if (s)
			ui_put_n(a, x, y, w, style, s);
		x += c->width[i] + GAP;
	}
	if (flags & UI_ROW_FLASH)
		ui_restyle(a, 0, y, a.r.w, UI_S_FLASH);
}

/* Which rows are in view. */
struct view {
	bool head, rule, nodim;
	int totals, rows; /* of the area */
	size_t body; /* rows that are not totals and not left out */
	size_t folded; /* rows that one at the end of the body stands for */
	size_t first, most; /* in view; when it is scrolled as far as it goes */
};

static void
view_find(struct view *v, const struct ui_table *t, int height, const struct ui_pane_state *st)
{
	size_t dim = 0, body = 0;
	bool head = false;

	memset(v, 0, sizeof *v);
	for (int i = 0; i < t->ncols; i++)
		head |= t->head[i] != NULL;
	for (size_t r = 0; r < t->nrows; r++)
		if (t->row[r].flags & UI_ROW_TOTAL)
			v->totals++;
		else
			body++, dim += (t->row[r].flags & (UI_ROW_DIM | UI_ROW_FLASH)) == UI_ROW_DIM;
	if (v->totals > height)
		v->totals = height;
	v->rows = height - v->totals;
	/* A rule between body and totals costs a row: kept while nothing else must go for it. */
	v->rule = v->totals > 0 && v->rows > 1 && ((size_t)v->rows > body - dim || (t->fixed && v->rows > 3));
	v->rows -= v->rule;
	v->head = head && ((size_t)v->rows > (v->totals > 0 ? body : 1) || (t->fixed && v->rows > 2));
	v->rows -= v->head;
	v->nodim = (size_t)v->rows < body && dim > 0 && dim < body;
	v->body = v->nodim ? body - dim : body;
	if (v->nodim && t->fold != NULL && v->body < (size_t)v->rows) {
		v->folded = dim;
		v->body++;
	}
	v->most = v->body > (size_t)v->rows ? v->body - (size_t)v->rows : 0;
	v->first = st->scroll < 0 ? 0 : (size_t)st->scroll > v->most ? v->most : (size_t)st->scroll;
	if (t->tail)
		v->first = v->most - v->first;
}

static bool
in_body(const struct view *v, unsigned flags)
{
	if (flags & UI_ROW_TOTAL)
		return false;
	return !v->nodim || (flags & (UI_ROW_DIM | UI_ROW_FLASH)) != UI_ROW_DIM;
}

void
ui_table_draw(struct ui_area a, const struct ui_table *t, struct ui_pane_state *st, bool middle)
{
	struct columns c;
	struct view v;
	size_t n = 0;
	int y = 0, total;

	columns_find(&c, t, a.r.w, middle);
	view_find(&v, t, a.r.h, st);
	if (st->scroll > 0 && (size_t)st->scroll > v.most)
		st->scroll = (long)v.most;
	st->page = v.rows;
	if (v.head)
		row_draw(a, y++, &c, t, t->head, NULL, 0, UI_DIM);
	for (size_t r = 0; r < t->nrows; r++) {
		unsigned f = t->row[r].flags;

		if (!in_body(&v, f) || n++ < v.first || n > v.first + (size_t)v.rows)
			continue;
		row_draw(a, y++, &c, t, t->row[r].cell, t->row[r].brief, f, f & UI_ROW_LOCKED ? UI_COLD :
		    f & (UI_ROW_DIM | UI_ROW_HEAD) ? UI_DIM : f & UI_ROW_MARK ? UI_BOLD : UI_PLAIN);
	}
	if (v.folded > 0)
		ui_putf(a, c.lock ? 2 : 0, y++, UI_DIM, "%zu %s", v.folded, t->fold);
	if (v.rule) {
		int w = c.lock ? 2 : 0;

		for (int i = 0; i < c.n; i++)
			w += c.width[i] + (i > 0 ? GAP : 0);
		ui_fill(a, 0, y, w < a.r.w ? w : a.r.w, 1, UI_S_BORDER, a.c->glyphs == UI_ASCII ? "-" : "─");
	}
	y = v.rule ? y + 1 : y;
	total = 0;
	for (size_t r = 0; r < t->nrows && total < v.totals; r++)
		if (t->row[r].flags & UI_ROW_TOTAL)
			row_draw(a, y + total++, &c, t, t->row[r].cell, t->row[r].brief, t->row[r].flags,
			    t->row[r].flags & UI_ROW_LOCKED ? UI_COLD : UI_BOLD);
}

void
ui_table_part(const struct ui_table *t, int rows, const struct ui_pane_state *st, long *shown, long *all)
{
	struct view v;
	size_t n = 0;

	view_find(&v, t, rows, st);
	for (size_t r = 0; r < t->nrows; r++)
		n += !(t->row[r].flags & UI_ROW_TOTAL);
	*all = (long)(n - v.folded + t->besides);
	*shown = (long)(v.body - (v.folded > 0));
	*shown = *shown < v.rows ? *shown : v.rows;
}

/* ---- panels ---- */

static void
empty(struct ui_area a, const char *text)
{
	ui_put_n(a, 1, a.r.h > 2 ? a.r.h / 2 : 0, a.r.w - 1, UI_DIM, text);
}

static bool
table_key(const struct ui_panel_ctx *p, int key, struct ui_ask *ask)
{
	return ui_scroll_key(p->st, key, p->m->runs.tail ? -1 : 1);
}

static void
runs_draw(const struct ui_panel_ctx *p, struct ui_area a)
{
	if (p->m->runs.nrows == 0)
		empty(a, "no run in this session: train gte5");
	else
		ui_table_draw(ui_area_sub(a, 1, 0, a.r.w - 2, a.r.h), &p->m->runs, p->st, false);
}

static void
runs_note(const struct ui_panel_ctx *p, struct ui_area frame, int from, int right)
{
	long shown, all;

	ui_table_part(&p->m->runs, frame.r.h - 2, p->st, &shown, &all);
	ui_note_part(p, frame, from, right, "runs", shown, all, p->m->runs.title, NULL);
}

const struct ui_panel ui_panel_runs = {
	.keys = "arrows scroll  Enter zoom  Esc close",
	.note = runs_note,
	.draw = runs_draw,
	.key = table_key,
};
