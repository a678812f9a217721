/* kernels_fast.c: kernels with vectors as wide as the target, compiled once for each instruction set. */
#include "kernels.h"
#include "optimizers.h"

#include <math.h>
#include <string.h>

#define REAL float
#include "kernels_plain.h"
#include "kernels_common.h"

const struct nn_kernels NN_ISA(nn_kernels) = {
	.name = NN_ISA_NAME,
	PLAIN_TABLE,
	COMMON_TABLE,
	.update = {
#define NN_OPTIMIZER(x) [NN_OPT_##x] = common_update_##x,
#include "optimizers.def"
		NN_OPTIMIZER(record)
#undef NN_OPTIMIZER
	},
};
