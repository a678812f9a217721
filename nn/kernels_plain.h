/* kernels_plain.h: the kernels as plain loops that read like the equations, for REAL float or double. Included by
 * kernels_ref.c (both) and by whoever wants them compiled for an instruction set; everything is static.
 *
 * Sums are made in double and rounded once: max_pooling2d decides between neighbours that differ in the seventh digit,
 * and the gradient goes to the winner alone. No sum is spread over vector lanes but dot(), whose partial sums are part
 * of its definition: the bits are the same for vectors of any width.
 */
#ifndef PLAIN
#define PLAIN_PASTE2(x, real) plain_##x##_##real
#define PLAIN_PASTE(x, real) PLAIN_PASTE2(x, real)
#define PLAIN(x) PLAIN_PASTE(x, REAL)
#define PLAIN_LANES 8 /* sums that are made together */
#endif

/* sum of a[i] b[i] */
static REAL
PLAIN(dot)(int n, const REAL *restrict a, const REAL *restrict b)
{
	double sum[PLAIN_LANES] = {0};
	int i = 0;

	for (; i + PLAIN_LANES <= n; i += PLAIN_LANES)
		for (int j = 0; j < PLAIN_LANES; j++)
			sum[j] += (double)a[i + j] * (double)b[i + j];
	for (; i < n; i++)
		sum[0] += (double)a[i] * (double)b[i];
	for (int width = PLAIN_LANES / 2; width > 0; width /= 2)
		for (int j = 0; j < width; j++)
			sum[j] += sum[j + width];
	return (REAL)sum[0];
}

/* for n <= PLAIN_LANES neighbours: sum[j] += sum over rows r of x[r * xstep] w[r * wstep + j] */
static inline __attribute__((always_inline)) void
PLAIN(rows)(int n, int rows, size_t xstep, const REAL *restrict x, size_t wstep, const REAL *restrict w,
    double *restrict sum)
{
	for (int r = 0; r < rows; r++, x += xstep, w += wstep)
		for (int j = 0; j < n; j++)
			sum[j] += (double)x[0] * (double)w[j];
}

/* y[f] = b[f] + sum over ky, j of x[ky][j] w[ky][j][f] for n <= PLAIN_LANES filters; j is kx and c, which lie
 * together */
static inline __attribute__((always_inline)) void
PLAIN(conv_output)(const struct nn_conv *v, int n, const REAL *x, const REAL *w, const REAL *b, REAL *y)
{
	int len = v->k * v->c;
	double sum[PLAIN_LANES];

	for (int f = 0; f < n; f++)
		sum[f] = (double)b[f];
	for (int ky = 0; ky < v->k; ky++)
		PLAIN(rows)(n, len, 1, x + (size_t)ky * v->w * v->c, (size_t)v->f, w + (size_t)ky * len * v->f, sum);
	for (int f = 0; f < n; f++)
		y[f] = (REAL)sum[f];
}

/* y[oy][ox][f] = b[f] + sum over ky, kx, c of x[oy s + ky][ox s + kx][c] w[ky][kx][c][f], with the stride s */
static void
PLAIN(conv_forward)(const struct nn_conv *v, int n, const REAL *x, const REAL *w, const REAL *b, REAL *y)
{
	int s = v->stride > 1 ? v->stride : 1, oh = (v->h - v->k) / s + 1, ow = (v->w - v->k) / s + 1;

	for (int i = 0; i < n; i++, x += (size_t)v->h * v->w * v->c)
		for (int oy = 0; oy < oh; oy++)
			for (int ox = 0; ox < ow; ox++, y += v->f) {
				const REAL *corner = x + ((size_t)oy * s * v->w + (size_t)ox * s) * v->c;
				int f = 0;

				for (; f + PLAIN_LANES <= v->f; f += PLAIN_LANES) /* a number that the compiler knows */
					PLAIN(conv_output)(v, PLAIN_LANES, corner, w + f, b + f, y + f);
				if (f < v->f)
					PLAIN(conv_output)(v, v->f - f, corner, w + f, b + f, y + f);
			}
}

/* dx[oy + ky][ox + kx][c] += sum over f of dy[oy][ox][f] w[ky][kx][c][f] */
static void
PLAIN(conv_dx)(const struct nn_conv *v, int n, const REAL *dy, const REAL *w, REAL *dx)
{
	int oh = v->h - v->k + 1, ow = v->w - v->k + 1;
	size_t image = (size_t)v->h * v->w * v->c;

	memset(dx, 0, sizeof *dx * image * n);
	for (int i = 0; i < n; i++, dx += image)
		for (int oy = 0; oy < oh; oy++)
			for (int ox = 0; ox < ow; ox++, dy += v->f) {
				bool zero = !v->all; /* a pool leaves most positions without a gradient */

				for (int f = 0; f < v->f && zero; f++)
					zero = dy[f] == 0;
				if (zero)
					continue;
				for (int ky = 0; ky < v->k; ky++) {
					REAL *row = dx + ((size_t)(oy + ky) * v->w + ox) * v->c;
					const REAL *wrow = w + (size_t)ky * v->k * v->c * v->f;

					for (int j = 0; j < v->k * v->c; j++)
						row[j] += PLAIN(dot)(v->f, dy, wrow + (size_t)j * v->f);
				}
			}
}

/* dw[f] += sum over images, oy, ox of x[oy][ox] dy[oy][ox][f] for n <= PLAIN_LANES filters; x NULL: of dy alone */
static inline __attribute__((always_inline)) void
PLAIN(conv_weight)(const struct nn_conv *v, int n, int images, const REAL *x, const REAL *dy, REAL *dw)
{
	static const REAL one = 1;
	int oh = v->h - v->k + 1, ow = v->w - v->k + 1;
	double sum[PLAIN_LANES] = {0};

	for (int i = 0; i < images; i++)
		for (int oy = 0; oy < oh; oy++, dy += (size_t)ow * v->f)
			PLAIN(rows)(n, ow, x != NULL ? (size_t)v->c : 0,
			    x != NULL ? x + ((size_t)i * v->h + oy) * v->w * v->c : &one, (size_t)v->f, dy, sum);
	for (int f = 0; f < n; f++)
		dw[f] += (REAL)sum[f];
}

/* dw[ky][kx][c][f] += sum over oy, ox of x[oy + ky][ox + kx][c] dy[oy][ox][f];  db[f] += sum of dy[oy][ox][f] */
static void
PLAIN(conv_dw)(const struct nn_conv *v, int n, const REAL *x, const REAL *dy, REAL *dw, REAL *db)
{
	for (int f = 0; f < v->f; f += PLAIN_LANES) {
		bool whole = f + PLAIN_LANES <= v->f; /* a number that the compiler knows */

		for (int j = 0; j < v->k * v->k * v->c; j++) {
			/* of output 0, 0 */
			const REAL *from = x + (size_t)(j / (v->k * v->c)) * v->w * v->c + j % (v->k * v->c);

			if (whole)
				PLAIN(conv_weight)(v, PLAIN_LANES, n, from, dy + f, dw + (size_t)j * v->f + f);
			else
				PLAIN(conv_weight)(v, v->f - f, n, from, dy + f, dw + (size_t)j * v->f + f);
		}
		PLAIN(conv_weight)(v, whole ? PLAIN_LANES : v->f - f, n, NULL, dy + f, db + f);
	}
}

/* y[o] = b[o] + sum over i of x[i] w[i][o] */
static void
PLAIN(dense_forward)(int in, int out, int n, const REAL *x, const REAL *w, const REAL *b, REAL *y)
{
	for (int o = 0; o < out; o += PLAIN_LANES)
		for (int s = 0; s < n; s++) {
			int m = out - o < PLAIN_LANES ? out - o : PLAIN_LANES;
			double sum[PLAIN_LANES];

			for (int j = 0; j < m; j++)
				sum[j] = (double)b[o + j];
			if (m == PLAIN_LANES)
				PLAIN(rows)(PLAIN_LANES, in, 1, x + (size_t)s * in, (size_t)out, w + o, sum);
			else
				PLAIN(rows)(m, in, 1, x + (size_t)s * in, (size_t)out, w + o, sum);
			for (int j = 0; j < m; j++)
				y[(size_t)s * out + o + j] = (REAL)sum[j];
		}
}

/* dx[i] = sum over o of dy[o] w[i][o] */
static void
PLAIN(dense_dx)(int in, int out, int n, const REAL *dy, const REAL *w, REAL *dx)
{
	for (int i = 0; i < in; i++)
		for (int s = 0; s < n; s++)
			dx[(size_t)s * in + i] = PLAIN(dot)(out, dy + (size_t)s * out, w + (size_t)i * out);
}

/* dw[i][o] = sum over images of x[i] dy[o];  db[o] = sum over images of dy[o] */
static void
PLAIN(dense_rows)(int in, int out, int n, int r0, int r1, const REAL *x, const REAL *dy, REAL *dw, REAL *db)
{
	static const REAL one = 1;

	for (int i = r0 - (db != NULL); i < r1; i++) { /* the row before the first is the bias */
		bool bias = i < r0;
		REAL *to = bias ? db : dw + (size_t)(i - r0) * out;

		for (int o = 0; o < out; o += PLAIN_LANES) {
			int m = out - o < PLAIN_LANES ? out - o : PLAIN_LANES;
			double sum[PLAIN_LANES] = {0};

			if (m == PLAIN_LANES)
				PLAIN(rows)(PLAIN_LANES, n, bias ? 0 : (size_t)in, bias ? &one : x + i, (size_t)out,
				    dy + o, sum);
			else
				PLAIN(rows)(m, n, bias ? 0 : (size_t)in, bias ? &one : x + i, (size_t)out, dy + o, sum);
			for (int j = 0; j < m; j++)
				to[o + j] = (REAL)sum[j];
		}
	}
}

/* y = max(x, 0); a NaN stays one */
static void
PLAIN(relu_forward)(size_t count, const REAL *x, REAL *y)
{
	for (size_t i = 0; i < count; i++)
		y[i] = x[i] < 0 ? 0 : x[i];
}

/* the slope at 0 is 0 */
static void
PLAIN(relu_backward)(size_t count, const REAL *y, const REAL *dy, REAL *dx)
{
	for (size_t i = 0; i < count; i++)
		dx[i] = y[i] > 0 ? dy[i] : 0;
}

/* leaky_relu: y = x, or slope x below 0;  elu: y = x, or exp(x) - 1 below 0;  tanh;  sigmoid: y = 1 / (1 + exp(-x)) */
static void
PLAIN(curve_forward)(enum nn_curve f, REAL slope, size_t count, const REAL *x, REAL *y)
{
	for (size_t i = 0; i < count; i++) {
		double v = (double)x[i];

		if (f == NN_LEAKY_RELU)
			v = v > 0 ? v : v * (double)slope;
		else if (f == NN_ELU)
			v = v > 0 ? v : expm1(v);
		else
			v = f == NN_TANH ? tanh(v) : 1 / (1 + exp(-v));
		y[i] = (REAL)v;
	}
}

/* dx = dy times the slope, which follows from y: leaky_relu 1 or slope, elu 1 or y + 1, tanh 1 - y^2, sigmoid
 * y (1 - y) */
static void
PLAIN(curve_backward)(enum nn_curve f, REAL slope, size_t count, const REAL *y, const REAL *dy, REAL *dx)
{
	for (size_t i = 0; i < count; i++) {
		REAL v = y[i];

		if (f == NN_LEAKY_RELU)
			v = v > 0 ? 1 : slope;
		else if (f == NN_ELU)
			v = v > 0 ? 1 : v + 1;
		else
			v = f == NN_TANH ? 1 - v * v : v * (1 - v);
		dx[i] = dy[i] * v;
	}
}

/* The first and the last place, in a window at `at`, that is inside a picture of n. */
static inline int
PLAIN(first)(int at)
{
	return at < 0 ? -at : 0;
}

static inline int
PLAIN(last)(int at, int k, int n)
{
	return n - at < k ? n - at : k;
}

/* One place of a window, of all channels. */
static inline void
PLAIN(pool_place)(int n, const REAL *v, REAL *y, uint16_t *which, int at, bool begun)
{
	if (!begun) {
		memcpy(y, v, sizeof *y * n);
		for (int c = 0; which != NULL && c < n; c++)
			which[c] = (uint16_t)at;
		return;
	}
	for (int c = 0; c < n; c++)
		if (v[c] > y[c]) {
			y[c] = v[c];
			if (which != NULL)
				which[c] = (uint16_t)at;
		}
}

/* y[oy][ox][c] = max over py, px of x[oy s - top + py][ox s - left + px][c] inside the picture */
static void
PLAIN(pool_forward)(const struct nn_pool *p, int n, const REAL *x, REAL *y, uint16_t *which)
{
	for (int i = 0; i < n; i++, x += (size_t)p->h * p->w * p->c)
		for (int oy = 0; oy < p->oh; oy++)
			for (int ox = 0; ox < p->ow; ox++, y += p->c) {
				int y0 = oy * p->stride - p->top, x0 = ox * p->stride - p->left;
				int px0 = PLAIN(first)(x0), px1 = PLAIN(last)(x0, p->k, p->w);
				bool begun = false;

				for (int py = PLAIN(first)(y0); py < PLAIN(last)(y0, p->k, p->h); py++)
					for (int px = px0; px < px1; px++) {
						const REAL *v = x + ((size_t)(y0 + py) * p->w + (size_t)(x0 + px)) *
						    p->c;

						PLAIN(pool_place)(p->c, v, y, which, py * p->k + px, begun);
						begun = true;
					}
				if (which != NULL)
					which += p->c;
			}
}

/* the gradient goes to the winner, which may be that of several windows */
static void
PLAIN(pool_backward)(const struct nn_pool *p, int n, const REAL *dy, const uint16_t *which, REAL *dx)
{
	size_t image = (size_t)p->h * p->w * p->c;

	memset(dx, 0, sizeof *dx * image * n);
	for (int i = 0; i < n; i++, dx += image)
		for (int oy = 0; oy < p->oh; oy++)
			for (int ox = 0; ox < p->ow; ox++, dy += p->c, which += p->c)
				for (int c = 0; c < p->c; c++) {
					int row = oy * p->stride - p->top + which[c] / p->k;
					int col = ox * p->stride - p->left + which[c] % p->k;

					dx[((size_t)row * p->w + (size_t)col) * p->c + c] += dy[c];
				}
}

/* y[oy][ox][c] = the mean of the window's x[..][..][c] inside the picture */
static void
PLAIN(average_forward)(const struct nn_pool *p, int n, const REAL *x, REAL *y)
{
	for (int i = 0; i < n; i++, x += (size_t)p->h * p->w * p->c)
		for (int oy = 0; oy < p->oh; oy++)
			for (int ox = 0; ox < p->ow; ox++, y += p->c) {
				int y0 = oy * p->stride - p->top, x0 = ox * p->stride - p->left;
				int py0 = PLAIN(first)(y0), py1 = PLAIN(last)(y0, p->k, p->h);
				int px0 = PLAIN(first)(x0), px1 = PLAIN(last)(x0, p->k, p->w);
				REAL share = 1 / (REAL)((py1 - py0) * (px1 - px0));

				memset(y, 0, sizeof *y * p->c);
				for (int py = py0; py < py1; py++)
					for (int px = px0; px < px1; px++) {
						const REAL *v = x + ((size_t)(y0 + py) * p->w + (size_t)(x0 + px)) *
						    p->c;

						for (int c = 0; c < p->c; c++)
							y[c] += v[c];
					}
				for (int c = 0; c < p->c; c++)
					y[c] *= share;
			}
}

/* each of a window gets the same share of its gradient */
static void
PLAIN(average_backward)(const struct nn_pool *p, int n, const REAL *dy, REAL *dx)
{
	size_t image = (size_t)p->h * p->w * p->c;

	memset(dx, 0, sizeof *dx * image * n);
	for (int i = 0; i < n; i++, dx += image)
		for (int oy = 0; oy < p->oh; oy++)
			for (int ox = 0; ox < p->ow; ox++, dy += p->c) {
				int y0 = oy * p->stride - p->top, x0 = ox * p->stride - p->left;
				int py0 = PLAIN(first)(y0), py1 = PLAIN(last)(y0, p->k, p->h);
				int px0 = PLAIN(first)(x0), px1 = PLAIN(last)(x0, p->k, p->w);
				REAL share = 1 / (REAL)((py1 - py0) * (px1 - px0));

				for (int py = py0; py < py1; py++)
					for (int px = px0; px < px1; px++) {
						REAL *v = dx + ((size_t)(y0 + py) * p->w + (size_t)(x0 + px)) * p->c;

						for (int c = 0; c < p->c; c++)
							v[c] += dy[c] * share;
					}
			}
}

/* y[c] = the mean over rows of x[r][c] */
static void
PLAIN(mean_forward)(int rows, int c, int n, const REAL *x, REAL *y)
{
	for (int i = 0; i < n; i++, x += (size_t)rows * c, y += c)
		for (int k = 0; k < c; k++) {
			double sum = 0;

			for (int r = 0; r < rows; r++)
				sum += (double)x[(size_t)r * c + k];
			y[k] = (REAL)(sum / rows);
		}
}

/* dx[r][c] = dy[c] / rows */
static void
PLAIN(mean_backward)(int rows, int c, int n, const REAL *dy, REAL *dx)
{
	for (int i = 0; i < n; i++, dy += c)
		for (int r = 0; r < rows; r++, dx += c)
			for (int k = 0; k < c; k++)
				dx[k] = dy[k] / (REAL)rows;
}

/* y = scale x + offset */
static void
PLAIN(affine)(size_t count, REAL scale, REAL offset, const REAL *x, REAL *y)
{
	for (size_t i = 0; i < count; i++)
		y[i] = scale * x[i] + offset;
}

/* Batch normalization, channel by channel: y = (x - mean) / sqrt(variance + epsilon) gamma + beta, with the mean and
 * variance of the batch or the moving ones. What the sums are of: sum += x;  square += x^2 */
static void
PLAIN(norm_sums)(const struct nn_norm *d, const REAL *x, double *restrict sum, double *restrict square)
{
	for (size_t r = 0; r < d->rows; r++, x += d->step)
		for (int c = 0; c < d->c; c++) {
			sum[c] += (double)x[c];
			square[c] += (double)x[c] * (double)x[c];
		}
}

/* y = (x - mean) a + b, with a = gamma / sqrt(variance + epsilon) and b = beta */
static void
PLAIN(norm_forward)(const struct nn_norm *d, const REAL *x, const REAL *mean, const REAL *a, const REAL *b, REAL *y)
{
	for (size_t r = 0; r < d->rows; r++, x += d->step, y += d->step)
		for (int c = 0; c < d->c; c++)
			y[c] = (x[c] - mean[c]) * a[c] + b[c];
}

/* sum += dy, the gradient by beta;  product += dy (x - mean), of which that by gamma is made */
static void
PLAIN(norm_back_sums)(const struct nn_norm *d, const REAL *x, const REAL *dy, const REAL *mean, double *restrict sum,
    double *restrict product)
{
	for (size_t r = 0; r < d->rows; r++, x += d->step, dy += d->step)
		for (int c = 0; c < d->c; c++) {
			sum[c] += (double)dy[c];
			product[c] += (double)dy[c] * ((double)x[c] - (double)mean[c]);
		}
}

/* dx = a dy + b (x - mean) + e; b and e are 0 of moving statistics. Those of a batch of m values pass a gradient on:
 * b = -a product / m / (variance + epsilon), e = -a sum / m */
static void
PLAIN(norm_backward)(const struct nn_norm *d, const REAL *x, const REAL *dy, const REAL *mean, const REAL *a,
    const REAL *b, const REAL *e, REAL *dx)
{
	for (size_t r = 0; r < d->rows; r++, x += d->step, dy += d->step, dx += d->step)
		for (int c = 0; c < d->c; c++)
			dx[c] = a[c] * dy[c] + (b[c] * (x[c] - mean[c]) + e[c]);
}

/* y = x / (1 - rate) where kept, else 0; see nn_drop_counter() */
static void
PLAIN(dropout)(const struct nn_drop *d, int first, int n, size_t size, const REAL *x, REAL *y)
{
	uint32_t threshold = nn_drop_threshold(d->rate), counter[4], word[4];
	REAL scale = nn_drop_scale(d->rate);

	for (int s = 0; s < n; s++, x += size, y += size)
		for (size_t i = 0; i < size; i += 8) {
			nn_drop_counter(counter, (uint32_t)(i / 8), (uint32_t)(first + s), d->step, d->epoch, d->layer);
			nn_philox(d->seed, counter, word);
			for (size_t j = 0; j < 8 && i + j < size; j++) {
				uint32_t half = j & 1 ? word[j / 2] >> 16 : word[j / 2] & 0xffff;

				y[i + j] = half >= threshold ? x[i + j] * scale : 0;
			}
		}
}

/* p[c] = exp(x[c]) / sum of exp(x); the largest is taken out first, so that nothing overflows */
static void
PLAIN(softmax)(int classes, int n, const REAL *x, REAL *y)
{
	for (int s = 0; s < n; s++, x += classes, y += classes) {
		REAL top = x[0];
		double sum = 0;

		for (int c = 1; c < classes; c++)
			top = x[c] > top ? x[c] : top;
		for (int c = 0; c < classes; c++)
			sum += exp((double)x[c] - (double)top);
		for (int c = 0; c < classes; c++)
			y[c] = (REAL)(exp((double)x[c] - (double)top) / sum);
	}
}

/* dx[c] = y[c] (dy[c] - sum of dy y) */
static void
PLAIN(softmax_backward)(int classes, int n, const REAL *y, const REAL *dy, REAL *dx)
{
	for (int s = 0; s < n; s++, y += classes, dy += classes, dx += classes) {
		REAL sum = PLAIN(dot)(classes, y, dy);

		for (int c = 0; c < classes; c++)
			dx[c] = y[c] * (dy[c] - sum);
	}
}

#ifndef PLAIN_TABLE
#define PLAIN_TABLE \
	.conv_forward = PLAIN(conv_forward), .conv_dx = PLAIN(conv_dx), .conv_dw = PLAIN(conv_dw), \
	.dense_forward = PLAIN(dense_forward), .dense_dx = PLAIN(dense_dx), .dense_rows = PLAIN(dense_rows), \
	.relu_forward = PLAIN(relu_forward), .relu_backward = PLAIN(relu_backward), \
	.curve_forward = PLAIN(curve_forward), .curve_backward = PLAIN(curve_backward), \
	.pool_forward = PLAIN(pool_forward), .pool_backward = PLAIN(pool_backward), \
	.average_forward = PLAIN(average_forward), .average_backward = PLAIN(average_backward), \
	.mean_forward = PLAIN(mean_forward), .mean_backward = PLAIN(mean_backward), .affine = PLAIN(affine), \
	.norm_sums = PLAIN(norm_sums), .norm_forward = PLAIN(norm_forward), \
	.norm_back_sums = PLAIN(norm_back_sums), .norm_backward = PLAIN(norm_backward), \
	.dropout = PLAIN(dropout), .softmax = PLAIN(softmax), .softmax_backward = PLAIN(softmax_backward)
#endif
