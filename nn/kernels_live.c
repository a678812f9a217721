/* kernels_live.c: a convolution's gradients over the live gradients of its outputs only.
 *
 * Behind a pool at most one output of a window has a gradient, and relu and dropout close most of those. Each live one,
 * g of filter f at position p, gives
 *
 *     dx[p + t][c] += g w[t][c][f]        dw[t][c][f] += g x[p + t][c]
 *
 * at each tap t of the kernel and channel c. Those of a row of taps lie behind one another, in the kernel as well when
 * its filters come before its channels: a run of floats, the lanes. So both are one thing: runs of one factor, times g,
 * added to runs of the result, each of which stays in registers while its live gradients go by. For dx these are listed
 * by position, for dw by filter. Each sum is in the order of kernels_conv.c, where the others add zero: the same bits,
 * while weights and inputs are finite (and but for the sign of a zero that is left of a product too small for a float).
 * Compiled once for each instruction set.
 */
#include "kernels_fast.h"
#include "vec.h"

#define CHANNELS 16 /* of the input at least: shorter runs are not worth it */
/* One in so many gradients is live at most, else all are taken: this decides nothing but the time. */
#define MOST(c) ((c) < 32 ? 4 : 3)
#define WIDTH 8 /* vectors of a run taken together */
#define BAND_BYTES (24 * 1024) /* of the input, about, that dw reads again and again: they stay in the first cache */

struct live {
	int groups; /* positions, those without any left out; or filters */
	uint32_t *to; /* [groups] where this one's run of the result begins */
	uint32_t *end; /* [groups] of its live gradients in the next two */
	float *g;
	uint32_t *at; /* where the run of the factor begins */
};

/* Room for so many; append stores whole vectors. */
#define LISTS(groups, entries) \
	((struct live){.to = ON_STACK(uint32_t, groups), .end = ON_STACK(uint32_t, groups), \
	    .g = ON_STACK(float, (entries) + 16), .at = ON_STACK(uint32_t, (entries) + 16)})

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

/* Rows of dy that are listed together, at most `rows`; 0: too many gradients are live, or the shape does not suit. */
static int
band_of(const struct nn_conv *v, int n, const float *dy, size_t rows)
{
	size_t oh = v->h - v->k + 1, ow = v->w - v->k + 1, all = n * oh * ow * v->f;
	/* two lists, by position and by filter */
	size_t fit = STACK_BYTES / (sizeof(uint32_t) * ow * (4 * v->f + 2)), band = rows < fit ? rows : fit;

	if (v->k == 1 || v->c < CHANNELS || sizeof(float) * v->k * v->k * v->c * v->f > STACK_BYTES)
		return 0;
	if (count_live(dy, all, all / MOST(v->c) + 1) > all / MOST(v->c))
		return 0;
	return (int)(band < oh ? band : oh);
}

/* Appends the live ones of the next n filters, at most 16, to the lists' first `end`. */
VINLINE size_t
append(const struct live *l, size_t end, const float *dy, int n, uint32_t filter, uint32_t scale)
{
#if VL == 16
	const __m512i lane = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
	__m512 g = (__m512)vload_n(dy, n);
	__mmask16 m = _mm512_cmp_ps_mask(g, _mm512_setzero_ps(), _CMP_NEQ_UQ);
	__m512i at = _mm512_mullo_epi32(_mm512_add_epi32(lane, _mm512_set1_epi32((int)filter)),
	    _mm512_set1_epi32((int)scale));

	vstore(l->g + end, (vf)_mm512_maskz_compress_ps(m, g));
	_mm512_storeu_si512(l->at + end, _mm512_maskz_compress_epi32(m, at));
	return end + (size_t)vcount(m);
#else
	for (int i = 0; i < n; i++) {
		l->g[end] = dy[i];
		l->at[end] = (filter + (uint32_t)i) * scale;
		end += dy[i] != 0;
	}
	return end;
#endif
}

/* Lists by position, of rows y0..y1-1 of an image's dy: from weights, a filter `scale` apart, to the input's
 * gradient. */
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
			l->to[l->groups] = ((uint32_t)y * (uint32_t)v->w + (uint32_t)x) * (uint32_t)v->c;
			l->end[l->groups] = (uint32_t)end;
			l->groups += end > before;
		}
}

/* The same lists by filter: from the input to the weights' gradient, a filter `run` apart. In l filters are 1 apart. */
static void
by_filter(const struct live *l, int filters, uint32_t run, struct live *m)
{
	uint32_t all = l->groups > 0 ? l->end[l->groups - 1] : 0, sum = 0;

	m->groups = filters;
	memset(m->end, 0, sizeof *m->end * filters);
	for (uint32_t i = 0; i < all; i++)
		m->end[l->at[i]]++;
	for (int f = 0; f < filters; f++) {
		uint32_t count = m->end[f];

		m->to[f] = (uint32_t)f * run;
		m->end[f] = sum; /* where the next one goes; when all are there, the end */
		sum += count;
	}
	for (int p = 0, i = 0; p < l->groups; p++)
		for (; i < (int)l->end[p]; i++) {
			uint32_t place = m->end[l->at[i]]++;

			m->g[place] = l->g[i];
			m->at[place] = l->to[p];
		}
}

/* V vectors of each run, of the last of them `rem` lanes: to[to + j] += sum of g from[at + j] */
VINLINE void
add_part(const struct live *l, const float *from, float *to, int rem, const int V)
{
	const bool part = rem < VL;
	uint32_t i = 0;

	for (int k = 0; k < l->groups; k++) {
		float *y = to + l->to[k];
		vf acc[WIDTH];

UNROLL
		for (int v = 0; v < V; v++)
			acc[v] = part && v == V - 1 ? vload_n(y + v * VL, rem) : vload(y + v * VL);
		for (uint32_t end = l->end[k]; i < end; i++) {
			const float *x = from + l->at[i];
			vf g = vset(l->g[i]);

UNROLL
			for (int v = 0; v < V; v++)
				acc[v] = vfma(g, part && v == V - 1 ? vload_n(x + v * VL, rem) : vload(x + v * VL),
				    acc[v]);
		}
UNROLL
		for (int v = 0; v < V; v++)
			if (part && v == V - 1)
				vstore_n(y + v * VL, acc[v], rem);
			else
				vstore(y + v * VL, acc[v]);
	}
}

/* Runs of n floats, in parts of nearly the same width. The last ones go first: where runs overlap, as in dx, a place
 * gets what comes from the left of it first, as in kernels_conv.c. */
static void
add_runs(const struct live *l, const float *from, float *to, int n)
{
	int vectors = (n + VL - 1) / VL;

	for (int parts = (vectors + WIDTH - 1) / WIDTH; parts > 0; parts--) {
		int width = vectors / parts, at = (vectors - width) * VL, rem = imin(VL, n - at - (width - 1) * VL);

		switch (width) {
#define CASE(V) case V: add_part(l, from + at, to + at, rem, V); break;
		CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8)
#undef CASE
		}
		vectors -= width;
	}
}

/* Each of `count` matrices turned: y[c][r] = x[r][c] */
static void
turn(int count, int rows, int cols, const float *x, float *y)
{
	for (int k = 0; k < count; k++, x += (size_t)rows * cols, y += (size_t)rows * cols)
		for (int c = 0; c < cols; c += 16)
			for (int r = 0; r < rows; r++)
				for (int j = c; j < imin(c + 16, cols); j++)
					y[(size_t)j * rows + r] = x[(size_t)r * cols + j];
}

bool
NN_ISA(nn_live_dx)(const struct nn_conv *v, int n, const float *dy, const float *w, float *dx)
{
	int oh = v->h - v->k + 1, ow = v->w - v->k + 1, run = v->k * v->c, band = band_of(v, n, dy, (size_t)oh);
	size_t in = (size_t)v->h * v->w * v->c, out = (size_t)oh * ow * v->f, row = (size_t)run * v->f;
	size_t places = (size_t)band * ow;

	if (band == 0)
		return false;

	float *turned = ON_STACK(float, v->k * row); /* [row of taps][filter][run] */
	struct live l = LISTS(places, places * v->f);

	turn(v->k, run, v->f, w, turned);
	for (int i = 0; i < n; i++, dy += out, dx += in) {
		memset(dx, 0, sizeof *dx * in);
		for (int y = 0; y < oh; y += band) {
			by_position(v, dy, y, imin(y + band, oh), (uint32_t)run, &l);
			for (int r = v->k - 1; r >= 0; r--)
				add_runs(&l, turned + r * row, dx + (size_t)r * v->w * v->c, run);
		}
	}
	return true;
}

bool
NN_ISA(nn_live_dw)(const struct nn_conv *v, int n, const float *x, const float *dy, float *dw)
{
	int oh = v->h - v->k + 1, ow = v->w - v->k + 1, run = v->k * v->c;
	int band = band_of(v, n, dy, 1 + BAND_BYTES / (sizeof *x * v->w * v->c));
	size_t in = (size_t)v->h * v->w * v->c, out = (size_t)oh * ow * v->f, row = (size_t)run * v->f;
	size_t places = (size_t)band * ow;

	if (band == 0)
		return false;

	float *turned = ON_STACK(float, v->k * row); /* [row of taps][filter][run] */
	struct live l = LISTS(places, places * v->f), m = LISTS(v->f, places * v->f);

	turn(v->k, run, v->f, dw, turned);
	for (int i = 0; i < n; i++, x += in, dy += out)
		for (int y = 0; y < oh; y += band) {
			by_position(v, dy, y, imin(y + band, oh), 1, &l);
			by_filter(&l, v->f, (uint32_t)run, &m);
			for (int r = 0; r < v->k; r++)
				add_runs(&m, x + (size_t)r * v->w * v->c, turned + r * row, run);
		}
	turn(v->k, v->f, run, turned, dw);
	return true;
}
