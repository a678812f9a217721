/* point.c: weights from the session's past, found by name. */
#include "session/point.h"

#include "session/made.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

/* A copy of n floats; NULL with a sentence. */
static float *
copy(const float *from, size_t n, struct err *e)
{
	float *to = malloc(n * sizeof *to);

	if (to == NULL)
		fail_memory(e, "not enough memory for a copy of %zu weights", n);
	else
		memcpy(to, from, n * sizeof *to);
	return to;
}

int
point_keep(struct session *s, const char *name, struct err *e)
{
	struct nn_net *net = session_net(s, e);
	struct undo_point *was = net != NULL ? undo_point(s, name, strlen(name)) : NULL;

	if (net != NULL && was == NULL)
		return fail_memory(e, "not enough memory for a copy of %zu weights", nn_net_params(net));
	if (was == NULL || snapshots_keep(&s->snapshots, name, was, e) < 0) {
		undo_point_free(was);
		return -1;
	}
	return 0;
}

/* The weights that the seed of the last whole reset gives. */
static float *
initial(struct session *s, struct nn_net *net, struct err *e)
{
	struct nn_net *twin = nn_net_clone(net);
	float *w;

	if (twin == NULL) {
		fail_memory(e, "not enough memory for another net");
		return NULL;
	}
	nn_net_init(twin, 0, nn_net_count(twin) - 1, s->model.seed);
	w = copy(nn_net_weights(twin), nn_net_params(twin), e);
	nn_net_free(twin);
	return w;
}

const struct snapshot *
point_snapshot(const struct session *s, const char *text, struct err *e)
{
	const struct snapshot *p = snapshots_find(&s->snapshots, text + 1, e);
	struct err ignored = {0};

	if (p == NULL && runs_find(&s->runs, text + 1, &ignored) != NULL)
		fail(e, "no snapshot %.20s; %.20s is a run, whose weights are written without @", text, text + 1);
	return p;
}

float *
point_weights(struct session *s, const char *text, struct err *e)
{
	struct nn_net *net = session_net(s, e);
	const struct snapshot *p;
	const struct run *r;

	if (net == NULL)
		return NULL;
	if (text == NULL || strcmp(text, "now") == 0)
		return copy(nn_net_weights(net), nn_net_params(net), e);
	if (strcmp(text, "init") == 0)
		return initial(s, net, e);
	if (text[0] == '@') {
		if ((p = point_snapshot(s, text, e)) == NULL)
			return NULL;
		if (!undo_fits(s, p->was)) {
			fail(e, "%.41s is of another model, which `load %.41s` brings back; take a snapshot of this "
			    "one", text, text);
			return NULL;
		}
		return weights_block(p->was->weights, e);
	}
	if ((r = runs_find(&s->runs, text, e)) == NULL)
		return NULL;
	if (r->former != NULL) {
		fail(e, "%.20s was of another model, which `undo` or `load` of a snapshot of it brings back", text);
		return NULL;
	}
	if (r->weights == NULL || r->params != nn_net_params(net)) {
		fail(e, "the weights after %.20s are not kept: the model has changed since, or was loaded; `snapshot "
		    "NAME` keeps weights", text);
		return NULL;
	}
	return weights_block(r->weights, e);
}

char *
point_said(const struct session *s, const char *text, bool first)
{
	const struct run *last = runs_last(&s->runs);

	if (text != NULL || !first || last == NULL)
		return xstrdup(text != NULL ? text : "now");
	return xasprintf("before r%d", last->number);
}

char *
point_now(const struct session *s)
{
	const struct run *last = runs_last(&s->runs);
	const float *now = s->model.net != NULL ? nn_net_weights(s->model.net) : NULL;

	if (last == NULL)
		return xstrdup("before r1");
	for (int i = s->runs.n - 1; now != NULL && i >= 0; i--)
		if (s->runs.list[i]->weights != NULL && weights_equal(s->runs.list[i]->weights, now))
			return xasprintf("r%d", s->runs.list[i]->number);
	return xasprintf(now != NULL && last->before != NULL && weights_equal(last->before, now) ? "before r%d" :
	    "r%d, changed", last->number);
}
