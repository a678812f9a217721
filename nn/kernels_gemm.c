/* kernels_gemm.c: the products of dense layers.
 *
 * Forward and the weights' gradient are one micro-kernel: a tile of P rows times Q vectors of columns stays in registers while
 * the sum runs over j,
 *
 *     y[p][c] = start + sum over j of x[p][j] b[j][c]
 *
 * with x as it lies (images by features) or turned (features by images). Every element is one chain of multiply-adds in the
 * order of j, which goes through memory where the sum is cut into blocks: the same bits for every shape of a tile. b is read
 * where it lies by the first tile of a panel, which leaves a copy without gaps for the others: rows that are a multiple of
 * 2 KB apart share a few lines of the first cache. The input's gradient sums along the lanes instead; see there.
 * Compiled once for each instruction set.
 */
#include "kernels_fast.h"
#include "vec.h"

/* Rows of a tile of so many vectors: what registers hold beside vectors of b and one of x. More vectors, fewer loads: at 16
 * registers, 4 rows of 3 vectors are 7 loads for 12 multiply-adds, and 12 chains cover the latency. */
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
		panels((struct tile){.x = x + j, .b = w + (size_t)j * out, .bias = b, .y = y, .xstep = in, .bstep = out, .ystep = out,
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
		panels((struct tile){.x = x + (size_t)i * in + r0, .b = dy + (size_t)i * out, .y = dw, .xstep = in, .bstep = out, .ystep = out,
		    .len = imin(ROWS_J, n - i), .add = i > 0}, r1 - r0, out, ROWS_Q, true);
	if (db != NULL)
		sum_images(out, n, dy, db);
}

/* dx[i] = sum over o of dy[o] w[i][o]. Here the weights of one sum lie behind one another, and the lanes are four neighbouring o
 * of one image after the other: four weights, spread over the vector, serve VL / 4 images. So each sum is four chains, whatever
 * the lanes, folded by halves at the end. */
#define QUADS 128 /* fours of outputs taken together: 16 KB of dy. Each such block is a sum of its own */
#define IMAGES 8
#define IV (IMAGES * 4 / VL) /* vectors of four outputs of all images */
#define DXP (VL == 4 ? 1 : 12 / IV) /* inputs of a strip */
#define DXROWS 48 /* inputs that are folded together */

VINLINE vf
spread(const float *p)
{
#if VL == 16
	return (vf)_mm512_broadcast_f32x4(_mm_loadu_ps(p));
#elif VL == 8
	return (vf)_mm256_broadcast_ps((const __m128 *)p);
#else
	return vload(p);
#endif
}

/* In each four lanes: the sums of a, b, c and d. */
VINLINE vf
fold(vf a, vf b, vf c, vf d)
{
#if VL == 16
	__m512 ab = _mm512_unpacklo_ps((__m512)a, (__m512)b) + _mm512_unpackhi_ps((__m512)a, (__m512)b);
	__m512 cd = _mm512_unpacklo_ps((__m512)c, (__m512)d) + _mm512_unpackhi_ps((__m512)c, (__m512)d);

	return (vf)(_mm512_shuffle_ps(ab, cd, 0x44) + _mm512_shuffle_ps(ab, cd, 0xee));
#elif VL == 8
	__m256 ab = _mm256_unpacklo_ps((__m256)a, (__m256)b) + _mm256_unpackhi_ps((__m256)a, (__m256)b);
	__m256 cd = _mm256_unpacklo_ps((__m256)c, (__m256)d) + _mm256_unpackhi_ps((__m256)c, (__m256)d);

	return (vf)(_mm256_shuffle_ps(ab, cd, 0x44) + _mm256_shuffle_ps(ab, cd, 0xee));
#else
	return (vf){a[0], b[0], c[0], d[0]} + (vf){a[2], b[2], c[2], d[2]} + ((vf){a[1], b[1], c[1], d[1]} + (vf){a[3], b[3], c[3], d[3]});
#endif
}

/* part[p][image][4]: the four chains of P inputs, over len outputs; dy is [len / 4 up][image][4], filled up with zeros. */
VINLINE void
dx_strip(const float *dy, const float *w, size_t wstep, int len, float *part, const int P)
{
	vf acc[DXP][IV];
	int o = 0;

UNROLL
	for (int p = 0; p < P; p++)
UNROLL
		for (int v = 0; v < IV; v++)
			acc[p][v] = (vf){0};
	for (; o + 4 <= len; o += 4) {
		vf x[DXP];

UNROLL
		for (int p = 0; p < P; p++)
			x[p] = spread(w + p * wstep + o);
UNROLL
		for (int p = 0; p < P; p += 4) /* the next strip, where a row is one block */
			__builtin_prefetch(w + P * wstep + (size_t)o * P + p * 4);
UNROLL
		for (int v = 0; v < IV; v++) {
			vf d = vload(dy + (size_t)o * IMAGES + v * VL);
UNROLL
			for (int p = 0; p < P; p++)
				acc[p][v] = vfma(x[p], d, acc[p][v]);
		}
	}
	if (o < len) {
		float rest[DXP][4] = {{0}};

UNROLL
		for (int p = 0; p < P; p++) {
			memcpy(rest[p], w + p * wstep + o, sizeof(float) * (len - o));
UNROLL
			for (int v = 0; v < IV; v++)
				acc[p][v] = vfma(spread(rest[p]), vload(dy + (size_t)o * IMAGES + v * VL), acc[p][v]);
		}
	}
UNROLL
	for (int p = 0; p < P; p++)
UNROLL
		for (int v = 0; v < IV; v++)
			vstore(part + (p * IV + v) * VL, acc[p][v]);
}

/* Folds the chains of `rows` inputs, at most DXROWS, into dx[image][i]. */
static void
dx_fold(const float *part, int rows, int images, bool add, size_t in, float *dx)
{
	for (int i = 0; i < rows; i += 4, part += 4 * IMAGES * 4, dx += 4) {
		float sum[IMAGES][4];

UNROLL
		for (int v = 0; v < IV; v++)
			vstore(sum[0] + v * VL, fold(vload(part + v * VL), vload(part + (IV + v) * VL), vload(part + (2 * IV + v) * VL), vload(part + (3 * IV + v) * VL)));
		for (int m = 0; m < images; m++)
			if (i + 4 <= rows && !add)
				memcpy(dx + m * in, sum[m], sizeof sum[m]);
			else
				for (int j = 0; j < 4 && i + j < rows; j++)
					dx[m * in + j] = sum[m][j] + (add ? dx[m * in + j] : 0);
	}
}

void
NN_ISA(nn_dense_dx)(int in, int out, int n, const float *dy, const float *w, float *dx)
{
	float quads[QUADS * 4 * IMAGES] __attribute__((aligned(64))), part[DXROWS * 4 * IMAGES] __attribute__((aligned(64))) = {0};

	for (int m = 0; m < n; m += IMAGES, dy += (size_t)IMAGES * out, dx += (size_t)IMAGES * in)
		for (int o = 0; o < out; o += QUADS * 4) {
			int images = imin(IMAGES, n - m), len = imin(QUADS * 4, out - o), rest = len % 4;

			if (images < IMAGES || rest > 0)
				memset(quads, 0, sizeof *quads * IMAGES * ((len + 3) / 4 * 4));
			for (int k = 0; k < images; k++) {
				const float *d = dy + (size_t)k * out + o;

				for (int j = 0; j < len - rest; j += 4)
					memcpy(quads + (size_t)j * IMAGES + k * 4, d + j, 4 * sizeof *d);
				if (rest > 0)
					memcpy(quads + (size_t)(len - rest) * IMAGES + k * 4, d + len - rest, sizeof *d * rest);
			}
			for (int i = 0; i < in; i += DXROWS) {
				int rows = imin(DXROWS, in - i), r = 0;

				for (; r + DXP <= rows; r += DXP)
					dx_strip(quads, w + (size_t)(i + r) * out + o, (size_t)out, len, part + r * 4 * IMAGES, DXP);
				for (; r < rows; r++)
					dx_strip(quads, w + (size_t)(i + r) * out + o, (size_t)out, len, part + r * 4 * IMAGES, 1);
				dx_fold(part, rows, images, o > 0, (size_t)in, dx + i);
			}
		}
}
