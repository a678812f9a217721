/* kernels_drop.c: which values a dropout keeps, as bits. Philox4x32-10 runs on one block a lane; a block decides eight
 * positions (nn_drop_counter), so VL blocks make VL bytes of the mask.
 */
#include "kernels_fast.h"
#include "vec.h"

/* Products of 32-bit lanes: low and high halves. */
VINLINE void
wide(vu x, uint32_t by, vu *hi, vu *lo)
{
#if VL == 16
	__m512i a = (__m512i)x, m = _mm512_set1_epi32((int)by);
	__m512i even = _mm512_mul_epu32(a, m), odd = _mm512_mul_epu32(_mm512_srli_epi64(a, 32), m);

	*lo = (vu)_mm512_mask_blend_epi32(0xaaaa, even, _mm512_slli_epi64(odd, 32));
	*hi = (vu)_mm512_mask_blend_epi32(0xaaaa, _mm512_srli_epi64(even, 32), odd);
#elif VL == 8
	__m256i a = (__m256i)x, m = _mm256_set1_epi32((int)by);
	__m256i even = _mm256_mul_epu32(a, m), odd = _mm256_mul_epu32(_mm256_srli_epi64(a, 32), m);

	*lo = (vu)_mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xaa);
	*hi = (vu)_mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, 0xaa);
#elif defined(__SSE2__)
	__m128i a = (__m128i)x, m = _mm_set1_epi32((int)by), low = _mm_set_epi32(0, -1, 0, -1);
	__m128i even = _mm_mul_epu32(a, m), odd = _mm_mul_epu32(_mm_srli_epi64(a, 32), m);

	*lo = (vu)_mm_or_si128(_mm_and_si128(even, low), _mm_slli_epi64(odd, 32));
	*hi = (vu)_mm_or_si128(_mm_srli_epi64(even, 32), _mm_andnot_si128(low, odd));
#else
	for (int i = 0; i < VL; i++) {
		uint64_t p = (uint64_t)x[i] * by;

		(*lo)[i] = (uint32_t)p;
		(*hi)[i] = (uint32_t)(p >> 32);
	}
#endif
}

VINLINE vu
splat(uint32_t x)
{
	return (vu){0} + x;
}

/* Bytes of the mask for blocks first..first+VL-1. */
VINLINE void
bytes(const struct nn_drop *d, uint32_t threshold, uint32_t sample, uint32_t first, uint8_t out[VL])
{
	uint32_t counter[4], k0 = (uint32_t)d->seed, k1 = (uint32_t)(d->seed >> 32);
	vu c0, c1, c2, c3, bits = {0};

	nn_drop_counter(counter, first, sample, d->step, d->epoch, d->layer);
	for (int i = 0; i < VL; i++)
		c0[i] = first + (uint32_t)i;
	c1 = splat(counter[1]);
	c2 = splat(counter[2]);
	c3 = splat(counter[3]);
	for (int round = 0; round < 10; round++) {
		vu hi0, lo0, hi1, lo1;

		wide(c0, 0xd2511f53, &hi0, &lo0);
		wide(c2, 0xcd9e8d57, &hi1, &lo1);
		c0 = hi1 ^ c1 ^ splat(k0);
		c1 = lo1;
		c2 = hi0 ^ c3 ^ splat(k1);
		c3 = lo0;
		k0 += 0x9e3779b9;
		k1 += 0xbb67ae85;
	}
	vu word[4] = {c0, c1, c2, c3};
	vi least = (vi)splat(threshold);

UNROLL
	for (int j = 0; j < 4; j++) {
		bits |= (vu)((vi)(word[j] & splat(0xffff)) >= least) & splat(1u << 2 * j);
		bits |= (vu)((vi)(word[j] >> 16) >= least) & splat(2u << 2 * j);
	}
	for (int i = 0; i < VL; i++)
		out[i] = (uint8_t)bits[i];
}

/* Words w0..w1-1 of the mask of one image, bit j of word w is position 64w + j. */
void
NN_ISA(nn_keep)(const struct nn_drop *d, int sample, int w0, int w1, uint64_t *keep)
{
	uint32_t threshold = nn_drop_threshold(d->rate);
	uint8_t b[16];

	for (int w = w0; w < w1;) {
		int n = VL == 16 && w1 - w > 1 ? 2 : 1;

		for (int i = 0; i < n * 8; i += VL) {
			uint8_t part[VL];

			bytes(d, threshold, (uint32_t)sample, (uint32_t)(w * 8 + i), part);
			memcpy(b + i, part, (size_t)imin(VL, 16 - i));
		}
		for (int k = 0; k < n; k++, w++) {
			uint64_t word = 0;

			for (int i = 0; i < 8; i++)
				word |= (uint64_t)b[k * 8 + i] << 8 * i;
			*keep++ = word;
		}
	}
}

void
NN_ISA(nn_dropout)(const struct nn_drop *d, int first, int n, size_t size, const float *x, float *y)
{
	float scale = nn_drop_scale(d->rate);
	int words = (int)((size + 63) / 64);

	for (int s = 0; s < n; s++, x += size, y += size)
		for (int w = 0; w < words; w += 2) {
			uint64_t keep[2];
			int m = imin(2, words - w);

			NN_ISA(nn_keep)(d, first + s, w, w + m, keep);
			for (int k = 0; k < m; k++) {
				size_t at = (size_t)(w + k) * 64, many = size - at < 64 ? size - at : 64;

				for (size_t j = 0; j < many; j++)
					y[at + j] = keep[k] >> j & 1 ? x[at + j] * scale : 0;
			}
		}
}
