/* png_session.c: pictures of the session: the model as a table, the workbench's screen. */
#include "export/export.h"
#include "session/made.h"
#include "ui/figure.h"
#include "view/layers.h"

/* ---- model ---- */

static int
png_model_write(struct session *s, struct export_request *r, FILE *out, struct err *e)
{
	struct nn_net *net = session_net(s, e);
	struct ui_table t = {0};
	struct ui_figure *f;

	if (net == NULL)
		return -1;
	if (r->n > 0)
		return export_unknown(r, r->operand[0], e);
	layers_table(net, &t);
	ui_string(&t.head[0], "layer");
	ui_string(&t.head[1], "output shape");
	ui_string(&t.head[2], "parameters");
	f = export_figure(s, r, e);
	if (f != NULL)
		ui_figure_table(f, &t);
	ui_table_clear(&t);
	return f != NULL ? 0 : -1;
}

const struct exporter export_png_model = {
	.format = "png",
	.figure = "model",
	.operands = "",
	.keys = {&export_size},
	.what = "the model: layers, shapes, parameters, what is frozen",
	.file = "thaw-model.png",
	.write = png_model_write,
};

/* ---- screen ---- */

static int
png_screen_write(struct session *s, struct export_request *r, FILE *out, struct err *e)
{
	const struct ui_canvas *screen = NULL;
	struct ui_figure *f;
	int colours = UI_TRUE;

	if (r->n > 0)
		return export_unknown(r, r->operand[0], e);
	if (s->user.host != NULL && s->user.host->screen != NULL)
		screen = s->user.host->screen(s->user.host_arg, &colours);
	if (screen == NULL)
		return fail(e, "there is no screen here; start thaw on a terminal, without a script, or draw `export "
		    "png plot`");
	if (args_key(r->args, "size") == NULL)
		ui_figure_cells_size(screen, &r->width, &r->height);
	f = export_figure(s, r, e);
	if (f == NULL)
		return -1;
	ui_figure_cells(f, screen, (enum ui_colours)colours);
	return 0;
}

const struct exporter export_png_screen = {
	.format = "png",
	.figure = "screen",
	.operands = "",
	.keys = {&export_size},
	.what = "the workbench as it stands",
	.file = "thaw-screen.png",
	.write = png_screen_write,
};
