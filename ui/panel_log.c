/* panel_log.c: the last lines, newest at the bottom, long ones wrapped; a scrolled view stays where it is while lines
 * come in. An answer taller than the pane is shown from its head, and stays so until it is scrolled, something is typed
 * or an error comes.
 */
#include "panel.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

/* The byte where each wrapped row of a line ends, behind a blank if it can be; returns how many rows it takes (at
 * least one). */
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

/* Rows of the `lines` newest lines, counted until there are `most`. */
static long
rows_of(const struct ui_log *l, uint64_t lines, int cells, long most)
{
	const struct ui_log_line *line;
	size_t ends[1];
	long rows = 0;

	for (size_t i = 0; i < lines && rows < most && (line = ui_log_at(l, i)) != NULL; i++)
		rows += wrap(line->text, cells, ends, 0);
	return rows;
}

/* ---- where the view stands ---- */

/* The newest error behind line `after`, as a line's number counted from 1; 0: none. */
static uint64_t
error_behind(const struct ui_log *l, uint64_t after)
{
	const struct ui_log_line *line;

	for (uint64_t n = l->total; n > after && (line = ui_log_at(l, l->total - n)) != NULL; n--)
		if (line->style == UI_BAD)
			return n;
	return 0;
}

/* No answer is held: where the view stands is the user's. */
static void
log_release(struct ui_pane_state *st)
{
	st->from = st->to = 0;
	st->held = false;
}

void
ui_log_follow(struct ui_pane_state *st)
{
	st->scroll = 0;
	log_release(st);
}

void
ui_log_answer(struct ui_pane_state *st, const struct ui_log *l, uint64_t since)
{
	uint64_t error = error_behind(l, since);

	if (since >= l->total)
		return;
	st->from = error > 0 ? error : since + 1; /* what went wrong comes first */
	st->to = l->total;
}

static void
log_settle(struct ui_pane_state *st, const struct ui_log *l, int cells, int rows)
{
	long after;

	if (st->from > 0 && (st->from + l->n <= l->total || st->to > l->total || error_behind(l, st->to > st->seen ? st->to : st->seen) > 0)) {
		st->scroll = st->held ? 0 : st->scroll;
		log_release(st);
	}
	if (st->from > 0) {
		after = rows_of(l, l->total - st->from + 1, cells, LONG_MAX);
		if (after - rows_of(l, l->total - st->to, cells, LONG_MAX) > rows) {
			st->held = true;
			st->scroll = after - rows;
		} else if (st->held) {
			st->held = false;
			st->scroll = 0;
		}
	}
	if (!st->held && st->scroll > 0 && l->total > st->seen)
		st->scroll += rows_of(l, l->total - st->seen, cells, LONG_MAX);
	st->seen = l->total;
	st->rows = rows;
	if (st->scroll > 0) { /* not past the oldest */
		long most = rows_of(l, l->n, cells, st->scroll + rows) - rows;

		if (st->scroll > most)
			st->scroll = most > 0 ? most : 0;
	}
}

/* Few rows are turned over whole; of more, one stays in view. */
static int
log_page(const struct ui_pane_state *st)
{
	return st->rows > 4 ? st->rows - 1 : st->rows > 0 ? st->rows : 1;
}

void
ui_log_page(struct ui_pane_state *st, const struct ui_log *l, struct ui_rect pane, int pages)
{
	if (pane.w > 4 && pane.h > 2)
		log_settle(st, l, pane.w - 4, pane.h - 2);
	st->seen = l->total;
	log_release(st);
	st->scroll += (long)pages * log_page(st);
	if (st->scroll < 0)
		st->scroll = 0;
}

/* ---- drawing ---- */

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
	log_settle(p->st, l, a.r.w, a.r.h);
	skip = p->st->scroll;
	/* Short of lines it fills from the top. */
	if (skip == 0) {
		long rows = rows_of(l, l->n, a.r.w, a.r.h);

		if (rows < a.r.h)
			y = (int)rows - 1;
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

/* Whether what the last line typed has brought is taller than the pane. The lines of a run pass by; only what stands
 * still is an answer. */
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
	char text[64];
	int n;

	if (p->st->scroll <= 0) {
		if (p->m->activity == NULL && log_taller(&p->m->log, frame))
			ui_note_right(frame, from, right, UI_DIM, "PgUp: more above");
		return;
	}
	n = snprintf(text, sizeof text, "PgDn: %ld more below", p->st->scroll);
	if (p->st->held && p->st->rows < 8 && p->st->scroll > 3 * p->st->rows && frame.r.h < frame.c->rows - 2 && right - from >= n + 22)
		snprintf(text + n, sizeof text - (size_t)n, "  layout log: larger"); /* than to turn pages */
	ui_note_right(frame, from, right, p->st->held ? UI_DIM : UI_WARN, text);
}

/* ---- where the log has no room ---- */

bool
ui_answer_draw(struct ui_canvas *c, const struct ui_log *l, const struct ui_pane_state *st, uint64_t told, int bottom)
{
	uint64_t error = error_behind(l, told), from = error > 0 ? error : st->from > told ? st->from : 0, to = error > 0 ? error : st->to;
	int most = c->rows / 2, rows = 0, cells = c->cols - 4, y = 0;
	struct ui_area a;

	if (from == 0 || to > l->total || from + l->n <= l->total || cells < 8 || most > bottom - 3)
		return false;
	for (uint64_t n = from; n <= to && rows <= most; n++) {
		size_t ends[1];

		rows += wrap(ui_log_at(l, l->total - n)->text, cells, ends, 0);
	}
	a = ui_area_sub(ui_area_all(c), 0, bottom - 2 - (rows > most ? most : rows), c->cols, 2 + (rows > most ? most : rows));
	ui_fill(a, 0, 0, a.r.w, a.r.h, UI_PLAIN, " ");
	a = ui_frame(a, UI_S_BORDER, "log", rows > most ? "layout log: more" : NULL, NULL);
	a = ui_area_sub(a, 1, 0, cells, a.r.h);
	for (uint64_t n = from; n <= to && y < most; n++) {
		const struct ui_log_line *line = ui_log_at(l, l->total - n);
		size_t ends[WRAP_MOST];
		int parts = wrap(line->text, cells, ends, WRAP_MOST);
		for (int i = 0; i < parts && i < WRAP_MOST && y < most; i++)
			put_part(a, y++, line->style < UI_STYLES ? (int)line->style : UI_PLAIN, line->text, i > 0 ? ends[i - 1] : 0, ends[i]);
	}
	if (rows > most)
		ui_put_right(a, cells, most - 1, UI_DIM, ui_glyph(c->glyphs, UI_G_MORE));
	return true;
}

/* ---- panel ---- */

static bool
log_key(const struct ui_panel_ctx *p, int key, struct ui_ask *ask)
{
	struct ui_pane_state to = *p->st;

	if (!ui_scroll_key(&to, key, log_page(p->st), -1))
		return false;
	to.seen = p->m->log.total;
	log_release(&to);
	*p->st = to;
	return true;
}

const struct ui_panel ui_panel_log = {
	.keys = "PgUp PgDn scroll  End newest  Enter zoom",
	.note = log_note,
	.draw = log_draw,
	.key = log_key,
};
