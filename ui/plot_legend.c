/* plot_legend.c: the legend of a chart in cells: of each curve its sign, its name and its last value. */
#include "plot_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* What a legend is made of; the next form takes less room. */
static const struct form {
	int when; /* items of what says when it was so */
	bool sign, of;
	bool large; /* what is said elsewhere in large, too */
} forms[] = {{9, true, true, true}, {1, true, true, true}, {0, true, true, true}, {0, false, true, true},
    {0, false, false, true}, {0, false, true, false}, {0, false, false, false}};

#define FORMS (int)(sizeof forms / sizeof *forms)

static const char *const line_sign[2][UI_LINES] = {{"--", "o-", "^.", "."}, {"━", "■", "□", "·"}};

/* The stretch whose values are told: the one in view, else the newest. */
static const struct ui_rule *
legend_rule(const struct ui_chart *c, const struct ui_plot_view *view)
{
	size_t back = view->span < 1 ? 1 : (size_t)view->span;

	return c->nrules == 0 ? NULL : &c->rule[back > c->nrules ? 0 : c->nrules - back];
}

static double
legend_value(const struct ui_chart *c, const struct ui_series *s, const struct ui_rule *r)
{
	struct ui_series seen = *s;
	double v = NAN;

	if (r != NULL && r->when[s->line & 3] != NULL)
		return r->value[s->line & 3];
	if (r != NULL)
		ui_plot_stretch(c, (size_t)(r - c->rule), &seen);
	for (size_t k = seen.n; k-- > 0 && !isfinite(v);)
		v = seen.p[k].y;
	return v;
}

const struct ui_series *
ui_plot_value(const struct ui_chart *chart, const struct ui_plot_view *view, enum ui_line line, double *value)
{
	for (size_t i = 0; i < chart->nseries; i++)
		if (chart->series[i].line == line && chart->series[i].name != NULL) {
			*value = legend_value(chart, &chart->series[i], legend_rule(chart, view));
			return isfinite(*value) ? &chart->series[i] : NULL;
		}
	return NULL;
}

/* The first `items` of what says when a value was so, unless `last` has just said the same. */
static int
legend_when(struct ui_area a, int x, int y, const char *when, const char *last, int items)
{
	char text[96];
	const char *end = when;

	if (when == NULL || items == 0 || (last != NULL && strcmp(when, last) == 0))
		return x;
	while (items-- > 0 && *end != '\0')
		end = strstr(end, "  ") != NULL ? strstr(end, "  ") + (items > 0 ? 2 : 0) : end + strlen(end);
	snprintf(text, sizeof text, "%.*s", (int)(end - when), when);
	for (char *s; (s = strstr(text, "  ")) != NULL;)
		memmove(s, s + 1, strlen(s));
	return ui_put(a, x, y, UI_DIM, text) + 1;
}

/* Draws the first n series in one form; returns the column behind. */
static int
legend_draw(struct ui_area a, int x, int y, const struct ui_chart *c, const struct ui_rule *r, struct form f,
    unsigned large, size_t n)
{
	const char *last = NULL;

	for (size_t i = 0, told = 0; i < c->nseries && told < n; i++) {
		const struct ui_series *s = &c->series[i];
		int style = UI_S_CURVE0 + (s->colour & 3);
		double v = legend_value(c, s, r);
		char text[32];

		if (s->name == NULL || (!f.large && (large >> s->line & 1) != 0))
			continue;
		if (s->line == UI_LINE_DOTTED && !isfinite(v)) /* this run may watch none */
			continue;
		x += told++ > 0 ? 2 : 0;
		if (r != NULL) {
			x = legend_when(a, x, y, r->when[s->line & 3], last, f.when);
			last = r->when[s->line & 3];
		}
		if (f.sign)
			x = ui_put(a, x, y, style, line_sign[a.c->glyphs != UI_ASCII][s->line & 3]) + 1;
		x = ui_put(a, x, y, style, s->name) + 1;
		if (f.of && s->of != NULL)
			x = ui_put(a, x, y, style, s->of) + 1;
		snprintf(text, sizeof text, isfinite(v) ? fabs(v) < 10 ? "%.4f" : fabs(v) < 1e5 ? "%.1f" : "%.0e" : "-",
		    v);
		x = ui_put(a, x, y, UI_BOLD, text);
	}
	return x;
}

int
ui_plot_legend(struct ui_area a, int right, int y, int cells, const struct ui_chart *chart,
    const struct ui_plot_view *view, unsigned large)
{
	struct ui_area nowhere = {a.c, {0, 0, 1 << 20, 0}}; /* to measure */
	const struct ui_rule *r = legend_rule(chart, view);
	size_t named = 0;
	int form = 0, total;

	for (size_t i = 0; i < chart->nseries; i++)
		named += chart->series[i].name != NULL;
	while (named > 0 && (total = legend_draw(nowhere, 0, 0, chart, r, forms[form], large, named)) > cells) {
		if (form < FORMS - 1)
			form++;
		else
			named--;
	}
	if (named == 0)
		return right;
	ui_fill(a, right - total, y, total, 1, UI_S_BORDER, " ");
	legend_draw(a, right - total, y, chart, r, forms[form], large, named);
	return right - total;
}
