/* finetune.c: the head first, then everything: finetune. */
#include "commands/regime.h"
#include "commands/train.h"
#include "language/arg.h"
#include "train/phases.h"
#include "train/report.h"
#include "util/num.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>

/* Weights that train, of the head or of the features. */
static bool
finetune_trains(const struct session *s, bool features)
{
	const struct nn_layer *l;

	for (int i = 0; i < nn_net_count(s->model.net); i++) {
		l = nn_net_layer(s->model.net, i);
		if (l->trainable && l->params > 0 && model_is_feature(&s->model, i) == features)
			return true;
	}
	return false;
}

/* Each phase must have something of its own to train. */
static int
finetune_fits(struct session *s, const struct run *r, struct err *e)
{
	if (!finetune_trains(s, false))
		return fail(e, "nothing of the head trains, which comes first; `unfreeze head`, or `train %s`",
		    r->split.name);
	if (!finetune_trains(s, true))
		return fail(e, "nothing of the features trains, so that there is nothing to fine-tune; `unfreeze "
		    "features`, or `train %s`", r->split.name);
	return 0;
}

static struct run_rest *
finetune_rest(struct session *s, const struct cmd_args *a, const struct settings *set)
{
	const struct cmd_value *mult = args_key(a, "lr_mult");
	struct run_rest *rest = xcalloc(1, sizeof *rest);

	*rest = (struct run_rest){.epochs = set->epochs, .features = s->model.features,
	    .verbose = train_verbose(s, set), .lr_mult = mult != NULL ? mult->num : 100, .cache = set->cache};
	return rest;
}

/* The rates of the features in the second phase: "0.01, lr/100", or "conv2d=0.005 conv2d_1=0.01, their rates/100". */
static char *
finetune_rates(const struct session *s, const struct run *r)
{
	struct str each = {0};
	bool own = false, alike = true;
	float first = NAN;
	char rate[32], *text;

	for (int i = 0; i < s->model.features; i++) {
		const struct nn_layer *l = nn_net_layer(s->model.net, i);
		float lr = phases_lr(r, i);

		if (!l->trainable || l->params == 0)
			continue;
		own |= !isnan(r->config.layer_lr[i]);
		alike &= isnan(first) || lr == first;
		first = lr;
		str_add(&each, "%s%s=%s", each.n > 0 ? " " : "", l->name, num_text_float(rate, lr));
	}
	text = xasprintf("%s, %s/%g", alike ? num_text_float(rate, first) : each.s, own ? "their rates" : "lr",
	    r->rest->lr_mult);
	free(each.s);
	return text;
}

static int
finetune_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *first = args_key(a, "freeze_epochs");
	struct settings set;
	struct run *r = train_asked(s, a, &set, e);
	char *rates;

	if (r == NULL)
		return -1;
	if (finetune_fits(s, r, e) < 0) {
		run_free(r);
		return -1;
	}
	r->rest = finetune_rest(s, a, &set);
	r->epochs = first != NULL ? (int)first->integer : 1;
	report_data(s, r);
	rates = finetune_rates(s, r);
	out_text(s->out, "%d epoch%s of the head alone, then %d of everything, of the features at %s", r->epochs,
	    r->epochs == 1 ? "" : "s", r->rest->epochs, rates);
	free(rates);
	if (phases_start(s, r, &(struct trainer_how){.command = a->cmd->name, .cache = set.cache,
	    .verbose = r->rest->verbose}, e) < 0) {
		run_free(r);
		return -1;
	}
	results_forget(&s->runs.results);
	return 0;
}

const struct cmd cmd_finetune = {
	.name = "finetune",
	.group = "train",
	.what = "train the head first, with the features frozen, then everything, the features at a lower rate",
	.text = "Two runs, one behind the other. In the first, of freeze_epochs epochs, the features are frozen, so "
	    "that a head that knows nothing yet does not spoil them. In the second, of `epochs`, everything trains "
	    "that trained before: what was frozen stays so. The rate of a layer is lr, unless `lr LAYERS` gave it "
	    "another: that of the head in both, that of the features divided by lr_mult in the second. So "
	    "are fastai's discriminative rates with two groups of layers; its fine_tune also halves lr for the "
	    "second phase and has one cycle in each, where a schedule (`lr=1.0:cosine`) has one here.\n"
	    "Interrupted in the first phase, the features are left frozen; `resume` goes on with that run and then "
	    "with everything. From a saved session it goes on with that run alone: then `unfreeze features` and "
	    "`train`. Interrupted in the second phase, it is a run like any other. `undo` takes back both.",
	.keras = "base_model.trainable = False; model.fit(...); base_model.trainable = True; model.compile(...); "
	    "model.fit(...)",
	.example = "finetune gte5 epochs=1 limit=256",
	.arg = {{.name = "SPLIT", .type = ARG_SPLIT, .required = true, .what = "which digits"}},
	.key = {{.name = "freeze_epochs", .type = ARG_INT, .min = 1, .max = 100000, .what = "of the head alone, 1"},
		{.name = "lr_mult", .type = ARG_NUM, .min = 1e-6, .max = 1e6, .what = "by which the rate of the "
		    "features is divided, 100"},
		{.name = "limit", .type = ARG_INT, .min = 1, .max = 1e9,
		    .what = "the first N training images of the split in file order"},
		{.name = "sample", .type = ARG_INT, .min = 0, .max = 1e15, .what = "with limit: N images drawn by this "
		    "seed"},
		{.name = "watch", .type = ARG_SPLIT, .what = "score the test images of this split too, each epoch"},
		{.name = "validate", .type = ARG_WORD, .what = "end: the test images are scored at the end of a phase "
		    "only; N: every N epochs, and then"}},
	.settings = true,
	.when = CMD_WAITS,
	.changes = CMD_CHANGES,
	.exec = finetune_exec,
	.check = regime_check,
	.checks_words = true,
};
