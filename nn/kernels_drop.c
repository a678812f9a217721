/* kernels_drop.c: which values a dropout keeps, as bits. Philox4x32-10 runs on one block a lane; a block decides eight
 * positions (nn_drop_counter), so VL blocks make VL bytes of the mask.
 */
#include "kernels_fast.h"
#include "vec.h"

/* A word of VL blocks lies in two vectors, that of the even blocks and that of the odd ones, in the low halves of
 * 64-bit lanes, where products find it; what the high halves hold does not matter. */
typedef uint64_t vq __attribute__((vector_size(VL * 4)));

/* Products of the low halves. */
VINLINE vq
product(vq a, vq by)
{
#if VL == 16
	return (vq)_mm512_mul_epu32((__m512i)a, (__m512i)by);
#elif VL == 8
	return (vq)_mm256_mul_epu32((__m256i)a, (__m256i)by);
#elif defined(__SSE2__)
	return (vq)_mm_mul_epu32((__m128i)a, (__m128i)by);
#else
	return (a & UINT32_MAX) * by;
#endif
}

VINLINE vq
splat(uint32_t x)
{
	return (vq){0} + x;
}

/* Bytes of the mask for blocks first..first+VL-1. */
VINLINE void
bytes(const struct nn_drop *d, uint32_t threshold, uint32_t sample, uint32_t first, uint8_t out[VL])
{
	const vq m0 = splat(0xd2511f53), m1 = splat(0xcd9e8d57);
	uint32_t counter[4];
	vq k0 = splat((uint32_t)d->seed), k1 = splat((uint32_t)(d->seed >> 32));
	uint64_t block[2][VL / 2];
	vq c0[2], c1[2], c2[2], c3[2];

	nn_drop_counter(counter, first, sample, d->step, d->epoch, d->layer);
	for (int i = 0; i < VL / 2; i++) {
		block[0][i] = first + 2 * (uint32_t)i;
		block[1][i] = first + 2 * (uint32_t)i + 1;
	}
	memcpy(c0, block, sizeof c0);
	for (int i = 0; i < 2; i++) {
		c1[i] = splat(counter[1]);
		c2[i] = splat(counter[2]);
		c3[i] = splat(counter[3]);
	}
	for (int round = 0; round < 10; round++) {
UNROLL
		for (int i = 0; i < 2; i++) {
			vq p0 = product(c0[i], m0), p1 = product(c2[i], m1);

			c0[i] = p1 >> 32 ^ c1[i] ^ k0;
			c1[i] = p1;
			c2[i] = p0 >> 32 ^ c3[i] ^ k1;
			c3[i] = p0;
		}
		k0 += splat(0x9e3779b9);
		k1 += splat(0xbb67ae85);
	}
	const vq low = splat(UINT32_MAX);
	vu word[4] = {(vu)((c0[0] & low) | c0[1] << 32), (vu)((c1[0] & low) | c1[1] << 32),
	    (vu)((c2[0] & low) | c2[1] << 32),
	    (vu)((c3[0] & low) | c3[1] << 32)};

#if VL == 16
	/* The 16-bit halves of word j give bits 2i and 2i + 1 of block i; they belong into byte i, at 2j. */
	uint64_t to[2] = {0};

UNROLL
	for (int j = 0; j < 4; j++) {
		uint32_t kept = threshold > UINT16_MAX ? 0 : _mm512_cmpge_epu16_mask((__m512i)word[j],
		    _mm512_set1_epi16((short)threshold));

		to[0] |= _pdep_u64(kept & 0xffff, UINT64_C(0x0303030303030303) << 2 * j);
		to[1] |= _pdep_u64(kept >> 16, UINT64_C(0x0303030303030303) << 2 * j);
	}
	memcpy(out, to, sizeof to);
#else
	const vi least = (vi)((vu){0} + threshold);
	vu bits = {0};

UNROLL
	for (int j = 0; j < 4; j++) {
		bits |= (vu)((vi)(word[j] & 0xffff) >= least) & 1u << 2 * j;
		bits |= (vu)((vi)(word[j] >> 16) >= least) & 2u << 2 * j;
	}
	for (int i = 0; i < VL; i++)
		out[i] = (uint8_t)bits[i];
#endif
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
