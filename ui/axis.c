/* axis.c: ranges and ticks. Steps are 1, 2 or 5 times a power of ten; any finite values give a finite axis with lo <
 * hi. Axes whose ticks stand in rows of cells are made in axis_rows.c.
 */
#include "axis.h"
#include "axis_int.h"
#include "mem.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UI_AXIS_DENSE 40 /* points from which a curve may be cut to where it mostly is, */
#define UI_AXIS_CUT 0.1 /* the lower end of an error counts on a log axis from so much of its value on: one that
			 * comes near 0 would take all the room, and is cut at the axis */
#define UI_AXIS_STEEP 4 /* when the rest of it would take so many times the room */

/* ---- ranges ---- */

static void
ui_range_add(struct ui_range *r, double lo, double hi)
{
	r->lo = r->any ? fmin(r->lo, lo) : lo;
	r->hi = r->any ? fmax(r->hi, hi) : hi;
	r->any = true;
}

static double
ui_axis_clamp(double v)
{
	return fmin(fmax(v, -UI_AXIS_FAR), UI_AXIS_FAR);
}

static int
ui_axis_compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
ui_axis_series(const struct ui_chart *c, const struct ui_series *s, struct ui_range *r)
{
	double *v = ui_alloc(3 * s->n, sizeof *v);
	size_t n = 0, cut, low, high;

	for (size_t i = 0; i < s->n; i++)
		for (int k = 0; k < (s->error != NULL ? 3 : 1); k++) { /* the value and the ends of its error */
			double y = s->p[i].y + (k == 0 ? 0 : k == 1 ? s->error[i] : -s->error[i]);

			if (isfinite(y) && (!c->logy || (y > 0 && (k < 2 || y >= UI_AXIS_CUT * s->p[i].y))))
				v[n++] = ui_axis_clamp(y);
		}
	if (n == 0) { /* nothing of it is to be seen */
		free(v);
		return;
	}
	qsort(v, n, sizeof *v, ui_axis_compare);
	cut = low = high = 0;
	if (n >= UI_AXIS_DENSE && !s->mark)
		cut = s->line == UI_LINE_FAINT ? n / 14 : n / 16;
	if (s->line == UI_LINE_FAINT)
		low = high = cut;
	else if (c->unit && v[n - 1] - v[0] > UI_AXIS_STEEP * (v[n - 1] - v[cut]))
		low = cut; /* accuracies start low */
	else if (!c->unit && !c->logy && v[n - 1] > UI_AXIS_STEEP * v[n - 1 - cut])
		high = cut; /* losses start high */
	ui_range_add(r, v[low], v[n - 1 - high]);
	free(v);
}

/* ---- linear ticks ---- */

/* The smallest 1-2-5 step that cuts the span in at most `most` pieces. */
static double
ui_axis_step(double span, int most)
{
	double raw = span / most, power = pow(10, floor(log10(raw)));

	for (int i = 0; i < 4; i++) {
		static const double factor[] = {1, 2, 5, 10};

		if (factor[i] * power >= raw * (1 - 1e-9))
			return factor[i] * power;
	}
	return 10 * power;
}

/* v to the precision of step; with an exponent where the figures would get long. */
void
ui_axis_text(char *text, size_t len, double v, double step, double most)
{
	int places = (int)fmax(0, -floor(log10(step) + 1e-9)), digits;
	double size = fmax(fabs(most), step);
	char *e, *end;

	if (fabs(v) < step * 1e-6) {
		snprintf(text, len, "0");
		return;
	}
	if (fabs(step * pow(10, places) - round(step * pow(10, places))) > 1e-6) /* 1.5, 0.25 */
		places++;
	if (size < 1e6 && places <= 5) {
		snprintf(text, len, "%.*f", places, v);
		return;
	}
	digits = (int)(floor(log10(fabs(v)) + 1e-9) - floor(log10(step) + 1e-9));
	snprintf(text, len, "%.*e", digits < 0 ? 0 : digits > 12 ? 12 : digits, v);
	if ((e = strchr(text, 'e')) == NULL)
		return;
	snprintf(e + 1, len - (e + 1 - text), "%ld", strtol(e + 1, NULL, 10));
	end = e; /* 5.00e-6 is 5e-6 */
	if (memchr(text, '.', e - text) != NULL) {
		while (end[-1] == '0')
			end--;
		if (end[-1] == '.')
			end--;
	}
	memmove(end, e, strlen(e) + 1);
}

struct ui_tick *
ui_axis_add(struct ui_axis *a, double at)
{
	struct ui_tick *t;

	if (a->n == UI_TICKS_MAX)
		return NULL;
	t = &a->tick[a->n++];
	*t = (struct ui_tick){.at = at};
	return t;
}

static void
ui_axis_linear(struct ui_axis *a, int most, bool whole)
{
	double step = fmax(ui_axis_step(a->hi - a->lo, most), whole ? 1 : 0), from = ceil(a->lo / step - 1e-6),
	    big = fmax(fabs(a->lo), fabs(a->hi));
	struct ui_tick *t;

	for (int i = 0; (from + i) * step <= a->hi + step * 1e-6; i++) {
		if ((t = ui_axis_add(a, fmin(fmax((from + i) * step, a->lo), a->hi))) == NULL)
			return;
		ui_axis_text(t->text, sizeof t->text, (from + i) * step, step, big);
	}
}

/* ---- log ticks ---- */

static void
ui_axis_logarithmic(struct ui_axis *a, int most)
{
	double decades = log10(a->hi) - log10(a->lo), v;
	int from = (int)floor(log10(a->lo)), to = (int)ceil(log10(a->hi)), every = 1, inside = 0;
	bool fives;
	struct ui_tick *t;

	for (int k = from; k <= to; k++)
		inside += k >= log10(a->lo) - 1e-9 && k <= log10(a->hi) + 1e-9;
	if (inside == 0 || (inside == 1 && decades < 0.7)) { /* hardly a decade: its steps are even enough */
		ui_axis_linear(a, most, false);
		return;
	}
	while (decades / every > most)
		every += every < 3 ? 1 : every < 5 ? 2 : 5;
	fives = inside < 4 && decades * 3 <= most + 2;
	for (int k = from; k <= to; k++)
		for (int m = 1; m < 10; m++) {
			v = m * pow(10, k);
			if (v < a->lo * (1 - 1e-9) || v > a->hi * (1 + 1e-9))
				continue;
			if (m != 1 && decades > 8)
				continue;
			if (decades > 40 && k % every != 0)
				continue;
			if ((t = ui_axis_add(a, v)) == NULL)
				return;
			t->minor = m == 1 ? k % every != 0 : !(fives && (m == 2 || m == 5));
			if (t->minor)
				continue;
			if (k < -4 || k > 4)
				snprintf(t->text, sizeof t->text, "%de%d", m, k);
			else
				snprintf(t->text, sizeof t->text, "%.*f", k < 0 ? -k : 0, v);
		}
}

/* ---- the axes of charts ---- */

static void
ui_axis_pad_log(struct ui_axis *a, double part)
{
	double span = log10(a->hi) - log10(a->lo);

	if (span < 1e-3)
		span = 1;
	a->lo = fmax(a->lo / pow(10, span * part), 1e-300);
	a->hi = fmin(a->hi * pow(10, span * part), UI_AXIS_FAR);
}

struct ui_range
ui_axis_range(const struct ui_chart *c)
{
	struct ui_range r = {0};

	for (size_t i = 0; i < c->nseries; i++)
		ui_axis_series(c, &c->series[i], &r);
	return r;
}

bool
ui_axis_apart(const struct ui_chart *c)
{
	struct ui_range r[2] = {0};

	for (size_t i = 0; i < c->nseries; i++)
		ui_axis_series(c, &c->series[i], &r[c->series[i].apart]);
	if (c->logy || !r[0].any || !r[1].any)
		return false;
	if (!c->unit)
		r[0].lo = fmin(r[0].lo, 0);
	return r[0].hi - r[0].lo < (fmax(r[0].hi, r[1].hi) - fmin(r[0].lo, r[1].lo)) * .5;
}

void
ui_axis_y(struct ui_axis *a, const struct ui_chart *c, int most)
{
	struct ui_range r = ui_axis_range(c);
	double span, pad, step;

	*a = (struct ui_axis){.log = c->logy};
	most = most < 2 ? 2 : most > 20 ? 20 : most;
	if (!r.any)
		r = (struct ui_range){c->logy ? 0.1 : 0, 1, true};
	a->lo = r.lo;
	a->hi = r.hi;
	if (c->logy) {
		a->lo = fmax(a->lo, 1e-300);
		a->hi = fmax(a->hi, a->lo);
		ui_axis_pad_log(a, 0.05);
		if (c->unit)
			a->hi = fmin(a->hi, 1);
		if (!(a->lo < a->hi))
			a->lo = a->hi / 10;
		ui_axis_logarithmic(a, most);
		return;
	}
	if (c->unit) {
		a->lo = fmin(fmax(a->lo, 0), 1);
		a->hi = fmin(fmax(a->hi, 0), 1);
	}
	span = a->hi - a->lo;
	if (span <= 1e-9 * fmax(fabs(a->lo), fabs(a->hi)) || span < 1e-299) /* all the same: room on both sides */
		span = c->unit ? 0.1 : a->hi != 0 ? fabs(a->hi) : 1;
	if (!c->unit && a->lo >= 0 && a->lo < a->hi * 0.6)
		a->lo = 0; /* a loss is judged by its distance from 0 */
	pad = a->hi - a->lo < span ? span / 2 : span * 0.05;
	a->hi += pad;
	if (a->lo != 0 || c->unit)
		a->lo -= pad;
	if (c->unit) {
		a->lo = fmax(a->lo, 0);
		a->hi = fmin(a->hi, 1);
	}
	/* On to the tick below and above where they are near: a frame that ends on ticks reads better. */
	step = ui_axis_step(a->hi - a->lo, most);
	pad = a->lo - floor(a->lo / step + 1e-9) * step;
	if (pad < step * 0.5 && pad > 0)
		a->lo -= pad;
	pad = ceil(a->hi / step - 1e-9) * step - a->hi;
	if (pad < step * 0.4 && pad > 0)
		a->hi += pad;
	if (c->unit) {
		a->lo = fmax(a->lo, 0);
		a->hi = fmin(a->hi, 1);
	}
	ui_axis_linear(a, most, false);
}

/* Ticks that begin anew at each rule. The tick on a rule belongs to what ends there. Returns false when runs are too
 * short. */
static bool
ui_axis_restart(struct ui_axis *a, const struct ui_chart *c, int most, bool whole)
{
	double step = ui_axis_step(a->hi - a->lo, most), from, to, longest = 0;
	struct ui_tick *t;

	if (whole || a->hi - a->lo > 1.5)
		step = fmax(step, 1);
	for (size_t i = 0; i < c->nrules; i++)
		longest = fmax(longest, (i + 1 < c->nrules ? c->rule[i + 1].x : a->hi) - c->rule[i].x);
	if (step > longest * (1 + 1e-9) && c->nrules > 1)
		return false;
	for (size_t i = 0; i < c->nrules; i++) {
		from = c->rule[i].x;
		to = i + 1 < c->nrules ? c->rule[i + 1].x : a->hi;
		for (int k = i == 0 ? 0 : 1; from + k * step <= to + step * 1e-6; k++) {
			if ((t = ui_axis_add(a, fmin(from + k * step, a->hi))) == NULL)
				return true;
			ui_axis_text(t->text, sizeof t->text, k * step, step, to - from);
		}
		/* One that is shorter than a step has a tick at its end, where that has room. */
		if (to - from < step * (1 - 1e-6) && to - from >= 1 && a->n > 0 &&
		    to - a->tick[a->n - 1].at >= step / 2) {
			if ((t = ui_axis_add(a, fmin(to, a->hi))) == NULL)
				return true;
			ui_axis_text(t->text, sizeof t->text, to - from, 1, to - from);
		}
	}
	return true;
}

/* Ticks where the chart says. */
static void
ui_axis_given(struct ui_axis *a, const struct ui_chart *c)
{
	struct ui_tick *t;
	double room = (a->hi - a->lo) * 0.05;

	if (a->log)
		ui_axis_pad_log(a, 0.05);
	else {
		a->lo -= room;
		a->hi += room;
	}
	for (size_t i = 0; i < c->nxtick; i++)
		if (c->xtick[i] >= a->lo && c->xtick[i] <= a->hi && (t = ui_axis_add(a, c->xtick[i])) != NULL)
			snprintf(t->text, sizeof t->text, "%.6g", c->xtick[i]);
}

void
ui_axis_x(struct ui_axis *a, const struct ui_chart *const *c, int n, int most)
{
	struct ui_range r = {0}, points = {0};
	const struct ui_chart *rules = NULL;
	bool whole = true; /* no tick between the points where all of them are whole numbers */

	*a = (struct ui_axis){.log = n > 0 && c[0]->logx};
	most = most < 2 ? 2 : most > 100 ? 100 : most;
	for (int i = 0; i < n; i++) {
		for (size_t j = 0; j < c[i]->nseries; j++)
			for (size_t k = 0; k < c[i]->series[j].n; k++) {
				double x = c[i]->series[j].p[k].x;

				if (!isfinite(x) || (a->log && x <= 0))
					continue;
				ui_range_add(&points, ui_axis_clamp(x), ui_axis_clamp(x));
				whole = whole && x == floor(x);
			}
		for (size_t j = 0; j < c[i]->nrules && !a->log; j++)
			if (isfinite(c[i]->rule[j].x))
				ui_range_add(&r, ui_axis_clamp(c[i]->rule[j].x), ui_axis_clamp(c[i]->rule[j].x));
		if (c[i]->xend > 0 && isfinite(c[i]->xend))
			ui_range_add(&r, ui_axis_clamp(c[i]->xend), ui_axis_clamp(c[i]->xend));
		if (rules == NULL && c[i]->restart && c[i]->nrules > 0)
			rules = c[i];
	}
	if (points.any)
		ui_range_add(&r, points.lo, points.hi);
	if (!r.any)
		r = (struct ui_range){a->log ? 0.1 : 0, 1, true};
	a->lo = r.lo;
	a->hi = r.hi;
	if (a->log) {
		a->lo = fmax(a->lo, 1e-300);
		a->hi = fmax(a->hi, a->lo);
		if (log10(a->hi) - log10(a->lo) < 1e-3)
			ui_axis_pad_log(a, 0.5);
		if (c[0]->nxtick > 0)
			ui_axis_given(a, c[0]);
		else
			ui_axis_logarithmic(a, most);
		return;
	}
	/* A single place on x stands inside the axis, not on its end. */
	if (points.any && points.lo == points.hi && a->hi == points.hi)
		a->hi += fmax(fmax(a->hi - a->lo, fabs(a->hi) * 1e-6), whole ? 1 : 0.1) / 2;
	if (points.any && points.lo == points.hi && a->lo == points.lo)
		a->lo -= fmax(a->hi - a->lo, 1e-9);
	if (a->hi - a->lo <= 1e-9 * fmax(fabs(a->lo), fabs(a->hi)) || a->hi - a->lo < 1e-299)
		a->hi = a->lo + fmax(1, fabs(a->lo) / 10);
	if (n > 0 && c[0]->nxtick > 0) {
		ui_axis_given(a, c[0]);
		return;
	}
	if (rules != NULL && rules->rule[0].x <= a->lo && ui_axis_restart(a, rules, most, whole))
		return;
	a->through = rules != NULL && rules->nrules > 1;
	a->n = 0;
	ui_axis_linear(a, most, whole && points.any);
}

double
ui_axis_at(const struct ui_axis *a, double v)
{
	if (!isfinite(v))
		return NAN;
	if (!a->log)
		return (ui_axis_clamp(v) - a->lo) / (a->hi - a->lo);
	if (v <= 0)
		return NAN;
	return (log10(v) - log10(a->lo)) / (log10(a->hi) - log10(a->lo));
}

bool
ui_axis_cut(const struct ui_axis *a, const struct ui_series *s, size_t *from, struct ui_cut *cut)
{
	const struct ui_point *p = s->all != NULL ? s->all : s->p;
	size_t n = s->all != NULL ? s->nall : s->n;
	bool any = false;

	for (; *from < n && !any; ++*from) { /* a stretch */
		cut->begin = p[*from > 0 ? *from - 1 : 0].x;
		for (; *from < n && isfinite(p[*from].y); ++*from) {
			double y = p[*from].y, at = ui_axis_at(a, y);

			if (!isfinite(at) || (at <= 1 && at >= 0) ||
			    (any && fabs(y - a->lo) <= fabs(cut->at.y - a->lo)))
				continue;
			cut->at = p[*from];
			cut->low = at < 0;
			any = true;
		}
	}
	if (any)
		snprintf(cut->text, sizeof cut->text, fabs(cut->at.y) < 100 ? "%.2f" : "%.0e", cut->at.y);
	return any;
}

void
ui_axis_cut_field(const struct ui_chart *c, const struct ui_cut *cut, double *from, double *to)
{
	*from = -INFINITY;
	*to = INFINITY;
	for (size_t k = 0; k < c->nrules && !c->place; k++)
		if (c->rule[k].x <= cut->begin)
			*from = c->rule[k].x;
		else
			*to = fmin(*to, c->rule[k].x);
}
