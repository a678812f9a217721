/* matrix.c: a confusion as a matrix to draw: a row an actual digit, a column a predicted one. */
#include "view/matrix.h"

#include "data/class.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>

/* "5", "cat", or "other" for the column of units that stand for nothing of the split. */
static void
matrix_names(const struct dataset *d, const struct split *split, int n, char **out)
{
	int *label = xcalloc((size_t)n + 1, sizeof *label);
	char (*name)[CLASS_TEXT] = xcalloc((size_t)n + 1, sizeof *name);

	for (int i = 0; i < n; i++)
		label[i] = split_nth(split, i);
	class_texts(d, label, n, CLASS_COLS, name);
	for (int i = 0; i < n; i++)
		out[i] = xstrdup(name[i]);
	free(name);
	free(label);
}

int
matrix_fill(struct ui_matrix *m, const struct dataset *d, const struct split *split, const struct confusion *c,
    struct err *e)
{
	char wrong[32], all[32];

	if (!ui_matrix_size(m, c->n, c->columns))
		return confusion_no_memory(c, e);
	for (int i = 0; i < c->n * c->columns; i++)
		m->count[i] = c->count[i];
	matrix_names(d, split, c->n, m->row);
	matrix_names(d, split, c->columns, m->col);
	m->note = xasprintf("%s of %s wrong", text_count(wrong, c->all - c->right), text_count(all, c->all));
	m->brief = xasprintf("%s wrong", wrong);
	m->rows = xstrdup("actual");
	m->cols = xstrdup("predicted");
	m->share = xstrdup("recall");
	return 0;
}
