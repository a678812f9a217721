/* feed_explain.c: the arithmetic of one unit, as it stands and, while a run goes on, again and again between two
 * batches. Nothing is computed for a pane that is not in view.
 */
#include "session/made.h"
#include "util/xmalloc.h"
#include "view/explain_view.h"
#include "view/feed.h"
#include "view/feed_int.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define EXPLAIN_EVERY 0.5 /* seconds between two of a run: numbers that are to be read */
#define EXPLAIN_SLOW 0.1 /* seconds for which a screen may stand still: where the end of a batch is longer to come, */
#define EXPLAIN_SHARE 20 /* so many times that passes until it stands still again */
#define EXPLAIN_ROWS 100 /* of a long list: the pane scrolls */
#define EXPLAIN_LIVE 3000 /* the numbers of the maps' pictures, from here on */

void
feed_explain_ask(struct feed *f, const struct explain_unit *at, const struct image *im)
{
	char *layer = xstrdup(nn_net_layer(f->s->model.net, at->layer)->name);
	struct image *copy = image_copy(im);

	free(f->explain_layer);
	image_free(f->explain_image);
	f->explain_layer = layer;
	f->explain_image = copy;
	f->explain_at = *at;
	f->explain_took = 0;
	f->touched = true;
}

/* The unit that was asked for, in the model as it is; false: it has no such unit, or takes no such picture. */
static bool
explain_find(const struct feed *f, struct explain_unit *at)
{
	const struct nn_net *net = f->s->model.net;
	const struct nn_layer *l = NULL;
	struct err ignored = {0};

	*at = f->explain_at;
	for (int i = 0; l == NULL && i < nn_net_count(net); i++)
		if (strcmp(nn_net_layer(net, i)->name, f->explain_layer) == 0) {
			l = nn_net_layer(net, i);
			at->layer = i;
		}
	if (l == NULL || at->unit >= l->out.dim[l->out.rank - 1] || (at->y >= 0) != (l->out.rank == 3))
		return false;
	if (l->out.rank == 3 && (at->y >= l->out.dim[0] || at->x >= l->out.dim[1]))
		return false;
	return model_takes(net, f->explain_image->shape, "", &ignored) == 0 && session_engine(f->s, &ignored) != NULL;
}

/* Whether the weights may be others by now; what a pause leaves in view is of its moment. */
static bool
explain_old(const struct feed *f, const struct job_view *v, double now)
{
	if (v != NULL && !v->paused && f->explain_took > EXPLAIN_SLOW && now < f->explain_next)
		return false;
	return f->explain_stale || (v != NULL && (now >= f->explain_next ||
	    (v->paused && v->step != f->explain_step)));
}

/* Of which moment of a run it is. */
static void
explain_moment(const struct job_view *v, struct ui_parts *out)
{
	if (v == NULL)
		return;
	out->maps.note = xasprintf("r%d epoch %d batch %u", v->run->number, v->epoch, v->step);
	out->maps.brief = xasprintf("batch %u", v->step);
}

struct explain_now {
	struct explain x;
	const struct image *im;
};

static int
explain_call(struct session *s, void *arg, struct err *e)
{
	struct explain_now *now = arg;

	return explain_make(s, now->im, &now->x, e);
}

void
feed_explain(struct feed *f, struct ui_model *m, const struct job_view *v, double now)
{
	struct explain_now x = {.im = f->explain_image};
	char *name;
	struct err why = {0};

	if (!(f->sees & FEED_EXPLAIN) || f->explain_layer == NULL || (v != NULL && v->run == NULL) ||
	    !explain_old(f, v, now))
		return;
	f->explain_stale = false;
	f->explain_step = v != NULL ? v->step : 0;
	ui_parts_clear(&m->explain);
	if (!explain_find(f, &x.x.at)) {
		m->explain.maps.note = xasprintf("this model has no such unit of %s, or takes no such picture",
		    f->explain_layer);
		return;
	}
	if (job_call(&f->s->worker, explain_call, f->s, &x, &why) < 0)
		m->explain.maps.note = xstrdup(why.text);
	else {
		name = explain_unit_name(f->s, &x.x.at);
		m->explain.maps.title = xasprintf("%s of %s", name, f->explain_image->name);
		free(name);
		explain_maps(f->s, &x.x, EXPLAIN_LIVE, &m->explain.maps);
		explain_table(f->s, &x.x, EXPLAIN_ROWS, &m->explain.terms);
		explain_moment(v, &m->explain);
	}
	explain_free(&x.x);
	f->explain_took = f->clock() - now; /* mostly the rest of the batch that the worker was at */
	f->explain_next = now + fmax(EXPLAIN_EVERY, EXPLAIN_SHARE * f->explain_took);
}
