/* kernels_sparse.c: backward through pool, relu and two 3x3 convolutions, over live gradients only.
 *
 * A pooled gradient goes to one of four positions, and to none when the relu was closed or the dropout behind it took
 * the feature. So the gradient of the second map is mostly zeros, and it is never stored: each live one, of channel o
 * at position y, x, adds g * first map[y + i][x + j] to dw2[o][i][j] and g * w2[o][i][j] to the gradient of the first
 * map.
 *
 * Where the 5x5 patch behind it is blank, the nine vectors of the first map are the same for every such gradient: their
 * sum is kept a channel (fold) and multiplied once a chunk.
 *
 * The order of the sums: positions row by row, channels upwards.
 */
#include "wino.h"
#include "vec.h"

/* ---- weight gradient of the second convolution ---- */

/* R kernel rows of N vectors each: gw[r][..] += sum over the list of g * map[at + r * maprow ..]. */
VINLINE void
weights_block(const float *map, size_t maprow, const struct wino_live *list, int n, float *gw, size_t gwrow,
    const int R, const int N)
{
	vf acc[3][12];

UNROLL
	for (int r = 0; r < R; r++)
UNROLL
		for (int i = 0; i < N; i++)
			acc[r][i] = vload(gw + r * gwrow + i * VL);
	for (int k = 0; k < n; k++) {
		const float *p = map + list[k].at;
		vf t = vset(list[k].g);

UNROLL
		for (int r = 0; r < R; r++)
UNROLL
			for (int i = 0; i < N; i++)
				acc[r][i] = vfma(t, vload(p + r * maprow + i * VL), acc[r][i]);
	}
UNROLL
	for (int r = 0; r < R; r++)
UNROLL
		for (int i = 0; i < N; i++)
			vstore(gw + r * gwrow + i * VL, acc[r][i]);
}

static void
weights(const struct wino *m, const struct wino_scratch *s, const int *count, float *gw)
{
	int c = m->c, run = 3 * c; /* floats of a kernel row */
	size_t most = wino_pooled(m), maprow = (size_t)m->w1 * c;

	for (int o = 0; o < c; o++, gw += 3 * run) {
		const struct wino_live *list = s->list + o * most;

		if (count[o] == 0)
			continue;
#if VL == 16
		if (run == 6 * VL) {
			weights_block(s->map, maprow, list, count[o], gw, run, 3, 6);
			continue;
		}
#endif
		for (int r = 0; r < 3; r++) {
			const float *map = s->map + r * maprow;
			float *w = gw + r * run;
			int i = 0;

			for (; i + 12 * VL <= run; i += 12 * VL)
				weights_block(map + i, 0, list, count[o], w + i, 0, 1, 12);
			for (; i + 6 * VL <= run; i += 6 * VL)
				weights_block(map + i, 0, list, count[o], w + i, 0, 1, 6);
			for (; i < run; i += VL)
				weights_block(map + i, 0, list, count[o], w + i, 0, 1, 1);
		}
	}
}

/* ---- gradient of the first map, and weight gradient of the first convolution ---- */

/* A row of the second map's gradient, n columns, and Q vectors of the first map's channels: three columns of three rows
 * roll along in registers. A column that is done is added to d[0] and d[1]; d[2], the lowest row, is touched first
 * here. next: floats from the first column's pooled gradient to the second's, c or 0. */
VINLINE void
data_row(const uint64_t *live, const float *grad, size_t next, const float *turned, float *const d[3], int n,
    const int c, const int Q)
{
	const int words = (c + 63) / 64;
	float *d0 = d[0], *d1 = d[1], *d2 = d[2];
	vf acc[3][3][2];

UNROLL
	for (int i = 0; i < 9; i++)
		acc[i / 3][i % 3][0] = acc[i / 3][i % 3][1] = (vf){0};
	for (int x = 0; x < n + 2; x++) {
		if (x < n) {
			for (int w = 0; w < words; w++)
				for (uint64_t b = *live++; b != 0; b &= b - 1) {
					size_t o = (size_t)w * 64 + (size_t)__builtin_ctzll(b);
					const float *k = turned + o * 9 * c;
					vf t = vset(grad[o]);

UNROLL
					for (int i = 0; i < 9; i++)
UNROLL
						for (int q = 0; q < Q; q++)
							acc[i / 3][i % 3][q] = vfma(t, vload(k + i * c + q * VL),
							    acc[i / 3][i % 3][q]);
				}
			grad += next;
			next ^= (size_t)c;
		}
UNROLL
		for (int q = 0; q < Q; q++) {
			vstore(d0 + q * VL, vload(d0 + q * VL) + acc[0][0][q]);
			vstore(d1 + q * VL, vload(d1 + q * VL) + acc[1][0][q]);
			vstore(d2 + q * VL, acc[2][0][q]);
		}
		d0 += c, d1 += c, d2 += c;
UNROLL
		for (int r = 0; r < 3; r++)
UNROLL
			for (int q = 0; q < Q; q++) {
				acc[r][0][q] = acc[r][1][q];
				acc[r][1][q] = acc[r][2][q];
				acc[r][2][q] = (vf){0};
			}
	}
}

/* A function of its own, with few pointers: within its callers the compiler keeps addresses in vector registers. */
static __attribute__((noinline)) void
data_row_32(const uint64_t *live, const float *grad, size_t next, const float *turned, float *const d[3], int n)
{
	data_row(live, grad, next, turned, d, n, 32, VL == 16 ? 2 : 1);
}

/* Row y of the second map's gradient, columns lo..hi-1, into the ring. */
VINLINE void
data_to_ring(const struct wino *m, const struct wino_scratch *s, const float *grad, int y, int lo, int hi, int g,
    const int c, const int Q)
{
	const uint64_t *live = s->live + ((size_t)y * m->w2 + lo) * ((c + 63) / 64);
	const float *first = grad + ((size_t)(y / 2) * m->pw + lo / 2) * c;
	float *d[3];

	for (int r = 0; r < 3; r++)
		d[r] = s->ring + ((size_t)((y + r) % 3) * m->w1 + lo) * c + g;
	if (c == 32)
		data_row_32(live, first, lo % 2 * (size_t)c, m->turned + g, d, hi - lo);
	else
		data_row(live, first, lo % 2 * (size_t)c, m->turned + g, d, hi - lo, c, Q);
}

/* A gradient of the first map behind its relu. */
VINLINE vf
first_open(const float *map, const float *d)
{
	return (vf)((vi)vload(d) & (vload(map) > (vf){0}));
}

/* Row y of the first map's gradient, columns lo..hi-1, is complete: through the relu into w1 and b1. Where the patch
 * behind is blank, its nine pixels are the same: what comes there is summed and multiplied once. */
VINLINE void
first_row(const struct wino *m, const struct wino_scratch *s, int y, int lo, int hi, int g, struct wino_grad *out,
    const int c, const int Q)
{
	const float *d = s->ring + (size_t)(y % 3) * m->w1 * c + g, *map = s->map + (size_t)y * m->w1 * c + g,
	    *x = s->x + (size_t)y * m->w;
	uint64_t drawn = s->flag3[y] & ~UINT64_C(0) << lo & ~UINT64_C(0) >> (64 - hi);
	int from = drawn == 0 ? hi : __builtin_ctzll(drawn), to = drawn == 0 ? hi : 64 - __builtin_clzll(drawn);
	vf acc[10][2], plain[2] = {{0}};

UNROLL
	for (int q = 0; q < Q; q++) {
UNROLL
		for (int i = 0; i < 9; i++)
			acc[i][q] = vload(out->w1 + i * c + g + q * VL);
		acc[9][q] = vload(out->b1 + g + q * VL);
	}
	for (int i = lo; i < from; i++)
UNROLL
		for (int q = 0; q < Q; q++)
			plain[q] += first_open(map + (size_t)i * c + q * VL, d + (size_t)i * c + q * VL);
	for (int i = from; i < to; i++) {
		vf v[2];

UNROLL
		for (int q = 0; q < Q; q++) {
			v[q] = first_open(map + (size_t)i * c + q * VL, d + (size_t)i * c + q * VL);
			acc[9][q] += v[q];
		}
UNROLL
		for (int j = 0; j < 9; j++) {
			vf t = vset(x[j / 3 * m->w + i + j % 3]);

UNROLL
			for (int q = 0; q < Q; q++)
				acc[j][q] = vfma(t, v[q], acc[j][q]);
		}
	}
	for (int i = to; i < hi; i++)
UNROLL
		for (int q = 0; q < Q; q++)
			plain[q] += first_open(map + (size_t)i * c + q * VL, d + (size_t)i * c + q * VL);
	if (from > lo || to < hi) {
		vf t = vset(s->x[0]);

UNROLL
		for (int q = 0; q < Q; q++) {
UNROLL
			for (int j = 0; j < 9; j++)
				acc[j][q] = vfma(t, plain[q], acc[j][q]);
			acc[9][q] += plain[q];
		}
	}
UNROLL
	for (int q = 0; q < Q; q++) {
UNROLL
		for (int i = 0; i < 9; i++)
			vstore(out->w1 + i * c + g + q * VL, acc[i][q]);
		vstore(out->b1 + g + q * VL, acc[9][q]);
	}
}

/* Columns of the second map that rows y..y+2 need together: row y touches their share of row y + 2 first, for all
 * three. */
struct span {
	int lo, hi;
};

static struct span
span_of(const struct wino *m, const struct wino_scratch *s, int y)
{
	uint64_t f = 0;

	for (int r = y < 0 ? 0 : y; r < y + 3 && r < m->h2; r++)
		f |= s->flag5[r];
	return f == 0 ? (struct span){0, 0} : (struct span){__builtin_ctzll(f), 64 - __builtin_clzll(f)};
}

VINLINE void
data_block(const struct wino *m, const struct wino_scratch *s, const float *grad, int top, int bottom, int g,
    struct wino_grad *out,
    const int c, const int Q)
{
	for (int r = 0; r < 2; r++) /* the first two rows are added to before they are touched first */
		for (int x = 0; x < m->w1; x++)
UNROLL
			for (int q = 0; q < Q; q++)
				vstore(s->ring + ((size_t)((top + r) % 3) * m->w1 + x) * c + g + q * VL, (vf){0});
	for (int y = top; y < bottom + 2; y++) {
		struct span at = span_of(m, s, y), done = span_of(m, s, y - 2);

		if (y < bottom && at.hi > 0)
			data_to_ring(m, s, grad, y, at.lo, at.hi, g, c, Q);
		if (done.hi > 0)
			first_row(m, s, y, done.lo, done.hi + 2, g, out, c, Q);
	}
}

VINLINE void
data_c(const struct wino *m, const struct wino_scratch *s, const float *grad, struct wino_grad *out, const int c)
{
	int top = 0, bottom = m->h2;

	while (top < bottom && s->flag5[top] == 0)
		top++;
	while (bottom > top && s->flag5[bottom - 1] == 0)
		bottom--;
	if (top == bottom)
		return; /* every gradient is folded */
	for (int g = 0; g < c;) {
#if VL == 16
		if (c - g >= 2 * VL) {
			data_block(m, s, grad, top, bottom, g, out, c, 2);
			g += 2 * VL;
			continue;
		}
#endif
		data_block(m, s, grad, top, bottom, g, out, c, 1);
		g += VL;
	}
}

static void
data(const struct wino *m, const struct wino_scratch *s, const float *grad, struct wino_grad *out)
{
	if (m->c == 32)
		data_c(m, s, grad, out, 32);
	else
		data_c(m, s, grad, out, m->c);
}

/* The blank patches' share: dw2[o][i] += fold[o] map, and on through the first convolution. */
static void
fold(const struct wino *m, const struct wino_scratch *s, struct wino_grad *out)
{
	int c = m->c;
	vf pixel = vset((float)s->byte / 255.0f);

	for (int g = 0; g < c; g += VL) {
		vf a = vload(s->blank + g), sum = {0};
		vi open = a > (vf){0};

		for (int o = 0; o < c; o++) {
			vf t = vset(out->fold[o]);

			for (int i = 0; i < 9; i++) {
				float *w = out->w2 + ((size_t)o * 9 + i) * c + g;
				vstore(w, vfma(t, a, vload(w)));
			}
			sum = vfma(t, vload(m->tapsum + (size_t)o * c + g), sum);
		}
		sum = (vf)((vi)sum & open);
		vstore(out->b1 + g, vload(out->b1 + g) + sum);
		for (int i = 0; i < 9; i++)
			vstore(out->w1 + i * c + g, vfma(pixel, sum, vload(out->w1 + i * c + g)));
	}
	for (int o = 0; o < c; o++) {
		out->b2[o] += out->fold[o];
		out->fold[o] = 0;
	}
}

void
NN_ISA(nn_wino_backward)(const struct wino *m, struct wino_scratch *s, int n, const uint8_t *const *pixels,
    const float *act,
    const float *grad, const struct wino_code *code, struct wino_grad *g)
{
	size_t pooled = wino_pooled(m);
	int count[WINO_CHANNELS];

	s->byte = -1;
	for (int i = 0; i < n; i++, act += pooled * m->c, grad += pooled * m->c, code += pooled * (m->c / 16)) {
		wino_ahead(m, i + 1 < n ? pixels[i + 1] : NULL);
		NN_ISA(nn_wino_look)(m, s, pixels[i]);
		if (s->skips && s->byte != pixels[i][0]) {
			if (s->byte >= 0)
				fold(m, s, g);
			NN_ISA(nn_wino_blank)(m, s, pixels[i][0]);
		}
		for (int y = 0; y < m->h1; y++)
			NN_ISA(nn_wino_row)(m, s, y, y);
		NN_ISA(nn_wino_lists)(m, s, act, grad, code, g, count);
		weights(m, s, count, g->w2);
		data(m, s, grad, g);
	}
	if (s->byte >= 0)
		fold(m, s, g);
}
