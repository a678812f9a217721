/* opt_sgd.c: stochastic gradient descent with momentum; the equations are in opt_sgd.h. */
#include "nn_int.h"

static void
prepare(struct nn_coef *c, const struct nn_run_config *cfg, uint64_t t)
{
	c->momentum = (float)cfg->momentum;
}

const struct nn_optimizer nn_optimizer_sgd = {
	.info = {
		.name = "sgd",
		.keras_class = "SGD",
		.default_lr = 0.01,
		.nslots = 1,
		.slot = {"momentum"},
		.hyper = {"momentum"},
	},
	.id = NN_OPT_sgd,
	.prepare = prepare,
};
