/* panel_plot.c: the two charts. */
#include "panel.h"
#include "inlay.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static bool
plot_key(const struct ui_panel_ctx *p, const struct ui_chart *c, int key)
{
	struct ui_plot_view *v = &p->st->plot;
	int most = c->place ? v->span : (int)c->nrules;

	switch (key) {
	case 'y':
		v->logy = !v->logy;
		return true;
	case 's': /* none, some, much */
		v->smooth = v->smooth < .1 ? .6 : v->smooth < .8 ? .9 : 0;
		return true;
	case '[':
	case UI_KEY_LEFT:
		v->span = v->span < most ? v->span + 1 : most;
		return true;
	case ']':
	case UI_KEY_RIGHT:
		v->span = v->span > 0 ? v->span - 1 : 0;
		return true;
	case '0':
		memset(v, 0, sizeof *v);
		return true;
	}
	return false;
}

#define VALUES 28 /* cells of the border that the legend wants */

static void
plot_title(const struct ui_panel_ctx *p, const char *name, const struct ui_chart *c, char *title, size_t size)
{
	const struct ui_plot_view *v = &p->st->plot;
	size_t n = (size_t)snprintf(title, size, "%s", name);

	if (v->span > 0 && c->nrules > 0 && !c->place) {
		size_t k = (size_t)v->span > c->nrules ? 0 : c->nrules - (size_t)v->span;

		n += (size_t)snprintf(title + n, size - n, " %.40s", c->rule[k].label ? c->rule[k].label : "");
	}
	else if (c->which != NULL && ui_text_cells(name) + 1 + ui_text_cells(c->which) + VALUES <= p->room)
		n += (size_t)snprintf(title + n, size - n, " %s", c->which);
	if (v->logy && n < size)
		n += (size_t)snprintf(title + n, size - n, " log");
	if (v->smooth > 0 && n < size)
		snprintf(title + n, size - n, " ~%.1f", v->smooth);
}

static void
legend(const struct ui_panel_ctx *p, const struct ui_chart *c, struct ui_area frame, int from, int right)
{
	struct ui_canvas none = {.glyphs = frame.c->glyphs};
	int x, cells = right - from - 2;
	unsigned large = 0;

	if (cells < 10)
		return;
	if (p->st->large && !c->place) /* what the pane has drawn */
		ui_plot_large((struct ui_area){&none, {0, 0, frame.r.w - 2, frame.r.h - 2}}, c, &p->st->plot, &large);
	x = ui_plot_legend(frame, right - 1, 0, cells, c, &p->st->plot, large);
	if (x < right - 1) {
		ui_put(frame, x - 1, 0, UI_S_BORDER, " ");
		ui_put(frame, right - 1, 0, UI_S_BORDER, " ");
	}
}

/* Whether there is a curve to see: two points of one, or one that has a mark. */
static bool
chart_seen(const struct ui_chart *c, size_t least)
{
	for (size_t i = 0; i < c->nseries; i++) {
		const struct ui_series *s = &c->series[i];
		size_t n = 0;

		for (size_t k = 0; k < s->n && n < least; k++)
			n += isfinite(s->p[k].y);
		if (n >= least || (n > 0 && (s->mark || s->line == UI_LINE_DASHED)))
			return true;
	}
	return false;
}

/* Before there is anything to draw, axes would only mislead: what goes on stands in their place. */
static void
chart_draw(const struct ui_panel_ctx *p, const struct ui_chart *c, struct ui_area a)
{
	bool any = chart_seen(c, p->m->activity != NULL ? 2 : 1);
	if (any && p->st->large && !c->place) { /* the figures that count, in large */
		unsigned lines;
		int rows = ui_plot_large(a, c, &p->st->plot, &lines);

		a = ui_area_sub(a, 0, rows, a.r.w, a.r.h - rows);
	}
	if (any && !ui_inlay_chart(a, c, &p->st->plot))
		ui_plot_draw(a, c, &p->st->plot);
	else if (!any) {
		int x = ui_put_n(a, 1, a.r.h / 2, a.r.w - 1, UI_DIM, "no curve yet: ");

		ui_put_n(a, x, a.r.h / 2, a.r.w - x, UI_DIM, p->m->activity != NULL ? p->m->activity : "train gte5");
	}
}

#define KEYS "y log  s smooth  [ ] runs  0 reset  Space pause  Enter zoom"

static void
loss_title(const struct ui_panel_ctx *p, char *title, size_t size)
{
	const struct ui_chart *c = &p->m->loss;

	plot_title(p, c->place && c->title != NULL ? c->title : "loss", c, title, size);
}

static void
loss_note(const struct ui_panel_ctx *p, struct ui_area frame, int from, int right)
{
	legend(p, &p->m->loss, frame, from, right);
}

static void
loss_draw(const struct ui_panel_ctx *p, struct ui_area a)
{
	chart_draw(p, &p->m->loss, a);
}

static bool
loss_key(const struct ui_panel_ctx *p, int key, struct ui_ask *ask)
{
	return plot_key(p, &p->m->loss, key);
}

const struct ui_panel ui_panel_loss = {
	.keys = KEYS,
	.title = loss_title,
	.note = loss_note,
	.draw = loss_draw,
	.key = loss_key,
};

static void
accuracy_title(const struct ui_panel_ctx *p, char *title, size_t size)
{
	plot_title(p, "accuracy", &p->m->accuracy, title, size);
}

static void
accuracy_note(const struct ui_panel_ctx *p, struct ui_area frame, int from, int right)
{
	legend(p, &p->m->accuracy, frame, from, right);
}

static void
accuracy_draw(const struct ui_panel_ctx *p, struct ui_area a)
{
	chart_draw(p, &p->m->accuracy, a);
}

static bool
accuracy_key(const struct ui_panel_ctx *p, int key, struct ui_ask *ask)
{
	return plot_key(p, &p->m->accuracy, key);
}

const struct ui_panel ui_panel_accuracy = {
	.keys = KEYS,
	.title = accuracy_title,
	.note = accuracy_note,
	.draw = accuracy_draw,
	.key = accuracy_key,
};
