/* png.c: pictures: the curves of runs, a sheet of digits. */
#include "config.h"
#include "export/export.h"
#include "file/record.h"
#include "language/arg.h"
#include "look/picture.h"
#include "session/config.h"
#include "ui/figure.h"
#include "util/text.h"
#include "util/xmalloc.h"
#include "view/curves.h"
#include "view/tiles.h"

#include <stdlib.h>
#include <string.h>

const struct arg export_size = {.name = "size", .type = ARG_SIZE, .what = "of a picture, 960x640; else the setting"};
const struct arg export_theme = {.name = "theme", .type = ARG_WORD,
    .choices = (const char *const[]){"light", "dark", NULL},
    .what = "of a picture: light, for paper, or dark, for slides (light); of a screen left out: as it is"};
const struct arg export_class = {.name = "class", .type = ARG_CLASS, .max = NN_CLASSES_MAX - 1,
    .what = "digits: of this class only; saliency, gradcam, occlude: the class that is asked about (as predicted)"};
const struct arg export_n = {.name = "n", .type = ARG_INT, .min = 1, .max = 1000,
    .what = "of digits (20), filters (32), toplosses (9), confused (12), a cell or flips (30): at most so many"};

/* Says what the font lacks for pictures, once for all of them. */
static void
figure_font(struct session *s)
{
	const char *why = ui_font_use(s->set.font[0] != '\0' ? s->set.font : NULL);
	char *told = s->user.font_lacks;

	if (why != NULL && (told == NULL || strcmp(told, why) != 0))
		out_warn(s->out, "%s", why);
	s->user.font_lacks = why != NULL ? xstrdup(why) : NULL;
	free(told);
}

struct ui_figure *
export_figure(struct session *s, struct export_request *r, struct err *e)
{
	struct ui_figure *f = ui_figure_new(r->width, r->height);
	const struct cmd_value *theme = args_key(r->args, "theme");
	struct err ignored = {0};
	char *settings, *title;

	if (f == NULL) {
		fail(e, "a picture of %dx%d cannot be made; sizes are 16x16 to 16384x16384", r->width, r->height);
		return NULL;
	}
	if (theme != NULL && strcmp(theme->text, "dark") == 0 && strcmp(r->exporter->figure, "screen") != 0)
		ui_figure_dark(f);
	figure_font(s);
	title = xasprintf("thaw: %s", r->exporter->what);
	ui_figure_meta(f, "Title", title);
	free(title);
	ui_figure_meta(f, "Software", "thaw " PACKAGE_VERSION);
	settings = session_config(s, &ignored);
	if (settings != NULL)
		ui_figure_meta(f, "Settings", settings);
	free(settings);
	snprintf(r->said, sizeof r->said, "%dx%d", ui_figure_width(f), ui_figure_height(f));
	return r->figure = f;
}

/* ---- plot ---- */

struct plot_choice {
	bool want[CURVES_KINDS], logy;
	int n;
	struct run *run[CMD_WORDS_MAX];
};

static int
plot_operands(struct session *s, const struct export_request *r, struct plot_choice *c, struct err *e)
{
	for (int i = 0; i < r->n; i++) {
		const struct cmd_value *v = r->operand[i];

		if (strcmp(v->text, "loss") == 0)
			c->want[CURVES_LOSS] = true;
		else if (strcmp(v->text, "acc") == 0 || strcmp(v->text, "accuracy") == 0)
			c->want[CURVES_ACCURACY] = true;
		else if (strcmp(v->text, "logy") == 0)
			c->logy = true;
		else if (!export_is_run(v->text))
			return export_unknown(r, v, e);
		else if ((c->run[c->n++] = record_find(s, v->text, e)) == NULL)
			return err_at(e, v);
	}
	if (!c->want[CURVES_LOSS] && !c->want[CURVES_ACCURACY])
		c->want[CURVES_LOSS] = c->want[CURVES_ACCURACY] = true;
	if (c->n == 0)
		c->n = r->unasked ? curves_recent(&s->runs, c->run, CURVES_RUNS) : curves_chosen(s, c->run);
	return 0;
}

/* A picture has room to say what a run did not train. */
static void
plot_names(const struct session *s, struct ui_chart *chart, struct run *const *run, int n)
{
	for (int i = 0; i < n && i < (int)chart->nrules; i++) {
		char *frozen = curves_frozen(&s->model, run[i]), *name;

		if (frozen == NULL)
			continue;
		name = xasprintf("%s %s frozen", chart->rule[i].label, frozen);
		ui_string(&chart->rule[i].label, name);
		free(name);
		free(frozen);
	}
}

static int
png_plot_write(struct session *s, struct export_request *r, FILE *out, struct err *e)
{
	const struct cmd_value *smooth = args_key(r->args, "smooth");
	struct plot_choice c = {0};
	struct ui_chart chart[CURVES_KINDS] = {0};
	const struct ui_chart *drawn[CURVES_KINDS];
	struct ui_figure *f;
	int n = 0, ret = -1;

	if (plot_operands(s, r, &c, e) < 0)
		return -1;
	for (int k = 0; k < CURVES_KINDS; k++) {
		if (!c.want[k])
			continue;
		curves_chart(&chart[k], (enum curves_kind)k, c.run, c.n, smooth != NULL ? smooth->num : CURVES_SMOOTH,
		    false);
		plot_names(s, &chart[k], c.run, c.n);
		chart[k].logy = c.logy && k == CURVES_LOSS;
		if (!curves_empty(&chart[k]))
			drawn[n++] = &chart[k];
	}
	if (n == 0)
		fail(e, "there is no curve to draw yet; `train gte5` first");
	else if ((f = export_figure(s, r, e)) != NULL) {
		ui_figure_charts(f, drawn, n);
		ret = 0;
	}
	for (int k = 0; k < CURVES_KINDS; k++)
		ui_chart_clear(&chart[k]);
	return ret;
}

const struct exporter export_png_plot = {
	.format = "png",
	.figure = "plot",
	.operands = "[loss|acc] [rN or HASH ...] [logy]",
	.keys = {&export_size, &export_theme,
	    &(const struct arg){.name = "smooth", .type = ARG_NUM, .min = 0, .max = 0.999,
	    .what = "plot: weight of what came before; left out: by the length of an epoch"}},
	.what = "the curves of the runs",
	.file = "thaw-r%d-plot.png",
	.write = png_plot_write,
};

/* ---- digits ---- */

/* A picture that was named, with what the model predicts. */
static int
digits_add(struct session *s, const struct cmd_value *v, struct ui_tiles *t, struct err *e)
{
	struct image *im = picture_get(s, v->text, e);
	int classes = im != NULL ? nn_net_classes(s->model.net) : 0, best;
	float *p = xcalloc((size_t)classes + 1, sizeof *p);
	bool known = sheet_names(s) != NULL;
	char caption[CLASS_TEXT + 16] = "", name[CLASS_TEXT];
	int rc = im != NULL ? sheet_predict(s, im, p, e) : -1;

	if (rc == 0) {
		best = sheet_best(p, classes);
		if (known)
			snprintf(caption, sizeof caption, "%s %.2f",
			    sheet_class(s, sheet_digit(s, best), TILES_COLS, name), p[best]);
		ui_tiles_add(t, im->shape.dim[0], im->shape.dim[1], im->shape.dim[2], im->pixels, im->name, caption,
		    !known || im->label < 0 ? 0 : sheet_digit(s, best) == im->label ? 1 : -1);
	}
	free(p);
	image_free(im);
	return rc < 0 ? err_at(e, v) : 0;
}

/* Those that are named in place of a split. */
static int
digits_named(struct session *s, struct export_request *r, struct err *e)
{
	struct ui_tiles tiles = {0};
	struct ui_figure *f = NULL;
	int rc = 0;

	for (int i = 0; i < r->n && rc == 0; i++)
		rc = digits_add(s, r->operand[i], &tiles, e);
	if (rc == 0 && (f = export_figure(s, r, e)) != NULL)
		ui_figure_tiles(f, &tiles);
	ui_tiles_clear(&tiles);
	return f != NULL ? 0 : -1;
}

/* Whoever sees the picture can ask about one of it: `saliency test:33`. */
static void
digits_number(struct ui_tiles *t)
{
	for (size_t i = 0; i < t->n; i++) {
		char *label = xasprintf("#%lld %s", (long long)t->tile[i].id, t->tile[i].label);

		free(t->tile[i].label);
		t->tile[i].label = label;
	}
}

static int
png_digits_write(struct session *s, struct export_request *r, FILE *out, struct err *e)
{
	const struct cmd_value *n = args_key(r->args, "n"), *digit = args_key(r->args, "digit"), *split = NULL,
	    *class = args_key(r->args, "class");
	struct sheet_request ask = {.n = n != NULL ? (int)n->integer : 20,
	    .digit = digit != NULL ? (int)digit->integer : class != NULL ? (int)class->integer : -1};
	struct ui_tiles tiles = {0};
	struct ui_figure *f;
	struct sheet sheet;

	if (r->n > 0 && arg_fits(s, &(struct arg){.type = ARG_IMAGE}, r->operand[0]->text, &(struct cmd_value){0},
	    e) > 0)
		return digits_named(s, r, e);
	for (int i = 0; i < r->n; i++) {
		if (strcmp(r->operand[i]->text, "wrong") == 0)
			ask.wrong = true;
		else if (split == NULL && arg_fits(s, &(struct arg){.type = ARG_SPLIT}, r->operand[i]->text,
		    &(struct cmd_value){0}, e) > 0)
			split = r->operand[i];
		else
			return export_unknown(r, r->operand[i], e);
	}
	if (arg_split(s, split, &ask.split, e) < 0 || sheet_ready(s, &ask, e) < 0 || sheet_make(s, &ask, &sheet, e) < 0)
		return -1;
	if (sheet.n == 0) {
		sheet_free(&sheet);
		return fail(e, "none of the %s test images is wrong, so there is nothing to draw; leave out `wrong`",
		    ask.split.name);
	}
	tiles_sheet(s, &ask, &sheet, &tiles);
	digits_number(&tiles);
	f = export_figure(s, r, e);
	if (f != NULL)
		ui_figure_tiles(f, &tiles);
	ui_tiles_clear(&tiles);
	sheet_free(&sheet);
	sheet_said(s, &ask);
	return f != NULL ? 0 : -1;
}

const struct exporter export_png_digits = {
	.format = "png",
	.figure = "digits",
	.operands = "[SPLIT] [wrong] or IMAGE ...",
	.keys = {&export_size, &export_theme, &export_n,
	    &(const struct arg){.name = "digit", .type = ARG_CLASS, .what = "digits: of this digit only"},
	    &export_class},
	.what = "a sheet of test images with their predictions",
	.file = "thaw-digits.png",
	.write = png_digits_write,
};
