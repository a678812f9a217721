/* png_compare.c: the last comparison of ways to train, as means with their errors: as curves where they run along three
 * numbers or more. */
#include "export/compare_curves.h"
#include "export/export.h"
#include "train/trial.h"
#include "ui/figure.h"
#include "util/num.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether a row is paired with another one. */
static bool
compare_gains(const struct compared *c, const struct compared_row *r)
{
	return &c->row[r->against] != r && r->gain.n > 0;
}

/* Behind the figures of a row its gain over the one that it is paired with. */
static void
compare_gain(struct ui_estimate *x, const struct compared_row *r)
{
	char mean[32], error[32], *text = x->text;

	num_fixed(mean, r->gain.mean, 4);
	x->text = xasprintf("%s   %s%s%s%s", text, r->gain.mean >= 0 ? "+" : "", mean,
	    isnan(r->gain.error) ? "" : " ± ", isnan(r->gain.error) ? "" : num_fixed(error, r->gain.error, 4));
	free(text);
}

/* How much of a name all rows share that others are paired with, in whole settings: "scratch", "lr=0.1"; 0: nothing. */
static int
compare_over(const struct compared *c, const char **over)
{
	size_t n = 0, k;

	*over = NULL;
	for (int i = 0; i < c->n; i++) {
		const char *name = c->row[c->row[i].against].mode;

		if (!compare_gains(c, &c->row[i]))
			continue;
		if (*over == NULL)
			n = strlen(*over = name);
		for (k = 0; k < n && name[k] == (*over)[k]; k++)
			;
		while (k < n && k > 0 && name[k] != ',' && (*over)[k] != ',')
			k--;
		n = k;
	}
	return *over == NULL || memchr(*over, '"', n) != NULL ? 0 : (int)n;
}

/* Says below the title what the gains are. */
static void
compare_gain_note(struct ui_estimates *t, const struct compared *c)
{
	static const char error[] = "standard error";
	char *note = t->note, *at = strstr(note, error);
	const char *over;
	int n = compare_over(c, &over);

	if (over == NULL || at == NULL)
		return;
	at += sizeof error - 1;
	t->note = xasprintf("%.*s, gain over %.*s%s", (int)(at - note), note, n > 0 ? n : 15, n > 0 ? over :
	    "the first value", at);
	free(note);
}

/* The same as text, for those who do not see the figure. */
static char *
compare_comment(const struct ui_estimates *t)
{
	struct str b = {0};

	str_add(&b, "%s", t->note);
	for (int i = 0; i < t->n; i++)
		str_add(&b, "\n%s%s%s: %s", t->row[i].group != NULL ? t->row[i].group : "", t->row[i].group != NULL ?
		    ", " : "", t->row[i].name, t->row[i].text);
	return b.s;
}

static void
compare_row(struct ui_estimate *x, const struct compared_row *r, bool groups)
{
	char n[32], mean[32], error[32];

	x->group = groups ? xasprintf("%s images", text_count(n, r->limit)) : NULL;
	x->name = xstrdup(r->mode);
	x->mean = r->of_accuracy.mean;
	x->error = r->of_accuracy.error;
	num_fixed(mean, x->mean, 4);
	if (r->of_accuracy.n == 0) /* of a sweep whose trials failed */
		x->text = xstrdup("-");
	else
		x->text = isnan(x->error) ? xstrdup(mean) :
		    xasprintf("%s ± %s", mean, num_fixed(error, x->error, 4));
	while (trial_names[x->colour] != NULL && strcmp(trial_names[x->colour], r->mode) != 0)
		x->colour++;
}

static void
compare_sweep(struct ui_estimates *t, const struct compared *c)
{
	for (int i = 0; i < c->n; i++)
		t->row[i].colour = i;
	t->title = compare_title(c, &t->note);
	t->axis = xstrdup(c->eval ? "accuracy" : "val_accuracy");
}

static void
compare_estimates(struct ui_estimates *t, const struct compared *c)
{
	bool groups = false;
	char n[32];

	for (int i = 1; i < c->n; i++)
		groups |= c->row[i].limit != c->row[0].limit;
	t->n = c->n;
	t->row = xcalloc((size_t)c->n, sizeof *t->row);
	for (int i = 0; i < c->n; i++) {
		compare_row(&t->row[i], &c->row[i], groups);
		if (compare_gains(c, &c->row[i]))
			compare_gain(&t->row[i], &c->row[i]);
	}
	if (c->asked != NULL) {
		compare_sweep(t, c);
		compare_gain_note(t, c);
		return;
	}
	if (groups)
		t->title = xasprintf("%s, learned from few images", c->split.name);
	else
		t->title = xasprintf("%s, learned from %s images", c->split.name, text_count(n, c->row[0].limit));
	t->note = xasprintf("mean ± standard error, %d seed%s, %s test images%s%s", c->seeds, c->seeds == 1 ? "" : "s",
	    text_count(n, c->test), c->from[0] != '\0' ? "; features of " : "", c->from);
	t->axis = xstrdup("accuracy on the test images");
	compare_gain_note(t, c);
}

static int
png_compare_write(struct session *s, struct export_request *r, FILE *out, struct err *e)
{
	const struct compared *c = &s->runs.compared;
	struct ui_chart chart[COMPARE_CHARTS];
	struct ui_estimates t = {0};
	struct ui_figure *f;
	char *comment;
	int n;

	if (r->n > 0)
		return export_unknown(r, r->operand[0], e);
	if (c->n == 0)
		return fail(e, "nothing was compared yet; `compare modes lt5` does, behind a run of other digits");
	if ((f = export_figure(s, r, e)) == NULL)
		return -1;
	if ((n = compare_curves(chart, c)) > 0)
		ui_figure_charts(f, (const struct ui_chart *[]){&chart[0], &chart[1]}, n);
	for (int i = 0; i < n; i++)
		ui_chart_clear(&chart[i]);
	if (n > 0)
		return 0;
	compare_estimates(&t, c);
	ui_figure_estimates(f, &t);
	ui_figure_meta(f, "Comment", comment = compare_comment(&t));
	free(comment);
	ui_estimates_clear(&t);
	return 0;
}

const struct exporter export_png_compare = {
	.format = "png",
	.figure = "compare",
	.operands = "",
	.keys = {&export_size, &export_theme},
	.what = "the last `compare modes` or `sweep`: means with their errors, of three numbers or more as curves",
	.file = "thaw-compare.png",
	.write = png_compare_write,
};
