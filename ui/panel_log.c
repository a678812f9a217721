/* panel_log.c: the last lines, newest at the bottom, long ones wrapped; a scrolled view stays where it is while lines
 * come in. An answer taller than the pane lies over the panes, in a box of its own, from its head on and until the next
 * key.
 */
#include "panel.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#define WRAP_MOST 64
#define LOG_SMALL 4 /* rows, in which nothing is looked up */

/* A comment is a paragraph: its rows stand below its first word. */
static int
indent_of(const char *text)
{
	return text[0] == '#' && text[1] == ' ' ? 2 : 0;
}

static int
wrap(const char *text, int cells, size_t *ends, int most)
{
	return ui_words_wrap(text, cells, indent_of(text), ends, most);
}

/* Row i of a line. */
static void
put_row(struct ui_area a, int y, const struct ui_log_line *line, const size_t *ends, int i)
{
	int x = i > 0 && a.r.w - indent_of(line->text) >= 8 ? indent_of(line->text) : 0;

	ui_put_part(a, x, y, line->style < UI_STYLES ? (int)line->style : UI_PLAIN, line->text,
	    i > 0 ? ends[i - 1] : 0, ends[i]);
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

/* The newest error behind line `after`, as a line's number counted from 1; 0: none. Carets below a word are none. */
static uint64_t
error_behind(const struct ui_log *l, uint64_t after)
{
	const struct ui_log_line *line;

	for (uint64_t n = l->total; n > after && (line = ui_log_at(l, l->total - n)) != NULL; n--)
		if (line->style == UI_BAD && line->text[strspn(line->text, " ^")] != '\0')
			return n;
	return 0;
}

void
ui_log_follow(struct ui_pane_state *st)
{
	st->scroll = 0;
}

void
ui_log_answer(struct ui_pane_state *st, const struct ui_log *l, uint64_t since)
{
	uint64_t error = error_behind(l, since);

	if (since >= l->total)
		return;
	st->from = error > 0 ? error : since + 1; /* what went wrong comes first */
	st->to = l->total;
	st->all = 0;
	st->over = 0;
}

bool
ui_log_over(struct ui_pane_state *st, const struct ui_log *l, struct ui_rect pane)
{
	int rows = pane.h > 2 ? pane.h - 2 : 0;

	if (rows > LOG_SMALL || rows_of(l, l->n, pane.w > 4 ? pane.w - 4 : INT_MAX, rows + 1) <= rows)
		return false;
	st->all = l->total;
	st->over = LONG_MAX / 2;
	return true;
}

bool
ui_log_answered(const struct ui_pane_state *st, const struct ui_log *l)
{
	return st->from > 0 && st->from + l->n > l->total && st->to <= l->total;
}

static void
log_settle(struct ui_pane_state *st, const struct ui_log *l, int cells, int rows)
{
	if (st->scroll > 0 && l->total > st->seen)
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
	return st->rows > LOG_SMALL ? st->rows - 1 : st->rows > 0 ? st->rows : 1;
}

void
ui_log_page(struct ui_pane_state *st, const struct ui_log *l, struct ui_rect pane, int pages)
{
	if (pane.w > 4 && pane.h > 2)
		log_settle(st, l, pane.w - 4, pane.h - 2);
	st->seen = l->total;
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
			put_row(a, y--, line, ends, i);
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

	if (p->st->scroll <= 0) {
		if (p->m->activity == NULL && log_taller(&p->m->log, frame))
			ui_note_right(frame, from, right, UI_DIM, "PgUp: more above");
		return;
	}
	snprintf(text, sizeof text, "PgDn: %ld more below", p->st->scroll);
	ui_note_right(frame, from, right, UI_WARN, text);
}

/* ---- over the panes ---- */

/* Lines first..last, from row `skip` of them on. */
static void
answer_lines(struct ui_area a, const struct ui_log *l, uint64_t first, uint64_t last, long skip)
{
	int y = 0;

	for (uint64_t n = first; n <= last && y < a.r.h; n++) {
		const struct ui_log_line *line = ui_log_at(l, l->total - n);
		size_t ends[WRAP_MOST];
		int parts = wrap(line->text, a.r.w, ends, WRAP_MOST);

		for (int i = 0; i < parts && i < WRAP_MOST && y < a.r.h; i++)
			if (skip-- <= 0)
				put_row(a, y++, line, ends, i);
	}
}

/* Finds what lies over the panes; 0: nothing. Where the log is in view it says what is not taller than it, and errors
 * that come later. */
static uint64_t
answer_find(const struct ui_log *l, const struct ui_pane_state *st, uint64_t told, struct ui_rect log, uint64_t *last)
{
	uint64_t error = log.h > 0 ? 0 : error_behind(l, told);

	if (st->all > told) {
		*last = st->all;
		return l->total - l->n + 1;
	}
	if (error > 0 && st->from > told && st->from <= error && error <= st->to && ui_log_answered(st, l))
		error = 0; /* it is a part of what is said */
	*last = error > 0 ? error : st->to;
	if (error > 0)
		return error + l->n > l->total ? error : 0;
	if (st->from <= told || !ui_log_answered(st, l) || (log.h > 0 && error_behind(l, st->to) > 0))
		return 0;
	if (log.h > 0 && rows_of(l, l->total - st->from + 1, log.w - 4, LONG_MAX) - rows_of(l, l->total - st->to,
	    log.w - 4, LONG_MAX) <= log.h - 2)
		return 0;
	return st->from;
}

bool
ui_answer_draw(struct ui_canvas *c, const struct ui_log *l, struct ui_pane_state *st, uint64_t told, struct ui_rect log,
    int bottom, bool waits)
{
	static const char *const foot[2][2] = {{"the next key closes", "the next key closes"},
	    {"Space or Enter goes on, any other key closes this", "Space or Enter goes on"}};

	uint64_t last, first = answer_find(l, st, told, log, &last);
	int most = bottom - 3, cells = c->cols - 4;
	long rows;
	char note[64] = "";
	struct ui_area a;

	if (first == 0 || cells < 8 || most < 1)
		return false;
	rows = rows_of(l, l->total - first + 1, cells, LONG_MAX) - rows_of(l, l->total - last, cells, LONG_MAX);
	most = rows < most ? (int)rows : most;
	st->over = st->over > rows - most ? rows - most : st->over < 0 ? 0 : st->over;
	st->rows = most;
	if (st->over < rows - most)
		snprintf(note, sizeof note, "PgDn: %ld more below", rows - most - st->over);
	else if (st->over > 0)
		snprintf(note, sizeof note, "PgUp: %ld more above", st->over);
	a = ui_area_sub(ui_area_all(c), 0, bottom - 2 - most, c->cols, 2 + most);
	ui_fill(a, 0, 0, a.r.w, a.r.h, UI_PLAIN, " ");
	a = ui_frame(a, UI_S_FOCUS, st->all > told ? "log" : "answer", note,
	    foot[waits][ui_text_cells(foot[waits][0]) > a.r.w - 6]);
	answer_lines(ui_area_sub(a, 1, 0, cells, a.r.h), l, first, last, st->over);
	return true;
}

void
ui_answer_scroll(struct ui_pane_state *st, int rows)
{
	st->over += rows;
}

int
ui_answer_page(const struct ui_pane_state *st)
{
	return log_page(st);
}

/* ---- panel ---- */

static bool
log_key(const struct ui_panel_ctx *p, int key, struct ui_ask *ask)
{
	struct ui_pane_state to = *p->st;

	to.page = log_page(p->st);
	if (!ui_scroll_key(&to, key, -1))
		return false;
	to.seen = p->m->log.total;
	*p->st = to;
	return true;
}

const struct ui_panel ui_panel_log = {
	.keys = "PgUp PgDn scroll  End newest  Enter zoom",
	.note = log_note,
	.draw = log_draw,
	.key = log_key,
};
