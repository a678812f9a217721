/* inspect.c: what the model makes of the data: eval, predict. */
#include "commands/judging.h"
#include "commands/sheets.h"

#include "export/pages.h"
#include "language/arg.h"
#include "look/scores.h"
#include "look/sheet.h"
#include "session/made.h"
#include "train/task.h"
#include "ui/canvas.h"
#include "util/num.h"
#include "util/row.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- eval ---- */

struct evaluation {
	struct split split;
	bool train, report;
	struct selection sel;
	struct nn_metrics m;
	float *probs; /* for the scores of each class; NULL: there was no memory for that */
};

static void
eval_release(void *arg)
{
	struct evaluation *v = arg;

	selection_free(&v->sel);
	free(v->probs);
	free(v);
}

static int
eval_work(struct session *s, void *arg, struct err *e)
{
	struct evaluation *v = arg;
	struct nn_err why;
	int r = nn_eval(s->model.net, s->compute.engine, &v->sel.set, v->train ? s->compute.cache_train :
	    s->compute.cache_test, &v->m, v->probs, &why);

	return r < 0 ? fail_nn(e, &why) : r;
}

/* What is known of each class, and said of it in a report. */
static void
eval_classes(struct session *s, const struct evaluation *v)
{
	struct class_score *score = xcalloc((size_t)split_count(&v->split), sizeof *score);
	bool named = class_named(s->data.set);
	int cols = named ? 5 : 0, n = split_count(&v->split);
	char name[CLASS_TEXT];

	scores_of(&v->split, &v->sel, v->probs, nn_net_classes(s->model.net), score);
	judging_scores(s, &v->split, score, v->report);
	for (int u = 0; u < n && named && v->report; u++) {
		int cells = ui_text_cells(class_text(s->data.set, split_nth(&v->split, u), sheet_cols(s), name));

		cols = cells > cols ? cells : cols;
	}
	for (int u = 0; u < n && v->report; u++) {
		int digit = split_nth(&v->split, u);
		const struct row_cell row[] = {
			{"split", ROW_TEXT, .s = v->split.name},
			{"class", ROW_TEXT, -cols, .off = !named,
			    .s = class_text(s->data.set, digit, sheet_cols(s), name)},
			{"digit", ROW_INT, named ? 0 : -8, .n = digit},
			{"precision", ROW_REAL, 9, 4, .x = score[u].precision},
			{"recall", ROW_REAL, 9, 4, .x = score[u].recall},
			{"f1", ROW_REAL, 9, 4, .x = score[u].f1},
			{"support", ROW_COUNT, 9, .n = (int64_t)score[u].support}, {0}};

		row_print(s->out, "report", u == 0, row);
	}
	free(score);
}

static int
eval_done(struct session *s, void *arg, int rc, struct err *e)
{
	struct evaluation *v = arg;
	const char *on = v->train ? "train" : "test";
	double loss, accuracy;
	char text[32], share[32];

	if (rc < 0)
		return -1;
	if (rc == NN_STOPPED)
		return fail(e, "interrupted before the end; run it again");
	loss = v->m.loss / (double)v->m.count;
	accuracy = (double)v->m.correct / (double)v->m.count;
	s->runs.results.eval = true;
	s->runs.results.loss = loss;
	s->runs.results.accuracy = accuracy;
	out_text(s->out, "%s score: %s\n%s accuracy: %s", v->train ? "Train" : "Test", num_fixed(text, loss, 4),
	    v->train ? "Train" : "Test", num_fixed(share, accuracy, 4));
	row_print(s->out, "eval", true, (const struct row_cell[]){
		{"split", ROW_TEXT, .s = v->split.name},
		{"on", ROW_TEXT, .s = on},
		{"data", ROW_TEXT, .in = ROW_IN_JSON, .s = s->data.name},
		{"n", ROW_INT, .n = (int64_t)v->m.count},
		{"loss", ROW_REAL, .x = loss},
		{"accuracy", ROW_REAL, .x = accuracy},
		{"data", ROW_TEXT, .in = ROW_IN_CSV, .s = s->data.name}, {0}});
	if (v->probs != NULL)
		eval_classes(s, v);
	else
		judging_scores(s, &v->split, NULL, false);
	return 0;
}

/* What makes the figures mean less than they seem to. */
static void
eval_notes(struct session *s, const struct split *split)
{
	const struct split *trained = &s->model.trained;
	const struct run *last = runs_last(&s->runs);
	int classes = nn_net_classes(s->model.net), n = split_count(split);

	if (trained->kind == SPLIT_NONE)
		out_note(s->out, "the head has not been trained in this session: these are the figures of the weights "
		    "it was built or loaded with");
	else if (!split_speaks(trained, split)) {
		char *other = split_against(trained, split);
		struct split by_digit = *split;

		by_digit.by_digit = true;
		out_note(s->out, "the head was last trained on %s: its units stand for other %s, so these figures "
		    "say little by themselves%s", other, split_word(split, 2), split_speaks(trained, &by_digit) ?
		    "; `set units digit` scores each by the unit that was trained for it" : "");
		free(other);
	}
	if (last != NULL && strcmp(last->data, s->data.name) != 0)
		out_note(s->out, "r%d was trained on the data set %s; these are images of %s", last->number, last->data,
		    s->data.name);
	if (n < classes && !split->by_digit)
		out_note(s->out, "%s has %d %s, the model %d output units: the other units are never right",
		    split->name, n, split_word(split, n), classes);
}

static int
eval_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *v = args_pos(a, "SPLIT"), *on = args_key(a, "on");
	struct dataset *d = session_data(s, e);
	struct nn_net *net = d != NULL ? session_net(s, e) : NULL;
	struct nn_engine *eng = net != NULL ? session_engine(s, e) : NULL;
	struct evaluation *job;
	struct split split;
	char *mapping, n[32];

	if (eng == NULL || model_takes(net, d->test.images.shape, d->name, e) < 0 ||
	    arg_split(s, v, &split, e) < 0)
		return -1;
	if (model_names(net, &split, e) < 0)
		return -1;
	job = xcalloc(1, sizeof *job);
	job->split = split;
	job->train = on != NULL && strcmp(on->text, "train") == 0;
	job->report = args_word(a, "report");
	if (selection_make(&job->sel, job->train ? &d->train : &d->test, &split, 0, e) < 0) {
		eval_release(job);
		return -1;
	}
	job->probs = calloc(job->sel.set.count * (size_t)nn_net_classes(net), sizeof *job->probs);
	if (job->report && job->probs == NULL) {
		eval_release(job);
		return fail(e, "not enough memory for the predictions of all images; `eval %s` works without a report",
		    split.name);
	}
	mapping = split_mapping(&split, d);
	out_text(s->out, "%s %s: %s images (%s)", split.name, job->train ? "train" : "test",
	    text_count(n, job->sel.set.count), mapping);
	free(mapping);
	eval_notes(s, &split);
	return task_start(s, "eval", &(struct task){eval_work, eval_done, eval_release, job, job->sel.set.count}, e);
}

static const char *const eval_parts[] = {"test", "train", NULL}, *const eval_report_word[] = {"report", NULL};

const struct cmd cmd_eval = {
	.name = "eval",
	.alias = {"evaluate"},
	.group = "look",
	.what = "loss and accuracy on a split, without dropout",
	.text = "Other than the figures of `train`, which are a mean over an epoch while the weights still changed, "
	    "with dropout on. A head that was trained on another split is evaluated all the same, and a note says so. "
	    "`report` adds precision, recall, f1 and support per digit.",
	.keras = "model.evaluate(x_test, y_test)",
	.example = "eval lt5 report",
	.arg = {{.name = "SPLIT", .type = ARG_SPLIT, .what = "which digits; left out: the split last trained, else "
	    "gte5"},
		{.name = "report", .type = ARG_WORD, .choices = eval_report_word,
		    .what = "precision, recall, f1 and support per digit"}},
	.key = {{.name = "on", .type = ARG_WORD, .choices = eval_parts, .what = "test or train images (test)"}},
	.when = CMD_WAITS,
	.exec = eval_exec,
};

/* ---- predict ---- */

static void
predict_bar(struct session *s, double p, char *bar, size_t size)
{
	static const char *const eighth[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
	bool utf8 = settings_utf8(&s->set, s->out);
	int room = s->out->width < 60 ? 20 : 40, parts = p > 0 ? (int)lround(fmin(p, 1) * room * 8) : 0;
	char *at = bar;

	bar[0] = '\0';
	for (int i = 0; i < parts / 8 && at + 8 < bar + size; i++)
		at = stpcpy(at, utf8 ? "█" : "#");
	if (utf8)
		strcpy(at, eighth[parts % 8]);
}

/* The units by their probability, the highest first. */
static void
predict_order(const float *p, int classes, int *order)
{
	for (int u = 0; u < classes; u++) {
		int at = u;

		while (at > 0 && p[order[at - 1]] < p[u]) {
			order[at] = order[at - 1];
			at--;
		}
		order[at] = u;
	}
}

/* order: the units to show, `top` of them */
static void
predict_print(struct session *s, const struct image *im, const float *p, const int *order, int top)
{
	int classes = nn_net_classes(s->model.net), best = sheet_best(p, classes);
	const struct split *names = sheet_names(s);
	char label[CLASS_TEXT + 16] = "", name[CLASS_TEXT], of[CLASS_TEXT], bar[160], number[32];
	int width = 0;
	const char *verdict = im->label < 0 || names == NULL ? "" : sheet_digit(s, best) == im->label ? "  right" :
	    "  wrong";

	if (im->label >= 0)
		snprintf(label, sizeof label, "  label %s", class_text(s->data.set, im->label, sheet_cols(s), of));
	out_text(s->out, "%s%s  predicted %s%s", im->name, label, sheet_unit(s, best, false, name), verdict);
	for (int k = 0; k < top; k++)
		if (ui_text_cells(sheet_unit(s, order[k], false, name)) > width)
			width = ui_text_cells(name);
	for (int k = 0; k < top; k++) {
		predict_bar(s, p[order[k]], bar, sizeof bar);
		sheet_unit(s, order[k], false, name);
		out_text(s->out, "  %s%*s  %s%s%s", name, width - ui_text_cells(name), "",
		    num_fixed(number, p[order[k]], 4), *bar != '\0' ? "  " : "", bar);
	}
	if (names == NULL)
		out_note(s->out, "the head has not been trained in this session: nothing says which %s its units "
		    "stand for", class_named(s->data.set) ? "classes" : "digits");
	else if (im->label >= 0 && !names->by_digit && split_unit(names, im->label) < 0)
		out_note(s->out, "the head was last trained on %s, so it cannot name a %s", names->name,
		    class_text(s->data.set, im->label, sheet_cols(s), of));
	sheets_made(s, im);
}

/* All units in their order, or the `top` ones of `order` (NULL: all). */
static void
predict_programs(struct session *s, const struct image *im, const float *p, const int *order, int top)
{
	int classes = nn_net_classes(s->model.net), best = sheet_best(p, classes), digit = sheet_digit(s, best);
	json_t *probabilities = json_object();
	const struct split *names = sheet_names(s);
	bool named = names != NULL && names->named != 0;
	char name[CLASS_TEXT], of[CLASS_TEXT];

	for (int k = 0; k < (order != NULL ? top : classes); k++) {
		int u = order != NULL ? order[k] : k;
		const struct row_cell row[] = {
			{"image", ROW_TEXT, .s = im->name},
			{"label", ROW_INT, .unknown = im->label < 0, .n = im->label},
			{"name", ROW_TEXT, .s = sheet_unit(s, u, true, name)},
			{"probability", ROW_FLOAT, .x = p[u]}, {0}};

		row_part(s->out, "predict", k == 0, row);
		json_object_set_new(probabilities, name, out_num_float(p[u]));
	}
	out_event(s->out, row_json(s->out, "predict", (const struct row_cell[]){
		{"image", ROW_TEXT, .s = im->name},
		{"label", ROW_INT, .unknown = im->label < 0, .n = im->label},
		{"label_class", ROW_TEXT, .off = im->label < 0 || !class_named(s->data.set),
		    .s = class_text(s->data.set, im->label, sheet_cols(s), of)},
		{"predicted", ROW_INT, .n = digit >= 0 ? digit : best},
		{"predicted_class", ROW_TEXT, .off = !named, .s = sheet_unit(s, best, true, name)},
		{"probabilities", ROW_JSON, .json = probabilities},
		{"names", ROW_TEXT, .s = named ? "classes" : names != NULL ? "digits" : "units"},
		SHEETS_MADE(im), {0}}));
}

/* A test image in the digits pane. */
static void
predict_show(struct session *s, const struct image *im, const float *p, int best)
{
	const struct split *names = sheet_names(s);
	struct sheet_image one = {.label = im->label, .predicted = sheet_digit(s, best), .p = p[best]};
	struct sheet_request r = {.n = 1, .digit = -1, .predicted = true};
	struct err ignored = {0};

	if (sscanf(im->name, "test:%" SCNu32, &one.index) != 1)
		return;
	if (names != NULL)
		r.split = *names;
	else if (split_usual(s->data.set, &r.split, &ignored) < 0)
		return;
	sheets_show(s, &r, &(struct sheet){.n = 1, .seen = 1, .of = 1, .image = &one});
}

/* For conditions: p(7). */
static void
predict_keep(struct session *s, const float *p, int classes)
{
	struct results *results = &s->runs.results;
	struct label_known *known;

	for (int i = 0; i < results->labels; i++)
		results->label[i].predicted = false;
	for (int u = 0; u < classes; u++)
		if (sheet_digit(s, u) >= 0) {
			known = results_label(results, sheet_digit(s, u));
			known->predicted = true;
			known->p = (double)p[u];
		}
}

static int
predict_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *v = args_pos(a, "IMAGE"), *top = args_key(a, "top");
	struct image *im = sheets_picture(s, a, v, e);
	float *p;
	int ret, classes, n, *order;

	if (im == NULL)
		return -1;
	classes = nn_net_classes(s->model.net);
	n = top != NULL ? (int)top->integer : 5;
	n = n < classes ? n : classes;
	p = xcalloc((size_t)classes, sizeof *p);
	order = xcalloc((size_t)classes, sizeof *order);
	if ((ret = sheet_predict(s, im, p, e)) == 0) {
		predict_order(p, classes, order);
		predict_print(s, im, p, order, n);
		pages_shown_image(s, im);
		predict_programs(s, im, p, top != NULL ? order : NULL, n);
		predict_keep(s, p, classes);
		predict_show(s, im, p, sheet_best(p, classes));
		data_remember(&s->data, im);
	}
	free(order);
	free(p);
	image_free(im);
	return ret;
}

const struct cmd cmd_predict = {
	.name = "predict",
	.group = "look",
	.what = "the probabilities of one picture",
	.text = "The units are named by the digits of the split last trained. A PNG file, grey or in colour, is "
	    "brought to the form of the data, by the steps with which MNIST was made: dark ink on light ground is "
	    "turned around (inverted), grey paper made the ground (levelled), the box of the ink scaled into 20x20 "
	    "pixels (fitted) and its centre of mass moved into the middle (centred; moved down and right, so many "
	    "pixels). The settings picture.invert, .level, .fit and .centre switch each step, as the keys do for one "
	    "command. A picture that has the size of the model's input is only turned around, unless they are on. "
	    "What is transparent takes the ground of the data.",
	.keras = "model.predict(x_test[:1])",
	.example = "predict test:0 top=3",
	.arg = {{.name = "IMAGE", .type = ARG_IMAGE, .what = "test:IDX, train:IDX, last or FILE.png; left out: the "
	    "last, else test:0"}},
	.key = {{.name = "top", .type = ARG_INT, .min = 1, .max = NN_CLASSES_MAX,
	    .what = "how many (5; for programs all)"},
		SHEETS_KEYS},
	.when = CMD_NOW,
	.exec = predict_exec,
};
