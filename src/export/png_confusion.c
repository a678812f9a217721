/* png_confusion.c: the confusion matrix of a split as a picture; what is behind a cell; of two points what flipped. */
#include "export/png_judged.h"
#include "language/arg.h"
#include "ui/figure.h"
#include "util/xmalloc.h"
#include "view/matrix.h"

static int
confusion_matrix(struct session *s, struct ui_matrix *m, const struct judged *j, struct err *e)
{
	struct confusion c;
	int rc;

	if (confusion_make(&c, j, e) < 0)
		return -1;
	if ((rc = matrix_fill(m, s->data.set, &j->split, &c, e)) == 0)
		m->title = xasprintf("%s test", j->split.name);
	confusion_free(&c);
	return rc;
}

/* The operands by what they are. */
struct confusion_words {
	const struct cmd_value *split, *cell[2], *point[2];
	int cells, points;
};

static int
confusion_words(struct session *s, const struct export_request *r, struct confusion_words *w, struct err *e)
{
	for (int i = 0; i < r->n; i++) {
		const struct cmd_value *v = r->operand[i];
		struct cmd_value fit = {0};

		if (w->cells == 0 && w->points < 2 && arg_fits(s, &(struct arg){.type = ARG_POINT}, v->text, &fit,
		    e) > 0)
			w->point[w->points++] = v;
		else if (w->points > 0)
			return export_unknown(r, v, e);
		else if (i == 0 && arg_fits(s, &(struct arg){.type = ARG_SPLIT}, v->text, &fit, e) > 0)
			w->split = v;
		else if (w->cells < 2 && arg_fits(s, &(struct arg){.type = ARG_CLASS}, v->text, &fit, e) > 0)
			w->cell[w->cells++] = v;
		else
			return export_unknown(r, v, e);
	}
	if (w->cells == 1)
		return fail_at(e, w->cell[0], "a cell is an actual and a predicted class; name both, as `confusion` "
		    "does");
	if (w->points + w->cells == 0 && args_key(r->args, "n") != NULL)
		return fail_at(e, args_key(r->args, "n"), "the matrix has all its cells; n= is for what flipped "
		    "between two points, as `export png confusion init n=20`, or for what is behind a cell");
	return 0;
}

static int
png_confusion_write(struct session *s, struct export_request *r, FILE *out, struct err *e)
{
	struct confusion_words w = {0};
	struct ui_matrix m = {0};
	struct judged j;
	struct split split;
	struct ui_figure *f = NULL;

	if (confusion_words(s, r, &w, e) < 0 || arg_split(s, w.split, &split, e) < 0)
		return -1;
	if (w.points > 0)
		return png_flips_write(s, r, &split, w.point, w.points, e);
	if (w.cells > 0)
		return png_cell_write(s, r, &split, w.cell, e);
	if (judged_begin(s, &split, &j, e) == 0 && judged_eval(s, &j, NULL, e) == 0 &&
	    confusion_matrix(s, &m, &j, e) == 0 && (f = export_figure(s, r, e)) != NULL)
		ui_figure_matrix(f, &m);
	ui_matrix_clear(&m);
	judged_free(&j);
	return f != NULL ? 0 : -1;
}

const struct exporter export_png_confusion = {
	.format = "png",
	.figure = "confusion",
	.operands = "[SPLIT] [ACTUAL PREDICTED or A [B]]",
	.keys = {&export_size, &export_theme, &export_n},
	.what = "the confusion matrix; the images behind a cell of it; of points A and B those whose prediction "
	    "flipped",
	.file = "thaw-confusion.png",
	.write = png_confusion_write,
};
