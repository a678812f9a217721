/* ask.c: what the operands of stats and explain and the keys of saliency, gradcam and occlude ask for. */
#include "language/ask.h"

#include "language/arg.h"
#include "look/sheet.h"
#include "session/made.h"
#include "util/text.h"

#include <stdlib.h>

/* A digit is named by the split that the head was last trained on; without one a number is a unit. */
static int
ask_unit(struct session *s, const struct cmd_value *class, const struct cmd_value *unit, struct err *e)
{
	const struct split *names = sheet_names(s);
	const struct cmd_value *v = class != NULL ? class : unit;
	int classes = nn_net_classes(s->model.net), u;

	if (class != NULL && unit != NULL)
		return fail_at(e, unit, "class= and unit= both say which output is asked about; leave one out");
	if (v == NULL)
		return -1;
	u = class != NULL && names != NULL ? split_unit(names, (int)v->integer) : (int)v->integer;
	if (u < 0) {
		char *mapping = split_mapping(names, s->data.set);

		fail_at(e, v, "the head was last trained on %s, which has no %s (%s); take one of its digits, or unit=",
		    names->name, v->text, mapping);
		free(mapping);
		return -1;
	}
	if (u >= classes)
		return fail_at(e, v, "the model has no unit %d; its units are 0 to %d", u, classes - 1);
	return u;
}

static int
ask_layer(struct session *s, const struct cmd_value *v, struct err *e)
{
	int pair[2 * NN_LAYERS_MAX], n = arg_layers(s, v->text, pair, NN_LAYERS_MAX, e);

	if (n < 0)
		return err_at(e, v);
	if (n != 1 || pair[0] != pair[1])
		return fail_at(e, v, "%s names several layers; take one, as in layer=conv2d", v->text);
	return pair[0];
}

int
ask_saliency(struct session *s, const struct cmd_args *a, enum saliency_kind kind, struct saliency_request *r,
    struct err *e)
{
	const struct cmd_value *class = args_key(a, "class"), *unit = args_key(a, "unit");
	const struct cmd_value *layer = args_key(a, "layer"), *stride = args_key(a, "stride");
	const struct cmd_value *side = args_key(a, "square"), *size = args_key(a, "size");

	if (size != NULL && size->arg->type == ARG_INT && side != NULL)
		return fail_at(e, side, "size= and square= both say how large the square is; leave one out");
	if (size != NULL && size->arg->type == ARG_INT)
		side = size;
	*r = (struct saliency_request){.kind = kind, .unit = -1, .layer = -1};
	if ((class != NULL || unit != NULL) && (r->unit = ask_unit(s, class, unit, e)) < 0)
		return -1;
	if (layer != NULL && (r->layer = ask_layer(s, layer, e)) < 0)
		return -1;
	r->size = side != NULL ? (int)side->integer : 0;
	r->stride = stride != NULL ? (int)stride->integer : 0;
	return 0;
}

/* ---- stats ---- */

const char *const ask_stats_words[] = {"weights", "activations", "grad", NULL};

/* Which layers: those that were named, else all that have such tensors. */
static int
ask_stats_layers(struct session *s, const struct cmd_value *v, struct stats *x, struct err *e)
{
	struct nn_net *net = session_net(s, e);
	bool any = false;

	if (net == NULL || (v != NULL && arg_pick_layers(s, v, x->pick, e) < 0))
		return -1;
	for (int i = 0; i < nn_net_count(net); i++) {
		x->pick[i] |= v == NULL;
		any |= x->pick[i] && (x->of == STATS_ACTIVATIONS || nn_net_layer(net, i)->params > 0);
	}
	if (any)
		return 0;
	return v != NULL ? fail_at(e, v, "%.40s has no weights; `stats %.40s activations` shows what it puts out",
	    v->text, v->text) : fail(e, "the model has no weights; `stats activations` shows what its layers put out");
}

int
ask_stats(struct session *s, const struct cmd_value *layers, const struct cmd_value *split, struct stats *x,
    struct err *e)
{
	struct dataset *d;

	if (split != NULL && x->of == STATS_WEIGHTS)
		return fail_at(e, split, "weights are of no split; `stats activations %s` and `stats grad %s` are",
		    split->text, split->text);
	if (ask_stats_layers(s, layers, x, e) < 0 || arg_split(s, split, &x->split, e) < 0)
		return -1;
	x->split_given = split != NULL || x->of == STATS_ACTIVATIONS;
	if (x->of != STATS_WEIGHTS && ((d = session_data(s, e)) == NULL || session_engine(s, e) == NULL ||
	    model_takes(s->model.net, d->test.images.shape, d->name, e) < 0))
		return -1;
	return x->of == STATS_GRADIENTS ? model_names(s->model.net, &x->split, e) : 0;
}

/* ---- explain ---- */

int
ask_explain(struct session *s, const struct cmd_value *unit, const struct cmd_value *place, struct explain_unit *at,
    struct err *e)
{
	const struct nn_layer *l;

	*at = (struct explain_unit){.y = -1, .x = -1};
	if (session_net(s, e) == NULL || arg_unit(s, unit, &at->layer, &at->unit, e) < 0)
		return -1;
	l = nn_net_layer(s->model.net, at->layer);
	if (l->out.rank == 3 && place == NULL)
		return fail_at(e, unit, "%s puts out pictures; say where, as Y,X from 0,0 to %d,%d: `explain %s[%d] "
		    "%d,%d`", l->name, l->out.dim[0] - 1, l->out.dim[1] - 1, l->name, at->unit, l->out.dim[0] / 2,
		    l->out.dim[1] / 2);
	if (l->out.rank != 3 && place != NULL)
		return fail_at(e, place, "%s puts out a row of %d numbers, without Y,X; `explain %s[%d]`", l->name,
		    l->out.dim[0], l->name, at->unit);
	return place != NULL ? arg_place(place, l->out, &at->y, &at->x, e) : 0;
}
