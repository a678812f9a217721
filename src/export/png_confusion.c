/* png_confusion.c: the confusion matrix of a split as a picture. */
#include "export/export.h"
#include "language/arg.h"
#include "look/judged.h"
#include "ui/figure.h"
#include "util/xmalloc.h"
#include "view/matrix.h"

static void
confusion_matrix(struct session *s, struct ui_matrix *m, const struct judged *j)
{
	struct confusion c;

	confusion_make(&c, j);
	matrix_fill(m, s->data.set, &j->split, &c);
	m->title = xasprintf("%s test", j->split.name);
	confusion_free(&c);
}

static int
png_confusion_write(struct session *s, struct export_request *r, FILE *out, struct err *e)
{
	const struct cmd_value *word = r->n > 0 ? r->operand[0] : NULL;
	struct ui_matrix m = {0};
	struct judged j;
	struct split split;
	struct ui_figure *f = NULL;

	if (r->n > 1 || (word != NULL && arg_fits(s, &(struct arg){.type = ARG_SPLIT}, word->text,
	    &(struct cmd_value){0}, e) <= 0))
		return export_unknown(r, r->operand[r->n - 1], e);
	if (arg_split(s, word, &split, e) < 0)
		return -1;
	if (judged_begin(s, &split, &j, e) == 0 && judged_eval(s, &j, NULL, e) == 0 &&
	    (f = export_figure(s, r, e)) != NULL) {
		confusion_matrix(s, &m, &j);
		ui_figure_matrix(f, &m);
		ui_matrix_clear(&m);
	}
	judged_free(&j);
	return f != NULL ? 0 : -1;
}

const struct exporter export_png_confusion = {
	.format = "png",
	.figure = "confusion",
	.operands = "[SPLIT]",
	.keys = {&export_size, &export_theme},
	.what = "the confusion matrix",
	.file = "thaw-confusion.png",
	.write = png_confusion_write,
};
