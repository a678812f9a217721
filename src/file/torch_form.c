/* torch_form.c: how PyTorch names a layer's tensors, and how their values lie there. */
#include "file/torch_form.h"

#include <string.h>

const char *
torch_suffix(const char *name)
{
	static const char *const names[][2] = {{"kernel", "weight"}, {"bias", "bias"}, {"gamma", "weight"},
	    {"beta", "bias"}, {"moving_mean", "running_mean"}, {"moving_variance", "running_var"}};
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot != NULL && i < sizeof names / sizeof *names; i++)
		if (strcmp(dot + 1, names[i][0]) == 0)
			return names[i][1];
	return NULL;
}

bool
torch_flat(const struct nn_net *net, int layer, int dim[3])
{
	for (int i = layer; i-- > 0;) {
		const struct nn_layer *l = nn_net_layer(net, i);

		if (l->ntensors > 0 && l->tensor[0].rank == 2)
			return false; /* its outputs have no places */
		if (l->in.rank == 3) { /* the first that gives a row of a picture */
			memcpy(dim, l->in.dim, 3 * sizeof *dim);
			return nn_shape_size(l->in) == nn_shape_size(l->out); /* not the mean of each channel */
		}
	}
	return false;
}

struct torch_form
torch_form_of(const struct nn_net *net, int layer, const struct nn_tensor *w)
{
	struct torch_form f = {.rank = w->rank};
	const struct nn_layer *l = nn_net_layer(net, layer);

	memcpy(f.dim, w->dim, sizeof f.dim);
	/* the rows of a dense kernel, or a value for each input */
	if (l->in.rank == 1 && w->dim[0] == l->in.dim[0] &&
	    (w->rank == 2 || l->tensor[0].rank == 1) && !torch_flat(net, layer, f.flat))
		memset(f.flat, 0, sizeof f.flat);
	return f;
}

size_t
torch_form_place(const struct torch_form *f, size_t k)
{
	const int *d = f->dim;
	size_t row, col;

	if (f->rank == 4) {
		size_t o = k % (size_t)d[3], i = k / (size_t)d[3] % (size_t)d[2],
		    pixel = k / (size_t)d[3] / (size_t)d[2];

		return (o * (size_t)d[2] + i) * (size_t)d[0] * (size_t)d[1] + pixel;
	}
	row = f->rank == 2 ? k / (size_t)d[1] : k;
	col = f->rank == 2 ? k % (size_t)d[1] : 0;
	if (f->flat[0] > 0) {
		size_t c = row % (size_t)f->flat[2], pixel = row / (size_t)f->flat[2];

		row = c * (size_t)f->flat[0] * (size_t)f->flat[1] + pixel;
	}
	return f->rank == 2 ? col * (size_t)d[0] + row : row;
}

void
torch_form_there(const struct torch_form *f, int dim[4])
{
	memcpy(dim, f->dim, 4 * sizeof *dim);
	if (f->rank == 4)
		memcpy(dim, (const int[]){f->dim[3], f->dim[2], f->dim[0], f->dim[1]}, 4 * sizeof *dim);
	else if (f->rank == 2)
		memcpy(dim, (const int[]){f->dim[1], f->dim[0]}, 2 * sizeof *dim);
}
