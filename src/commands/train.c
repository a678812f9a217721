/* train.c: commands that train, steer a run, and set what it goes by. */
#include "commands/train.h"

#include "commands/regime.h"
#include "language/arg.h"
#include "session/made.h"
#include "train/phases.h"
#include "train/report.h"
#include "train/start.h"
#include "util/num.h"
#include "util/text.h"

#include <math.h>
#include <string.h>

/* ---- train ---- */

static int
train_units(struct session *s, const struct split *sp, const struct cmd_value *v, struct err *e)
{
	int units = nn_net_classes(s->model.net);

	if (split_units(sp) > units && sp->by_digit)
		return model_names(s->model.net, sp, e) < 0 ? err_at(e, v) : 0;
	if (split_count(sp) > units)
		return fail_at(e, v, "%s has %d %s, the model %d output units; `build classes=%d` makes one that "
		    "fits", sp->name, split_count(sp), split_word(sp, split_count(sp)), units, split_count(sp));
	return 0;
}

int
train_fits(struct session *s, const struct split *sp, const struct cmd_value *v, struct err *e)
{
	struct nn_net *net = session_net(s, e);
	struct dataset *d = net != NULL ? session_data(s, e) : NULL;

	if (d == NULL || model_takes(net, d->train.images.shape, d->name, e) < 0 || train_units(s, sp, v, e) < 0)
		return -1;
	if (nn_net_trainable(net) == 0)
		return fail(e, "nothing to train: every layer with weights is frozen; `unfreeze head` or `unfreeze "
		    "all`");
	return 0;
}

int
train_take(const struct cmd_args *a, struct selection_take *take, struct err *e)
{
	const struct cmd_value *limit = args_key(a, "limit"), *sample = args_key(a, "sample");

	*take = (struct selection_take){.limit = limit != NULL ? (size_t)limit->integer : 0};
	if (sample == NULL)
		return 0;
	if (limit == NULL)
		return fail_at(e, sample, "sample draws as many images as limit says; give limit=256 with it");
	take->drawn = true;
	take->seed = (uint64_t)sample->integer;
	return 0;
}

int
train_verbose(const struct session *s, const struct settings *set)
{
	return set->verbose >= 0 ? set->verbose : s->out->moving ? 1 : 2;
}

struct run *
train_asked(struct session *s, const struct cmd_args *a, struct settings *set, struct err *e)
{
	const struct cmd_value *v = args_pos(a, "SPLIT"), *watched = args_key(a, "watch");
	struct split split, watch = {.kind = SPLIT_NONE};
	struct selection_take take;
	struct run *r;

	if (arg_split(s, v, &split, e) < 0 || arg_settings(s, a, set, e) < 0 || train_fits(s, &split, v, e) < 0)
		return NULL;
	if (watched != NULL && (arg_split(s, watched, &watch, e) < 0 || train_units(s, &watch, watched, e) < 0))
		return NULL;
	if (train_take(a, &take, e) < 0 || session_engine(s, e) == NULL || session_sets_make(s, &split, take, e) < 0)
		return NULL;
	r = run_new(&s->runs);
	if (regime_read(a, r, e) < 0) {
		run_free(r);
		return NULL;
	}
	r->split = split;
	r->watch = watch;
	r->take = take;
	r->config = set->run;
	r->config.lr = settings_lr(set);
	r->schedule = set->schedule;
	r->config.epoch = s->runs.next_epoch;
	r->epochs = set->epochs;
	r->first_epoch = s->runs.next_epoch;
	r->train = s->compute.sets.train.set.count;
	r->test = s->compute.sets.test.set.count;
	return r;
}

/* What its optimizer begins with. */
static int
train_slots(struct session *s, const struct cmd_args *a, struct run *r, struct err *e)
{
	const struct cmd_value *v = args_key(a, "slots");

	if (v == NULL || strcmp(v->text, "loaded") != 0)
		return 0;
	if (slots_fit(&s->slots, s->model.net, r->config.optimizer, e) < 0)
		return err_at(e, v);
	memcpy(r->slots, s->slots.sha256, sizeof r->slots);
	r->slots_steps = s->slots.steps;
	return 0;
}

static int
train_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	struct settings set;
	struct run *r = train_asked(s, a, &set, e);

	if (r == NULL)
		return -1;
	if (train_slots(s, a, r, e) < 0) {
		run_free(r);
		return -1;
	}
	report_data(s, r);
	if (trainer_start(s, r, &(struct trainer_how){a->cmd->name, false, set.cache, train_verbose(s, &set),
	    regime_keep}, e) < 0) {
		run_free(r);
		return -1;
	}
	results_forget(&s->runs.results);
	return 0;
}

const struct cmd cmd_train = {
	.name = "train",
	.alias = {"fit"},
	.group = "train",
	.what = "train on the digits of a split, with validation on its test images each epoch",
	.text = "Optimizer slots start at zero, as Keras' compile does; weights go on from what they are. What is "
	    "frozen stays to the bit.\n"
	    "`slots=loaded` begins with the optimizer's state that `load FILE.keras` has brought, its steps included, "
	    "as model.fit() behind keras.saving.load_model() does. That belongs to the weights of the file: it takes "
	    "the same optimizer, and neither weights nor what trains may have changed since. `undo` of the run makes "
	    "it usable again.\n"
	    "`stop=val_loss:patience=2` ends a run when its val_loss has not fallen for 2 epochs, "
	    "`stop=accuracy>=0.99` when an epoch is there; a figure is one of accuracy, loss, and these of val_ or "
	    "watch_. The weights of the best epoch come back then, and also when the run ends by itself; its "
	    "figures are those of the run. val_ figures are of the test images, and an epoch that is chosen by them "
	    "has better figures than pictures never seen would give it: `data FOLDER holdout=10` sets 1 picture in "
	    "10 of a folder aside for choosing, and an `eval` with other data gives the figure to report. "
	    "`checkpoint=best:FILE` writes the weights each time an epoch is the best so far, by the figure of "
	    "stop=, else by val_loss; a .keras or .onnx file has the model with them.\n"
	    "`lr=1.0:step=2,0.5` multiplies the rate by 0.5 every 2 epochs, `lr=1.0:cosine` takes it to 0 along a "
	    "cosine, batch by batch; rates of single layers go with it.\n"
	    "Every setting that a run goes by can be given as SETTING=VALUE, for this run alone.",
	.keras = "model.fit(x_train, y_train, batch_size=128, epochs=5, validation_data=(x_test, y_test))",
	.example = "train gte5 epochs=1 limit=256",
	.arg = {{.name = "SPLIT", .type = ARG_SPLIT, .required = true, .what = "which digits"}},
	.key = {{.name = "limit", .type = ARG_INT, .min = 1, .max = 1e9,
	    .what = "the first N training images of the split in file order"},
		{.name = "sample", .type = ARG_INT, .min = 0, .max = 1e15, .what = "with limit: N images drawn by this "
		    "seed, so that runs with several of them see several choices"},
		{.name = "watch", .type = ARG_SPLIT, .what = "score the test images of this split too, each epoch: "
		    "what is forgotten"},
		{.name = "by", .type = ARG_WORD, .choices = (const char *const[]){"epoch", "batch", NULL},
		    .what = "batch: watch is also scored before each of the first 20 batches"},
		{.name = "validate", .type = ARG_WORD, .what = "end: the test images are scored at the end only; N: "
		    "every N epochs, and then"},
		{.name = "stop", .type = ARG_WORD, .what = "when to end early, and by which figure an epoch is the "
		    "best, as in val_loss:patience=2"},
		{.name = "checkpoint", .type = ARG_WORD, .what = "best:FILE, where the best weights are written"},
		{.name = "slots", .type = ARG_WORD, .choices = (const char *const[]){"zero", "loaded", NULL},
		    .what = "loaded: the optimizer goes on from its state in the file that was loaded"}},
	.settings = true,
	.when = CMD_WAITS,
	.changes = CMD_CHANGES,
	.exec = train_exec,
	.check = regime_check,
	.checks_words = true,
};

/* ---- going on ---- */

/* The last run is whole, or there is none. */
static int
resume_none(const struct session *s, struct err *e)
{
	const struct run *last = runs_last(&s->runs), *r = NULL, *behind = NULL;

	for (int i = 0; i < s->runs.n; i++)
		if (s->runs.list[i]->interrupted) {
			r = s->runs.list[i];
			behind = i + 1 < s->runs.n ? s->runs.list[i + 1] : NULL;
		}
	if (r != NULL && behind != NULL)
		return fail(e, "r%d was interrupted, but the optimizer's state of it went when r%d began, which `undo` "
		    "does not bring back; `save FILE` before another run keeps it; `train %s` goes on from the weights "
		    "as they are", r->number, behind->number, r->split.name);
	return fail(e, "no run was interrupted; `train %s` starts one", last != NULL ? last->split.name : "gte5");
}

/* The last name of a path, which may end with slashes, as completion writes a folder. */
static const char *
data_last(const char *path, size_t *n)
{
	size_t end = strlen(path), at;

	while (end > 1 && path[end - 1] == '/')
		end--;
	for (at = end; at > 0 && path[at - 1] != '/';)
		at--;
	*n = end - at;
	return path + at;
}

/* Whether it is trained on what it began with. A folder that was moved has another path to the same name. */
static int
resume_data(struct session *s, const struct run *r, struct err *e)
{
	size_t nwas, nis;
	const char *was = data_last(r->data, &nwas), *is = data_last(s->data.name, &nis);

	if (nwas != nis || memcmp(was, is, nis) != 0)
		return fail(e, "r%d was interrupted on the data %s, and these are %s; `data %s` chooses it, then "
		    "`resume` goes on, or `train %s` goes on from the weights as they are", r->number, r->data,
		    s->data.name, r->data, r->split.name);
	if (session_sets_make(s, &r->split, r->take, e) < 0)
		return -1;
	if (s->compute.sets.train.set.count != r->train)
		return fail(e, "r%d was interrupted on %zu training images, of which there are %zu now; `train %s` "
		    "goes on from the weights as they are", r->number, r->train, s->compute.sets.train.set.count,
		    r->split.name);
	return 0;
}

static int
resume_start(struct session *s, const struct cmd_args *a, struct err *e)
{
	struct run *r = runs_last(&s->runs);
	struct nn_net *net = session_net(s, e);

	if (net == NULL)
		return -1;
	if (r == NULL || !r->interrupted)
		return resume_none(s, e);
	if (r->weights == NULL || nn_net_params(net) != r->params ||
	    !weights_equal(r->weights, nn_net_weights(net)))
		return fail(e, "the weights have changed since r%d was interrupted; `train %s` goes on from what they "
		    "are now", r->number, r->split.name);
	if (train_fits(s, &r->split, NULL, e) < 0 || resume_data(s, r, e) < 0)
		return -1;
	if (regime_resume(s, a, r, e) < 0)
		return -1;
	out_text(s->out, "going on with r%d in epoch %d/%d", r->number, r->nepoch + 1 > r->epochs ? r->epochs :
	    r->nepoch + 1, r->epochs);
	return trainer_start(s, r, &(struct trainer_how){a->cmd->name, true, s->set.cache && !r->uncached,
	    train_verbose(s, &s->set), regime_keep, phases_then}, e);
}

const struct cmd cmd_resume = {
	.name = "resume",
	.group = "train",
	.what = "go on with an interrupted run, to the same bits as if it had not been interrupted",
	.text = "Also after save and load. The run keeps the settings that it was started with, `lr`, `set lr` "
	    "and cache=off included. What was frozen or unfrozen meanwhile, the rate of a dropout and the kernels hold "
	    "as they are now; that stands in its record, with epoch and batch, as of `now freeze`.",
	.keras = "model.fit(..., initial_epoch=2) with the optimizer's state kept",
	.key = {{.name = "checkpoint", .type = ARG_WORD, .what = "best:FILE, as of train; of a run that was loaded, "
	    "whose own is not written"}},
	.example = "resume # after Ctrl-C, or after `load` of a run that was interrupted",
	.when = CMD_WAITS,
	.changes = CMD_CHANGES,
	.exec = resume_start,
};

static int
step_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *n = args_pos(a, "N");
	uint32_t steps = n != NULL ? (uint32_t)n->integer : 1;

	if (s->worker.job != NULL)
		return job_step(&s->worker, &s->runs, steps, e);
	s->worker.steps = steps;
	if (resume_start(s, a, e) < 0) {
		s->worker.steps = 0;
		return -1;
	}
	return 0;
}

const struct cmd cmd_step = {
	.name = "step",
	.group = "train",
	.what = "do N batches (1) of a run that is paused or interrupted, then halt again",
	.text = "In a script the run is interrupted again behind them.",
	.keras = "model.train_on_batch(x, y)",
	.example = "step 5 # of a run that is paused",
	.arg = {{.name = "N", .type = ARG_INT, .min = 1, .max = 1000000, .what = "batches"}},
	.when = CMD_NOW,
	.changes = CMD_CHANGES,
	.exec = step_exec,
};

/* ---- the feature cache ---- */

static void
cache_info(struct session *s)
{
	size_t bytes = compute_cache_bytes(&s->compute), limit = settings_cache_limit(&s->set, bytes);
	int cut = s->model.net != NULL ? nn_cache_cut(s->model.net) : -1;
	const char *layer = cut >= 0 ? nn_net_layer(s->model.net, cut)->name : NULL;
	char a[32], b[32];

	out_text(s->out, "cache %s, limit %s%s", s->set.cache ? "on" : "off", s->set.timing ||
	    s->set.cache_limit > 0 ? text_bytes(b, limit) : "auto", s->set.timing && s->set.cache_limit == 0 ?
	    " (auto: half of what is available now)" : "");
	if (layer == NULL)
		out_text(s->out, "no leading layer is frozen: nothing to keep (`freeze features`)");
	else
		out_text(s->out, "cut behind %s", layer);
	if (bytes > 0)
		out_text(s->out, "holds %s of %s", text_bytes(a, bytes), s->compute.sets.split.name);
	out_event(s->out, out_pack("{s:s, s:b, s:o, s:s, s:I}", "event", "cache", "on", (int)s->set.cache,
	    "limit", s->set.timing || s->set.cache_limit > 0 ? json_integer((json_int_t)limit) : json_null(), "cut",
	    layer, "bytes", (json_int_t)bytes));
}

static int
cache_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	if (args_word(a, "on") || args_word(a, "off"))
		s->set.cache = args_word(a, "on");
	if (args_word(a, "drop") || args_word(a, "off"))
		compute_cache_drop(&s->compute);
	if (a->npos == 0 || args_word(a, "info")) {
		if (session_net(s, e) == NULL)
			return -1;
		cache_info(s);
	}
	return 0;
}

static const char *const cache_words[] = {"on", "off", "info", "drop", NULL};

const struct cmd cmd_cache = {
	.name = "cache",
	.group = "train",
	.what = "the outputs of frozen leading layers, kept in memory",
	.text = "Frozen leading layers give the same output each epoch: it is computed once and kept, cut where it is "
	    "smallest, packed without loss. Training gives the same bits with and without.",
	.keras = "features = feature_extractor.predict(x_train)",
	.example = "cache info",
	.arg = {{.name = "WHAT", .type = ARG_WORD, .choices = cache_words,
	    .what = "turn on or off, say what is kept, or let go of it"}},
	.when = CMD_WAITS,
	.exec = cache_exec,
};
