/* compare_curves.c: the last comparison as curves with error bars: against the number of images that were learned from,
 * or against a number that was swept. */
#include "export/compare_curves.h"

#include "language/words.h"
#include "train/trial.h"
#include "ui/canvas.h"
#include "util/num.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CURVE_POINTS 3 /* fewer are no curve */
#define CURVE_DECADE 8 /* where the largest number is so many times the smallest, the axis is logarithmic */
#define TITLE 60 /* columns of one */
/* Curves stand beside one another, so that their errors are seen: by that factor on a log axis, by that part of its
 * length on another, and all of them within that part of the way to the next number. */
#define CURVE_ASIDE 1.05
#define CURVE_APART 0.012
#define CURVE_WITHIN 0.4

static int
curves_compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Sorts the numbers and returns how many different ones there are, which are moved to the front. */
static int
curves_distinct(double *x, int n)
{
	int distinct = 0;

	qsort(x, (size_t)n, sizeof *x, curves_compare);
	for (int i = 0; i < n; i++)
		if (distinct == 0 || x[i] != x[distinct - 1])
			x[distinct++] = x[i];
	return distinct;
}

/* The axis along these n numbers, which ascend. */
static void
curves_ticks(struct ui_chart *chart, const double *x, int n)
{
	chart->logx = x[0] > 0 && x[n - 1] >= CURVE_DECADE * x[0];
	chart->xtick = xcalloc((size_t)n, sizeof *x);
	memcpy(chart->xtick, x, (size_t)n * sizeof *x);
	chart->nxtick = (size_t)n;
}

/* The k-th of n curves at x, a little aside. */
static double
curves_aside(const struct ui_chart *chart, double x, int k, int n)
{
	bool logx = chart->logx;
	double first = chart->xtick[0], last = chart->xtick[chart->nxtick - 1];
	double step = logx ? log(CURVE_ASIDE) : CURVE_APART * (last - first), shift;

	for (size_t i = 1; i < chart->nxtick && n > 1; i++) {
		double from = chart->xtick[i - 1], to = chart->xtick[i];

		step = fmin(step, CURVE_WITHIN / (n - 1) * (logx ? log(to / from) : to - from));
	}
	shift = step * (k - (n - 1) / 2.0);
	return logx ? x * exp(shift) : x + shift;
}

/* ---- ways to train, against the number of images ---- */

static enum ui_line
curves_line(int mode)
{
	return mode == TRIAL_SCRATCH ? UI_LINE_DASHED : mode == TRIAL_RANDOM ? UI_LINE_DOTTED : UI_LINE_SOLID;
}

/* The k-th of n modes that were compared. */
static void
curves_mode(struct ui_chart *chart, const struct compared *c, int mode, int k, int n)
{
	struct ui_series *s[COMPARE_CHARTS];

	for (int i = 0; i < COMPARE_CHARTS; i++) {
		s[i] = ui_chart_add(&chart[i], trial_names[mode], curves_line(mode), mode);
		s[i]->mark = true;
	}
	for (int i = 0; i < c->n; i++) {
		const struct compared_row *r = &c->row[i];
		double x = curves_aside(chart, (double)r->limit, k, n);

		if (strcmp(r->mode, trial_names[mode]) != 0)
			continue;
		ui_series_estimate(s[0], x, 1 - r->of_accuracy.mean, r->of_accuracy.error);
		ui_series_estimate(s[1], x, r->gain.mean, r->against == i ? NAN : r->gain.error);
	}
}

/* What is said of errors of 0, which have no place on a log axis; the caller's. */
static char *
curves_zeros(const struct compared *c)
{
	struct str s = {0};
	int n = 0;

	str_add(&s, "%s", "");
	for (int i = 0; i < c->n; i++)
		if (c->row[i].of_accuracy.mean == 1)
			str_add(&s, "%s%s at %zu", n++ > 0 ? ", " : "; at the foot of the axis, an error of 0: ",
			    c->row[i].mode, c->row[i].limit);
	return s.s;
}

static int
curves_modes(struct ui_chart *chart, const struct compared *c)
{
	double *limit = xcalloc((size_t)c->n, sizeof *limit);
	const char *against = c->row[c->row[0].against].mode;
	char n[32], *zeros;
	int distinct, modes = 0;

	for (int i = 0; i < c->n; i++)
		limit[i] = (double)c->row[i].limit;
	distinct = curves_distinct(limit, c->n);
	if (distinct < CURVE_POINTS) {
		free(limit);
		return 0;
	}
	curves_ticks(&chart[0], limit, distinct);
	for (int k = 0; k < COMPARE_CHARTS; k++) {
		chart[k].logx = chart[0].logx;
		chart[k].xlabel = xstrdup("training images");
	}
	free(limit);
	chart[0].title = xasprintf("%s: test error", c->split.name);
	chart[0].ylabel = xstrdup("test error");
	chart[0].logy = true;
	chart[0].zeros = true;
	chart[0].unit = true;
	zeros = curves_zeros(c);
	chart[1].title = xasprintf("%s: gain in accuracy over %s, seed by seed", c->split.name, against);
	chart[1].ylabel = xstrdup("gain");
	chart[1].note = xasprintf("mean ± standard error, %d seed%s, %s test images%s%s%s", c->seeds,
	    c->seeds == 1 ? "" : "s", text_count(n, c->test), c->from[0] != '\0' ? "; features of " : "", c->from,
	    zeros);
	free(zeros);
	for (int m = 0; m < TRIAL_MODES; m++)
		modes += compared_find(c, trial_names[m], 0) != NULL;
	for (int m = 0, k = 0; m < TRIAL_MODES; m++)
		if (compared_find(c, trial_names[m], 0) != NULL)
			curves_mode(chart, c, m, k++, modes);
	return COMPARE_CHARTS;
}

/* ---- a sweep, against one of its keys ---- */

/* The k-th "key=value" of a row's label: where it begins, and its length; NULL: there are not so many. */
static const char *
curves_pair(const char *label, int k, size_t *len)
{
	const char *comma = label;

	for (; k >= 0 && comma != NULL; k--) {
		label = comma;
		if ((comma = word_find(label, ',')) != NULL)
			comma++;
	}
	if (k >= 0)
		return NULL;
	*len = comma != NULL ? (size_t)(comma - 1 - label) : strlen(label);
	return label;
}

/* The number that a row has for its k-th key; NAN: that is none. */
static double
curves_number(const char *label, int k)
{
	size_t len = 0;
	const char *pair = curves_pair(label, k, &len);
	char *value;
	double x;

	if (pair == NULL || memchr(pair, '=', len) == NULL)
		return NAN;
	value = xstrndup(pair, len);
	if (num_read_real(strchr(value, '=') + 1, &x) != NUM_OK)
		x = NAN;
	free(value);
	return x;
}

/* What a row's label says beside its k-th key, as the name of a curve; the caller's. */
static char *
curves_rest(const char *label, int k)
{
	struct str s = {0};
	const char *pair;
	size_t len;

	for (int i = 0; (pair = curves_pair(label, i, &len)) != NULL; i++)
		if (i != k)
			str_add(&s, "%s%.*s", s.n > 0 ? ", " : "", (int)len, pair);
	return s.s != NULL ? s.s : xstrdup("");
}

/* The key with most numbers, and of equals the last; -1: none has enough. x: [c->n] of that key, from low to high. */
static int
curves_key(const struct compared *c, double *x, int *n)
{
	double *number = xcalloc((size_t)c->n, sizeof *number);
	int best = -1;
	size_t len;

	*n = CURVE_POINTS;
	for (int k = 0; curves_pair(c->row[0].mode, k, &len) != NULL; k++) {
		bool all = true;
		int distinct;

		for (int i = 0; i < c->n; i++) {
			number[i] = curves_number(c->row[i].mode, k);
			all &= isfinite(number[i]);
		}
		if (!all || (distinct = curves_distinct(number, c->n)) < *n)
			continue;
		best = k;
		*n = distinct;
		memcpy(x, number, (size_t)distinct * sizeof *x);
	}
	free(number);
	return best;
}

/* One curve: the rows whose other keys have these values, from the lowest number to the highest. */
static void
curves_sweep_one(struct ui_chart *chart, const struct compared *c, int key, const double *x, int n, char *const *rest,
    int at, int curves)
{
	struct ui_series *s = ui_chart_add(chart, rest[at], at % 2 == 0 ? UI_LINE_SOLID : UI_LINE_DASHED, at);

	s->mark = true;
	for (int p = 0; p < n; p++)
		for (int i = 0; i < c->n; i++) {
			const struct compared_row *r = &c->row[i];
			char *own = curves_rest(r->mode, key);

			if (curves_number(r->mode, key) == x[p] && strcmp(own, rest[at]) == 0)
				ui_series_estimate(s, curves_aside(chart, x[p], at, curves), r->of_accuracy.mean,
				    r->of_accuracy.error);
			free(own);
		}
}

static void
curves_sweep_all(struct ui_chart *chart, const struct compared *c, int key, const double *x, int n)
{
	char **rest = xcalloc((size_t)c->n, sizeof *rest);
	int curves = 0;

	for (int i = 0; i < c->n; i++) {
		char *own = curves_rest(c->row[i].mode, key);
		int k = 0;

		while (k < curves && strcmp(rest[k], own) != 0)
			k++;
		if (k == curves)
			rest[curves++] = own;
		else
			free(own);
	}
	for (int k = 0; k < curves; k++)
		curves_sweep_one(chart, c, key, x, n, rest, k, curves);
	for (int k = 0; k < curves; k++)
		free(rest[k]);
	free(rest);
}

char *
compare_title(const struct compared *c, char **note)
{
	size_t n = ui_words_fit(c->asked, TITLE);
	bool whole = ui_text_cells(c->asked) <= TITLE;

	for (n = n > 0 || whole ? n : TITLE; n > 0 && ((unsigned char)c->asked[n] & 0xc0) == 0x80;)
		n--;
	*note = xasprintf("%s%smean ± standard error, %d seed%s", whole ? "" : c->asked, whole ? "" : "; ", c->seeds,
	    c->seeds == 1 ? "" : "s");
	return whole ? xstrdup(c->asked) : xasprintf("%.*s…", (int)n, c->asked);
}

static int
curves_sweep(struct ui_chart *chart, const struct compared *c)
{
	double *x = xcalloc((size_t)c->n, sizeof *x);
	int n, key = curves_key(c, x, &n);
	size_t len = 0;
	const char *pair = key < 0 ? NULL : curves_pair(c->row[0].mode, key, &len);

	if (pair != NULL) {
		curves_ticks(chart, x, n);
		chart->unit = true;
		chart->xlabel = xstrndup(pair, (size_t)((const char *)memchr(pair, '=', len) - pair));
		chart->ylabel = xstrdup(c->eval ? "accuracy" : "val_accuracy");
		chart->title = compare_title(c, &chart->note);
		curves_sweep_all(chart, c, key, x, n);
	}
	free(x);
	return pair != NULL;
}

int
compare_curves(struct ui_chart chart[COMPARE_CHARTS], const struct compared *c)
{
	memset(chart, 0, COMPARE_CHARTS * sizeof *chart);
	return c->asked != NULL ? curves_sweep(chart, c) : curves_modes(chart, c);
}
