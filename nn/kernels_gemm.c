/* kernels_gemm.c: the products of dense layers.
 *
 * Forward and the weights' gradient are one micro-kernel: a tile of P rows times Q vectors of columns stays in
 * registers while the sum runs over j,
 *
 *     y[p][c] = start + sum over j of x[p][j] b[j][c]
 *
 * with x as it lies (images by features) or turned (features by images). Every element is one chain of multiply-adds in
 * the order of j, which goes through memory where the sum is cut into blocks: the same bits for every shape of a tile.
 * b is read where it lies by the first tile of a panel, which leaves a copy without gaps for the others: rows that are
 * a multiple of 2 KB apart share a few lines of the first cache. The input's gradient sums along the lanes instead; see
 * there. Compiled once for each instruction set.
 */
#include "kernels_fast.h"
#include "vec.h"

/* Rows of a tile of so many vectors: what registers hold beside vectors of b and one of x. More vectors, fewer loads:
 * at 16 registers, 4 rows of 3 vectors are 7 loads for 12 multiply-adds, and 12 chains cover the latency. */
#if VL == 16
#define QMAX 3
#define PMAX 12
static const int most[QMAX + 1] = {0, 12, 12, 8};
#define FORWARD_Q 3 /* vectors of a panel at most: all of a chunk's images in one tile, so that a weight is read once */
#define ROWS_Q 2
#elif VL == 8
#define QMAX 3
#define PMAX 8
static const int most[QMAX + 1] = {0, 8, 6, 4};
#define FORWARD_Q 3
#define ROWS_Q 3
#else
#define QMAX 2
#define PMAX 6
static const int most[QMAX + 1] = {0, 6, 6};
#define FORWARD_Q 2
#define ROWS_Q 2
#endif
#define FORWARD_J 256 /* terms of a sum at a time: a panel's copy stays in the first cache */
#define ROWS_J 128

struct tile {
	const float *x, *b, *bias; /* bias NULL: zero */
	float *y, *copy; /* [len][Q vectors] of b, or NULL */
	const float *ahead; /* the next panel of b, asked for while this one is read from its copy; or NULL */
	size_t xstep, bstep, ystep, astep; /* from row to row as they lie in memory */
	int len, cols; /* terms; columns of this panel, more than Q - 1 vectors */
	bool add; /* to y */
};

VINLINE void
tile_n(const struct tile *s, const bool turned, const int P, const int Q)
{
	vf acc[PMAX][QMAX];
	const size_t st = s->xstep, bstep = s->bstep;
	const int rem = s->cols - (Q - 1) * VL;
	const bool part = rem < VL;
	const float *b = s->b, *x0 = s->x, *x1 = x0 + 3 * st, *x2 = x0 + 6 * st, *x3 = x0 + 9 * st;
	const float *ahead = s->ahead;
	float *copy = s->copy;

UNROLL
	for (int p = 0; p < P; p++)
UNROLL
		for (int q = 0; q < Q; q++) {
			int n = q == Q - 1 ? rem : VL;
			if (s->add)
				acc[p][q] = vload_n(s->y + p * s->ystep + q * VL, n);
			else
				acc[p][q] = s->bias ? vload_n(s->bias + q * VL, n) : (vf){0};
		}
	for (int j = 0; j < s->len; j++) {
		vf v[QMAX];
UNROLL
		for (int q = 0; q < Q; q++)
			v[q] = part && q == Q - 1 ? vload_n(b + q * VL, rem) : vload(b + q * VL);
		if (copy != NULL) {
UNROLL
			for (int q = 0; q < Q; q++)
				vstore(copy + q * VL, v[q]);
			copy += Q * VL;
		} else if (!turned && ahead != NULL) {
			__builtin_prefetch(ahead, 0, 2);
			__builtin_prefetch(ahead + Q * VL - 1, 0, 2);
			ahead += s->astep;
		}
UNROLL
		for (int p = 0; p < P; p++) {
			const float *a = p < 3 ? x0 : p < 6 ? x1 : p < 9 ? x2 : x3;
			vf x = vset(turned ? x0[p] : a[(p % 3) * st]);
UNROLL
			for (int q = 0; q < Q; q++)
				acc[p][q] = vfma(x, v[q], acc[p][q]);
		}
		b += bstep;
		if (turned)
			x0 += st;
		else
			x0++, x1++, x2++, x3++;
	}
UNROLL
	for (int p = 0; p < P; p++)
UNROLL
		for (int q = 0; q < Q; q++) {
			float *y = s->y + p * s->ystep + q * VL;
			if (q == Q - 1 && part)
				vstore_n(y, acc[p][q], rem);
			else
				vstore(y, acc[p][q]);
		}
}

#define TILE(P, Q) \
	static __attribute__((noinline)) void tile_##P##_##Q(const struct tile *s) { tile_n(s, false, P, Q); } \
	static __attribute__((noinline)) void turned_##P##_##Q(const struct tile *s) { tile_n(s, true, P, Q); }
#define PAIR(P, Q) {tile_##P##_##Q, turned_##P##_##Q}
#define UP_TO_4(X, Q) X(1, Q) X(2, Q) X(3, Q) X(4, Q)
UP_TO_4(TILE, 1) TILE(5, 1) TILE(6, 1)
UP_TO_4(TILE, 2) TILE(5, 2) TILE(6, 2)
#if VL == 16
UP_TO_4(TILE, 3) TILE(5, 3) TILE(6, 3) TILE(7, 3) TILE(8, 3)
TILE(7, 1) TILE(8, 1) TILE(9, 1) TILE(10, 1) TILE(11, 1) TILE(12, 1)
TILE(7, 2) TILE(8, 2) TILE(9, 2) TILE(10, 2) TILE(11, 2) TILE(12, 2)
#elif VL == 8
UP_TO_4(TILE, 3)
TILE(7, 1) TILE(8, 1)
#endif

static void (*const tiles[QMAX][PMAX][2])(const struct tile *) = {
	{PAIR(1, 1), PAIR(2, 1), PAIR(3, 1), PAIR(4, 1), PAIR(5, 1), PAIR(6, 1),
#if VL >= 8
	 PAIR(7, 1), PAIR(8, 1),
#endif
#if VL == 16
	 PAIR(9, 1), PAIR(10, 1), PAIR(11, 1), PAIR(12, 1),
#endif
	},
	{PAIR(1, 2), PAIR(2, 2), PAIR(3, 2), PAIR(4, 2), PAIR(5, 2), PAIR(6, 2),
#if VL == 16
	 PAIR(7, 2), PAIR(8, 2), PAIR(9, 2), PAIR(10, 2), PAIR(11, 2), PAIR(12, 2),
#endif
	},
#if VL >= 8
	{PAIR(1, 3), PAIR(2, 3), PAIR(3, 3), PAIR(4, 3),
#if VL == 16
	 PAIR(5, 3), PAIR(6, 3), PAIR(7, 3), PAIR(8, 3),
#endif
	},
#endif
};

/* `rows` rows of all columns, in panels of at most `wide` vectors. */
static void
panels(struct tile s, int rows, int columns, int wide, bool turned)
{
	float copy[FORWARD_J * QMAX * VL] __attribute__((aligned(64)));
	int vectors = (columns + VL - 1) / VL, count = (vectors + wide - 1) / wide;

	for (int i = 0, v = 0; i < count; i++) {
		int q = (vectors - v) / (count - i), parts = (rows + most[q] - 1) / most[q];
		struct tile t = s;

		t.b += v * VL, t.y += v * VL;
		if (s.bias != NULL)
			t.bias += v * VL;
		t.cols = imin(q * VL, columns - v * VL);
		t.copy = parts > 1 ? copy : NULL;
		for (int k = 0, done = 0; k < parts; k++) {
			int p = (rows - done) / (parts - k);

			tiles[q - 1][p - 1][turned](&t);
			done += p;
			t.x += turned ? (size_t)p : p * t.xstep;
			t.y += p * t.ystep;
			t.ahead = NULL;
			if (k == 0 && parts > 1) {
				t.b = copy, t.bstep = (size_t)q * VL, t.copy = NULL;
				t.ahead = i + 1 < count ? s.b + (v + q) * VL : s.b + s.len * s.bstep;
				t.astep = s.bstep;
			}
		}
		v += q;
	}
}

void
NN_ISA(nn_dense_forward)(int in, int out, int n, const float *x, const float *w, const float *b, float *y)
{
	for (int j = 0; j < in; j += FORWARD_J)
		panels((struct tile){.x = x + j, .b = w + (size_t)j * out, .bias = b, .y = y, .xstep = in, .bstep = out,
		    .ystep = out,
		    .len = imin(FORWARD_J, in - j), .add = j > 0}, n, out, FORWARD_Q, false);
}

/* db[o] = sum over images of dy[o]: a small difference of large sums, of which Adam makes a whole step. */
static void
sum_images(int out, int n, const float *dy, float *db)
{
	int o = 0;

	for (; o + 16 <= out; o += 16) {
		double sum[16] = {0};

		for (int i = 0; i < n; i++)
			for (int j = 0; j < 16; j++)
				sum[j] += (double)dy[(size_t)i * out + o + j];
		for (int j = 0; j < 16; j++)
			db[o + j] = (float)sum[j];
	}
	for (; o < out; o++) {
		double sum = 0;

		for (int i = 0; i < n; i++)
			sum += (double)dy[(size_t)i * out + o];
		db[o] = (float)sum;
	}
}

void
NN_ISA(nn_dense_rows)(int in, int out, int n, int r0, int r1, const float *x, const float *dy, float *dw, float *db)
{
	for (int i = 0; i < n; i += ROWS_J)
		panels((struct tile){.x = x + (size_t)i * in + r0, .b = dy + (size_t)i * out, .y = dw, .xstep = in,
		    .bstep = out, .ystep = out,
		    .len = imin(ROWS_J, n - i), .add = i > 0}, r1 - r0, out, ROWS_Q, true);
	if (db != NULL)
		sum_images(out, n, dy, db);
}

/* dx[i] = sum over o of dy[o] w[i][o]. Here the weights of one sum lie behind one another. A vector is blocks of four
 * lanes, and the lanes of a block are four images; of sixteen outputs o, block B has those from 4 B on, one after the
 * other:
 *
 *     acc[B][image] += w[i][4 B + j] dy[image][4 B + j],   j = 0..3
 *
 * A row of weights is read as it lies, and spread within the blocks. So each sum is four chains, whatever the lanes,
 * added as (0 + 2) + (1 + 3). (To spread four weights over a whole vector would need no such order of dy, but with 512
 * bits some processors move data between blocks in a pipe that the multiply-adds need, even behind a load.) */
#define SIXTEENS 32 /* outputs taken together, in sixteens: 16 KB of dy. Each such part is a sum of its own */
#define IMAGES 8
#define HALVES (IMAGES / 4)
#define VB (16 / VL) /* vectors of sixteen outputs */
#define DXROWS 48 /* inputs that are folded together */
#if VL == 16
#define DXP 8 /* inputs of a strip */
#elif VL == 8
#define DXP 3
#else
#define DXP 1
#endif

/* Lane j of each block in all its lanes. */
#if VL == 16
#define SPREAD(x, j) ((vf)_mm512_permute_ps((__m512)(x), (j) * 0x55))
#elif VL == 8
#define SPREAD(x, j) ((vf)_mm256_permute_ps((__m256)(x), (j) * 0x55))
#else
#define SPREAD(x, j) ((vf){(x)[j], (x)[j], (x)[j], (x)[j]})
#endif

/* In each block: lane j of r[i] changes places with lane i of r[j]. */
VINLINE void
transpose(vf r[4])
{
#if VL == 16
	__m512 a = _mm512_unpacklo_ps((__m512)r[0], (__m512)r[1]), b = _mm512_unpackhi_ps((__m512)r[0], (__m512)r[1]);
	__m512 c = _mm512_unpacklo_ps((__m512)r[2], (__m512)r[3]), d = _mm512_unpackhi_ps((__m512)r[2], (__m512)r[3]);

	r[0] = (vf)_mm512_shuffle_ps(a, c, 0x44), r[1] = (vf)_mm512_shuffle_ps(a, c, 0xee);
	r[2] = (vf)_mm512_shuffle_ps(b, d, 0x44), r[3] = (vf)_mm512_shuffle_ps(b, d, 0xee);
#elif VL == 8
	__m256 a = _mm256_unpacklo_ps((__m256)r[0], (__m256)r[1]), b = _mm256_unpackhi_ps((__m256)r[0], (__m256)r[1]);
	__m256 c = _mm256_unpacklo_ps((__m256)r[2], (__m256)r[3]), d = _mm256_unpackhi_ps((__m256)r[2], (__m256)r[3]);

	r[0] = (vf)_mm256_shuffle_ps(a, c, 0x44), r[1] = (vf)_mm256_shuffle_ps(a, c, 0xee);
	r[2] = (vf)_mm256_shuffle_ps(b, d, 0x44), r[3] = (vf)_mm256_shuffle_ps(b, d, 0xee);
#else
	vf a = r[0], b = r[1], c = r[2], d = r[3];

	for (int j = 0; j < 4; j++)
		r[j] = (vf){a[j], b[j], c[j], d[j]};
#endif
}

/* The sums of the four chains of VL / 4 inputs, 4 inputs apart, a block each; images are those of one half. */
VINLINE vf
add_chains(const float *part)
{
#if VL == 16
	__m512 a = (__m512)vload(part), b = (__m512)vload(part + 4 * 16 * HALVES),
	    c = (__m512)vload(part + 8 * 16 * HALVES),
	       d = (__m512)vload(part + 12 * 16 * HALVES);
	__m512 ab = _mm512_shuffle_f32x4(a, b, 0x44) + _mm512_shuffle_f32x4(a, b, 0xee);
	__m512 cd = _mm512_shuffle_f32x4(c, d, 0x44) + _mm512_shuffle_f32x4(c, d, 0xee);

	return (vf)(_mm512_shuffle_f32x4(ab, cd, 0x88) + _mm512_shuffle_f32x4(ab, cd, 0xdd));
#elif VL == 8
	const float *other = part + 4 * 16 * HALVES;
	__m256 a = (__m256)(vload(part) + vload(part + 8)), b = (__m256)(vload(other) + vload(other + 8));

	return (vf)(_mm256_permute2f128_ps(a, b, 0x20) + _mm256_permute2f128_ps(a, b, 0x31));
#else
	return (vload(part) + vload(part + 8)) + (vload(part + 4) + vload(part + 12));
#endif
}

/* One step of P inputs: sixteen outputs, or the n that are left. */
VINLINE void
dx_step(vf acc[DXP][HALVES][VB], const float *dy, const float *const *row, const size_t st, int n, const bool whole,
    const int P)
{
	vf x[DXP][VB];

UNROLL
	for (int p = 0; p < P; p++)
UNROLL
		for (int b = 0; b < VB; b++) {
			const float *w = row[p / 3] + p % 3 * st + b * VL;

			x[p][b] = whole ? vload(w) : vload_n(w, imin(VL, n - b * VL));
		}
#define LANE(j) \
UNROLL \
	for (int b = 0; b < VB; b++) { \
		vf d0 = vload(dy + (j) * 32 + b * VL), d1 = vload(dy + (j) * 32 + 16 + b * VL); \
UNROLL \
		for (int p = 0; p < P; p++) { \
			vf w = SPREAD(x[p][b], j); \
\
			acc[p][0][b] = vfma(w, d0, acc[p][0][b]); \
			acc[p][1][b] = vfma(w, d1, acc[p][1][b]); \
		} \
	}
	LANE(0)
	LANE(1)
	LANE(2)
	LANE(3)
#undef LANE
}

/* part[p][half][16]: the four chains of P inputs, over len outputs; dy is [len / 16 up][4][half][16], filled up with
 * zeros. */
VINLINE void
dx_strip(const float *dy, const float *w, const size_t st, int len, float *part, const int P)
{
	vf acc[DXP][HALVES][VB];
	const float *row[(DXP + 2) / 3]; /* of every third input */
	int o = 0;

UNROLL
	for (int p = 0; p < P; p++) {
		if (p % 3 == 0)
			row[p / 3] = w + p * st;
UNROLL
		for (int v = 0; v < HALVES * VB; v++)
			acc[p][v / VB][v % VB] = (vf){0};
	}
	for (; o + 16 <= len; o += 16, dy += 16 * IMAGES) {
UNROLL
		for (int p = 0; p < P; p++) /* the next strip, where a row is one part */
			__builtin_prefetch(w + P * st + (size_t)o * P + p * 16);
		dx_step(acc, dy, row, st, 16, true, P);
UNROLL
		for (int p = 0; p < P; p += 3)
			row[p / 3] += 16;
	}
	if (o < len)
		dx_step(acc, dy, row, st, len - o, false, P);
UNROLL
	for (int p = 0; p < P; p++)
UNROLL
		for (int v = 0; v < HALVES * VB; v++)
			vstore(part + p * 16 * HALVES + v * VL, acc[p][v / VB][v % VB]);
}

/* Folds the chains of `rows` inputs, at most DXROWS, into dx[image][i]. */
static void
dx_fold(const float *part, int rows, int images, bool add, size_t in, float *dx)
{
	for (int i = 0; i < rows; i += VL, part += (size_t)VL * 16 * HALVES, dx += VL) {
		int n = imin(VL, rows - i);

		for (int m = 0; m < images; m += 4) {
			vf r[4];

UNROLL
			for (int k = 0; k < 4; k++)
				r[k] = add_chains(part + (k * HALVES + m / 4) * 16);
			transpose(r);
			for (int k = 0; k < 4 && m + k < images; k++) {
				float *to = dx + (m + k) * in;

				vstore_n(to, add ? r[k] + vload_n(to, n) : r[k], n);
			}
		}
	}
}

/* dy of so many images and outputs in the order of dx_strip. */
static void
dx_order(const float *dy, size_t step, int images, int len, float *to)
{
	for (int o = 0; o < len; o += VL)
		for (int m = 0; m < IMAGES; m += 4) {
			vf r[4];

UNROLL
			for (int k = 0; k < 4; k++)
				r[k] = m + k < images ? vload_n(dy + (m + k) * step + o, imin(VL, len - o)) : (vf){0};
			transpose(r);
UNROLL
			for (int k = 0; k < 4; k++)
				vstore(to + (size_t)(o / 16) * 16 * IMAGES + (k * HALVES + m / 4) * 16 + o % 16, r[k]);
		}
}

void
NN_ISA(nn_dense_dx)(int in, int out, int n, const float *dy, const float *w, float *dx)
{
	float order[SIXTEENS * 16 * IMAGES] __attribute__((aligned(64))),
	    part[DXROWS * 16 * HALVES] __attribute__((aligned(64))) = {0};

	for (int m = 0; m < n; m += IMAGES, dy += (size_t)IMAGES * out, dx += (size_t)IMAGES * in)
		for (int o = 0; o < out; o += SIXTEENS * 16) {
			int images = imin(IMAGES, n - m), len = imin(SIXTEENS * 16, out - o);

			if (VL < 16 && len % 16 > 0)
				memset(order + (size_t)(len / 16) * 16 * IMAGES, 0, sizeof *order * 16 * IMAGES);
			dx_order(dy + o, (size_t)out, images, len, order);
			for (int i = 0; i < in; i += DXROWS) {
				int rows = imin(DXROWS, in - i), r = 0;
				const float *from = w + (size_t)i * out + o;

				for (; r + DXP <= rows; r += DXP)
					dx_strip(order, from + (size_t)r * out, (size_t)out, len,
					    part + r * 16 * HALVES, DXP);
				for (; r < rows; r++)
					dx_strip(order, from + (size_t)r * out, (size_t)out, len,
					    part + r * 16 * HALVES, 1);
				dx_fold(part, rows, images, o > 0, (size_t)in, dx + i);
			}
		}
}
