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

/* ---- the images behind a cell ---- */

static void
cell_print(struct session *s, const struct judging *x)
{
	struct sheet sheet = {.image = xcalloc(x->j.sel.set.count, sizeof *sheet.image)};
	struct sheet_request r = {.split = x->j.split, .digit = x->actual, .wrong = x->actual != x->predicted,
	    .cell = true, .taken_for = x->predicted};
	char n[32], name[2][CLASS_TEXT];

	for (size_t i = 0; i < x->j.sel.set.count; i++)
		if (judged_digit(&x->j, i) == x->predicted &&
		    split_digit(&x->j.split, x->j.sel.unit[i]) == x->actual)
			sheet.image[sheet.n++] = judging_image(x, i);
	sheet.seen = sheet.of = x->j.sel.set.count;
	out_text(s->out, "%s test: %s image%s of %s predicted as %s", x->j.split.name, text_count(n, sheet.n),
	    sheet.n == 1 ? "" : "s", judging_name(s, x->actual, name[0]), judging_name(s, x->predicted, name[1]));
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
	struct sheet_request r = {.wrong = row != col, .cell = true};
	struct sheet sheet = {0};
	char n[32], name[2][CLASS_TEXT], run[48] = "", *said, *named;

	if (p == NULL || s->data.set == NULL)
		return;
	sheet.image = xcalloc(p->n, sizeof *sheet.image);
	for (size_t i = 0; i < p->n; i++)
		if (shown_in(p, i, row, col))
			sheet.image[sheet.n++] = (struct sheet_image){p->index[i], split_nth(&p->split, row),
			    split_digit(&p->split, p->predicted[i]), p->p[i]};
	sheet.seen = sheet.of = p->n;
	r.split = p->split;
	r.digit = split_nth(&p->split, row);
	r.taken_for = split_nth(&p->split, col);
	r.n = (int)sheet.n;
	if (p->run > 0)
		snprintf(run, sizeof run, " by r%d epoch %d", p->run, p->epoch);
	said = xasprintf("%s test: %s image%s of %s predicted as %s%s", p->split.name, text_count(n, sheet.n),
	    sheet.n == 1 ? "" : "s", judging_name(s, r.digit, name[0]), judging_name(s, r.taken_for, name[1]), run);
	named = sheets_named(s, &sheet, ui_text_cells(said));
	out_text(s->out, "%s%s", said, named);
	free(named);
	free(said);
	if (sheet.n > 0)
		sheets_show(s, &r, &sheet);
	sheet_free(&sheet);
}

/* ---- two points ---- */

static void
flips_print(struct session *s, const struct judging *x)
{
	const struct judged *j = &x->j;
	char was[CLASS_TEXT], is[CLASS_TEXT], of[CLASS_TEXT], image[32], n[32];
	int before = 0, after = 0, cols = judging_cols(s, &j->split, 6);
	bool named = class_named(s->data.set);
	struct sheet sheet = {.image = xcalloc(j->sel.set.count + 1, sizeof *sheet.image), .seen = j->sel.set.count,
	    .of = j->sel.set.count};
	size_t flips = 0;

	for (size_t i = 0; i < j->sel.set.count; i++) {
		before += judged_unit(&x->before, i) == j->sel.unit[i];
		after += judged_unit(j, i) == j->sel.unit[i];
		flips += judged_unit(&x->before, i) != judged_unit(j, i);
		if (judged_unit(&x->before, i) != judged_unit(j, i))
			sheet.image[sheet.n++] = judging_image(x, i);
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
			{"label", ROW_TEXT, named ? -cols : cols, .in = ROW_IN_TEXT, .s = judging_name(s, label, of)},
			{"label", ROW_INT, .n = label},
			{"before", ROW_TEXT, named ? -(cols + 1) : cols + 1, .in = ROW_IN_TEXT,
			    .s = judging_name(s, first, was)},
			{"after", ROW_TEXT, named ? -cols : cols, .in = ROW_IN_TEXT, .s = judging_name(s, then, is)},
			{"before", ROW_INT, .unknown = first < 0, .n = first},
			{"after", ROW_INT, .unknown = then < 0, .n = then},
			{"label_class", ROW_TEXT, .in = ROW_IN_CSV | ROW_IN_JSON, .off = !named, .s = of},
			{"before_class", ROW_TEXT, .in = ROW_IN_CSV | ROW_IN_JSON, .off = !named, .s = was},
			{"after_class", ROW_TEXT, .in = ROW_IN_CSV | ROW_IN_JSON, .off = !named, .s = is},
			{"from", ROW_TEXT, .s = x->point[0]},
			{"to", ROW_TEXT, .s = x->point[1]},
			{"", ROW_TEXT, -10, .gap = 2, .in = ROW_IN_TEXT,
			    .s = then == label ? "now right" : first == label ? "now wrong" : ""}, {0}};

		if (judged_unit(&x->before, i) == judged_unit(j, i))
			continue;
		snprintf(image, sizeof image, "test:%u", j->sel.index[i]);
		row_print(s->out, "flip", flips++ == 0, row);
	}
	if (sheet.n > 0)
		sheets_show(s, &(struct sheet_request){.split = j->split, .n = (int)sheet.n, .digit = -1}, &sheet);
	sheet_free(&sheet);
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
	x->point[0] = point_said(s, first->text, true);
	x->point[1] = point_said(s, second != NULL ? second->text : NULL, false);
	if (judged_begin(s, &x->j.split, &x->before, e) < 0 ||
	    (x->weights[0] = point_weights(s, first->text, e)) == NULL)
		return -1;
	return second == NULL || (x->weights[1] = point_weights(s, second->text, e)) != NULL ? 0 : -1;
}

static int
confusion_cell(const struct cmd_args *a, const struct split *split, int *actual, int *predicted, struct err *e)
{
	const struct cmd_value *cell[2] = {args_pos(a, "ACTUAL"), args_pos(a, "PREDICTED")};
	int *digit[2] = {actual, predicted};

	if (cell[0] != NULL && cell[1] == NULL)
		return fail_at(e, cell[0], "a cell is an actual and a predicted %s, as in `confusion %s %s`; name both",
		    split_word(split, 1), split->name, split->named ? "CLASS CLASS" : "4 9");
	for (int i = 0; i < 2 && cell[i] != NULL; i++) {
		*digit[i] = (int)cell[i]->integer;
		if (split_unit(split, *digit[i]) < 0 && (i == 0 || !split->by_digit))
			return fail_at(e, cell[i], "%s has no %s %s; take one of its own", split->name,
			    split_word(split, 1), cell[i]->text);
	}
	return 0;
}

static int
confusion_check(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *v = args_pos(a, "SPLIT");
	struct split split;
	int cell[2];

	if (v == NULL || s->user.any_class)
		return 0; /* which classes there are is not known yet */
	if (split_parse(v->text, &split, e) < 0)
		return err_at(e, v);
	split.by_digit = true; /* what units stand for is not known either */
	return confusion_cell(a, &split, &cell[0], &cell[1], e);
}

static int
confusion_done(struct session *s, void *arg, int rc, struct err *e)
{
	struct judging *x = arg;

	if (x->two)
		flips_print(s, x);
	else if (x->actual >= 0)
		cell_print(s, x);
	else
		return confusion_matrix(s, x, e);
	return 0;
}

static int
confusion_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	struct judging *x = judging_new(s, a, e);

	if (x == NULL)
		return -1;
	if (confusion_cell(a, &x->j.split, &x->actual, &x->predicted, e) == 0 && confusion_points(s, a, x, e) == 0) {
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
	.text = "With an actual and a predicted class, digits or names as `confusion all cat dog`: the images behind "
	    "that cell. With one or two points: the images whose prediction flipped from the one to the other, or to "
	    "the model as it is. In the workbench the matrix is a pane, which follows a run; Enter or a click on a "
	    "cell shows its images. Behind it `assert` knows recall, precision and f1 of each digit.",
	.keras = "sklearn.metrics.confusion_matrix(y_test, model.predict(x_test).argmax(axis=1))",
	.example = "confusion; confusion gte5 9 5; confusion gte5 init",
	.arg = {{.name = "SPLIT", .type = ARG_SPLIT, .what = "which digits; left out: the split last trained, else "
	    "gte5"},
		{.name = "ACTUAL", .type = ARG_CLASS, .what = "the images of this class"},
		{.name = "PREDICTED", .type = ARG_CLASS, .what = "that are predicted as this one"},
		{.name = "A", .type = ARG_POINT, .what = "what flipped from here: @NAME, rN or init"},
		{.name = "B", .type = ARG_POINT, .what = "to there; left out: to the model as it is"}},
	.when = CMD_WAITS,
	.exec = confusion_exec,
	.check = confusion_check,
};
