/* judging.c: evaluates a split for confusion, confused and toplosses, and says of what their figures are. */
#include "commands/judging.h"

#include "language/arg.h"
#include "train/task.h"
#include "ui/canvas.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>

void
judging_release(void *arg)
{
	struct judging *x = arg;

	judged_free(&x->j);
	judged_free(&x->before);
	for (int i = 0; i < 2; i++) {
		free(x->weights[i]);
		free(x->point[i]);
	}
	free(x);
}

static int
judging_work(struct session *s, void *arg, struct err *e)
{
	struct judging *x = arg;

	if (x->two && judged_eval(s, &x->before, x->weights[0], e) < 0)
		return -1;
	return judged_eval(s, &x->j, x->weights[1], e);
}

void
judging_head(struct session *s, const struct judging *x, uint64_t wrong)
{
	const struct split *split = &x->j.split, *trained = &s->model.trained;
	char *mapping = split_mapping(split, s->data.set), all[32], n[32];

	out_text(s->out, "%s test: %s images (%s), %s wrong", split->name, text_count(all, x->j.sel.set.count),
	    mapping, text_count(n, wrong));
	free(mapping);
	if (trained->kind == SPLIT_NONE)
		out_note(s->out, SHEET_UNTRAINED);
	else if (!split_speaks(trained, split)) {
		char *other = split_against(trained, split);

		out_note(s->out, "the head was last trained on %s: its units stand for other %s", other,
		    split_word(split, 2));
		free(other);
	}
}

void
judging_scores(struct session *s, const struct split *split, const struct class_score *score, bool alone)
{
	struct results *r = &s->runs.results;

	for (int i = 0; i < r->labels; i++)
		r->label[i].scored &= !alone && !split_has(split, i);
	for (int u = 0; u < split_count(split) && score != NULL; u++) {
		struct label_known *known = results_label(r, split_nth(split, u));

		known->scored = true;
		known->precision = score[u].precision;
		known->recall = score[u].recall;
		known->f1 = score[u].f1;
	}
}

int
judging_keep(struct session *s, const struct judging *x, const struct confusion *c, struct err *e)
{
	struct looked *l = &s->runs.results.looked;
	uint64_t *taken = realloc(l->taken, (size_t)c->n * (size_t)c->n * sizeof *l->taken);
	struct class_score *score;

	if (taken == NULL)
		return confusion_no_memory(c, e);
	score = xcalloc((size_t)c->n, sizeof *score);
	scores_of(&x->j.split, &x->j.sel, x->j.probs, x->j.classes, score);
	judging_scores(s, &x->j.split, score, true);
	free(score);
	l->confused = x->j.split;
	l->taken = taken;
	for (int i = 0; i < c->n; i++)
		for (int k = 0; k < c->n; k++)
			l->taken[i * c->n + k] = c->count[i * c->columns + k];
	return 0;
}

struct judging *
judging_new(struct session *s, const struct cmd_args *a, struct err *e)
{
	struct judging *x = xcalloc(1, sizeof *x);
	struct split split;

	x->actual = x->predicted = -1;
	if (arg_split(s, args_pos(a, "SPLIT"), &split, e) == 0 && judged_begin(s, &split, &x->j, e) == 0)
		return x;
	judging_release(x);
	return NULL;
}

int
judging_start(struct session *s, const char *command, struct judging *x,
    int (*done)(struct session *s, void *arg, int rc, struct err *e), struct err *e)
{
	size_t images = x->j.sel.set.count * (x->two ? 2 : 1);

	return task_start(s, command, &(struct task){judging_work, done, judging_release, x, images, x->again}, e);
}

const char *
judging_name(const struct session *s, int label, char buf[CLASS_TEXT])
{
	return class_text(s->data.set, label, sheet_cols(s), buf);
}

int
judging_cols(const struct session *s, const struct split *split, int digits)
{
	int most = digits;
	char buf[CLASS_TEXT];

	for (int i = 0; class_named(s->data.set) && i < split_count(split); i++) {
		int cells = ui_text_cells(judging_name(s, split_nth(split, i), buf));

		most = cells > most ? cells : most;
	}
	return most;
}

struct sheet_image
judging_image(const struct judging *x, size_t i)
{
	int unit = judged_unit(&x->j, i);

	return (struct sheet_image){.index = x->j.sel.index[i], .label = split_digit(&x->j.split, x->j.sel.unit[i]),
	    .predicted = split_digit(&x->j.split, unit), .p = judged_p(&x->j, i, unit)};
}
