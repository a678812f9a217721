/* axis_rows.c: y axes in cells. The middle of each row has a round value, so that ticks of equal steps have equal
 * distances and a label stands where its value is.
 */
#include "axis.h"
#include "axis_int.h"

#include <math.h>
#include <stdio.h>

/* ---- linear ---- */

/* Rows of a height of `each`; the lowest has its middle at `low` times that. */
struct rows {
	double each, low;
	int per; /* rows from tick to tick */
};

/* Lays rows of that height over lo..hi: an accuracy's from the top, others from the bottom. False: they do not
 * reach. */
static bool
rows_lay(struct rows *r, double lo, double hi, int rows, bool unit)
{
	const double hair = r->each * 1e-6;

	r->low = floor(lo / r->each + .5 + 1e-9);
	if (unit) { /* 1 in the upper row where it must be in view, else as high as the values need */
		double high = fmin(ceil(hi / r->each - .5 - 1e-9), floor(1 / r->each + 1e-9));

		if (hi > (high + .5) * r->each + hair)
			return false;
		r->low = high - rows + 1;
	}
	return lo >= (r->low - .5) * r->each - hair && hi <= (r->low - .5 + rows) * r->each + hair;
}

static int
rows_ticks(const struct rows *r, int rows, bool unit)
{
	int n = 0;

	for (int y = 0; y < rows; y++) {
		double k = r->low + y;

		n += fmod(k, r->per) == 0 && (!unit || (k > -.5 && k * r->each < 1 + 1e-9));
	}
	return n;
}

/* The lowest rows that take in lo..hi with a round step and enough ticks. */
static struct rows
rows_find(double lo, double hi, int rows, bool unit)
{
	static const double factor[] = {1, 2, 5, 2.5, 1.5, 3, 4, 6, 8}; /* the last where few rows leave no choice */
	int least = rows < 2 ? 1 : rows < 9 ? 2 : 3, most = rows < 6 ? 3 : rows / 2 > 9 ? 9 : rows / 2,
	    kinds = rows < 6 ? 9 : 3;
	double power = pow(10, floor(log10(hi - lo)) - 2);
	struct rows best = {0};

	for (int p = 0; p < 5; p++, power *= 10)
		for (int f = 0; f < kinds; f++)
			for (int per = 1; per <= rows; per++) {
				struct rows r = {factor[f] * power / per, 0, per};
				int n;

				if ((best.per > 0 && r.each >= best.each * (1 - 1e-9)) ||
				    !rows_lay(&r, lo, hi, rows, unit))
					continue;
				n = rows_ticks(&r, rows, unit);
				if (n >= least && n <= most)
					best = r;
			}
	return best;
}

static void
rows_linear(struct ui_axis *a, double lo, double hi, int rows, bool unit)
{
	struct rows r = rows_find(lo, hi, rows, unit);
	double big = fmax(fabs(lo), fabs(hi)), step;
	struct ui_tick *t;

	if (r.per == 0) { /* numbers too near one another, or too many rows: the ends alone */
		r = (struct rows){(hi - lo) / rows, lo / ((hi - lo) / rows) + .5, 1};
		a->lo = lo, a->hi = hi;
		if ((t = ui_axis_add(a, lo + r.each / 2)) != NULL)
			ui_axis_text(t->text, sizeof t->text, t->at, r.each, big);
		return;
	}
	a->lo = (r.low - .5) * r.each;
	a->hi = (r.low - .5 + rows) * r.each;
	step = r.each * r.per;
	for (int y = 0; y < rows; y++) {
		double k = r.low + y;

		if (fmod(k, r.per) != 0 || (unit && (k < -.5 || k * r.each > 1 + 1e-9)) ||
		    (t = ui_axis_add(a, k * r.each)) == NULL)
			continue;
		ui_axis_text(t->text, sizeof t->text, round(k / r.per) * step, step, big);
	}
}

/* ---- logarithmic ---- */

static void
rows_log_tick(struct ui_axis *a, int m, int k, bool minor)
{
	struct ui_tick *t = ui_axis_add(a, m * pow(10, k));

	if (t == NULL)
		return;
	t->minor = minor;
	if (k < -4 || k > 4)
		snprintf(t->text, sizeof t->text, "%de%d", m, k);
	else
		snprintf(t->text, sizeof t->text, "%.*f", k < 0 ? -k : 0, t->at);
}

/* A decade takes a whole number of rows, or a row some decades. 2 and 5 have a tick where they stand near the middle of
 * a row; where no decade is in view, so has any other. */
static void
rows_log(struct ui_axis *a, double lo, double hi, int rows)
{
	double from = log10(lo), to = log10(hi), each = 1, low;
	int labels = 0, every = 1;

	for (int k = 20 * rows; k > 1 && each == 1; k--) {
		low = floor(from * k + .5 + 1e-9);
		if (to <= (low - .5 + rows) / k + 1e-9)
			each = 1.0 / k;
	}
	while (to > (floor(from / each + .5 + 1e-9) - .5 + rows) * each + 1e-9)
		each += 1;
	low = floor(from / each + .5 + 1e-9);
	a->lo = pow(10, fmax((low - .5) * each, -305));
	a->hi = pow(10, fmin((low - .5 + rows) * each, 305));
	while (rows * each / (every * fmax(each, 1)) > fmax(2, rows / 2))
		every++;
	for (int pass = 0; pass < 2 && labels < 2; pass++) {
		a->n = labels = 0;
		for (int k = (int)floor(log10(a->lo)); k <= (int)floor(log10(a->hi)) && each <= 40; k++)
			for (int m = 1; m < 10; m++) {
				double row = (log10(m) + k) / each - low, off = fabs(row - round(row));
				bool ten = m == 1 && off < 1e-6 && k % (every * (int)fmax(each, 1)) == 0;

				if (row < -.5 || row > rows - .5 || (each > 1 && m > 1))
					continue;
				if (!ten && !((m == 2 || m == 5 || pass == 1) && off < .26 && each < .3))
					continue;
				rows_log_tick(a, m, k, false);
				labels++;
			}
	}
}

/* ---- the axis ---- */

void
ui_axis_rows(struct ui_axis *a, const struct ui_chart *c, int rows)
{
	struct ui_range r = ui_axis_range(c);
	double span;

	*a = (struct ui_axis){.log = c->logy};
	rows = rows < 1 ? 1 : rows > 1000 ? 1000 : rows;
	if (!r.any)
		r = (struct ui_range){c->logy ? 0.1 : 0, 1, true};
	if (c->logy) {
		r.lo = fmin(fmax(r.lo, 1e-300), UI_AXIS_FAR);
		r.hi = fmax(r.hi, r.lo * 2);
		rows_log(a, r.lo, r.hi, rows);
		return;
	}
	if (c->unit) {
		r.lo = fmin(fmax(r.lo, 0), 1);
		r.hi = fmin(fmax(r.hi, 0), 1);
	}
	span = r.hi - r.lo;
	if (span <= 1e-9 * fmax(fabs(r.lo), fabs(r.hi)) || span < 1e-299) { /* all the same: room on both sides */
		span = c->unit ? .05 : r.hi != 0 ? fabs(r.hi) / 2 : .5;
		r.lo = c->unit ? fmax(r.lo - span, 0) : r.lo - span;
		r.hi = c->unit ? fmin(r.hi + span, 1) : r.hi + span;
	}
	if (!c->unit && r.lo >= 0 && r.lo < r.hi * 0.6)
		r.lo = 0; /* a loss is judged by its distance from 0 */
	rows_linear(a, r.lo, r.hi, rows, c->unit);
}
