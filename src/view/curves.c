/* curves.c: runs as charts. x counts epochs through all the runs shown; a gap divides a curve where one run ends. Raw
 * values are thinned by taking means where a run has very many batches, so that a chart stays a few thousand points.
 */
#include "view/curves.h"

#include "past/layered.h"
#include "util/text.h"
#include "util/xmalloc.h"
#include "view/curves_note.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define POINTS_MAX 3000 /* of one run in one curve */

/* ---- values ---- */

static double
batch_value(const struct batch_point *b, enum curves_kind kind)
{
	return kind == CURVES_LOSS ? b->loss : b->accuracy;
}

enum curve { RAW, TRAIN, VAL, WATCH };

static double
epoch_value(const struct epoch_record *e, enum curve curve, enum curves_kind kind)
{
	bool loss = kind == CURVES_LOSS;

	if (curve == VAL)
		return loss ? e->val_loss : e->val_accuracy;
	if (curve == WATCH)
		return loss ? e->watch_loss : e->watch_accuracy;
	return loss ? e->loss : e->accuracy;
}

/* How many epochs a run takes on the axis: whole ones, so that the ticks of all runs line up. */
static double
run_length(const struct run *r, bool going)
{
	double x = r->nepoch;

	if (r->nbatch > 0)
		x = fmax(x, ceil(r->batch[r->nbatch - 1].x - 1e-6));
	if (going)
		x = fmax(x, r->epochs);
	return fmax(x, 1);
}

/* A curve that lags behind by much of an epoch would lie about when it learned. */
static double
run_smooth(const struct run *r, double smooth)
{
	double steps;

	if (smooth >= 0 || r->nbatch == 0)
		return fmax(smooth, 0);
	steps = (double)r->nbatch / fmax(r->batch[r->nbatch - 1].x, 1e-6);
	return fmin(fmax(1 - 12 / steps, 0), 0.9);
}

/* How much a batch counts in a mean: the last one of an epoch may have few samples. */
static double
batch_weight(const struct run *r, const struct batch_point *b)
{
	size_t rest = r->config.batch > 0 ? r->train % (size_t)r->config.batch : 0;

	return rest > 0 && fabs(b->x - roundf(b->x)) < 1e-4 ? (double)rest / r->config.batch : 1;
}

/* ---- curves ---- */

static void
add_batches(struct ui_series *s, const struct run *r, enum curves_kind kind, double offset, double smooth)
{
	size_t each = r->nbatch / POINTS_MAX + 1;
	double mean = 0, weight = 0, sum = 0;

	for (size_t i = 0; i < r->nbatch; i++) {
		double y = batch_value(&r->batch[i], kind), w = batch_weight(r, &r->batch[i]);

		if (isfinite(y)) {
			mean = smooth * mean + (1 - smooth) * w * y;
			weight = smooth * weight + (1 - smooth) * w;
		}
		sum += y;
		if ((i + 1) % each != 0 && i + 1 < r->nbatch)
			continue;
		y = smooth > 0 ? mean / weight : sum / (double)(i % each + 1);
		ui_series_point(s, offset + r->batch[i].x, y);
		sum = 0;
	}
}

/* Leaves a gap between two runs, also before the first that has such a curve: its beginning is where another ends. */
static void
add_gap(struct ui_series *s, double x)
{
	if (s->n > 0 || x > 0)
		ui_series_point(s, x, NAN);
}

static void
add_run(struct ui_series *s, enum curve curve, const struct run *r, enum curves_kind kind, double offset, double smooth)
{
	add_gap(s, offset);
	if (curve == RAW || (curve == TRAIN && r->nbatch > 0))
		add_batches(s, r, kind, offset, curve == RAW ? 0 : run_smooth(r, smooth));
	else {
		for (int i = 0; i < r->nwatched && curve == WATCH; i++)
			ui_series_point(s, offset + r->watched[i].x, batch_value(&r->watched[i], kind));
		for (int i = 0; i < r->nepoch; i++)
			if (curve == TRAIN || !isnan(epoch_value(&r->epoch[i], curve, CURVES_ACCURACY)))
				ui_series_point(s, offset + i + 1, epoch_value(&r->epoch[i], curve, kind));
	}
}

/* Whether there is anything to draw of a curve. */
static bool
has_curve(enum curve curve, struct run *const *run, int n, enum curves_kind kind)
{
	for (int k = 0; k < n; k++) {
		if ((curve == RAW || curve == TRAIN) && run[k]->nbatch > 0)
			return true;
		if (curve == WATCH && run[k]->nwatched > 0)
			return true;
		for (int i = 0; i < run[k]->nepoch && curve != RAW; i++)
			if (curve == TRAIN || isfinite(epoch_value(&run[k]->epoch[i], curve, kind)))
				return true;
	}
	return false;
}

/* ---- what is said of a run ---- */

/* What the legend says of a run: the means of its last epoch, which the log has printed, or of the one that was cut. */
static void
rule_values(struct ui_rule *rule, const struct run *r, enum curves_kind kind)
{
	static const enum curve curves[UI_LINES] = {[UI_LINE_SOLID] = TRAIN, [UI_LINE_DASHED] = VAL,
	    [UI_LINE_DOTTED] = WATCH, [UI_LINE_FAINT] = RAW};
	char name[16];

	for (int line = 0; line < UI_LINES && r->nepoch > 0; line++) {
		rule->value[line] = epoch_value(&r->epoch[r->nepoch - 1], curves[line], kind);
		rule->when[line] = xasprintf("%s epoch %d  mean", run_name(r, name), r->nepoch);
	}
	if (r->partial.count > 0)
		curves_so_far(rule, r->number, r->nepoch + 1, kind == CURVES_LOSS ?
		    r->partial.loss / (double)r->partial.count :
		    (double)r->partial.correct / (double)r->partial.count);
}

void
curves_so_far(struct ui_rule *rule, int run, int epoch, double mean)
{
	char *when = xasprintf("r%d epoch %d  mean so far", run, epoch);

	rule->value[UI_LINE_SOLID] = mean;
	ui_string(&rule->when[UI_LINE_SOLID], when);
	free(when);
}

char *
curves_frozen(const struct model *m, const struct run *r)
{
	static const struct model none;
	struct str features = {0};
	int layers = 1;
	bool all;

	if (r->frozen == NULL || r->frozen[0] == '\0')
		return NULL;
	if (r->model != NULL)
		m = &none;
	for (int i = 0; m->net != NULL && i < m->features && i < nn_net_count(m->net); i++)
		if (nn_net_layer(m->net, i)->params > 0)
			str_add(&features, "%s%s", features.n > 0 ? " " : "", nn_net_layer(m->net, i)->name);
	for (const char *c = r->frozen; *c != '\0'; c++)
		layers += *c == ' ';
	all = features.s != NULL && strcmp(features.s, r->frozen) == 0;
	free(features.s);
	if (run_frozen(r) != r->frozen)
		return xstrdup(run_frozen(r));
	return all ? xstrdup("features") : layers <= 2 ? xstrdup(r->frozen) : xasprintf("%d layers", layers);
}

void
curves_states(struct ui_chart *c, const struct model *m, struct run *const *run, int n)
{
	for (int i = 0; i < n && i < (int)c->nrules; i++) {
		char *frozen = curves_frozen(m, run[i]), *name = NULL;

		if (frozen != NULL)
			name = xasprintf("%s ❄ %s", c->rule[i].label, frozen);
		if (name != NULL)
			ui_string(&c->rule[i].label, name);
		free(name);
		free(frozen);
	}
}

/* The split that all of them watch; NULL: there are several. */
static const char *
watched(struct run *const *run, int n)
{
	const char *name = NULL;

	for (int k = 0; k < n; k++) {
		if (run[k]->watch.kind == SPLIT_NONE)
			continue;
		if (name != NULL && strcmp(name, run[k]->watch.name) != 0)
			return NULL;
		name = run[k]->watch.name;
	}
	return name;
}

/* ---- the chart ---- */

void
curves_chart(struct ui_chart *c, enum curves_kind kind, struct run *const *run, int n, double smooth, bool going)
{
	static const struct {
		enum curve curve;
		const char *name;
		enum ui_line line;
		int colour;
	} curves[] = {
		{RAW, NULL, UI_LINE_FAINT, 0},
		{TRAIN, "train", UI_LINE_SOLID, 0},
		{VAL, "val", UI_LINE_DASHED, 1},
		{WATCH, "watch", UI_LINE_DOTTED, 2},
	};
	double offset = 0;

	ui_chart_clear(c);
	c->title = xstrdup(kind == CURVES_LOSS ? "loss" : "accuracy");
	c->xlabel = xstrdup("epoch");
	c->ylabel = xstrdup(kind == CURVES_LOSS ? "loss" : "accuracy");
	c->unit = kind == CURVES_ACCURACY;
	c->restart = true;
	for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++) {
		struct ui_series *s;

		if ((curves[i].curve == RAW && smooth == 0) || !has_curve(curves[i].curve, run, n, kind))
			continue;
		s = ui_chart_add(c, curves[i].name, curves[i].line, curves[i].colour);
		if (curves[i].curve == WATCH) {
			s->mark = s->apart = true;
			ui_string(&s->of, watched(run, n));
		}
		offset = 0;
		for (int k = 0; k < n; k++) {
			add_run(s, curves[i].curve, run[k], kind, offset, smooth);
			offset += run_length(run[k], going && k == n - 1);
		}
	}
	offset = 0;
	for (int k = 0; k < n; k++) {
		char label[64], name[16];

		snprintf(label, sizeof label, "%s %.40s", run_name(run[k], name), run[k]->split.name);
		rule_values(ui_chart_rule(c, offset, label), run[k], kind);
		offset += run_length(run[k], going && k == n - 1);
	}
	c->xend = offset;
	if (n > 0)
		c->note = curves_note(run, n);
}

int
curves_recent(const struct runs *runs, struct run **run, int max)
{
	int n = 0;

	for (int i = runs->n - 1; i >= 0 && n < max; i--)
		n += runs->list[i]->nepoch > 0 || runs->list[i]->nbatch > 0;
	for (int i = runs->n - 1, k = n; i >= 0 && k > 0; i--)
		if (runs->list[i]->nepoch > 0 || runs->list[i]->nbatch > 0)
			run[--k] = runs->list[i];
	return n;
}

int
curves_older(const struct runs *runs, const struct run *first)
{
	int older = 0;

	for (int i = 0; runs->list[i] != first; i++)
		if (runs->list[i]->nepoch > 0 || runs->list[i]->nbatch > 0)
			older = runs->list[i]->number;
	return older;
}

int
curves_chosen(struct session *s, struct run **run)
{
	int n = curves_recent(&s->runs, run, CURVES_RUNS), older = n > 0 ? curves_older(&s->runs, run[0]) : 0;

	if (older > 0)
		out_note(s->out, "the last %d runs; those up to r%d are shown when they are named, as in `plot r%d`", n,
		    older, older);
	return n;
}

bool
curves_empty(const struct ui_chart *c)
{
	for (size_t i = 0; i < c->nseries; i++)
		for (size_t k = 0; k < c->series[i].n; k++)
			if (isfinite(c->series[i].p[k].y))
				return false;
	return true;
}
