/* lr.c: learning rates, also of a run that goes on: lr. */
#include "language/arg.h"
#include "train/start.h"
#include "util/num.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a factor is of: the rates of the run that goes on, else those that are set. */
static struct turn
lr_now(const struct session *s)
{
	struct turn x = {.lr = settings_lr(&s->set), .schedule = s->set.schedule};

	memcpy(x.layer_lr, s->set.run.layer_lr, sizeof x.layer_lr);
	trainer_lr(s, &x);
	return x;
}

/* A rate times a factor, without the digits that are none: 0.01 of 0.1 and 10. */
static double
lr_times(double lr, double factor)
{
	char text[32];
	double x;

	snprintf(text, sizeof text, "%.12g", lr * factor);
	return num_read_real(text, &x) == NUM_OK ? x : lr * factor;
}

/* `lr * 2` is a glob and a value, and looks like a product. */
static int
lr_check(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *layers = args_pos(a, "LAYERS"), *value = args_pos(a, "VALUE");
	bool factor = value->text[0] == '*' || value->text[0] == '/';

	(void)s;
	if (layers == NULL || strcmp(layers->text, "*") != 0 || layers->len > 1 || factor)
		return 0;
	return fail_at(e, layers, "this may mean two things: `lr *%.40s` is the rate times %.40s, `lr all %.40s` is "
	    "%.40s for each layer", value->text, value->text, value->text, value->text);
}

/* To the run that goes on, whose record says "lr 0.5 (was 1)" or "lr head /2". */
static void
lr_pass_on(struct session *s, const struct cmd_value *layers, const bool *pick, const struct cmd_value *value,
    double was)
{
	char now[32], before[32], *said;

	if (layers != NULL)
		said = xasprintf("lr %s %s", layers->text, value->text);
	else
		said = xasprintf("lr %s (was %s)", num_text(now, s->set.run.lr), num_text(before, was));
	trainer_set_lr(s, layers != NULL ? pick : NULL, said);
	free(said);
}

static int
lr_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *layers = args_pos(a, "LAYERS"), *value = args_pos(a, "VALUE");
	bool pick[NN_LAYERS_MAX] = {false}, factor = value->text[0] == '*' || value->text[0] == '/';
	const struct turn now = lr_now(s);
	const float *own = now.layer_lr;
	double lr = factor ? lr_times(now.lr, value->num) : value->num;
	char buf[32];

	if (lr_check(s, a, e) < 0)
		return -1;
	if (layers != NULL && arg_pick_layers(s, layers, pick, e) < 0)
		return -1;
	for (int i = 0; i <= NN_LAYERS_MAX && factor; i++)
		if (i == NN_LAYERS_MAX ? layers == NULL && lr > value->arg->max : (layers == NULL || pick[i]) &&
		    (layers != NULL && isnan(own[i]) ? lr : own[i] * value->num) > value->arg->max)
			return fail_at(e, value, "that would be more than %s; write the rate itself, as in `lr 0.1`",
			    num_text(buf, value->arg->max));
	for (int i = 0; i < NN_LAYERS_MAX; i++)
		if (layers == NULL || pick[i])
			s->set.run.layer_lr[i] = factor ? (float)lr_times(layers != NULL && isnan(own[i]) ? now.lr :
			    (double)own[i], value->num) : layers != NULL ? (float)value->num : NAN;
	if (layers == NULL) {
		s->set.run.lr = lr;
		settings_give(&s->set, "lr");
		if (!factor)
			s->set.schedule = (struct schedule){0};
		else
			s->set.schedule = now.schedule;
		out_text(s->out, "lr %s", num_text(buf, lr));
	} else if (factor)
		out_text(s->out, "lr of %s %s", layers->text, value->text);
	else
		out_text(s->out, "lr %s of %s", num_text(buf, lr), layers->text);
	out_event(s->out, out_pack("{s:s, s:s, s:o}", "event", "lr", "layers", layers != NULL ? layers->text : "all",
	    "lr", layers != NULL && factor ? json_null() : out_num(lr)));
	lr_pass_on(s, layers, pick, value, now.lr);
	return 0;
}

const struct cmd cmd_lr = {
	.name = "lr",
	.group = "train",
	.what = "the learning rate, of all layers or of some; also during a run",
	.text = "lr VALUE sets it for all layers and drops the rates of single ones; lr LAYERS VALUE sets it for "
	    "these. `lr /10` and `lr *0.5` change the rate that there is, and keep a schedule and what single layers "
	    "have in proportion to it; during a run that is the rate of the run. It holds from the next batch on and "
	    "in all later runs; `train lt5 lr=0.1` holds for that run alone.",
	.keras = "model.optimizer.learning_rate = 0.1",
	.example = "lr head 0.5; lr /10",
	.arg = {
		{.name = "LAYERS", .type = ARG_LAYERS, .what = "which layers; left out: all"},
		{.name = "VALUE", .type = ARG_NUM, .required = true, .min = 0, .max = 1e6, .factor = true,
		    .what = "the rate, or *X, /X"},
	},
	.when = CMD_NOW,
	.exec = lr_exec,
	.check = lr_check,
};
