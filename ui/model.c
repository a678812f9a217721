/* model.c: the plain data of model.h, grown and released.
 *
 * Text that comes in through the log may be anything, a pasted binary included: what is kept is valid UTF-8 on one
 * line, without escapes or controls and of bounded length.
 */
#include "canvas.h"
#include "mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UI_LOG_LINES 2000 /* kept unless cap says otherwise */
#define UI_LOG_BYTES 4096 /* of one line; the rest is cut */

void
ui_string(char **s, const char *text)
{
	char *copy = ui_strdup(text); /* first, as text may lie in *s */

	free(*s);
	*s = copy;
}

/* ---- charts ---- */

struct ui_series *
ui_chart_add(struct ui_chart *c, const char *name, enum ui_line line, int colour)
{
	struct ui_series *s;

	c->series = ui_realloc(c->series, c->nseries + 1, sizeof *c->series);
	s = &c->series[c->nseries++];
	*s = (struct ui_series){.name = ui_strdup(name), .line = line, .colour = colour,
	    .mark = line == UI_LINE_DASHED};
	return s;
}

void
ui_series_point(struct ui_series *s, double x, double y)
{
	s->p = ui_grow(s->p, s->n, &s->cap, sizeof *s->p);
	s->p[s->n++] = (struct ui_point){x, y};
}

void
ui_series_estimate(struct ui_series *s, double x, double y, double error)
{
	ui_series_point(s, x, y);
	s->error = ui_realloc(s->error, s->cap, sizeof *s->error);
	s->error[s->n - 1] = error;
}

struct ui_rule *
ui_chart_rule(struct ui_chart *c, double x, const char *label)
{
	c->rule = ui_realloc(c->rule, c->nrules + 1, sizeof *c->rule);
	c->rule[c->nrules] = (struct ui_rule){.x = x, .label = ui_strdup(label)};
	return &c->rule[c->nrules++];
}

void
ui_chart_clear(struct ui_chart *c)
{
	for (size_t i = 0; i < c->nseries; i++) {
		free(c->series[i].name);
		free(c->series[i].of);
		free(c->series[i].p);
		free(c->series[i].error);
	}
	for (size_t i = 0; i < c->nrules; i++) {
		free(c->rule[i].label);
		for (int k = 0; k < UI_LINES; k++)
			free(c->rule[i].when[k]);
	}
	free(c->series);
	free(c->rule);
	free(c->xtick);
	free(c->title);
	free(c->xlabel);
	free(c->ylabel);
	free(c->note);
	free(c->which);
	*c = (struct ui_chart){0};
}

/* ---- tiles ---- */

struct ui_tile *
ui_tiles_add(struct ui_tiles *t, int height, int width, int channels, const uint8_t *pixels, const char *label,
    const char *caption, int mark)
{
	size_t bytes = (size_t)height * width * channels;
	struct ui_tile *tile;

	t->tile = ui_grow(t->tile, t->n, &t->cap, sizeof *t->tile);
	tile = &t->tile[t->n++];
	*tile = (struct ui_tile){.height = height, .width = width, .channels = channels, .pixels = ui_alloc(bytes, 1),
	    .label = ui_strdup(label), .caption = ui_strdup(caption), .mark = mark};
	if (bytes != 0)
		memcpy(tile->pixels, pixels, bytes);
	return tile;
}

void
ui_tiles_clear(struct ui_tiles *t)
{
	for (size_t i = 0; i < t->n; i++) {
		free(t->tile[i].pixels);
		free(t->tile[i].label);
		free(t->tile[i].caption);
	}
	free(t->tile);
	free(t->title);
	free(t->note);
	free(t->brief);
	free(t->scale.label);
	*t = (struct ui_tiles){0};
}

/* ---- strips ---- */

struct ui_strip *
ui_strips_add(struct ui_strips *s, const char *name, const char *of, bool locked)
{
	s->strip = ui_grow(s->strip, s->n, &s->cap, sizeof *s->strip);
	s->strip[s->n] = (struct ui_strip){.name = ui_strdup(name), .of = ui_strdup(of), .locked = locked};
	return &s->strip[s->n++];
}

void
ui_strip_bar(struct ui_strip *s, const char *label, const char *value, double part, int mark)
{
	s->bar = ui_grow(s->bar, s->nbars, &s->cap, sizeof *s->bar);
	s->bar[s->nbars++] = (struct ui_bar){ui_strdup(label), ui_strdup(value), part, mark};
}

static void
strip_clear(struct ui_strip *s)
{
	for (size_t i = 0; i < s->nbars; i++) {
		free(s->bar[i].label);
		free(s->bar[i].value);
	}
	free(s->bar);
	free(s->name);
	free(s->of);
	free(s->say);
	ui_tiles_clear(&s->tiles);
}

void
ui_strips_clear(struct ui_strips *s)
{
	for (size_t i = 0; i < s->n; i++)
		strip_clear(&s->strip[i]);
	free(s->strip);
	free(s->title);
	free(s->note);
	free(s->brief);
	*s = (struct ui_strips){0};
}

/* ---- histograms ---- */

struct ui_histogram *
ui_histograms_add(struct ui_histograms *t, const char *name, const char *of, bool locked, double low, double high,
    int n, const uint64_t *count)
{
	struct ui_histogram *h;

	t->row = ui_grow(t->row, t->n, &t->cap, sizeof *t->row);
	h = &t->row[t->n++];
	*h = (struct ui_histogram){.name = ui_strdup(name), .of = ui_strdup(of), .locked = locked, .low = low,
	    .high = high, .n = n, .count = ui_alloc((size_t)n, sizeof *count)};
	memcpy(h->count, count, (size_t)n * sizeof *count);
	return h;
}

void
ui_histograms_clear(struct ui_histograms *t)
{
	for (size_t i = 0; i < t->n; i++) {
		for (int k = 0; k < UI_HISTOGRAM_TEXTS; k++)
			free(t->row[i].text[k]);
		free(t->row[i].name);
		free(t->row[i].of);
		free(t->row[i].warn);
		free(t->row[i].count);
	}
	free(t->row);
	free(t->title);
	free(t->note);
	free(t->brief);
	*t = (struct ui_histograms){0};
}

/* ---- matrices ---- */

bool
ui_matrix_size(struct ui_matrix *m, int nrows, int ncols)
{
	if ((m->count = calloc((size_t)nrows * (size_t)ncols + 1, sizeof *m->count)) == NULL)
		return false;
	m->nrows = nrows;
	m->ncols = ncols;
	m->row = ui_alloc((size_t)nrows, sizeof *m->row);
	m->col = ui_alloc((size_t)ncols, sizeof *m->col);
	return true;
}

void
ui_estimates_clear(struct ui_estimates *t)
{
	for (int i = 0; i < t->n; i++) {
		free(t->row[i].group);
		free(t->row[i].name);
		free(t->row[i].text);
	}
	for (int k = 0; k < UI_KINDS; k++)
		free(t->kind[k]);
	free(t->row);
	free(t->title);
	free(t->note);
	free(t->axis);
	free(t->brief);
	free(t->when);
	*t = (struct ui_estimates){0};
}

void
ui_matrix_clear(struct ui_matrix *m)
{
	for (int i = 0; i < m->nrows; i++)
		free(m->row[i]);
	for (int i = 0; i < m->ncols; i++)
		free(m->col[i]);
	free(m->row);
	free(m->col);
	free(m->count);
	free(m->title);
	free(m->note);
	free(m->rows);
	free(m->cols);
	free(m->share);
	free(m->brief);
	*m = (struct ui_matrix){0};
}

/* ---- tables ---- */

struct ui_row *
ui_table_add(struct ui_table *t, const char *const *cells, unsigned flags)
{
	struct ui_row *r;

	t->row = ui_grow(t->row, t->nrows, &t->cap, sizeof *t->row);
	r = &t->row[t->nrows++];
	*r = (struct ui_row){.flags = flags};
	for (int i = 0; i < t->ncols; i++)
		r->cell[i] = ui_strdup(cells[i]);
	return r;
}

void
ui_table_clear(struct ui_table *t)
{
	for (size_t i = 0; i < t->nrows; i++) {
		for (int j = 0; j < UI_COLS_MAX; j++)
			free(t->row[i].cell[j]);
		free(t->row[i].brief);
	}
	for (int j = 0; j < UI_COLS_MAX; j++)
		free(t->head[j]);
	free(t->row);
	free(t->title);
	free(t->fold);
	*t = (struct ui_table){0};
}

/* ---- log ---- */

/* Steps over an escape sequence at s[0] == ESC: CSI to its final byte, string sequences to their terminator, else
 * two bytes. */
static size_t
ui_escape_len(const char *s, size_t n)
{
	size_t i = 2;

	if (n < 2)
		return n;
	switch (s[1]) {
	case '[':
		while (i < n && (unsigned char)s[i] >= 0x20 && (unsigned char)s[i] < 0x40)
			i++;
		return i < n && (unsigned char)s[i] >= 0x40 && (unsigned char)s[i] < 0x7f ? i + 1 : i;
	case ']':
	case 'P':
	case '^':
	case '_':
	case 'X':
		for (; i < n && s[i] != '\a'; i++)
			if (s[i] == '\033' && i + 1 < n && s[i + 1] == '\\')
				return i + 2;
		return i < n ? i + 1 : i;
	default:
		return (unsigned char)s[1] >= 0x20 && (unsigned char)s[1] < 0x7f ? 2 : 1;
	}
}

/* A copy of one line, cleaned: tabs become spaces, bytes that are not UTF-8 a replacement sign. */
static char *
ui_log_clean(const char *s, size_t n)
{
	char buf[UI_LOG_BYTES + 16];
	size_t out = 0, columns = 0, len;
	uint32_t code;

	for (size_t i = 0; i < n; i += len) {
		if (out >= UI_LOG_BYTES - 8) {
			memcpy(buf + out, "…", 3);
			out += 3;
			break;
		}
		len = (size_t)(ui_char_next(s + i, &code) - (s + i));
		if (s[i] == '\033') {
			len = ui_escape_len(s + i, n - i);
		} else if (s[i] == '\t') {
			do
				buf[out++] = ' ';
			while (++columns % 8 != 0);
		} else if (code == 0xfffd) {
			memcpy(buf + out, "\xef\xbf\xbd", 3);
			out += 3;
			columns++;
		} else if (ui_char_cells(code) < 0) {
			continue;
		} else {
			memcpy(buf + out, s + i, len);
			out += len;
			columns++;
		}
	}
	return ui_strndup(buf, out);
}

static void
ui_log_push(struct ui_log *l, enum ui_style style, char *text)
{
	size_t at;

	if (l->cap == 0)
		l->cap = UI_LOG_LINES;
	if (l->line == NULL)
		l->line = ui_alloc(l->cap, sizeof *l->line);
	if (l->n == l->cap) {
		at = l->first;
		l->first = (l->first + 1) % l->cap;
		free(l->line[at].text);
	} else
		at = (l->first + l->n++) % l->cap;
	l->line[at] = (struct ui_log_line){text, style};
	l->total++;
}

void
ui_log_add(struct ui_log *l, enum ui_style style, const char *text)
{
	const char *end;

	l->open = false;
	for (;; text = end + 1) {
		end = strchrnul(text, '\n');
		ui_log_push(l, style, ui_log_clean(text, end - text));
		if (*end == '\0' || end[1] == '\0') /* the newline that ends a text begins no line */
			return;
	}
}

void
ui_log_replace(struct ui_log *l, enum ui_style style, const char *text)
{
	struct ui_log_line *last;
	char *clean;

	if (text == NULL) {
		l->open = false;
		return;
	}
	clean = ui_log_clean(text, strlen(text));
	if (!l->open || l->n == 0)
		ui_log_push(l, style, clean);
	else {
		last = &l->line[(l->first + l->n - 1) % l->cap];
		free(last->text);
		*last = (struct ui_log_line){clean, style};
	}
	l->open = true;
}

uint64_t
ui_log_lines(const struct ui_log *l)
{
	return l->total - (l->open && l->n > 0);
}

void
ui_log_go_on(struct ui_log *l, const char *text)
{
	const struct ui_log_line *last = ui_log_at(l, 0);
	char line[2 * UI_LOG_BYTES];

	if (last == NULL) {
		ui_log_add(l, UI_PLAIN, text);
		return;
	}
	snprintf(line, sizeof line, "%s %s", last->text, text);
	l->open = true;
	ui_log_replace(l, last->style, line);
	l->open = false;
}

const struct ui_log_line *
ui_log_at(const struct ui_log *l, size_t back)
{
	return back < l->n ? &l->line[(l->first + l->n - 1 - back) % l->cap] : NULL;
}

void
ui_log_replace_lines(struct ui_log *l, uint64_t first, uint64_t last, const struct ui_log *by)
{
	struct ui_log other = {.cap = l->cap};
	const struct ui_log_line *line;
	bool open = l->open && last < l->total;
	uint64_t total = l->total - (last - first + 1) + by->n;

	for (uint64_t n = l->total - l->n + 1; n <= l->total; n++) {
		if (n == first)
			for (size_t i = by->n; i-- > 0 && (line = ui_log_at(by, i)) != NULL;)
				ui_log_push(&other, line->style, ui_strdup(line->text));
		if (n < first || n > last) {
			line = ui_log_at(l, l->total - n);
			ui_log_push(&other, line->style, ui_strdup(line->text));
		}
	}
	ui_log_clear(l);
	*l = other;
	l->open = open;
	l->total = total;
}

void
ui_log_clear(struct ui_log *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->line[(l->first + i) % l->cap].text);
	free(l->line);
	*l = (struct ui_log){0};
}

/* ---- everything ---- */

void
ui_parts_clear(struct ui_parts *p)
{
	ui_strips_clear(&p->maps);
	ui_table_clear(&p->terms);
	*p = (struct ui_parts){0};
}

void
ui_model_clear(struct ui_model *m)
{
	uint64_t version = m->version + 1; /* what is on the screen is out of date now */

	free(m->headline);
	free(m->status);
	free(m->activity);
	free(m->eta);
	free(m->waiting);
	ui_table_clear(&m->layers);
	ui_table_clear(&m->runs);
	ui_matrix_clear(&m->confusion);
	ui_histograms_clear(&m->stats);
	ui_estimates_clear(&m->probe);
	ui_parts_clear(&m->explain);
	ui_chart_clear(&m->loss);
	ui_chart_clear(&m->accuracy);
	ui_tiles_clear(&m->digits);
	ui_tiles_clear(&m->maps);
	ui_strips_clear(&m->strips);
	ui_tiles_clear(&m->filters);
	ui_tiles_clear(&m->activations);
	ui_tiles_clear(&m->canvas);
	ui_log_clear(&m->log);
	ui_log_clear(&m->help);
	*m = (struct ui_model){.version = version};
}
