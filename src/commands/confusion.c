/* confusion.c: which digit is taken for which, and in which images; what flipped between two points: confusion. */
#include "commands/confusion.h"
#include "commands/judging.h"
#include "commands/sheets.h"
#include "session/point.h"
#include "util/row.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- the matrix ---- */

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

/* Cells of a column of counts: 6, fewer where not all columns fit, and never too few for what stands there. */
static int
matrix_width(struct session *s, const struct confusion *c)
{
	int room = (s->out->width - 8 - 9) / c->columns - 1, least = c->columns > c->n ? 5 : 1;
	char n[32];

	for (int i = 0; i < c->n * c->columns; i++) {
		int cells = (int)strlen(text_count(n, c->count[i]));

		least = cells > least ? cells : least;
	}
	return room > 6 ? 6 : room > least ? room : least;
}

/* A line of the text, whose columns are as many as the split has digits. */
static void
matrix_line(struct session *s, const struct confusion *c, const struct judged *j, int u, bool head)
{
	int width = matrix_width(s, c);
	struct row_cell row[DATASET_CLASSES_MAX + 4] = {{"actual", ROW_INT, -8, .n = split_nth(&j->split, u)}};
	char name[DATASET_CLASSES_MAX + 1][16];
	uint64_t all = 0;
	int at = 1;

	for (int v = 0; v < c->columns; v++) {
		row[at++] = (struct row_cell){judging_name(name[v], split_nth(&j->split, v)), ROW_COUNT, width,
		    .n = (int64_t)c->count[u * c->columns + v]};
		all += c->count[u * c->columns + v];
	}
	row[at] = (struct row_cell){"recall", ROW_REAL, 8, 4,
	    .x = all > 0 ? (double)c->count[u * c->columns + u] / (double)all : NAN, .unknown = all == 0};
	if (head)
		row_head(s->out, "confusion", row);
	row_part(s->out, "confusion", false, row);
}

static void
matrix_csv(struct session *s, const struct confusion *c, const struct judged *j)
{
	char name[16];

	for (int i = 0; i < c->n * c->columns; i++) {
		const struct row_cell row[] = {
			{"split", ROW_TEXT, .s = j->split.name},
			{"actual", ROW_INT, .n = split_nth(&j->split, i / c->columns)},
			{"predicted", ROW_TEXT, .s = judging_name(name, split_nth(&j->split, i % c->columns))},
			{"count", ROW_INT, .n = (int64_t)c->count[i]}, {0}};

		row_part(s->out, "confusion", i == 0, row);
	}
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

static void
matrix_print(struct session *s, const struct judging *x)
{
	struct confusion c;

	matrix_keep(s, &x->j);
	confusion_make(&c, &x->j);
	judging_keep(s, x, &c);
	judging_head(s, x, c.all - c.right);
	out_text(s->out, "rows: actual, columns: predicted");
	for (int u = 0; u < c.n && s->out->mode == OUT_TABLE; u++)
		matrix_line(s, &c, &x->j, u, u == 0);
	if (s->out->mode == OUT_CSV)
		matrix_csv(s, &c, &x->j);
	out_event(s->out, out_pack("{s:s, s:s, s:o, s:o}", "event", "confusion", "split", x->j.split.name, "labels",
	    matrix_json(&c, &x->j, true), "counts", matrix_json(&c, &x->j, false)));
	confusion_free(&c);
}

/* ---- the images behind a cell ---- */

static void
cell_print(struct session *s, const struct judging *x)
{
	struct sheet sheet = {.image = xcalloc(x->j.sel.set.count, sizeof *sheet.image)};
	struct sheet_request r = {.split = x->j.split, .digit = x->actual, .wrong = x->actual != x->predicted};
	char n[32];

	for (size_t i = 0; i < x->j.sel.set.count; i++)
		if (judged_digit(&x->j, i) == x->predicted &&
		    split_digit(&x->j.split, x->j.sel.unit[i]) == x->actual)
			sheet.image[sheet.n++] = judging_image(x, i);
	sheet.seen = x->j.sel.set.count;
	out_text(s->out, "%s test: %s images of %d predicted as %d", x->j.split.name, text_count(n, sheet.n), x->actual,
	    x->predicted);
	r.n = (int)sheet.n;
	if (sheet.n > 0)
		sheets_print(s, &r, &sheet);
	sheet_free(&sheet);
}

static bool
shown_in(const struct predictions *p, size_t i, int row, int col)
{
	int column = split_place(&p->split, p->predicted[i]);

	return split_place(&p->split, p->unit[i]) == row && (column >= 0 ? column : split_count(&p->split)) == col;
}

void
confusion_show(struct session *s, int row, int col)
{
	const struct predictions *p = s->data.predictions;
	struct sheet_request r = {.wrong = row != col};
	struct sheet sheet = {0};
	char n[32], name[16], run[48] = "";

	if (p == NULL || s->data.set == NULL)
		return;
	sheet.image = xcalloc(p->n, sizeof *sheet.image);
	for (size_t i = 0; i < p->n; i++)
		if (shown_in(p, i, row, col))
			sheet.image[sheet.n++] = (struct sheet_image){p->index[i], split_nth(&p->split, row),
			    split_digit(&p->split, p->predicted[i]), p->p[i]};
	sheet.seen = p->n;
	r.split = p->split;
	r.digit = split_nth(&p->split, row);
	r.n = (int)sheet.n;
	if (p->run > 0)
		snprintf(run, sizeof run, " by r%d epoch %d", p->run, p->epoch);
	out_text(s->out, "%s test: %s images of %d predicted as %s%s", p->split.name, text_count(n, sheet.n), r.digit,
	    judging_name(name, split_nth(&p->split, col)), run);
	if (sheet.n > 0)
		sheets_show(s, &r, &sheet);
	sheet_free(&sheet);
}

/* ---- two points ---- */

static void
flips_print(struct session *s, const struct judging *x)
{
	const struct judged *j = &x->j;
	char was[16], is[16], image[32], n[32];
	int before = 0, after = 0;
	size_t flips = 0;

	for (size_t i = 0; i < j->sel.set.count; i++) {
		before += judged_unit(&x->before, i) == j->sel.unit[i];
		after += judged_unit(j, i) == j->sel.unit[i];
		flips += judged_unit(&x->before, i) != judged_unit(j, i);
	}
	out_text(s->out, "%s test: %s predictions flipped; %d right before, %d after", j->split.name,
	    text_count(n, flips), before, after);
	flips = 0;
	for (size_t i = 0; i < j->sel.set.count; i++) {
		int first = judged_digit(&x->before, i), then = judged_digit(j, i);
		int label = split_digit(&j->split, j->sel.unit[i]);
		const struct row_cell row[] = {
			{"split", ROW_TEXT, .s = j->split.name},
			{"image", ROW_TEXT, -12, .s = image},
			{"label", ROW_INT, 6, .n = label},
			{"before", ROW_TEXT, 7, .in = ROW_IN_TEXT, .s = judging_name(was, first)},
			{"after", ROW_TEXT, 6, .in = ROW_IN_TEXT, .s = judging_name(is, then)},
			{"before", ROW_INT, .unknown = first < 0, .n = first},
			{"after", ROW_INT, .unknown = then < 0, .n = then},
			{"", ROW_TEXT, -10, .gap = 2, .in = ROW_IN_TEXT,
			    .s = then == label ? "now right" : first == label ? "now wrong" : ""}, {0}};

		if (judged_unit(&x->before, i) == judged_unit(j, i))
			continue;
		snprintf(image, sizeof image, "test:%u", j->sel.index[i]);
		row_print(s->out, "flip", flips++ == 0, row);
	}
}

/* The weights of @A and @B; of one point, what has changed from there to now. */
static int
confusion_points(struct session *s, const struct cmd_args *a, struct judging *x, struct err *e)
{
	const struct cmd_value *first = args_pos(a, "A"), *second = args_pos(a, "B");

	if (first == NULL)
		return 0;
	if (x->actual >= 0)
		return fail_at(e, first, "of two points all images are compared; leave out the cell");
	x->two = true;
	if (judged_begin(s, &x->j.split, &x->before, e) < 0 ||
	    (x->weights[0] = point_weights(s, first->text, e)) == NULL)
		return -1;
	return second == NULL || (x->weights[1] = point_weights(s, second->text, e)) != NULL ? 0 : -1;
}

static int
confusion_cell(const struct cmd_args *a, struct judging *x, struct err *e)
{
	const struct cmd_value *cell[2] = {args_pos(a, "ACTUAL"), args_pos(a, "PREDICTED")};
	int *digit[2] = {&x->actual, &x->predicted};

	if (cell[0] != NULL && cell[1] == NULL)
		return fail_at(e, cell[0], "a cell is an actual and a predicted digit, as in `confusion %s 4 9`; name "
		    "both", x->j.split.name);
	for (int i = 0; i < 2 && cell[i] != NULL; i++) {
		*digit[i] = (int)cell[i]->integer;
		if (split_unit(&x->j.split, *digit[i]) < 0 && (i == 0 || !x->j.split.by_digit))
			return fail_at(e, cell[i], "%s has no digit %d; take one of its own", x->j.split.name,
			    *digit[i]);
	}
	return 0;
}

static int
confusion_done(struct session *s, void *arg, int rc, struct err *e)
{
	const struct judging *x = arg;

	if (x->two)
		flips_print(s, x);
	else if (x->actual >= 0)
		cell_print(s, x);
	else
		matrix_print(s, x);
	return 0;
}

static int
confusion_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	struct judging *x = judging_new(s, a, e);

	if (x == NULL)
		return -1;
	if (confusion_cell(a, x, e) == 0 && confusion_points(s, a, x, e) == 0) {
		x->again = !x->two && x->actual < 0;
		return judging_start(s, "confusion", x, confusion_done, e);
	}
	judging_release(x);
	return -1;
}

const struct cmd cmd_confusion = {
	.name = "confusion",
	.group = "look",
	.what = "which digit is taken for which, over all test images of a split",
	.text = "With an actual and a predicted digit: the images behind that cell. With one or two points: the images "
	    "whose prediction flipped from the one to the other, or to the model as it is.",
	.keras = "sklearn.metrics.confusion_matrix(y_test, model.predict(x_test).argmax(axis=1))",
	.example = "confusion; confusion gte5 9 5; confusion gte5 init",
	.arg = {{.name = "SPLIT", .type = ARG_SPLIT, .what = "which digits; left out: the split last trained, else "
	    "gte5"},
		{.name = "ACTUAL", .type = ARG_INT, .min = 0, .max = 9, .what = "the images of this digit"},
		{.name = "PREDICTED", .type = ARG_INT, .min = 0, .max = 9, .what = "that are predicted as this one"},
		{.name = "A", .type = ARG_POINT, .what = "what flipped from here: @NAME, rN or init"},
		{.name = "B", .type = ARG_POINT, .what = "to there; left out: to the model as it is"}},
	.when = CMD_WAITS,
	.exec = confusion_exec,
};
