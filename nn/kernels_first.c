/* kernels_first.c: a picture's background, and the first convolution with its relu, row by row, for both passes.
 *
 * A 3x3 or 5x5 patch that is background throughout gives the same values wherever it is: they are computed once and
 * copied.
 */
#include "wino.h"
#include "vec.h"

/* Bits of the 16 bytes that are not the given one. */
VINLINE uint64_t
bits_differ(const uint8_t *p, uint8_t byte)
{
#if defined(__SSE2__)
	return (uint64_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)p),
	    _mm_set1_epi8((char)byte))) ^ 0xffff;
#else
	uint64_t bits = 0;

	for (int i = 0; i < 16; i++)
		bits |= (uint64_t)(p[i] != byte) << i;
	return bits;
#endif
}

void
NN_ISA(nn_wino_look)(const struct wino *m, struct wino_scratch *s, const uint8_t *pixels)
{
	int h = m->h, w = m->w, size = h * w, i = 0;
	uint64_t drawn[WINO_SIDE * WINO_SIDE / 64 + 1] = {0}; /* bit i: pixel i is not background */
	uint64_t set[WINO_SIDE], most = ~UINT64_C(0) >> (64 - m->w1), all = most;

	for (; i + 16 <= size; i += 16)
		drawn[i / 64] |= bits_differ(pixels + i, pixels[0]) << i % 64;
	for (; i < size; i++)
		drawn[i / 64] |= (uint64_t)(pixels[i] != pixels[0]) << i % 64;
	for (i = 0; i < size; i++)
		s->x[i] = (float)pixels[i] / 255.0f;
	for (int y = 0; y < h; y++) {
		int word = y * w / 64, shift = y * w % 64;

		set[y] = (drawn[word] >> shift | drawn[word + 1] << 1 << (63 - shift)) & (~UINT64_C(0) >> (64 - w));
	}
	for (int y = 0; y < m->h1; y++) {
		uint64_t f = set[y] | set[y + 1] | set[y + 2];

		s->flag3[y] = (f | f >> 1 | f >> 2) & most;
		all &= s->flag3[y];
	}
	s->skips = all != most;
	for (int y = 0; y < m->h2; y++) {
		uint64_t f = s->flag3[y] | s->flag3[y + 1] | s->flag3[y + 2];

		s->flag5[y] = (f | f >> 1 | f >> 2) & (~UINT64_C(0) >> (64 - m->w2));
	}
}

/* ---- first convolution ---- */

#if VL == 16
#define ROW_P 11
#else
#define ROW_P 6
#endif
#define ROW_HALF ((ROW_P + 1) / 2)

/* P neighbours of a row, Q vectors of channels. */
VINLINE void
row_strip(const float *x, int w, const float *k, const float *b, float *out, const int c, const int P, const int Q)
{
	vf acc[ROW_P][2];

UNROLL
	for (int p = 0; p < P; p++)
UNROLL
		for (int q = 0; q < Q; q++)
			acc[p][q] = vload(b + q * VL);
	for (int r = 0; r < 3; r++)
UNROLL
		for (int j = 0; j < 3; j++) {
			vf v[2];

UNROLL
			for (int q = 0; q < Q; q++)
				v[q] = vload(k + (r * 3 + j) * c + q * VL);
UNROLL
			for (int p = 0; p < P; p++) {
				vf t = vset(x[r * w + j + p]);

UNROLL
				for (int q = 0; q < Q; q++)
					acc[p][q] = vfma(t, v[q], acc[p][q]);
			}
		}
UNROLL
	for (int p = 0; p < P; p++)
UNROLL
		for (int q = 0; q < Q; q++)
			vstore(out + p * c + q * VL, vrelu(acc[p][q]));
}

/* The first map's sums are those of row_strip. */
void
NN_ISA(nn_wino_blank)(const struct wino *m, struct wino_scratch *s, int byte)
{
	int c = m->c;
	vf t = vset((float)byte / 255.0f);

	for (int g = 0; g < c; g += VL) {
		vf a = vload(m->b1 + g);

		for (int j = 0; j < 9; j++)
			a = vfma(t, vload(m->w1k + j * c + g), a);
		vstore(s->blank + g, vrelu(a));
	}
	for (int g = 0; g < c; g += VL) {
		vf a = vload(m->b2 + g);

		for (int j = 0; j < 9; j++)
			for (int i = 0; i < c; i++)
				a = vfma(vset(s->blank[i]), vload(m->w2k + ((size_t)j * c + i) * c + g), a);
		vstore(s->blank2 + g, a);
	}
	s->byte = byte;
	for (int place = 0; place < m->h1; place++)
		s->drawn[place] = ~UINT64_C(0) >> (64 - m->w1); /* whatever is there, it is not this background */
}

/* P neighbours from x on, or as near as the row allows, all channels. */
VINLINE void
row_part(const struct wino *m, const float *in, int x, float *out, const int c, const int P)
{
	int at = imin(x, m->w1 - P);

	for (int g = 0; g < c; g += 2 * VL)
		if (c - g > VL)
			row_strip(in + at, m->w, m->w1k + g, m->b1 + g, out + (size_t)at * c + g, c, P, 2);
		else
			row_strip(in + at, m->w, m->w1k + g, m->b1 + g, out + (size_t)at * c + g, c, P, 1);
}

VINLINE void
row_blank(const struct wino_scratch *s, int from, int to, float *out, const int c)
{
	for (int x = from; x < to; x++)
		for (int g = 0; g < c; g += VL)
			vstore(out + (size_t)x * c + g, vload(s->blank + g));
}

VINLINE void
row_c(const struct wino *m, struct wino_scratch *s, int y, int place, const int c)
{
	const float *in = s->x + y * m->w;
	float *out = s->map + (size_t)place * m->w1 * c;
	uint64_t f = s->flag3[y], before = s->drawn[place];
	int x = f == 0 ? m->w1 : __builtin_ctzll(f), hi = f == 0 ? 0 : 64 - __builtin_clzll(f);
	int from = before == 0 ? m->w1 : __builtin_ctzll(before), to = before == 0 ? 0 : 64 - __builtin_clzll(before);

	s->drawn[place] = f;
	row_blank(s, from, imin(x, to), out, c);
	while (x < hi)
		if (hi - x > ROW_HALF && m->w1 >= ROW_P) {
			row_part(m, in, x, out, c, ROW_P);
			x += ROW_P;
		} else if (m->w1 >= ROW_HALF) {
			row_part(m, in, x, out, c, ROW_HALF);
			x += ROW_HALF;
		} else {
			row_part(m, in, x, out, c, 1);
			x++;
		}
	row_blank(s, from > x ? from : x, to, out, c);
}

void
NN_ISA(nn_wino_row)(const struct wino *m, struct wino_scratch *s, int y, int place)
{
	if (m->c == 32)
		row_c(m, s, y, place, 32);
	else
		row_c(m, s, y, place, m->c);
}
