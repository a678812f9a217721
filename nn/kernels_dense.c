/* kernels_dense.c: sparse products of a dense layer (dense.h). */
#include "dense.h"
#include "vec.h"

uint64_t
NN_ISA(nn_nonzero)(const float *x, int n)
{
	uint64_t bits = 0;
	int i = 0;

	for (; i + 16 <= n; i += 16) {
#if VL == 16
		bits |= (uint64_t)_mm512_cmp_ps_mask(_mm512_loadu_ps(x + i), _mm512_setzero_ps(), _CMP_NEQ_UQ) << i;
#elif VL == 8
		for (int j = 0; j < 16; j += 8)
			bits |= (uint64_t)(unsigned)_mm256_movemask_ps(_mm256_cmp_ps(_mm256_loadu_ps(x + i + j),
			    _mm256_setzero_ps(), _CMP_NEQ_UQ)) << (i + j);
#elif defined(__SSE2__)
		for (int j = 0; j < 16; j += 4)
			bits |= (uint64_t)(unsigned)_mm_movemask_ps(_mm_cmpneq_ps(_mm_loadu_ps(x + i + j),
			    _mm_setzero_ps())) << (i + j);
#else
		for (int j = 0; j < 16; j++)
			bits |= (uint64_t)(x[i + j] != 0) << (i + j);
#endif
	}
	for (; i < n; i++)
		bits |= (uint64_t)(x[i] != 0) << i;
	return bits;
}

/* The inputs of image i in chunk c, before the scale: all 64, or only those in its mask when they are packed. */
VINLINE const float *
values(const struct dense_input *in, int i, int c)
{
	if (in->act != NULL)
		return in->act + (size_t)i * in->size + (size_t)c * DENSE_F;
	return in->packed[i].value + in->start[(size_t)c * in->batch + (size_t)i];
}

/* Asks for the inputs of an image that comes later: packed ones lie anywhere in memory. */
VINLINE void
ahead(const struct dense_input *in, int i, int c)
{
	const float *x = values(in, imin(i, in->count - 1), c);

	__builtin_prefetch(x);
	__builtin_prefetch(x + 16);
}

/* N vectors of units. */
VINLINE void
chunk_n(const struct dense_input *in, int c, const float *w, int units, bool clear, float *sum, size_t step,
    const int N, const bool packed)
{
	const uint64_t *lives = in->live + (size_t)c * in->batch;
	const uint64_t *mask = packed ? in->mask + (size_t)c * in->batch : NULL;
	const vf scale = vset(in->scale);

	for (int i = 0; i < in->count; i++, sum += step) {
		uint64_t live = lives[i];
		const float *x = values(in, i, c);
		vf acc[8];

		ahead(in, i + 4, c);
		if (live == 0 && !clear)
			continue;
UNROLL
		for (int j = 0; j < N; j++)
			acc[j] = clear ? (vf){0} : vload(sum + j * VL);
		for (; live != 0; live &= live - 1) {
			int k = __builtin_ctzll(live);
			vf v = vset(x[packed ? __builtin_popcountll(mask[i] & ((live & -live) - 1)) : k]) * scale;
			const float *row = w + k * units;

UNROLL
			for (int j = 0; j < N; j++)
				acc[j] = vfma(v, vload(row + j * VL), acc[j]);
		}
UNROLL
		for (int j = 0; j < N; j++)
			vstore(sum + j * VL, acc[j]);
	}
}

#define CHUNK(N) \
	case N: \
		if (in->act != NULL) \
			chunk_n(in, c, w + u, units, clear, sum + u, step, N, false); \
		else \
			chunk_n(in, c, w + u, units, clear, sum + u, step, N, true); \
		break;

void
NN_ISA(nn_dense_chunk)(const struct dense_input *in, int c, const float *w, int units, bool clear, float *sum,
    size_t step)
{
	for (int u = 0; u < units; u += 8 * VL)
		switch (imin(8, (units - u) / VL)) {
#if VL == 16
		CHUNK(1)
		CHUNK(3)
		CHUNK(5)
		CHUNK(7)
#endif
#if VL >= 8
		CHUNK(2)
		CHUNK(6)
#endif
		CHUNK(4)
		CHUNK(8)
		}
}

void
NN_ISA(nn_dense_gather)(const struct dense_input *in, int c, float *x)
{
	const uint64_t *lives = in->live + (size_t)c * in->batch;
	const uint64_t *mask = in->act == NULL ? in->mask + (size_t)c * in->batch : NULL;

	for (int i = 0; i < in->count; i++, x += DENSE_F) {
		uint64_t live = lives[i];
		const float *from = values(in, i, c);

		ahead(in, i + 8, c);
#if VL == 16
		uint64_t here = mask != NULL ? mask[i] : 0;

UNROLL
		for (int j = 0; j < DENSE_F; j += 16, here >>= 16) {
			__mmask16 m = (__mmask16)(live >> j);
			__m512 v;

			if (mask == NULL)
				v = _mm512_maskz_loadu_ps(m, from + j);
			else {
				v = _mm512_maskz_mov_ps(m, _mm512_maskz_expandloadu_ps((__mmask16)here, from));
				from += __builtin_popcount((unsigned)(here & 0xffff));
			}
			_mm512_storeu_ps(x + j, _mm512_mul_ps(v, _mm512_set1_ps(in->scale)));
		}
#else
		memset(x, 0, sizeof *x * DENSE_F);
		for (; live != 0; live &= live - 1) {
			int k = __builtin_ctzll(live);

			x[k] = from[mask == NULL ? k : __builtin_popcountll(mask[i] & ((live & -live) -
			    1))] * in->scale;
		}
#endif
	}
}

/* Four vectors of sum over the list of g * rows[at ..], the even and the odd ones apart. */
VINLINE void
sum4(const struct dense_list *l, const float *rows, vf sum[4])
{
	const int n = l->n;
	vf even[4], odd[4];
	int k = 0;

UNROLL
	for (int j = 0; j < 4; j++)
		even[j] = odd[j] = (vf){0};
	for (; k + 2 <= n; k += 2) {
		const float *a = rows + l->at[k], *b = rows + l->at[k + 1];
		vf g = vset(l->g[k]), h = vset(l->g[k + 1]);

UNROLL
		for (int j = 0; j < 4; j++)
			even[j] = vfma(g, vload(a + j * VL), even[j]);
UNROLL
		for (int j = 0; j < 4; j++)
			odd[j] = vfma(h, vload(b + j * VL), odd[j]);
	}
	if (k < n) {
		const float *a = rows + l->at[k];
		vf g = vset(l->g[k]);

UNROLL
		for (int j = 0; j < 4; j++)
			even[j] = vfma(g, vload(a + j * VL), even[j]);
	}
UNROLL
	for (int j = 0; j < 4; j++)
		sum[j] = even[j] + odd[j];
}

void
NN_ISA(nn_dense_sum)(const struct dense_list *l, const float *rows, float *out)
{
	for (int f = 0; f < DENSE_F; f += 4 * VL) {
		vf sum[4];

		sum4(l, rows + f, sum);
UNROLL
		for (int j = 0; j < 4; j++)
			vstore(out + f + j * VL, sum[j]);
	}
}

void
NN_ISA(nn_dense_back)(const struct dense_list *l, const float *rows, uint64_t keep, float scale, int many, float *out)
{
	vf by = vset(scale);

	for (int f = 0; f < many; f += 4 * VL) {
		vf sum[4];

		sum4(l, rows + f, sum);
UNROLL
		for (int j = 0; j < 4; j++) {
			int at = f + j * VL;
			vf v = vselect(vlanes(keep >> at), sum[j] * by, (vf){0});

			if (many - at >= VL)
				vstore(out + at, v);
			else if (many > at)
				vstore_n(out + at, v, many - at);
		}
	}
}

#if VL == 16
/* Sixteen units of sixteen features. */
VINLINE void
turn_16(const float *from, float *to, size_t step)
{
	__m512 t[16], u[16];

UNROLL
	for (int i = 0; i < 16; i++)
		t[i] = _mm512_loadu_ps(from + i * DENSE_F);
UNROLL
	for (int i = 0; i < 16; i += 2) {
		u[i] = _mm512_unpacklo_ps(t[i], t[i + 1]);
		u[i + 1] = _mm512_unpackhi_ps(t[i], t[i + 1]);
	}
UNROLL
	for (int i = 0; i < 16; i += 4)
UNROLL
		for (int j = 0; j < 2; j++) {
			t[i + 2 * j] = (__m512)_mm512_unpacklo_pd((__m512d)u[i + j], (__m512d)u[i + j + 2]);
			t[i + 2 * j + 1] = (__m512)_mm512_unpackhi_pd((__m512d)u[i + j], (__m512d)u[i + j + 2]);
		}
	/* t[4b + k] holds unit 4b..4b+3 of features k, 4 + k, 8 + k and 12 + k */
UNROLL
	for (int k = 0; k < 4; k++) {
		__m512 a = _mm512_shuffle_f32x4(t[k], t[4 + k], 0x88), b = _mm512_shuffle_f32x4(t[8 + k], t[12 + k],
		    0x88);
		__m512 c = _mm512_shuffle_f32x4(t[k], t[4 + k], 0xdd), d = _mm512_shuffle_f32x4(t[8 + k], t[12 + k],
		    0xdd);

		_mm512_storeu_ps(to + (size_t)k * step, _mm512_shuffle_f32x4(a, b, 0x88));
		_mm512_storeu_ps(to + (size_t)(4 + k) * step, _mm512_shuffle_f32x4(c, d, 0x88));
		_mm512_storeu_ps(to + (size_t)(8 + k) * step, _mm512_shuffle_f32x4(a, b, 0xdd));
		_mm512_storeu_ps(to + (size_t)(12 + k) * step, _mm512_shuffle_f32x4(c, d, 0xdd));
	}
}
#endif

typedef float v4 __attribute__((vector_size(16)));
typedef float v4_any __attribute__((vector_size(16), aligned(4), may_alias));

void
NN_ISA(nn_dense_turn)(const float *from, int units, float *to, size_t step)
{
	int u = 0;

#if VL == 16
	for (; u + 16 <= units; u += 16, from += 16 * DENSE_F, to += 16)
		for (int f = 0; f < DENSE_F; f += 16)
			turn_16(from + f, to + (size_t)f * step, step);
#endif
	for (; u + 4 <= units; u += 4, from += 4 * DENSE_F, to += 4)
		for (int f = 0; f < DENSE_F; f += 4) {
			v4 a = *(const v4_any *)(from + f), b = *(const v4_any *)(from + DENSE_F + f);
			v4 c = *(const v4_any *)(from + 2 * DENSE_F + f), d = *(const v4_any *)(from + 3 * DENSE_F + f);
			v4 p = __builtin_shufflevector(a, b, 0, 4, 1, 5), q = __builtin_shufflevector(a, b, 2, 6, 3, 7);
			v4 r = __builtin_shufflevector(c, d, 0, 4, 1, 5), s = __builtin_shufflevector(c, d, 2, 6, 3, 7);

			*(v4_any *)(to + (size_t)f * step) = __builtin_shufflevector(p, r, 0, 1, 4, 5);
			*(v4_any *)(to + (size_t)(f + 1) * step) = __builtin_shufflevector(p, r, 2, 3, 6, 7);
			*(v4_any *)(to + (size_t)(f + 2) * step) = __builtin_shufflevector(q, s, 0, 1, 4, 5);
			*(v4_any *)(to + (size_t)(f + 3) * step) = __builtin_shufflevector(q, s, 2, 3, 6, 7);
		}
	for (; u < units; u++, from += DENSE_F, to++)
		for (int f = 0; f < DENSE_F; f++)
			to[(size_t)f * step] = from[f];
}
