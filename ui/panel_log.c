/* panel_log.c: the last lines, newest at the bottom, long ones wrapped; a scrolled view stays where it is while lines come in.
 */
#include "panel.h"

#include <stdio.h>
#include <string.h>

/* The byte where each wrapped row of a line ends, behind a blank if it can be; returns how many rows it takes (at least one). */
static int
wrap(const char *text, int cells, size_t *ends, int most)
{
	const char *s = text, *blank = NULL; /* behind the last blank of the row */
	int rows = 0, used = 0, at_blank = 0;

	while (*s) {
		uint32_t code;
		const char *next = ui_char_next(s, &code);
		int w = ui_char_cells(code);

		w = w < 0 ? 1 : w;
		if (used + w > cells && used > 0) {
			bool word = blank && at_blank > cells / 2; /* a word that long is cut */

			if (rows < most)
				ends[rows] = (size_t)((word ? blank : s) - text);
			rows++;
			used = word ? used - at_blank : 0;
			blank = NULL;
		}
		used += w;
		s = next;
		if (code == ' ') {
			blank = s;
			at_blank = used;
		}
	}
	if (rows < most)
		ends[rows] = (size_t)(s - text);
	return rows + 1;
}

#define WRAP_MOST 64

static void
put_part(struct ui_area a, int y, int style, const char *text, size_t from, size_t to)
{
	char buf[2048];
	size_t n = to - from;

	if (n >= sizeof buf)
		n = sizeof buf - 1;
	memcpy(buf, text + from, n);
	buf[n] = '\0';
	ui_put(a, 0, y, style, buf);
}

static void
log_draw(const struct ui_panel_ctx *p, struct ui_area frame)
{
	const struct ui_log *l = &p->m->log;
	struct ui_area a = ui_area_sub(frame, 1, 0, frame.r.w - 2, frame.r.h);
	const struct ui_log_line *line;
	long skip;
	int y = a.r.h - 1;
	size_t back = 0;

	if (a.r.w < 1)
		return;
	if (p->st->scroll > 0 && l->total > p->st->seen)
		p->st->scroll += (long)(l->total - p->st->seen);
	p->st->seen = l->total;
	if (p->st->scroll > 0) { /* not past the oldest */
		long rows = 0;
		size_t ends[1];

		for (size_t i = 0; (line = ui_log_at(l, i)) != NULL && rows < p->st->scroll + a.r.h; i++)
			rows += wrap(line->text, a.r.w, ends, 0);
		if (p->st->scroll > rows - a.r.h)
			p->st->scroll = rows > a.r.h ? rows - a.r.h : 0;
	}
	skip = p->st->scroll;
	/* Short of lines it fills from the top. */
	if (skip == 0) {
		int rows = 0;
		size_t ends[1];

		for (size_t i = 0; rows < a.r.h && (line = ui_log_at(l, i)) != NULL; i++)
			rows += wrap(line->text, a.r.w, ends, 0);
		if (rows < a.r.h)
			y = rows - 1;
	}
	for (; y >= 0 && (line = ui_log_at(l, back)) != NULL; back++) {
		size_t ends[WRAP_MOST];
		int rows = wrap(line->text, a.r.w, ends, WRAP_MOST);

		for (int i = (rows > WRAP_MOST ? WRAP_MOST : rows) - 1; i >= 0 && y >= 0; i--) {
			if (skip > 0) {
				skip--;
				continue;
			}
			put_part(a, y--, line->style < UI_STYLES ? (int)line->style : UI_PLAIN, line->text, i > 0 ? ends[i - 1] : 0, ends[i]);
		}
	}
}

/* Whether what the last line typed has brought is taller than the pane. The lines of a run pass by; only what stands still is an answer. */
static bool
log_taller(const struct ui_log *l, struct ui_area frame)
{
	const struct ui_log_line *line;
	size_t ends[1];
	int rows = 0, cells = frame.r.w - 4, most = frame.r.h - 2; /* within the border and a blank */

	for (size_t i = 0; cells > 0 && rows <= most && (line = ui_log_at(l, i)) != NULL; i++) {
		rows += wrap(line->text, cells, ends, 0);
		if (line->style == UI_ACCENT)
			return rows > most;
	}
	return rows > most;
}

static void
log_note(const struct ui_panel_ctx *p, struct ui_area frame, int from, int right)
{
	char text[48];

	if (p->st->scroll <= 0) {
		if (p->m->activity == NULL && log_taller(&p->m->log, frame))
			ui_note_right(frame, from, right, UI_DIM, "PgUp: more above");
		return;
	}
	snprintf(text, sizeof text, "%ld lines further down", p->st->scroll);
	ui_note_right(frame, from, right, UI_WARN, text);
}

/* ---- where the log has no room ---- */

/* The newest error of the last `lines` lines. */
static const struct ui_log_line *
answer_find(const struct ui_log *l, uint64_t lines)
{
	const struct ui_log_line *line;

	for (size_t i = 0; i < lines && (line = ui_log_at(l, i)) != NULL; i++)
		if (line->style == UI_BAD)
			return line;
	return NULL;
}

bool
ui_answer_draw(struct ui_canvas *c, const struct ui_log *l, uint64_t told, int bottom)
{
	const struct ui_log_line *line = l->total > told ? answer_find(l, l->total - told) : NULL;
	size_t ends[WRAP_MOST];
	int most = c->rows / 2, rows, cells = c->cols - 4;
	struct ui_area a;

	if (line == NULL || cells < 8 || most > bottom - 3)
		return false;
	rows = wrap(line->text, cells, ends, WRAP_MOST);
	most = most > WRAP_MOST ? WRAP_MOST : most;
	a = ui_area_sub(ui_area_all(c), 0, bottom - 2 - (rows > most ? most : rows), c->cols, 2 + (rows > most ? most : rows));
	ui_fill(a, 0, 0, a.r.w, a.r.h, UI_PLAIN, " ");
	a = ui_frame(a, UI_S_BORDER, "log", NULL, NULL);
	a = ui_area_sub(a, 1, 0, cells, a.r.h);
	for (int i = 0; i < rows && i < most; i++)
		put_part(a, i, UI_BAD, line->text, i > 0 ? ends[i - 1] : 0, ends[i]);
	if (rows > most)
		ui_put_right(a, cells, most - 1, UI_BAD, ui_glyph(c->glyphs, UI_G_MORE));
	return true;
}

/* ---- panel ---- */

static bool
log_key(const struct ui_panel_ctx *p, int key, struct ui_ask *ask)
{
	p->st->seen = p->m->log.total;
	return ui_scroll_key(p->st, key, 8, -1);
}

const struct ui_panel ui_panel_log = {
	.name = "log",
	.keys = "PgUp PgDn scroll  End newest  Enter zoom",
	.note = log_note,
	.draw = log_draw,
	.key = log_key,
};
