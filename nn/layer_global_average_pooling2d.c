/* layer_global_average_pooling2d.c: the mean of each channel over the whole picture. */
#include "kernels.h"

static int
shape(struct nn_layer *l, struct nn_err *err)
{
	if (l->in.rank != 3)
		return nn_fail(err, "needs a picture but its input is flat; leave it out, or flatten before it");
	l->out = (struct nn_shape){1, {l->in.dim[2]}};
	return 0;
}

static void
forward(const struct nn_pass *p)
{
	const int *in = p->layer->in.dim;

	NN_KERNEL(p, mean_forward, in[0] * in[1], in[2], p->n, p->x, p->y);
}

static void
backward(const struct nn_pass *p)
{
	const int *in = p->layer->in.dim;

	if (p->dx != NULL)
		NN_KERNEL(p, mean_backward, in[0] * in[1], in[2], p->n, p->dy, p->dx);
}

static const struct nn_attr attr[] = {
	{NULL},
};

const struct nn_layer_kind nn_layer_global_average_pooling2d = {
	.name = "global_average_pooling2d",
	.keras_class = "GlobalAveragePooling2D",
	.initializer = "",
	.attr = attr,
	.shape = shape,
	.forward = forward,
	.backward = backward,
};
