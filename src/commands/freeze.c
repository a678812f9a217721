/* freeze.c: what trains and what does not. A change holds from the next batch on; nothing is compiled. */
#include "language/arg.h"
#include "session/made.h"
#include "util/text.h"

#include <stdlib.h>
#include <string.h>

struct freeze_change {
	int n;
	bool pick[NN_LAYERS_MAX], trainable[NN_LAYERS_MAX]; /* layers that are set, and to what */
	bool in_run; /* a run goes on, and this is where it came */
	int epoch;
	uint32_t batch;
};

/* Where the net stands still. */
static int
freeze_apply(struct session *s, void *arg, struct err *e)
{
	struct freeze_change *c = arg;

	c->in_run = job_next_batch(&s->worker, &c->epoch, &c->batch);
	for (int i = 0; i < c->n; i++)
		if (c->pick[i])
			nn_net_set_trainable(s->model.net, i, i, c->trainable[i]);
	return 0;
}

/* "conv2d conv2d_1 (7 feature layers)": those with parameters, and how many layers they stand for. */
static char *
freeze_names(struct session *s, const struct freeze_change *c, bool trainable, json_t *list)
{
	struct str b = {0}, all = {0};
	int named = 0, count = 0, features = 0;

	for (int i = 0; i < c->n; i++) {
		const struct nn_layer *l = nn_net_layer(s->model.net, i);

		if (!c->pick[i] || c->trainable[i] != trainable)
			continue;
		count++;
		features += model_is_feature(&s->model, i);
		str_add(&all, "%s%s", all.n > 0 ? " " : "", l->name);
		if (l->params == 0)
			continue;
		str_add(&b, "%s%s", named++ > 0 ? " " : "", l->name);
		json_array_append_new(list, out_string(l->name));
	}
	if (count == 0)
		str_add(&b, "nothing");
	else if (named == 0)
		str_add(&b, "%s (no parameters)", all.s);
	else if (named < count)
		str_add(&b, " (%d %slayers)", count, features == count ? "feature " : features == 0 ? "head " : "");
	free(all.s);
	return b.s;
}

/* What freezing means for a layer that has moving statistics: the trap of all fine-tuning. It is in the one that is
 * frozen, and in the one that is left to train right behind layers that are. */
static void
freeze_moving(struct session *s, const struct freeze_change *c)
{
	struct str still = {0}, moving = {0};
	bool behind = false;

	for (int i = 0; i < c->n; i++) {
		const struct nn_layer *l = nn_net_layer(s->model.net, i);
		bool trains = c->pick[i] ? c->trainable[i] : l->trainable;
		struct str *to = trains ? &moving : &still;

		if ((c->pick[i] || (trains && behind)) && l->learn < l->params)
			str_add(to, "%s%s", to->n > 0 ? ", " : "", l->name);
		if (l->params > 0)
			behind = c->pick[i] && !trains;
	}
	if (still.n > 0)
		out_note(s->out, "%s: frozen it runs by its moving statistics, in training as well, and these stand "
		    "still; they are those of the data that it has seen", still.s);
	if (moving.n > 0)
		out_note(s->out, "%s: while it trains it takes mean and variance of each batch, and its moving "
		    "statistics follow those; `freeze` it to keep what it has learned of other data", moving.s);
	free(still.s);
	free(moving.s);
}

static int
freeze_do(struct session *s, const char *event, struct freeze_change *c, bool trainable, struct err *e)
{
	struct nn_net *net = s->model.net;
	char a[32], b[32], when[48], *names;
	json_t *list;

	if (job_call(&s->worker, freeze_apply, s, c, e) < 0)
		return -1;
	list = json_array();
	names = freeze_names(s, c, trainable, list);
	snprintf(when, sizeof when, "the next batch");
	if (c->in_run)
		snprintf(when, sizeof when, "batch %u of epoch %d", c->batch, c->epoch);
	out_text(s->out, "%s: %s, from %s on", trainable ? "unfrozen" : "frozen", names, when);
	out_text(s->out, "trainable %s   non-trainable %s", text_count(a, nn_net_trainable(net)),
	    text_count(b, nn_net_params(net) - nn_net_trainable(net)));
	out_event(s->out, out_pack("{s:s,s:o,s:I,s:I}", "event", event, "layers", list, "trainable",
	    (json_int_t)nn_net_trainable(net), "non_trainable",
	    (json_int_t)(nn_net_params(net) - nn_net_trainable(net))));
	freeze_moving(s, c);
	if (nn_net_trainable(net) == 0)
		out_note(s->out, "nothing trains now; `unfreeze head` before the next run");
	free(names);
	return 0;
}

/* The layers that the operands from `first` on name. */
static int
freeze_operands(struct session *s, const struct cmd_args *a, int first, bool trainable, struct freeze_change *c,
    struct err *e)
{
	struct nn_net *net = session_net(s, e);

	memset(c, 0, sizeof *c);
	if (net == NULL)
		return -1;
	c->n = nn_net_count(net);
	for (int i = first; i < a->npos; i++)
		if (arg_pick_layers(s, &a->pos[i], c->pick, e) < 0)
			return -1;
	for (int i = 0; i < c->n; i++)
		c->trainable[i] = trainable;
	return 0;
}

static int
freeze_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	struct freeze_change c;

	if (freeze_operands(s, a, 0, false, &c, e) < 0)
		return -1;
	return freeze_do(s, "freeze", &c, false, e);
}

static int
unfreeze_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	struct freeze_change c;

	if (freeze_operands(s, a, 0, true, &c, e) < 0)
		return -1;
	return freeze_do(s, "unfreeze", &c, true, e);
}

static int
freeze_to_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	struct freeze_change c;
	int first = 0;

	if (freeze_operands(s, a, 0, false, &c, e) < 0)
		return -1;
	while (!c.pick[first])
		first++;
	for (int i = first + 1; i < c.n; i++)
		if (c.pick[i] && !c.pick[i - 1])
			return fail_at(e, &a->pos[0], "one layer at a time: those before it are frozen, it and those "
			    "behind it train");
	for (int i = 0; i < c.n; i++) {
		c.pick[i] = true;
		c.trainable[i] = i >= first;
	}
	return freeze_do(s, "freeze_to", &c, false, e);
}

/* ---- now ---- */

/* The record of the run that goes on says when what was changed. */
static void
now_record(struct session *s, const struct cmd_args *a, const struct freeze_change *c)
{
	struct run *run = runs_last(&s->runs);
	struct str b = {0};

	if (!c->in_run)
		return;
	str_add(&b, "epoch %d, batch %u: %s", c->epoch, c->batch, a->pos[0].text);
	for (int i = 1; i < a->npos; i++)
		str_add(&b, " %s", a->pos[i].text);
	run_change(run, b.s);
	free(b.s);
}

static int
now_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	struct freeze_change c;
	bool trainable = strcmp(a->pos[0].text, "freeze") != 0;

	if (freeze_operands(s, a, 1, trainable, &c, e) < 0)
		return -1;
	if (freeze_do(s, trainable ? "unfreeze" : "freeze", &c, trainable, e) < 0)
		return -1;
	now_record(s, a, &c);
	return 0;
}

/* ---- the table ---- */

#define FREEZE_LAYERS \
	{.name = "LAYERS", .type = ARG_LAYERS, .required = true, .many = true, .what = "which layers"}

const struct cmd cmd_freeze = {
	.name = "freeze",
	.brief = "fr",
	.group = "model",
	.what = "stop layers from learning, from the next batch on",
	.text = "Nothing is compiled: in Keras trainable = False does nothing until the next compile, here it acts at "
	    "once. Prints the new counts. Dropout of a frozen group stays active while training; a frozen "
	    "batch normalization runs by its moving statistics. `diff` proves that frozen weights did not move.",
	.keras = "for l in feature_layers: l.trainable = False; model.compile(...)",
	.example = "freeze features",
	.arg = {FREEZE_LAYERS},
	.when = CMD_WAITS,
	.changes = CMD_CHANGES,
	.exec = freeze_exec,
};

const struct cmd cmd_unfreeze = {
	.name = "unfreeze",
	.alias = {"thaw"},
	.group = "model",
	.what = "let layers learn again, from the next batch on",
	.text = "",
	.keras = "for l in feature_layers: l.trainable = True; model.compile(...)",
	.example = "unfreeze all",
	.arg = {FREEZE_LAYERS},
	.when = CMD_WAITS,
	.changes = CMD_CHANGES,
	.exec = unfreeze_exec,
};

const struct cmd cmd_freeze_to = {
	.name = "freeze_to",
	.group = "model",
	.what = "freeze the layers before one; it and those behind it train",
	.text = "",
	.keras = "for i, l in enumerate(model.layers): l.trainable = i >= index",
	.example = "freeze_to dense",
	.arg = {{.name = "LAYER", .type = ARG_LAYERS, .required = true, .what = "the first layer that trains"}},
	.when = CMD_WAITS,
	.changes = CMD_CHANGES,
	.exec = freeze_to_exec,
};

const struct cmd cmd_now = {
	.name = "now",
	.group = "model",
	.what = "freeze or unfreeze within the run that goes on",
	.text = "While a run goes on, `freeze` waits for its end; with `now` in front it acts from the next batch on, "
	    "and the run's record says so. Without a run it is the same as freeze or unfreeze.",
	.example = "now freeze conv2d",
	.arg = {
		{.name = "freeze|unfreeze", .type = ARG_WORD, .required = true,
		    .choices = (const char *const[]){"freeze", "unfreeze", "thaw", NULL}, .what = "what to do"},
		FREEZE_LAYERS,
	},
	.when = CMD_NOW,
	.exec = now_exec,
};
