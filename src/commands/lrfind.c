/* lrfind.c: the loss against the learning rate, and which rate to train with: lrfind. */
#include "train/lrfind.h"

#include "commands/train.h"
#include "language/arg.h"
#include "session/made.h"
#include "train/report.h"
#include "train/task.h"
#include "util/num.h"
#include "util/row.h"
#include "util/xmalloc.h"

#include <stdlib.h>

#define STEPS 100
#define STEPS_MIN 10
#define STEPS_MAX 10000
#define RATE_MAX 1e6
#define FURTHER 10 /* times the last rate, where the loss has not risen there */
#define ROWS 12 /* about so many, in text */

struct finding {
	struct lrfind find;
	struct split split;
	struct selection train;
};

static void
finding_release(void *arg)
{
	struct finding *x = arg;

	selection_free(&x->train);
	free(x->find.point);
	free(x);
}

static int
finding_work(struct session *s, void *arg, struct err *e)
{
	struct finding *x = arg;

	return lrfind_run(&x->find, e);
}

/* ---- the table ---- */

static void
finding_row(struct session *s, const struct finding *x, int i, bool suggested)
{
	const struct rates_point *p = &x->find.point[i];
	int every = (x->find.n + ROWS - 1) / ROWS;
	bool shown = i % every == 0 || i == x->find.n - 1 || suggested;
	char lr[32];
	const struct row_cell row[] = {
		{"step", ROW_INT, 5, .n = i + 1},
		{"lr", ROW_TEXT, 12, .in = ROW_IN_TEXT, .s = lr},
		{"lr", ROW_REAL, .in = ROW_IN_CSV | ROW_IN_JSON, .x = p->lr},
		{"loss", ROW_REAL, 10, 4, .x = p->loss},
		{"smooth", ROW_REAL, 10, 4, .x = p->smooth},
		{"suggested", ROW_BOOL, .in = ROW_IN_CSV | ROW_IN_JSON, .n = suggested},
		{"suggested", ROW_TEXT, -1, .gap = 2, .in = ROW_IN_TEXT, .s = suggested ? "*" : ""}, {0}};

	snprintf(lr, sizeof lr, "%.4g", p->lr);
	if (i == 0)
		row_head(s->out, "lrfind", row);
	if (shown || s->out->mode != OUT_TABLE)
		row_print(s->out, "lrfind", false, row);
}

/* Where the range ended before the loss rose, a larger rate may be the better one. */
static void
finding_end(struct session *s, const struct finding *x)
{
	const struct lrfind *f = &x->find;
	char to[32], further[32];

	if (f->n < f->steps)
		out_text(s->out, "ended behind step %d/%d: the loss exploded", f->n, f->steps);
	else if (lrfind_falls(f) && f->to * FURTHER <= RATE_MAX)
		out_note(s->out, "the loss still falls at the end of the range, lr=%s; `lrfind %s to=%s` tries further",
		    num_text(to, f->to), x->split.name, num_text(further, f->to * FURTHER));
}

static void
finding_suggest(struct session *s, const struct finding *x)
{
	char lr[32];

	if (s->runs.rates.suggested < 0) {
		out_note(s->out, "the loss falls nowhere, so that no rate is suggested; try other rates, as in "
		    "`lrfind %s from=1e-6 to=1 steps=200`", x->split.name);
		return;
	}
	rates_text(&s->runs.rates, lr);
	out_text(s->out, "suggested: lr=%s (half of the way down the valley), as in `train %s lr=%s`", lr,
	    x->split.name, lr);
}

/* For the workbench and for pictures; takes the points and the note over. */
static void
finding_keep(struct session *s, struct finding *x, int at, char *note)
{
	const struct run *last = runs_last(&s->runs);

	rates_free(&s->runs.rates);
	s->runs.rates = (struct rates){.split = x->split, .note = note, .n = x->find.n, .point = x->find.point,
	    .suggested = at, .behind = last != NULL ? last->number : 0};
	x->find.point = NULL;
}

static int
finding_done(struct session *s, void *arg, int rc, struct err *e)
{
	struct finding *x = arg;
	char from[32], to[32];
	char *text;
	int at;

	if (rc != 0)
		return fail(e, "interrupted; nothing has changed");
	if (x->find.n == 0)
		return fail(e, "the loss is not a number at lr=%s; begin lower, as in from=1e-6, or `reset` weights "
		    "that are none", num_text(from, x->find.from));
	at = lrfind_valley(&x->find);
	text = xasprintf("%s, %s batch=%d, rates from %s to %s in %d steps", x->split.name,
	    x->find.config.optimizer->name, x->find.config.batch, num_text(from, x->find.from),
	    num_text(to, x->find.to), x->find.steps);
	out_text(s->out, "%s; the model stays as it is", text);
	for (int i = 0; i < x->find.n; i++)
		finding_row(s, x, i, i == at);
	finding_end(s, x);
	finding_keep(s, x, at, text);
	finding_suggest(s, x);
	return 0;
}

/* ---- the command ---- */

static int
finding_keys(const struct cmd_args *a, struct lrfind *f, struct err *e)
{
	const struct cmd_value *from = args_key(a, "from"), *to = args_key(a, "to"), *steps = args_key(a, "steps");

	if (args_key(a, "lr") != NULL)
		return fail_at(e, args_key(a, "lr"), "lrfind tries one rate after the other; say from= and to=");
	if (args_key(a, "epochs") != NULL)
		return fail_at(e, args_key(a, "epochs"), "lrfind takes single batches; say how many by steps=");
	f->from = from != NULL ? from->num : 1e-4;
	f->to = to != NULL ? to->num : 10;
	f->steps = steps != NULL ? (int)steps->integer : STEPS;
	if (f->from >= f->to)
		return fail_at(e, to != NULL ? to : from, "the rate grows: from= must be less than to=, as in "
		    "from=1e-4 to=10");
	return 0;
}

static int
finding_begin(struct session *s, const struct cmd_args *a, struct finding *x, struct err *e)
{
	const struct cmd_value *v = args_pos(a, "SPLIT");
	struct lrfind *f = &x->find;
	struct selection_take take;
	struct settings set;

	if (finding_keys(a, f, e) < 0 || arg_split(s, v, &x->split, e) < 0 || arg_settings(s, a, &set, e) < 0 ||
	    train_fits(s, &x->split, v, e) < 0 || train_take(a, &take, e) < 0 || session_engine(s, e) == NULL ||
	    selection_taken(&x->train, &s->data.set->train, &x->split, take, e) < 0)
		return -1;
	f->net = s->model.net;
	f->engine = s->compute.engine;
	f->set = &x->train.set;
	f->config = set.run;
	f->config.lr = f->from;
	f->config.epoch = s->runs.next_epoch;
	f->stop = session_interrupted;
	f->arg = s;
	f->point = xcalloc((size_t)f->steps, sizeof *f->point);
	return 0;
}

static int
lrfind_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	struct finding *x = xcalloc(1, sizeof *x);

	if (finding_begin(s, a, x, e) < 0) {
		finding_release(x);
		return -1;
	}
	report_head(s, &x->split, "the rates are tried from its weights");
	return task_start(s, "lrfind", &(struct task){finding_work, finding_done, finding_release, x,
	    (size_t)x->find.steps * (size_t)x->find.config.batch}, e);
}

static int
lrfind_check(struct session *s, const struct cmd_args *a, struct err *e)
{
	struct lrfind ignored;

	return finding_keys(a, &ignored, e);
}

const struct cmd cmd_lrfind = {
	.name = "lrfind",
	.group = "train",
	.what = "the loss against a learning rate that grows with each batch, and which rate to take",
	.text = "A copy of the model is trained, so that weights, runs, the count of epochs and what `undo` takes back "
	    "stay as they are, and the next run gives the same bits. Optimizer slots start at zero; all layers that "
	    "train have the same rate, which grows by the same factor with each step. As in fastai, the loss is "
	    "smoothed (each counts 0.98 times as much as the next one, corrected for the beginning at 0), it ends "
	    "where that exceeds 4 times its least value, and the suggestion is fastai's `valley`: the rate half of "
	    "the way down the longest falling series of smoothed losses, without the first tenth of the steps and "
	    "the last 5. That is on the steepest part, where most is learned by a step, and cautious: it suits long "
	    "runs, and few images or epochs bear more, up to where the loss is least. A note says where the loss "
	    "still falls at the last rate. Text shows some of the steps, CSV and JSON all. In the workbench "
	    "the curve stands in the loss pane, with the suggested rate marked, until a run begins or `plot` "
	    "brings those of the runs back; `export png lrfind` makes a picture of it.",
	.keras = "keras.callbacks.LearningRateScheduler, on a copy of the model (fastai: learn.lr_find())",
	.example = "lrfind gte5 steps=20 batch=16",
	.arg = {{.name = "SPLIT", .type = ARG_SPLIT, .required = true, .what = "which digits"}},
	.key = {{.name = "from", .type = ARG_NUM, .min = 1e-12, .max = RATE_MAX, .what = "the first rate, 1e-4"},
		{.name = "to", .type = ARG_NUM, .min = 1e-12, .max = RATE_MAX, .what = "the last rate, 10"},
		{.name = "steps", .type = ARG_INT, .min = STEPS_MIN, .max = STEPS_MAX, .what = "batches, 100"},
		{.name = "limit", .type = ARG_INT, .min = 1, .max = 1e9,
		    .what = "the first N training images of the split in file order"},
		{.name = "sample", .type = ARG_INT, .min = 0, .max = 1e15, .what = "with limit: N images drawn by this "
		    "seed"}},
	.settings = true,
	.when = CMD_WAITS,
	.exec = lrfind_exec,
	.check = lrfind_check,
	.checks_words = true,
};
