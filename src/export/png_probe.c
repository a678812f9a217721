/* png_probe.c: the last probe: how well simple readers tell the classes from each layer's output. */
#include "export/export.h"
#include "ui/figure.h"
#include "view/probe_view.h"

static int
png_probe_write(struct session *s, struct export_request *r, FILE *out, struct err *e)
{
	struct ui_estimates t = {0};
	struct ui_figure *f;

	if (r->n > 0)
		return export_unknown(r, r->operand[0], e);
	if (s->runs.results.looked.readings.n == 0)
		return fail(e, "nothing was probed since the last run; `probe` reads the output of each layer");
	if ((f = export_figure(s, r, e)) == NULL)
		return -1;
	probe_view(s, &t);
	ui_figure_estimates(f, &t);
	ui_estimates_clear(&t);
	return 0;
}

const struct exporter export_png_probe = {
	.format = "png",
	.figure = "probe",
	.operands = "",
	.keys = {&export_size, &export_theme},
	.what = "the last `probe`: what each layer's output tells",
	.file = "thaw-probe.png",
	.write = png_probe_write,
};
