/* optimizers.c: the list of optimizers. */
#include "nn_int.h"

#include <string.h>

static const struct nn_optimizer *const optimizers[] = {
#define NN_OPTIMIZER(x) &nn_optimizer_##x,
#include "optimizers.def"
#undef NN_OPTIMIZER
};
#define NOPTIMIZERS ((int)(sizeof optimizers / sizeof *optimizers))

const struct nn_optimizer nn_optimizer_record = {
	.info = {.name = "record", .keras_class = "", .nslots = 1, .slot = {"gradient"}},
	.id = NN_OPT_record,
};

const struct nn_optimizer_info *
nn_optimizer_at(int i)
{
	return i >= 0 && i < NOPTIMIZERS ? &optimizers[i]->info : NULL;
}

const struct nn_optimizer_info *
nn_optimizer_find(const char *name)
{
	for (int i = 0; i < NOPTIMIZERS; i++)
		if (strcmp(optimizers[i]->info.name, name) == 0)
			return &optimizers[i]->info;
	return NULL;
}
