/* gradcheck.c: analytic gradients against central differences (f(x + h) - f(x - h)) / 2h, in double precision with the
 * plain kernels. Dropout is on, with a mask that stays the same. Where h moves an argmax or a ReLU over its edge the
 * quotient says nothing, so that a probe whose two one-sided differences disagree is left out.
 */
#include "kernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STEP 1e-5 /* h */
#define PROBES 48 /* of one array at most */
#define FLOOR 1e-4 /* gradients below are compared absolutely */
#define KINK 1e-3 /* of one-sided differences */

struct check {
	const struct nn_net *net;
	struct nn_step step;
	int n;
	double *weights, *grad; /* [params] */
	double *act[NN_LAYERS_MAX + 1]; /* [n][size]; act[0] is the input */
	double *diff[NN_LAYERS_MAX + 1]; /* gradients by act */
	void *aux[NN_LAYERS_MAX];
	int *target;
};

static double
uniform(uint64_t seed, uint32_t what, uint32_t i)
{
	uint32_t counter[4] = {i, what, 0, (uint32_t)NN_RNG_CHECK << 28}, word[4];

	nn_philox(seed, counter, word);
	return word[0] / 4294967296.0;
}

static struct nn_pass
pass(struct check *c, int i)
{
	const struct nn_layer *l = &c->net->layer[i];
	struct nn_pass p = {
		.kd = &nn_kernels_reference_double, .step = &c->step, .layer = l, .index = i, .n = c->n, .train = true,
		    .rate = l->rate,
		.x = c->act[i], .y = c->act[i + 1], .aux = c->aux[i], .dy = c->diff[i + 1], .dx = c->diff[i],
	};

	for (int k = 0; k < l->ntensors; k++) {
		p.w[k] = c->weights + l->tensor[k].offset;
		p.dw[k] = c->grad + l->tensor[k].offset;
	}
	return p;
}

static bool
alias(const struct nn_layer *l)
{
	return l->kind->alias != NULL && l->kind->alias(l, true, l->rate);
}

/* Mean loss over the pictures. */
static double
forward(struct check *c)
{
	int last = c->net->n - 1, classes = nn_net_classes(c->net);
	double loss = 0;

	for (int i = 0; i <= last; i++) {
		struct nn_pass p = pass(c, i);

		if (alias(p.layer))
			memcpy(c->act[i + 1], c->act[i], sizeof(double) * c->n * nn_shape_size(p.layer->out));
		else
			p.layer->kind->forward(&p);
	}
	for (int i = 0; i < c->n; i++)
		loss -= log(c->act[last + 1][(size_t)i * classes + c->target[i]]);
	return loss / c->n;
}

static void
backward(struct check *c)
{
	int last = c->net->n - 1, classes = nn_net_classes(c->net);

	memset(c->grad, 0, sizeof(double) * c->net->params);
	for (int i = 0; i < c->n; i++)
		for (int k = 0; k < classes; k++) {
			size_t at = (size_t)i * classes + k;

			c->diff[last][at] = (c->act[last + 1][at] - (k == c->target[i])) / c->n;
		}
	for (int i = last - 1; i >= 0; i--) {
		struct nn_pass p = pass(c, i);

		if (alias(p.layer)) {
			memcpy(c->diff[i], c->diff[i + 1], sizeof(double) * c->n * nn_shape_size(p.layer->out));
			continue;
		}
		p.layer->kind->backward(&p);
		if (p.layer->kind->rows != NULL)
			p.layer->kind->rows(&p, 0, p.layer->tensor[0].dim[0]);
	}
}

/* Probes x[0..count-1], whose gradient is g; what numbers the array. Returns how many probes said something. */
static size_t
probe(struct check *c, double *x, const double *g, size_t count, uint64_t seed, uint32_t what, double *worst)
{
	size_t probes = count < PROBES ? count : PROBES, taken = 0;

	for (size_t k = 0; k < probes; k++) {
		size_t i = count <= PROBES ? k : (size_t)(uniform(seed, what, (uint32_t)k) * (double)count);
		double kept = x[i], at, up, down, numeric, size;

		at = forward(c);
		x[i] = kept + STEP;
		up = forward(c);
		x[i] = kept - STEP;
		down = forward(c);
		x[i] = kept;
		numeric = (up - down) / (2 * STEP);
		size = fmax(fmax(fabs(numeric), fabs(g[i])), FLOOR);
		if (fabs((up - at) - (at - down)) / STEP > KINK * size)
			continue;
		*worst = fmax(*worst, fabs(numeric - g[i]) / size);
		taken++;
	}
	return taken;
}

int
nn_gradcheck(const struct nn_net *net, int n, uint64_t seed, double *worst, struct nn_err *err)
{
	struct check c = {.net = net, .n = n, .step = {.seed = seed, .count = n}};
	size_t in = nn_shape_size(net->in);
	double *input_grad = NULL;
	struct nn_net *copy;
	int status = -1;

	*worst = 0;
	if (n < 1 || n > NN_CHUNK)
		return nn_fail(err, "gradient check: %d pictures; choose 1 to %d", n, NN_CHUNK);
	if ((copy = nn_net_clone(net)) == NULL) /* its block is up to date, also of a net whose run goes on */
		return nn_fail(err, "gradient check: out of memory; build a smaller model");
	c.net = net = copy;
	c.weights = malloc(sizeof(double) * net->params);
	c.grad = malloc(sizeof(double) * net->params);
	c.target = malloc(sizeof(int) * n);
	c.act[0] = malloc(sizeof(double) * n * in);
	c.diff[0] = malloc(sizeof(double) * n * in);
	input_grad = malloc(sizeof(double) * n * in);
	if (c.weights == NULL || c.grad == NULL || c.target == NULL || c.act[0] == NULL || c.diff[0] == NULL ||
	    input_grad == NULL)
		goto out;
	for (int i = 0; i < net->n; i++) {
		size_t size = nn_shape_size(net->layer[i].out) * n;
		size_t aux = net->layer[i].kind->aux_size == NULL ? 0 :
		    net->layer[i].kind->aux_size(&net->layer[i]) * n;

		c.act[i + 1] = malloc(sizeof(double) * size);
		c.diff[i + 1] = malloc(sizeof(double) * size);
		c.aux[i] = aux > 0 ? malloc(aux) : NULL;
		if (c.act[i + 1] == NULL || c.diff[i + 1] == NULL || (aux > 0 && c.aux[i] == NULL))
			goto out;
	}
	for (size_t i = 0; i < net->params; i++)
		c.weights[i] = (double)net->weights[i];
	for (size_t i = 0; i < n * in; i++)
		c.act[0][i] = uniform(seed, 0, (uint32_t)i);
	for (int i = 0; i < n; i++)
		c.target[i] = i % nn_net_classes(net);

	forward(&c);
	backward(&c);
	memcpy(input_grad, c.diff[0], sizeof(double) * n * in);
	status = probe(&c, c.act[0], input_grad, n * in, seed, 1, worst) > 0 ? 0 : 1;
	for (int i = 0; i < net->n; i++)
		for (int k = 0; k < net->layer[i].ntensors; k++) {
			const struct nn_tensor *t = &net->layer[i].tensor[k];

			if (probe(&c, c.weights + t->offset, c.grad + t->offset, t->count, seed,
			    (uint32_t)(2 + NN_TENSORS_MAX * i + k), worst) == 0)
				status = 1;
		}
out:
	if (status != 0)
		status = nn_fail(err, status < 0 ? "gradient check: out of memory; build a smaller model"
		    : "gradient check: an array has no place where the loss is smooth; choose another seed");
	for (int i = 0; i <= net->n; i++) {
		free(c.act[i]);
		free(c.diff[i]);
		if (i < net->n)
			free(c.aux[i]);
	}
	free(c.weights);
	free(c.grad);
	free(c.target);
	free(input_grad);
	nn_net_free(copy);
	return status;
}
