/* rates_chart.c: the loss against the learning rate as a chart. */
#include "view/rates_chart.h"

#include "util/xmalloc.h"

void
rates_chart(struct ui_chart *c, const struct rates *x)
{
	struct ui_series *raw, *smooth;
	struct ui_rule *rule;
	char lr[32], label[64];

	ui_chart_clear(c);
	c->title = xstrdup("loss by learning rate");
	c->xlabel = xstrdup("learning rate");
	c->ylabel = xstrdup("loss");
	c->note = x->note != NULL ? xstrdup(x->note) : NULL;
	c->logx = c->place = true;
	raw = ui_chart_add(c, NULL, UI_LINE_FAINT, 0);
	for (int i = 0; i < x->n; i++)
		ui_series_point(raw, x->point[i].lr, x->point[i].loss);
	smooth = ui_chart_add(c, "smooth", UI_LINE_SOLID, 0);
	for (int i = 0; i < x->n; i++)
		ui_series_point(smooth, x->point[i].lr, x->point[i].smooth);
	if (x->suggested < 0)
		return;
	snprintf(label, sizeof label, "lr=%s suggested", rates_text(x, lr));
	rule = ui_chart_rule(c, x->point[x->suggested].lr, label);
	rule->value[UI_LINE_SOLID] = x->point[x->suggested].smooth;
	rule->when[UI_LINE_SOLID] = xasprintf("lr=%s", lr);
}
