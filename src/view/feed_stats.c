/* feed_stats.c: weights, activations or gradients as histograms: as they stand, and while a run goes on again and
 * again. Nothing is computed for a pane that is not in view.
 */
#include "session/made.h"
#include "util/text.h"
#include "util/xmalloc.h"
#include "view/feed.h"
#include "view/feed_int.h"
#include "view/stats_view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STATS_EVERY 2.0 /* seconds between those of a run: all weights take some milliseconds */
#define STATS_SLOW 0.1 /* seconds for which a screen may stand still: where the end of a batch is longer to come, */
#define STATS_SHARE 20 /* so many times that passes until it stands still again */
#define STATS_LIVE 2000 /* the numbers of their pictures, from here on */

void
feed_stats_ask(struct feed *f, const struct stats *x)
{
	const struct nn_net *net = f->s->model.net;
	struct str b = {0};
	bool all = true;

	str_add(&b, ",");
	for (int i = 0; i < nn_net_count(net); i++) {
		all &= x->pick[i];
		if (x->pick[i])
			str_add(&b, "%s,", nn_net_layer(net, i)->name);
	}
	free(f->stats_layers);
	f->stats_layers = all ? NULL : b.s;
	if (all)
		free(b.s);
	f->stats_of = x->of;
	f->stats_split_given = x->split_given;
	f->stats_split = x->split;
	f->stats_took = 0; /* these are wanted now */
	f->touched = true;
}

/* The layers of those names; all where the model has none of them any more. */
static void
stats_pick(const struct feed *f, struct stats *x)
{
	const struct nn_net *net = f->s->model.net;
	int n = 0;

	for (int i = 0; f->stats_layers != NULL && i < nn_net_count(net); i++) {
		char *name = xasprintf(",%s,", nn_net_layer(net, i)->name);

		x->pick[i] = strstr(f->stats_layers, name) != NULL;
		n += x->pick[i] && (x->of == STATS_ACTIVATIONS || nn_net_layer(net, i)->params > 0);
		free(name);
	}
	for (int i = 0; n == 0 && i < nn_net_count(net); i++)
		x->pick[i] = true;
}

/* Activations and gradients need a picture that the net takes. */
static bool
stats_can(const struct feed *f, struct err *e)
{
	const struct dataset *d = f->s->data.set;

	return f->stats_of == STATS_WEIGHTS || (d != NULL && model_takes(f->s->model.net, d->test.images.shape, d->name,
	    e) == 0 && session_engine(f->s, e) != NULL);
}

/* Whether those in view may be others by now; what a pause leaves in view is of its moment. */
static bool
stats_old(const struct feed *f, const struct job_view *v, double now)
{
	if (v != NULL && v->run == f->stats_run && !v->paused && f->stats_took > STATS_SLOW && now < f->stats_next)
		return false;
	if (f->stats_stale)
		return true;
	return v != NULL && v->run != NULL && (v->run != f->stats_run || v->run->nepoch != f->stats_epoch ||
	    now >= f->stats_next || (v->paused && v->step != f->stats_step));
}

void
feed_stats(struct feed *f, struct ui_model *m, const struct job_view *v, double now)
{
	struct stats *x;
	struct err why = {0};

	if (!(f->sees & FEED_STATS) || (v != NULL && v->run == NULL) || !stats_old(f, v, now))
		return;
	f->stats_stale = false;
	f->stats_run = v != NULL ? v->run : NULL;
	f->stats_epoch = v != NULL ? v->run->nepoch : 0;
	f->stats_step = v != NULL ? v->step : 0;
	x = xcalloc(1, sizeof *x);
	x->of = f->stats_of;
	x->split = f->stats_split;
	x->split_given = f->stats_split_given;
	stats_pick(f, x);
	ui_histograms_clear(&m->stats);
	if (!stats_can(f, &why))
		m->stats.note = xstrdup("these need pictures that the model takes: data");
	else if (job_call(&f->s->worker, stats_measure, f->s, x, &why) < 0)
		m->stats.note = xstrdup(why.text);
	else
		stats_view(f->s, x, STATS_LIVE, &m->stats);
	stats_clear(x);
	free(x);
	f->stats_took = f->clock() - now; /* mostly the rest of the batch that the worker was at */
	f->stats_next = now + fmax(STATS_EVERY, STATS_SHARE * f->stats_took);
}
