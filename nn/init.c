/* init.c: initial weights. Kernels are Glorot uniform, u(-a, a) with a = sqrt(6 / (fan_in + fan_out)); biases are 0.
 * Weight i of a layer's kernel comes from the word i % 4 of the Philox block {i / 4, 0, 0, purpose and layer}.
 */
#include "nn_int.h"

#include <math.h>
#include <string.h>

static void
glorot(float *w, size_t n, double limit, uint64_t seed, int layer)
{
	uint32_t counter[4] = {0, 0, 0, (uint32_t)NN_RNG_INIT << 28 | (uint32_t)layer << 20}, word[4];

	for (size_t i = 0; i < n; i++) {
		if (i % 4 == 0) {
			counter[0] = (uint32_t)(i / 4);
			nn_philox(seed, counter, word);
		}
		w[i] = (float)((2 * ((word[i % 4] >> 8) / 16777216.0) - 1) * limit); /* 24 bits */
	}
}

void
nn_net_init(struct nn_net *net, int first, int last, uint64_t seed)
{
	nn_net_sync(net);
	for (int i = first < 0 ? 0 : first; i <= last && i < net->shown; i++) {
		const struct nn_layer *l = &net->show[i];
		double in, out;

		if (l->params == 0)
			continue;
		if (l->kind->init != NULL) {
			l->kind->init(l, net->weights + l->offset);
			continue;
		}
		memset(net->weights + l->offset, 0, sizeof *net->weights * l->params);
		l->kind->fans(l, &in, &out);
		glorot(net->weights + l->tensor[0].offset, l->tensor[0].count, sqrt(6 / (in + out)), seed, i);
	}
	nn_net_changed(net);
}
