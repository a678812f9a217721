/* report.c: what a run prints as it goes. Figures that depend on the clock go through the setting timing. */
#include "train/report.h"

#include "past/layered.h"
#include "util/num.h"
#include "util/row.h"
#include "util/signals.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void
report_data(struct session *s, const struct run *r)
{
	struct nn_shape shape = s->data.set->train.images.shape;

	out_text(s->out, "x_train shape: (%zu, %d, %d, %d)", r->train, shape.dim[0], shape.dim[1], shape.dim[2]);
	out_text(s->out, "%zu train samples", r->train);
	out_text(s->out, "%zu test samples", r->test);
}

static void
report_goal(struct str *b, const struct run *r)
{
	char *goal = goal_text(&r->goal);

	if (r->validate == 0)
		str_add(b, "  validate=end");
	else if (r->validate > 1)
		str_add(b, "  validate=%d", r->validate);
	if (r->goal_asked)
		str_add(b, "  stop=%s", goal);
	if (r->checkpoint != NULL)
		str_add(b, "  checkpoint=best:%s", r->checkpoint);
	free(goal);
}

static void
report_header(struct session *s, const struct run *r)
{
	const struct nn_run_config *c = &r->config;
	const struct turn now = turn_last(r); /* a resume goes on with them */
	char *mapping = split_mapping(&r->split, s->data.set), *schedule = schedule_text(&now.schedule), buf[32];
	struct str b = {0};

	str_add(&b, "run r%d: %s (%s)  %u steps/epoch  %s lr=%s%s%s", r->number, r->split.name, mapping,
	    run_steps(r), c->optimizer->name, num_text(buf, now.lr), *schedule != '\0' ? ":" : "", schedule);
	for (int i = 0; i < nn_net_count(s->model.net); i++)
		if (!isnan(now.layer_lr[i]) && nn_net_layer(s->model.net, i)->params > 0)
			str_add(&b, " lr(%s)=%s", nn_net_layer(s->model.net, i)->name,
			    num_text_float(buf, now.layer_lr[i]));
	for (const char *const *h = c->optimizer->hyper; h < c->optimizer->hyper + 4 && *h != NULL; h++)
		str_add(&b, " %s=%s", *h, num_text(buf, *settings_real(c, settings_find(*h, false, NULL))));
	str_add(&b, "  batch=%d", c->batch);
	if (r->take.limit > 0)
		str_add(&b, "  limit=%zu", r->take.limit);
	if (r->take.drawn)
		str_add(&b, "  sample=%" PRIu64, r->take.seed);
	str_add(&b, "  seed=%" PRIu64, c->seed);
	if (!c->shuffle)
		str_add(&b, "  shuffle=off");
	if (r->slots[0] != '\0')
		str_add(&b, "  slots=loaded (%s step%s)", text_count(buf, r->slots_steps), r->slots_steps == 1 ? "" :
		    "s");
	str_add(&b, "  threads=%d  kernels=%s", r->threads, r->kernels);
	if (r->watch.kind != SPLIT_NONE)
		str_add(&b, "  watch=%s%s", r->watch.name, r->by_batch ? " by=batch" : "");
	report_goal(&b, r);
	if (strcmp(r->data, DATA_BUNDLED) != 0)
		str_add(&b, "  data=%s", r->data);
	if (r->cached)
		str_add(&b, "  features cached (%s)", text_bytes(buf, r->cache_bytes));
	if (r->cached && s->out->timing && r->cache_seconds > 0)
		str_add(&b, " in %s s", num_fixed(buf, r->cache_seconds, 1));
	out_text(s->out, "%s", b.s);
	free(b.s);
	free(mapping);
	free(schedule);
}

struct report_columns
report_columns(struct run *const *run, int n)
{
	struct report_columns c = {false};

	for (int i = 0; i < n; i++) {
		c.lr |= turn_varies(run[i]);
		c.watch |= run[i]->watch.kind != SPLIT_NONE;
		c.record |= run[i]->number == 0;
	}
	return c;
}

void
report_row(struct out *o, const struct run *r, int i, const struct report_columns *c)
{
	static const struct epoch_record none;
	const struct epoch_record *x = i >= 0 ? &r->epoch[i] : &none;
	char rate[32];
	bool going = c == NULL, alone = r->watch.kind == SPLIT_NONE, constant = !turn_varies(r);
	/* where rows follow a head of CSV that is written already */
	bool no_lr = going ? r->schedule.kind == SCHEDULE_NONE : !c->lr, no_watch = going ? alone : !c->watch;
	const struct row_cell row[] = {
		{"run", ROW_INT, .in = going ? ROW_IN_ALL : ROW_IN_CSV | ROW_IN_JSON, .unknown = r->number == 0,
		    .n = r->number},
		{"epoch", ROW_INT, -6, .n = i + 1},
		{"accuracy", ROW_REAL, 9, 4, .unknown = isnan(x->accuracy), .x = x->accuracy},
		{"loss", ROW_REAL, 9, 4, .unknown = isnan(x->accuracy), .x = x->loss},
		{"val_accuracy", ROW_REAL, 13, 4, .unknown = isnan(x->val_accuracy), .x = x->val_accuracy},
		{"val_loss", ROW_REAL, 9, 4, .unknown = isnan(x->val_accuracy), .x = x->val_loss},
		{"lr", ROW_TEXT, -9, .gap = 2, .in = ROW_IN_TEXT, .off = constant, .s = rate},
		{"lr", ROW_REAL, .in = ROW_IN_CSV, .off = no_lr, .x = turn_lr(r, i)},
		{"lr", ROW_REAL, .in = ROW_IN_JSON, .off = constant, .x = turn_lr(r, i)},
		{"seconds", ROW_SECONDS, .in = ROW_IN_JSON, .off = !going, .x = x->seconds},
		{"watch_accuracy", ROW_REAL, 15, 4, .off = no_watch, .unknown = alone || isnan(x->watch_accuracy),
		    .x = x->watch_accuracy},
		{"watch_loss", ROW_REAL, 11, 4, .off = no_watch, .unknown = alone || isnan(x->watch_accuracy),
		    .x = x->watch_loss},
		{"seconds", ROW_SECONDS, 8, 2, .in = going ? ROW_IN_CSV : ROW_IN_ALL, .x = x->seconds},
		{"record", ROW_TEXT, .in = ROW_IN_CSV | ROW_IN_JSON, .off = going || !c->record,
		    .s = r->record[0] != '\0' ? r->record : NULL}, {0}};

	snprintf(rate, sizeof rate, "%.4g", turn_lr(r, i));
	if (going && o->mode == OUT_TABLE) /* text has the progress line */
		return;
	if (i < 0)
		row_head(o, "epoch", row);
	else
		row_print(o, "epoch", false, row);
}

bool
report_head(struct session *s, const struct split *split, const char *then)
{
	const struct split *trained = &s->model.trained;
	char *other;

	if (trained->kind == SPLIT_NONE || split_speaks(trained, split))
		return false;
	other = split_against(trained, split);
	out_note(s->out, "the head was trained on %s; %s (`reset head` for a fresh one)", other, then);
	free(other);
	return true;
}

void
report_run(struct session *s, const struct run *r)
{
	int digits = split_count(&r->split), units = nn_net_classes(s->model.net);
	char unseen[64];

	report_header(s, r);
	out_event(s->out, report_run_json(r));
	report_row(s->out, r, -1, NULL);
	if (units - digits == 1)
		snprintf(unseen, sizeof unseen, "unit %d never sees", digits);
	else
		snprintf(unseen, sizeof unseen, "units %d to %d never see", digits, units - 1);
	if (digits < units && r->split.by_digit)
		out_note(s->out, "%s: the %d output unit%s of other %s see%s no sample of their own",
		    r->split.named ? "class n is unit n" : "digit d is unit d", units - digits,
		    units - digits == 1 ? "" : "s", split_word(&r->split, 2),
		    units - digits == 1 ? "s" : "");
	else if (digits < units)
		out_note(s->out, "%d %s for %d output units: %s a sample (`build classes=%d` makes a model that "
		    "fits)", digits, split_word(&r->split, digits), units, unseen, digits);
	if (r->nepoch == 0)
		report_head(s, &r->split, "going on from its weights, as the example does");
	if (r->nepoch == 0 && r->watch.kind != SPLIT_NONE && !split_speaks(&r->watch, &r->split))
		out_note(s->out, "%s is watched, but its units stand for the %s of %s from now on: it falls for that "
		    "alone (`build classes=%d` and `set units digit` give each %s a unit of its own)",
		    r->watch.name, split_word(&r->split, 2), r->split.name, s->data.set->classes,
		    split_word(&r->split, 1));
}

void
report_given_up(struct session *s, const struct run *r)
{
	const struct run *cut = s->runs.n > 1 ? s->runs.list[s->runs.n - 2] : NULL;

	if (cut == NULL || !cut->interrupted)
		return;
	out_note(s->out, "r%d was interrupted in epoch %d/%d and can no longer be resumed here, since r%d has begun; a "
	    "`save FILE` before another run keeps one that `load FILE` and `resume` finish", cut->number,
	    cut->nepoch < cut->epochs ? cut->nepoch + 1 : cut->epochs, cut->epochs, r->number);
}

static struct progress_style
report_style(const struct session *s, int verbose)
{
	return (struct progress_style){.verbose = verbose,
	    .utf8 = settings_utf8(&s->set, s->out),
	    .colour = s->out->colour, .timing = s->out->timing};
}

void
report_epoch_begin(struct session *s, int epoch, int epochs, int verbose)
{
	char buf[48];

	if (verbose > 0 && epochs > 1) /* as Keras */
		out_text(s->out, "%s", progress_epoch(buf, epoch, epochs));
}

/* The columns of a line with a bar, on a screen; a line that fills the last column may end the row. */
static int
report_room(const struct session *s)
{
	const struct out *o = s->out;

	return (o->columns > 0 ? o->columns : o->auto_width) - 1;
}

void
report_step(struct session *s, const struct job_view *v)
{
	struct progress_style style = report_style(s, v->verbose);
	struct progress p = {.step = v->step, .steps = v->steps, .pace = v->pace, .n = 2,
	    .metric = {{"accuracy", (float)v->accuracy}, {"loss", (float)v->loss}}}; /* Keras holds them so */
	char *line;

	style.width = report_room(s);
	style.verbose = 1; /* in a batch, too, where the epoch's line is another one */
	if ((v->verbose != 1 && (v->verbose == 0 || s->user.interactive)) || v->step == 0 || !s->out->moving ||
	    (line = progress_line(&p, &style)) == NULL)
		return;
	out_progress(s->out, line);
	free(line);
}

void
report_epoch(struct session *s, const struct run *r, int epoch, uint32_t steps, const struct progress_pace *pace,
    int verbose)
{
	const struct epoch_record *x = &r->epoch[epoch - 1];
	struct progress_style style = report_style(s, verbose);
	struct progress p = {.step = steps, .steps = steps, .final = true, .pace = *pace, .n = 1,
	    .metric = {{"accuracy", (float)x->accuracy}}};
	char *line;

	if (s->out->moving) /* a pipe gets Keras' own line */
		style.width = report_room(s);
	if (turn_varies(r)) /* as Keras' LearningRateScheduler logs it */
		p.metric[p.n++] = (struct progress_metric){"learning_rate", (float)turn_lr(r, epoch - 1)};
	p.metric[p.n++] = (struct progress_metric){"loss", (float)x->loss};
	if (!isnan(x->val_accuracy)) {
		p.metric[p.n++] = (struct progress_metric){"val_accuracy", (float)x->val_accuracy};
		p.metric[p.n++] = (struct progress_metric){"val_loss", (float)x->val_loss};
	}
	if (!isnan(x->watch_accuracy)) {
		p.metric[p.n++] = (struct progress_metric){"watch_accuracy", (float)x->watch_accuracy};
		p.metric[p.n++] = (struct progress_metric){"watch_loss", (float)x->watch_loss};
	}
	line = progress_line(&p, &style);
	if (line != NULL)
		out_text(s->out, "%s", line);
	free(line);
	report_row(s->out, r, epoch - 1, NULL);
}

void
report_watched(struct session *s, const struct run *r, int step, int verbose)
{
	const struct batch_point *p = &r->watched[r->nwatched - 1];

	if (verbose == 0 && s->out->mode == OUT_TABLE)
		return;
	row_print(s->out, "watched", r->nwatched == 1, (const struct row_cell[]){
		{"run", ROW_INT, .n = r->number},
		{"split", ROW_TEXT, .s = r->watch.name},
		{"batches", ROW_INT, 7, .n = step},
		{"watch_accuracy", ROW_REAL, 15, 4, .x = p->accuracy},
		{"watch_loss", ROW_REAL, 11, 4, .x = p->loss}, {0}});
}

/* Which weights stay, where the run was to find the best ones. */
static void
report_best(struct session *s, const struct run *r)
{
	int best = run_stands(r);
	char figure[32];

	if (!r->goal_asked || best == 0)
		return;
	out_text(s->out, "%s: the weights of epoch %d/%d stay, whose %s is the best, %s", r->nepoch < r->epochs ?
	    "ended early" : "ended", best, r->nepoch, r->goal.metric, num_fixed(figure, goal_figure(&r->goal,
	    &r->epoch[best - 1]), 4));
}

char *
report_duration(double seconds)
{
	unsigned long long ms = (unsigned long long)(seconds * 1000 + 0.5);

	return xasprintf("%llu:%02llu:%02llu.%03llu", ms / 3600000, ms / 60000 % 60, ms / 1000 % 60, ms % 1000);
}

/* A batch normalization whose statistics cannot have followed in so few steps. */
static void
report_lag(struct session *s, const struct run *r)
{
	uint64_t steps = (uint64_t)r->nepoch * run_steps(r);
	const struct nn_net *net = s->model.net;

	for (int i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *l = nn_net_layer(net, i);
		char momentum[32];

		if (strcmp(nn_layer_kind_name(l), "batch_normalization") != 0 || !l->trainable ||
		    (double)steps * (1 - l->spec.momentum) >= 1)
			continue;
		out_note(s->out, "in %llu steps the moving statistics of %s, of the momentum %s, lag behind, by which "
		    "test images are scored; train longer%s (`help batch_normalization`)", (unsigned long long)steps,
		    l->name, num_text(momentum, l->spec.momentum), l->spec.momentum > 0.9 ?
		    ", or `build` it with momentum=0.9" : "");
		return;
	}
}

/* What becomes of a run that was cut: the session that has it may end now, and may save nothing as it does. */
static const char *
report_kept(const struct session *s)
{
	if (signals_pending() == 0 || (!s->user.safe && (s->set.keep || !s->user.interactive)))
		return "weights and history are kept, `resume` goes on";
	if (s->user.safe)
		return s->ran != NULL ? "its weights are not kept under --safe" : "nothing is kept under --safe";
	return s->ran != NULL ? "its weights are not kept, since `keep` is off" :
	    "nothing is kept, since `keep` is off";
}

void
report_end(struct session *s, const struct run *r, bool invalid)
{
	const struct epoch_record *last = r->nepoch > 0 ? run_figures(r) : NULL;
	uint32_t steps = run_steps(r);
	char *time = report_duration(r->seconds), buf[32];
	json_t *event;

	if (r->interrupted && r->state.step == 0 && r->partial.count > 0)
		out_text(s->out, "interrupted before the validation of epoch %d/%d; %s", r->nepoch + 1, r->epochs,
		    report_kept(s));
	else if (r->interrupted)
		out_text(s->out, "interrupted in epoch %d/%d after batch %u/%u; %s", r->nepoch + 1, r->epochs,
		    r->state.step, steps, report_kept(s));
	else if (!invalid) {
		if (s->out->timing)
			out_text(s->out, "Training time: %s", time);
		report_best(s, r);
		if (last != NULL && !isnan(last->val_accuracy)) {
			out_text(s->out, "Test score: %s", num_fixed(buf, last->val_loss, 4));
			out_text(s->out, "Test accuracy: %s", num_fixed(buf, last->val_accuracy, 4));
		}
		report_lag(s, r);
	}
	event = out_pack("{s:s, s:i, s:i, s:o, s:b, s:s}", "event", "trained", "run", r->number, "epochs",
	    r->nepoch, "seconds", out_seconds(s->out, r->seconds), "interrupted", (int)r->interrupted, "weights",
	    r->sha256);
	if (r->goal_asked && !r->interrupted)
		json_object_set_new(event, "best", json_integer(run_stands(r)));
	out_event(s->out, event);
	free(time);
}
