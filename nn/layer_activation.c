/* layer_activation.c: ReLU and softmax. A softmax ends the net; its gradient is taken together with the loss
 * (loss.c). */
#include "kernels.h"

#include <math.h>
#include <string.h>

bool
nn_layer_is_softmax(const struct nn_layer *l)
{
	return l->kind == &nn_layer_activation && strcmp(l->spec.activation, "softmax") == 0;
}

static int
shape(struct nn_layer *l, struct nn_err *err)
{
	if (nn_layer_is_softmax(l) && l->in.rank != 1)
		return nn_fail(err, "its input is a picture of %dx%dx%d; put flatten before it", l->in.dim[0],
		    l->in.dim[1], l->in.dim[2]);
	l->out = l->in;
	return 0;
}

static void
forward(const struct nn_pass *p)
{
	size_t size = nn_shape_size(p->layer->out);

	if (nn_layer_is_softmax(p->layer))
		NN_KERNEL(p, softmax, (int)size, p->n, p->x, p->y);
	else
		NN_KERNEL(p, relu_forward, size * p->n, p->x, p->y);
}

static void
backward(const struct nn_pass *p)
{
	if (p->dx != NULL)
		NN_KERNEL(p, relu_backward, nn_shape_size(p->layer->out) * p->n, p->y, p->dy, p->dx);
}

static const char *const functions[] = {"relu", "softmax", NULL};
static const struct nn_attr attr[] = {
	{"activation", NN_ATTR_WORD, offsetof(struct nn_layer_spec, activation), NAN, functions},
	{NULL},
};

const struct nn_layer_kind nn_layer_activation = {
	.name = "activation",
	.keras_class = "Activation",
	.initializer = "",
	.attr = attr,
	.shape = shape,
	.forward = forward,
	.backward = backward,
};
