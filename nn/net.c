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
	struct nn_layer *l = &net->show[i];
	int before = 0;

	for (int j = 0; j < i; j++)
		before += net->show[j].kind == l->kind;
	if (before == 0)
		snprintf(l->name, sizeof l->name, "%s", l->kind->name);
	else
		snprintf(l->name, sizeof l->name, "%s_%d", l->kind->name, before);
}

/* Shape and tensors of a layer whose kind, name and input are set; its parameters begin at l->offset. */
static int
shape_layer(struct nn_layer *l, const struct nn_layer_spec *spec, struct nn_err *err)
{
	struct nn_err cause;
	size_t at = l->offset;

	l->trainable = true;
	if (nn_kind_spec(l->kind, spec, &l->spec, &cause) < 0 || l->kind->shape(l, &cause) < 0)
		return nn_fail(err, "%s: %s", l->name, cause.text);
	if (nn_shape_size(l->out) > FLOATS_MAX / NN_CHUNK)
		return nn_fail(err, "%s: its output is too large; use fewer filters or a smaller input", l->name);
	for (int t = 0; t < l->ntensors; t++) {
		struct nn_tensor *w = &l->tensor[t];
		char suffix[16];

		snprintf(suffix, sizeof suffix, "%.15s", w->name);
		snprintf(w->name, sizeof w->name, "%s.%s", l->name, suffix);
		w->offset = at;
		w->count = 1;
		for (int d = 0; d < w->rank; d++)
			w->count *= (size_t)w->dim[d];
		if (w->count > FLOATS_MAX - at)
			return nn_fail(err,
			    "%s: the net would have more than 2^31 parameters; "
			    "use fewer filters or units, or a larger pool",
			    l->name);
		at += w->count;
	}
	l->params = at - l->offset;
	if (l->learn == 0)
		l->learn = l->params;
	return 0;
}

/* The pieces of layer i, behind those that are there. */
static int
add_pieces(struct nn_net *net, int i, struct nn_err *err)
{
	const struct nn_layer *l = &net->show[i];
	struct nn_layer_spec spec[NN_PIECES_MAX] = {l->spec};
	int n = l->kind->pieces != NULL ? l->kind->pieces(l, spec) : 1;
	bool own = false; /* a piece has the tensors */

	net->from[i] = net->n;
	if (net->n + n > NN_LAYERS_MAX)
		return nn_fail(err, "more than %d layers, where activations and padding count as layers; build a "
		    "smaller model", NN_LAYERS_MAX);
	for (int k = 0; k < n; k++) {
		struct nn_layer *p = &net->layer[net->n];

		p->kind = nn_kind_find(spec[k].kind, err);
		p->in = net->n == 0 ? net->in : net->layer[net->n - 1].out;
		p->offset = own ? l->offset + l->params : l->offset;
		memcpy(p->name, l->name, sizeof p->name);
		if (p->kind == NULL || shape_layer(p, &spec[k], err) < 0)
			return -1;
		own |= p->params > 0;
		net->of[net->n++] = i;
	}
	net->from[i + 1] = net->n;
	return 0;
}

static int
build_layer(struct nn_net *net, int i, const struct nn_layer_spec *spec, struct nn_err *err)
{
	struct nn_layer *l = &net->show[i];

	l->kind = nn_kind_find(spec->kind, err);
	if (l->kind == NULL)
		return -1;
	l->in = i == 0 ? net->in : net->show[i - 1].out;
	l->offset = net->params;
	name_layer(net, i);
	if (shape_layer(l, spec, err) < 0)
		return -1;
	net->params += l->params;
	return add_pieces(net, i, err);
}

/* ---- net ---- */

static struct nn_net *
net_alloc(struct nn_shape in, int shown)
{
	struct nn_net *net = calloc(1, sizeof *net);

	if (net == NULL)
		return NULL;
	net->in = in;
	net->shown = shown;
	net->version = 1;
	net->edits = 1;
	net->show = calloc((size_t)shown, sizeof *net->show);
	net->layer = calloc(NN_LAYERS_MAX, sizeof *net->layer);
	if (net->layer == NULL || net->show == NULL) {
		nn_net_free(net);
		return NULL;
	}
	return net;
}

/* A net with shapes and no weights yet. */
static struct nn_net *
net_shape(struct nn_shape in, const struct nn_layer_spec *spec, int n, struct nn_err *err)
{
	const struct nn_layer *last;
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
		nn_lacks(err, NN_LACK_MEMORY, "out of memory for the model; use fewer layers");
		return NULL;
	}
	for (int i = 0; i < n; i++)
		if (build_layer(net, i, &spec[i], err) < 0)
			goto fail;
	last = &net->layer[net->n - 1];
	if (!nn_layer_is_softmax(last)) {
		nn_fail(err, "the model ends with %s; end it with softmax", last->name);
		goto fail;
	}
	if (last->in.rank != 1) {
		nn_fail(err, "%s: its input is a picture of %dx%dx%d; put flatten before it", last->name,
		    last->in.dim[0], last->in.dim[1], last->in.dim[2]);
		goto fail;
	}
	if (nn_net_classes(net) > NN_CLASSES_MAX) {
		nn_fail(err, "the model has %d outputs; end with at most %d", nn_net_classes(net), NN_CLASSES_MAX);
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
		nn_lacks(err, NN_LACK_MEMORY, "out of memory for %zu parameters; use fewer filters or units",
		    net->params);
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
	free(net->show);
	free(net);
}

struct nn_net *
nn_net_clone(const struct nn_net *net)
{
	struct nn_net *copy = net_alloc(net->in, net->shown);

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
	copy->n = net->n;
	memcpy(copy->from, net->from, sizeof net->from);
	memcpy(copy->of, net->of, sizeof net->of);
	memcpy(copy->layer, net->layer, sizeof *net->layer * (size_t)net->n);
	memcpy(copy->show, net->show, sizeof *net->show * (size_t)net->shown);
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
	for (int i = first < 0 ? 0 : first; i <= last && i < net->shown; i++) {
		net->show[i].trainable = on;
		for (int k = net->from[i]; k < net->from[i + 1]; k++)
			net->layer[k].trainable = on;
	}
	net->edits++;
}

int
nn_net_set_rate(struct nn_net *net, int layer, double rate, struct nn_err *err)
{
	if (layer < 0 || layer >= net->shown || !nn_layer_has_rate(&net->show[layer]))
		return nn_fail(err, "layer %d is not a dropout; only a dropout has a rate", layer);
	if (!(rate >= 0 && rate < 1))
		return nn_fail(err, "%s: rate %g; choose 0 or more and less than 1", net->show[layer].name, rate);
	net->show[layer].rate = net->layer[net->from[layer]].rate = rate;
	net->edits++;
	return 0;
}
