/* expr_frozen.c: how far weights have moved: what is frozen since the last run began, by the weights that it began with
 * or, where these were not kept, by what it found at its end; any layers since a point of the session's past.
 */
#include "language/expr_frozen.h"

#include "language/arg.h"
#include "session/made.h"
#include "session/point.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool
is_frozen(const struct nn_layer *l)
{
	return !l->trainable && l->params > 0;
}

static double
frozen_moved(struct nn_net *net, const struct weights *from)
{
	bool pick[NN_LAYERS_MAX];

	for (int i = 0; i < nn_net_count(net); i++)
		pick[i] = is_frozen(nn_net_layer(net, i));
	return weights_moved(from, net, pick);
}

char *
expr_frozen_late(struct session *s)
{
	const struct run *r = runs_last(&s->runs);
	const struct nn_net *net = s->model.net;
	struct str b = {0};

	for (int i = 0; r != NULL && net != NULL && i < nn_net_count(net); i++)
		if (is_frozen(nn_net_layer(net, i)) && !run_froze(r, nn_net_layer(net, i)->name))
			str_add(&b, "%s%s", b.n > 0 ? " " : "", nn_net_layer(net, i)->name);
	return b.s;
}

/* By what the run found, which nothing has changed since: it froze what is frozen now. NAN: not known. */
static double
frozen_found(struct session *s, const struct run *r)
{
	char *late = expr_frozen_late(s);
	bool known = late == NULL && r->weights != NULL && r->params == nn_net_params(s->model.net);
	double since = known ? frozen_moved(s->model.net, r->weights) : NAN;

	free(late);
	return since == 0 ? r->frozen_delta : r->frozen_delta == 0 ? since : NAN;
}

int
expr_frozen_delta(struct session *s, double *delta, struct err *e)
{
	const struct run *r = runs_last(&s->runs);
	struct nn_net *net = session_net(s, e);
	bool any = false;

	if (net == NULL)
		return -1;
	for (int i = 0; i < nn_net_count(net); i++)
		any |= is_frozen(nn_net_layer(net, i));
	if (!any)
		return fail(e, "frozen_delta: no layer with weights is frozen; `freeze features` first");
	if (r == NULL)
		return fail(e, "frozen_delta is not known yet: no run; `train lt5` makes one");
	if (r->before != NULL && r->params == nn_net_params(net)) {
		*delta = frozen_moved(net, r->before);
		return 0;
	}
	*delta = frozen_found(s, r);
	if (isnan(*delta))
		return fail(e, "frozen_delta is not known: the weights before r%d are not kept: the model has changed "
		    "since, or was loaded; `train` again", r->number);
	return 0;
}

/* From `text` up to `end`, without the blanks around it; the caller's. */
static char *
trimmed(const char *text, const char *end)
{
	text += strspn(text, " \t");
	while (end > text && strchr(" \t", end[-1]) != NULL)
		end--;
	return end > text ? xstrndup(text, (size_t)(end - text)) : xstrdup("");
}

/* Of the layers of a text, which have to have weights: none at all would never move. */
static int
delta_of(struct session *s, const char *point, const char *layers, double *delta, struct err *e)
{
	bool pick[NN_LAYERS_MAX] = {false}, any = false;
	const struct cmd_value word = {.text = layers};
	float *was;

	if (arg_pick_layers(s, &word, pick, e) < 0)
		return -1;
	for (int i = 0; i < nn_net_count(s->model.net); i++)
		any |= pick[i] &= nn_net_layer(s->model.net, i)->params > 0;
	if (!any)
		return fail(e, "%.40s has no weights that could move; name layers with parameters, as in "
		    "delta(%.20s, conv2d)", layers, point);
	if ((was = point_weights(s, point, e)) == NULL)
		return -1;
	*delta = 0;
	for (int i = 0; i < nn_net_count(s->model.net) && !isnan(*delta); i++) {
		const struct nn_layer *l = nn_net_layer(s->model.net, i);
		double moved = pick[i] ? weights_change(was + l->offset, nn_net_weights(s->model.net) + l->offset,
		    l->params) : 0;

		*delta = isnan(moved) || moved > *delta ? moved : *delta;
	}
	free(was);
	return 0;
}

int
expr_delta(struct session *s, const char *operand, bool dry, double *delta, struct err *e)
{
	static const struct arg of_point = {.name = "POINT", .type = ARG_POINT};
	const char *comma = operand + strcspn(operand, ",");
	char *point = trimmed(operand, comma), *layers = trimmed(comma + (*comma == ','), operand + strlen(operand));
	struct cmd_value ignored = {0};
	int pair[2 * NN_LAYERS_MAX], rc;

	if (layers[0] == '\0' || arg_fits(s, &of_point, point, &ignored, e) != 1)
		rc = fail(e, "delta takes a point (rN, the end of a run; @NAME, a snapshot; init) and layers, as in "
		    "delta(r1, features)");
	else if (dry)
		rc = arg_layers(s, layers, pair, NN_LAYERS_MAX, e) < 0 ? -1 : 0;
	else
		rc = delta_of(s, point, layers, delta, e);
	free(point);
	free(layers);
	return rc;
}
