/* plot.c: curves of runs as text. */
#include "export/pages.h"
#include "file/record.h"
#include "language/cmd.h"
#include "ui/plot.h"
#include "util/row.h"
#include "view/curves.h"
#include "view/feed.h"
#include "view/glyphs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PLOT_ROWS 14 /* of one chart */

static const char *const kind_name[CURVES_KINDS] = {"loss", "accuracy"};

static void
plot_lines(struct session *s, const struct ui_chart *c, const struct ui_plot_view *view)
{
	char *text = ui_plot_text(c, view, s->out->width, PLOT_ROWS, view_glyphs(s, UI_BRAILLE));
	size_t n = strlen(text);

	while (n > 0 && text[n - 1] == '\n')
		text[--n] = '\0';
	out_text(s->out, "%s", text);
	free(text);
}

static const char *
series_name(const struct ui_series *s)
{
	return s->name != NULL ? s->name : "raw";
}

static void
plot_row(struct session *s, const char *chart, const char *series, double epoch, double value)
{
	const struct row_cell row[] = {
		{"chart", ROW_TEXT, .s = chart},
		{"series", ROW_TEXT, .s = series},
		{"epoch", ROW_FLOAT, .x = epoch},
		{"value", ROW_FLOAT, .x = value}, {0}};

	if (chart == NULL)
		row_head(s->out, "plot", row);
	else
		row_part(s->out, "plot", false, row);
}

static void
plot_csv(struct session *s, const struct ui_chart *c)
{
	for (const struct ui_series *x = c->series; x < c->series + c->nseries; x++)
		for (size_t k = 0; k < x->n; k++)
			if (isfinite(x->p[k].y))
				plot_row(s, c->title, series_name(x), x->p[k].x, x->p[k].y);
}

static void
plot_event(struct session *s, const struct ui_chart *c)
{
	json_t *series = json_array();

	for (size_t i = 0; i < c->nseries; i++) {
		json_t *x = json_array(), *y = json_array();

		for (size_t k = 0; k < c->series[i].n; k++) {
			if (!isfinite(c->series[i].p[k].y))
				continue;
			json_array_append_new(x, out_num_float((float)c->series[i].p[k].x));
			json_array_append_new(y, out_num_float((float)c->series[i].p[k].y));
		}
		json_array_append_new(series, out_pack("{s:s,s:o,s:o}", "name", series_name(&c->series[i]), "x", x,
		    "y", y));
	}
	out_event(s->out, out_pack("{s:s,s:s,s:o}", "event", "plot", "chart", c->title, "series", series));
}

/* *named: whether the line says which. */
static int
plot_runs(struct session *s, const struct cmd_args *a, struct run **run, int *named, struct err *e)
{
	int n = 0;

	for (int i = 0; i < a->npos; i++) {
		if (a->pos[i].arg->type != ARG_RUN)
			continue;
		if ((run[n] = record_find(s, a->pos[i].text, e)) == NULL)
			return err_at(e, &a->pos[i]);
		n++;
	}
	*named = n;
	return n > 0 ? n : curves_chosen(s, run);
}

/* In the workbench the curves are on the screen already: their pane comes to the fore, and shows what is asked for: the
 * last runs, one of them, or those that are named. False: it cannot. */
static bool
plot_focus(struct session *s, const bool want[CURVES_KINDS], const struct ui_plot_view *view, struct run *const *run,
    int named)
{
	const struct user_host *host = s->user.host;
	const char *pane = kind_name[want[CURVES_LOSS] ? CURVES_LOSS : CURVES_ACCURACY];
	struct err ignored = {0};
	struct str of = {0};
	char name[16];

	if (!runs_plot(&s->runs, run, view->span > 0 ? 0 : named))
		return false;
	s->runs.rates.away = true;
	if (host == NULL || host->show == NULL || host->show(s->user.host_arg, pane, &ignored) < 0)
		return false;
	for (int k = 0; k < CURVES_KINDS && host->plot != NULL; k++)
		if (want[k])
			host->plot(s->user.host_arg, kind_name[k], view);
	for (int k = 0; k < named; k++)
		str_add(&of, "%s%s", k > 0 ? " " : ", of ", run_name(run[k], name));
	if (view->span > 0)
		out_styled(s->out, OUT_DIM, "the curves are on the screen%s alone: `focus %s`, then [ ] another run, "
		    "0 all of them, y log scale, s smoothing, Enter large", of.s, pane);
	else
		out_styled(s->out, OUT_DIM, "the curves are on the screen%s: `focus %s`, then y log scale, s "
		    "smoothing, [ ] one run, Enter large%s", named > 0 ? of.s : "", pane, named > 0 ?
		    "; `plot` shows the last runs again" : "");
	free(of.s);
	return true;
}

/* The same as a picture beside the answer. */
static void
plot_keep(struct session *s, const bool want[CURVES_KINDS], struct run **run, int n, double smooth)
{
	struct ui_chart chart[CURVES_KINDS] = {0};
	const struct ui_chart *drawn[CURVES_KINDS];
	int k = 0;

	for (int i = 0; i < CURVES_KINDS; i++) {
		if (!want[i])
			continue;
		curves_chart(&chart[i], (enum curves_kind)i, run, n, smooth, false);
		curves_states(&chart[i], &s->model, run, n);
		drawn[k++] = &chart[i];
	}
	pages_shown_charts(s, drawn, k);
	for (int i = 0; i < CURVES_KINDS; i++)
		ui_chart_clear(&chart[i]);
}

static int
plot_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *smooth = args_key(a, "smooth");
	const struct job_view *v = job_view(&s->worker);
	struct ui_plot_view view = {.logy = args_word(a, "logy")}, pane = view;
	bool want[CURVES_KINDS] = {args_word(a, "loss"), args_word(a, "acc") || args_word(a, "accuracy")};
	struct run *run[CMD_WORDS_MAX];
	struct ui_chart c = {0};
	int named = 0, n = plot_runs(s, a, run, &named, e), drawn = 0;

	if (n < 0)
		return -1;
	pane.smooth = smooth != NULL ? smooth->num : 0;
	pane.span = named == 1 ? feed_span(s, run[0]) : 0;
	if (!want[CURVES_LOSS] && !want[CURVES_ACCURACY])
		want[CURVES_LOSS] = want[CURVES_ACCURACY] = true;
	if (s->out->mode == OUT_CSV)
		plot_row(s, NULL, NULL, 0, 0);
	for (int k = 0; k < CURVES_KINDS; k++) {
		if (!want[k])
			continue;
		curves_chart(&c, (enum curves_kind)k, run, n, smooth != NULL ? smooth->num : CURVES_SMOOTH,
		    v != NULL && n > 0 && v->run == run[n - 1]);
		curves_states(&c, &s->model, run, n);
		if (curves_empty(&c))
			continue;
		drawn++;
		if (s->out->mode == OUT_CSV)
			plot_csv(s, &c);
		else if (s->out->mode == OUT_JSON)
			plot_event(s, &c);
		else if (plot_focus(s, want, &pane, run, named)) {
			plot_keep(s, want, run, n, smooth != NULL ? smooth->num : CURVES_SMOOTH);
			break;
		} else {
			if (drawn > 1)
				out_text(s->out, "%s", "");
			plot_lines(s, &c, &view);
		}
	}
	ui_chart_clear(&c);
	if (drawn == 0)
		return fail(e, "there is no %s to draw yet; `train gte5` first",
		    want[CURVES_LOSS] ? "curve" : kind_name[CURVES_ACCURACY]);
	return 0;
}

const struct cmd cmd_plot = {
	.name = "plot",
	.group = "look",
	.what = "loss and accuracy of the runs as curves, in text",
	.text = "Train is a solid line: the values of the batches, smoothed; what they were stays faint below. "
	    "Validation is dashed, with a mark at each epoch; a watched split is dotted, with a scale of its own at "
	    "the right where it would press the others flat. What the axis cuts of a steep beginning is written "
	    "there. Without a run the last six are shown next to one another. `smooth=0` shows the raw values alone. "
	    "In the workbench the pane lights up instead and shows what was asked for, `plot acc r2` that run alone, "
	    "`plot r2 r5` those two until another begins; its title says which runs it shows where there are more, "
	    "its keys do the rest. Runs of the store are drawn in text there, too. "
	    "`export png plot` makes a picture.",
	.keras = "plt.plot(history.history[\"loss\"])",
	.example = "train gte5 epochs=1 limit=256 verbose=0; plot loss",
	.arg = {
		{.name = "loss|acc", .type = ARG_WORD, .choices = (const char *const[]){"loss", "acc", "accuracy",
		    NULL}, .what = "one of the two; left out: both"},
		{.name = "RUN", .type = ARG_RUN, .many = true, .what = "runs to show"},
		{.name = "logy", .type = ARG_WORD, .choices = (const char *const[]){"logy", NULL},
		    .what = "a logarithmic axis"},
	},
	.key = {{.name = "smooth", .type = ARG_NUM, .min = 0, .max = 0.999,
	    .what = "weight of what came before, 0 to 0.999; left out: by the length of an epoch"}},
	.when = CMD_NOW,
	.exec = plot_exec,
};
