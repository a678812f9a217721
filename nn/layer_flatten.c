/* layer_flatten.c: a picture as a row of numbers, in the order in which it lies in memory: nothing moves. */
#include "kernels.h"

static int
shape(struct nn_layer *l, struct nn_err *err)
{
	size_t size = nn_shape_size(l->in);

	if (size > INT32_MAX)
		return nn_fail(err, "%zu values are too many; put max_pooling2d before it", size);
	l->out = (struct nn_shape){1, {(int)size}};
	return 0;
}

static bool
alias(const struct nn_layer *l, bool train, double rate)
{
	return true;
}

static const struct nn_attr attr[] = {
	{NULL},
};

const struct nn_layer_kind nn_layer_flatten = {
	.name = "flatten",
	.keras_class = "Flatten",
	.initializer = "",
	.attr = attr,
	.shape = shape,
	.alias = alias,
};
