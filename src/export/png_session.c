/* png_session.c: pictures of the session: the model as a table, the workbench's screen. */
#include "export/export.h"
#include "job/job_int.h"
#include "session/made.h"
#include "ui/figure.h"
#include "ui/ui.h"
#include "view/feed.h"
#include "view/glyphs.h"
#include "view/layers.h"

#include <string.h>

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
	.keys = {&export_size, &export_theme},
	.what = "the model: layers, shapes, parameters, what is frozen",
	.file = "thaw-model.png",
	.write = png_model_write,
};

/* ---- screen ---- */

#define SCREEN_COLS 120 /* of a screen that is drawn without a terminal */
#define SCREEN_ROWS 40
#define SCREEN_COLS_MAX 400 /* a size up to these counts columns and rows, a larger one pixels */
#define SCREEN_ROWS_MAX 150

/* What the workbench would show in so many cells; the caller's. NULL with a sentence. */
static struct ui_canvas *
screen_draw(struct session *s, int cols, int rows, struct err *e)
{
	struct ui_model m = {0};
	struct ui_canvas *c;
	struct feed *f;

	if (session_data(s, e) == NULL || session_net(s, e) == NULL)
		return NULL;
	f = feed_new(s, job_now);
	feed_sees(f, FEED_FILTERS | FEED_ACTIVATIONS);
	feed_at_once(f, &m);
	c = ui_canvas_new(cols, rows, view_glyphs(s, UI_BRAILLE));
	ui_draw(c, UI_TRUE, &m, s->user.layout, NULL, false);
	ui_model_clear(&m);
	feed_free(f);
	return c;
}

static int
png_screen_write(struct session *s, struct export_request *r, FILE *out, struct err *e)
{
	const struct user_host *host = s->user.host;
	const struct cmd_value *theme = args_key(r->args, "theme");
	bool sized = args_key(r->args, "size") != NULL;
	bool cells = sized && r->width <= SCREEN_COLS_MAX && r->height <= SCREEN_ROWS_MAX;
	struct ui_canvas *drawn = NULL;
	const struct ui_canvas *screen = NULL;
	struct ui_figure *f = NULL;
	enum ui_theme before = UI_THEME_AUTO;
	int colours = UI_TRUE;

	if (r->n > 0)
		return export_unknown(r, r->operand[0], e);
	if (theme != NULL)
		before = ui_look_theme(strcmp(theme->text, "dark") == 0 ? UI_THEME_DARK : UI_THEME_LIGHT);
	if (host != NULL && host->screen != NULL) {
		drawn = cells ? ui_canvas_new(r->width, r->height, view_glyphs(s, UI_BRAILLE)) : NULL;
		screen = host->screen(s->user.host_arg, drawn, &colours);
	} else
		screen = drawn = screen_draw(s, cells ? r->width : SCREEN_COLS, cells ? r->height : SCREEN_ROWS, e);
	if (screen != NULL && (cells || !sized))
		ui_figure_cells_size(screen, &r->width, &r->height);
	if (screen != NULL && (f = export_figure(s, r, e)) != NULL)
		ui_figure_cells(f, screen, (enum ui_colours)colours);
	ui_canvas_free(drawn);
	if (theme != NULL)
		ui_look_theme(before);
	return f != NULL ? 0 : -1;
}

const struct exporter export_png_screen = {
	.format = "png",
	.figure = "screen",
	.operands = "",
	.keys = {&export_size, &export_theme},
	.what = "the workbench as it stands, or as it would stand in 120x40 cells where there is no terminal, there in "
	    "the layout that `layout` has named; a small size counts cells, for which it is laid out",
	.file = "thaw-screen.png",
	.write = png_screen_write,
};
