/* kernels_plain.h: the kernels as plain loops that read like the equations, for REAL float or double. Included by
 * kernels_ref.c (both) and by whoever wants them compiled for an instruction set; everything is static.
 *
 * A sum is never spread over vector lanes, but for dot(), whose sixteen partial sums are part of its definition: so the
 * bits are the same for vectors of any width.
 */
#ifndef PLAIN
#define PLAIN_PASTE2(x, real) plain_##x##_##real
#define PLAIN_PASTE(x, real) PLAIN_PASTE2(x, real)
#define PLAIN(x) PLAIN_PASTE(x, REAL)
#define PLAIN_FILTERS 16 /* whose sums are made together */
#endif

/* sum of a[i] b[i] */
static REAL
PLAIN(dot)(int n, const REAL *restrict a, const REAL *restrict b)
{
	REAL acc[16] = {0}, sum = 0;
	int i = 0;

	for (; i + 16 <= n; i += 16)
		for (int j = 0; j < 16; j++)
			acc[j] += a[i + j] * b[i + j];
	for (; i < n; i++)
		acc[i & 15] += a[i] * b[i];
	for (int width = 8; width > 0; width /= 2)
		for (int j = 0; j < width; j++)
			acc[j] += acc[j + width];
	sum = acc[0];
	return sum;
}

/* y[i] += s x[i] */
static void
PLAIN(add)(int n, REAL s, const REAL *restrict x, REAL *restrict y)
{
	for (int i = 0; i < n; i++)
		y[i] += s * x[i];
}

/* the same into a sum in double */
static inline void
PLAIN(add_double)(int n, REAL s, const REAL *restrict x, double *restrict y)
{
	if (n == PLAIN_FILTERS) { /* a number that the compiler knows */
		for (int i = 0; i < PLAIN_FILTERS; i++)
			y[i] += (double)s * (double)x[i];
		return;
	}
	for (int i = 0; i < n; i++)
		y[i] += (double)s * (double)x[i];
}

/* y[oy][ox][f] = b[f] + sum over ky, kx, c of x[oy + ky][ox + kx][c] w[ky][kx][c][f]
 * The sum is in double: max_pooling2d decides between neighbours that differ in the seventh digit, and its gradient goes to
 * the winner alone. */
static void
PLAIN(conv_forward)(const struct nn_conv *v, int n, const REAL *x, const REAL *w, const REAL *b, REAL *y)
{
	int oh = v->h - v->k + 1, ow = v->w - v->k + 1, len = v->k * v->c; /* kx and c lie behind one another */

	for (int i = 0; i < n; i++, x += (size_t)v->h * v->w * v->c)
		for (int oy = 0; oy < oh; oy++)
			for (int ox = 0; ox < ow; ox++, y += v->f)
				for (int f = 0; f < v->f; f += PLAIN_FILTERS) {
					int m = v->f - f < PLAIN_FILTERS ? v->f - f : PLAIN_FILTERS;
					double sum[PLAIN_FILTERS];

					for (int j = 0; j < m; j++)
						sum[j] = b[f + j];
					for (int ky = 0; ky < v->k; ky++) {
						const REAL *xrow = x + ((size_t)(oy + ky) * v->w + ox) * v->c;
						const REAL *wrow = w + (size_t)ky * len * v->f + f;

						for (int r = 0; r < len; r++)
							PLAIN(add_double)(m, xrow[r], wrow + (size_t)r * v->f, sum);
					}
					for (int j = 0; j < m; j++)
						y[f + j] = (REAL)sum[j];
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
				bool zero = true; /* a pool leaves most positions without a gradient */

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

/* dw[ky][kx][c][f] += sum over oy, ox of x[oy + ky][ox + kx][c] dy[oy][ox][f];  db[f] += sum of dy[oy][ox][f] */
static void
PLAIN(conv_dw)(const struct nn_conv *v, int n, const REAL *x, const REAL *dy, REAL *dw, REAL *db)
{
	int oh = v->h - v->k + 1, ow = v->w - v->k + 1;

	for (int i = 0; i < n; i++, x += (size_t)v->h * v->w * v->c)
		for (int oy = 0; oy < oh; oy++)
			for (int ox = 0; ox < ow; ox++, dy += v->f) {
				bool zero = true;

				for (int f = 0; f < v->f && zero; f++)
					zero = dy[f] == 0;
				if (zero)
					continue;
				for (int ky = 0; ky < v->k; ky++) {
					const REAL *row = x + ((size_t)(oy + ky) * v->w + ox) * v->c;
					REAL *wrow = dw + (size_t)ky * v->k * v->c * v->f;

					for (int j = 0; j < v->k * v->c; j++)
						if (row[j] != 0)
							PLAIN(add)(v->f, row[j], dy, wrow + (size_t)j * v->f);
				}
				PLAIN(add)(v->f, 1, dy, db);
			}
}

/* y[o] = b[o] + sum over i of x[i] w[i][o] */
static void
PLAIN(dense_forward)(int in, int out, int n, const REAL *x, const REAL *w, const REAL *b, REAL *y)
{
	for (int s = 0; s < n; s++)
		memcpy(y + (size_t)s * out, b, sizeof *y * out);
	for (int i = 0; i < in; i++) /* each row of w once for all images */
		for (int s = 0; s < n; s++)
			if (x[(size_t)s * in + i] != 0)
				PLAIN(add)(out, x[(size_t)s * in + i], w + (size_t)i * out, y + (size_t)s * out);
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
	memset(dw, 0, sizeof *dw * (size_t)(r1 - r0) * out);
	for (int s = 0; s < n; s++)
		for (int i = r0; i < r1; i++)
			if (x[(size_t)s * in + i] != 0)
				PLAIN(add)(out, x[(size_t)s * in + i], dy + (size_t)s * out, dw + (size_t)(i - r0) * out);
	if (db != NULL) {
		memset(db, 0, sizeof *db * out);
		for (int s = 0; s < n; s++)
			PLAIN(add)(out, 1, dy + (size_t)s * out, db);
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

/* y[oy][ox][c] = max over py, px of x[oy k + py][ox k + px][c] */
static void
PLAIN(pool_forward)(const struct nn_pool *p, int n, const REAL *x, REAL *y, uint16_t *which)
{
	int oh = p->h / p->k, ow = p->w / p->k;

	for (int i = 0; i < n; i++, x += (size_t)p->h * p->w * p->c)
		for (int oy = 0; oy < oh; oy++)
			for (int ox = 0; ox < ow; ox++, y += p->c) {
				const REAL *corner = x + ((size_t)oy * p->k * p->w + (size_t)ox * p->k) * p->c;

				memcpy(y, corner, sizeof *y * p->c);
				if (which != NULL)
					memset(which, 0, sizeof *which * p->c);
				for (int at = 1; at < p->k * p->k; at++) {
					const REAL *v = corner + ((size_t)(at / p->k) * p->w + at % p->k) * p->c;

					for (int c = 0; c < p->c; c++)
						if (v[c] > y[c]) {
							y[c] = v[c];
							if (which != NULL)
								which[c] = (uint16_t)at;
						}
				}
				if (which != NULL)
					which += p->c;
			}
}

/* the gradient goes to the winner */
static void
PLAIN(pool_backward)(const struct nn_pool *p, int n, const REAL *dy, const uint16_t *which, REAL *dx)
{
	int oh = p->h / p->k, ow = p->w / p->k;
	size_t image = (size_t)p->h * p->w * p->c;

	memset(dx, 0, sizeof *dx * image * n);
	for (int i = 0; i < n; i++, dx += image)
		for (int oy = 0; oy < oh; oy++)
			for (int ox = 0; ox < ow; ox++, dy += p->c, which += p->c)
				for (int c = 0; c < p->c; c++) {
					size_t row = (size_t)oy * p->k + which[c] / p->k, col = (size_t)ox * p->k + which[c] % p->k;

					dx[(row * p->w + col) * p->c + c] = dy[c];
				}
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

#ifndef PLAIN_TABLE
#define PLAIN_TABLE \
	.conv_forward = PLAIN(conv_forward), .conv_dx = PLAIN(conv_dx), .conv_dw = PLAIN(conv_dw), \
	.dense_forward = PLAIN(dense_forward), .dense_dx = PLAIN(dense_dx), .dense_rows = PLAIN(dense_rows), \
	.relu_forward = PLAIN(relu_forward), .relu_backward = PLAIN(relu_backward), .pool_forward = PLAIN(pool_forward), \
	.pool_backward = PLAIN(pool_backward), .dropout = PLAIN(dropout), .softmax = PLAIN(softmax)
#endif
