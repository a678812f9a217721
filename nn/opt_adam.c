/* opt_adam.c: Adam; the equations are in opt_adam.h. */
#include "nn_int.h"

#include <math.h>

static void
prepare(struct nn_coef *c, const struct nn_run_config *cfg, uint64_t t)
{
	/* Keras takes the powers of betas that were rounded to single precision, which moves 1 - 0.999 in the fifth
	 * digit. */
	double b1 = pow((float)cfg->beta_1, (double)t), b2 = pow((float)cfg->beta_2, (double)t);

	c->lr = (float)(c->lr * sqrt(1 - b2) / (1 - b1));
	c->epsilon = (float)cfg->epsilon;
	c->beta_1 = (float)cfg->beta_1;
	c->beta_11 = (float)(1 - cfg->beta_1);
	c->beta_2 = (float)cfg->beta_2;
	c->beta_21 = (float)(1 - cfg->beta_2);
}

const struct nn_optimizer nn_optimizer_adam = {
	.info = {
		.name = "adam",
		.keras_class = "Adam",
		.default_lr = 0.001,
		.nslots = 2,
		.slot = {"momentum", "velocity"},
		.squares = {false, true},
		.hyper = {"beta_1", "beta_2", "epsilon"},
	},
	.id = NN_OPT_adam,
	.prepare = prepare,
};
