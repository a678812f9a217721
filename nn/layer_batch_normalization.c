/* layer_batch_normalization.c: each channel with the mean and variance of the batch taken out, times gamma, plus beta.
 *
 * Frozen, or where nothing is trained, it runs by its moving statistics, as in Keras: these follow the batches' by
 * `momentum` while the layer trains, and no optimizer moves them. A pass that takes moments has all images of the
 * batch: the gradient check's. In training stage_norm.c makes the sums over all chunks.
 */
#include "norm.h"

#include <math.h>

enum { GAMMA, BETA, MEAN, VARIANCE };

union reals {
	float f[NORM_BLOCK];
	double d[NORM_BLOCK];
};

/* ---- blocks of channels ---- */

static int
channels(const struct nn_layer *l)
{
	return l->in.dim[l->in.rank - 1];
}

int
nn_norm_blocks(const struct nn_layer *l)
{
	return (channels(l) + NORM_BLOCK - 1) / NORM_BLOCK;
}

struct nn_norm_block
nn_norm_block(const struct nn_layer *l, int i, int images)
{
	int c = channels(l), first = i * NORM_BLOCK;

	return (struct nn_norm_block){first, {c - first < NORM_BLOCK ? c - first : NORM_BLOCK, (size_t)c,
	    nn_shape_size(l->in) / (size_t)c * (size_t)images}};
}

static void
put(const struct nn_pass *p, union reals *to, int i, double v)
{
	if (p->kd != NULL)
		to->d[i] = v;
	else
		to->f[i] = (float)v;
}

static double
get(const struct nn_pass *p, const void *array, int i)
{
	return p->kd != NULL ? ((const double *)array)[i] : (double)((const float *)array)[i];
}

static void *
at(const struct nn_pass *p, const void *array, int i)
{
	return p->kd != NULL ? (void *)((const double *)array + i) : (void *)((const float *)array + i);
}

void
nn_norm_moments(double sum, double square, double m, double *mean, double *variance)
{
	*mean = sum / m;
	*variance = square / m - *mean * *mean;
	if (*variance < 0)
		*variance = 0;
}

void
nn_norm_add(const struct nn_pass *p, const struct nn_norm_block *b, double *sum, double *square)
{
	NN_KERNEL(p, norm_sums, &b->d, at(p, p->x, b->first), sum, square);
}

void
nn_norm_add_back(const struct nn_pass *p, const struct nn_norm_block *b, const double *mean, double *sum,
    double *product)
{
	union reals m;

	for (int c = 0; c < b->d.c; c++)
		put(p, &m, c, mean[c]);
	NN_KERNEL(p, norm_back_sums, &b->d, at(p, p->x, b->first), at(p, p->dy, b->first), (void *)&m, sum, product);
}

void
nn_norm_apply(const struct nn_pass *p, const struct nn_norm_block *b, const double *mean, const double *variance)
{
	union reals m, factor, shift;

	for (int c = 0; c < b->d.c; c++) {
		put(p, &m, c, mean[c]);
		put(p, &factor, c, get(p, p->w[GAMMA], b->first + c) / sqrt(variance[c] + p->layer->spec.epsilon));
		put(p, &shift, c, get(p, p->w[BETA], b->first + c));
	}
	NN_KERNEL(p, norm_forward, &b->d, at(p, p->x, b->first), (void *)&m, (void *)&factor, (void *)&shift,
	    at(p, p->y, b->first));
}

void
nn_norm_back(const struct nn_pass *p, const struct nn_norm_block *b, const double *mean, const double *variance,
    const double *sum, const double *product, double m)
{
	union reals middle, a, through, e;

	for (int c = 0; c < b->d.c; c++) {
		double v = variance[c] + p->layer->spec.epsilon;
		double factor = get(p, p->w[GAMMA], b->first + c) / sqrt(v);

		put(p, &middle, c, mean[c]);
		put(p, &a, c, factor);
		put(p, &through, c, m > 0 ? -factor * product[c] / m / v : 0);
		put(p, &e, c, m > 0 ? -factor * sum[c] / m : 0);
	}
	NN_KERNEL(p, norm_backward, &b->d, at(p, p->x, b->first), at(p, p->dy, b->first), (void *)&middle, (void *)&a,
	    (void *)&through, (void *)&e, at(p, p->dx, b->first));
}

/* ---- the layer ---- */

static int
shape(struct nn_layer *l, struct nn_err *err)
{
	static const char *const names[] = {"gamma", "beta", "moving_mean", "moving_variance"};
	int c = channels(l);

	if (!(l->spec.momentum >= 0 && l->spec.momentum <= 1))
		return nn_fail(err, "momentum %g; choose 0 to 1", l->spec.momentum);
	if (!(l->spec.epsilon > 0 && l->spec.epsilon <= 1))
		return nn_fail(err, "epsilon %g; choose more than 0 and at most 1", l->spec.epsilon);
	l->out = l->in;
	l->ntensors = 4;
	for (int t = 0; t < 4; t++) {
		l->tensor[t] = (struct nn_tensor){.rank = 1, .dim = {c}};
		for (int i = 0; names[t][i] != '\0'; i++)
			l->tensor[t].name[i] = names[t][i];
	}
	l->learn = 2 * (size_t)c;
	return 0;
}

static void
init(const struct nn_layer *l, float *w)
{
	for (size_t i = 0, c = (size_t)channels(l); i < 4 * c; i++)
		w[i] = i / c == GAMMA || i / c == VARIANCE ? 1 : 0;
}

/* Of these images, or the moving ones. */
static void
moments(const struct nn_pass *p, const struct nn_norm_block *b, double *mean, double *variance)
{
	double sum[NORM_BLOCK] = {0}, square[NORM_BLOCK] = {0};

	if (p->moments)
		nn_norm_add(p, b, sum, square);
	for (int c = 0; c < b->d.c; c++)
		if (p->moments)
			nn_norm_moments(sum[c], square[c], (double)b->d.rows, &mean[c], &variance[c]);
		else {
			mean[c] = get(p, p->w[MEAN], b->first + c);
			variance[c] = get(p, p->w[VARIANCE], b->first + c);
		}
}

static void
forward(const struct nn_pass *p)
{
	for (int i = 0; i < nn_norm_blocks(p->layer); i++) {
		struct nn_norm_block b = nn_norm_block(p->layer, i, p->n);
		double mean[NORM_BLOCK], variance[NORM_BLOCK];

		moments(p, &b, mean, variance);
		nn_norm_apply(p, &b, mean, variance);
	}
}

static void
add_gradient(const struct nn_pass *p, const struct nn_norm_block *b, int tensor, int c, double v)
{
	if (p->kd != NULL)
		((double *)p->dw[tensor])[b->first + c] += v;
	else
		((float *)p->dw[tensor])[b->first + c] += (float)v;
}

static void
backward(const struct nn_pass *p)
{
	for (int i = 0; i < nn_norm_blocks(p->layer); i++) {
		struct nn_norm_block b = nn_norm_block(p->layer, i, p->n);
		double mean[NORM_BLOCK], variance[NORM_BLOCK], sum[NORM_BLOCK] = {0}, product[NORM_BLOCK] = {0};

		moments(p, &b, mean, variance);
		nn_norm_add_back(p, &b, mean, sum, product);
		for (int c = 0; p->dw[GAMMA] != NULL && c < b.d.c; c++) {
			add_gradient(p, &b, GAMMA, c, product[c] / sqrt(variance[c] + p->layer->spec.epsilon));
			add_gradient(p, &b, BETA, c, sum[c]);
		}
		if (p->dx != NULL)
			nn_norm_back(p, &b, mean, variance, sum, product, p->moments ? (double)b.d.rows : 0);
	}
}

static const struct nn_attr attr[] = {
	{"momentum", NN_ATTR_REAL, offsetof(struct nn_layer_spec, momentum), 0.99, NULL, "momentum"},
	{"epsilon", NN_ATTR_REAL, offsetof(struct nn_layer_spec, epsilon), 1e-3, NULL, "epsilon"},
	{NULL},
};

const struct nn_layer_kind nn_layer_batch_normalization = {
	.name = "batch_normalization",
	.keras_class = "BatchNormalization",
	.initializer = "ones",
	.attr = attr,
	.shape = shape,
	.init = init,
	.forward = forward,
	.backward = backward,
};
