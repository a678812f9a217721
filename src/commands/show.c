/* show.c: test images with their predictions as text: show. */
#include "commands/sheets.h"
#include "export/pages.h"
#include "language/arg.h"
#include "session/config.h"
#include "session/made.h"
#include "train/task.h"
#include "util/num.h"
#include "util/row.h"
#include "util/xmalloc.h"
#include "view/glyphs.h"

#include <stdlib.h>

#define GAP 3 /* columns between the two forms of a picture */

/* A picture as large as the width allows; where it was brought to another form, that as it was at the left of it. */
static void
show_forms(struct session *s, const struct image *i)
{
	enum ui_glyphs glyphs = view_glyphs(s, UI_BLOCK);
	int both = i->raw != NULL, high = i->shape.dim[0], wide = i->shape.dim[1];
	int room = both ? (s->out->width - GAP) / 2 : s->out->width, w, h;
	struct ui_canvas *c;

	w = (glyphs == UI_ASCII ? 2 : 1) * wide; /* blocks show four pixels a cell */
	w = w > room ? room : w < 4 ? 4 : w;
	h = (w * high + wide) / wide / 2;
	h = h < 1 ? 1 : h > 200 ? 200 : h;
	c = ui_canvas_new(both ? 2 * w + GAP : w, h + both, glyphs);
	if (both) {
		ui_picture(ui_area_all(c), 0, 0, w, h, UI_MONO, 0, high, wide, i->shape.dim[2], i->raw);
		ui_put_n(ui_area_all(c), 0, h, w, UI_PLAIN, "as it is");
		ui_put_n(ui_area_all(c), w + GAP, h, w, UI_PLAIN, "as the model gets it");
	}
	ui_picture(ui_area_all(c), both ? w + GAP : 0, 0, w, h, UI_MONO, 0, high, wide, i->shape.dim[2], i->pixels);
	sheets_canvas(s, c);
	ui_canvas_free(c);
}

/* The same for a pane, where pictures may be larger than text has them. */
static void
show_tiles(const struct session *s, const struct image *i, int digit, double p, struct ui_tiles *t)
{
	const struct nn_shape *shape = &i->shape;
	char caption[CLASS_TEXT + 16] = "", name[CLASS_TEXT];

	if (i->raw != NULL)
		ui_tiles_add(t, shape->dim[0], shape->dim[1], shape->dim[2], i->raw, i->name, "as it is", 0);
	if (digit >= 0)
		snprintf(caption, sizeof caption, "%s %.2f", sheet_class(s, digit, CLASS_COLS, name), p);
	ui_tiles_add(t, shape->dim[0], shape->dim[1], shape->dim[2], i->pixels, i->raw != NULL ?
	    "as the model gets it" : i->name, caption, digit < 0 || i->label < 0 ? 0 : digit == i->label ? 1 : -1);
}

static void
show_predicted(struct session *s, const struct image *i, const float *p, struct ui_tiles *t)
{
	int best = sheet_best(p, nn_net_classes(s->model.net));
	char label[CLASS_TEXT + 16] = "", predicted[CLASS_TEXT + 64] = "", buf[32], name[CLASS_TEXT];

	if (t != NULL)
		show_tiles(s, i, sheet_digit(s, best), p[best], t);
	else if (s->out->mode == OUT_TABLE)
		show_forms(s, i);
	pages_shown_image(s, i);
	if (i->label >= 0)
		snprintf(label, sizeof label, "  label %s", class_text(s->data.set, i->label, CLASS_COLS, name));
	if (sheet_digit(s, best) >= 0)
		snprintf(predicted, sizeof predicted, "  predicted %s (%s)",
		    sheet_class(s, sheet_digit(s, best), CLASS_COLS, name), num_fixed(buf, p[best], 4));
	out_text(s->out, "%s%s%s", i->name, label, predicted);
	sheets_made(s, i);
	row_print(s->out, "image", true, (const struct row_cell[]){
		SHEETS_CELLS(i->name, i->label, sheet_digit(s, best), p[best]),
		SHEETS_MADE(i), {0}});
}

/* One picture; t not NULL: into these, for a pane. */
static int
show_image(struct session *s, const struct cmd_args *a, const struct cmd_value *operand, struct ui_tiles *t,
    struct err *e)
{
	struct image *i = sheets_picture(s, a, operand, e);
	int ret;
	float *p;

	if (i == NULL)
		return -1;
	p = xcalloc((size_t)nn_net_classes(s->model.net), sizeof *p);
	if ((ret = sheet_predict(s, i, p, e)) == 0)
		show_predicted(s, i, p, t);
	free(p);
	image_free(i);
	return ret;
}

static int
show_images(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct user_host *host = s->user.host;
	bool pane = s->out->mode == OUT_TABLE && host != NULL && host->tiled != NULL;
	struct ui_tiles t = {0};
	int rc = 0;

	for (int i = 0; i < a->npos && rc == 0; i++)
		rc = show_image(s, a, &a->pos[i], pane ? &t : NULL, e);
	if (t.n > 0 && rc == 0) {
		t.title = a->npos > 1 ? xasprintf("%d pictures", a->npos) : xstrdup(a->pos[0].text);
		host->tiled(s->user.host_arg, &t, NULL);
	}
	ui_tiles_clear(&t);
	return rc;
}

static int
show_config(struct session *s, struct err *e)
{
	char *line = session_config(s, e), safe[48] = "own checks";

	if (line == NULL)
		return -1;
	if (s->user.landlock > 0)
		snprintf(safe, sizeof safe, "own checks and Landlock %d", s->user.landlock);
	out_text(s->out, "%s", line);
	row_print(s->out, "config", false, (const struct row_cell[]){
		{"line", ROW_TEXT, .s = line},
		{"safe", ROW_TEXT, .s = safe, .off = !s->user.safe}, {0}});
	if (s->user.safe)
		out_note(s->out, "--safe holds by %s", safe);
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

	sheets_print(s, &x->r, &x->sheet);
	sheet_said(s, &x->r);
	return 0;
}

static int
show_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *image = args_pos(a, "IMAGE"), *n = args_key(a, "n"), *digit = args_key(a, "digit"),
	    *class = args_key(a, "class");
	struct show *x;
	int rc;

	if (args_word(a, "config"))
		return show_config(s, e);
	for (int i = 0; image != NULL && i < a->npos; i++)
		if (a->pos[i].arg != image->arg)
			return fail_at(e, &a->pos[i], "%s chooses among the pictures of a split; `show %s` shows this "
			    "one", a->pos[i].text, image->text);
	if (digit != NULL && class != NULL)
		return fail_at(e, class, "digit= and class= both say which class is shown; leave one out");
	digit = digit != NULL ? digit : class;
	if (image != NULL && (n != NULL || digit != NULL))
		return fail_at(e, n != NULL ? n : digit, "%s= chooses among the pictures of a split; `show %s` shows "
		    "this one", n != NULL ? "n" : digit->arg->name, image->text);
	if (image != NULL)
		return show_images(s, a, e);
	for (int i = 0; i < a->nkey; i++)
		if (&a->key[i] != n && &a->key[i] != digit)
			return fail_at(e, &a->key[i], "%s= is a step for one picture; name it, as in `show digit.png "
			    "%s=off`", a->key[i].arg->name, a->key[i].arg->name);
	if (session_data(s, e) == NULL || session_net(s, e) == NULL || session_engine(s, e) == NULL)
		return -1;
	x = xcalloc(1, sizeof *x);
	x->r = (struct sheet_request){.n = n != NULL ? (int)n->integer : 10,
	    .digit = digit != NULL ? (int)digit->integer : -1, .wrong = args_word(a, "wrong")};
	if (arg_split(s, args_pos(a, "SPLIT"), &x->r.split, e) < 0 || sheet_ready(s, &x->r, e) < 0) {
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
	    "keeps those that are predicted wrong. With images: those, large; a picture that was brought to the "
	    "form of the data (`help predict` names the steps) beside what it was. In the workbench they are a pane; "
	    "its key 0 (`focus digits` first) brings the sample of the split back.",
	.keras = "plt.imshow(x_test[0])",
	.example = "show lt5 n=4; show test:7 test:17",
	.arg = {{.name = "SPLIT", .type = ARG_SPLIT, .what = "which digits; left out: the split last trained"},
		{.name = "IMAGE", .type = ARG_IMAGE, .many = true, .what = "these pictures instead"},
		{.name = "wrong", .type = ARG_WORD, .choices = show_wrong,
		    .what = "only wrong predictions; config: the session as one line of commands"}},
	.key = {{.name = "n", .type = ARG_INT, .min = 1, .max = 1000, .what = "pictures at most (10)"},
		{.name = "digit", .type = ARG_CLASS, .what = "of this digit only"},
		{.name = "class", .type = ARG_CLASS, .what = "of this class only"},
		SHEETS_KEYS},
	.when = CMD_NOW,
	.exec = show_exec,
};
