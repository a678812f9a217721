/* layer.c: queries on a net that is built: shapes, names, counts, and where a cache would cut.
 *
 * Everything here only reads.
 */
#include "nn_int.h"

size_t
nn_shape_size(struct nn_shape s)
{
	size_t n = 1;

	for (int i = 0; i < s.rank; i++)
		n *= (size_t)s.dim[i];
	return n;
}

/* ---- layers ---- */

const char *
nn_layer_kind_name(const struct nn_layer *l)
{
	return l->kind->name;
}

const char *
nn_layer_class(const struct nn_layer *l)
{
	return l->kind->keras_class;
}

const char *
nn_layer_initializer(const struct nn_layer *l)
{
	return l->kind->initializer;
}

bool
nn_layer_has_rate(const struct nn_layer *l)
{
	return l->kind->random;
}

bool
nn_layer_has_input_rows(const struct nn_layer *l)
{
	return l->kind->input_rows;
}

/* ---- nets ---- */

struct nn_shape
nn_net_input(const struct nn_net *net)
{
	return net->in;
}

int
nn_net_classes(const struct nn_net *net)
{
	return net->layer[net->n - 1].out.dim[0];
}

int
nn_net_count(const struct nn_net *net)
{
	return net->shown;
}

const struct nn_layer *
nn_net_layer(const struct nn_net *net, int i)
{
	return i >= 0 && i < net->shown ? &net->show[i] : NULL;
}

size_t
nn_net_params(const struct nn_net *net)
{
	return net->params;
}

size_t
nn_net_trainable(const struct nn_net *net)
{
	size_t n = 0;

	for (int i = 0; i < net->n; i++)
		if (net->layer[i].trainable)
			n += net->layer[i].learn;
	return n;
}

/* Among the layers from the first with parameters to the last before a dropout or a layer that trains: the one whose
 * output is smallest, the last of equal ones. */
int
nn_cut(const struct nn_net *net)
{
	int cut = -1;
	bool any = false;

	for (int i = 0; i + 1 < net->n; i++) {
		const struct nn_layer *l = &net->layer[i];

		if (l->kind->random || (l->params > 0 && l->trainable))
			break;
		any |= l->params > 0;
		if (any && net->of[i + 1] != net->of[i] && (cut < 0 || nn_shape_size(l->out) <=
		    nn_shape_size(net->layer[cut].out)))
			cut = i;
	}
	return cut;
}

int
nn_cache_cut(const struct nn_net *net)
{
	int cut = nn_cut(net);

	return cut < 0 ? -1 : net->of[cut];
}
