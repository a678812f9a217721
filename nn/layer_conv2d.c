/* layer_conv2d.c: a two-dimensional convolution. Its pieces are the zeros around the picture, the convolution without
 * padding, and the activation.
 *
 * With a stride s the output is every s-th of a convolution without: backward spreads its gradient over that one's
 * places, with zeros between, which the kernels for few live gradients leave out.
 */
#include "kernels.h"
#include "window.h"

#include <math.h>
#include <string.h>

static struct nn_conv
dims(const struct nn_pass *p)
{
	const struct nn_layer *l = p->layer;

	return (struct nn_conv){l->in.dim[0], l->in.dim[1], l->in.dim[2], l->spec.kernel, l->spec.filters, p->careful,
	    l->spec.strides};
}

static int
shape(struct nn_layer *l, struct nn_err *err)
{
	int k = l->spec.kernel, f = l->spec.filters, s = l->spec.strides;

	if (nn_window_check(l, "kernel", k, s, err) < 0)
		return -1;
	if (f < 1 || f > 4096)
		return nn_fail(err, "%d filters; choose 1 to 4096", f);
	if (!(l->spec.l2 >= 0 && l->spec.l2 <= 1e6))
		return nn_fail(err, "l2 %g; choose 0 to 1e6", l->spec.l2);
	l->out = (struct nn_shape){3, {nn_window(l->in.dim[0], k, s, l->spec.padding).out,
	    nn_window(l->in.dim[1], k, s, l->spec.padding).out, f}};
	l->ntensors = 2;
	l->tensor[0] = (struct nn_tensor){.name = "kernel", .rank = 4, .dim = {k, k, l->in.dim[2], f}};
	l->tensor[1] = (struct nn_tensor){.name = "bias", .rank = 1, .dim = {f}};
	l->macs = (uint64_t)l->out.dim[0] * l->out.dim[1] * k * k * l->in.dim[2] * f;
	return 0;
}

static int
pieces(const struct nn_layer *l, struct nn_layer_spec *piece)
{
	struct nn_window h = nn_window(l->in.dim[0], l->spec.kernel, l->spec.strides, l->spec.padding);
	struct nn_window w = nn_window(l->in.dim[1], l->spec.kernel, l->spec.strides, l->spec.padding);
	int n = 0;

	if (h.before + h.after + w.before + w.after > 0)
		piece[n++] = (struct nn_layer_spec){.kind = "zero_padding2d", .top = h.before, .bottom = h.after,
		    .left = w.before, .right = w.after};
	piece[n++] = (struct nn_layer_spec){.kind = "conv2d", .filters = l->spec.filters, .kernel = l->spec.kernel,
	    .strides = l->spec.strides, .l2 = l->spec.l2};
	return n + nn_activation_piece(l->spec.activation, piece + n);
}

static void
fans(const struct nn_layer *l, double *in, double *out)
{
	double area = (double)l->spec.kernel * l->spec.kernel;

	*in = area * l->in.dim[2];
	*out = area * l->spec.filters;
}

/* values of an image without a stride */
static size_t
dense_size(const struct nn_layer *l)
{
	return (size_t)(l->in.dim[0] - l->spec.kernel + 1) * (size_t)(l->in.dim[1] - l->spec.kernel + 1) *
	    (size_t)l->spec.filters;
}

/* the spread gradient, in double for the gradient check */
static size_t
aux_size(const struct nn_layer *l)
{
	return l->spec.strides > 1 ? dense_size(l) * sizeof(double) : 0;
}

static void
forward(const struct nn_pass *p)
{
	struct nn_conv c = dims(p);

	NN_KERNEL(p, conv_forward, &c, p->n, p->x, p->w[0], p->w[1], p->y);
}

static const void *
spread(const struct nn_pass *p)
{
	const struct nn_layer *l = p->layer;
	size_t pixel = (size_t)l->spec.filters * (p->kd != NULL ? sizeof(double) : sizeof(float));
	size_t image = dense_size(l) / (size_t)l->spec.filters * pixel, s = (size_t)l->spec.strides;
	size_t wide = (size_t)(l->in.dim[1] - l->spec.kernel + 1);
	const char *dy = p->dy;

	if (s == 1)
		return dy;
	memset(p->aux, 0, image * (size_t)p->n);
	for (int i = 0; i < p->n; i++)
		for (size_t y = 0; y < (size_t)l->out.dim[0]; y++)
			for (size_t x = 0; x < (size_t)l->out.dim[1]; x++, dy += pixel)
				memcpy((char *)p->aux + image * (size_t)i + (y * s * wide + x * s) * pixel, dy, pixel);
	return p->aux;
}

static void
backward(const struct nn_pass *p)
{
	struct nn_conv c = dims(p);
	const void *dy = p->dw[0] != NULL || p->dx != NULL ? spread(p) : NULL;

	c.stride = 1;
	if (p->dw[0] != NULL)
		NN_KERNEL(p, conv_dw, &c, p->n, p->x, dy, p->dw[0], p->dw[1]);
	if (p->dx != NULL)
		NN_KERNEL(p, conv_dx, &c, p->n, dy, p->w[0], p->dx);
}

static const struct nn_attr attr[] = {
	{"filters", NN_ATTR_INT, offsetof(struct nn_layer_spec, filters), NAN, NULL},
	{"kernel_size", NN_ATTR_INT, offsetof(struct nn_layer_spec, kernel), NAN, NULL},
	{"strides", NN_ATTR_INT, offsetof(struct nn_layer_spec, strides), 1, NULL, "stride"},
	{"padding", NN_ATTR_WORD, offsetof(struct nn_layer_spec, padding), 0, nn_paddings},
	{"activation", NN_ATTR_WORD, offsetof(struct nn_layer_spec, activation), 0, nn_activations},
	{"l2", NN_ATTR_REAL, offsetof(struct nn_layer_spec, l2), 0, NULL, "l2"},
	{NULL},
};

const struct nn_layer_kind nn_layer_conv2d = {
	.name = "conv2d",
	.keras_class = "Conv2D",
	.initializer = "glorot_uniform",
	.attr = attr,
	.shape = shape,
	.pieces = pieces,
	.fans = fans,
	.aux_size = aux_size,
	.forward = forward,
	.backward = backward,
};
