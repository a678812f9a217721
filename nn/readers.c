/* readers.c: two simple readers of numbers: ridge regression to the classes, and the nearest samples.
 *
 * Both need no more of the samples than their products with each other, so that beside those products the cost depends
 * on how many samples there are, not on how many numbers each has. With the samples as rows of X, their mean taken out:
 *
 *     K = X X'    (K + lambda I) D = Y, Y the one-hot classes, their mean taken out
 *     score(q) = mean of Y + sum over i of (q . x[i] - mean of row i of K) D[i]
 *     |q - x[i]|^2 = q . q - 2 q . x[i] + K[i][i], of which q . q orders nothing
 *
 * Products are made by the kernel of dense layers, PART numbers at a time, and their sums in double; all of it is in
 * double where samples have few numbers, since then lambda is small beside the roundings of a float. Which thread makes
 * which is chance, what it makes is not.
 */
#include "kernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FEW 256 /* numbers of a sample that are multiplied in double */
#define PART 128 /* numbers of a sample whose products are summed in single precision */
#define ROWS 128 /* samples that a thread multiplies at a time */
#define PANEL 256 /* samples that they are multiplied with */
#define LANES 8 /* sums of a product in double that are made together */

struct nn_readers {
	struct nn_stage stage; /* first: what a phase hands on */
	struct nn_engine *eng;
	size_t n, size;
	int classes;
	float *x; /* the samples, turned: panel by panel [size][width]; from the fit on without their mean */
	float *mean; /* [size]; 0 where all is in double */
	uint16_t *unit; /* [n] */
	double *k; /* [n][n] K; from the fit on the triangle of Cholesky in its lower half */
	double *square, *row; /* [n] diagonal of K, mean of its rows */
	double *d; /* [n][classes] */
	double *base; /* [classes] mean of Y */
	double *score; /* [classes] of the sample that is read */
	double lambda;
	float *zero; /* [PANEL] */
	float *scratch; /* [threads] of what a thread needs */
	size_t each; /* floats of it */
	/* what is multiplied now: samples of others, [count][size], or the own ones from `first` on */
	const float *q;
	size_t first, count, panels;
	double *product; /* [count][n] */
	double *read; /* [NN_EVAL_BATCH][n] room for those of others */
};

void
nn_readers_free(struct nn_readers *r)
{
	if (r == NULL)
		return;
	free(r->x);
	free(r->mean);
	free(r->unit);
	free(r->base);
	free(r->score);
	free(r->k);
	free(r->square);
	free(r->row);
	free(r->d);
	free(r->zero);
	free(r->scratch);
	free(r->read);
	free(r);
}

struct nn_readers *
nn_readers_new(struct nn_engine *eng, size_t n, size_t size, int classes, struct nn_err *err)
{
	struct nn_readers *r = calloc(1, sizeof *r);

	if (n < 2 || n > NN_READERS_MAX || size == 0 || size > INT32_MAX || classes < 2 ||
	    classes > NN_CLASSES_MAX) {
		nn_fail(err, "%zu samples of %zu numbers in %d classes; choose 2 to %d samples and classes", n, size,
		    classes, NN_READERS_MAX);
		free(r);
		return NULL;
	}
	if (r != NULL) {
		*r = (struct nn_readers){.eng = eng, .n = n, .size = size, .classes = classes,
		    .each = ROWS * (FEW + PANEL), .x = nn_alloc(sizeof(float) * size * n),
		    .mean = nn_zalloc(sizeof(float) * size), .unit = nn_zalloc(sizeof(uint16_t) * n),
		    .base = nn_zalloc(sizeof(double) * (size_t)classes),
		    .score = nn_zalloc(sizeof(double) * (size_t)classes),
		    .k = nn_alloc(sizeof(double) * n * n), .square = nn_alloc(sizeof(double) * n),
		    .row = nn_alloc(sizeof(double) * n), .d = nn_alloc(sizeof(double) * n * (size_t)classes),
		    .zero = nn_zalloc(sizeof(float) * PANEL), .read = nn_alloc(sizeof(double) * NN_EVAL_BATCH * n)};
		r->scratch = nn_alloc(sizeof(float) * r->each * (size_t)eng->threads);
		if (r->x != NULL && r->mean != NULL && r->unit != NULL && r->base != NULL &&
		    r->score != NULL && r->k != NULL && r->square != NULL &&
		    r->row != NULL && r->d != NULL && r->zero != NULL && r->read != NULL && r->scratch != NULL)
			return r;
	}
	nn_readers_free(r);
	nn_lacks(err, NN_LACK_MEMORY, "not enough memory for %zu samples of %zu numbers; choose fewer samples",
	    n, size);
	return NULL;
}

static size_t
width_of(const struct nn_readers *r, size_t panel)
{
	return r->n - panel * PANEL < PANEL ? r->n - panel * PANEL : PANEL;
}

/* The number j of sample i; the next one of it lies a width further. */
static float *
at(const struct nn_readers *r, size_t i, size_t j)
{
	return r->x + i / PANEL * PANEL * r->size + j * width_of(r, i / PANEL) + i % PANEL;
}

void
nn_readers_put(struct nn_readers *r, size_t first, size_t count, const float *x, const uint16_t *unit)
{
	for (size_t i = 0; i < count; i++)
		r->unit[first + i] = unit[i];
	for (size_t from = 0; from < r->size; from += 64) /* so that lines of r->x are filled while they are near */
		for (size_t j = from; j < r->size && j < from + 64; j++)
			for (size_t i = 0; i < count; i++)
				*at(r, first + i, j) = x[i * r->size + j];
}

/* ---- products ---- */

/* Rows of what is multiplied, without the mean: `many` from `row` on, and of each `len` numbers from j on. */
static void
gather(const struct nn_readers *r, size_t row, int many, size_t j, int len, float *to)
{
	for (int p = 0; p < many; p++, row++, to += len) {
		const float *q = r->q != NULL ? r->q + row * r->size + j : at(r, r->first + row, j);
		size_t step = width_of(r, (r->first + row) / PANEL);

		if (r->q != NULL)
			for (int i = 0; i < len; i++)
				to[i] = q[i] - r->mean[j + (size_t)i];
		else
			for (int i = 0; i < len; i++)
				to[i] = q[(size_t)i * step];
	}
}

/* All in double: sum[p][i] += q[p] . x[i] */
static void
multiply_few(const struct nn_readers *r, int many, int width, const float *q, const float *x, double *sum)
{
	for (int p = 0; p < many; p++, sum += r->n)
		for (size_t j = 0; j < r->size; j++) {
			double v = (double)*q++;

			for (int i = 0; i < width; i++)
				sum[i] += v * (double)x[j * (size_t)width + (size_t)i];
		}
}

/* ROWS of what is multiplied, with a panel. */
static void
multiply_rows(struct nn_stage *st, const struct nn_step *step, int item, int thread)
{
	struct nn_readers *r = (struct nn_readers *)st;
	size_t row = (size_t)item / r->panels * ROWS, column = (size_t)item % r->panels * PANEL;
	int many = r->count - row < ROWS ? (int)(r->count - row) : ROWS;
	int width = (int)width_of(r, column / PANEL);
	float *q = r->scratch + r->each * (size_t)thread, *y = q + ROWS * FEW;
	double *sum = r->product + row * r->n + column;

	for (int p = 0; p < many; p++)
		memset(sum + (size_t)p * r->n, 0, sizeof *sum * (size_t)width);
	if (r->size <= FEW) {
		gather(r, row, many, 0, (int)r->size, q);
		multiply_few(r, many, width, q, at(r, column, 0), sum);
		return;
	}
	for (size_t j = 0; j < r->size; j += PART) {
		int len = r->size - j < PART ? (int)(r->size - j) : PART;

		gather(r, row, many, j, len, q);
		r->eng->kernels->dense_forward(len, width, many, q, at(r, column, j), r->zero, y);
		for (int p = 0; p < many; p++)
			for (int i = 0; i < width; i++)
				sum[(size_t)p * r->n + (size_t)i] += (double)y[p * width + i];
	}
}

/* With the first samples, up to `columns`. */
static void
multiply(struct nn_readers *r, const float *q, size_t first, size_t count, size_t columns, double *product)
{
	struct nn_phase phase = {.work = multiply_rows, .stage = &r->stage};
	struct nn_step step = {0};

	r->q = q;
	r->first = first;
	r->count = count;
	r->panels = (columns + PANEL - 1) / PANEL;
	r->product = product;
	phase.count = (int)(r->panels * ((count + ROWS - 1) / ROWS));
	nn_par_run(r->eng->par, &phase, 1, &step, 0);
}

/* ---- the fit ---- */

static void
take_mean_out(struct nn_readers *r)
{
	for (size_t j = 0; j < r->size && r->size > FEW; j++) {
		double sum = 0;

		for (size_t i = 0; i < r->n; i++)
			sum += (double)*at(r, i, j);
		r->mean[j] = (float)(sum / (double)r->n);
		for (size_t i = 0; i < r->n; i++)
			*at(r, i, j) -= r->mean[j];
	}
}

/* The lower half, the upper after its likeness. */
static int
square(struct nn_readers *r)
{
	for (size_t first = 0; first < r->n; first += PANEL) {
		size_t count = width_of(r, first / PANEL);

		if (nn_engine_stopped(r->eng))
			return NN_STOPPED;
		multiply(r, NULL, first, count, first + count, r->k + first * r->n);
	}
	for (size_t i = 0; i < r->n; i++)
		for (size_t j = i + 1; j < r->n; j++)
			r->k[i * r->n + j] = r->k[j * r->n + i];
	return 0;
}

/* What the rounding of the mean has left in K, which need not be small beside what the samples differ by. Returns the
 * trace. */
static double
center(struct nn_readers *r)
{
	double all = 0, trace = 0;

	for (size_t i = 0; i < r->n; i++) {
		double sum = 0;

		for (size_t j = 0; j < r->n; j++)
			sum += r->k[i * r->n + j];
		r->row[i] = sum / (double)r->n;
		all += r->row[i];
		r->square[i] = r->k[i * r->n + i];
	}
	all /= (double)r->n;
	for (size_t i = 0; i < r->n; i++) {
		for (size_t j = 0; j < r->n; j++)
			r->k[i * r->n + j] += all - r->row[i] - r->row[j];
		trace += r->k[i * r->n + i];
	}
	return trace;
}

static double
dot(const double *a, const double *b, size_t n)
{
	double sum[LANES] = {0}, all = 0;
	size_t i = 0;

	for (; i + LANES <= n; i += LANES)
		for (int j = 0; j < LANES; j++)
			sum[j] += a[i + (size_t)j] * b[i + (size_t)j];
	for (; i < n; i++)
		sum[0] += a[i] * b[i];
	for (int j = 0; j < LANES; j++)
		all += sum[j];
	return all;
}

/* K + lambda I = L L', L in the lower half. NN_STOPPED; -1: it has no such triangle. */
static int
cholesky(struct nn_readers *r)
{
	for (size_t i = 0; i < r->n; i++) {
		double *l = r->k + i * r->n, rest;

		if (i % 128 == 127 && nn_engine_stopped(r->eng))
			return NN_STOPPED;
		for (size_t j = 0; j < i; j++)
			l[j] = (l[j] - dot(l, r->k + j * r->n, j)) / r->k[j * r->n + j];
		rest = l[i] + r->lambda - dot(l, l, i);
		if (!(rest > 0) || !isfinite(rest))
			return -1;
		l[i] = sqrt(rest);
	}
	return 0;
}

/* L L' D = Y */
static void
solve(struct nn_readers *r)
{
	size_t c = (size_t)r->classes;

	for (size_t i = 0; i < r->n; i++)
		for (size_t k = 0; k < c; k++) {
			double sum = (r->unit[i] == k) - r->base[k];

			for (size_t j = 0; j < i; j++)
				sum -= r->k[i * r->n + j] * r->d[j * c + k];
			r->d[i * c + k] = sum / r->k[i * r->n + i];
		}
	for (size_t i = r->n; i-- > 0;)
		for (size_t k = 0; k < c; k++) {
			r->d[i * c + k] /= r->k[i * r->n + i];
			for (size_t j = 0; j < i; j++)
				r->d[j * c + k] -= r->k[i * r->n + j] * r->d[i * c + k];
		}
}

int
nn_readers_fit(struct nn_readers *r, double ridge, struct nn_err *err)
{
	double trace;
	int rc;

	take_mean_out(r);
	if ((rc = square(r)) != 0)
		return rc;
	trace = center(r);
	r->lambda = trace > 0 ? ridge * trace / (double)r->n : 1; /* all alike: nothing to weigh */
	for (size_t i = 0; i < r->n; i++)
		r->base[r->unit[i]] += 1 / (double)r->n;
	rc = cholesky(r);
	if (rc == 0)
		solve(r);
	return rc < 0 ? nn_fail(err, "the numbers are too large to be squared and summed; train with a lower lr") :
	    rc;
}

double
nn_readers_lambda(const struct nn_readers *r)
{
	return r->lambda;
}

/* ---- reading ---- */

static int
best(const double *v, int n)
{
	int b = 0;

	for (int i = 1; i < n; i++)
		b = v[i] > v[b] ? i : b;
	return b;
}

static void
score(const struct nn_readers *r, const double *k, double *s)
{
	for (int c = 0; c < r->classes; c++)
		s[c] = r->base[c];
	for (size_t i = 0; i < r->n; i++)
		for (int c = 0; c < r->classes; c++)
			s[c] += (k[i] - r->row[i]) * r->d[i * (size_t)r->classes + (size_t)c];
}

/* The class that most of the `near` nearest have, the first of equals; of samples as near, the first ones count. */
static int
nearest(const struct nn_readers *r, const double *k, int near)
{
	double far[NN_NEAR_MAX];
	size_t who[NN_NEAR_MAX];
	int n = 0, most = 0, class = 0;

	for (size_t i = 0; i < r->n; i++) {
		double distance = r->square[i] - 2 * k[i];
		int at = n;

		if (n == near && !(distance < far[n - 1]))
			continue;
		at = n < near ? n++ : n - 1;
		for (; at > 0 && distance < far[at - 1]; at--) {
			far[at] = far[at - 1];
			who[at] = who[at - 1];
		}
		far[at] = distance;
		who[at] = i;
	}
	for (int i = 0; i < n; i++) {
		int unit = r->unit[who[i]], votes = 0;

		for (int j = 0; j < n; j++)
			votes += r->unit[who[j]] == unit;
		if (votes > most || (votes == most && unit < class)) {
			most = votes;
			class = unit;
		}
	}
	return class;
}

void
nn_readers_read(struct nn_readers *r, size_t count, const float *x, int near, struct nn_reading *to,
    double *scores)
{
	multiply(r, x, 0, count, r->n, r->read);
	for (size_t i = 0; i < count; i++) {
		double *s = scores != NULL ? scores + i * (size_t)r->classes : r->score;

		score(r, r->read + i * r->n, s);
		to[i].linear = (uint16_t)best(s, r->classes);
		to[i].near = (uint16_t)nearest(r, r->read + i * r->n, near < NN_NEAR_MAX ? near : NN_NEAR_MAX);
	}
}
