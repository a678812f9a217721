/* show.c: test images with their predictions as text: show. */
#include "commands/sheets.h"
#include "language/arg.h"
#include "look/picture.h"
#include "session/config.h"
#include "session/made.h"
#include "train/task.h"
#include "util/num.h"
#include "util/row.h"
#include "util/xmalloc.h"
#include "view/glyphs.h"

#include <stdlib.h>

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
		sheets_canvas(s, c);
	ui_canvas_free(c);
	if (i->label >= 0)
		snprintf(label, sizeof label, "  label %d", i->label);
	if (sheet_digit(s, best) >= 0)
		snprintf(predicted, sizeof predicted, "  predicted %d (%s)", sheet_digit(s, best),
		    num_fixed(buf, p[best], 4));
	out_text(s->out, "%s%s%s", i->name, label, predicted);
	sheets_row(s, NULL, 0, 0, 0);
	sheets_row(s, i->name, i->label, sheet_digit(s, best), p[best]);
	free(p);
	image_free(i);
	return 0;
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
	for (int i = 0; image != NULL && i < a->npos; i++)
		if (&a->pos[i] != image)
			return fail_at(e, &a->pos[i], "%s chooses among the pictures of a split; `show %s` shows this "
			    "one", a->pos[i].text, image->text);
	if (image != NULL && a->nkey > 0)
		return fail_at(e, &a->key[0], "%s= chooses among the pictures of a split; `show %s` shows this one",
		    a->key[0].arg->name, image->text);
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
