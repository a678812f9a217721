/* feed_status.c: the header, the model, the runs and their curves, as the workbench shows them. */
#include "util/num.h"
#include "util/text.h"
#include "util/xmalloc.h"
#include "view/feed.h"
#include "view/feed_int.h"
#include "view/layers.h"
#include "view/rates_chart.h"

#include <math.h>
#include <stdlib.h>

double
feed_layers(struct feed *f, struct ui_model *m, double now)
{
	struct nn_net *net = f->s->model.net;
	struct ui_table *t = &m->layers;
	int n = nn_net_count(net);
	double until = 0;

	layers_table(net, t);
	for (int i = 0; i < n; i++) {
		bool lock = t->row[i].flags & UI_ROW_LOCKED;

		if (f->nlayers == n && lock != f->lock[i])
			f->lit[i] = now + FEED_FLASH;
		else if (f->nlayers != n)
			f->lit[i] = 0;
		f->lock[i] = lock;
		until = fmax(until, f->lit[i] > now ? f->lit[i] : 0);
		if (f->lit[i] > now)
			t->row[i].flags |= UI_ROW_FLASH;
	}
	f->nlayers = n;
	return until;
}

/* Adds what is frozen of the model, in the user's words. */
static void
feed_frozen(const struct session *s, struct str *b)
{
	int n = nn_net_count(s->model.net), frozen[2] = {0}, all[2] = {0}, named = 0;

	for (int i = 0; i < n; i++) {
		const struct nn_layer *l = nn_net_layer(s->model.net, i);

		if (l->params > 0) {
			all[i >= s->model.features]++;
			frozen[i >= s->model.features] += !l->trainable;
		}
	}
	if (frozen[0] + frozen[1] == 0)
		return;
	str_add(b, "  ❄");
	if (frozen[0] + frozen[1] == all[0] + all[1])
		str_add(b, " all");
	else if (frozen[0] == all[0] && all[0] > 0 && frozen[1] == 0)
		str_add(b, " features");
	else if (frozen[1] == all[1] && all[1] > 0 && frozen[0] == 0)
		str_add(b, " head");
	else
		for (int i = 0; i < n; i++) {
			const struct nn_layer *l = nn_net_layer(s->model.net, i);

			if (l->params > 0 && !l->trainable && named++ < 3)
				str_add(b, " %s", l->name);
		}
	if (named > 3)
		str_add(b, " ...");
}

void
feed_header(struct feed *f, struct ui_model *m, const struct job_view *v)
{
	const struct session *s = f->s;
	struct run *run[FEED_RUNS], *last = v != NULL && v->run != NULL ? v->run : runs_last(&s->runs);
	const struct split *now = v != NULL && v->run != NULL ? &v->run->split : &s->runs.last_split;
	struct str b = {0};
	char a[32], c[32], *waiting = queue_waiting(&s->queue);
	int n = curves_recent(&s->runs, run, FEED_RUNS);
	const struct run *before = n > 0 && run[n - 1] != last ? run[n - 1] : n > 1 ? run[n - 2] : NULL;

	if (!split_holds(now, s->data.set))
		str_add(&b, "%s", s->data.name);
	else if (before != NULL && before != last && split_alike(&last->split, now) &&
	    !split_alike(&before->split, now))
		str_add(&b, "%s → %s", before->split.name, now->name);
	else
		str_add(&b, "%s", now->name);
	feed_frozen(s, &b);
	ui_string(&m->headline, b.s);
	b.n = 0;
	str_add(&b, "trainable %s of %s", text_count(a, nn_net_trainable(s->model.net)),
	    text_count(c, nn_net_params(s->model.net)));
	if (v != NULL && v->run != NULL && v->run->cached)
		str_add(&b, "  features cached (%s)", text_bytes(a, v->run->cache_bytes));
	ui_string(&m->status, b.s);
	free(b.s);
	if (waiting[0] != '\0') {
		char *text = xasprintf("then: %s", waiting);

		text_clean(text);
		ui_string(&m->waiting, text);
		free(text);
	} else
		ui_string(&m->waiting, NULL);
	free(waiting);
}

void
feed_activity(struct ui_model *m, const struct job_view *v)
{
	char text[96] = "", eta[96] = "", left[32];

	m->progress = -1;
	m->paused = v != NULL && v->paused;
	if (v == NULL) {
		ui_string(&m->activity, NULL);
		ui_string(&m->eta, NULL);
		return;
	}
	if (v->stopping)
		snprintf(text, sizeof text, "stopping");
	else if (v->phase == JOB_TASK)
		snprintf(text, sizeof text, "%.32s", v->command);
	else if (v->phase == JOB_CACHE)
		snprintf(text, sizeof text, "filling the cache");
	else
		snprintf(text, sizeof text, "%sr%d epoch %d/%d", v->paused ? "paused " : "", v->run->number, v->epoch,
		    v->epochs);
	if (v->phase != JOB_TRAIN)
		m->progress = isfinite(v->part) ? v->part : -1;
	if (v->phase == JOB_TASK && v->trials > 0)
		progress_trials(eta, v->done, v->trials, v->left);
	if (v->phase == JOB_VALIDATE) {
		m->progress = fmax(m->progress, 0);
		snprintf(eta, sizeof eta, "validating");
	} else if (v->phase == JOB_TRAIN && v->steps > 0) {
		m->progress = (double)v->step / v->steps;
		if (isfinite(v->eta))
			snprintf(eta, sizeof eta, "%*u/%u %3s", (int)snprintf(NULL, 0, "%u", v->steps), v->step,
			    v->steps, progress_left(left, v->eta));
		else
			snprintf(eta, sizeof eta, "%*u/%u", (int)snprintf(NULL, 0, "%u", v->steps), v->step, v->steps);
	}
	ui_string(&m->activity, text);
	ui_string(&m->eta, eta[0] != '\0' ? eta : NULL);
}

int
feed_span(const struct session *s, const struct run *r)
{
	struct run *run[FEED_RUNS];
	int n = curves_recent(&s->runs, run, FEED_RUNS), k = 0;

	while (k < n && run[k] != r)
		k++;
	return n - k;
}

/* The runs whose curves were asked for, while none has begun since; else the last ones. *asked: which of both. */
static int
feed_plotted(const struct runs *runs, struct run *run[FEED_RUNS], bool *asked)
{
	const struct plotted *p = &runs->plotted;
	int n = 0;

	if (p->n > 0 && runs->n > 0 && runs->list[runs->n - 1]->number == p->last)
		for (int k = 0; k < p->n; k++)
			for (int i = 0; i < runs->n; i++)
				if (runs->list[i]->number == p->number[k])
					run[n++] = runs->list[i];
	*asked = n > 0;
	return n > 0 ? n : curves_recent(runs, run, FEED_RUNS);
}

/* Which runs a pane shows where that is not all there are: "r1-r6", or those that were asked for. NULL: all. */
static char *
feed_which(const struct runs *runs, struct run *const *run, int n, bool asked)
{
	struct str b = {0};

	if (!asked)
		return n == FEED_RUNS && curves_older(runs, run[0]) > 0 ?
		    xasprintf("r%d-r%d", run[0]->number, run[n - 1]->number) : NULL;
	for (int k = 0; k < n; k++)
		str_add(&b, k > 0 ? " r%d" : "r%d", run[k]->number);
	return b.s;
}

void
feed_runs(struct feed *f, struct ui_model *m, const struct job_view *v)
{
	static const char *const head[] = {"run", "split", "ep", "val acc", "val loss", "frozen", "lr", "batch"};
	const struct session *s = f->s;
	struct run *run[FEED_RUNS];
	struct ui_table *t = &m->runs;
	bool going = v != NULL && v->run != NULL, asked;
	int n = feed_plotted(&s->runs, run, &asked);

	for (int k = 0; k < CURVES_KINDS; k++) {
		struct ui_chart *c = k == CURVES_LOSS ? &m->loss : &m->accuracy;

		curves_chart(c, (enum curves_kind)k, run, n, CURVES_SMOOTH, going && n > 0 && run[n - 1] == v->run);
		curves_states(c, &s->model, run, n);
		if (going && n > 0 && run[n - 1] == v->run && v->epoch > v->run->nepoch && v->step > 0)
			curves_so_far(&c->rule[n - 1], v->run->number, v->epoch,
			    k == CURVES_LOSS ? v->loss : v->accuracy);
		c->which = feed_which(&s->runs, run, n, asked);
		if (n == 0 && going) /* the axis of the run that is about to begin */
			c->xend = v->epochs;
	}
	if (!going && rates_newest(&s->runs.rates, s->runs.n > 0 ? runs_last(&s->runs)->number : 0))
		rates_chart(&m->loss, &s->runs.rates);
	ui_table_clear(t);
	t->ncols = 8;
	for (int i = 0; i < 8; i++) {
		t->head[i] = xstrdup(head[i]);
		t->align[i] = i >= 2 && i != 5 ? UI_RIGHT : UI_LEFT;
	}
	t->keep = 1 << 0 | 1 << 1 | 1 << 5;
	t->tail = true;
	t->besides = s->runs.n > 100 ? (size_t)s->runs.n - 100 : 0;
	if (t->besides > 0)
		ui_string(&t->title, "`runs` lists all");
	for (int i = s->runs.n > 100 ? s->runs.n - 100 : 0; i < s->runs.n; i++) { /* in the order of `runs` */
		const struct run *r = s->runs.list[i];
		const struct epoch_record *e = run_figures(r);
		char name[16], epochs[32], acc[32] = "", loss[32] = "", lr[32], batch[16];
		char *frozen = curves_frozen(&s->model, r), *word, *rate;
		bool turned, changed;

		run_changed(r, &turned, &changed); /* as `runs` marks it */
		word = xasprintf("%s%s", frozen != NULL ? frozen : "-", changed ? "*" : "");
		rate = xasprintf("%s%s", num_text(lr, r->config.lr), turned ? "*" : "");
		snprintf(name, sizeof name, "r%d", r->number);
		snprintf(epochs, sizeof epochs, r->nepoch < r->epochs ? "%d/%d" : "%d", r->nepoch, r->epochs);
		if (isfinite(e->val_accuracy)) {
			num_fixed(acc, e->val_accuracy, 4);
			num_fixed(loss, e->val_loss, 4);
		}
		snprintf(batch, sizeof batch, "%d", r->config.batch);
		ui_table_add(t, (const char *const[]){name, r->split.name, epochs, acc, loss,
		    word, rate, batch},
		    going && r == v->run ? UI_ROW_MARK : 0);
		if (r->changes != NULL && t->besides == 0)
			ui_string(&t->title, "* changed: `history`");
		free(frozen);
		free(word);
		free(rate);
	}
}
