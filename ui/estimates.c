/* estimates.c: means along the axis that they share, as cells: the name at the left, a mark for each kind, and at the
 * right the figures, under what each kind is.
 */
#include "estimates.h"

#include <math.h>
#include <stdio.h>

#define NAMES 23 /* columns, the lock and the blanks beside the name included */
#define PLOT 12 /* columns that are worth an axis */

/* ---- the axis ---- */

bool
ui_span_find(struct ui_span *s, const struct ui_estimates *t)
{
	double low = INFINITY, high = -INFINITY, air;

	for (int i = 0; i < t->n; i++) {
		double error = isfinite(t->row[i].error) ? t->row[i].error : 0;

		if (isfinite(t->row[i].mean)) {
			low = fmin(low, t->row[i].mean - error);
			high = fmax(high, t->row[i].mean + error);
		}
	}
	if (!(low <= high))
		return false;
	air = fmax((high - low) * 0.06, 1e-6);
	*s = (struct ui_span){low - air, high + air};
	return true;
}

double
ui_span_step(const struct ui_span *s, double most)
{
	double least = (s->high - s->low) / most, power = pow(10, floor(log10(least)));

	return least <= power ? power : least <= 2 * power ? 2 * power : least <= 5 * power ? 5 * power : 10 * power;
}

int
ui_span_digits(double step)
{
	return (int)fmax(-floor(log10(step) + 1e-9), 0);
}

int
ui_estimates_kinds(const struct ui_estimates *t)
{
	int n = 0;

	while (n < UI_KINDS && t->kind[n] != NULL)
		n++;
	return n > 0 ? n : 1;
}

int
ui_estimates_rows(const struct ui_estimates *t)
{
	int rows = 0;

	for (int i = 0; i < t->n; i++)
		rows += !t->row[i].beside;
	return rows;
}

/* ---- cells ---- */

struct columns {
	int names, plot; /* columns of each; plot 0: there is no room for an axis */
	int text[UI_KINDS]; /* the column behind each kind's texts */
	int kinds;
	bool head, axis; /* a line each */
	bool span_known;
	struct ui_span span;
};

static int
widest(const struct ui_estimates *t, int kind, bool names)
{
	int most = 0, at = 0;

	for (int i = 0; i < t->n; i++) {
		const char *s = names ? t->row[i].name : t->row[i].text;

		at = t->row[i].beside ? at + 1 : 0;
		if (s != NULL && at == kind && ui_text_cells(s) > most)
			most = ui_text_cells(s);
	}
	return most;
}

static void
columns_find(struct columns *c, struct ui_area a, const struct ui_estimates *t)
{
	int x = a.r.w, rows = ui_estimates_rows(t);

	c->kinds = ui_estimates_kinds(t);
	c->names = widest(t, 0, true) + 3;
	c->names = c->names > NAMES ? NAMES : c->names;
	for (int k = c->kinds - 1; k >= 0; k--) {
		int text = widest(t, k, false), head = t->kind[k] != NULL ? ui_text_cells(t->kind[k]) + 2 : 0;

		c->text[k] = x;
		x -= (text > head ? text : head) + 2;
	}
	c->span_known = ui_span_find(&c->span, t);
	c->plot = c->span_known && x - c->names - 2 >= PLOT ? x - c->names - 2 : 0;
	c->head = t->kind[0] != NULL && a.r.h > 2;
	c->axis = c->plot > 0 && (a.r.h > rows + c->head || a.r.h > 6);
}

/* Of the first kind, of the second, of both in one place. */
static const char *
mark_sign(enum ui_glyphs glyphs, int which)
{
	static const char *const sign[2][3] = {{"●", "○", "◉"}, {"*", "o", "@"}};

	return sign[glyphs == UI_ASCII][which];
}

static int
mark_at(const struct columns *c, double v)
{
	return (int)floor((v - c->span.low) / (c->span.high - c->span.low) * c->plot);
}

static void
axis_draw(struct ui_area a, int top, int rows, const struct columns *c)
{
	double step = ui_span_step(&c->span, fmax(c->plot / 9, 1));
	int digits = ui_span_digits(step), free_from = -1;
	char text[32];

	for (double v = ceil(c->span.low / step) * step; v <= c->span.high; v += step) {
		int at = mark_at(c, v), x, n = snprintf(text, sizeof text, "%.*f", digits, v);

		for (int y = 0; y < rows; y++)
			ui_put(a, at, top + y, UI_S_BORDER, ui_glyph(a.c->glyphs, UI_G_RULE));
		x = at - n / 2 < 0 ? 0 : at - n / 2 > a.r.w - n ? a.r.w - n : at - n / 2;
		if (c->axis && x > free_from) {
			ui_put(a, x, top + rows, UI_S_AXIS, text);
			free_from = x + n;
		}
	}
}

/* The estimates from `first` on that stand in one row; returns how many. */
static int
row_draw(struct ui_area a, int y, const struct ui_estimates *t, int first, const struct columns *c)
{
	const struct ui_estimate *e = &t->row[first];
	int n = 1, at[UI_KINDS];

	while (first + n < t->n && e[n].beside && n < c->kinds)
		n++;
	ui_put(a, 0, y, UI_COLD, e->locked ? ui_glyph(a.c->glyphs, UI_G_LOCK) : " ");
	ui_put_n(a, 2, y, c->names - 3, UI_PLAIN, e->name != NULL ? e->name : "");
	for (int k = 0; k < n; k++) {
		if (e[k].text != NULL)
			ui_put_right(a, c->text[k], y, isfinite(e[k].mean) ? UI_PLAIN : UI_BAD, e[k].text);
		at[k] = c->plot > 0 && isfinite(e[k].mean) ? mark_at(c, e[k].mean) : -1;
		if (at[k] >= 0)
			ui_put(a, c->names + at[k], y, UI_S_CURVE0 + e[k].colour % 4,
			    mark_sign(a.c->glyphs, k > 0 && at[k] == at[0] ? 2 : k));
	}
	return n;
}

static void
head_draw(struct ui_area a, const struct ui_estimates *t, const struct columns *c)
{
	for (int k = 0; k < c->kinds; k++) {
		int x = ui_put_right(a, c->text[k], 0, UI_DIM, t->kind[k]);

		if (c->plot > 0)
			ui_put(a, x - 2, 0, UI_S_CURVE0 + k, mark_sign(a.c->glyphs, k));
	}
}

void
ui_estimates_draw(struct ui_area a, const struct ui_estimates *t, struct ui_pane_state *st)
{
	int rows = ui_estimates_rows(t), room, skip, y;
	struct columns c;

	columns_find(&c, a, t);
	room = a.r.h - c.head - c.axis;
	st->scroll = st->scroll < 0 || rows < room ? 0 : st->scroll > rows - room ? rows - room : st->scroll;
	skip = (int)st->scroll;
	rows = rows - skip < room ? rows - skip : room;
	st->rows = st->page = rows;
	y = c.head;
	if (c.head)
		head_draw(a, t, &c);
	if (c.plot > 0)
		axis_draw(ui_area_sub(a, c.names, 0, c.plot, a.r.h), y, rows, &c);
	for (int i = 0; i < t->n && y < c.head + rows;) {
		if (skip-- > 0)
			for (i++; i < t->n && t->row[i].beside;)
				i++;
		else
			i += row_draw(a, y++, t, i, &c);
	}
}
