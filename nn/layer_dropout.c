/* layer_dropout.c: in training, drops each value with probability `rate` and scales the others up. The mask is a hash
 * of where the value is, so that backward makes it again instead of keeping it.
 */
#include "kernels.h"

#include <math.h>

static int
shape(struct nn_layer *l, struct nn_err *err)
{
	if (!(l->spec.rate >= 0 && l->spec.rate < 1))
		return nn_fail(err, "rate %g; choose 0 or more and less than 1", l->spec.rate);
	l->rate = l->spec.rate;
	l->out = l->in;
	return 0;
}

static bool
alias(const struct nn_layer *l, bool train, double rate)
{
	return !train || nn_drop_threshold(rate) == 0;
}

static struct nn_drop
mask(const struct nn_pass *p)
{
	return (struct nn_drop){p->step->seed, p->step->epoch, p->step->step, p->index, p->rate};
}

static void
forward(const struct nn_pass *p)
{
	struct nn_drop d = mask(p);

	NN_KERNEL(p, dropout, &d, p->first, p->n, nn_shape_size(p->layer->out), p->x, p->y);
}

static void
backward(const struct nn_pass *p)
{
	struct nn_drop d = mask(p);

	if (p->dx != NULL)
		NN_KERNEL(p, dropout, &d, p->first, p->n, nn_shape_size(p->layer->out), p->dy, p->dx);
}

static const struct nn_attr attr[] = {
	{"rate", NN_ATTR_REAL, offsetof(struct nn_layer_spec, rate), NAN, NULL},
	{NULL},
};

const struct nn_layer_kind nn_layer_dropout = {
	.name = "dropout",
	.keras_class = "Dropout",
	.initializer = "",
	.attr = attr,
	.shape = shape,
	.alias = alias,
	.forward = forward,
	.backward = backward,
	.random = true,
};
