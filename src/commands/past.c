/* past.c: what the session has been through: snapshots, differences between points, the epochs of runs. */
#include "file/record.h"
#include "language/arg.h"
#include "look/diff.h"
#include "session/made.h"
#include "session/point.h"
#include "train/report.h"
#include "train/task.h"
#include "util/row.h"
#include "util/text.h"
#include "util/xmalloc.h"
#include "view/maps.h"
#include "view/curves.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- snapshot ---- */

static int
snapshot_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *name = args_pos(a, "NAME");
	const char *text = name->text[0] == '@' ? name->text + 1 : name->text;

	if (point_keep(s, text, e) < 0)
		return -1;
	out_text(s->out, "snapshot @%s", text);
	out_event(s->out, out_pack("{s:s, s:s}", "event", "snapshot", "name", text));
	return 0;
}

const struct cmd cmd_snapshot = {
	.name = "snapshot",
	.group = "look",
	.what = "keep the model as it is now under a name",
	.text = "`diff @NAME` compares the weights with it later, and `load @NAME` brings it back: weights, flags, "
	    "rates of dropouts, also behind `build`. A snapshot of the same name is replaced. Snapshots are gone when "
	    "the session ends; `save FILE` keeps weights beyond that.",
	.example = "snapshot start; reset head seed=2; diff @start; load @start",
	.arg = {{.name = "NAME", .type = ARG_WORD, .required = true, .what = "letters, digits, - and _"}},
	.when = CMD_WAITS,
	.exec = snapshot_exec,
};

/* ---- diff ---- */

/* Two points, and what is compared of them. */
struct diff {
	char *typed[2], *point[2]; /* as they were typed, or NULL, and as a row calls them */
	float *w[2];
	bool pick[NN_LAYERS_MAX];
	struct layer_diff layer[NN_LAYERS_MAX];
};

static void
diff_row(struct out *o, const struct diff *x, const struct nn_layer *l, const struct layer_diff *d, int width,
    bool head)
{
	char *name = xasprintf("%s (%s)", l->name, nn_layer_class(l)), a[32], b[32], max[32] = "0", changed[80];
	const struct row_cell row[] = {
		{"layer", ROW_TEXT, -width, .in = ROW_IN_TEXT, .s = name},
		{"layer", ROW_TEXT, .s = l->name},
		{"trainable", ROW_BOOL, -11, .n = l->trainable},
		{"max|d|", ROW_TEXT, -11, .in = ROW_IN_TEXT, .s = max},
		{"changed", ROW_TEXT, -16, .in = ROW_IN_TEXT, .s = changed},
		{"max_abs", ROW_REAL, .x = d->max},
		{"changed", ROW_INT, .n = (int64_t)d->changed},
		{"count", ROW_INT, .n = (int64_t)l->params},
		{"sha256", ROW_JSON, .json = out_pack("[s, s]", d->sha[0], d->sha[1])},
		{"from", ROW_TEXT, .s = x->point[0]},
		{"to", ROW_TEXT, .s = x->point[1]},
		{"sha256_from", ROW_TEXT, .in = ROW_IN_CSV, .s = d->sha[0]},
		{"sha256_to", ROW_TEXT, .in = ROW_IN_CSV, .s = d->sha[1]},
		{"", ROW_TEXT, -1, .in = ROW_IN_TEXT, .s = d->changed == 0 ? "bit-identical" : ""}, {0}};

	if (d->changed > 0)
		snprintf(max, sizeof max, isnan(d->max) ? "nan" : "%.2e", d->max);
	snprintf(changed, sizeof changed, "%s / %s", text_count(a, d->changed), text_count(b, l->params));
	row_print(o, "diff", head, row);
	free(name);
}

static void
diff_release(void *arg)
{
	struct diff *x = arg;

	for (int i = 0; i < 2; i++) {
		free(x->typed[i]);
		free(x->point[i]);
		free(x->w[i]);
	}
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

/* `export png diff` draws what was seen last. */
static void
diff_keep(struct looked *looked, const struct diff *x)
{
	for (int i = 0; i < 2; i++) {
		free(looked->moved.point[i]);
		looked->moved.point[i] = x->typed[i] != NULL ? xstrdup(x->typed[i]) : NULL;
	}
	memcpy(looked->moved.pick, x->pick, sizeof x->pick);
	looked->moved.made = true;
}

/* Weights that stood still in layers that train. Nothing but their values is known: not why. */
static void
diff_still(struct session *s, const struct diff *x)
{
	struct str b = {0};
	int layers = 0;
	char count[32];

	for (int i = 0; i < nn_net_count(s->model.net); i++) {
		const struct nn_layer *l = nn_net_layer(s->model.net, i);
		size_t still = x->layer[i].still;

		if (!x->pick[i] || !l->trainable || still == 0 || still == l->tensor[0].count)
			continue;
		str_add(&b, "%s%s%s of %s", layers > 0 ? ", " : "", text_count(count, still), layers > 0 ? "" :
		    still == 1 ? " weight" : " weights", l->name);
		layers++;
	}
	if (layers > 0)
		out_note(s->out, "%s did not move although the layer%s: the gradient was 0, as where no image lights a "
		    "weight's input while its unit is active, or the steps were too small for a float32. "
		    "That is not \"frozen\"", b.s, layers == 1 ? " trains" : "s train");
	free(b.s);
}

/* Weights that moved in layers that do not train now: the flag is no statement about what lies between the points. */
static void
diff_thawed(struct session *s, const struct diff *x)
{
	struct str b = {0};
	int layers = 0;

	for (int i = 0; i < nn_net_count(s->model.net); i++) {
		const struct nn_layer *l = nn_net_layer(s->model.net, i);

		if (x->pick[i] && !l->trainable && x->layer[i].changed > 0)
			str_add(&b, "%s%s", layers++ > 0 ? ", " : "", l->name);
	}
	if (layers > 0)
		out_note(s->out, "%s moved between these points and %s frozen now: `trainable` is the flag of today, "
		    "not that of the runs between them", b.s, layers == 1 ? "is" : "are");
	free(b.s);
}

static int
diff_done(struct session *s, void *arg, int rc, struct err *e)
{
	const struct diff *x = arg;
	struct ui_strips strips = {0};
	bool head = true;
	char *now;
	int width = 20, n = nn_net_count(s->model.net);

	for (int i = 0; i < n; i++) {
		const struct nn_layer *l = nn_net_layer(s->model.net, i);
		int cells = (int)(strlen(l->name) + strlen(nn_layer_class(l)) + 3);

		width = x->pick[i] && cells > width ? cells : width;
	}
	for (int i = 0; i < n; i++) {
		const struct nn_layer *l = nn_net_layer(s->model.net, i);
		const struct layer_diff *d = &x->layer[i];

		if (!x->pick[i])
			continue;
		diff_row(s->out, x, l, d, width, head);
		head = false;
	}
	diff_still(s, x);
	diff_thawed(s, x);
	diff_keep(&s->runs.results.looked, x);
	if (s->user.host != NULL && s->user.host->tiled != NULL) {
		maps_diff(s, x->w, x->pick, x->layer, &strips);
		now = x->typed[1] == NULL ? point_now(s) : xstrdup(x->point[1]);
		strips.title = xasprintf("%s → %s: what moved", x->point[0], now);
		free(now);
		s->user.host->tiled(s->user.host_arg, NULL, &strips);
	}
	return 0;
}

static int
diff_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *from = args_pos(a, "A"), *to = args_pos(a, "B"), *layers = args_pos(a, "LAYERS");
	struct diff *x = xcalloc(1, sizeof *x);
	bool any = false;

	if ((layers != NULL && arg_pick_layers(s, layers, x->pick, e) < 0) ||
	    diff_points(s, from != NULL ? from->text : NULL, to != NULL ? to->text : NULL, x->w, e) < 0) {
		diff_release(x);
		return -1;
	}
	x->typed[0] = from != NULL ? xstrdup(from->text) : NULL;
	x->typed[1] = to != NULL ? xstrdup(to->text) : NULL;
	x->point[0] = point_said(s, from != NULL ? from->text : NULL, true);
	x->point[1] = point_said(s, to != NULL ? to->text : NULL, false);
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
	    "state before the last run, B is now. A frozen layer's difference is exactly 0, to the bit; `trainable` is "
	    "the flag as it is now, whatever it was between the points. A weight "
	    "whose gradient is 0, as in a dense layer behind pixels that are always dark, does not move either, frozen "
	    "or not, nor does one whose steps are too small for a float32 of its size. `export png diff` draws "
	    "what the last diff compared; without one since the last run, what that run moved.",
	.example = "snapshot a; reset head seed=2; diff @a",
	.arg = {{.name = "A", .type = ARG_POINT, .what = "@name, rN or init; left out: before the last run"},
		{.name = "B", .type = ARG_POINT, .what = "@name, rN or init; left out: now"},
		{.name = "LAYERS", .type = ARG_LAYERS, .what = "only these layers"}},
	.when = CMD_WAITS,
	.exec = diff_exec,
};

/* ---- history ---- */

/* In text each run has a table of its own; programs get one of all. */
static void
history_of(struct session *s, const struct run *r, const struct report_columns *all, bool head)
{
	struct run *alone[] = {(struct run *)r};
	struct report_columns own = report_columns(alone, 1);
	bool text = s->out->mode == OUT_TABLE, watch = r->watch.kind != SPLIT_NONE;
	char name[16];

	out_text(s->out, "%s %s%s%s", run_name(r, name), r->split.name, watch ? ", watching " : "",
	    watch ? r->watch.name : "");
	for (int i = head || text ? -1 : 0; i < r->nepoch; i++)
		report_row(s->out, r, i, text ? &own : all);
	if (r->changes != NULL)
		out_note(s->out, "changed while it went on: %s", r->changes);
	if (r->interrupted && !(job_view(&s->worker) != NULL && job_view(&s->worker)->run == r))
		out_note(s->out, "%s was interrupted in epoch %d of %d%s", name, r->nepoch + 1, r->epochs,
		    r == runs_last(&s->runs) ? "; `resume` goes on with it" : "");
}

static int
history_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *all = args_pos(a, "all"), *first = args_pos(a, "RUN");
	int n = all != NULL ? s->runs.n : first != NULL ? 0 : s->runs.n > 0;
	struct run **run = xcalloc((size_t)(n + a->npos) + 1, sizeof *run);
	struct report_columns columns;
	int rc = 0;

	for (int i = 0; i < n; i++)
		run[i] = s->runs.list[s->runs.n - n + i];
	for (int i = 0; i < a->npos && rc == 0; i++)
		if (a->pos[i].arg->type == ARG_RUN && (run[n++] = record_find(s, a->pos[i].text, e)) == NULL)
			rc = err_at(e, &a->pos[i]);
	if (rc == 0 && n == 0)
		rc = s->store.dir == NULL ? session_no_run(s, e) : fail(e, "no run yet in this session; `runs` lists "
		    "those of the store, of which `history` takes the names, and `train gte5` makes r1");
	columns = report_columns(run, rc == 0 ? n : 0);
	for (int i = 0; i < n && rc == 0; i++)
		history_of(s, run[i], &columns, i == 0);
	free(run);
	return rc;
}

const struct cmd cmd_history = {
	.name = "history",
	.group = "look",
	.what = "loss and accuracy of each epoch of a run, or of several",
	.text = "accuracy and loss are means over an epoch while the weights still changed, with dropout on; val_ are "
	    "of the test images behind it. `mode csv; history all` is one table, where all runs have the same columns.",
	.keras = "history.history",
	.example = "build \"flatten | dense 5, softmax\"; train gte5 limit=256 epochs=2; history",
	.arg = {{.name = "all", .type = ARG_WORD, .choices = (const char *const[]){"all", NULL},
	    .what = "those of this session"},
		{.name = "RUN", .type = ARG_RUN, .many = true,
		    .what = "r1, r2, ..., or of the store; left out: the last"}},
	.when = CMD_NOW,
	.again = true,
	.exec = history_exec,
};
