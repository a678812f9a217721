/* panel_stats.c: how numbers are spread: of each kind its name, what is said of it, and beside them its histogram, as
 * many rows high as there is room for, then a row each, then scrolled.
 */
#include "panel.h"
#include "inlay.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define NAMES 30 /* columns of names and text */
#define ENDS 10 /* of the number at each end of a histogram that has no row below it for them */
#define BARS 12 /* columns of bars that come before those numbers */
#define ENDS_SHORT 6 /* both, where the pane is narrower */
#define BARS_SHORT 8
#define HIGH 8 /* rows of bars at most */
#define PAIR 130 /* columns from which on two stand beside one another */

struct spread {
	int cols; /* blocks beside one another */
	int w, h; /* of a block, the blank behind it included */
	int bars; /* rows of bars; below them the ends, unless h is 1 */
	int names; /* columns */
	int aside; /* columns of what is said beside the name where there is no row below it */
	int ends; /* columns of the number at each end where there is no row below for them; 0: they leave */
};

/* The columns of the names: half of all, unless they need more, and where nothing stands below them what they need. */
static int
names_cells(const struct ui_histograms *t, int w, bool alone)
{
	int widest = 0, most = w * 3 / 5 < NAMES ? w * 3 / 5 : NAMES, least = w / 2 < NAMES ? w / 2 : NAMES;

	for (size_t i = 0; i < t->n; i++) {
		int cells = 2 + ui_text_cells(t->row[i].name) + 1 +
		    (t->row[i].of != NULL ? 1 + ui_text_cells(t->row[i].of) : 0);

		widest = cells > widest ? cells : widest;
	}
	widest = widest > most ? most : widest;
	return alone ? widest : widest > least ? widest : least;
}

static void
spread_find(struct spread *s, struct ui_area a, const struct ui_histograms *t)
{
	int n = (int)t->n, room;

	memset(s, 0, sizeof *s);
	s->cols = a.r.w >= PAIR && n > 1 ? 2 : 1;
	s->w = a.r.w / s->cols;
	s->h = a.r.h / ((n + s->cols - 1) / s->cols);
	s->h = s->h < 1 ? 1 : s->h > HIGH + 2 ? HIGH + 2 : s->h;
	s->bars = s->h == 1 ? 1 : s->h - 1 - (s->h > 3);
	s->names = names_cells(t, s->w, s->h == 1 && s->w < NAMES * 2);
	s->aside = s->h == 1 && s->w >= 2 * NAMES + 2 * ENDS + 16 ? NAMES : 0;
	room = s->h == 1 ? s->w - s->names - s->aside - 2 : 0;
	s->ends = room - 2 * ENDS >= BARS ? ENDS : room - 2 * ENDS_SHORT >= BARS_SHORT ? ENDS_SHORT : 0;
}

/* A number at an end, with as many digits as it has cells for. */
static const char *
end_text(char text[32], double x, int cells)
{
	for (int digits = cells < ENDS ? 2 : 3; digits > 0; digits--)
		if (snprintf(text, 32, "%.*g", digits, x) <= cells)
			break;
	return text;
}

/* A row of a column that reaches so many eighths of a row high. */
static const char *
bar_sign(enum ui_glyphs glyphs, int eighths)
{
	static const char *const block[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	static const char *const ascii[] = {" ", ".", ".", ":", ":", ":", "#", "#", "#"};

	eighths = eighths < 0 ? 0 : eighths > 8 ? 8 : eighths;
	return glyphs == UI_ASCII ? ascii[eighths] : block[eighths];
}

/* How many columns the bins take of `room`, and how many of them share one. */
static int
bars_cells(const struct ui_histogram *h, int room, int *merge)
{
	int each;

	*merge = 1;
	while (room > 0 && (h->n + *merge - 1) / *merge > room)
		*merge *= 2;
	each = *merge > 1 ? 1 : room / h->n;
	return (h->n + *merge - 1) / *merge * (each > 3 ? 3 : each);
}

static void
bars_draw(struct ui_area a, int x, int y, int cells, int rows, int merge, const struct ui_histogram *h)
{
	int n = (h->n + merge - 1) / merge, style = h->locked ? UI_COLD : UI_S_CURVE0;
	uint64_t sum[512] = {0}, top = 0;

	if (ui_inlay_bars(a, x, y, cells, rows, h))
		return;
	for (int i = 0; i < h->n && i / merge < 512; i++) {
		sum[i / merge] += h->count[i];
		top = sum[i / merge] > top ? sum[i / merge] : top;
	}
	for (int i = 0; i < cells && top > 0; i++) {
		uint64_t count = sum[i * n / cells];
		int high = (int)lround((double)count / (double)top * 8 * rows);

		high = high == 0 && count > 0 ? 1 : high; /* one that is not empty is seen */
		for (int row = 0; row < rows; row++)
			ui_put(a, x + i, y + rows - 1 - row, style, bar_sign(a.c->glyphs, high - 8 * row));
	}
}

/* The ends below the bars, with as many digits as leave a blank between them, and zero where it is. Under few bars they
 * may go on to the right, up to `room` columns. */
static void
axis_draw(struct ui_area a, int x, int y, int cells, int room, const struct ui_histogram *h)
{
	int zero = (int)floor(cells * (0 - h->low) / (h->high - h->low)), from, to, need = 0;
	char low[32], high[32];

	for (int digits = 3; digits > 0; digits--) {
		snprintf(high, sizeof high, "%.*g", digits, h->high);
		need = snprintf(low, sizeof low, "%.*g", digits, h->low) + 1 + (int)strlen(high);
		if (need <= cells)
			break;
	}
	if (need > room)
		return;
	from = ui_put(a, x, y, UI_S_AXIS, low);
	to = ui_put_right(a, x + (need > cells ? need : cells), y, UI_S_AXIS, high);
	if (h->low < 0 && zero > from - x && zero < to - x - 1)
		ui_put(a, x + zero, y, UI_S_AXIS, "0");
}

static void
block_draw(struct ui_area a, const struct ui_histogram *h, const struct spread *s)
{
	int x = ui_put(a, 0, 0, UI_COLD, h->locked ? ui_glyph(a.c->glyphs, UI_G_LOCK) : " ") + 1, cells, merge,
	    left = s->names + s->aside + s->ends, rows = s->h > 3 ? s->h - 1 : s->h;
	int room = s->w - left - s->ends - (s->h > 1 || s->ends > 0 ? 2 : 0);

	x = ui_put_n(a, x, 0, s->names - x - 1, UI_BOLD, h->name);
	if (h->of != NULL && x + 1 + ui_text_cells(h->of) < s->names)
		ui_put(a, x + 1, 0, UI_DIM, h->of);
	if (s->aside > 0 && (h->warn != NULL || h->text[0] != NULL))
		ui_put_items(a, s->names, 0, s->aside - 2, h->warn != NULL ? UI_BAD : UI_PLAIN,
		    h->warn != NULL ? h->warn : h->text[0]);
	for (int k = 0; k + 1 < rows && k < UI_HISTOGRAM_TEXTS; k++) {
		bool last = h->warn != NULL && (k + 2 == rows || k + 1 == UI_HISTOGRAM_TEXTS || h->text[k + 1] == NULL);

		if (last || h->text[k] != NULL)
			ui_put_items(a, 2, 1 + k, s->names - 3, last ? UI_BAD : UI_PLAIN, last ? h->warn : h->text[k]);
		if (last)
			break;
	}
	if (h->n == 0 || !(h->low < h->high) || room < 4) {
		if (room >= 4)
			ui_put_n(a, left, 0, room, h->warn != NULL ? UI_BAD : UI_DIM, h->warn != NULL ? h->warn :
			    "no numbers");
		return;
	}
	cells = bars_cells(h, room, &merge);
	bars_draw(a, left, 0, cells, s->bars, merge, h);
	if (s->h > 1)
		axis_draw(a, left, s->bars, cells, s->w - left - 1, h);
	else if (s->ends > 0) {
		char text[32];

		ui_put_right(a, left - 1, 0, UI_DIM, end_text(text, h->low, s->ends));
		ui_put(a, left + cells + 1, 0, UI_DIM, end_text(text, h->high, s->ends));
	}
}

static void
stats_draw(const struct ui_panel_ctx *p, struct ui_area a)
{
	const struct ui_histograms *t = &p->m->stats;
	struct spread s;
	long rows, most, first;

	if (t->n == 0) {
		ui_put_n(a, 1, a.r.h / 2, a.r.w - 1, UI_DIM, t->note != NULL ? t->note : "nothing counted yet: stats");
		return;
	}
	a = ui_area_sub(a, 1, 0, a.r.w - 2, a.r.h);
	spread_find(&s, a, t);
	rows = ((long)t->n + s.cols - 1) / s.cols;
	most = rows - a.r.h / s.h;
	p->st->scroll = p->st->scroll < 0 || most < 0 ? 0 : p->st->scroll > most ? most : p->st->scroll;
	p->st->page = a.r.h / s.h;
	first = p->st->scroll * s.cols;
	for (long i = first; i < (long)t->n && (i - first) / s.cols < a.r.h / s.h; i++)
		block_draw(ui_area_sub(a, (int)((i - first) % s.cols) * s.w, (int)((i - first) / s.cols) * s.h, s.w,
		    s.h), &t->row[i], &s);
}

static void
stats_title(const struct ui_panel_ctx *p, char *title, size_t size)
{
	const char *of = p->m->stats.title;

	snprintf(title, size, "stats%s%s", of != NULL ? " " : "", of != NULL ? of : "");
}

static void
stats_note(const struct ui_panel_ctx *p, struct ui_area frame, int from, int right)
{
	const struct ui_histograms *t = &p->m->stats;
	struct spread s;
	long fit, first;

	if (t->n == 0) {
		ui_note_part(p, frame, from, right, "stats", 0, 0, t->note, t->brief);
		return;
	}
	spread_find(&s, ui_area_sub(frame, 2, 1, frame.r.w - 4, frame.r.h - 2), t);
	fit = (long)((frame.r.h - 2) / s.h) * s.cols;
	first = p->st->scroll * s.cols;
	fit = (long)t->n - first < fit ? (long)t->n - first : fit;
	ui_note_part(p, frame, from, right, "stats", fit, (long)t->n, t->note, t->brief);
}

static bool
stats_key(const struct ui_panel_ctx *p, int key, struct ui_ask *ask)
{
	return ui_scroll_key(p->st, key, 1);
}

const struct ui_panel ui_panel_stats = {
	.keys = "arrows scroll  Enter zoom",
	.cols = 60,
	.rows = 8,
	.title = stats_title,
	.note = stats_note,
	.draw = stats_draw,
	.key = stats_key,
};
