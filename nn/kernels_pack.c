/* kernels_pack.c: a sample of the feature cache as a bit mask and the values that are not +0. */
#include "kernels_fast.h"
#include "vec.h"

/* Bits of the 16 values that are not +0: -0 and NaN are kept. */
VINLINE unsigned
bits_kept(const float *x)
{
	unsigned bits = 0;

#if VL == 16
	bits = _mm512_test_epi32_mask(_mm512_loadu_si512(x), _mm512_loadu_si512(x));
#elif VL == 8
	for (int i = 0; i < 16; i += 8) {
		__m256i zero = _mm256_cmpeq_epi32(_mm256_castps_si256(_mm256_loadu_ps(x + i)), _mm256_setzero_si256());
		bits |= (~(unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(zero)) & 0xff) << i;
	}
#else
	for (int i = 0; i < 16; i++) {
		uint32_t v;

		memcpy(&v, x + i, sizeof v);
		bits |= (unsigned)(v != 0) << i;
	}
#endif
	return bits;
}

/* 16 values a time. Whole vectors are stored, or a value before it is known to count: what is behind the last one, up
 * to value[size - 1], may be overwritten. */
size_t
NN_ISA(nn_pack)(size_t size, const float *x, uint64_t *mask, float *value)
{
	size_t n = 0, i = 0;

	memset(mask, 0, sizeof *mask * ((size + 63) / 64));
	for (; i + 16 <= size; i += 16) {
		unsigned bits = bits_kept(x + i);

		mask[i / 64] |= (uint64_t)bits << i % 64;
#if VL == 16
		_mm512_storeu_ps(value + n, _mm512_maskz_compress_ps((__mmask16)bits, _mm512_loadu_ps(x + i)));
		n += (size_t)vcount((__mmask16)bits);
#else
		for (int j = 0; j < 16; j++) {
			value[n] = x[i + (size_t)j];
			n += bits >> j & 1;
		}
#endif
	}
	for (; i < size; i++) {
		uint32_t v;

		memcpy(&v, x + i, sizeof v);
		if (v != 0) {
			mask[i / 64] |= (uint64_t)1 << i % 64;
			value[n++] = x[i];
		}
	}
	return n;
}
