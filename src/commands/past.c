/* past.c: what the session has been through: snapshots, differences between points, runs and their epochs. */
#include "language/arg.h"
#include "look/diff.h"
#include "session/made.h"
#include "session/point.h"
#include "train/report.h"
#include "train/task.h"
#include "util/num.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- snapshot ---- */

static int
snapshot_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *name = args_pos(a, "NAME");
	const char *text = name->text[0] == '@' ? name->text + 1 : name->text;

	if (snapshot_take(s, text, e) < 0)
		return -1;
	out_text(s->out, "snapshot @%s", text);
	out_event(s->out, json_pack("{s:s, s:s}", "event", "snapshot", "name", text));
	return 0;
}

const struct cmd cmd_snapshot = {
	.name = "snapshot",
	.group = "look",
	.what = "keep the weights as they are now under a name",
	.text = "`diff @NAME` compares with them later. A snapshot of the same name is replaced.",
	.example = "snapshot start; diff @start",
	.arg = {{.name = "NAME", .type = ARG_WORD, .required = true, .what = "letters, digits, - and _"}},
	.when = CMD_WAITS,
	.exec = snapshot_exec,
};

/* ---- diff ---- */

static void
diff_print(struct session *s, const struct nn_layer *l, const struct layer_diff *d, int width)
{
	char name[80], max[32] = "0", a[32], b[32], changed[80];

	snprintf(name, sizeof name, "%s (%s)", l->name, nn_layer_class(l));
	if (d->changed > 0)
		snprintf(max, sizeof max, "%.2e", d->max);
	snprintf(changed, sizeof changed, "%s / %s", text_count(a, d->changed), text_count(b, l->params));
	if (d->changed == 0)
		out_text(s->out, "%-*s %-11s %-11s %-16s bit-identical", width, name, l->trainable ? "Y" : "N", max,
		    changed);
	else
		out_text(s->out, "%-*s %-11s %-11s %s", width, name, l->trainable ? "Y" : "N", max, changed);
	snprintf(a, sizeof a, "%zu", d->changed);
	snprintf(b, sizeof b, "%zu", l->params);
	num_text(max, d->max);
	out_csv(s->out, (const char *[]){l->name, l->trainable ? "true" : "false", max, a, b}, 5);
	out_event(s->out, json_pack("{s:s, s:s, s:b, s:o, s:I, s:I, s:[s, s]}", "event", "diff", "layer", l->name,
	    "trainable", l->trainable, "max_abs", out_num(d->max), "changed", (json_int_t)d->changed, "count",
	    (json_int_t)l->params, "sha256", d->sha[0], d->sha[1]));
}

/* The points to compare: by name, or what the last run began with, and now. */
static int
diff_points(struct session *s, const struct cmd_value *a, const struct cmd_value *b, float *w[2], struct err *e)
{
	struct nn_net *net = session_net(s, e);
	const struct run *last = runs_last(&s->runs);

	if (net == NULL)
		return -1;
	if (a != NULL)
		w[0] = point_weights(s, a->text, e);
	else if (last == NULL)
		return fail(e, "nothing to compare with yet; `train gte5`, or `diff init` for the weights that the "
		    "seed gave");
	else if (last->before == NULL || last->params != nn_net_params(net))
		return fail(e, "the weights before r%d are not kept: the model has changed since, or was loaded; `diff "
		    "init` and `diff @NAME` compare with others", last->number);
	else if ((w[0] = malloc(last->params * sizeof *w[0])) == NULL)
		return fail(e, "not enough memory for a copy of the weights; close other programs");
	else
		memcpy(w[0], last->before, last->params * sizeof *w[0]);
	if (w[0] != NULL)
		w[1] = point_weights(s, b != NULL ? b->text : NULL, e);
	return w[0] != NULL && w[1] != NULL ? 0 : -1;
}

/* Two points, and what is compared of them. */
struct diff {
	float *w[2];
	bool pick[NN_LAYERS_MAX];
	struct layer_diff layer[NN_LAYERS_MAX];
};

static void
diff_release(void *arg)
{
	struct diff *x = arg;

	free(x->w[0]);
	free(x->w[1]);
	free(x);
}

static int
diff_work(struct session *s, void *arg, struct err *e)
{
	struct diff *x = arg;

	for (int i = 0; i < nn_net_count(s->model.net); i++)
		if (x->pick[i])
			diff_layer(nn_net_layer(s->model.net, i), x->w[0], x->w[1], &x->layer[i]);
	return 0;
}

static int
diff_done(struct session *s, void *arg, int rc, struct err *e)
{
	const struct diff *x = arg;
	const struct nn_layer *dark = NULL;
	int width = 20, n = nn_net_count(s->model.net), at = 0;
	char count[32];

	for (int i = 0; i < n; i++) {
		const struct nn_layer *l = nn_net_layer(s->model.net, i);
		int cells = (int)(strlen(l->name) + strlen(nn_layer_class(l)) + 3);

		width = x->pick[i] && cells > width ? cells : width;
	}
	out_text(s->out, "%-*s %-11s %-11s %s", width, "layer", "trainable", "max|d|", "changed");
	out_csv(s->out, (const char *[]){"layer", "trainable", "max_abs", "changed", "count"}, 5);
	for (int i = 0; i < n; i++) {
		const struct nn_layer *l = nn_net_layer(s->model.net, i);
		const struct layer_diff *d = &x->layer[i];

		if (!x->pick[i])
			continue;
		diff_print(s, l, d, width);
		if (dark == NULL && l->trainable && nn_layer_has_input_rows(l) && d->still > 0 &&
		    d->still < l->tensor[0].count) {
			dark = l;
			at = i;
		}
	}
	if (dark != NULL)
		out_note(s->out, "%s weights of %s did not move although the layer trains: no image lights their input "
		    "while their unit is active, so their gradient is 0. That is not \"frozen\"",
		    text_count(count, x->layer[at].still), dark->name);
	return 0;
}

static int
diff_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *from = args_pos(a, "A"), *to = args_pos(a, "B"), *layers = args_pos(a, "LAYERS");
	struct diff *x = xcalloc(1, sizeof *x);
	bool any = false;

	if ((layers != NULL && layers_pick(s, layers, x->pick, e) < 0) || diff_points(s, from, to, x->w, e) < 0) {
		diff_release(x);
		return -1;
	}
	for (int i = 0; i < nn_net_count(s->model.net); i++) {
		x->pick[i] = (x->pick[i] || layers == NULL) && nn_net_layer(s->model.net, i)->params > 0;
		any |= x->pick[i];
	}
	if (any)
		return task_start(s, "diff", &(struct task){diff_work, diff_done, diff_release, x, 0}, e);
	diff_release(x);
	if (layers == NULL)
		return fail(e, "the model has no weights to compare; `build` makes one with layers that have "
		    "parameters");
	return fail_at(e, layers, "%.40s has no weights to compare; name layers with parameters, as conv2d or dense",
	    layers->text);
}

const struct cmd cmd_diff = {
	.name = "diff",
	.group = "look",
	.what = "how far weights have moved between two points",
	.text = "Points are @name (a snapshot), rN (after run N) and init (what the seed gives). Left out: A is the "
	    "state before the last run, B is now. A frozen layer's difference is exactly 0, to the bit. Dense weights "
	    "that are fed by pixels that are always dark do not move either, frozen or not.",
	.example = "snapshot a; reset head seed=2; diff @a",
	.arg = {{.name = "A", .type = ARG_POINT, .what = "@name, rN or init; left out: before the last run"},
		{.name = "B", .type = ARG_POINT, .what = "@name, rN or init; left out: now"},
		{.name = "LAYERS", .type = ARG_LAYERS, .what = "only these layers"}},
	.when = CMD_WAITS,
	.exec = diff_exec,
};

/* ---- history ---- */

static void
history_cell(char *out, size_t size, double v)
{
	if (isnan(v))
		snprintf(out, size, "-");
	else
		snprintf(out, size, "%.4f", v);
}

static void
history_epoch(struct session *s, const struct run *r, int i, bool watch)
{
	const struct epoch_record *x = &r->epoch[i];
	double value[] = {x->accuracy, x->loss, x->val_accuracy, x->val_loss, x->watch_accuracy, x->watch_loss};
	char cell[6][32], number[16], seconds[32] = "";
	const char *row[8] = {number};
	int n = watch ? 6 : 4;
	json_t *event;

	snprintf(number, sizeof number, "%d", i + 1);
	for (int k = 0; k < n; k++)
		history_cell(cell[k], sizeof cell[k], value[k]);
	if (s->out->timing)
		snprintf(seconds, sizeof seconds, isnan(x->seconds) ? "-" : "%.2f", x->seconds);
	if (watch)
		out_text(s->out, "%-6s %9s %9s %13s %9s %15s %11s %8s", number, cell[0], cell[1], cell[2], cell[3],
		    cell[4], cell[5], seconds);
	else
		out_text(s->out, "%-6s %9s %9s %13s %9s %8s", number, cell[0], cell[1], cell[2], cell[3], seconds);
	for (int k = 0; k < n; k++)
		row[k + 1] = isnan(value[k]) ? "" : num_text(cell[k], value[k]);
	strcpy(seconds, "");
	if (s->out->timing && !isnan(x->seconds))
		num_text(seconds, x->seconds);
	row[n + 1] = seconds;
	out_csv(s->out, row, n + 2);
	event = json_pack("{s:s, s:i, s:i, s:o, s:o, s:o, s:o}", "event", "epoch", "run", r->number, "epoch", i + 1,
	    "accuracy", out_num(x->accuracy), "loss", out_num(x->loss), "val_accuracy", out_num(x->val_accuracy),
	    "val_loss", out_num(x->val_loss));
	if (watch) {
		json_object_set_new(event, "watch_accuracy", out_num(x->watch_accuracy));
		json_object_set_new(event, "watch_loss", out_num(x->watch_loss));
	}
	json_object_set_new(event, "seconds", out_seconds(s->out, x->seconds));
	out_event(s->out, event);
}

static int
history_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *v = args_pos(a, "RUN");
	const struct run *r = v != NULL ? runs_find(&s->runs, v->text, e) : runs_last(&s->runs);
	static const char *const head[] = {"epoch", "accuracy", "loss", "val_accuracy", "val_loss", "seconds"};
	static const char *const watched[] = {"epoch", "accuracy", "loss", "val_accuracy", "val_loss", "watch_accuracy",
	    "watch_loss", "seconds"};
	bool watch;

	if (r == NULL && v == NULL)
		return fail(e, "no run yet; `train gte5` makes r1");
	if (r == NULL)
		return err_at(e, v);
	watch = r->watch.kind != SPLIT_NONE;
	out_text(s->out, "r%d %s%s%s", r->number, r->split.name, watch ? ", watching " : "",
	    watch ? r->watch.name : "");
	if (watch)
		out_text(s->out, "%-6s %9s %9s %13s %9s %15s %11s %8s", "epoch", "accuracy", "loss", "val_accuracy",
		    "val_loss", "watch_accuracy", "watch_loss", s->out->timing ? "seconds" : "");
	else
		out_text(s->out, "%-6s %9s %9s %13s %9s %8s", "epoch", "accuracy", "loss", "val_accuracy", "val_loss",
		    s->out->timing ? "seconds" : "");
	out_csv(s->out, watch ? watched : head, watch ? 8 : 6);
	for (int i = 0; i < r->nepoch; i++)
		history_epoch(s, r, i, watch);
	if (r->interrupted)
		out_note(s->out, "r%d was interrupted in epoch %d of %d; `resume` goes on with it", r->number,
		    r->nepoch + 1, r->epochs);
	return 0;
}

const struct cmd cmd_history = {
	.name = "history",
	.group = "look",
	.what = "loss and accuracy of each epoch of a run",
	.text = "accuracy and loss are means over an epoch while the weights still changed, with dropout on; val_ are "
	    "of the test images behind it.",
	.keras = "history.history",
	.example = "build \"flatten | dense 5, softmax\"; train gte5 limit=256 epochs=2; history",
	.arg = {{.name = "RUN", .type = ARG_RUN, .what = "r1, r2, ...; left out: the last"}},
	.when = CMD_NOW,
	.exec = history_exec,
};

/* ---- runs ---- */

/* NAN where it was not kept: the run comes from a file that was written with timing off. */
static double
runs_seconds(const struct run *r)
{
	return r->seconds > 0 ? r->seconds : NAN;
}

static json_t *
runs_event(const struct session *s, const struct run *r)
{
	const struct epoch_record none = {NAN, NAN, NAN, NAN, NAN, NAN, NAN},
	    *last = r->nepoch > 0 ? &r->epoch[r->nepoch - 1] : &none;
	json_t *event = report_run_json(r);

	json_object_set_new(event, "epochs_done", json_integer(r->nepoch));
	json_object_set_new(event, "interrupted", json_boolean(r->interrupted));
	json_object_set_new(event, "val_accuracy", out_num(last->val_accuracy));
	json_object_set_new(event, "val_loss", out_num(last->val_loss));
	json_object_set_new(event, "seconds", out_seconds(s->out, runs_seconds(r)));
	json_object_set_new(event, "weights", r->sha256[0] != '\0' ? json_string(r->sha256) : json_null());
	return event;
}

static int
runs_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	static const char *const head[] = {"run", "split", "train", "epochs", "optimizer", "lr", "frozen", "val_loss",
	    "val_accuracy", "seconds"};

	if (s->runs.n == 0)
		return fail(e, "no run yet; `train gte5` makes r1");
	out_text(s->out, "%-4s %-8s %7s %7s  %-9s %-7s %9s %13s %8s  %s", "run", "split", "train", "epochs",
	    "optimizer", "lr", "val_loss", "val_accuracy", s->out->timing ? "seconds" : "", "frozen");
	out_csv(s->out, head, 10);
	for (int i = 0; i < s->runs.n; i++) {
		const struct run *r = s->runs.list[i];
		double loss = r->nepoch > 0 ? r->epoch[r->nepoch - 1].val_loss : NAN,
		    accuracy = r->nepoch > 0 ? r->epoch[r->nepoch - 1].val_accuracy : NAN;
		char name[16], train[32], epochs[32], lr[32], l[32], acc[32], seconds[32] = "";

		snprintf(name, sizeof name, "r%d", r->number);
		snprintf(epochs, sizeof epochs, r->nepoch < r->epochs ? "%d of %d" : "%d", r->nepoch, r->epochs);
		history_cell(l, sizeof l, loss);
		history_cell(acc, sizeof acc, accuracy);
		if (s->out->timing)
			snprintf(seconds, sizeof seconds, r->seconds > 0 ? "%.2f" : "-", r->seconds);
		out_text(s->out, "%-4s %-8s %7s %7s  %-9s %-7s %9s %13s %8s  %s", name, r->split.name,
		    text_count(train, r->train), epochs, r->config.optimizer->name, num_text(lr, r->config.lr), l, acc,
		    seconds, r->frozen != NULL && r->frozen[0] != '\0' ? r->frozen : "-");
		snprintf(train, sizeof train, "%zu", r->train);
		snprintf(epochs, sizeof epochs, "%d", r->nepoch);
		out_csv(s->out, (const char *[]){name, r->split.name, train, epochs, r->config.optimizer->name, lr,
		    r->frozen, isnan(loss) ? "" : num_text(l, loss), isnan(accuracy) ? "" : num_text(acc, accuracy),
		    s->out->timing && r->seconds > 0 ? num_text(seconds, r->seconds) : ""}, 10);
		out_event(s->out, runs_event(s, r));
	}
	return 0;
}

const struct cmd cmd_runs = {
	.name = "runs",
	.group = "look",
	.what = "the runs of this session, a line each",
	.text = "",
	.example = "build \"flatten | dense 5, softmax\"; train gte5 limit=256 epochs=1; runs",
	.when = CMD_NOW,
	.exec = runs_exec,
};
