/* kernels_ref.c: the plain kernels as tables, for float and for double. `set kernels reference` trains with them; tests
 * hold the fast ones to them.
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

static size_t
pack(size_t size, const float *x, uint64_t *mask, float *value)
{
	size_t n = 0;

	for (size_t i = 0; i < size; i += 64) {
		uint64_t m = 0;

		for (size_t j = 0; j < 64 && i + j < size; j++) {
			uint32_t bits;

			memcpy(&bits, x + i + j, sizeof bits);
			if (bits != 0) { /* -0 and NaN are kept */
				m |= (uint64_t)1 << j;
				value[n++] = x[i + j];
			}
		}
		mask[i / 64] = m;
	}
	return n;
}

const struct nn_kernels nn_kernels_reference = {
	.name = "reference",
	PLAIN_TABLE,
	COMMON_TABLE,
	.pack = pack,
	.update = {
#define NN_OPTIMIZER(x) [NN_OPT_##x] = common_update_##x,
#include "optimizers.def"
		NN_OPTIMIZER(record)
#undef NN_OPTIMIZER
	},
};
