/* summary.c: Keras' model summaries.
 *
 * Keras 3 lays its table out with the library rich: column widths are shares of min(88, columns - 4) (100 with the
 * column Trainable), shortened evenly by what borders and padding take, and text that does not fit is wrapped at spaces
 * or cut with an ellipsis. Keras 2 prints fixed columns, 65 cells wide. Given the same model, the bytes are Keras' own.
 */
#include "keras/summary.h"

#include "keras/rich.h"
#include "util/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define COLS_MAX 4

#define FIELD RICH_CELL

const char *const summary_formats[] = {"keras3", "keras2", "keras2.10", "keras2.6", NULL};

int
summary_format_find(const char *name)
{
	for (int i = 0; summary_formats[i] != NULL; i++)
		if (strcmp(name, summary_formats[i]) == 0)
			return i;
	return -1;
}

/* ---- numbers and fields ---- */

static char *
bytes_text(char buf[32], uint64_t bytes, const char *smallest)
{
	const char *unit[] = {smallest, "KB", "MB", "GB", "TB", "PB"};
	double v = (double)bytes;
	int i = 0;

	while (v / 1024 >= 1 && i < 5) {
		v /= 1024;
		i++;
	}
	snprintf(buf, 32, "%.2f %s", v, unit[i]);
	return buf;
}

char *
summary_bytes(char buf[32], uint64_t bytes)
{
	return bytes_text(buf, bytes, "B");
}

static void
shape_text(char *buf, size_t size, const struct summary_layer *l)
{
	int at = snprintf(buf, size, "(None");

	for (int i = 0; i < l->rank; i++)
		at += snprintf(buf + at, size - (size_t)at, ", %d", l->dim[i]);
	snprintf(buf + at, size - (size_t)at, ")");
}

/* Name and class, shape, parameters, trainable: as text, the last two as the generation writes them. */
static void
layer_fields(char field[COLS_MAX][FIELD], const struct summary_layer *l, enum summary_format format)
{
	char number[32];

	snprintf(field[0], FIELD, "%s (%s)", l->name, l->class);
	shape_text(field[1], FIELD, l);
	if (format == SUMMARY_KERAS3)
		snprintf(field[2], FIELD, "%s", text_count(number, l->params));
	else
		snprintf(field[2], FIELD, "%llu", (unsigned long long)l->params);
	snprintf(field[3], FIELD, "%s", format == SUMMARY_KERAS3 && l->params == 0 ? "-" : l->trainable ? "Y" : "N");
}

static const char *const head[COLS_MAX] = {"Layer (type)", "Output Shape", "Param #", "Trainable"};

static void
put_repeat(struct str *b, const char *s, int n)
{
	while (n-- > 0)
		str_add(b, "%s", s);
}

/* ---- Keras 3 ---- */

struct box { /* left, fill, divider, right */
	const char *top[4], *header[4], *under_header[4], *row[4], *between[4], *bottom[4];
};

static const struct box box_utf8 = {
	{"┏", "━", "┳", "┓"},
	{"┃", " ", "┃", "┃"},
	{"┡", "━", "╇", "┩"},
	{"│", " ", "│", "│"},
	{"├", "─", "┼", "┤"},
	{"└", "─", "┴", "┘"},
};

static const struct box box_ascii = {
	{"+", "-", "-", "+"},
	{"|", " ", "|", "|"},
	{"|", "-", "+", "|"},
	{"|", " ", "|", "|"},
	{"|", "-", "+", "|"},
	{"+", "-", "-", "+"},
};

struct table {
	const struct box *box;
	bool utf8;
	int ncols, inner[COLS_MAX]; /* cells between two borders, a space of padding on each side included */
	enum rich_align align[COLS_MAX];
};

static void
put_border(struct str *b, const struct table *t, const char *const glyph[4])
{
	for (int c = 0; c < t->ncols; c++) {
		str_add(b, "%s", c == 0 ? glyph[0] : glyph[2]);
		put_repeat(b, glyph[1], t->inner[c]);
	}
	str_add(b, "%s\n", glyph[3]);
}

/* bottom: cells with fewer lines stand at the bottom of the row. */
static void
put_row(struct str *b, const struct table *t, const char *const glyph[4], const char *const *cell, bool bottom)
{
	char line[COLS_MAX][RICH_LINES][RICH_CELL + 4];
	int n[COLS_MAX], height = 1;

	for (int c = 0; c < t->ncols; c++) {
		n[c] = rich_cell(cell[c], t->inner[c] - 2, t->align[c], t->utf8, line[c]);
		height = n[c] > height ? n[c] : height;
	}
	for (int i = 0; i < height; i++) {
		for (int c = 0; c < t->ncols; c++) {
			int at = bottom ? i - (height - n[c]) : i;

			str_add(b, "%s", c == 0 ? glyph[0] : glyph[2]);
			if (at >= 0 && at < n[c])
				str_add(b, " %s ", line[c][at]);
			else
				str_add(b, "%*s", t->inner[c], "");
		}
		str_add(b, "%s\n", glyph[3]);
	}
}

/* Half to even, which is how rich shares an odd number of cells. */
static int
share(int cells, int columns)
{
	return (int)nearbyint((double)cells / columns);
}

/* False where a column would have no room: Keras raises an error there. */
static bool
table_layout(struct table *t, bool trainable, bool utf8, int width)
{
	static const double position[] = {0.45, 0.80, 1.0};
	int length = trainable ? 100 : 88, at = 0, excess;

	t->box = utf8 ? &box_utf8 : &box_ascii;
	t->utf8 = utf8;
	t->ncols = trainable ? 4 : 3;
	length = width - 4 < length ? width - 4 : length;
	for (int c = 0; c < t->ncols; c++) {
		double p = c == 3 ? 1.0 : trainable ? position[c] * 0.90 : position[c];

		t->inner[c] = (int)(p * length) - at + 2;
		at = (int)(p * length);
		t->align[c] = c < 2 ? RICH_LEFT : c == 2 ? RICH_RIGHT : RICH_CENTER;
	}
	excess = 3 * t->ncols + 1;
	for (int c = 0; c < t->ncols; c++) {
		int cut = share(excess, t->ncols - c);

		t->inner[c] -= cut;
		excess -= cut;
		if (t->inner[c] + cut - 2 < 4 || t->inner[c] < 3)
			return false;
	}
	return true;
}

/* ---- a screen of our own ---- */

struct words { /* of a column: the longest word, and the longest text */
	int word, text;
};

static void
words_see(struct words *w, const char *text)
{
	int n = (int)strlen(text);

	w->text = n > w->text ? n : w->text;
	for (const char *s = text; *s != '\0'; s += n, s += *s == ' ') {
		n = (int)strcspn(s, " ");
		w->word = n > w->word ? n : w->word;
	}
}

/* A column that lacks room for a word, then one that lacks it for a text, gets cells that the screen has besides the
 * table, then of columns that have more than they need. */
static void
table_words(struct table *t, const struct summary *m, int width)
{
	struct words w[COLS_MAX] = {{0}};
	int spare = width - t->ncols - 1;

	for (int c = 0; c < t->ncols; c++) {
		words_see(&w[c], head[c]);
		spare -= t->inner[c];
	}
	for (int i = m->first; i <= m->last; i++) {
		char field[COLS_MAX][FIELD];

		layer_fields(field, &m->layer[i], SUMMARY_KERAS3);
		for (int c = 0; c < t->ncols; c++)
			words_see(&w[c], field[c]);
	}
	for (;;) {
		int from = -1, to = -1;
		bool word = false;

		for (int c = 0; c < t->ncols; c++)
			if (t->inner[c] - 2 < w[c].word || (!word && t->inner[c] - 2 < w[c].text)) {
				word = t->inner[c] - 2 < w[c].word;
				to = c;
			}
		for (int c = 0; c < t->ncols; c++)
			if (t->inner[c] - 2 > (word ? w[c].word : w[c].text) && (from < 0 ||
			    t->inner[c] - w[c].text > t->inner[from] - w[from].text))
				from = c;
		if (to < 0 || (spare <= 0 && from < 0))
			return;
		if (spare-- <= 0)
			t->inner[from]--;
		t->inner[to]++;
	}
}

static void
total_line(struct str *b, const char *what, uint64_t count, int width)
{
	char line[128], number[32], bytes[32];

	snprintf(line, sizeof line, " %s params: %s (%s)", what, text_count(number, count),
	    summary_bytes(bytes, count * sizeof(float)));
	rich_fold(b, line, width);
}

static void
keras3(struct str *b, const struct summary *m, bool trainable, bool utf8, int width)
{
	struct table t;
	char title[FIELD];

	width = width < 20 ? 20 : width;
	for (int w = width; !table_layout(&t, trainable, utf8, w); w++)
		;
	if (m->words)
		table_words(&t, m, width);
	snprintf(title, sizeof title, "Model: \"%s\"", m->name);
	rich_fold(b, title, width);
	put_border(b, &t, t.box->top);
	put_row(b, &t, t.box->header, head, true);
	put_border(b, &t, t.box->under_header);
	for (int i = m->first; i <= m->last; i++) {
		char field[COLS_MAX][FIELD];
		const char *cell[COLS_MAX] = {field[0], field[1], field[2], field[3]};

		layer_fields(field, &m->layer[i], SUMMARY_KERAS3);
		put_row(b, &t, t.box->row, cell, false);
		put_border(b, &t, i < m->last ? t.box->between : t.box->bottom);
	}
	total_line(b, "Total", m->trainable + m->non_trainable, width);
	total_line(b, "Trainable", m->trainable, width);
	total_line(b, "Non-trainable", m->non_trainable, width);
}

/* ---- Keras 2 ---- */

static const int stop[COLS_MAX] = {29, 55, 65, 76}; /* where a column ends: .45, .85 and 1 of 65, and 11 more */

/* From 2.10 on: a space in front, and what does not fit goes on in further lines. 2.15 leaves one more cell free in all
 * columns but the last. */
static void
row_wrapped(struct str *b, const char *const *field, int ncols, bool narrow)
{
	const char *rest[COLS_MAX];
	bool any = true;

	for (int c = 0; c < ncols; c++)
		rest[c] = field[c];
	while (any) {
		int at = 1;

		str_add(b, " ");
		any = false;
		for (int c = 0; c < ncols; c++) {
			bool last = c == ncols - 1;
			int cut = stop[c] - (c > 0 ? stop[c - 1] : 0) - (last ? 0 : 2) - (narrow && !last ? 1 : 0);
			int n = (int)strlen(rest[c]);

			n = n < cut ? n : cut;
			at += n + (last ? 0 : 2);
			str_add(b, "%.*s%*s", n, rest[c], last ? 0 : 2, "");
			if (at < stop[c]) {
				str_add(b, "%*s", stop[c] - at, "");
				at = stop[c];
			}
			rest[c] += n;
			any = any || *rest[c] != '\0';
		}
		str_add(b, "\n");
	}
}

/* Keras 2.6: what does not fit is cut. */
static void
row_cut(struct str *b, const char *const *field)
{
	char line[256] = "";
	int at = 0;

	for (int c = 0; c < 3; c++) {
		if (c > 0)
			line[at - 1] = ' ';
		at += snprintf(line + at, sizeof line - (size_t)at, "%s", field[c]);
		at = at > stop[c] ? stop[c] : at;
		while (at < stop[c])
			line[at++] = ' ';
		line[at] = '\0';
	}
	str_add(b, "%s\n", line);
}

static void
rule(struct str *b, const char *glyph, int n)
{
	put_repeat(b, glyph, n);
	str_add(b, "\n");
}

static void
keras2(struct str *b, const struct summary *m, enum summary_format format, bool trainable)
{
	static const char *const what[] = {"Total", "Trainable", "Non-trainable"};
	uint64_t count[] = {m->trainable + m->non_trainable, m->trainable, m->non_trainable};
	bool old = format == SUMMARY_KERAS2_6;
	int ncols = trainable && !old ? 4 : 3, width = stop[ncols - 1];

	str_add(b, "Model: \"%s\"\n", m->name);
	rule(b, "_", width);
	old ? row_cut(b, head) : row_wrapped(b, head, ncols, format == SUMMARY_KERAS2);
	rule(b, "=", width);
	for (int i = m->first; i <= m->last; i++) {
		char field[COLS_MAX][FIELD];
		const char *cell[COLS_MAX] = {field[0], field[1], field[2], field[3]};

		layer_fields(field, &m->layer[i], format);
		old ? row_cut(b, cell) : row_wrapped(b, cell, ncols, format == SUMMARY_KERAS2);
		if (!old)
			str_add(b, "%*s\n", width, "");
		else if (i < m->last)
			rule(b, "_", width);
	}
	rule(b, "=", width);
	for (int i = 0; i < 3; i++) {
		char number[32], bytes[32];

		if (format == SUMMARY_KERAS2)
			str_add(b, "%s params: %llu (%s)\n", what[i], (unsigned long long)count[i],
			    bytes_text(bytes, count[i] * sizeof(float), "Byte"));
		else
			str_add(b, "%s params: %s\n", what[i], text_count(number, count[i]));
	}
	rule(b, "_", width);
}

char *
summary_text(const struct summary *m, enum summary_format format, bool trainable, bool utf8, int width)
{
	struct str text = {0}, *b = &text;

	if (format == SUMMARY_KERAS3)
		keras3(b, m, trainable, utf8, width);
	else
		keras2(b, m, format, trainable);
	return text.s;
}
