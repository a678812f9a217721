/* sensitivity.c: the gradient of one output unit's score by what a layer gives, or by the image. A pool's winner and an
 * open relu decide where a gradient goes, so that the plain kernels make the way forward, whatever kernels were chosen:
 * on even ground neighbours are equal, and sums of another order or precision would choose among them by their
 * rounding. The way back is linear then, and takes the engine's kernels.
 */
#include "walk.h"

#include <string.h>

/* The first layer with a wild parameter. */
static int
first_wild(const struct nn_net *net)
{
	int i = 0;

	while (i < net->n && !nn_kernels_reference.wild(net->layer[i].params, net->weights + net->layer[i].offset))
		i++;
	return i;
}

int
nn_sensitivity(struct nn_net *net, struct nn_engine *eng, const struct nn_set *set, int unit, enum nn_score score,
    int layer, float *value, float *grad, struct nn_err *err)
{
	struct nn_walk w = {.net = net, .k = &nn_kernels_reference, .back = eng->kernels, .n = 1};
	size_t in = nn_shape_size(net->in), size;
	int status = 0;

	if (nn_set_check(net, set, false, err) < 0)
		return -1;
	if (layer < -1 || layer >= net->shown - 1)
		return nn_fail(err, "layer %d has no score behind it; choose -1 to %d", layer, net->shown - 2);
	if (unit < 0 || unit >= nn_net_classes(net))
		return nn_fail(err, "unit %d does not exist; the model has %d", unit, nn_net_classes(net));
	w.low = net->from[layer + 1];
	size = layer < 0 ? in : nn_shape_size(net->show[layer].out);
	w.weights = nn_net_weights(net);
	w.wild = first_wild(net);
	if (nn_walk_make(&w) < 0)
		status = nn_lacks(err, NN_LACK_MEMORY,
		    "out of memory for the values of all layers; build a smaller model");
	for (size_t i = 0; i < set->count && status == 0; i++) {
		if (nn_engine_stopped(eng)) {
			status = NN_STOPPED;
			break;
		}
		w.k->pixels(in, set->images->pixels + set->index[i] * in, w.act[0]);
		nn_walk_forward(&w, 0);
		nn_walk_score(&w, unit, score);
		nn_walk_backward(&w);
		if (value != NULL)
			memcpy(value + i * size, w.act[w.low], sizeof *value * size);
		memcpy(grad + i * size, w.diff[w.low], sizeof *grad * size);
	}
	nn_walk_free(&w);
	return status;
}
