/* show.c: test images with their predictions as text: show. */
#include "language/arg.h"
#include "look/picture.h"
#include "session/config.h"
#include "session/made.h"
#include "train/task.h"
#include "util/num.h"
#include "util/row.h"
#include "util/xmalloc.h"
#include "view/glyphs.h"
#include "view/tiles.h"

#include <stdlib.h>

/* Prints a canvas, line by line. */
static void
show_canvas(struct session *s, const struct ui_canvas *c)
{
	char *text = ui_canvas_dump(c);

	out_text(s->out, "%s", text);
	free(text);
}

/* Tiles below and beside one another, as many in a row as the width holds. */
static void
show_tiles(struct session *s, const struct ui_tiles *t)
{
	enum ui_glyphs glyphs = view_glyphs(s, UI_BLOCK);
	int dim[] = {t->tile[0].height, t->tile[0].width};
	int w = dim[1] < 14 ? dim[1] < 4 ? 4 : dim[1] : 14, h = (w * dim[0] + dim[1]) / dim[1] / 2, step, cols;
	struct ui_canvas *c;
	char text[160];

	h = h < 1 ? 1 : h > 14 ? 14 : h;
	step = w + 2 < 16 ? 16 : w + 2;
	cols = (s->out->width + 2) / step;
	cols = cols < 1 ? 1 : cols;
	for (size_t first = 0; first < t->n; first += (size_t)cols) {
		c = ui_canvas_new(cols * step, h + 1, glyphs);
		for (size_t i = first; i < t->n && i < first + (size_t)cols; i++) {
			const struct ui_tile *x = &t->tile[i];
			int left = (int)(i - first) * step;

			ui_picture(ui_area_all(c), left, 0, w, h, UI_MONO, 0, x->height, x->width, x->channels,
			    x->pixels);
			snprintf(text, sizeof text, "#%lld %s%s%s", (long long)x->id, x->label,
			    x->mark == 0 ? "" : ui_glyph(glyphs, x->mark > 0 ? UI_G_RIGHT : UI_G_WRONG), x->caption);
			ui_put_n(ui_area_all(c), left, h, step - 1, UI_PLAIN, text);
		}
		show_canvas(s, c);
		ui_canvas_free(c);
	}
}

/* What is predicted of a picture; name NULL: the headings. */
static void
show_row(struct session *s, const char *name, int label, int predicted, double p)
{
	const struct row_cell row[] = {
		{"image", ROW_TEXT, .s = name},
		{"label", ROW_INT, .unknown = label < 0, .n = label},
		{"predicted", ROW_INT, .unknown = predicted < 0, .n = predicted},
		{"probability", ROW_REAL, .unknown = predicted < 0, .x = p}, {0}};

	if (name == NULL)
		row_head(s->out, row);
	else
		row_print(s->out, "image", false, row);
}

/* One picture, as large as the width allows. */
static int
show_image(struct session *s, const char *operand, struct err *e)
{
	struct image *i = picture_get(s, operand, e);
	int best, w, h;
	char label[32] = "", predicted[64] = "", buf[32];
	struct ui_canvas *c;
	float *p;

	if (i == NULL)
		return -1;
	p = xcalloc((size_t)nn_net_classes(s->model.net), sizeof *p);
	if (sheet_predict(s, i, p, e) < 0) {
		free(p);
		image_free(i);
		return -1;
	}
	best = sheet_best(p, nn_net_classes(s->model.net));
	w = (view_glyphs(s, UI_BLOCK) == UI_ASCII ? 2 : 1) * i->shape.dim[1]; /* blocks show four pixels a cell */
	w = w > s->out->width ? s->out->width : w < 4 ? 4 : w;
	h = (w * i->shape.dim[0] + i->shape.dim[1]) / i->shape.dim[1] / 2;
	h = h < 1 ? 1 : h > 200 ? 200 : h;
	c = ui_canvas_new(w, h, view_glyphs(s, UI_BLOCK));
	ui_picture(ui_area_all(c), 0, 0, w, h, UI_MONO, 0, i->shape.dim[0], i->shape.dim[1], i->shape.dim[2],
	    i->pixels);
	if (s->out->mode == OUT_TABLE)
		show_canvas(s, c);
	ui_canvas_free(c);
	if (i->label >= 0)
		snprintf(label, sizeof label, "  label %d", i->label);
	if (sheet_digit(s, best) >= 0)
		snprintf(predicted, sizeof predicted, "  predicted %d (%s)", sheet_digit(s, best),
		    num_fixed(buf, p[best], 4));
	out_text(s->out, "%s%s%s", i->name, label, predicted);
	show_row(s, NULL, 0, 0, 0);
	show_row(s, i->name, i->label, sheet_digit(s, best), p[best]);
	free(p);
	image_free(i);
	return 0;
}

static int
show_config(struct session *s, struct err *e)
{
	char *line = session_config(s, e);

	if (line == NULL)
		return -1;
	out_text(s->out, "%s", line);
	row_print(s->out, "config", false, (const struct row_cell[]){{"line", ROW_TEXT, .s = line}, {0}});
	free(line);
	return 0;
}

struct show {
	struct sheet_request r;
	struct sheet sheet;
};

static void
show_release(void *arg)
{
	struct show *x = arg;

	sheet_free(&x->sheet);
	free(x);
}

static int
show_work(struct session *s, void *arg, struct err *e)
{
	struct show *x = arg;

	return sheet_make(s, &x->r, &x->sheet, e);
}

static int
show_done(struct session *s, void *arg, int rc, struct err *e)
{
	const struct show *x = arg;
	struct ui_tiles tiles = {0};
	char name[32];

	tiles_sheet(s, &x->r, &x->sheet, &tiles);
	out_text(s->out, "%s  %s", tiles.title, tiles.note);
	if (s->user.host != NULL && s->user.host->shown != NULL && s->user.host->shown(s->user.host_arg, &x->r,
	    &x->sheet)) {
		/* In the workbench the digits are on the screen already. */
	} else if (s->out->mode == OUT_TABLE && tiles.n > 0)
		show_tiles(s, &tiles);
	show_row(s, NULL, 0, 0, 0);
	for (size_t i = 0; i < x->sheet.n && s->out->mode != OUT_TABLE; i++) {
		snprintf(name, sizeof name, "test:%u", x->sheet.image[i].index);
		show_row(s, name, x->sheet.image[i].label, x->sheet.image[i].predicted, x->sheet.image[i].p);
	}
	ui_tiles_clear(&tiles);
	return 0;
}

static int
show_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *image = args_pos(a, "IMAGE"), *n = args_key(a, "n"), *digit = args_key(a, "digit");
	struct show *x;
	int rc;

	if (args_word(a, "config"))
		return show_config(s, e);
	if (image != NULL)
		return show_image(s, image->text, e);
	if (session_data(s, e) == NULL || session_net(s, e) == NULL || session_engine(s, e) == NULL)
		return -1;
	x = xcalloc(1, sizeof *x);
	x->r = (struct sheet_request){.n = n != NULL ? (int)n->integer : 10,
	    .digit = digit != NULL ? (int)digit->integer : -1, .wrong = args_word(a, "wrong")};
	if (arg_split(s, args_pos(a, "SPLIT"), &x->r.split, e) < 0) {
		show_release(x);
		return -1;
	}
	if (s->worker.job == NULL && (x->r.wrong || x->r.n > 64)) /* many may have to be looked at */
		return task_start(s, "show", &(struct task){show_work, show_done, show_release, x, 0}, e);
	if ((rc = show_work(s, x, e)) == 0)
		show_done(s, x, 0, e);
	show_release(x);
	return rc;
}

static const char *const show_wrong[] = {"wrong", "config", NULL};

const struct cmd cmd_show = {
	.name = "show",
	.group = "data",
	.what = "a sample sheet of test images with their predictions",
	.text = "Each picture has its number, its label, and what the model predicts now with its probability. `wrong` "
	    "keeps those that are predicted wrong. With an image: that one, large.",
	.keras = "plt.imshow(x_test[0])",
	.example = "show lt5 n=4; show test:7",
	.arg = {{.name = "SPLIT", .type = ARG_SPLIT, .what = "which digits; left out: the split last trained"},
		{.name = "IMAGE", .type = ARG_IMAGE, .what = "one picture instead"},
		{.name = "wrong", .type = ARG_WORD, .choices = show_wrong,
		    .what = "only wrong predictions; config: the session as one line of commands"}},
	.key = {{.name = "n", .type = ARG_INT, .min = 1, .max = 1000, .what = "pictures at most (10)"},
		{.name = "digit", .type = ARG_INT, .min = 0, .max = 9, .what = "of this digit only"}},
	.when = CMD_NOW,
	.exec = show_exec,
};
