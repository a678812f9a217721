/* png_explain.c: the arithmetic of one unit as a picture. */
#include "export/export.h"
#include "language/arg.h"
#include "language/ask.h"
#include "look/filters.h"
#include "look/picture.h"
#include "session/made.h"
#include "ui/figure.h"
#include "view/explain_view.h"

struct explained {
	struct explain x;
	struct image *im;
};

static int
explain_call(struct session *s, void *arg, struct err *e)
{
	struct explained *g = arg;

	return explain_make(s, g->im, &g->x, e);
}

static int
png_explain_write(struct session *s, struct export_request *r, FILE *out, struct err *e)
{
	const struct cmd_value *place = NULL, *image = NULL;
	struct explained g = {0};
	struct explain_unit at;
	struct ui_strips strips = {0};
	struct ui_figure *f = NULL;

	if (r->n == 0) {
		int layer = filters_first(s, e);

		return layer < 0 ? -1 : fail(e, "say of which unit: `export explain %s[0] test:0`",
		    nn_net_layer(s->model.net, layer)->name);
	}
	for (int i = 1; i < r->n; i++) {
		const struct cmd_value *v = r->operand[i];
		struct cmd_value ignored = {0};

		if (place == NULL && image == NULL && arg_fits(s, &(struct arg){.type = ARG_PLACE}, v->text, &ignored,
		    e) > 0)
			place = v;
		else if (image == NULL && arg_fits(s, &(struct arg){.type = ARG_IMAGE}, v->text, &ignored, e) > 0)
			image = v;
		else
			return export_unknown(r, v, e);
	}
	if (ask_explain(s, r->operand[0], place, &at, e) < 0 || session_engine(s, e) == NULL)
		return -1;
	if ((g.im = picture_get(s, image != NULL ? image->text : NULL, e)) == NULL)
		return image != NULL ? err_at(e, image) : -1;
	g.x.at = at;
	if (job_call(&s->worker, explain_call, s, &g, e) == 0 && (f = export_figure(s, r, e)) != NULL) {
		explain_view(s, g.im, &g.x, &strips);
		ui_figure_strips(f, &strips);
		ui_strips_clear(&strips);
	}
	explain_free(&g.x);
	image_free(g.im);
	return f != NULL ? 0 : -1;
}

const struct exporter export_png_explain = {
	.format = "png",
	.figure = "explain",
	.operands = "LAYER[CH] [Y,X] [IMAGE]",
	.keys = {&export_size, &export_theme},
	.what = "what one unit reads, its weights, and their products",
	.file = "thaw-explain.png",
	.write = png_explain_write,
};
