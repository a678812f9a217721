/* point.c: weights of the session's past, by name. */
#include "point.h"

#include "util/xmalloc.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static void
snapshot_free(struct snapshot *p)
{
	free(p->name);
	free(p->weights);
	free(p);
}

/* A copy of n floats; NULL with a sentence. */
static float *
copy(const float *from, size_t n, struct err *e)
{
	float *to = malloc(n * sizeof *to);

	if (to == NULL)
		fail(e, "not enough memory for a copy of %zu weights; close other programs", n);
	else
		memcpy(to, from, n * sizeof *to);
	return to;
}

static struct snapshot *
snapshot_find(const struct session *s, const char *name)
{
	for (int i = 0; i < s->nsnapshots; i++)
		if (strcmp(s->snapshots[i]->name, name) == 0)
			return s->snapshots[i];
	return NULL;
}

int
snapshot_take(struct session *s, const char *name, struct err *e)
{
	struct nn_net *net = session_net(s, e);
	struct snapshot *p;
	float *weights;

	if (net == NULL)
		return -1;
	if (*name == '\0' || strlen(name) > 40 || strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") != strlen(name))
		return fail(e, "\"%.40s\" is no name for a snapshot; take letters, digits, - and _", name);
	if ((weights = copy(nn_net_weights(net), nn_net_params(net), e)) == NULL)
		return -1;
	if ((p = snapshot_find(s, name)) == NULL) {
		p = xcalloc(1, sizeof *p);
		p->name = xstrdup(name);
		s->snapshots = xrealloc(s->snapshots, (size_t)s->nsnapshots + 1, sizeof *s->snapshots);
		s->snapshots[s->nsnapshots++] = p;
	}
	free(p->weights);
	p->weights = weights;
	p->params = nn_net_params(net);
	return 0;
}

void
snapshot_clear(struct session *s)
{
	for (int i = 0; i < s->nsnapshots; i++)
		snapshot_free(s->snapshots[i]);
	s->nsnapshots = 0;
}

/* The weights that the seed of the last whole reset gives. */
static float *
initial(struct session *s, struct nn_net *net, struct err *e)
{
	struct nn_net *twin = nn_net_clone(net);
	float *w;

	if (twin == NULL) {
		fail(e, "not enough memory for another net; close other programs");
		return NULL;
	}
	nn_net_init(twin, 0, nn_net_count(twin) - 1, s->model.seed);
	w = copy(nn_net_weights(twin), nn_net_params(twin), e);
	nn_net_free(twin);
	return w;
}

static void
no_snapshot(const struct session *s, const char *name, struct err *e)
{
	char list[256] = "";
	size_t n = 0;

	for (int i = 0; i < s->nsnapshots && n < sizeof list; i++)
		n += (size_t)snprintf(list + n, sizeof list - n, " @%s", s->snapshots[i]->name);
	if (s->nsnapshots == 0)
		fail(e, "no snapshot @%.40s; `snapshot %.40s` keeps the weights as they are now", name, *name != '\0' ? name : "NAME");
	else
		fail(e, "no snapshot @%.40s; there are%s", name, list);
}

float *
point_weights(struct session *s, const char *text, struct err *e)
{
	struct nn_net *net = session_net(s, e);
	const struct snapshot *p;
	const struct run *r;

	if (net == NULL)
		return NULL;
	if (text == NULL)
		return copy(nn_net_weights(net), nn_net_params(net), e);
	if (strcmp(text, "init") == 0)
		return initial(s, net, e);
	if (text[0] == '@') {
		if ((p = snapshot_find(s, text + 1)) == NULL) {
			no_snapshot(s, text + 1, e);
			return NULL;
		}
		if (p->params != nn_net_params(net)) {
			fail(e, "%.41s is of another model; take a snapshot of this one", text);
			return NULL;
		}
		return copy(p->weights, p->params, e);
	}
	if ((r = session_run_find(s, text, e)) == NULL)
		return NULL;
	if (r->weights == NULL || r->params != nn_net_params(net)) {
		fail(e, "the weights after %.20s are not kept: the model has changed since, or was loaded; `snapshot NAME` keeps weights", text);
		return NULL;
	}
	return copy(r->weights, r->params, e);
}
