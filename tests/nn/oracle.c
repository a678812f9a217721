/* oracle.c: see oracle.h. The layers' own passes do the work, with the table of kernels for double. */
#include "oracle.h"

#include "nn/kernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct batch {
	const struct nn_net *net;
	struct nn_step step;
	int n;
	double *weights;
	double *act[NN_LAYERS_MAX + 1]; /* [n][size] */
	double *diff[NN_LAYERS_MAX + 1];
	void *aux[NN_LAYERS_MAX];
	double *turned[NN_LAYERS_MAX]; /* a relu's outputs, or a pool's places, with the open decisions the other way */
	const int *target;
};

static void *
need(size_t bytes)
{
	void *p = calloc(1, bytes > 0 ? bytes : 1);

	if (p == NULL)
		abort();
	return p;
}

static bool
alias(const struct nn_layer *l)
{
	return l->kind->alias != NULL && l->kind->alias(l, true, l->rate);
}

static struct nn_pass
pass(struct batch *b, int i, double *grad)
{
	const struct nn_layer *l = &b->net->layer[i];
	struct nn_pass p = {
		.kd = &nn_kernels_reference_double, .step = &b->step, .layer = l, .index = i, .n = b->n, .train = true, .rate = l->rate,
		.x = b->act[i], .y = b->act[i + 1], .aux = b->aux[i], .dy = b->diff[i + 1], .dx = b->diff[i],
	};

	for (int k = 0; k < l->ntensors; k++) {
		p.w[k] = b->weights + l->tensor[k].offset;
		p.dw[k] = grad != NULL ? grad + l->tensor[k].offset : NULL;
	}
	return p;
}

static double
largest(const double *x, size_t n)
{
	double most = 0;

	for (size_t i = 0; i < n; i++)
		most = fmax(most, fabs(x[i]));
	return most;
}

/* ---- open decisions ---- */

static size_t
turn_relu(const double *x, double *y, size_t n, double margin)
{
	size_t open = 0;

	for (size_t i = 0; i < n; i++)
		if (x[i] != 0 && fabs(x[i]) <= margin) {
			y[i] = y[i] > 0 ? 0 : 1e-300; /* no more than a sign */
			open++;
		}
	return open;
}

static size_t
turn_pool(const struct nn_layer *l, const double *x, uint16_t *which, int n, double margin)
{
	int h = l->in.dim[0], w = l->in.dim[1], c = l->in.dim[2], k = l->spec.pool;
	size_t open = 0;

	for (int i = 0; i < n; i++, x += (size_t)h * w * c)
		for (int oy = 0; oy < h / k; oy++)
			for (int ox = 0; ox < w / k; ox++)
				for (int o = 0; o < c; o++, which++) {
					int second = -1;
					double top, next = -INFINITY;

#define AT(place) x[((size_t)(oy * k + (place) / k) * w + ox * k + (place) % k) * c + o]
					top = AT(*which);
					for (int p = 0; p < k * k; p++)
						if (p != *which && AT(p) > next && AT(p) < top) {
							next = AT(p);
							second = p;
						}
#undef AT
					if (second >= 0 && top - next <= margin) {
						*which = (uint16_t)second;
						open++;
					}
				}
	return open;
}

/* ---- passes ---- */

static size_t
forward(struct batch *b, const double *margin)
{
	size_t open = 0;

	for (int i = 0; i < b->net->n; i++) {
		struct nn_pass p = pass(b, i, NULL);
		const struct nn_layer *l = p.layer;
		size_t in = nn_shape_size(l->in) * b->n, out = nn_shape_size(l->out) * b->n;

		if (alias(l)) {
			memcpy(b->act[i + 1], b->act[i], sizeof(double) * out);
			continue;
		}
		l->kind->forward(&p);
		if (strcmp(l->kind->name, "max_pooling2d") == 0) {
			b->turned[i] = need(sizeof(uint16_t) * out);
			memcpy(b->turned[i], b->aux[i], sizeof(uint16_t) * out);
			open += turn_pool(l, b->act[i], (uint16_t *)b->turned[i], b->n, margin[i] * largest(b->act[i], in));
		} else if (strcmp(l->kind->name, "activation") == 0 && !nn_layer_is_softmax(l)) {
			b->turned[i] = need(sizeof(double) * out);
			memcpy(b->turned[i], b->act[i + 1], sizeof(double) * out);
			open += turn_relu(b->act[i], b->turned[i], out, margin[i] * largest(b->act[i], in));
		}
	}
	return open;
}

static void
backward(struct batch *b, bool other, double *grad)
{
	int last = b->net->n - 1, classes = nn_net_classes(b->net);

	for (int i = 0; i < b->n; i++)
		for (int k = 0; k < classes; k++) {
			size_t at = (size_t)i * classes + k;

			b->diff[last][at] = (b->act[last + 1][at] - (k == b->target[i])) / b->n;
		}
	for (int i = last - 1; i >= 0; i--) {
		struct nn_pass p = pass(b, i, grad);

		if (alias(p.layer)) {
			memcpy(b->diff[i], b->diff[i + 1], sizeof(double) * b->n * nn_shape_size(p.layer->out));
			continue;
		}
		if (other && b->turned[i] != NULL) {
			if (p.aux != NULL)
				p.aux = b->turned[i];
			else
				p.y = b->turned[i];
		}
		p.layer->kind->backward(&p);
		if (p.layer->kind->rows != NULL)
			p.layer->kind->rows(&p, 0, p.layer->tensor[0].dim[0]);
	}
}

void
oracle_make(struct oracle *o, const struct nn_net *net, const struct nn_set *set, uint64_t seed, const double *margin)
{
	struct batch b = {.net = net, .n = (int)set->count, .step = {.seed = seed, .count = (int)set->count}};
	size_t in = nn_shape_size(net->in);
	int classes = nn_net_classes(net), *target = need(sizeof *target * set->count);

	b.target = target;
	b.weights = need(sizeof(double) * net->params);
	for (size_t i = 0; i < net->params; i++)
		b.weights[i] = (double)net->weights[i];
	b.act[0] = need(sizeof(double) * b.n * in);
	b.diff[0] = need(sizeof(double) * b.n * in);
	for (int i = 0; i < net->n; i++) {
		size_t size = nn_shape_size(net->layer[i].out) * b.n;

		b.act[i + 1] = need(sizeof(double) * size);
		b.diff[i + 1] = need(sizeof(double) * size);
		if (net->layer[i].kind->aux_size != NULL)
			b.aux[i] = need(net->layer[i].kind->aux_size(&net->layer[i]) * b.n);
	}
	for (int i = 0; i < b.n; i++) {
		target[i] = set->unit[i];
		/* The value of a pixel is a float. */
		for (size_t j = 0; j < in; j++)
			b.act[0][(size_t)i * in + j] = (double)((float)set->images->pixels[set->index[i] * in + j] / 255.0f);
	}

	*o = (struct oracle){.grad = need(sizeof(double) * net->params), .other = need(sizeof(double) * net->params)};
	o->open = forward(&b, margin);
	for (int i = 0; i < b.n; i++)
		o->loss -= log(b.act[net->n][(size_t)i * classes + target[i]]) / b.n;
	backward(&b, false, o->grad);
	if (o->open > 0)
		backward(&b, true, o->other);
	else
		memcpy(o->other, o->grad, sizeof(double) * net->params);

	for (int i = 0; i <= net->n; i++) {
		free(b.act[i]);
		free(b.diff[i]);
		if (i < net->n) {
			free(b.aux[i]);
			free(b.turned[i]);
		}
	}
	free(b.weights);
	free(target);
}

void
oracle_free(struct oracle *o)
{
	free(o->grad);
	free(o->other);
}

double
oracle_difference(const struct oracle *o, const float *g, float sign, size_t at, size_t n)
{
	double far = 0, size = 0, open = 0;

	for (size_t i = at; i < at + n; i++) {
		double d = (double)(sign * g[i]) - o->grad[i], t = o->other[i] - o->grad[i];

		far += d * d;
		open += t * t;
		size += o->grad[i] * o->grad[i];
	}
	far = fmax(sqrt(far) - 2 * sqrt(open), 0);
	return far == 0 ? 0 : far / sqrt(size);
}
