/* net.c: a net is a list of layers and one block of parameters. Building, names, shapes, flags, the block.
 *
 * The canonical block is the truth except while a plan is `dirty`: then its packed copies are newer, and whoever asks
 * for the block has them written back first.
 */
#include "nn_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FLOATS_MAX ((size_t)1 << 31)

/* ---- layers ---- */

/* Keras' automatic names: the kind, then _1, _2 within the net. */
static void
name_layer(struct nn_net *net, int i)
{
	struct nn_layer *l = &net->layer[i];
	int before = 0;

	for (int j = 0; j < i; j++)
		before += net->layer[j].kind == l->kind;
	if (before == 0)
		snprintf(l->name, sizeof l->name, "%s", l->kind->name);
	else
		snprintf(l->name, sizeof l->name, "%s_%d", l->kind->name, before);
}

static int
build_layer(struct nn_net *net, int i, const struct nn_layer_spec *spec, struct nn_err *err)
{
	struct nn_layer *l = &net->layer[i];
	struct nn_err cause;

	l->kind = nn_kind_find(spec->kind, err);
	if (l->kind == NULL)
		return -1;
	l->in = i == 0 ? net->in : net->layer[i - 1].out;
	l->trainable = true;
	name_layer(net, i);
	if (nn_kind_spec(l->kind, spec, &l->spec, &cause) < 0 || l->kind->shape(l, &cause) < 0)
		return nn_fail(err, "%s: %s", l->name, cause.text);
	if (nn_shape_size(l->out) > FLOATS_MAX / NN_CHUNK)
		return nn_fail(err, "%s: its output is too large; use fewer filters or a smaller input", l->name);
	l->offset = net->params;
	for (int t = 0; t < l->ntensors; t++) {
		struct nn_tensor *w = &l->tensor[t];
		char suffix[16];

		snprintf(suffix, sizeof suffix, "%.15s", w->name);
		snprintf(w->name, sizeof w->name, "%s.%s", l->name, suffix);
		w->offset = net->params;
		w->count = 1;
		for (int d = 0; d < w->rank; d++)
			w->count *= (size_t)w->dim[d];
		if (w->count > FLOATS_MAX - net->params)
			return nn_fail(err,
			    "%s: the net would have more than 2^31 parameters; "
			    "use fewer filters or units, or a larger pool",
			    l->name);
		net->params += w->count;
	}
	l->params = net->params - l->offset;
	return 0;
}

/* ---- net ---- */

static struct nn_net *
net_alloc(struct nn_shape in, int n)
{
	struct nn_net *net = calloc(1, sizeof *net);

	if (net == NULL)
		return NULL;
	net->in = in;
	net->n = n;
	net->version = 1;
	net->edits = 1;
	net->layer = calloc((size_t)n, sizeof *net->layer);
	if (net->layer == NULL) {
		free(net);
		return NULL;
	}
	return net;
}

/* A net with shapes and no weights yet. */
static struct nn_net *
net_shape(struct nn_shape in, const struct nn_layer_spec *spec, int n, struct nn_err *err)
{
	struct nn_net *net;

	if (in.rank != 1 && in.rank != 3) {
		nn_fail(err, "the input has %d dimensions; it must have 1 or 3", in.rank);
		return NULL;
	}
	for (int i = 0; i < in.rank; i++)
		if (in.dim[i] < 1 || in.dim[i] > 65536 || nn_shape_size((struct nn_shape){i + 1,
		    {in.dim[0], in.dim[1], in.dim[2]}}) > FLOATS_MAX / NN_CHUNK) {
			nn_fail(err, "the input is empty or too large; each side must be 1 to 65536");
			return NULL;
		}
	if (n < 1 || n > NN_LAYERS_MAX) {
		nn_fail(err, "%d layers; a model has 1 to %d", n, NN_LAYERS_MAX);
		return NULL;
	}
	net = net_alloc(in, n);
	if (net == NULL) {
		nn_fail(err, "out of memory for the model; use fewer layers");
		return NULL;
	}
	for (int i = 0; i < n; i++) {
		if (build_layer(net, i, &spec[i], err) < 0)
			goto fail;
		if (nn_layer_is_softmax(&net->layer[i]) && i + 1 < n) {
			nn_fail(err, "%s: only the last layer may be softmax; use relu here", net->layer[i].name);
			goto fail;
		}
	}
	if (!nn_layer_is_softmax(&net->layer[n - 1])) {
		nn_fail(err, "the model ends with %s; end it with softmax", net->layer[n - 1].name);
		goto fail;
	}
	if (nn_net_classes(net) > 256) {
		nn_fail(err, "the model has %d outputs; a target is a byte, so end with at most 256",
		    nn_net_classes(net));
		goto fail;
	}
	return net;

fail:
	nn_net_free(net);
	return NULL;
}

struct nn_net *
nn_net_new(struct nn_shape in, const struct nn_layer_spec *spec, int n, struct nn_err *err)
{
	struct nn_net *net = net_shape(in, spec, n, err);

	if (net == NULL)
		return NULL;
	net->weights = nn_zalloc(net->params * sizeof *net->weights);
	if (net->weights == NULL) {
		nn_fail(err, "out of memory for %zu parameters; use fewer filters or units", net->params);
		nn_net_free(net);
		return NULL;
	}
	return net;
}

size_t
nn_spec_params(struct nn_shape in, const struct nn_layer_spec *spec, int n, struct nn_err *err)
{
	struct nn_net *net = net_shape(in, spec, n, err);
	size_t params = net != NULL ? net->params : SIZE_MAX;

	nn_net_free(net);
	return params;
}

void
nn_net_free(struct nn_net *net)
{
	if (net == NULL)
		return;
	nn_plan_free(net->eval);
	free(net->weights);
	free(net->layer);
	free(net);
}

struct nn_net *
nn_net_clone(const struct nn_net *net)
{
	struct nn_net *copy = net_alloc(net->in, net->n);

	if (copy == NULL)
		return NULL;
	/* Bringing the block up to date changes nothing that a reader of a const net could see. */
	nn_net_sync((struct nn_net *)net);
	copy->params = net->params;
	copy->weights = nn_alloc(net->params * sizeof *net->weights);
	if (copy->weights == NULL) {
		nn_net_free(copy);
		return NULL;
	}
	memcpy(copy->layer, net->layer, sizeof *net->layer * (size_t)net->n);
	memcpy(copy->weights, net->weights, sizeof *net->weights * net->params);
	return copy;
}

const float *
nn_net_weights(struct nn_net *net)
{
	nn_net_sync(net);
	return net->weights;
}

float *
nn_net_weights_edit(struct nn_net *net)
{
	nn_net_sync(net);
	return net->weights;
}

void
nn_net_changed(struct nn_net *net)
{
	net->version++;
	net->edits++;
}

void
nn_net_set_trainable(struct nn_net *net, int first, int last, bool on)
{
	for (int i = first < 0 ? 0 : first; i <= last && i < net->n; i++)
		net->layer[i].trainable = on;
	net->edits++;
}

int
nn_net_set_rate(struct nn_net *net, int layer, double rate, struct nn_err *err)
{
	if (layer < 0 || layer >= net->n || !nn_layer_has_rate(&net->layer[layer]))
		return nn_fail(err, "layer %d is not a dropout; only a dropout has a rate", layer);
	if (!(rate >= 0 && rate < 1))
		return nn_fail(err, "%s: rate %g; choose 0 or more and less than 1", net->layer[layer].name, rate);
	net->layer[layer].rate = rate;
	net->edits++;
	return 0;
}
