/* toplosses.c: the worst of a split: confused, toplosses. */
#include "commands/confusion.h"
#include "commands/judging.h"
#include "commands/sheets.h"
#include "util/row.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>

/* ---- confused ---- */

static int
confused_done(struct session *s, void *arg, int rc, struct err *e)
{
	struct judging *x = arg;
	struct confusion c;
	struct confusion_pair *pair;
	char name[2][CLASS_TEXT];
	bool named = class_named(s->data.set);
	int cols = judging_cols(s, &x->j.split, 8);
	size_t all, n = 0, fewer;

	if (confusion_make(&c, &x->j, e) < 0)
		return -1;
	if (judging_keep(s, x, &c, e) < 0) {
		confusion_free(&c);
		return -1;
	}
	pair = confusion_pairs(&c, &all);
	while (n < all && pair[n].count >= (uint64_t)x->n)
		n++;
	fewer = all - n;
	judging_head(s, x, c.all - c.right);
	for (size_t i = 0; i < n; i++) {
		int actual = split_nth(&x->j.split, pair[i].actual);
		int predicted = split_nth(&x->j.split, pair[i].predicted);
		const struct row_cell row[] = {
			{"split", ROW_TEXT, .s = x->j.split.name},
			JUDGING_CLASS("actual", named, -cols, judging_name(s, actual, name[0]), actual),
			JUDGING_CLASS("predicted", named, -(cols > 10 ? cols : 10),
			    judging_name(s, predicted, name[1]), predicted),
			{"count", ROW_COUNT, 6, .n = (int64_t)pair[i].count}, {0}};

		row_print(s->out, "confused", i == 0, row);
	}
	if (n + fewer == 0)
		out_note(s->out, "no pair of %s is confused", split_word(&x->j.split, 2));
	else if (n == 0)
		out_note(s->out, "no pair of %s is confused in %lld images or more; min=1 lists all that are",
		    split_word(&x->j.split, 2), (long long)x->n);
	else if (fewer > 0)
		out_note(s->out, "%zu of %zu pairs; min=1 lists all", n, n + fewer);
	free(pair);
	confusion_free(&c);
	confusion_pane(s, x);
	return 0;
}

static int
confused_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *min = args_key(a, "min");
	struct judging *x = judging_new(s, a, e);

	if (x == NULL)
		return -1;
	x->n = min != NULL ? min->integer : 2;
	return judging_start(s, "confused", x, confused_done, e);
}

const struct cmd cmd_confused = {
	.name = "confused",
	.group = "look",
	.what = "the pairs of digits that are taken for each other most often",
	.text = "`confusion SPLIT ACTUAL PREDICTED` shows the images of a pair. In the workbench the matrix is shown, "
	    "where the cursor stands on the worst pair.",
	.example = "confused min=1",
	.arg = {{.name = "SPLIT", .type = ARG_SPLIT, .what = "which digits; left out: the split last trained, else "
	    "gte5"}},
	.key = {{.name = "min", .type = ARG_INT, .min = 1, .max = 1000000, .what = "images of a pair at least (2)"}},
	.when = CMD_WAITS,
	.exec = confused_exec,
};

/* ---- toplosses ---- */

static void
top_row(struct session *s, const struct judging *x, size_t i, bool head)
{
	struct sheet_image im = judging_image(x, i);
	double p = judged_p(&x->j, i, x->j.sel.unit[i]);
	char image[32], name[2][CLASS_TEXT];
	bool named = class_named(s->data.set);
	int cols = judging_cols(s, &x->j.split, 6);
	const struct row_cell row[] = {
		{"image", ROW_TEXT, -12, .s = image},
		JUDGING_CLASS("label", named, named ? -cols : cols, judging_name(s, im.label, name[0]), im.label),
		JUDGING_CLASS("predicted", named, named ? -(cols > 10 ? cols : 10) : 10,
		    judging_name(s, im.predicted, name[1]), im.predicted),
		{"loss", ROW_REAL, 10, 4, .x = judged_loss(&x->j, i)},
		{"p(actual)", ROW_REAL, 10, 4, .in = ROW_IN_TEXT, .x = p},
		{"p(predicted)", ROW_REAL, 13, 4, .in = ROW_IN_TEXT, .x = im.p},
		{"p_label", ROW_FLOAT, .x = p},
		{"p_predicted", ROW_FLOAT, .x = im.p}, {0}};

	snprintf(image, sizeof image, "test:%u", im.index);
	row_print(s->out, "toplosses", head, row);
}

static int
top_done(struct session *s, void *arg, int rc, struct err *e)
{
	const struct judging *x = arg;
	size_t count = x->j.sel.set.count, n = (size_t)x->n < count ? (size_t)x->n : count, wrong = 0;
	size_t *top = judged_worst(&x->j);
	struct sheet sheet = {.image = xcalloc(n, sizeof *sheet.image), .n = n, .seen = count, .of = count};
	struct sheet_request r = {.split = x->j.split, .n = (int)n, .digit = -1};

	for (size_t i = 0; i < count; i++)
		wrong += judged_unit(&x->j, i) != x->j.sel.unit[i];
	judging_head(s, x, wrong);
	for (size_t i = 0; i < n; i++) {
		top_row(s, x, top[i], i == 0);
		sheet.image[i] = judging_image(x, top[i]);
	}
	if (n > 0)
		sheets_show(s, &r, &sheet);
	sheet_free(&sheet);
	free(top);
	return 0;
}

static int
toplosses_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *n = args_key(a, "n");
	struct judging *x = judging_new(s, a, e);

	if (x == NULL)
		return -1;
	x->n = n != NULL ? n->integer : 9;
	return judging_start(s, "toplosses", x, top_done, e);
}

const struct cmd cmd_toplosses = {
	.name = "toplosses",
	.group = "look",
	.what = "the test images with the largest losses: where the model is most wrong",
	.text = "The loss of an image is -log of p(actual), the probability of its own digit; p(predicted) is that of "
	    "the digit that the model takes it for.",
	.keras = "fastai: ClassificationInterpretation.plot_top_losses(9)",
	.example = "toplosses n=3",
	.arg = {{.name = "SPLIT", .type = ARG_SPLIT, .what = "which digits; left out: the split last trained, else "
	    "gte5"}},
	.key = {{.name = "n", .type = ARG_INT, .min = 1, .max = 1000, .what = "images at most (9)"}},
	.when = CMD_WAITS,
	.exec = toplosses_exec,
};
