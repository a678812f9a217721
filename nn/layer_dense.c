/* layer_dense.c: every output from every input. */
#include "kernels.h"

#include <math.h>

static int
shape(struct nn_layer *l, struct nn_err *err)
{
	int units = l->spec.units, in = l->in.dim[0];

	if (l->in.rank != 1)
		return nn_fail(err, "its input is a picture of %dx%dx%d; put flatten before it", l->in.dim[0],
		    l->in.dim[1], l->in.dim[2]);
	if (units < 1 || units > 65536)
		return nn_fail(err, "%d units; choose 1 to 65536", units);
	if (!(l->spec.l2 >= 0 && l->spec.l2 <= 1e6))
		return nn_fail(err, "l2 %g; choose 0 to 1e6", l->spec.l2);
	l->out = (struct nn_shape){1, {units}};
	l->ntensors = 2;
	l->tensor[0] = (struct nn_tensor){.name = "kernel", .rank = 2, .dim = {in, units}};
	l->tensor[1] = (struct nn_tensor){.name = "bias", .rank = 1, .dim = {units}};
	l->macs = (uint64_t)in * units;
	return 0;
}

static int
pieces(const struct nn_layer *l, struct nn_layer_spec *piece)
{
	piece[0] = (struct nn_layer_spec){.kind = "dense", .units = l->spec.units, .l2 = l->spec.l2};
	return 1 + nn_activation_piece(l->spec.activation, piece + 1);
}

static void
fans(const struct nn_layer *l, double *in, double *out)
{
	*in = l->in.dim[0];
	*out = l->spec.units;
}

static void
forward(const struct nn_pass *p)
{
	NN_KERNEL(p, dense_forward, p->layer->in.dim[0], p->layer->spec.units, p->n, p->x, p->w[0], p->w[1], p->y);
}

static void
backward(const struct nn_pass *p)
{
	if (p->dx != NULL)
		NN_KERNEL(p, dense_dx, p->layer->in.dim[0], p->layer->spec.units, p->n, p->dy, p->w[0], p->dx);
}

static void
rows(const struct nn_pass *p, int r0, int r1)
{
	NN_KERNEL(p, dense_rows, p->layer->in.dim[0], p->layer->spec.units, p->n, r0, r1, p->x, p->dy, p->dw[0],
	    r0 == 0 ? p->dw[1] : NULL);
}

static const struct nn_attr attr[] = {
	{"units", NN_ATTR_INT, offsetof(struct nn_layer_spec, units), NAN, NULL},
	{"activation", NN_ATTR_WORD, offsetof(struct nn_layer_spec, activation), 0, nn_activations},
	{"l2", NN_ATTR_REAL, offsetof(struct nn_layer_spec, l2), 0, NULL, "l2"},
	{NULL},
};

const struct nn_layer_kind nn_layer_dense = {
	.name = "dense",
	.keras_class = "Dense",
	.initializer = "glorot_uniform",
	.attr = attr,
	.shape = shape,
	.pieces = pieces,
	.fans = fans,
	.forward = forward,
	.backward = backward,
	.rows = rows,
	.input_rows = true,
};
