/* filters.c: the kernel of a layer as pictures, one for each filter or unit. */
#include "look/filters.h"

#include "session/made.h"
#include "util/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool
has_kernel(const struct nn_layer *l)
{
	return l->ntensors > 0 && (l->tensor[0].rank == 2 || l->tensor[0].rank == 4);
}

static int
fail_without(const struct nn_net *net, const struct nn_layer *l, struct err *e)
{
	struct str names = {0};

	for (int i = 0; i < nn_net_count(net); i++)
		if (has_kernel(nn_net_layer(net, i)))
			str_add(&names, " %s", nn_net_layer(net, i)->name);
	fail(e, "%s has no filters; layers that have: %s", l->name, names.s != NULL ? names.s + 1 : "none");
	free(names.s);
	return -1;
}

int
filters_first(struct session *s, struct err *e)
{
	struct nn_net *net = session_net(s, e);

	if (net == NULL)
		return -1;
	for (int i = 0; i < nn_net_count(net); i++)
		if (has_kernel(nn_net_layer(net, i)))
			return i;
	return 0;
}

/* The picture that the inputs of a dense layer were; false: they were none. */
static bool
flattened(const struct nn_net *net, int layer, struct nn_shape *picture)
{
	for (int i = layer - 1; i >= 0; i--) {
		const struct nn_layer *l = nn_net_layer(net, i);

		*picture = l->in;
		if (strcmp(nn_layer_kind_name(l), "flatten") == 0)
			return l->in.rank == 3;
		if (l->params > 0 || nn_shape_size(l->in) != nn_shape_size(l->out) || l->in.rank != 1)
			return false;
	}
	return false;
}

int
filters_room(const struct nn_net *net, int layer, struct filters *f, struct err *e)
{
	const struct nn_layer *l = nn_net_layer(net, layer);
	const int *dim = l->tensor[0].dim;
	struct nn_shape in;

	*f = (struct filters){.layer = layer};
	if (!has_kernel(l))
		return fail_without(net, l, e);
	if (l->tensor[0].rank == 4)
		f->height = dim[0], f->width = dim[1], f->channels = dim[2], f->count = dim[3];
	else if (flattened(net, layer, &in))
		f->height = in.dim[0], f->width = in.dim[1], f->channels = in.dim[2], f->count = dim[1];
	else {
		f->height = f->channels = 1, f->width = dim[0], f->count = dim[1];
		f->rows = true;
	}
	f->kernel = malloc(l->tensor[0].count * sizeof *f->kernel);
	return f->kernel != NULL ? 0 : fail_memory(e, "not enough memory for the %zu weights of %s",
	    l->tensor[0].count, l->name);
}

static int
filters_copy(struct session *s, void *arg, struct err *e)
{
	struct filters *f = arg;
	const struct nn_tensor *kernel = &nn_net_layer(s->model.net, f->layer)->tensor[0];

	memcpy(f->kernel, nn_net_weights(s->model.net) + kernel->offset, kernel->count * sizeof *f->kernel);
	return 0;
}

int
filters_take(struct session *s, int layer, struct filters *f, struct err *e)
{
	if (filters_room(s->model.net, layer, f, e) < 0)
		return -1;
	if (job_call(&s->worker, filters_copy, s, f, e) == 0)
		return 0;
	filters_free(f);
	return -1;
}

void
filters_free(struct filters *f)
{
	free(f->kernel);
	f->kernel = NULL;
}

void
filters_map(const struct filters *f, int k, int channel, float *map)
{
	int first = channel < 0 ? 0 : channel, n = channel < 0 ? f->channels : 1;

	for (int i = 0; i < f->height * f->width; i++) {
		double sum = 0;

		for (int c = first; c < first + n; c++)
			sum += f->kernel[((size_t)i * (size_t)f->channels + (size_t)c) * (size_t)f->count + (size_t)k];
		map[i] = (float)(sum / n);
	}
}

void
filters_peak(const struct filters *f, int k, float *map)
{
	for (int i = 0; i < f->height * f->width; i++) {
		float most = 0;

		for (int c = 0; c < f->channels && !isnan(most); c++) {
			float v = f->kernel[((size_t)i * (size_t)f->channels + (size_t)c) * (size_t)f->count +
			    (size_t)k];

			if (!(fabsf(v) <= fabsf(most)))
				most = v;
		}
		map[i] = most;
	}
}
