/* png_confusion.c: the confusion matrix of a split as a picture; of two points what flipped. */
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

static int
png_confusion_write(struct session *s, struct export_request *r, FILE *out, struct err *e)
{
	const struct cmd_value *word = NULL, *point[2];
	struct ui_matrix m = {0};
	struct judged j;
	struct split split;
	struct ui_figure *f = NULL;
	int points = 0;

	for (int i = 0; i < r->n; i++) {
		const struct cmd_value *v = r->operand[i];
		struct cmd_value ignored = {0};

		if (points < 2 && arg_fits(s, &(struct arg){.type = ARG_POINT}, v->text, &ignored, e) > 0)
			point[points++] = v;
		else if (word == NULL && points == 0 && arg_fits(s, &(struct arg){.type = ARG_SPLIT}, v->text, &ignored,
		    e) > 0)
			word = v;
		else
			return export_unknown(r, v, e);
	}
	if (points == 0 && args_key(r->args, "n") != NULL)
		return fail_at(e, args_key(r->args, "n"), "the matrix has all its cells; n= is for what flipped "
		    "between two points, as `export png confusion init n=20`");
	if (arg_split(s, word, &split, e) < 0)
		return -1;
	if (points > 0)
		return png_flips_write(s, r, &split, point, points, e);
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
	.operands = "[SPLIT] [A [B]]",
	.keys = {&export_size, &export_theme, &export_n},
	.what = "the confusion matrix; of points A and B the images whose prediction flipped",
	.file = "thaw-confusion.png",
	.write = png_confusion_write,
};
