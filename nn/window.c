/* window.c: where the windows of convolutions and poolings lie. */
#include "window.h"

#include "kernels.h"

#include <string.h>

const char *const nn_paddings[] = {"valid", "same", NULL};

struct nn_window
nn_window(int size, int k, int stride, const char *padding)
{
	struct nn_window w = {0, 0, (size - k) / stride + 1};

	if (strcmp(padding, "same") == 0) {
		int need;

		w.out = (size + stride - 1) / stride;
		need = (w.out - 1) * stride + k - size;
		w.before = need > 0 ? need / 2 : 0;
		w.after = need > 0 ? need - w.before : 0;
	}
	return w;
}

int
nn_window_check(const struct nn_layer *l, const char *what, int k, int stride, struct nn_err *err)
{
	if (l->in.rank != 3)
		return nn_fail(err, "needs a picture but its input is flat; put it before flatten and dense");
	if (k < 1 || k > 64)
		return nn_fail(err, "%s %dx%d; choose 1 to 64", what, k, k);
	if (stride < 1 || stride > 64)
		return nn_fail(err, "stride %d; choose 1 to 64", stride);
	if (strcmp(l->spec.padding, "same") != 0 && (k > l->in.dim[0] || k > l->in.dim[1]))
		return nn_fail(err,
		    "%s %dx%d is larger than its input %dx%d; use a smaller %s or fewer layers before it",
		    what, k, k, l->in.dim[0], l->in.dim[1], what);
	return 0;
}

int
nn_pool_shape(struct nn_layer *l, struct nn_err *err)
{
	int k = l->spec.pool, stride = l->spec.strides > 0 ? l->spec.strides : k;

	if (nn_window_check(l, "pool", k, stride, err) < 0)
		return -1;
	if (stride == k)
		l->spec.strides = 0; /* what it is anyway */
	l->out = (struct nn_shape){3, {nn_window(l->in.dim[0], k, stride, l->spec.padding).out,
	    nn_window(l->in.dim[1], k, stride, l->spec.padding).out, l->in.dim[2]}};
	return 0;
}

struct nn_pool
nn_pool_of(const struct nn_layer *l)
{
	int k = l->spec.pool, stride = l->spec.strides > 0 ? l->spec.strides : k;

	return (struct nn_pool){l->in.dim[0], l->in.dim[1], l->in.dim[2], k, stride,
	    nn_window(l->in.dim[0], k, stride, l->spec.padding).before,
	    nn_window(l->in.dim[1], k, stride, l->spec.padding).before, l->out.dim[0], l->out.dim[1]};
}
