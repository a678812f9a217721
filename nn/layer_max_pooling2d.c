/* layer_max_pooling2d.c: the largest value of each window. */
#include "kernels.h"
#include "window.h"

/* the winner's place in each window */
static size_t
aux_size(const struct nn_layer *l)
{
	return nn_shape_size(l->out) * sizeof(uint16_t);
}

static void
forward(const struct nn_pass *p)
{
	struct nn_pool d = nn_pool_of(p->layer);

	NN_KERNEL(p, pool_forward, &d, p->n, p->x, p->y, p->aux);
}

static void
backward(const struct nn_pass *p)
{
	struct nn_pool d = nn_pool_of(p->layer);

	if (p->dx != NULL)
		NN_KERNEL(p, pool_backward, &d, p->n, p->dy, p->aux, p->dx);
}

static const struct nn_attr attr[] = {
	{"pool_size", NN_ATTR_INT, offsetof(struct nn_layer_spec, pool), 2, NULL},
	{"strides", NN_ATTR_INT, offsetof(struct nn_layer_spec, strides), 0, NULL, "stride"},
	{"padding", NN_ATTR_WORD, offsetof(struct nn_layer_spec, padding), 0, nn_paddings},
	{NULL},
};

const struct nn_layer_kind nn_layer_max_pooling2d = {
	.name = "max_pooling2d",
	.keras_class = "MaxPooling2D",
	.initializer = "",
	.attr = attr,
	.shape = nn_pool_shape,
	.aux_size = aux_size,
	.forward = forward,
	.backward = backward,
};
