/* layer_zero_padding2d.c: rows and columns of zeros around a picture. */
#include "kernels.h"

#include <string.h>

#define PAD_MAX 1024

struct around {
	int top, bottom, left, right;
};

static struct around
around(const struct nn_layer *l)
{
	const struct nn_layer_spec *s = &l->spec;

	return (struct around){s->pad + s->top, s->pad + s->bottom, s->pad + s->left, s->pad + s->right};
}

static int
shape(struct nn_layer *l, struct nn_err *err)
{
	const int *each[] = {&l->spec.pad, &l->spec.top, &l->spec.bottom, &l->spec.left, &l->spec.right};
	struct around a;

	if (l->in.rank != 3)
		return nn_fail(err, "needs a picture but its input is flat; put it before flatten and dense");
	for (size_t i = 0; i < sizeof each / sizeof *each; i++)
		if (*each[i] < 0 || *each[i] > PAD_MAX)
			return nn_fail(err, "padding %d; choose 0 to %d", *each[i], PAD_MAX);
	a = around(l);
	l->out = (struct nn_shape){3, {l->in.dim[0] + a.top + a.bottom, l->in.dim[1] + a.left + a.right,
	    l->in.dim[2]}};
	return 0;
}

static size_t
real(const struct nn_pass *p)
{
	return p->kd != NULL ? sizeof(double) : sizeof(float);
}

static void
forward(const struct nn_pass *p)
{
	const struct nn_layer *l = p->layer;
	struct around a = around(l);
	size_t each = real(p), pixel = each * (size_t)l->in.dim[2], row = pixel * (size_t)l->in.dim[1];
	size_t left = pixel * (size_t)a.left, right = pixel * (size_t)a.right, wide = left + row + right;
	const char *x = p->x;
	char *y = p->y;

	for (int i = 0; i < p->n; i++) {
		memset(y, 0, wide * (size_t)a.top);
		y += wide * (size_t)a.top;
		for (int r = 0; r < l->in.dim[0]; r++, x += row) {
			memset(y, 0, left);
			memcpy(y + left, x, row);
			memset(y + left + row, 0, right);
			y += wide;
		}
		memset(y, 0, wide * (size_t)a.bottom);
		y += wide * (size_t)a.bottom;
	}
}

static void
backward(const struct nn_pass *p)
{
	const struct nn_layer *l = p->layer;
	struct around a = around(l);
	size_t pixel = real(p) * (size_t)l->in.dim[2], row = pixel * (size_t)l->in.dim[1];
	size_t left = pixel * (size_t)a.left, wide = left + row + pixel * (size_t)a.right;
	const char *dy = p->dy;
	char *dx = p->dx;

	for (int i = 0; i < p->n && dx != NULL; i++) {
		dy += wide * (size_t)a.top;
		for (int r = 0; r < l->in.dim[0]; r++, dx += row, dy += wide)
			memcpy(dx, dy + left, row);
		dy += wide * (size_t)a.bottom;
	}
}

static const struct nn_attr attr[] = {
	{"padding", NN_ATTR_INT, offsetof(struct nn_layer_spec, pad), 1, NULL, NULL, true},
	{"top", NN_ATTR_INT, offsetof(struct nn_layer_spec, top), 0, NULL, "top", true},
	{"bottom", NN_ATTR_INT, offsetof(struct nn_layer_spec, bottom), 0, NULL, "bottom", true},
	{"left", NN_ATTR_INT, offsetof(struct nn_layer_spec, left), 0, NULL, "left", true},
	{"right", NN_ATTR_INT, offsetof(struct nn_layer_spec, right), 0, NULL, "right", true},
	{NULL},
};

const struct nn_layer_kind nn_layer_zero_padding2d = {
	.name = "zero_padding2d",
	.keras_class = "ZeroPadding2D",
	.initializer = "",
	.attr = attr,
	.shape = shape,
	.forward = forward,
	.backward = backward,
};
