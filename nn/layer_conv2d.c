/* layer_conv2d.c: a two-dimensional convolution, stride 1, without padding. */
#include "kernels.h"

#include <math.h>

static struct nn_conv
dims(const struct nn_pass *p)
{
	const struct nn_layer *l = p->layer;

	return (struct nn_conv){l->in.dim[0], l->in.dim[1], l->in.dim[2], l->spec.kernel, l->spec.filters, p->careful};
}

static int
shape(struct nn_layer *l, struct nn_err *err)
{
	int k = l->spec.kernel, f = l->spec.filters;

	if (l->in.rank != 3)
		return nn_fail(err, "needs a picture but its input is flat; put it before flatten and dense");
	if (f < 1 || f > 4096)
		return nn_fail(err, "%d filters; choose 1 to 4096", f);
	if (k < 1 || k > 64)
		return nn_fail(err, "kernel %dx%d; choose 1 to 64", k, k);
	if (k > l->in.dim[0] || k > l->in.dim[1])
		return nn_fail(err,
		    "kernel %dx%d is larger than its input %dx%d; use a smaller kernel or fewer layers before it",
		    k, k, l->in.dim[0], l->in.dim[1]);
	l->out = (struct nn_shape){3, {l->in.dim[0] - k + 1, l->in.dim[1] - k + 1, f}};
	l->ntensors = 2;
	l->tensor[0] = (struct nn_tensor){.name = "kernel", .rank = 4, .dim = {k, k, l->in.dim[2], f}};
	l->tensor[1] = (struct nn_tensor){.name = "bias", .rank = 1, .dim = {f}};
	l->macs = (uint64_t)l->out.dim[0] * l->out.dim[1] * k * k * l->in.dim[2] * f;
	return 0;
}

static void
fans(const struct nn_layer *l, double *in, double *out)
{
	double area = (double)l->spec.kernel * l->spec.kernel;

	*in = area * l->in.dim[2];
	*out = area * l->spec.filters;
}

static void
forward(const struct nn_pass *p)
{
	struct nn_conv c = dims(p);

	NN_KERNEL(p, conv_forward, &c, p->n, p->x, p->w[0], p->w[1], p->y);
}

static void
backward(const struct nn_pass *p)
{
	struct nn_conv c = dims(p);

	if (p->dw[0] != NULL)
		NN_KERNEL(p, conv_dw, &c, p->n, p->x, p->dy, p->dw[0], p->dw[1]);
	if (p->dx != NULL)
		NN_KERNEL(p, conv_dx, &c, p->n, p->dy, p->w[0], p->dx);
}

static const struct nn_attr attr[] = {
	{"filters", NN_ATTR_INT, offsetof(struct nn_layer_spec, filters), NAN, NULL},
	{"kernel_size", NN_ATTR_INT, offsetof(struct nn_layer_spec, kernel), NAN, NULL},
	{NULL},
};

const struct nn_layer_kind nn_layer_conv2d = {
	.name = "conv2d",
	.keras_class = "Conv2D",
	.initializer = "glorot_uniform",
	.attr = attr,
	.shape = shape,
	.fans = fans,
	.forward = forward,
	.backward = backward,
};
