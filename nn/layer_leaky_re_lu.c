/* layer_leaky_re_lu.c: y = x, or the slope times x below 0. The function leaky_relu of an activation has the slope 0.2.
 *
 * A slope is 0 or more: the gradient follows from the output, which has to keep the sign of the input.
 */
#include "kernels.h"

static int
shape(struct nn_layer *l, struct nn_err *err)
{
	if (!(l->spec.slope >= 0 && l->spec.slope <= 1e6))
		return nn_fail(err, "negative_slope %g; choose 0 to 1e6", l->spec.slope);
	l->out = l->in;
	return 0;
}

static void
forward(const struct nn_pass *p)
{
	NN_KERNEL(p, curve_forward, NN_LEAKY_RELU, p->layer->spec.slope, nn_pass_size(p), p->x, p->y);
}

static void
backward(const struct nn_pass *p)
{
	if (p->dx != NULL)
		NN_KERNEL(p, curve_backward, NN_LEAKY_RELU, p->layer->spec.slope, nn_pass_size(p), p->y, p->dy, p->dx);
}

static const struct nn_attr attr[] = {
	{"negative_slope", NN_ATTR_REAL, offsetof(struct nn_layer_spec, slope), 0.3, NULL},
	{NULL},
};

const struct nn_layer_kind nn_layer_leaky_re_lu = {
	.name = "leaky_re_lu",
	.keras_class = "LeakyReLU",
	.initializer = "",
	.attr = attr,
	.shape = shape,
	.forward = forward,
	.backward = backward,
};
