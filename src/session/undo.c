/* undo.c: keeps what the model was before commands that change it, and goes back to it and forth again. */
#include "session/undo.h"

#include "model/plan.h"
#include "session/made.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

struct undo_point *
undo_point(struct session *s, const char *command, size_t len)
{
	struct nn_net *net = s->model.net;
	struct err ignored = {0};
	struct weights *w = net != NULL ? weights_keep(net, nn_net_weights(net), &s->kept, &ignored) : NULL;
	struct undo_point *p;

	if (w == NULL)
		return NULL;
	p = xcalloc(1, sizeof *p);
	*p = (struct undo_point){.command = xstrndup(command, len < 200 ? len : 200), .build = xstrdup(s->model.build),
	    .in = nn_net_input(net), .features = s->model.features, .layers = nn_net_count(net), .seed = s->model.seed,
	    .asked = s->model.asked, .trained = s->model.trained,
	    .last = s->runs.last_split, .weights = w};
	text_clean(p->command);
	for (int i = 0; i < p->layers; i++) {
		p->trainable[i] = nn_net_layer(net, i)->trainable;
		p->rate[i] = nn_net_layer(net, i)->rate;
	}
	return p;
}

static void
undo_clear(struct undo_point **list, int *n)
{
	while (*n > 0)
		undo_point_free(list[--*n]);
}

/* Puts it on a list, whose oldest ones go where there are too many or they are too large. */
static void
undo_push(struct undo_point **list, int *n, struct undo_point *p)
{
	size_t bytes = weights_params(p->weights) * sizeof(float);

	while (*n == UNDO_DEEP || (*n > 0 && bytes * (size_t)(*n + 1) > UNDO_BYTES_MAX)) {
		undo_point_free(list[0]);
		memmove(list, list + 1, (size_t)--*n * sizeof *list);
	}
	list[(*n)++] = p;
}

bool
undo_fits(const struct session *s, const struct undo_point *p)
{
	struct nn_shape in = nn_net_input(s->model.net);

	return memcmp(in.dim, p->in.dim, sizeof in.dim) == 0 && strcmp(s->model.build, p->build) == 0;
}

/* Whether the model is that of the point, of which flags, rates and weights may be other ones. */
static bool
undo_alike(const struct session *s, const struct undo_point *p)
{
	return s->model.features == p->features && undo_fits(s, p);
}

static bool
undo_same(const struct session *s, const struct undo_point *p)
{
	bool same = undo_alike(s, p) && weights_equal(p->weights, nn_net_weights(s->model.net));

	for (int i = 0; same && i < p->layers; i++) {
		const struct nn_layer *l = nn_net_layer(s->model.net, i);

		same = l->trainable == p->trainable[i] && l->rate == p->rate[i];
	}
	return same;
}

void
undo_keep(struct session *s, struct undo_point *p)
{
	if (p != NULL && s->worker.job == NULL && undo_same(s, p)) { /* while there is a job, the net is the worker's */
		undo_point_free(p);
		return;
	}
	undo_clear(s->undo.redo, &s->undo.nredo);
	if (p != NULL)
		undo_push(s->undo.undo, &s->undo.nundo, p);
}

int
undo_restore(struct session *s, const struct undo_point *p, struct err *e)
{
	struct plan plan;
	struct nn_net *net;

	if (!undo_alike(s, p)) {
		if (plan_parse(p->build, &plan, e) < 0 || (net = plan_net(&plan, p->in, e)) == NULL)
			return -1;
		session_install(s, net, p->features, p->seed);
	}
	net = s->model.net;
	weights_get(p->weights, nn_net_weights_edit(net));
	nn_net_changed(net);
	for (int i = 0; i < p->layers; i++) {
		nn_net_set_trainable(net, i, i, p->trainable[i]);
		if (nn_layer_has_rate(nn_net_layer(net, i)))
			nn_net_set_rate(net, i, p->rate[i], NULL);
	}
	compute_cache_drop(&s->compute);
	s->model.seed = p->seed;
	s->model.asked = p->asked;
	s->model.trained = p->trained;
	s->runs.last_split = p->last;
	return 0;
}

/* Goes to the last point of one list that is another than the present, which is put on the other list. */
static const struct undo_point *
undo_move(struct session *s, struct undo_point **from, int *nfrom, struct undo_point **to, int *nto, const char *word,
    struct err *e)
{
	struct undo_point *p, *now;

	while (*nfrom > 0 && s->model.net != NULL && undo_same(s, from[*nfrom - 1]))
		undo_point_free(from[--*nfrom]);
	if (*nfrom == 0 || s->model.net == NULL) {
		fail(e, "nothing to %s; what changes the model (train, freeze, reset, build, load) is kept, %d deep",
		    word, UNDO_DEEP);
		return NULL;
	}
	p = from[*nfrom - 1];
	if ((now = undo_point(s, p->command, strlen(p->command))) == NULL) {
		fail_memory(e, "not enough memory for a copy of the weights");
		return NULL;
	}
	if (undo_restore(s, p, e) < 0) {
		undo_point_free(now);
		return NULL;
	}
	undo_point_free(p);
	--*nfrom;
	undo_push(to, nto, now);
	return now;
}

const struct undo_point *
undo_back(struct session *s, struct err *e)
{
	return undo_move(s, s->undo.undo, &s->undo.nundo, s->undo.redo, &s->undo.nredo, "undo", e);
}

const struct undo_point *
undo_again(struct session *s, struct err *e)
{
	return undo_move(s, s->undo.redo, &s->undo.nredo, s->undo.undo, &s->undo.nundo, "redo", e);
}

void
undo_free(struct undo *u)
{
	undo_clear(u->undo, &u->nundo);
	undo_clear(u->redo, &u->nredo);
}
