/* stats.c: the tensors of the network as numbers and histograms: weights, activations, gradients. */
#include "look/stats.h"

#include "session/made.h"
#include "util/lack.h"

#include <stdlib.h>
#include <string.h>

const char *const stats_names[] = {"weights", "activations", "gradients"};

static void
stats_add(struct stats *x, int layer, const char *tensor, const float *values, size_t n)
{
	struct stats_row *r = &x->row[x->n++];

	r->layer = layer;
	r->tensor = tensor;
	figures_of(&r->f, values, n);
	x->nonfinite |= r->f.nonfinite > 0;
}

/* Of a block of all parameters: weights or their gradients. */
static void
stats_block(struct session *s, struct stats *x, const float *block)
{
	for (int i = 0; i < nn_net_count(s->model.net); i++) {
		const struct nn_layer *l = nn_net_layer(s->model.net, i);

		for (int t = 0; t < l->ntensors && x->pick[i]; t++)
			stats_add(x, i, strchr(l->tensor[t].name, '.') != NULL ? strchr(l->tensor[t].name, '.') + 1 :
			    l->tensor[t].name, block + l->tensor[t].offset, l->tensor[t].count);
	}
}

static int
stats_batch(struct session *s, struct stats *x, struct err *e)
{
	if (x->of == STATS_GRADIENTS)
		return !x->split_given ? batch_last(s, &x->batch, e) :
		    batch_first(s, &x->split, true, (size_t)s->set.run.batch, &x->batch, e);
	return batch_first(s, &x->split, false, STATS_IMAGES, &x->batch, e);
}

static int
stats_gradients(struct session *s, struct stats *x, struct err *e)
{
	float *grad = malloc(nn_net_params(s->model.net) * sizeof *grad);
	struct nn_err why;
	int rc = 0;

	if (grad == NULL)
		return fail_memory(e, "not enough memory for the gradients of all weights");
	if (nn_gradient(s->model.net, s->compute.engine, &x->batch.sel.set, &x->loss, grad, &why) < 0)
		rc = fail_nn(e, &why);
	else
		stats_block(s, x, grad);
	free(grad);
	return rc;
}

static int
stats_activations(struct session *s, struct stats *x, struct err *e)
{
	const struct nn_set *set = &x->batch.sel.set;
	struct nn_err why;
	int rc = 0;

	for (int i = 0; rc == 0 && i < nn_net_count(s->model.net); i++) {
		size_t n = set->count * nn_shape_size(nn_net_layer(s->model.net, i)->out);
		float *out = x->pick[i] ? malloc(n * sizeof *out) : NULL;

		if (!x->pick[i])
			continue;
		if (out == NULL)
			return fail(e, "not enough memory for the outputs of %s; name smaller layers, or %s",
			    nn_net_layer(s->model.net, i)->name, lack_memory_way());
		rc = nn_forward(s->model.net, s->compute.engine, set, i, out, &why);
		if (rc == 0)
			stats_add(x, i, "output", out, n);
		else
			rc == NN_STOPPED ? fail(e, "interrupted; run it again") : fail_nn(e, &why);
		free(out);
	}
	return rc == 0 ? 0 : -1;
}

int
stats_measure(struct session *s, void *arg, struct err *e)
{
	struct stats *x = arg;

	if (x->of == STATS_WEIGHTS) {
		stats_block(s, x, nn_net_weights(s->model.net));
		return 0;
	}
	if (stats_batch(s, x, e) < 0)
		return -1;
	return x->of == STATS_GRADIENTS ? stats_gradients(s, x, e) : stats_activations(s, x, e);
}

void
stats_clear(struct stats *x)
{
	batch_free(&x->batch);
	memset(&x->batch, 0, sizeof x->batch);
	x->n = 0;
	x->nonfinite = x->bare = false;
}

void
stats_without_zeros(struct stats *x)
{
	for (int i = 0; i < x->n && x->of == STATS_ACTIVATIONS && !x->bare; i++)
		if (x->row[i].f.zeros > 0)
			x->row[i].f.bin[x->row[i].f.zero_bin] -= x->row[i].f.zeros;
	x->bare = true;
}
