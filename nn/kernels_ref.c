/* kernels_ref.c: the plain kernels as tables, for float and for double. `set kernels reference` trains with them; tests hold
 * the fast ones to them.
 */
#include "kernels.h"
#include "optimizers.h"

#include <math.h>
#include <string.h>

#define REAL double
#include "kernels_plain.h"

const struct nn_kernels_double nn_kernels_reference_double = {PLAIN_TABLE};

#undef REAL
#define REAL float
#include "kernels_plain.h"
#include "kernels_common.h"

const struct nn_kernels nn_kernels_reference = {
	.name = "reference",
	PLAIN_TABLE,
	COMMON_TABLE,
	.update = {
#define NN_OPTIMIZER(x) [NN_OPT_##x] = common_update_##x,
#include "optimizers.def"
		NN_OPTIMIZER(record)
#undef NN_OPTIMIZER
	},
};
