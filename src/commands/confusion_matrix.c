/* confusion_matrix.c: which class is taken for which, as a matrix; where that has no room, the pairs
 * that count most. */
#include "commands/confusion.h"
#include "commands/judging.h"
#include "util/row.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static json_t *
matrix_json(const struct confusion *c, const struct judged *j, bool labels)
{
	json_t *list = json_array();

	for (int u = 0; u < c->n && labels; u++)
		json_array_append_new(list, json_integer(split_nth(&j->split, u)));
	for (int u = 0; u < c->n && !labels; u++) {
		json_t *row = json_array();

		for (int v = 0; v < c->columns; v++)
			json_array_append_new(row, json_integer((json_int_t)c->count[u * c->columns + v]));
		json_array_append_new(list, row);
	}
	return list;
}

/* Cells of a column of counts: 6, fewer where not all columns fit, and never too few for what stands there. label:
 * those of the names of the rows. */
static int
matrix_width(struct session *s, const struct confusion *c, int label)
{
	int room = (s->out->width - label - 9) / c->columns - 1, least = c->columns > c->n ? 5 : 1;
	char n[32];

	for (int i = 0; i < c->n * c->columns; i++) {
		int cells = (int)strlen(text_count(n, c->count[i]));

		least = cells > least ? cells : least;
	}
	if (class_named(s->data.set)) { /* as wide as the names, and no less than tells them apart */
		int wide = label > 6 ? label : 6;

		least = least > 4 ? least : 4;
		return room > wide ? wide : room > least ? room : least;
	}
	return room > 6 ? 6 : room > least ? room : least;
}

#define MATRIX_LABEL 16 /* columns of a name beside a row, at most */

static int
matrix_label(struct session *s, const struct judged *j)
{
	int label = judging_cols(s, &j->split, 8);

	return label < MATRIX_LABEL ? label : MATRIX_LABEL;
}

/* A matrix that goes far beyond the width is no picture of anything. */
static bool
matrix_fits(struct session *s, const struct confusion *c, const struct judged *j)
{
	int label = matrix_label(s, j);

	return c->columns <= DATASET_DIGITS + 1 || label + c->columns * (1 + matrix_width(s, c, label)) + 9 <=
	    s->out->width;
}

/* A line of the text, whose columns are as many as the split has digits. */
static void
matrix_line(struct session *s, const struct confusion *c, const struct judged *j, int u, bool head)
{
	int label = matrix_label(s, j), width = matrix_width(s, c, label), at = 1, *of = xcalloc((size_t)c->columns,
	    sizeof *of);
	struct row_cell *row = xcalloc((size_t)c->columns + 4, sizeof *row);
	char (*name)[CLASS_TEXT] = xcalloc((size_t)c->columns * 2, sizeof *name);
	uint64_t all = 0;

	for (int v = 0; v < c->columns; v++)
		of[v] = split_nth(&j->split, v);
	class_texts(s->data.set, of, c->columns, label, name + c->columns);
	class_texts(s->data.set, of, c->columns, width, name);
	row[0] = (struct row_cell){"actual", ROW_TEXT, -label, .s = name[c->columns + u]};
	for (int v = 0; v < c->columns; v++) {
		row[at++] = (struct row_cell){name[v], ROW_COUNT, width, .n = (int64_t)c->count[u * c->columns + v]};
		all += c->count[u * c->columns + v];
	}
	row[at] = (struct row_cell){"recall", ROW_REAL, 8, 4,
	    .x = all > 0 ? (double)c->count[u * c->columns + u] / (double)all : NAN, .unknown = all == 0};
	if (head)
		row_head(s->out, "confusion", row);
	row_part(s->out, "confusion", false, row);
	free(name);
	free(row);
	free(of);
}

#define MATRIX_WORST 12 /* pairs in place of a matrix */

/* The cells beside the diagonal that count most. */
static void
matrix_worst(struct session *s, const struct confusion *c, const struct judged *j)
{
	int cols = judging_cols(s, &j->split, 8);
	char name[2][CLASS_TEXT], worst[48] = "the pairs";
	size_t n;
	struct confusion_pair *pair = confusion_pairs(c, &n);

	if (n > MATRIX_WORST)
		snprintf(worst, sizeof worst, "the %d of %zu pairs", MATRIX_WORST, n);
	out_text(s->out, "%d by %d cells do not fit into %d columns; %s that count most:", c->n, c->columns,
	    s->out->width, worst);
	for (size_t i = 0; i < n && i < MATRIX_WORST; i++) {
		const struct row_cell row[] = {
			{"actual", ROW_TEXT, -cols,
			    .s = judging_name(s, split_nth(&j->split, pair[i].actual), name[0])},
			{"predicted", ROW_TEXT, -(cols > 10 ? cols : 10),
			    .s = judging_name(s, split_nth(&j->split, pair[i].predicted), name[1])},
			{"count", ROW_COUNT, 6, .n = (int64_t)pair[i].count},
			{"of", ROW_COUNT, 6, .n = (int64_t)pair[i].of}, {0}};

		if (i == 0)
			row_head(s->out, "confusion", row);
		row_part(s->out, "confusion", false, row);
	}
	if (n == 0)
		out_text(s->out, "none: all are right");
	out_note(s->out, "`confused` lists all pairs, `export png confusion` draws the matrix, `mode csv` has each "
	    "cell");
	free(pair);
}

static void
matrix_csv(struct session *s, const struct confusion *c, const struct judged *j)
{
	char name[2][CLASS_TEXT], number[CLASS_TEXT];
	bool off = !class_named(s->data.set);

	for (int i = 0; i < c->n * c->columns; i++) {
		int actual = split_nth(&j->split, i / c->columns), predicted = split_nth(&j->split, i % c->columns);
		const struct row_cell row[] = {
			{"split", ROW_TEXT, .s = j->split.name},
			{"actual", ROW_INT, .n = actual},
			{"actual_class", ROW_TEXT, .off = off, .s = judging_name(s, actual, name[0])},
			{"predicted", ROW_TEXT, .s = class_text(NULL, predicted, 8, number)},
			{"predicted_class", ROW_TEXT, .off = off, .s = judging_name(s, predicted, name[1])},
			{"count", ROW_INT, .n = (int64_t)c->count[i]}, {0}};

		row_part(s->out, "confusion", i == 0, row);
	}
}

static json_t *
matrix_classes(struct session *s, const struct split *split)
{
	json_t *list = json_array();
	char name[CLASS_TEXT];

	for (int i = 0; i < split_count(split); i++)
		json_array_append_new(list, out_string(judging_name(s, split_nth(split, i), name)));
	return list;
}

/* Keeps them for the workbench, which shows them by the run whose weights those are. */
static void
matrix_keep(struct session *s, const struct judged *j)
{
	struct predictions *p = predictions_new(&j->split, &j->sel.set, j->probs, j->classes);
	const struct run *r = runs_last(&s->runs);

	if (p != NULL && r != NULL && r->weights != NULL &&
	    weights_equal(r->weights, nn_net_weights(s->model.net))) {
		p->run = r->number;
		p->epoch = r->nepoch;
	}
	if (p != NULL)
		data_predict(&s->data, p);
}

static int
matrix_event(struct session *s, const struct judging *x, const struct confusion *c, struct err *e)
{
	json_t *event;

	memory_try();
	event = out_pack("{s:s, s:s, s:o, s:o}", "event", "confusion", "split", x->j.split.name, "labels",
	    matrix_json(c, &x->j, true), "counts", matrix_json(c, &x->j, false));
	if (class_named(s->data.set))
		json_object_set_new(event, "classes", matrix_classes(s, &x->j.split));
	if (!memory_tried()) {
		json_decref(event);
		return confusion_no_memory(c, e);
	}
	out_event(s->out, event);
	return 0;
}

void
confusion_pane(struct session *s, struct judging *x)
{
	const struct user_host *host = s->user.host;
	struct err ignored = {0};

	if (x->said)
		return;
	x->said = true;
	matrix_keep(s, &x->j);
	if (s->out->mode == OUT_TABLE && host != NULL && host->show != NULL)
		host->show(s->user.host_arg, "confusion", &ignored);
}

int
confusion_matrix(struct session *s, struct judging *x, struct err *e)
{
	struct confusion c;
	int rc;

	if (confusion_make(&c, &x->j, e) < 0)
		return -1;
	if ((rc = judging_keep(s, x, &c, e)) < 0) {
		confusion_free(&c);
		return rc;
	}
	judging_head(s, x, c.all - c.right);
	if (s->out->mode == OUT_TABLE && !matrix_fits(s, &c, &x->j))
		matrix_worst(s, &c, &x->j);
	else
		out_text(s->out, "rows: actual, columns: predicted");
	for (int u = 0; u < c.n && s->out->mode == OUT_TABLE && matrix_fits(s, &c, &x->j); u++)
		matrix_line(s, &c, &x->j, u, u == 0);
	if (s->out->mode == OUT_CSV)
		matrix_csv(s, &c, &x->j);
	if (s->out->mode == OUT_JSON)
		rc = matrix_event(s, x, &c, e);
	confusion_pane(s, x);
	confusion_free(&c);
	return rc;
}
