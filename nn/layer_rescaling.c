/* layer_rescaling.c: each value times a scale, plus an offset. */
#include "kernels.h"

#include <math.h>

static int
shape(struct nn_layer *l, struct nn_err *err)
{
	if (!(fabs(l->spec.scale) <= 1e6))
		return nn_fail(err, "scale %g; choose -1e6 to 1e6", l->spec.scale);
	if (!(fabs(l->spec.offset) <= 1e6))
		return nn_fail(err, "offset %g; choose -1e6 to 1e6", l->spec.offset);
	l->out = l->in;
	return 0;
}

static void
forward(const struct nn_pass *p)
{
	NN_KERNEL(p, affine, nn_pass_size(p), p->layer->spec.scale, p->layer->spec.offset, p->x, p->y);
}

static void
backward(const struct nn_pass *p)
{
	if (p->dx != NULL)
		NN_KERNEL(p, affine, nn_pass_size(p), p->layer->spec.scale, 0, p->dy, p->dx);
}

static const struct nn_attr attr[] = {
	{"scale", NN_ATTR_REAL, offsetof(struct nn_layer_spec, scale), NAN, NULL},
	{"offset", NN_ATTR_REAL, offsetof(struct nn_layer_spec, offset), 0, NULL, "offset"},
	{NULL},
};

const struct nn_layer_kind nn_layer_rescaling = {
	.name = "rescaling",
	.keras_class = "Rescaling",
	.initializer = "",
	.attr = attr,
	.shape = shape,
	.forward = forward,
	.backward = backward,
};
