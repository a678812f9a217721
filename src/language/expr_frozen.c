/* expr_frozen.c: how far what is frozen has moved since the last run began: by the weights that it began with or, where
 * these were not kept, by what it found at its end.
 */
#include "language/expr_frozen.h"

#include "session/made.h"
#include "util/text.h"

#include <math.h>
#include <stdlib.h>

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
