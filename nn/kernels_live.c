/* kernels_live.c: a convolution's gradients over the live gradients of its outputs only.
 *
 * Behind a pool at most one output of a window has a gradient, and relu and dropout close most of those. Each live one, g of
 * filter f at position p, gives
 *
 *     dx[p + t][c] += g w[t][c][f]        dw[t][c][f] += g x[p + t][c]
 *
 * at each tap t of the kernel and channel c. Each sum is in the order of kernels_conv.c, where the others add zero: the same
 * bits. Tap by tap, so that what all live gradients share of weights and input stays in the first cache, and with weights as
 * [tap][filter][channel], the channels being the lanes. What a position gets, or a filter, stays in registers while its live
 * gradients go by: the first are listed by position, the second by filter, of some rows at a time.
 * Compiled once for each instruction set.
 */
#include "kernels_fast.h"
#include "vec.h"

#define CHANNELS 16 /* of the input at least: the lanes */
#define MOST(c) ((c) < 32 ? 8 : 4) /* one in so many gradients is live at most, else all are taken: this decides nothing but the time */
#define LIST_BYTES (512 * 1024) /* on the stack at most, and as much for weights */
#define WIDTH 4 /* vectors of channels taken together */
#define BAND_BYTES (24 * 1024) /* of input under the live gradients of a filter */

#define ON_STACK(type, n) ((type *)__builtin_alloca_with_align(sizeof(type) * (n), 512))

struct live {
	int groups; /* positions, those without any left out; or filters */
	uint32_t *end; /* [groups] in the next two */
	float *g;
	uint32_t *at; /* by position: where the filter's weights begin. By filter: where the patch begins */
	uint32_t *patch; /* [groups], by position: where the patch begins */
};

/* No further than to `enough`. */
static size_t
count_live(const float *dy, size_t n, size_t enough)
{
	size_t count = 0;

	for (size_t i = 0; i < n && count < enough; i += 4096) {
		int some = 0, end = n - i < 4096 ? (int)(n - i) : 4096;

		for (int j = 0; j < end; j++)
			some += dy[i + j] != 0;
		count += (size_t)some;
	}
	return count;
}

/* Live gradients of an image at most, rounded up; 0: there are too many, or the shape does not suit. */
static size_t
most_live(const struct nn_conv *v, int n, const float *dy)
{
	size_t positions = (size_t)(v->h - v->k + 1) * (v->w - v->k + 1), out = positions * v->f, all = 0, most = 0;
	size_t many = n * out / MOST(v->c) + 1;

	if (v->c < CHANNELS || sizeof(float) * v->k * v->k * v->c * v->f > LIST_BYTES)
		return 0;
	for (int i = 0; i < n && all < many; i++) {
		size_t live = count_live(dy + i * out, out, many - all);

		most = live > most ? live : most;
		all += live;
	}
	most = (most / 16 + 2) * 16; /* whole vectors are stored */
	return all < many && 2 * sizeof(uint32_t) * (positions + 2 * most) <= LIST_BYTES ? most : 0;
}

/* Appends the live ones of the next n filters, at most 16, to the lists' first `end`. */
VINLINE size_t
append(const struct live *l, size_t end, const float *dy, int n, uint32_t filter, uint32_t scale)
{
#if VL == 16
	const __m512i lane = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
	__m512 g = (__m512)vload_n(dy, n);
	__mmask16 m = _mm512_cmp_ps_mask(g, _mm512_setzero_ps(), _CMP_NEQ_UQ);
	__m512i at = _mm512_mullo_epi32(_mm512_add_epi32(lane, _mm512_set1_epi32((int)filter)), _mm512_set1_epi32((int)scale));

	vstore(l->g + end, (vf)_mm512_maskz_compress_ps(m, g));
	_mm512_storeu_si512(l->at + end, _mm512_maskz_compress_epi32(m, at));
	return end + (size_t)__builtin_popcount(m);
#else
	for (int i = 0; i < n; i++) {
		l->g[end] = dy[i];
		l->at[end] = (filter + (uint32_t)i) * scale;
		end += dy[i] != 0;
	}
	return end;
#endif
}

/* Lists by position, of rows y0..y1-1 of an image's dy. A filter is `scale` wide. */
static void
by_position(const struct nn_conv *v, const float *dy, int y0, int y1, uint32_t scale, struct live *l)
{
	int ow = v->w - v->k + 1;
	size_t end = 0;

	l->groups = 0;
	dy += (size_t)y0 * ow * v->f;
	for (int y = y0; y < y1; y++)
		for (int x = 0; x < ow; x++, dy += v->f) {
			size_t before = end;

			for (int f = 0; f < v->f; f += 16)
				end = append(l, end, dy + f, imin(16, v->f - f), (uint32_t)f, scale);
			l->patch[l->groups] = ((uint32_t)y * (uint32_t)v->w + (uint32_t)x) * (uint32_t)v->c;
			l->end[l->groups] = (uint32_t)end;
			l->groups += end > before;
		}
}

/* The same lists by filter; in them a filter is one wide. */
static void
by_filter(const struct live *l, int filters, struct live *to)
{
	uint32_t all = l->groups > 0 ? l->end[l->groups - 1] : 0, sum = 0;

	to->groups = filters;
	memset(to->end, 0, sizeof *to->end * filters);
	for (uint32_t i = 0; i < all; i++)
		to->end[l->at[i]]++;
	for (int f = 0; f < filters; f++) {
		uint32_t count = to->end[f];

		to->end[f] = sum;
		sum += count;
	}
	for (int p = 0, i = 0; p < l->groups; p++)
		for (; i < (int)l->end[p]; i++) {
			uint32_t place = to->end[l->at[i]]++;

			to->g[place] = l->g[i];
			to->at[place] = l->patch[p];
		}
}

/* One tap, V vectors of channels: dx[patch][c] += g w[f][c]. */
VINLINE void
dx_tap(const struct live *l, const float *w, float *dx, size_t step, int rem, const int V)
{
	const bool part = rem < VL;
	uint32_t i = 0;

	for (int p = 0; p < l->groups; p++) {
		float *to = dx + l->patch[p];
		vf acc[WIDTH];

UNROLL
		for (int v = 0; v < V; v++)
			acc[v] = part && v == V - 1 ? vload_n(to + v * VL, rem) : vload(to + v * VL);
		for (uint32_t end = l->end[p]; i < end; i++) {
			const float *from = w + l->at[i];
			vf g = vset(l->g[i]);

UNROLL
			for (int v = 0; v < V; v++)
				acc[v] = vfma(g, part && v == V - 1 ? vload_n(from + v * VL, rem) : vload(from + v * VL), acc[v]);
		}
UNROLL
		for (int v = 0; v < V; v++)
			if (part && v == V - 1)
				vstore_n(to + v * VL, acc[v], rem);
			else
				vstore(to + v * VL, acc[v]);
	}
}

/* One tap, V vectors of channels: dw[f][c] += g x[patch][c]; a filter's weights are `step` wide. */
VINLINE void
dw_tap(const struct live *l, const float *x, float *dw, size_t step, int rem, const int V)
{
	const bool part = rem < VL;
	uint32_t i = 0;

	for (int f = 0; f < l->groups; f++, dw += step) {
		vf acc[WIDTH];

UNROLL
		for (int v = 0; v < V; v++)
			acc[v] = part && v == V - 1 ? vload_n(dw + v * VL, rem) : vload(dw + v * VL);
		for (uint32_t end = l->end[f]; i < end; i++) {
			const float *from = x + l->at[i];
			vf g = vset(l->g[i]);

UNROLL
			for (int v = 0; v < V; v++)
				acc[v] = vfma(g, part && v == V - 1 ? vload_n(from + v * VL, rem) : vload(from + v * VL), acc[v]);
		}
UNROLL
		for (int v = 0; v < V; v++)
			if (part && v == V - 1)
				vstore_n(dw + v * VL, acc[v], rem);
			else
				vstore(dw + v * VL, acc[v]);
	}
}

/* f(l, a, b, step, rem, V) over all channels. */
#define ALL_CHANNELS(f, l, a, b, step) \
	do { \
		for (int c_ = 0; c_ < (int)(step); c_ += WIDTH * VL) { \
			int left_ = imin(WIDTH * VL, (int)(step) - c_), vectors_ = (left_ + VL - 1) / VL, rem_ = left_ - (vectors_ - 1) * VL; \
\
			if (vectors_ == 4) \
				f(l, (a) + c_, (b) + c_, step, rem_, 4); \
			else if (vectors_ == 3) \
				f(l, (a) + c_, (b) + c_, step, rem_, 3); \
			else if (vectors_ == 2) \
				f(l, (a) + c_, (b) + c_, step, rem_, 2); \
			else \
				f(l, (a) + c_, (b) + c_, step, rem_, 1); \
		} \
	} while (0)

/* Weights from [tap][channel][filter] to [tap][filter][channel], or back. */
static void
turn(int taps, int rows, int cols, const float *w, float *turned)
{
	for (int tap = 0; tap < taps; tap++, w += (size_t)rows * cols, turned += (size_t)rows * cols)
		for (int c = 0; c < cols; c += 16)
			for (int r = 0; r < rows; r++)
				for (int j = c; j < imin(c + 16, cols); j++)
					turned[(size_t)j * rows + r] = w[(size_t)r * cols + j];
}

bool
NN_ISA(nn_live_dx)(const struct nn_conv *v, int n, const float *dy, const float *w, float *dx)
{
	int oh = v->h - v->k + 1, ow = v->w - v->k + 1, taps = v->k * v->k;
	size_t most = most_live(v, n, dy), in = (size_t)v->h * v->w * v->c, out = (size_t)oh * ow * v->f, c = (size_t)v->c;

	if (most == 0)
		return false;

	float *turned = ON_STACK(float, taps * c * v->f);
	struct live l = {.end = ON_STACK(uint32_t, oh * ow), .patch = ON_STACK(uint32_t, oh * ow), .at = ON_STACK(uint32_t, most),
	    .g = ON_STACK(float, most)};

	turn(taps, v->c, v->f, w, turned);
	for (int i = 0; i < n; i++, dy += out, dx += in) {
		by_position(v, dy, 0, oh, (uint32_t)c, &l);
		memset(dx, 0, sizeof *dx * in);
		for (int tap = taps - 1; tap >= 0; tap--) {
			const float *from = turned + tap * c * v->f;
			float *to = dx + ((size_t)(tap / v->k) * v->w + tap % v->k) * c;

			ALL_CHANNELS(dx_tap, &l, from, to, c);
		}
	}
	return true;
}

bool
NN_ISA(nn_live_dw)(const struct nn_conv *v, int n, const float *x, const float *dy, float *dw)
{
	int oh = v->h - v->k + 1, ow = v->w - v->k + 1, taps = v->k * v->k;
	size_t most = most_live(v, n, dy), in = (size_t)v->h * v->w * v->c, out = (size_t)oh * ow * v->f, c = (size_t)v->c;
	int band = imin(oh, 1 + (int)(BAND_BYTES / (sizeof *x * v->w * c)));

	if (most == 0)
		return false;

	float *turned = ON_STACK(float, taps * c * v->f);
	struct live l = {.end = ON_STACK(uint32_t, band * ow), .patch = ON_STACK(uint32_t, band * ow), .at = ON_STACK(uint32_t, most),
	    .g = ON_STACK(float, most)};
	struct live m = {.end = ON_STACK(uint32_t, v->f), .at = ON_STACK(uint32_t, most), .g = ON_STACK(float, most)};

	turn(taps, v->c, v->f, dw, turned);
	for (int i = 0; i < n; i++, x += in, dy += out)
		for (int y = 0; y < oh; y += band) {
			by_position(v, dy, y, imin(y + band, oh), 1, &l);
			by_filter(&l, v->f, &m);
			for (int tap = 0; tap < taps; tap++) {
				const float *from = x + ((size_t)(tap / v->k) * v->w + tap % v->k) * c;
				float *to = turned + tap * c * v->f;

				ALL_CHANNELS(dw_tap, &m, from, to, c);
			}
		}
	turn(taps, v->f, v->c, turned, dw);
	return true;
}
