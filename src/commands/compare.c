/* compare.c: ways to train a split, over seeds: what the features of another run are worth: compare. */
#include "commands/compare.h"
#include "commands/kept.h"
#include "job/job_int.h"
#include "language/arg.h"
#include "session/made.h"
#include "train/task.h"
#include "util/num.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LIMITS_MAX 16
#define SEEDS_MAX 1000
#define LEFT_FROM 0.02 /* so much of it is done before it is told how long it takes */
#define TOLD_EVERY 0.25 /* seconds between two times that it is said how far it is, while no trial ends */
#define STEPS 200 /* that each trial takes at least, unless `epochs=` says how many */

struct comparison {
	struct trials trials;
	struct compare_kept kept;
	struct compared result; /* its rows are in the order of the trials, of which each has `seeds` */
	float *source;
	size_t limit[LIMITS_MAX];
	int nlimit;
	bool mode[TRIAL_MODES];
	struct session *s;
	size_t images, seen; /* that all trials train and score, and of these so many */
	double began; /* as job_now has it */
	int said; /* trials that were done when it was last said how far it is */
	double told; /* when that was */
};

static void
comparison_release(void *arg)
{
	struct comparison *x = arg;

	compared_free(&x->result);
	compare_kept_free(&x->kept);
	free(x->trials.trial);
	free(x->source);
	free(x);
}

/* ---- what is asked for ---- */

/* Calls fn with each word of a list with commas. */
static int
comparison_list(struct comparison *x, const struct cmd_value *v,
    int (*fn)(struct comparison *x, const struct cmd_value *v, const char *word, struct err *e), struct err *e)
{
	char *copy = xstrdup(v->text), *rest = copy, *word;
	int rc = 0;

	while (rc == 0 && (word = strsep(&rest, ",")) != NULL)
		rc = fn(x, v, word, e);
	free(copy);
	return rc;
}

static int
comparison_limit(struct comparison *x, const struct cmd_value *v, const char *word, struct err *e)
{
	int64_t n;

	if (num_read_int(word, &n) != NUM_OK || n < 1 || n > 1000000000)
		return fail_at(e, v, "\"%.20s\" is no number of images; write limit=64,256", word);
	if (x->nlimit == LIMITS_MAX)
		return fail_at(e, v, "at most %d numbers of images can be compared at once", LIMITS_MAX);
	x->limit[x->nlimit++] = (size_t)n;
	return 0;
}

static int
comparison_mode(struct comparison *x, const struct cmd_value *v, const char *word, struct err *e)
{
	for (int m = 0; m < TRIAL_MODES; m++)
		if (strcmp(word, trial_names[m]) == 0) {
			x->mode[m] = true;
			return 0;
		}
	return fail_at(e, v, "no mode \"%.20s\" (modes: frozen, tuned, head-first, scratch, random, selffer)", word);
}

static bool
comparison_wants_source(const struct comparison *x)
{
	bool wants = false;

	for (int m = 0; m < TRIAL_MODES; m++)
		wants |= x->mode[m] && trial_has_source((enum trial_mode)m);
	return wants;
}

/* The weights whose features are taken: as named, else those after the last run of other digits. */
static int
comparison_source(struct session *s, const struct cmd_args *a, struct comparison *x, struct err *e)
{
	const struct cmd_value *from = args_key(a, "from");

	if (!comparison_wants_source(x))
		return 0;
	if ((x->source = compare_source(s, from != NULL ? from->text : NULL, &x->trials.split, x->result.from,
	    sizeof x->result.from, e)) != NULL)
		return 0;
	return from != NULL ? err_at(e, from) : -1;
}

/* Features and head must both have weights: else there is nothing that a mode could differ in. */
static int
comparison_model(struct session *s, struct err *e)
{
	size_t part[2] = {0, 0};

	for (int i = 0; i < nn_net_count(s->model.net); i++)
		part[!model_is_feature(&s->model, i)] += nn_net_layer(s->model.net, i)->params;
	if (part[0] > 0 && part[1] > 0)
		return 0;
	return fail(e, "the %s of this model have no weights, so that freezing them changes nothing; `build` makes a "
	    "model with features and a head", part[0] == 0 ? "features" : "layers of the head");
}

/* ---- the trials ---- */

static int
comparison_epochs(const struct comparison *x, const struct cmd_args *a, const struct settings *set, size_t limit)
{
	size_t steps = (limit + (size_t)x->trials.config.batch - 1) / (size_t)x->trials.config.batch;
	int least = (int)((STEPS + steps - 1) / steps);

	return args_key(a, "epochs") != NULL || least < set->epochs ? set->epochs : least;
}

static void
comparison_plan(struct comparison *x, const struct cmd_args *a, const struct settings *set, size_t images)
{
	struct compared *c = &x->result;

	if (x->nlimit == 0)
		x->limit[x->nlimit++] = 256;
	for (int k = 0; k < x->nlimit; k++)
		for (int m = 0; m < TRIAL_MODES; m++) {
			size_t limit = x->limit[k] < images ? x->limit[k] : images;
			struct compared_row row = {.limit = limit, .epochs = comparison_epochs(x, a, set, limit)};

			if (!x->mode[m])
				continue;
			snprintf(row.mode, sizeof row.mode, "%s", trial_names[m]);
			row.accuracy = xcalloc((size_t)c->seeds, sizeof *row.accuracy);
			row.loss = xcalloc((size_t)c->seeds, sizeof *row.loss);
			c->row = xrealloc(c->row, (size_t)c->n + 1, sizeof *c->row);
			c->row[c->n++] = row;
			x->trials.trial = xrealloc(x->trials.trial, (size_t)(c->n * c->seeds), sizeof *x->trials.trial);
			for (int i = 0; i < c->seeds; i++)
				x->trials.trial[x->trials.n++] = (struct trial){.mode = (enum trial_mode)m,
				    .limit = limit, .seed = c->seed + (uint64_t)i, .epochs = row.epochs};
		}
}

static size_t
comparison_images(const struct comparison *x)
{
	size_t evals = 0;

	for (int i = 0; i < x->trials.n; i++)
		evals += !x->trials.trial[i].done;
	return trials_images(&x->trials) + evals * x->result.test;
}

/* How far it is, as often as that changes or some time has passed. */
static void
comparison_say(struct comparison *x)
{
	struct worker *w = &x->s->worker;
	int done = atomic_load(&x->kept.done);
	double now = job_now(), part = x->images > 0 ? fmin((double)x->seen / (double)x->images, 1) : 0;
	double left = part > LEFT_FROM ? (now - x->began) * (1 - part) / part : NAN;
	char phrase[96], text[128];

	if (done == x->said && now - x->told < TOLD_EVERY)
		return;
	x->said = done;
	x->told = now;
	if (w->job != NULL)
		job_trials(w->job, done, x->trials.n, left);
	else if (!x->s->user.async) {
		snprintf(text, sizeof text, "compare: %s", progress_trials(phrase, done, x->trials.n,
		    x->s->out->timing ? left : NAN));
		out_progress(x->s->out, text);
	}
}

static bool
comparison_stop(void *arg)
{
	struct comparison *x = arg;

	x->seen += NN_EVAL_BATCH;
	comparison_say(x);
	return session_interrupted(x->s);
}

static bool
comparison_gives_up(const void *arg)
{
	const struct comparison *x = arg;

	return session_gives_up(x->s);
}

static int
comparison_work(struct session *s, void *arg, struct err *e)
{
	struct comparison *x = arg;
	struct compared *c = &x->result;
	int rc;

	if (compare_kept_find(&x->kept, e) < 0)
		return -1;
	x->images = comparison_images(x);
	x->began = job_now();
	x->said = -1;
	if (s->worker.job != NULL)
		job_expect(s->worker.job, x->images);
	comparison_say(x);
	rc = trials_run(&x->trials, e);
	if (s->worker.job == NULL)
		out_progress(s->out, NULL);
	compare_kept_end(&x->kept);
	for (int i = 0; i < x->trials.n && rc == 0; i++) {
		c->row[i / c->seeds].accuracy[i % c->seeds] = x->trials.trial[i].accuracy;
		c->row[i / c->seeds].loss[i % c->seeds] = x->trials.trial[i].loss;
	}
	if (rc == 0)
		compared_estimate(c, trial_names[TRIAL_SCRATCH]);
	return rc;
}

/* ---- what it says ---- */

static int
comparison_done(struct session *s, void *arg, int rc, struct err *e)
{
	struct comparison *x = arg;
	struct compared *c = &x->result;

	kept_said(s, &x->kept.unkept, &x->kept.damaged);
	if (rc != 0)
		return kept_cut(s, "comparison", atomic_load(&x->kept.done), x->trials.n, &x->kept.unkept,
		    e);
	if (s->share != NULL) /* others have the rest of the table */
		return 0;
	compare_table(s, c);
	if (x->kept.found > 0 && s->user.interactive)
		out_note(s->out, "%d of %d trials were in the store", x->kept.found, x->trials.n);
	compare_notes(s, c, x->trials.head_epochs);
	compared_free(&s->runs.compared);
	s->runs.compared = x->result;
	x->result = (struct compared){0};
	return 0;
}

/* ---- the command ---- */

static void
comparison_trials(struct session *s, struct comparison *x, const struct settings *set)
{
	struct trials *t = &x->trials;

	t->net = s->model.net;
	t->features = s->model.features;
	t->source = x->source;
	t->train = &s->data.set->train;
	t->test = &s->data.set->test;
	t->config = set->run;
	t->config.lr = settings_lr(set);
	t->schedule = set->schedule;
	t->cache_limit = set->cache ? settings_cache_limit(set, 0) : 0;
	t->kernels = s->set.kernels;
	t->threads = s->set.threads;
	t->stop = comparison_stop;
	t->give_up = comparison_gives_up;
	t->arg = x;
	x->s = s;
}

static int
comparison_ask(struct session *s, const struct cmd_args *a, struct comparison *x, struct err *e)
{
	const struct cmd_value *limit = args_key(a, "limit"), *modes = args_key(a, "modes");
	const struct cmd_value *seeds = args_key(a, "seeds"), *split = args_pos(a, "SPLIT");
	const struct cmd_value *head = args_key(a, "freeze_epochs");
	struct dataset *d = session_data(s, e);
	struct nn_net *net = d != NULL ? session_net(s, e) : NULL;
	struct settings set;
	struct selection test, train;

	if (args_pos(a, "RUN") != NULL)
		return fail_at(e, args_pos(a, "RUN"), "`compare modes` takes a split; the run whose features it takes "
		    "is named by from=%s", args_pos(a, "RUN")->text);
	if (net == NULL || arg_split(s, split, &x->trials.split, e) < 0 || arg_settings(s, a, &set, e) < 0 ||
	    model_takes(net, d->train.images.shape, d->name, e) < 0 || model_names(net, &x->trials.split, e) < 0 ||
	    comparison_model(s, e) < 0)
		return -1;
	memset(x->mode, modes == NULL, sizeof x->mode);
	if ((limit != NULL && comparison_list(x, limit, comparison_limit, e) < 0) ||
	    (modes != NULL && comparison_list(x, modes, comparison_mode, e) < 0) ||
	    comparison_source(s, a, x, e) < 0 || selection_make(&test, &d->test, &x->trials.split, 0, e) < 0)
		return -1;
	x->result.test = test.set.count;
	selection_free(&test);
	if (selection_make(&train, &d->train, &x->trials.split, 0, e) < 0)
		return -1;
	x->result.split = x->trials.split;
	x->result.seeds = seeds != NULL ? (int)seeds->integer : 3;
	x->result.seed = set.run.seed;
	x->trials.head_epochs = head != NULL ? (int)head->integer : 1;
	comparison_trials(s, x, &set);
	comparison_plan(x, a, &set, train.set.count);
	if (session_engine(s, e) != NULL)
		compare_kept_begin(&x->kept, s, &set, &x->trials);
	selection_free(&train);
	return s->compute.engine != NULL ? 0 : -1;
}

static int
compare_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	struct comparison *x;

	if (!args_word(a, "modes"))
		return compare_runs(s, a, e);
	x = xcalloc(1, sizeof *x);
	if (session_store(s, false, e) < 0 || comparison_ask(s, a, x, e) < 0) {
		comparison_release(x);
		return -1;
	}
	if (s->share != NULL && s->share->lists) {
		int rc = compare_kept_list(&x->kept, a, e);

		comparison_release(x);
		return rc;
	}
	return task_start(s, "compare", &(struct task){comparison_work, comparison_done, comparison_release, x,
	    comparison_images(x)}, e);
}

const struct cmd cmd_compare = {
	.name = "compare",
	.group = "look",
	.what = "ways to train a split, with error bars over seeds; or runs, what differs first",
	.text = "`compare modes SPLIT` trains copies of the model on a few images of a split and scores them on its "
	    "test images; the model stays as it is. Modes: frozen (features from a run of other digits, frozen), "
	    "tuned (the same, everything trains), head-first (the head alone for an epoch, then everything), "
	    "scratch (everything new), random (new features, frozen: the control, since a head makes something of"
	    " any features), selffer (features trained on these very images, then frozen). The head is new in "
	    "each of them. A seed draws images, weights, order and dropout; all modes have the same seeds, so "
	    "that they can be compared in pairs. Errors are standard errors of the mean. As many trials run at "
	    "once as there are threads, to the same bits. With a store (`--project DIR`) the figures of each trial are "
	    "kept: a comparison that was interrupted goes on when it is typed again, to the same table.\n"
	    "Unless `epochs=` says how many, a trial takes at least 200 steps.\n"
	    "`compare r1 r2` sets runs beside each other: the settings that differ, and the figures, the best of "
	    "which has a star where all are of one split; below them the seconds that each took.",
	.example = "build \"conv2d 4 3, relu, max_pooling2d 2, flatten | dense 5, softmax\"; train gte5 limit=256 "
	    "epochs=2; compare modes lt5 limit=64 seeds=2 epochs=3",
	.arg = {{.name = "modes", .type = ARG_WORD, .choices = (const char *const[]){"modes", NULL},
	    .what = "compare ways to train"},
		{.name = "SPLIT", .type = ARG_SPLIT, .what = "the digits to learn; left out: the split last trained"},
		{.name = "RUN", .type = ARG_RUN, .many = true, .what = "two runs or more"}},
	.key = {{.name = "from", .type = ARG_POINT, .what = "whose features are taken: rN, @name, or now, those of the "
	    "model as it is, also a loaded one; left out: the last run of other digits"},
		{.name = "limit", .type = ARG_WORD, .what = "numbers of training images, as in 64,256; left out: 256"},
		{.name = "seeds", .type = ARG_INT, .min = 1, .max = SEEDS_MAX, .what = "how many, from the setting "
		    "seed on; left out: 3"},
		{.name = "modes", .type = ARG_WORD, .what = "some of them, as in frozen,scratch"},
		{.name = "freeze_epochs", .type = ARG_INT, .min = 1, .max = 100000, .what = "of head-first: epochs in "
		    "which the head trains alone, 1"}},
	.settings = true,
	.when = CMD_WAITS,
	.exec = compare_exec,
	.check = compare_runs_check,
	.checks_words = true,
};
