/* report_json.c: what a run was made with, for programs. */
#include "train/report.h"

#include "past/layered.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

/* Rates of layers' own. */
static json_t *
report_rates(const char *rates)
{
	json_t *o = json_object();
	char *copy = xstrdup(rates), *rest = copy, *word, *is;

	while ((word = strsep(&rest, " ")) != NULL)
		if ((is = strchr(word, '=')) != NULL) {
			*is = '\0';
			json_object_set_new(o, word, out_num(strtod(is + 1, NULL)));
		}
	free(copy);
	return o;
}

/* What not every run is asked. */
static void
report_asked_json(json_t *run, const struct run *r)
{
	char *schedule = schedule_text(&r->schedule), *goal = goal_text(&r->goal), *rates = run_rates(r);

	if (*schedule != '\0')
		json_object_set_new(run, "schedule", out_string(schedule));
	if (*rates != '\0')
		json_object_set_new(run, "layer_lr", report_rates(rates));
	free(rates);
	if (r->validate != 1)
		json_object_set_new(run, "validate", r->validate > 0 ? json_integer(r->validate) : out_string("end"));
	if (r->by_batch)
		json_object_set_new(run, "by", out_string("batch"));
	if (r->goal_asked)
		json_object_set_new(run, "stop", out_string(goal));
	if (r->checkpoint != NULL)
		json_object_set_new(run, "checkpoint", out_string(r->checkpoint));
	if (r->changes != NULL)
		json_object_set_new(run, "changes", out_string(r->changes));
	if (r->slots[0] != '\0') {
		json_object_set_new(run, "slots", out_string("loaded"));
		json_object_set_new(run, "slots_steps", json_integer((json_int_t)r->slots_steps));
	}
	free(schedule);
	free(goal);
}

/* What the optimizer has, and the model. */
static void
report_settings_json(json_t *run, const struct run *r)
{
	const struct nn_run_config *c = &r->config;

	for (const char *const *h = c->optimizer->hyper; h < c->optimizer->hyper + 4 && *h != NULL; h++)
		json_object_set_new(run, *h, out_num(*settings_real(c, settings_find(*h, false, NULL))));
	json_object_set_new(run, "shuffle", json_boolean(c->shuffle));
	json_object_set_new(run, "params", json_integer((json_int_t)r->params));
	json_object_set_new(run, "trainable", json_integer((json_int_t)r->trainable));
	json_object_set_new(run, "first_epoch", json_integer((json_int_t)r->first_epoch));
	if (r->model != NULL) {
		json_object_set_new(run, "model", out_string(r->model));
		json_object_set_new(run, "input", out_shape(r->input.rank, r->input.dim));
	}
}

json_t *
report_run_json(const struct run *r)
{
	json_t *digits = json_array(), *run;

	for (int i = 0; i < split_count(&r->split); i++)
		json_array_append_new(digits, json_integer(split_nth(&r->split, i)));
	run = out_pack("{s:s, s:i, s:s, s:s, s:o, s:I, s:I, s:i, s:i, s:i, s:s, s:o, s:o, s:o, s:s, s:o, s:b, s:I}",
	    "event", "run", "run", r->number, "data", r->data, "split", r->split.name, "digits", digits,
	    "train", (json_int_t)r->train, "test", (json_int_t)r->test, "steps", (int)run_steps(r), "epochs",
	    r->epochs, "batch", r->config.batch, "optimizer", r->config.optimizer->name, "lr", out_num(r->config.lr),
	    "seed", json_integer((json_int_t)r->config.seed), "threads", r->threads > 0 ? json_integer(r->threads) :
	    json_null(), "kernels", r->kernels, "frozen", out_words(r->frozen), "cached", (int)r->cached, "limit",
	    (json_int_t)r->take.limit);
	if (r->take.drawn)
		json_object_set_new(run, "sample", json_integer((json_int_t)r->take.seed));
	report_settings_json(run, r);
	if (r->nturn > 0) /* lr is the first one */
		json_object_set_new(run, "lr_now", out_num(turn_last(r).lr));
	if (r->split.by_digit)
		json_object_set_new(run, "units", out_string("digit"));
	if (r->watch.kind != SPLIT_NONE)
		json_object_set_new(run, "watch", out_string(r->watch.name));
	report_asked_json(run, r);
	return run;
}
