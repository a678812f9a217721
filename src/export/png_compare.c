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
#include <string.h>

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
	for (int i = 0; i < c->n; i++)
		compare_row(&t->row[i], &c->row[i], groups);
	if (c->asked != NULL) {
		compare_sweep(t, c);
		return;
	}
	if (groups)
		t->title = xasprintf("%s, learned from few images", c->split.name);
	else
		t->title = xasprintf("%s, learned from %s images", c->split.name, text_count(n, c->row[0].limit));
	t->note = xasprintf("mean ± standard error, %d seed%s, %s test images%s%s", c->seeds, c->seeds == 1 ? "" : "s",
	    text_count(n, c->test), c->from[0] != '\0' ? "; features of " : "", c->from);
	t->axis = xstrdup("accuracy on the test images");
}

static int
png_compare_write(struct session *s, struct export_request *r, FILE *out, struct err *e)
{
	const struct compared *c = &s->runs.compared;
	struct ui_chart chart[COMPARE_CHARTS];
	struct ui_estimates t = {0};
	struct ui_figure *f;
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
