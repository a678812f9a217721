/* kernels_lists.c: which gradients of the second of two 3x3 convolutions are live, as lists.
 *
 * A pooled gradient goes to one of four positions, and to none when the relu was closed or the dropout behind it took
 * the feature. Forward has kept which position, as bits (struct wino_code); where its rounding leaves that open, the
 * window is computed once more.
 */
#include "wino.h"
#include "vec.h"

/* ---- winners that Winograd's rounding leaves open ---- */

/* The place of the first largest of the second map's four values in a window, computed in double precision; -1: none is
 * above zero. */
static int
resolve(const struct wino *m, const float *map, int o, int py, int px)
{
	int c = m->c, best = 0;
	double top = 0;

	for (int k = 0; k < 4; k++) {
		const float *at = map + ((size_t)(2 * py + k / 2) * m->w1 + 2 * px + k % 2) * c,
		    *w = m->turned + (size_t)o * 9 * c;
		double sum = (double)m->b2[o];

		for (int r = 0; r < 3; r++, at += (size_t)m->w1 * c, w += 3 * c) {
			double part[8] = {0};

			for (int i = 0; i < 3 * c; i += 8)
				for (int j = 0; j < 8; j++)
					part[j] += (double)at[i + j] * (double)w[i + j];
			for (int j = 0; j < 8; j++)
				sum += part[j];
		}
		if (k == 0 || sum > top) {
			top = sum;
			best = k;
		}
	}
	return top > 0 ? best : -1;
}

/* ---- lists of live gradients ---- */

VINLINE unsigned
bits_live(const float *act, const float *grad)
{
	unsigned bits = 0;

#if VL == 16
	__mmask16 m = _mm512_cmp_ps_mask(_mm512_loadu_ps(act), _mm512_setzero_ps(), _CMP_GT_OQ);
	bits = _mm512_mask_cmp_ps_mask(m, _mm512_loadu_ps(grad), _mm512_setzero_ps(), _CMP_NEQ_UQ);
#elif VL == 8
	for (int i = 0; i < 16; i += 8) {
		__m256 a = _mm256_cmp_ps(_mm256_loadu_ps(act + i), _mm256_setzero_ps(), _CMP_GT_OQ);
		__m256 g = _mm256_cmp_ps(_mm256_loadu_ps(grad + i), _mm256_setzero_ps(), _CMP_NEQ_UQ);
		bits |= (unsigned)_mm256_movemask_ps(_mm256_and_ps(a, g)) << i;
	}
#elif defined(__SSE2__)
	for (int i = 0; i < 16; i += 4) {
		__m128 a = _mm_cmpgt_ps(_mm_loadu_ps(act + i), _mm_setzero_ps()),
		    g = _mm_cmpneq_ps(_mm_loadu_ps(grad + i), _mm_setzero_ps());
		bits |= (unsigned)_mm_movemask_ps(_mm_and_ps(a, g)) << i;
	}
#else
	for (int i = 0; i < 16; i++)
		bits |= (unsigned)(act[i] > 0 && grad[i] != 0) << i;
#endif
	return bits;
}

/* to[c] += grad where the word has a bit; 64 channels at most. */
VINLINE void
add_lanes(uint64_t bits, const float *grad, int c, float *to)
{
	for (int i = 0; i < c; i += VL)
		vstore(to + i, vload(to + i) + vselect(vlanes(bits >> i), vload(grad + i), (vf){0}));
}

/* Appends what the sixteen bits name to what was found: where its patch begins, its gradient, its channel. Whole
 * vectors are stored. */
VINLINE size_t
found_16(const struct wino_found *found, size_t n, unsigned bits, unsigned y, unsigned x, uint32_t base, uint32_t right,
    uint32_t down,
    const float *grad, int channel)
{
#if VL == 16
	const __m512i lane = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
	__mmask16 m = (__mmask16)bits;
	__m512i at = _mm512_set1_epi32((int)base);

	at = _mm512_mask_add_epi32(at, (__mmask16)x, at, _mm512_set1_epi32((int)right));
	at = _mm512_mask_add_epi32(at, (__mmask16)y, at, _mm512_set1_epi32((int)down));
	_mm512_storeu_si512(found->at + n, _mm512_maskz_compress_epi32(m, at));
	_mm512_storeu_ps(found->g + n, _mm512_maskz_compress_ps(m, _mm512_loadu_ps(grad)));
	_mm512_storeu_si512(found->channel + n, _mm512_maskz_compress_epi32(m,
	    _mm512_add_epi32(lane, _mm512_set1_epi32(channel))));
	return n + (size_t)__builtin_popcount(bits);
#else
	for (; bits != 0; bits &= bits - 1, n++) {
		int k = __builtin_ctz(bits);

		found->at[n] = base + (x >> k & 1 ? right : 0) + (y >> k & 1 ? down : 0);
		found->g[n] = grad[k];
		found->channel[n] = (uint32_t)(channel + k);
	}
	return n;
#endif
}

/* A row of windows, py: fills s->found and s->live, adds to b2 and fold. Sixty-four channels are a word. */
VINLINE size_t
find_row(const struct wino *m, const struct wino_scratch *s, int py, const float *act, const float *grad,
    const struct wino_code *code,
    struct wino_grad *out, const int c)
{
	const int words = (c + 63) / 64;
	const uint32_t right = (uint32_t)c, down = (uint32_t)m->w1 * right;
	uint64_t flag0 = s->flag5[2 * py], flag1 = s->flag5[2 * py + 1],
	    *live0 = s->live + (size_t)2 * py * m->w2 * words, *live1 = live0 + (size_t)m->w2 * words;
	uint32_t base = (uint32_t)(2 * py) * down;
	size_t n = 0;

	for (int px = 0; px < m->pw; px++, base += 2 * right, flag0 >>= 2, flag1 >>= 2)
		for (int w = 0; w < words; w++, live0++, live1++) {
			const int many = imin(64, c - w * 64);
			uint64_t bits = 0, y = 0, x = 0, unsure = 0;

			for (int i = 0; i < many; i += 16, code++) {
				bits |= (uint64_t)bits_live(act + i, grad + i) << i;
				y |= (uint64_t)code->y << i;
				x |= (uint64_t)code->x << i;
				unsure |= (uint64_t)code->unsure << i;
			}
			for (uint64_t b = bits & unsure; b != 0; b &= b - 1) {
				int k = __builtin_ctzll(b), place = resolve(m, s->map, w * 64 + k, py, px);
				uint64_t bit = b & -b;

				if (place < 0)
					bits &= ~bit;
				y = place & 2 ? y | bit : y & ~bit;
				x = place & 1 ? x | bit : x & ~bit;
			}
			/* bits of the windows' places that are not blank */
			uint64_t top = (flag0 & 1 ? ~x : 0) | (flag0 & 2 ? x : 0),
			    bottom = (flag1 & 1 ? ~x : 0) | (flag1 & 2 ? x : 0);
			uint64_t blank = bits & ~((~y & top) | (y & bottom));

			if (blank != 0)
				add_lanes(blank, grad, many, out->fold + w * 64);
			bits &= ~blank;
			live0[0] = bits & ~y & ~x;
			live0[words] = bits & ~y & x;
			live1[0] = bits & y & ~x;
			live1[words] = bits & y & x;
			if (bits != 0)
				add_lanes(bits, grad, many, out->b2 + w * 64);
			for (int i = 0; i < many; i += 16)
				n = found_16(&s->found, n, bits >> i & 0xffff, y >> i & 0xffff, x >> i & 0xffff, base,
				    right, down, grad + i, w * 64 + i);
			act += many;
			grad += many;
			if (w == words - 1)
				live0 += words, live1 += words;
		}
	return n;
}

/* Functions of their own, with few pointers: within their callers the compiler keeps addresses in vector registers. */
static __attribute__((noinline)) size_t
find_row_32(const struct wino *m, const struct wino_scratch *s, int py, const float *act, const float *grad,
    const struct wino_code *code,
    struct wino_grad *out)
{
	return find_row(m, s, py, act, grad, code, out, 32);
}

static __attribute__((noinline)) size_t
find_row_any(const struct wino *m, const struct wino_scratch *s, int py, const float *act, const float *grad,
    const struct wino_code *code,
    struct wino_grad *out)
{
	return find_row(m, s, py, act, grad, code, out, m->c);
}

static __attribute__((noinline)) void
hand_out(const struct wino_found *found, size_t n, struct wino_live **end)
{
	for (size_t k = 0; k < n; k++) {
		struct wino_live *to = end[found->channel[k]]++;

		to->at = found->at[k];
		to->g = found->g[k];
	}
}

void
NN_ISA(nn_wino_lists)(const struct wino *m, const struct wino_scratch *s, const float *act, const float *grad,
    const struct wino_code *code,
    struct wino_grad *out, int *count)
{
	size_t c = (size_t)m->c, most = wino_pooled(m), row = (size_t)m->pw * c;
	struct wino_live *end[WINO_CHANNELS];

	for (size_t o = 0; o < c; o++)
		end[o] = s->list + o * most;
	for (int py = 0; py < m->ph; py++, act += row, grad += row, code += row / 16)
		hand_out(&s->found, (c == 32 ? find_row_32 : find_row_any)(m, s, py, act, grad, code, out), end);
	for (size_t o = 0; o < c; o++)
		count[o] = (int)(end[o] - (s->list + o * most));
}
