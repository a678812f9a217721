/* layer_average_pooling2d.c: the mean of each window; what lies outside of the picture does not count. */
#include "kernels.h"
#include "window.h"

static void
forward(const struct nn_pass *p)
{
	struct nn_pool d = nn_pool_of(p->layer);

	NN_KERNEL(p, average_forward, &d, p->n, p->x, p->y);
}

static void
backward(const struct nn_pass *p)
{
	struct nn_pool d = nn_pool_of(p->layer);

	if (p->dx != NULL)
		NN_KERNEL(p, average_backward, &d, p->n, p->dy, p->dx);
}

static const struct nn_attr attr[] = {
	{"pool_size", NN_ATTR_INT, offsetof(struct nn_layer_spec, pool), 2, NULL},
	{"strides", NN_ATTR_INT, offsetof(struct nn_layer_spec, strides), 0, NULL, "stride"},
	{"padding", NN_ATTR_WORD, offsetof(struct nn_layer_spec, padding), 0, nn_paddings},
	{NULL},
};

const struct nn_layer_kind nn_layer_average_pooling2d = {
	.name = "average_pooling2d",
	.keras_class = "AveragePooling2D",
	.initializer = "",
	.attr = attr,
	.shape = nn_pool_shape,
	.forward = forward,
	.backward = backward,
};
