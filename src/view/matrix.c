/* matrix.c: a confusion as a matrix to draw: a row an actual digit, a column a predicted one. */
#include "view/matrix.h"

#include "util/text.h"
#include "util/xmalloc.h"

/* "5", or "other" for the column of units that stand for no digit of the split. */
static char *
matrix_name(const struct split *split, int column)
{
	int digit = split_nth(split, column);

	return digit >= 0 ? xasprintf("%d", digit) : xstrdup("other");
}

void
matrix_fill(struct ui_matrix *m, const struct split *split, const struct confusion *c)
{
	char wrong[32], all[32];

	ui_matrix_size(m, c->n, c->columns);
	for (int i = 0; i < c->n * c->columns; i++)
		m->count[i] = c->count[i];
	for (int i = 0; i < c->n; i++)
		m->row[i] = matrix_name(split, i);
	for (int i = 0; i < c->columns; i++)
		m->col[i] = matrix_name(split, i);
	m->note = xasprintf("%s of %s wrong", text_count(wrong, c->all - c->right), text_count(all, c->all));
	m->brief = xasprintf("%s wrong", wrong);
	m->rows = xstrdup("actual");
	m->cols = xstrdup("predicted");
	m->share = xstrdup("recall");
}
