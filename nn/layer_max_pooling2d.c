/* layer_max_pooling2d.c: the largest value of each window; windows stand side by side. */
#include "kernels.h"

static struct nn_pool
dims(const struct nn_layer *l)
{
	return (struct nn_pool){l->in.dim[0], l->in.dim[1], l->in.dim[2], l->spec.pool};
}

static int
shape(struct nn_layer *l, struct nn_err *err)
{
	int k = l->spec.pool;

	if (l->in.rank != 3)
		return nn_fail(err, "needs a picture but its input is flat; put it before flatten and dense");
	if (k < 1 || k > 64)
		return nn_fail(err, "pool %dx%d; choose 1 to 64", k, k);
	if (k > l->in.dim[0] || k > l->in.dim[1])
		return nn_fail(err,
		    "pool %dx%d is larger than its input %dx%d; use a smaller pool or fewer layers before it",
		    k, k, l->in.dim[0], l->in.dim[1]);
	l->out = (struct nn_shape){3, {l->in.dim[0] / k, l->in.dim[1] / k, l->in.dim[2]}};
	return 0;
}

/* the winner's place in each window */
static size_t
aux_size(const struct nn_layer *l)
{
	return nn_shape_size(l->out) * sizeof(uint16_t);
}

static void
forward(const struct nn_pass *p)
{
	struct nn_pool d = dims(p->layer);

	NN_KERNEL(p, pool_forward, &d, p->n, p->x, p->y, p->aux);
}

static void
backward(const struct nn_pass *p)
{
	struct nn_pool d = dims(p->layer);

	if (p->dx != NULL)
		NN_KERNEL(p, pool_backward, &d, p->n, p->dy, p->aux, p->dx);
}

static const struct nn_attr attr[] = {
	{"pool_size", NN_ATTR_INT, offsetof(struct nn_layer_spec, pool), 2, NULL},
	{NULL},
};

const struct nn_layer_kind nn_layer_max_pooling2d = {
	.name = "max_pooling2d",
	.keras_class = "MaxPooling2D",
	.initializer = "",
	.attr = attr,
	.shape = shape,
	.aux_size = aux_size,
	.forward = forward,
	.backward = backward,
};
