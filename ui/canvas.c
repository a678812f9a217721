/* canvas.c: cells, and drawing text and frames into areas of them. Nothing is ever written outside an area, and a wide
 * character is never left half: whatever overwrites one half blanks the other.
 */
#include "canvas.h"
#include "look.h"
#include "mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PART_BYTES 2048 /* of a row of text */

static const struct ui_cell blank = {" ", 0, 0, 1, UI_PLAIN, 0};

struct ui_canvas *
ui_canvas_new(int cols, int rows, enum ui_glyphs glyphs)
{
	struct ui_canvas *c = ui_alloc(1, sizeof *c);

	c->glyphs = glyphs;
	ui_canvas_resize(c, cols, rows);
	return c;
}

void
ui_canvas_free(struct ui_canvas *c)
{
	if (c == NULL)
		return;
	free(c->cell);
	free(c);
}

void
ui_canvas_resize(struct ui_canvas *c, int cols, int rows)
{
	cols = cols < 1 ? 1 : cols > 2000 ? 2000 : cols;
	rows = rows < 1 ? 1 : rows > 1000 ? 1000 : rows;
	if ((size_t)cols * (size_t)rows > c->cap) {
		free(c->cell);
		c->cap = (size_t)cols * (size_t)rows;
		c->cell = ui_alloc(c->cap, sizeof *c->cell);
	}
	c->cols = cols;
	c->rows = rows;
	ui_canvas_clear(c);
}

void
ui_canvas_clear(struct ui_canvas *c)
{
	size_t n = (size_t)c->cols * (size_t)c->rows;

	for (size_t i = 0; i < n; i++)
		c->cell[i] = blank;
	c->ninlays = 0;
}

const struct ui_cell *
ui_canvas_at(const struct ui_canvas *c, int x, int y)
{
	return x < 0 || y < 0 || x >= c->cols || y >= c->rows ? &blank :
	    &c->cell[(size_t)y * (size_t)c->cols + (size_t)x];
}

bool
ui_cell_same(const struct ui_cell *a, const struct ui_cell *b)
{
	return a->style == b->style && a->fg == b->fg && a->bg == b->bg && a->width == b->width &&
	    strcmp(a->text, b->text) == 0;
}

/* ---- dump ---- */

struct text {
	char *s;
	size_t n, cap;
};

static void
append(struct text *t, const char *s, size_t n)
{
	if (t->n + n + 1 > t->cap) {
		t->cap = (t->n + n + 1) * 2;
		t->s = ui_realloc(t->s, t->cap, 1);
	}
	memcpy(t->s + t->n, s, n);
	t->n += n;
	t->s[t->n] = '\0';
}

char *
ui_canvas_dump(const struct ui_canvas *c)
{
	struct text t = {0};

	append(&t, "", 0);
	for (int y = 0; y < c->rows; y++) {
		size_t start = t.n;

		for (int x = 0; x < c->cols; x++) {
			const struct ui_cell *cell = ui_canvas_at(c, x, y);

			append(&t, cell->text, strlen(cell->text));
		}
		while (t.n > start && t.s[t.n - 1] == ' ')
			t.n--;
		append(&t, "\n", 1);
	}
	return t.s;
}

/* ---- areas ---- */

struct ui_area
ui_area_all(struct ui_canvas *c)
{
	return (struct ui_area){c, {0, 0, c->cols, c->rows}};
}

struct ui_area
ui_area_sub(struct ui_area a, int x, int y, int w, int h)
{
	if (x < 0)
		w += x, x = 0;
	if (y < 0)
		h += y, y = 0;
	if (w > a.r.w - x)
		w = a.r.w - x;
	if (h > a.r.h - y)
		h = a.r.h - y;
	return (struct ui_area){a.c, {a.r.x + x, a.r.y + y, w < 0 ? 0 : w, h < 0 ? 0 : h}};
}

static struct ui_cell *
cell_of(struct ui_area a, int x, int y)
{
	if (x < 0 || y < 0 || x >= a.r.w || y >= a.r.h || ui_canvas_at(a.c, a.r.x + x, a.r.y + y) == &blank)
		return NULL;
	return &a.c->cell[(size_t)(a.r.y + y) * (size_t)a.c->cols + (size_t)(a.r.x + x)];
}

/* Blanks the other half of a wide character that is about to lose this one, wherever that half lies. */
static void
part_wide(struct ui_cell *cell)
{
	struct ui_cell *other = cell->width == 2 ? cell + 1 : cell - 1;

	other->width = 1;
	memcpy(other->text, " ", 2);
}

static void
set_cell(struct ui_cell *cell, int style, const char *text, size_t len, int width)
{
	if (cell->width != 1)
		part_wide(cell);
	memcpy(cell->text, text, len);
	cell->text[len] = '\0';
	cell->width = (uint8_t)width;
	cell->style = (uint8_t)style;
	cell->fg = cell->bg = 0;
	cell->inlay = 0;
}

/* Marks that change nothing but direction or presentation: terminals disagree about them. */
static bool
is_format(uint32_t code)
{
	return (code >= 0x200b && code <= 0x200f) || (code >= 0x202a && code <= 0x202e) ||
	    (code >= 0x2060 && code <= 0x206f) ||
	    (code >= 0xfe00 && code <= 0xfe0f) || code == 0xfeff || code >= 0xe0000 ||
	    (code >= 0x1160 && code <= 0x11ff);
}

/* Writes up to column `end`; returns the column behind. *whole: everything fitted. */
static int
put_until(struct ui_area a, int x, int y, int end, int style, const char *text, bool *whole)
{
	struct ui_cell *last = NULL;

	*whole = true;
	while (*text) {
		const char *next, *s = text;
		uint32_t code;
		int w;
		char like;

		next = ui_char_next(text, &code);
		w = ui_char_cells(code);
		text = next;
		if (w < 0 || code == 0xfffd)
			s = "?", next = s + 1, w = 1;
		if (w == 0) {
			size_t len = last ? strlen(last->text) : 0;

			if (last && a.c->glyphs != UI_ASCII && !is_format(code) &&
			    len + (size_t)(next - s) < sizeof last->text - 2) {
				memcpy(last->text + len, s, (size_t)(next - s));
				last->text[len + (size_t)(next - s)] = '\0';
			}
			continue;
		}
		if (x + w > end) {
			*whole = false;
			return x;
		}
		if (a.c->glyphs == UI_ASCII && code >= 0x80) {
			like = ui_ascii_like(code);
			for (int i = 0; i < w; i++) {
				struct ui_cell *cell = cell_of(a, x + i, y);

				if (cell)
					set_cell(cell, style, &like, 1, 1);
			}
			x += w;
			continue;
		}
		last = cell_of(a, x, y);
		if (w == 2) {
			struct ui_cell *right = cell_of(a, x + 1, y);

			if (last && right) {
				set_cell(last, style, s, (size_t)(next - s), 1);
				set_cell(right, style, "", 0, 0);
				last->width = 2;
			} else {
				if (last)
					set_cell(last, style, " ", 1, 1);
				if (right)
					set_cell(right, style, " ", 1, 1);
				last = NULL;
			}
		} else if (last)
			set_cell(last, style, s, (size_t)(next - s), 1);
		x += w;
	}
	return x;
}

int
ui_put(struct ui_area a, int x, int y, int style, const char *text)
{
	bool whole;

	return put_until(a, x, y, a.r.w > x ? a.r.w : x, style, text, &whole);
}

int
ui_put_part(struct ui_area a, int x, int y, int style, const char *text, size_t from, size_t to)
{
	char buf[PART_BYTES];
	size_t n = to - from;

	if (n >= sizeof buf)
		n = sizeof buf - 1;
	memcpy(buf, text + from, n);
	buf[n] = '\0';
	return ui_put(a, x, y, style, buf);
}

int
ui_put_n(struct ui_area a, int x, int y, int cells, int style, const char *text)
{
	int end = x + cells, at;
	size_t fit;
	bool whole;

	if (cells <= 0)
		return x;
	if (end > a.r.w)
		end = a.r.w;
	if (ui_text_cells(text) <= end - x)
		return put_until(a, x, y, end, style, text, &whole);
	if (end <= x)
		return x;
	if ((fit = ui_words_fit(text, end - x - 1)) > 0)
		at = ui_put_part(a, x, y, style, text, 0, fit);
	else
		at = put_until(a, x, y, end - 1, style, text, &whole);
	return put_until(a, at, y, end, style, ui_glyph(a.c->glyphs, UI_G_MORE), &whole);
}

int
ui_put_rows(struct ui_area a, int x, int y, int cells, int rows, int style, const char *text)
{
	size_t ends[16], from = 0;
	int most = rows < 16 ? rows : 16, n = cells > 0 ? ui_words_wrap(text, cells, 0, ends, most) : 0;

	a = ui_area_sub(a, x, y, cells, rows);
	for (int i = 0; i < n && i < most; from = ends[i++])
		if (i == most - 1)
			ui_put_n(a, 0, i, cells, style, text + from);
		else
			ui_put_part(a, 0, i, style, text, from, ends[i]);
	return n < most ? n : most;
}

int
ui_put_items(struct ui_area a, int x, int y, int cells, int style, const char *text)
{
	char buf[512], *cut, *next;

	snprintf(buf, sizeof buf, "%s", text);
	while (ui_text_cells(buf) > cells) {
		cut = NULL;
		for (char *s = buf; (next = strstr(s, "  ")) != NULL; s = next + 2)
			cut = next;
		if (cut == NULL)
			return ui_put_n(a, x, y, cells, style, buf);
		*cut = '\0';
	}
	return ui_put(a, x, y, style, buf);
}

int
ui_putf(struct ui_area a, int x, int y, int style, const char *fmt, ...)
{
	char buf[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf, sizeof buf, fmt, ap);
	va_end(ap);
	return ui_put(a, x, y, style, buf);
}

int
ui_put_right(struct ui_area a, int right, int y, int style, const char *text)
{
	int x = right - ui_text_cells(text);

	ui_put(a, x, y, style, text);
	return x;
}

void
ui_put_colour(struct ui_area a, int x, int y, const char *glyph, uint32_t fg, uint32_t bg)
{
	struct ui_cell *cell = cell_of(a, x, y);

	if (cell == NULL)
		return;
	set_cell(cell, UI_PLAIN, glyph, strlen(glyph), 1);
	cell->fg = fg;
	cell->bg = bg;
}

void
ui_fill(struct ui_area a, int x, int y, int w, int h, int style, const char *glyph)
{
	bool whole;

	for (int j = 0; j < h; j++)
		for (int i = 0; i < w; i++)
			put_until(a, x + i, y + j, x + i + 1, style, glyph, &whole);
}

void
ui_restyle(struct ui_area a, int x, int y, int w, int style)
{
	for (int i = 0; i < w; i++) {
		struct ui_cell *cell = cell_of(a, x + i, y);

		if (cell)
			cell->style = (uint8_t)style;
	}
}

/* ---- frames ---- */

/* A line cell is known by its text, so that frames which share a border grow junctions. Bits: up 1, right 2, down 4,
 * left 8. */
static const char *const lines[16] = {
	" ", "╵", "╶", "╰", "╷", "│", "╭", "├", "╴", "╯", "─", "┴", "╮", "┤", "┬", "┼",
};

static unsigned
line_bits(const struct ui_cell *cell, enum ui_glyphs glyphs)
{
	if (glyphs == UI_ASCII || cell->text[0] == ' ')
		return 0;
	for (unsigned i = 1; i < 16; i++)
		if (strcmp(lines[i], cell->text) == 0)
			return i;
	return 0;
}

static void
line_cell(struct ui_area a, int x, int y, int style, unsigned bits)
{
	struct ui_cell *cell = cell_of(a, x, y);

	if (cell == NULL)
		return;
	if (a.c->glyphs == UI_ASCII) {
		bool corner = bits != 10 && bits != 5;
		char old = cell->text[0], now = corner ? '+' : bits == 10 ? '-' : '|';

		if (cell->style >= UI_S_BORDER && cell->style <= UI_S_FOCUS &&
		    (old == '+' || (old == '-' && now == '|') || (old == '|' && now == '-')))
			now = '+';
		set_cell(cell, style, &now, 1, 1);
		return;
	}
	if (cell->style >= UI_S_BORDER && cell->style <= UI_S_FOCUS)
		bits |= line_bits(cell, a.c->glyphs);
	set_cell(cell, style, lines[bits], strlen(lines[bits]), 1);
}

struct ui_area
ui_frame(struct ui_area a, int style, const char *title, const char *note, const char *foot)
{
	int w = a.r.w, h = a.r.h, end;

	if (w < 3 || h < 3)
		return a;
	for (int x = 1; x < w - 1; x++) {
		line_cell(a, x, 0, style, 10);
		line_cell(a, x, h - 1, style, 10);
	}
	for (int y = 1; y < h - 1; y++) {
		line_cell(a, 0, y, style, 5);
		line_cell(a, w - 1, y, style, 5);
	}
	line_cell(a, 0, 0, style, 6);
	line_cell(a, w - 1, 0, style, 12);
	line_cell(a, 0, h - 1, style, 3);
	line_cell(a, w - 1, h - 1, style, 9);
	end = 2;
	if (title && title[0] && w > 6) {
		int n = ui_text_cells(title);

		if (n > w - 6)
			n = w - 6;
		ui_put(a, 2, 0, style, " ");
		ui_put_n(a, 3, 0, n, style == UI_S_FOCUS ? UI_S_FOCUS : UI_S_TITLE, title);
		ui_put(a, 3 + n, 0, style, " ");
		end = n + 6;
	}
	if (note && note[0]) {
		int n = ui_text_cells(note);

		if (n <= w - end - 4) {
			ui_put(a, w - n - 4, 0, style, " ");
			ui_put(a, w - n - 3, 0, UI_DIM, note);
			ui_put(a, w - 3, 0, style, " ");
		}
	}
	if (foot && foot[0] && ui_text_cells(foot) <= w - 6) {
		int n = ui_text_cells(foot);

		ui_put(a, w - n - 4, h - 1, style, " ");
		ui_put(a, w - n - 3, h - 1, UI_DIM, foot);
		ui_put(a, w - 3, h - 1, style, " ");
	}
	return ui_area_sub(a, 1, 1, w - 2, h - 2);
}
