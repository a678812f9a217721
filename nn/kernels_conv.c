/* kernels_conv.c: direct convolution.
 *
 * A strip of P neighbouring outputs times Q vectors of channels stays in registers while the sum runs over the kernel:
 *
 *     y[p][oc] = bias[oc] + sum over r, j of x[r][p * step + j] w[r][j][oc]
 *
 * In channels-last layout the columns of a kernel and the input channels lie behind one another, so a k x k kernel
 * is k runs of k * channels floats.
 * Each output is one chain of multiply-adds in the order r, j: the same for every number of lanes and strip length.
 * Compiled once for each instruction set.
 */
#include "kernels_fast.h"
#include "vec.h"

/* Outputs of a strip: what registers hold beside the vectors of channels. Of one vector twice as many, since each of
 * its multiply-adds needs a load. */
#if VL == 16
#define PMAX 12
#define PMAX1 24
#else
#define PMAX 6
#define PMAX1 6
#endif
#define NR (2 * VL) /* channels of a panel */

struct strip {
	const float *x; /* first input of the first output */
	size_t xrow, step; /* from run to run, from output to output */
	int runs, len;
	const float *w; /* [runs][len] rows of a panel, wstep apart */
	size_t wrow, wstep;
	const float *bias; /* NULL: zero; else of this panel */
	float *y;
	size_t ystep;
	int cols; /* of this panel, 1..NR */
	bool add; /* to y */
};

VINLINE void
strip_n(const struct strip *s, const int P, const int Q)
{
	vf acc[PMAX1][2];
	const size_t st = s->step;
	const int rem = s->cols - (Q - 1) * VL;
	const bool part = rem < VL && s->wstep != NR; /* packed panels are filled up with zeros */

UNROLL
	for (int q = 0; q < Q; q++) {
		int n = q == Q - 1 ? rem : VL;
		vf b = s->bias != NULL ? vload_n(s->bias + q * VL, n) : (vf){0};

UNROLL
		for (int p = 0; p < P; p++)
			acc[p][q] = b;
		if (s->add)
UNROLL
			for (int p = 0; p < P; p++)
				acc[p][q] = vload_n(s->y + p * s->ystep + q * VL, n);
	}
	for (int r = 0; r < s->runs; r++) {
		const float *w = s->w + r * s->wrow;
		const float *x[PMAX1 / 3]; /* of every third output */

UNROLL
		for (int p = 0; p < P; p += 3)
			x[p / 3] = s->x + r * s->xrow + p * st;
		int j = 0;

		for (; Q == 1 && j + 2 <= s->len; j += 2) {
			vf w0 = part ? vload_n(w, rem) : vload(w);
			vf w1 = part ? vload_n(w + s->wstep, rem) : vload(w + s->wstep);
UNROLL
			for (int p = 0; p < P; p++) {
				vf t0, t1;

				vset2(x[p / 3] + p % 3 * st, p % 4 == 0, &t0, &t1);
				acc[p][0] = vfma(t1, w1, vfma(t0, w0, acc[p][0]));
			}
			w += 2 * s->wstep;
UNROLL
			for (int p = 0; p < P; p += 3)
				x[p / 3] += 2;
		}
		for (; j < s->len; j++) {
			vf v[2];
UNROLL
			for (int q = 0; q < Q; q++)
				v[q] = part && q == Q - 1 ? vload_n(w + q * VL, rem) : vload(w + q * VL);
UNROLL
			for (int p = 0; p < P; p++) {
				vf t = vset(x[p / 3][p % 3 * st]);
UNROLL
				for (int q = 0; q < Q; q++)
					acc[p][q] = vfma(t, v[q], acc[p][q]);
			}
			w += s->wstep;
UNROLL
			for (int p = 0; p < P; p += 3)
				x[p / 3]++;
		}
	}
UNROLL
	for (int q = 0; q < Q; q++)
		if (q == Q - 1 && rem < VL)
UNROLL
			for (int p = 0; p < P; p++)
				vstore_n(s->y + p * s->ystep + q * VL, acc[p][q], rem);
		else
UNROLL
			for (int p = 0; p < P; p++)
				vstore(s->y + p * s->ystep + q * VL, acc[p][q]);
}

/* X(P, Q) for each shape of a strip. */
#define UP_TO_6(X, Q) X(1, Q) X(2, Q) X(3, Q) X(4, Q) X(5, Q) X(6, Q)
#define UP_TO_12(X, Q) UP_TO_6(X, Q) X(7, Q) X(8, Q) X(9, Q) X(10, Q) X(11, Q) X(12, Q)
#define UP_TO_24(X, Q) UP_TO_12(X, Q) X(13, Q) X(14, Q) X(15, Q) X(16, Q) X(17, Q) X(18, Q) X(19, Q) X(20, Q) X(21, Q) \
	X(22, Q) X(23, Q) X(24, Q)
#if VL == 16
#define SHAPES(X) UP_TO_24(X, 1) UP_TO_12(X, 2)
#else
#define SHAPES(X) UP_TO_6(X, 1) UP_TO_6(X, 2)
#endif

#define STRIP(P, Q) static __attribute__((noinline)) void strip_##P##_##Q(const struct strip *s) { strip_n(s, P, Q); }
#define STRIP_ENTRY(P, Q) [Q - 1][P] = strip_##P##_##Q,
SHAPES(STRIP)
static void (*const strip_table[2][PMAX1 + 1])(const struct strip *) = {SHAPES(STRIP_ENTRY)};

/* n outputs, in strips of nearly the same length. s moves on: a copy of it, read wider than it was written, would
 * wait. */
static void
strips(struct strip *s, int n)
{
	int q = s->cols > VL, most = q ? PMAX : PMAX1, parts = (n + most - 1) / most;

	for (int done = 0; parts > 0; parts--) {
		int len = (n - done) / parts;

		strip_table[q][len](s);
		done += len;
		s->x += len * s->step;
		s->y += len * s->ystep;
	}
}

/* y = b + conv(x, w) */
void
NN_ISA(nn_conv_forward)(const struct nn_conv *v, int n, const float *x, const float *w, const float *b, float *y)
{
	int st = v->stride > 1 ? v->stride : 1, rows = v->k * v->k * v->c;
	int oh = (v->h - v->k) / st + 1, ow = (v->w - v->k) / st + 1;
	size_t in = (size_t)v->h * v->w * v->c, out = (size_t)oh * ow * v->f;
	bool pack = v->f > NR && sizeof(float) * rows * NR <= STACK_BYTES;
	float *panel = pack ? ON_STACK(float, rows * NR) : NULL;

	for (int f = 0; f < v->f; f += NR) {
		int cols = imin(NR, v->f - f);
		const float *wp = w + f;
		size_t wstep = v->f;

		if (pack) {
			for (int r = 0; r < rows; r++) {
				memcpy(panel + (size_t)r * NR, w + (size_t)r * v->f + f, sizeof(float) * cols);
				memset(panel + (size_t)r * NR + cols, 0, sizeof(float) * (NR - cols));
			}
			wp = panel, wstep = NR;
		}
		for (int i = 0; i < n; i++)
			for (int r = 0; r < oh; r++) {
				struct strip s = {.x = x + i * in + (size_t)r * st * v->w * v->c,
				    .xrow = (size_t)v->w * v->c, .step = (size_t)st * v->c, .runs = v->k,
				    .len = v->k * v->c, .w = wp, .wrow = (size_t)v->k * v->c * wstep, .wstep = wstep,
				    .bias = b + f,
				    .y = y + i * out + (size_t)r * ow * v->f + f, .ystep = v->f, .cols = cols};
				strips(&s, ow);
			}
	}
}

/* The input's gradient: a full convolution with the kernel turned by 180 degrees. Outside of dy there is nothing to
 * multiply: the strips of the inner columns run along the rows and leave out kernel rows; those of the k - 1 columns at
 * either side run down the columns, with the kernel columns that they have, over a copy of this band of dy with zeros
 * above and below. */
/* Filters taken together at most, and no more than let the panel fit the stack; a band is 2/3 of it at most. */
#define DX_FILTERS 256
#define DX_ROWS 48 /* of a band */
#define DX_INNER 4 /* fewer columns than this make no strip */

struct turned {
	const float *w; /* [k][k][len][NR] */
	int len; /* filters */
	int cols; /* channels of the panel, 1..NR */
	bool add; /* there were filters before these */
};

static void
dx_inner(const struct nn_conv *v, const struct turned *t, const float *dy, float *dx)
{
	int k = v->k, oh = v->h - k + 1, ow = v->w - k + 1;
	int each = t->len == v->f ? k : 1; /* kernel columns that lie together in dy */

	for (int kc = 0; kc < k; kc += each) {
		struct strip s = {.xrow = (size_t)ow * v->f, .step = v->f, .len = each * t->len,
		    .wrow = (size_t)k * t->len * NR, .wstep = NR,
		    .ystep = v->c, .cols = t->cols, .add = t->add || kc > 0};

		for (int r = 0; r < v->h; r++) {
			int first = r < k - 1 ? k - 1 - r : 0, last = imin(k, oh + k - 1 - r);

			s.runs = last - first;
			s.x = dy + ((size_t)(r - (k - 1) + first) * ow + kc) * v->f;
			s.w = t->w + ((size_t)first * k + kc) * t->len * NR;
			s.y = dx + ((size_t)r * v->w + k - 1) * v->c;
			strips(&s, ow - k + 1);
		}
	}
}

/* Floats from row to row of a band: an odd number of cache lines, so that rows do not meet in the cache. */
static size_t
band_step(int cols, int len)
{
	return (((size_t)cols * len + 15) / 16 | 1) * 16;
}

/* Columns x0..x1-1. */
static void
dx_edge(const struct nn_conv *v, const struct turned *t, int x0, int x1, const float *dy, float *band, float *dx)
{
	int k = v->k, oh = v->h - k + 1, ow = v->w - k + 1;
	int c0 = x0 < k - 1 ? 0 : x0 - (k - 1), c1 = imin(ow, x1); /* of dy */
	int parts = (v->h + DX_ROWS - 1) / DX_ROWS;
	size_t row = band_step(c1 - c0, t->len);

	for (int i = 0, r = 0; i < parts; i++) {
		int rows = (v->h - r) / (parts - i);
		float *to = band;

		for (int y = r - (k - 1); y < r + rows; y++, to += row)
			if (y < 0 || y >= oh)
				memset(to, 0, sizeof *to * (c1 - c0) * t->len);
			else if (t->len == v->f)
				memcpy(to, dy + ((size_t)y * ow + c0) * v->f, sizeof *to * (c1 - c0) * t->len);
			else
				for (int c = c0; c < c1; c++)
					memcpy(to + (size_t)(c - c0) * t->len, dy + ((size_t)y * ow + c) * v->f,
					    sizeof *to * t->len);
		for (int x = x0; x < x1; x++) {
			int first = x < k - 1 ? k - 1 - x : 0, last = imin(k, ow + k - 1 - x);
			struct strip s = {.x = band + (size_t)(x + first - (k - 1) - c0) * t->len, .xrow = row,
			    .step = row, .runs = k,
			    .len = (last - first) * t->len, .w = t->w + (size_t)first * t->len * NR,
			    .wrow = (size_t)k * t->len * NR, .wstep = NR,
			    .y = dx + ((size_t)r * v->w + x) * v->c, .ystep = (size_t)v->w * v->c, .cols = t->cols,
			    .add = t->add};
			strips(&s, rows);
		}
		r += rows;
	}
}

void
NN_ISA(nn_conv_dx)(const struct nn_conv *v, int n, const float *dy, const float *w, float *dx)
{
	int k = v->k, oh = v->h - k + 1, ow = v->w - k + 1;
	int most = imin(DX_FILTERS, STACK_BYTES / (int)(sizeof(float) * k * k * 32)), len = imin(v->f, most);
	bool inner = k == 1 || ow - k + 1 >= DX_INNER;
	size_t in = (size_t)v->h * v->w * v->c, out = (size_t)oh * ow * v->f;

	if (len == v->f && NN_ISA(nn_live_dx)(v, n, dy, w, dx)) /* it sums over all filters at once */
		return;

	float *panel = ON_STACK(float, k * k * len * NR), *band = ON_STACK(float,
	    (imin(v->h, DX_ROWS) + k - 1) * band_step(inner ? k - 1 : ow, len));

	for (int c = 0; c < v->c; c += NR)
		for (int f = 0; f < v->f; f += len) {
			struct turned t = {.w = panel, .len = imin(len, v->f - f), .cols = imin(NR, v->c - c),
			    .add = f > 0};
			float *p = panel;

			for (int at = k * k - 1; at >= 0; at--)
				for (int i = 0; i < t.len; i++, p += NR) {
					const float *from = w + ((size_t)at * v->c + c) * v->f + f + i;

#pragma GCC unroll 8
					for (int j = 0; j < t.cols; j++)
						p[j] = from[(size_t)j * v->f];
					memset(p + t.cols, 0, sizeof *p * (NR - t.cols));
				}
			for (int i = 0; i < n; i++) {
				const float *from = dy + i * out + f;
				float *to = dx + i * in + c;

				if (inner)
					dx_inner(v, &t, from, to);
				dx_edge(v, &t, 0, inner ? k - 1 : v->w, from, band, to);
				if (inner)
					dx_edge(v, &t, ow, v->w, from, band, to);
			}
		}
}

/* The transposed product, for weight gradients: g[p][oc] += sum over i of x[i * xstep + off[p]] dy[i * dstep + oc],
 * the sum over rows of `n` outputs each. P rows of g at a time. */
struct wstrip {
	const float *x, *dy;
	size_t xrow, xstep, dyrow, dystep;
	int rows, n, cols;
	const size_t *off;
	float *g;
	size_t gstep;
};

VINLINE void
wstrip_n(const struct wstrip *s, const int P, const int Q, const bool contiguous)
{
	vf acc[PMAX1][2];
	const int rem = s->cols - (Q - 1) * VL;
	const bool part = rem < VL;
	size_t off[PMAX1];

UNROLL
	for (int p = 0; p < P; p++) {
		off[p] = contiguous ? (size_t)p : s->off[p];
UNROLL
		for (int q = 0; q < Q; q++)
			acc[p][q] = vload_n(s->g + p * s->gstep + q * VL, q == Q - 1 ? rem : VL);
	}
	for (int r = 0; r < s->rows; r++) {
		const float *x = s->x + r * s->xrow, *dy = s->dy + r * s->dyrow;
		for (int i = 0; i < s->n; i++) {
			vf v[2];
UNROLL
			for (int q = 0; q < Q; q++)
				v[q] = part && q == Q - 1 ? vload_n(dy + q * VL, rem) : vload(dy + q * VL);
UNROLL
			for (int p = 0; p < P; p++) {
				vf b = vset(x[off[p]]);
UNROLL
				for (int q = 0; q < Q; q++)
					acc[p][q] = vfma(b, v[q], acc[p][q]);
			}
			x += s->xstep, dy += s->dystep;
		}
	}
UNROLL
	for (int p = 0; p < P; p++)
UNROLL
		for (int q = 0; q < Q; q++) {
			float *g = s->g + p * s->gstep + q * VL;
			if (q == Q - 1 && part)
				vstore_n(g, acc[p][q], rem);
			else
				vstore(g, acc[p][q]);
		}
}

#define WSTRIP(P, Q) \
	static __attribute__((noinline)) void wstrip_##P##_##Q(const struct wstrip *s) { wstrip_n(s, P, Q, true); } \
	static __attribute__((noinline)) void woff_##P##_##Q(const struct wstrip *s) { wstrip_n(s, P, Q, false); }
#define WSTRIP_ENTRY(P, Q) [Q - 1][P] = {woff_##P##_##Q, wstrip_##P##_##Q},
SHAPES(WSTRIP)
static void (*const wstrip_table[2][PMAX1 + 1][2])(const struct wstrip *) = {SHAPES(WSTRIP_ENTRY)};

/* Q vectors, of the last of them all lanes or a rest. */
VINLINE void
sum_columns(const float *dy, size_t step, size_t n, int cols, float *db, const int Q)
{
	const int rem = cols - (Q - 1) * VL;
	vf a[4];

UNROLL
	for (int q = 0; q < Q; q++)
		a[q] = vload_n(db + q * VL, q == Q - 1 ? rem : VL);
	for (size_t i = 0; i < n; i++, dy += step)
UNROLL
		for (int q = 0; q < Q; q++)
			a[q] += Q == 1 && rem < VL ? vload_n(dy, rem) : vload(dy + q * VL);
UNROLL
	for (int q = 0; q < Q; q++)
		vstore_n(db + q * VL, a[q], q == Q - 1 ? rem : VL);
}

/* db[cols] += sum over n rows of dy: four chains side by side while the columns last. */
static void
sum_rows(const float *dy, size_t step, size_t n, int cols, float *db)
{
	int c = 0;

	for (; c + 4 * VL <= cols; c += 4 * VL)
		sum_columns(dy + c, step, n, 4 * VL, db + c, 4);
	for (; c + 2 * VL <= cols; c += 2 * VL)
		sum_columns(dy + c, step, n, 2 * VL, db + c, 2);
	for (; c < cols; c += VL)
		sum_columns(dy + c, step, n, imin(VL, cols - c), db + c, 1);
}

void
NN_ISA(nn_conv_dw)(const struct nn_conv *v, int n, const float *x, const float *dy, float *dw, float *db)
{
	int oh = v->h - v->k + 1, ow = v->w - v->k + 1, len = v->k * v->c, all = v->k * len;
	bool few = len < 12; /* runs of several kernel rows share a strip */
	int total = few ? all : len, most = v->f > VL ? PMAX : PMAX1, parts = (total + most - 1) / most;
	size_t in = (size_t)v->h * v->w * v->c, out = (size_t)oh * ow * v->f, off[PMAX1];

	sum_rows(dy, v->f, (size_t)n * oh * ow, v->f, db);
	if (NN_ISA(nn_live_dw)(v, n, x, dy, dw))
		return;
	for (int m = 0; m < n; m++, x += in, dy += out)
		for (int kr = 0; kr < (few ? 1 : v->k); kr++)
			for (int i = 0, done = 0; i < parts; i++) {
				int p = (total - done) / (parts - i);

				for (int j = 0; j < p; j++)
					off[j] = (size_t)((done + j) / len) * v->w * v->c + (done + j) % len;
				for (int f = 0; f < v->f; f += NR) {
					struct wstrip s = {.x = x + (size_t)kr * v->w * v->c + (few ? 0 : done),
					    .dy = dy + f, .xrow = (size_t)v->w * v->c,
					    .xstep = v->c, .dyrow = (size_t)ow * v->f, .dystep = v->f, .rows = oh,
					    .n = ow, .cols = imin(NR, v->f - f),
					    .off = off, .g = dw + ((size_t)kr * len + done) * v->f + f, .gstep = v->f};
					wstrip_table[s.cols > VL][p][!few](&s);
				}
				done += p;
			}
}
