/* gradcheck.c: analytic gradients against central differences (f(x + h) - f(x - h)) / 2h, in double precision with the
 * plain kernels. Where h moves an argmax or a ReLU over its edge the quotient says nothing, so that a probe whose two
 * one-sided differences disagree is left out.
 */
#include "walk.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STEP 1e-5 /* h */
#define PROBES 48 /* of one array at most */
#define FLOOR 1e-4 /* gradients below are compared absolutely */
#define KINK 1e-3 /* of one-sided differences */

/* ---- probing ---- */

struct check {
	struct nn_walk walk;
	uint64_t seed;
	double (*value)(const struct check *c); /* of the outputs: what the gradient is of */
	int unit; /* of a score */
	enum nn_score score;
	double worst;
};

static double
uniform(uint64_t seed, uint32_t what, uint32_t i)
{
	uint32_t counter[4] = {i, what, 0, (uint32_t)NN_RNG_CHECK << 28}, word[4];

	nn_philox(seed, counter, word);
	return word[0] / 4294967296.0;
}

/* The value when the layers from `first` on have run. */
static double
value(struct check *c, int first)
{
	nn_walk_forward(&c->walk, first);
	return c->value(c);
}

/* Probes x[0..count-1], which the layers from `first` on read and whose gradient is g; what numbers the array. Returns
 * how many probes said something. */
static size_t
probe(struct check *c, int first, double *x, const double *g, size_t count, uint32_t what)
{
	size_t probes = count < PROBES ? count : PROBES, taken = 0;

	for (size_t k = 0; k < probes; k++) {
		size_t i = count <= PROBES ? k : (size_t)(uniform(c->seed, what, (uint32_t)k) * (double)count);
		double kept = x[i], at, up, down, numeric, size;

		at = value(c, first);
		x[i] = kept + STEP;
		up = value(c, first);
		x[i] = kept - STEP;
		down = value(c, first);
		x[i] = kept;
		numeric = (up - down) / (2 * STEP);
		size = fmax(fmax(fabs(numeric), fabs(g[i])), FLOOR);
		if (fabs((up - at) - (at - down)) / STEP > KINK * size)
			continue;
		c->worst = fmax(c->worst, fabs(numeric - g[i]) / size);
		taken++;
	}
	value(c, first); /* as it was */
	return taken;
}

/* A net whose weights nobody changes meanwhile, as doubles. */
static int
begin(struct check *c, const struct nn_net *net, bool grad)
{
	struct nn_walk *w = &c->walk;
	double *weights;

	if ((w->net = nn_net_clone(net)) == NULL) /* its block is up to date, also of a net whose run goes on */
		return -1;
	w->kd = &nn_kernels_reference_double;
	w->wild = net->n;
	w->weights = weights = malloc(sizeof *weights * net->params + 1);
	w->grad = grad ? malloc(sizeof(double) * net->params + 1) : NULL;
	if (weights == NULL || (grad && w->grad == NULL) || nn_walk_make(w) < 0)
		return -1;
	for (size_t i = 0; i < net->params; i++)
		weights[i] = (double)w->net->weights[i];
	return 0;
}

static void
end(struct check *c)
{
	if (c->walk.net == NULL)
		return;
	nn_walk_free(&c->walk);
	free((void *)c->walk.weights);
	free(c->walk.grad);
	nn_net_free((struct nn_net *)c->walk.net);
}

static int
verdict(int status, struct nn_err *err)
{
	if (status == 0)
		return 0;
	if (status < 0)
		return nn_lacks(err, NN_LACK_MEMORY, "gradient check: out of memory; build a smaller model");
	return nn_fail(err, "gradient check: an array has no place where the function is smooth; choose another seed");
}

/* ---- of the loss ---- */

static int
target(const struct check *c, int image)
{
	return image % nn_net_classes(c->walk.net);
}

/* What the layers' l2 adds to the loss; with its gradient, where wanted. */
static double
penalty(const struct check *c, bool grad)
{
	const double *w = c->walk.weights;
	double *g = c->walk.grad, sum = 0;

	for (int i = 0; i < c->walk.net->n; i++) {
		const struct nn_layer *l = &c->walk.net->layer[i];
		const struct nn_tensor *t = &l->tensor[0];

		for (size_t k = t->offset; l->spec.l2 > 0 && l->trainable && k < t->offset + t->count; k++) {
			sum += l->spec.l2 * w[k] * w[k];
			if (grad)
				g[k] += 2 * l->spec.l2 * w[k];
		}
	}
	return sum;
}

/* Mean loss over the pictures. */
static double
loss(const struct check *c)
{
	const struct nn_net *net = c->walk.net;
	const double *p = c->walk.act[net->n];
	double sum = 0;

	for (int i = 0; i < c->walk.n; i++)
		sum -= log(p[i * nn_net_classes(net) + target(c, i)]);
	return sum / c->walk.n + penalty(c, false);
}

static void
loss_backward(struct check *c)
{
	const struct nn_net *net = c->walk.net;
	int classes = nn_net_classes(net);
	const double *p = c->walk.act[net->n];
	double *g = c->walk.diff[net->n - 1];

	for (int i = 0; i < c->walk.n * classes; i++)
		g[i] = (p[i] - (i % classes == target(c, i / classes))) / c->walk.n;
	nn_walk_backward(&c->walk);
	penalty(c, true);
}

/* Dropout is on, with a mask that stays the same. */
int
nn_gradcheck(const struct nn_net *net, int n, uint64_t seed, double *worst, struct nn_err *err)
{
	struct nn_step step = {.seed = seed, .count = n};
	struct check c = {.walk = {.step = &step, .n = n, .train = true}, .seed = seed, .value = loss};
	size_t in = nn_shape_size(net->in) * (size_t)(n > 0 ? n : 0);
	int status = -1;

	*worst = 0;
	if (n < 1 || n > NN_CHUNK)
		return nn_fail(err, "gradient check: %d pictures; choose 1 to %d", n, NN_CHUNK);
	if (begin(&c, net, true) == 0) {
		double *x = c.walk.act[0], *w = (double *)c.walk.weights, *g = c.walk.grad;

		for (size_t i = 0; i < in; i++)
			x[i] = uniform(seed, 0, (uint32_t)i);
		value(&c, 0);
		loss_backward(&c);
		status = probe(&c, 0, x, c.walk.diff[0], in, 1) > 0 ? 0 : 1;
		for (int i = 0; i < net->n; i++)
			for (int k = 0; k < net->layer[i].ntensors; k++) {
				const struct nn_tensor *t = &net->layer[i].tensor[k];

				if (t->offset >= net->layer[i].offset + net->layer[i].learn)
					continue; /* a moving statistic has no gradient */
				if (probe(&c, i, w + t->offset, g + t->offset, t->count,
				    (uint32_t)(2 + NN_TENSORS_MAX * i + k)) == 0)
					status = 1;
			}
	}
	*worst = c.worst;
	end(&c);
	return verdict(status, err);
}

/* ---- of a score ---- */

static double
score(const struct check *c)
{
	const struct nn_net *net = c->walk.net;
	const double *y = c->walk.act[c->score == NN_LOGIT ? net->n - 1 : net->n];
	double sum = 0;

	for (int i = 0; i < c->walk.n; i++)
		sum += y[i * nn_net_classes(net) + c->unit];
	return sum;
}

int
nn_sensitivity_check(const struct nn_net *net, int n, int unit, enum nn_score of, uint64_t seed, double *worst,
    struct nn_err *err)
{
	struct check c = {.walk = {.n = n}, .seed = seed, .value = score, .unit = unit, .score = of};
	size_t in = nn_shape_size(net->in) * (size_t)(n > 0 ? n : 0);
	int status = -1;

	*worst = 0;
	if (n < 1 || n > NN_CHUNK)
		return nn_fail(err, "gradient check: %d pictures; choose 1 to %d", n, NN_CHUNK);
	if (unit < 0 || unit >= nn_net_classes(net))
		return nn_fail(err, "unit %d does not exist; the model has %d", unit, nn_net_classes(net));
	if (begin(&c, net, false) == 0) {
		for (size_t i = 0; i < in; i++)
			((double *)c.walk.act[0])[i] = uniform(seed, 0, (uint32_t)i);
		value(&c, 0);
		nn_walk_score(&c.walk, unit, of);
		nn_walk_backward(&c.walk);
		status = 0;
		for (int i = 0; i < net->n; i++)
			if (probe(&c, i, c.walk.act[i], c.walk.diff[i], nn_shape_size(net->layer[i].in) * (size_t)n,
			    1 + (uint32_t)i) == 0)
				status = 1;
	}
	*worst = c.worst;
	end(&c);
	return verdict(status, err);
}
