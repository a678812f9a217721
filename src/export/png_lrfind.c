/* png_lrfind.c: the last `lrfind`: the loss against the learning rate. */
#include "export/export.h"
#include "ui/figure.h"
#include "view/rates_chart.h"

static int
png_lrfind_write(struct session *s, struct export_request *r, FILE *out, struct err *e)
{
	struct ui_chart c = {0};
	const struct ui_chart *drawn = &c;
	struct ui_figure *f;

	if (r->n > 0)
		return export_unknown(r, r->operand[0], e);
	if (s->runs.rates.n == 0)
		return fail(e, "no rates were tried yet; `lrfind gte5` does");
	if ((f = export_figure(s, r, e)) == NULL)
		return -1;
	rates_chart(&c, &s->runs.rates);
	ui_figure_charts(f, &drawn, 1);
	ui_chart_clear(&c);
	return 0;
}

const struct exporter export_png_lrfind = {
	.format = "png",
	.figure = "lrfind",
	.operands = "",
	.keys = {&export_size, &export_theme},
	.what = "the last `lrfind`: the loss against the learning rate",
	.file = "thaw-lrfind.png",
	.write = png_lrfind_write,
};
