/* kernels_common.h: the kernels whose plain loops the compiler makes fast enough, for a kernel table of floats: pixels,
 * the optimizers' updates, the look for what is wild, unpacking. Everything is static; included where a table is made,
 * with that file's flags.
 */
/* But for the sign, the bits are in the order of the numbers, with what is no number at the end. */
static inline int
common_is_wild(float x)
{
	int32_t bits;

	memcpy(&bits, &x, sizeof bits);
	return (bits & INT32_MAX) >= NN_WILD_BITS;
}

#define NN_OPTIMIZER(x) \
	static bool common_update_##x(float *restrict w, const float *restrict g, float *restrict s0, \
	    float *restrict s1, size_t n, const struct nn_coef *coef) \
	{ \
		struct nn_coef c = *coef; \
		int any = 0; \
		for (size_t i = 0; i < n; i++) { \
			nn_update_##x(w + i, g[i], s0 != NULL ? s0 + i : NULL, s1 != NULL ? s1 + i : NULL, &c); \
			any |= common_is_wild(w[i]); \
		} \
		return any; \
	}
#include "optimizers.def"
NN_OPTIMIZER(record)
#undef NN_OPTIMIZER

static bool
common_wild(size_t count, const float *x)
{
	int any = 0;

	for (size_t i = 0; i < count; i++)
		any |= common_is_wild(x[i]);
	return any;
}

static void
common_pixels(size_t count, const uint8_t *restrict byte, float *restrict x)
{
	for (size_t i = 0; i < count; i++)
		x[i] = (float)byte[i] / 255.0f;
}

static void
common_unpack(size_t size, const uint64_t *mask, const float *value, float *x)
{
	memset(x, 0, sizeof *x * size);
	for (size_t i = 0; i < size; i += 64)
		for (uint64_t m = mask[i / 64]; m != 0; m &= m - 1)
			x[i + (size_t)__builtin_ctzll(m)] = *value++;
}

#define COMMON_TABLE \
	.wild = common_wild, .pixels = common_pixels, .unpack = common_unpack
