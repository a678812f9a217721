/* kernels_wino.c: forward through two 3x3 convolutions and a pool by Winograd's F(4x4,3x3).
 *
 * A 6x6 tile of the first map gives 4x4 outputs of the second: y = A' ((G w G') * (B' d B)) A, where * is a product of
 * matrices over the channels at each of the 36 points: 36 multiply-adds in place of 144. (Lavin and Gray 2016, from
 * Winograd 1980.) Bias, pool and relu follow while the tile is in registers; the second map never exists in memory.
 *
 * Where the 5x5 patch behind an output is background, the output is the same each time: it is computed directly, once,
 * and put in place of Winograd's, so that it has no rounding of its own. In each row of tiles a tile begins at the
 * first window drawn that no tile has yet; the last one is moved to the left where it would not fit, and does some
 * windows again.
 */
#include "wino.h"
#include "vec.h"

#define POINT(c) ((size_t)WINO_SLOTS * (c) + 16) /* floats from point to point; padded against set conflicts */

/* A call of f with a usual number of channels known to the compiler. */
#define CHANNELS(f, m, ...) \
	do { \
		if ((m)->c == 32) \
			f(m, __VA_ARGS__, 32); \
		else if ((m)->c == 16) \
			f(m, __VA_ARGS__, 16); \
		else \
			f(m, __VA_ARGS__, (m)->c); \
	} while (0)

/* One dimension of B' d. */
VINLINE void
transform_in(vf d0, vf d1, vf d2, vf d3, vf d4, vf d5, vf *o)
{
	const vf two = vset(2), four = vset(4), five = vset(5);
	vf a = vfma(-four, d2, d4), b = vfma(-four, d1, d3), e = d4 - d2, f = two * (d3 - d1);

	o[0] = vfma(four, d0, vfma(-five, d2, d4));
	o[1] = a + b;
	o[2] = a - b;
	o[3] = e + f;
	o[4] = e - f;
	o[5] = vfma(four, d1, vfma(-five, d3, d5));
}

/* One dimension of A' m. */
VINLINE void
transform_out(vf m0, vf m1, vf m2, vf m3, vf m4, vf m5, vf *o)
{
	const vf two = vset(2), four = vset(4), eight = vset(8);
	vf a = m1 + m2, b = m1 - m2, e = m3 + m4, f = m3 - m4;

	o[0] = m0 + a + e;
	o[1] = vfma(two, f, b);
	o[2] = vfma(four, e, a);
	o[3] = vfma(eight, f, b) + m5;
}

/* row: the six rows of the first map, at the tile's first column. */
VINLINE void
tile_in_c(const struct wino *m, const float *const row[6], float *v, const int c)
{
	const size_t point = POINT(c);

	for (int g = 0; g < c; g += VL) {
		vf t[6][6];

UNROLL
		for (int x = 0; x < 6; x++) {
			vf o[6];

			transform_in(vload(row[0] + x * c + g), vload(row[1] + x * c + g), vload(row[2] + x * c + g),
			    vload(row[3] + x * c + g), vload(row[4] + x * c + g), vload(row[5] + x * c + g), o);
UNROLL
			for (int y = 0; y < 6; y++)
				t[y][x] = o[y];
		}
UNROLL
		for (int y = 0; y < 6; y++) {
			vf o[6];

			transform_in(t[y][0], t[y][1], t[y][2], t[y][3], t[y][4], t[y][5], o);
UNROLL
			for (int x = 0; x < 6; x++)
				vstore(v + (y * 6 + x) * point + g, o[x]);
		}
	}
}

static void
tile_in(const struct wino *m, const float *const row[6], float *v)
{
	CHANNELS(tile_in_c, m, row, v);
}

#if VL == 16
#define PROD_P 12
#else
#define PROD_P 6
#endif
#define PROD_HALF (PROD_P / 2)

/* P tiles, Q vectors of filters, at one point. */
VINLINE void
product(const float *v, const float *u, float *out, const int c, const int P, const int Q)
{
	vf acc[PROD_P][2];

UNROLL
	for (int p = 0; p < P; p++)
		acc[p][0] = acc[p][1] = (vf){0};
	int i = 0;

	for (; Q == 1 && i + 2 <= c; i += 2) {
		vf w0 = vload(u + (size_t)i * c), w1 = vload(u + (size_t)(i + 1) * c);

UNROLL
		for (int p = 0; p < P; p++) {
			vf t0, t1;

			vset2(v + p * c + i, p % 4 == 0, &t0, &t1);
			acc[p][0] = vfma(t1, w1, vfma(t0, w0, acc[p][0]));
		}
	}
	for (; i < c; i++) {
		vf w[2];

UNROLL
		for (int q = 0; q < Q; q++)
			w[q] = vload(u + (size_t)i * c + q * VL);
UNROLL
		for (int p = 0; p < P; p++) {
			vf t = vset(v[p * c + i]);

UNROLL
			for (int q = 0; q < Q; q++)
				acc[p][q] = vfma(t, w[q], acc[p][q]);
		}
	}
UNROLL
	for (int p = 0; p < P; p++)
UNROLL
		for (int q = 0; q < Q; q++)
			vstore(out + p * c + q * VL, acc[p][q]);
}

VINLINE void
products_c(const struct wino *m, const struct wino_scratch *s, int n, const int c)
{
	const size_t point = POINT(c);

	for (int p = 0; p < WINO_POINTS; p++)
		for (int t = 0; t < n; t += PROD_P)
			for (int g = 0; g < c; g += 2 * VL) {
				const float *v = s->v + p * point + (size_t)t * c, *u = m->u + (size_t)p * c * c + g;
				float *out = s->m + p * point + (size_t)t * c + g;

				if (c - g <= VL)
					product(v, u, out, c, PROD_P, 1);
				else if (n - t > PROD_HALF)
					product(v, u, out, c, PROD_P, 2);
				else
					product(v, u, out, c, PROD_HALF, 2);
			}
}

void
NN_ISA(nn_wino_products)(const struct wino *m, const struct wino_scratch *s, int n)
{
	CHANNELS(products_c, m, s, n);
}

/* Where a tile's results go. */
struct target {
	float *act; /* of its first pooled position */
	struct wino_code *code;
	uint32_t blank; /* bit 4y + x: the 5x5 patch behind output x, y is blank */
};

/* bits: lanes as the low bits of a word */
VINLINE unsigned
bits_ge(vf a, vf b)
{
#if VL == 16
	return _mm512_cmp_ps_mask((__m512)a, (__m512)b, _CMP_GE_OQ);
#elif VL == 8
	return (unsigned)_mm256_movemask_ps(_mm256_cmp_ps((__m256)a, (__m256)b, _CMP_GE_OQ));
#elif defined(__SSE2__)
	return (unsigned)_mm_movemask_ps(_mm_cmpge_ps((__m128)a, (__m128)b));
#else
	vi v = a >= b;
	return (v[0] & 1) | (v[1] & 2) | (v[2] & 4) | (v[3] & 8);
#endif
}

VINLINE vf
vmin(vf a, vf b)
{
	return -vmax(-a, -b);
}

/* The winner of a window among its four sums; copies of an earlier one (bits in skip) do not count. Unsure, too, is a
 * window whose relu is hardly open: where biases are zero, the background's sums are zeros that rounding moves to
 * either side. */
VINLINE void
winner(vf a, vf b, vf d, vf e, unsigned skip, vf bound, struct wino_code *code, int shift)
{
	const vf low = vset(-__builtin_inff());

	if (skip & 2)
		b = low;
	if (skip & 4)
		d = low;
	if (skip & 8)
		e = low;
	vf top = vmax(a, b), bottom = vmax(d, e), best = vmax(top, bottom), second = vmin(top, bottom);
	unsigned up = bits_ge(top, bottom), left0 = bits_ge(a, b), left1 = bits_ge(d, e);

	/* the loser beside the winner */
	vi m = top >= bottom;
	second = vmax(second, vselect(m, vmin(a, b), vmin(d, e)));
	unsigned sure = bits_ge(best - second, bound) & bits_ge(best, bound), all = (1u << VL) - 1;

	code->y |= (uint16_t)((~up & all) << shift);
	code->x |= (uint16_t)((~(left0 & up) & ~(left1 & ~up) & all) << shift);
	code->unsure |= (uint16_t)((~sure & all) << shift);
}

VINLINE void
tile_out_c(const struct wino *m, const float *in, const float *bound, const float *blank, const struct target *to,
    const int c)
{
	const size_t point = POINT(c), rowstep = (size_t)m->pw * c;
	const int groups = c / 16;
	unsigned skip[4] = {0};

	if (to->code != NULL)
		for (int i = 0; i < 4; i++) {
			unsigned at = to->blank >> (i / 2 * 8 + i % 2 * 2), b = (at & 3) | (at >> 2 & 12), seen = 0;

			for (int j = 0; j < 4; j++)
				if (b >> j & 1) {
					skip[i] |= seen << j;
					seen = 1;
				}
			for (int g = 0; g < groups; g++)
				to->code[((size_t)(i / 2) * m->pw + i % 2) * groups + g] = (struct wino_code){0, 0, 0};
		}
	for (int g = 0; g < c; g += VL) {
		vf t[4][6], y[4][4], b = vload(m->b2 + g);

UNROLL
		for (int x = 0; x < 6; x++) {
			vf o[4];
			const float *p = in + x * point + g;

			transform_out(vload(p), vload(p + 6 * point), vload(p + 12 * point), vload(p + 18 * point),
			    vload(p + 24 * point),
			    vload(p + 30 * point), o);
UNROLL
			for (int r = 0; r < 4; r++)
				t[r][x] = o[r];
		}
UNROLL
		for (int r = 0; r < 4; r++) {
			vf o[4];

			transform_out(t[r][0], t[r][1], t[r][2], t[r][3], t[r][4], t[r][5], o);
UNROLL
			for (int x = 0; x < 4; x++)
				y[r][x] = o[x] + b;
		}
		if (to->blank != 0) {
			vf same = vload(blank + g);

UNROLL
			for (int i = 0; i < 16; i++)
				y[i / 4][i % 4] = to->blank >> i & 1 ? same : y[i / 4][i % 4];
		}
UNROLL
		for (int i = 0; i < 4; i++) {
			vf p = y[i / 2 * 2][i % 2 * 2], q = y[i / 2 * 2][i % 2 * 2 + 1],
			    r = y[i / 2 * 2 + 1][i % 2 * 2], e = y[i / 2 * 2 + 1][i % 2 * 2 + 1];

			vf best = vmax(vmax(p, q), vmax(r, e)), value = vrelu(best);

			if (to->code != NULL) {
				vf b2 = vload(bound + g);

				/* Hardly closed: as good as nothing, but seen by the backward pass, which asks in
				 * double. */
				if (skip[i] != 14)
					value = vselect((best <= (vf){0}) & (best > -b2), vset(NN_HARDLY), value);
				winner(p, q, r, e, skip[i], b2, to->code + ((size_t)(i / 2) * m->pw + i % 2) * groups +
				    g / 16, g % 16);
			}
			vstore(to->act + (i / 2) * rowstep + (i % 2) * c + g, value);
		}
	}
}

static void
tile_out(const struct wino *m, const float *in, const float *bound, const float *blank, const struct target *to)
{
	CHANNELS(tile_out_c, m, in, bound, blank, to);
}

static void
flush(const struct wino *m, const struct wino_scratch *s, const float *bound, const struct target *to, int n)
{
	NN_ISA(nn_wino_products)(m, s, n);
	for (int t = 0; t < n; t++)
		tile_out(m, s->m + (size_t)t * m->c, bound, s->blank2, to + t);
}

/* What Winograd's rounding may move the margin between two outputs: measured at half of this at most, over kernels of
 * 16 to 128 channels; it goes with the largest input, the kernel's norm and the root of the channels. */
static void
bounds(const struct wino *m, float *bound)
{
	float most = 0, rise = 1e-6f * __builtin_sqrtf((float)m->c);

	for (int c = 0; c < m->c; c++) {
		float a = m->b1[c];

		for (int j = 0; j < 9; j++)
			a += m->w1k[j * m->c + c] > 0 ? m->w1k[j * m->c + c] : 0;
		most = a > most ? a : most;
	}
	for (int c = 0; c < m->c; c++)
		bound[c] = most * m->norm[c] * rise;
}

/* Windows of the tiles' row ty, columns from..to-1, none of them drawn. */
static void
fill_blank(const struct wino *m, const float *blank, int ty, int from, int to, float *act, struct wino_code *codes)
{
	int c = m->c, groups = c / 16;

	for (int r = 0; r < 2; r++)
		for (int x = from / 2; x < to / 2; x++) {
			size_t at = (size_t)(ty / 2 + r) * m->pw + x;

			memcpy(act + at * c, blank, sizeof *act * c);
			if (codes != NULL)
				memset(codes + at * groups, 0, sizeof *codes * groups);
		}
}

void
NN_ISA(nn_wino_forward)(const struct wino *m, struct wino_scratch *s, int n, const uint8_t *const *pixels, float *act,
    struct wino_code *code)
{
	int c = m->c, groups = c / 16, slots = 0;
	size_t rowlen = (size_t)m->w1 * c;
	float bound[WINO_CHANNELS], blank[WINO_CHANNELS];
	struct target to[WINO_SLOTS];
	const float *row[6];

	bounds(m, bound);
	s->byte = -1;
	for (int i = 0; i < n; i++, act += wino_pooled(m) * c) {
		struct wino_code *codes = code == NULL ? NULL : code + i * wino_pooled(m) * groups;
		int done = 0;

		wino_ahead(m, i + 1 < n ? pixels[i + 1] : NULL);
		NN_ISA(nn_wino_look)(m, s, pixels[i]);
		if (s->skips && s->byte != pixels[i][0]) {
			flush(m, s, bound, to, slots); /* they were of the other background */
			slots = 0;
			NN_ISA(nn_wino_blank)(m, s, pixels[i][0]);
			for (int g = 0; g < c; g += VL)
				vstore(blank + g, vrelu(vload(s->blank2 + g)));
		}
		for (int ty = 0; ty < m->h2; ty += 4) {
			uint64_t any = s->flag5[ty] | s->flag5[ty + 1] | s->flag5[ty + 2] | s->flag5[ty + 3];

			if (any != 0) {
				for (int y = done > ty ? done : ty; y < ty + 6; y++)
					NN_ISA(nn_wino_row)(m, s, y, y % 6);
				done = ty + 6;
			}
			int next = 0; /* columns before it are done */

			for (uint64_t rest = any; rest != 0; rest = any >> next << next) {
				int tx = imin(__builtin_ctzll(rest) & ~1, m->w2 - 4);
				size_t at = (size_t)(ty / 2) * m->pw + tx / 2;

				fill_blank(m, blank, ty, next, tx, act, codes);
				next = tx + 4;
				to[slots].act = act + at * c;
				to[slots].code = codes == NULL ? NULL : codes + at * groups;
				to[slots].blank = 0;
				for (int k = 0; k < 4; k++)
					to[slots].blank |= (uint32_t)(~s->flag5[ty + k] >> tx & 15) << 4 * k;
				for (int k = 0; k < 6; k++)
					row[k] = s->map + ((ty + k) % 6) * rowlen + (size_t)tx * c;
				tile_in(m, row, s->v + (size_t)slots * c);
				if (++slots == WINO_SLOTS) {
					flush(m, s, bound, to, slots);
					slots = 0;
				}
			}
			fill_blank(m, blank, ty, next, m->w2, act, codes);
		}
	}
	if (slots > 0)
		flush(m, s, bound, to, slots);
}

/* One dimension of G w. */
VINLINE void
transform_kernel(vf a, vf b, vf c, vf *o)
{
	const vf quarter = vset(0.25f), sixth = vset(1.0f / 6), twelfth = vset(1.0f / 12);
	vf even = sixth * (a + c), far = vfma(vset(1.0f / 24), a, sixth * c);

	o[0] = quarter * a;
	o[1] = -vfma(sixth, b, even);
	o[2] = vfma(sixth, b, -even);
	o[3] = vfma(twelfth, b, far);
	o[4] = vfma(-twelfth, b, far);
	o[5] = c;
}

void
NN_ISA(nn_wino_derive)(struct wino *m, int f)
{
	int c = m->c;

	for (int g = f; g < f + 16; g += VL) {
		vf square = {0};
		float part[VL];

		for (int i = 0; i < c; i++) {
			const float *w = m->w2k + (size_t)i * c + g;
			vf t[6][3], sum = {0};

UNROLL
			for (int x = 0; x < 3; x++) {
				vf o[6];

				transform_kernel(vload(w + (size_t)x * c * c), vload(w + (size_t)(x + 3) * c * c),
				    vload(w + (size_t)(x + 6) * c * c), o);
UNROLL
				for (int y = 0; y < 6; y++)
					t[y][x] = o[y];
			}
UNROLL
			for (int y = 0; y < 6; y++) {
				vf o[6];

				transform_kernel(t[y][0], t[y][1], t[y][2], o);
UNROLL
				for (int x = 0; x < 6; x++)
					vstore(m->u + ((size_t)(y * 6 + x) * c + i) * c + g, o[x]);
			}
			for (int j = 0; j < 9; j++) {
				vf v = vload(w + (size_t)j * c * c);

				sum += v;
				square = vfma(v, v, square);
				vstore(part, v);
				for (int k = 0; k < VL; k++)
					m->turned[((size_t)(g + k) * 9 + j) * c + i] = part[k];
			}
			vstore(part, sum);
			for (int k = 0; k < VL; k++)
				m->tapsum[(size_t)(g + k) * c + i] = part[k];
		}
		vstore(m->norm + g, vsqrt(square));
	}
}
