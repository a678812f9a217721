/* panel_confusion.c: a matrix of counts. Each number stands in its cell, which is shaded by its share of the row where
 * there are colours for it. Without room the share that was right leaves, then counts are shortened, with a sign that
 * says so; then the cell of the cursor stays in view. A terminal that draws pictures has that of the export instead,
 * where each count has room in it.
 */
#include "colourmap.h"
#include "inlay.h"
#include "look.h"
#include "panel.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SHARE 7 /* columns of the share that was right, with the blank before it */
#define LABEL 12 /* the most columns of a name */

enum counts {
	COUNTS_WHOLE,
	COUNTS_K, /* thousands as "~1k", more as ".4M", "12M": three columns */
	COUNTS_PLUS, /* what has more than two digits as "++": two columns */
};

/* Where the cells are. A cell has a blank before its number; the numbers stand in its middle row. */
struct grid {
	enum counts counts;
	int head; /* lines above the first row */
	int label, share; /* columns of the names, and of the share that was right: 0 without room */
	int text; /* columns of the longest number */
	int cw, ch; /* of a cell */
	int x; /* of the first cell in view */
	int first_row, first_col, rows, cols; /* in view */
};

static uint64_t
count_at(const struct ui_matrix *m, int row, int col)
{
	return m->count[row * m->ncols + col];
}

static bool
is_empty(const struct ui_matrix *m)
{
	return m->nrows == 0 || m->ncols == 0;
}

static uint64_t
row_sum(const struct ui_matrix *m, int row)
{
	uint64_t sum = 0;

	for (int i = 0; i < m->ncols; i++)
		sum += count_at(m, row, i);
	return sum;
}

/* The cursor's cell: until it is moved, the one with most counts beside the diagonal. */
static void
cursor_find(const struct ui_matrix *m, const struct ui_pane_state *st, int *row, int *col)
{
	uint64_t most = 0;

	*row = st->row - 1;
	*col = st->col - 1;
	if (st->row > 0 && st->row <= m->nrows && st->col > 0 && st->col <= m->ncols)
		return;
	*row = *col = 0;
	for (int i = 0; i < m->nrows; i++)
		for (int k = 0; k < m->ncols; k++)
			if (i != k && count_at(m, i, k) > most) {
				most = count_at(m, i, k);
				*row = i;
				*col = k;
			}
}

static void
count_text(char *s, size_t size, uint64_t n, enum counts counts)
{
	unsigned long long v = n;

	if (counts == COUNTS_WHOLE || n < 100 || (counts == COUNTS_K && n < 1000))
		snprintf(s, size, "%llu", v);
	else if (counts == COUNTS_PLUS)
		snprintf(s, size, "++");
	else {
		const char *unit = "kMGTPE";
		double of = (double)n / 1000;

		for (; of >= 99.5; of /= 1000)
			unit++;
		if (of < .95)
			snprintf(s, size, ".%.0f%c", of * 10, *unit);
		else
			snprintf(s, size, "%s%.0f%c", of < 9.5 ? "~" : "", of, *unit);
	}
}

/* ---- what fits ---- */

static int
widest(char *const *name, int n)
{
	int most = 1;

	for (int i = 0; i < n; i++)
		if (name[i] && ui_text_cells(name[i]) > most)
			most = ui_text_cells(name[i]);
	return most < LABEL ? most : LABEL;
}

/* The first of the ways to show all columns, from the roomiest, that fits; else the last. */
static void
grid_columns(struct grid *g, const struct ui_matrix *m, int cells)
{
	int digits = 1, label = widest(m->row, m->nrows), heading = m->rows ? ui_text_cells(m->rows) : 0;
	uint64_t most = 0;
	int wide = (heading > label ? heading : label) + 1;
	const struct grid way[] = {{.label = wide, .share = SHARE}, {.label = label + 1, .share = SHARE},
	    {.label = wide}, {.label = label + 1}, {.label = label + 1, .counts = COUNTS_K},
	    {.label = label + 1, .counts = COUNTS_PLUS}};

	for (int i = 0; i < m->nrows * m->ncols; i++)
		most = m->count[i] > most ? m->count[i] : most;
	for (; most > 9; most /= 10)
		digits++;
	for (size_t i = m->share ? 0 : 2; i < sizeof way / sizeof *way; i++) {
		int n = way[i].counts == COUNTS_PLUS ? 2 : way[i].counts == COUNTS_K ? 3 : digits;

		if (n > digits) /* it saves nothing */
			continue;
		*g = way[i];
		g->text = n;
		g->cw = n + 1;
		if (g->label + g->share + m->ncols * g->cw <= cells)
			return;
	}
}

/* So many of n that the cell `at` is in view. */
static int
first_in_view(int at, int shown, int n)
{
	int first = at - shown / 2;

	return first > n - shown ? n - shown : first < 0 ? 0 : first;
}

static bool
grid_find(struct grid *g, struct ui_area a, const struct ui_matrix *m, const struct ui_pane_state *st)
{
	int row, col, high, spare, named = widest(m->col, m->ncols) + 1;

	if (a.r.w < 6 || a.r.h < 1)
		return false;
	grid_columns(g, m, a.r.w);
	g->head = a.r.h > 3 ? 2 : a.r.h > 1 ? 1 : 0;
	high = (a.r.h - g->head) / m->nrows;
	high = high < 1 ? 1 : high > 5 ? 5 : high;
	spare = (a.r.w - g->label - g->share) / m->ncols;
	if (spare > g->cw) /* about as wide as it is high */
		g->cw = spare < 2 * high + 1 ? spare : g->cw > 2 * high + 1 ? g->cw : 2 * high + 1;
	if (named > g->cw && named <= spare) /* no name is cut where there is room */
		g->cw = named;
	g->ch = high < (g->cw + 1) / 2 ? high : (g->cw + 1) / 2;
	g->rows = (a.r.h - g->head) / g->ch;
	g->rows = g->rows < m->nrows ? g->rows : m->nrows;
	g->cols = (a.r.w - g->label - g->share) / g->cw;
	g->cols = g->cols < m->ncols ? g->cols : m->ncols;
	cursor_find(m, st, &row, &col);
	g->first_row = first_in_view(row, g->rows, m->nrows);
	g->first_col = first_in_view(col, g->cols, m->ncols);
	spare = a.r.w - g->label - g->share - g->cols * g->cw;
	g->x = g->label + (spare > 4 ? spare / 2 : 0);
	return g->cols > 0;
}

/* ---- drawing ---- */

/* The shade of a share of its row: darker on light ground the more it is, and brighter on dark. */
static struct ui_rgb
shade(double share, enum ui_colours colours)
{
	double t = sqrt(share);
	struct ui_rgb c = ui_amount_colour(t, ui_look_light());

	if (colours == UI_256) {
		uint32_t rgb = ui_colour_rgb(ui_colour_nearest(UI_RGB(c.r, c.g, c.b) & 0xffffff, UI_256));

		c = (struct ui_rgb){(uint8_t)(rgb >> 16), (uint8_t)(rgb >> 8), (uint8_t)rgb};
	}
	return c;
}

static void
cell_shade(struct ui_area a, double share, enum ui_colours colours, const char *text, int x, int y)
{
	struct ui_rgb c = shade(share, colours), ink = ui_ink_on(c);
	uint32_t bg = UI_RGB(c.r, c.g, c.b), fg = UI_RGB(ink.r, ink.g, ink.b);

	for (int j = 0; j < a.r.h; j++)
		for (int i = 0; i < a.r.w; i++) {
			char sign[2] = {j == y && i >= x && i < x + (int)strlen(text) ? text[i - x] : ' ', '\0'};

			ui_put_colour(a, i, j, sign, fg, bg);
		}
}

/* a: the cell, cut where the area ends. */
static void
cell_draw(struct ui_area a, const struct ui_panel_ctx *p, const struct grid *g, int row, int col, bool cursor)
{
	const struct ui_matrix *m = &p->m->confusion;
	uint64_t n = count_at(m, row, col), all = row_sum(m, row);
	int x, y = (g->ch - 1) / 2;
	char text[24];

	count_text(text, sizeof text, n, g->counts);
	/* the longest in the middle, and all end in one column */
	x = 1 + (g->cw - 1 - g->text) / 2 + g->text - (int)strlen(text);
	if (cursor) {
		ui_fill(a, 0, 0, g->cw, g->ch, UI_S_SELECT, " ");
		ui_put(a, x, y, UI_S_SELECT, text);
		ui_put(a, 0, y, UI_S_SELECT, "[");
	} else if (n > 0 && p->colours >= UI_256)
		cell_shade(a, (double)n / (double)all, p->colours, text, x, y);
	else
		ui_put(a, x, y, n == 0 ? UI_DIM : row == col ? UI_BOLD : UI_PLAIN, text);
}

static void
row_draw(struct ui_area a, const struct ui_panel_ctx *p, const struct grid *g, int row, int y)
{
	const struct ui_matrix *m = &p->m->confusion;
	int mid = y + (g->ch - 1) / 2, right = g->x + g->cols * g->cw;
	uint64_t all = row_sum(m, row);
	int at_row, at_col;
	const char *more;

	cursor_find(m, p->st, &at_row, &at_col);
	if (m->row[row])
		ui_put_n(a, g->x - 1 - widest(m->row, m->nrows), mid, g->label - 1, UI_BOLD, m->row[row]);
	for (int i = 0; i < g->cols; i++) {
		int col = g->first_col + i;
		bool cursor = p->focused && row == at_row && col == at_col;

		cell_draw(ui_area_sub(a, g->x + i * g->cw, y, g->cw, g->ch), p, g, row, col, cursor);
	}
	if (p->focused && row == at_row) /* over the blank before the next number */
		ui_put(a, g->x + (at_col - g->first_col + 1) * g->cw, mid, UI_S_SELECT, "]");
	if (g->share > 0 && all > 0 && row < m->ncols)
		ui_putf(a, right + SHARE - 5, mid, UI_PLAIN, "%.3f", (double)count_at(m, row, row) / (double)all);
	more = row == g->first_row && row > 0 ? ui_glyph(a.c->glyphs, UI_G_UP) :
	    row == g->first_row + g->rows - 1 && row < m->nrows - 1 ? ui_glyph(a.c->glyphs, UI_G_DOWN) : NULL;
	if (more && g->first_col == 0)
		ui_put(a, g->x - 1, mid, UI_DIM, more);
}

/* The beginning of a name over a column: letters tell more there than a sign that some are left out. */
static void
heading_draw(struct ui_area a, int x, int y, int room, const char *name)
{
	char text[96];
	size_t n = 0;

	while (*name) {
		uint32_t code;
		const char *next = ui_char_next(name, &code);
		int cells = ui_char_cells(code);

		if ((room -= cells > 0 ? cells : 0) < 0 || n + 8 > sizeof text)
			break;
		n += (size_t)ui_char_put(text + n, code);
		name = next;
	}
	text[n] = '\0';
	ui_put(a, x, y, UI_BOLD, text);
}

/* Which way the names are read: over the columns, and beside the rows where they have room for it. */
static void
headings(struct ui_area a, const struct ui_matrix *m, const struct grid *g)
{
	int rows = m->rows ? ui_text_cells(m->rows) : 0, cells = g->cols * g->cw, line = g->head - 1;
	static const char *const notes[] = {"", [COUNTS_K] = "  ~ rounded", [COUNTS_PLUS] = "  ++ >99"};
	char text[96];

	if (g->label > rows && line >= 0) {
		ui_put(a, g->x - g->label, line, UI_DIM, m->rows ? m->rows : "");
		snprintf(text, sizeof text, "%s", m->cols ? m->cols : "");
	} else
		snprintf(text, sizeof text, "%s down, %s across%s", m->rows ? m->rows : "", m->cols ? m->cols : "",
		    notes[g->counts]);
	if (g->head > 1) {
		int n = ui_text_cells(text), x = g->x + 1 + (cells - n) / 2;

		x = x > a.r.w - n ? a.r.w - n : x;
		ui_put_n(a, x < 0 ? 0 : x, 0, a.r.w, UI_DIM, text);
	}
	for (int i = 0; i < g->cols && line >= 0; i++) {
		const char *name = m->col[g->first_col + i];
		int n = name ? ui_text_cells(name) : 0, room = g->cw - 1, x;

		n = n < room ? n : room;
		x = g->cw - n;
		x -= (x - 1) / 2;
		if (name)
			heading_draw(a, g->x + i * g->cw + x, line, room, name);
	}
	if (line >= 0 && g->first_col > 0)
		ui_put(a, g->x - 1, line, UI_DIM, ui_glyph(a.c->glyphs, UI_G_MORE));
	if (line >= 0 && g->first_col + g->cols < m->ncols)
		ui_put(a, g->x + cells, line, UI_DIM, ui_glyph(a.c->glyphs, UI_G_MORE));
	else if (line >= 0 && g->share > 0)
		ui_put_n(a, g->x + cells + 1, line, SHARE - 1, UI_DIM, m->share);
}

/* The cursor over a picture: the count of its cell in the cells of the terminal, which show it at once. */
static void
cursor_over(struct ui_area a, const struct ui_matrix *m, const struct ui_pane_state *st,
    const struct ui_inlay_cells *at)
{
	char text[32];
	int row, col, n, x;

	cursor_find(m, st, &row, &col);
	n = snprintf(text, sizeof text, "[%llu]", (unsigned long long)count_at(m, row, col));
	x = (int)lround(at->x + (col + .5) * at->w - n / 2.);
	ui_put(a, x < 0 ? 0 : x + n > a.r.w ? a.r.w - n : x, (int)(at->y + (row + .5) * at->h), UI_S_SELECT, text);
}

static void
confusion_draw(const struct ui_panel_ctx *p, struct ui_area a)
{
	const struct ui_matrix *m = &p->m->confusion;
	struct ui_inlay_cells at;
	struct grid g;

	if (is_empty(m)) {
		ui_put_n(a, 1, a.r.h / 2, a.r.w - 1, UI_DIM, "no matrix yet: confusion, or train gte5");
		return;
	}
	p->st->page = m->nrows;
	if (ui_inlay_matrix(a, m, &at)) {
		if (p->focused)
			cursor_over(a, m, p->st, &at);
		return;
	}
	if (!grid_find(&g, a, m, p->st))
		return;
	p->st->page = g.rows;
	headings(a, m, &g);
	for (int i = 0; i < g.rows; i++)
		row_draw(a, p, &g, g.first_row + i, g.head + i * g.ch);
}

/* ---- title, keys, clicks ---- */

static void
confusion_title(const struct ui_panel_ctx *p, char *title, size_t size)
{
	const char *of = p->m->confusion.title;

	snprintf(title, size, "confusion%s%s", of ? " " : "", of ? of : "");
}

/* The cursor's cell in words while it is there, where no number is shortened. */
static void
confusion_note(const struct ui_panel_ctx *p, struct ui_area frame, int from, int right)
{
	const struct ui_matrix *m = &p->m->confusion;
	int row, col, k = 0;
	char words[3][96];
	const char *text[3] = {m->note, m->brief, NULL};
	unsigned long long n;

	if (is_empty(m))
		return;
	cursor_find(m, p->st, &row, &col);
	n = count_at(m, row, col);
	if (p->focused && m->row[row] && m->col[col]) {
		snprintf(words[0], sizeof *words, "%s as %s: %llu of %llu", m->row[row], m->col[col], n,
		    (unsigned long long)row_sum(m, row));
		snprintf(words[1], sizeof *words, "%s as %s: %llu", m->row[row], m->col[col], n);
		snprintf(words[2], sizeof *words, "%s→%s: %llu", m->row[row], m->col[col], n);
		for (int i = 0; i < 3; i++)
			text[i] = words[i];
	}
	while (k < 2 && text[k + 1] && (!text[k] || ui_text_cells(text[k]) + 2 > right - from))
		k++;
	if (text[k])
		ui_note_right(frame, from, right, p->focused ? UI_PLAIN : UI_DIM, text[k]);
}

static bool
confusion_key(const struct ui_panel_ctx *p, int key, struct ui_ask *ask)
{
	const struct ui_matrix *m = &p->m->confusion;
	int row, col;

	if (is_empty(m))
		return false;
	cursor_find(m, p->st, &row, &col);
	switch (key) {
	case UI_KEY_UP:
	case UI_KEY_DOWN:
		row += key == UI_KEY_UP ? -1 : 1;
		break;
	case UI_KEY_LEFT:
	case UI_KEY_RIGHT:
		col += key == UI_KEY_LEFT ? -1 : 1;
		break;
	case UI_KEY_HOME:
	case UI_KEY_END:
		col = key == UI_KEY_HOME ? 0 : m->ncols - 1;
		break;
	case UI_KEY_PGUP:
	case UI_KEY_PGDN:
		row += key == UI_KEY_PGUP ? -p->st->page : p->st->page;
		break;
	case '0': /* back to the most confused pair */
		p->st->row = p->st->col = 0;
		return true;
	case UI_KEY_ENTER:
		*ask = (struct ui_ask){.click = true, .row = row, .col = col};
		return true;
	default:
		return false;
	}
	p->st->row = 1 + (row < 0 ? 0 : row < m->nrows ? row : m->nrows - 1);
	p->st->col = 1 + (col < 0 ? 0 : col < m->ncols ? col : m->ncols - 1);
	return true;
}

static bool
confusion_click(const struct ui_panel_ctx *p, struct ui_area a, int x, int y, struct ui_ask *ask)
{
	const struct ui_matrix *m = &p->m->confusion;
	struct ui_inlay_cells at;
	struct grid g;
	int row, col;

	if (is_empty(m))
		return false;
	if (ui_inlay_matrix_at(a, m, &at)) {
		row = (int)floor((y + .5 - at.y) / at.h);
		col = (int)floor((x + .5 - at.x) / at.w);
		if (row < 0 || col < 0 || row >= m->nrows || col >= m->ncols)
			return false;
	} else {
		if (!grid_find(&g, a, m, p->st) || x < g.x || y < g.head)
			return false;
		row = (y - g.head) / g.ch;
		col = (x - g.x) / g.cw;
		if (row >= g.rows || col >= g.cols)
			return false;
		row += g.first_row;
		col += g.first_col;
	}
	p->st->row = row + 1;
	p->st->col = col + 1;
	*ask = (struct ui_ask){.click = true, .row = row, .col = col};
	return true;
}

static const char *const confusion_help[][2] = {
	{"arrows", "move the cursor"},
	{"Enter", "the images that its cell counts"},
	{"0", "to the pair that is confused most"},
	{"z", "zoom"},
	{NULL, NULL},
};

const struct ui_panel ui_panel_confusion = {
	.help = confusion_help,
	.keys_whole = true,
	.keys = "arrows  Enter images  0 worst  z zoom",
	.title = confusion_title,
	.note = confusion_note,
	.draw = confusion_draw,
	.key = confusion_key,
	.click = confusion_click,
};
