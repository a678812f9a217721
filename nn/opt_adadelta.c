/* opt_adadelta.c: Adadelta; the equations are in opt_adadelta.h. Keras' default rate is 0.001 nowadays, the paper's is
 * 1. */
#include "nn_int.h"

static void
prepare(struct nn_coef *c, const struct nn_run_config *cfg, uint64_t t)
{
	c->rho = (float)cfg->rho;
	c->rho1 = (float)(1 - cfg->rho);
	c->epsilon = (float)cfg->epsilon;
}

const struct nn_optimizer nn_optimizer_adadelta = {
	.info = {
		.name = "adadelta",
		.keras_class = "Adadelta",
		.default_lr = 1.0,
		.nslots = 2,
		.slot = {"accumulated_grad", "accumulated_delta_var"},
		.squares = {true, true},
		.hyper = {"rho", "epsilon"},
	},
	.id = NN_OPT_adadelta,
	.prepare = prepare,
};
