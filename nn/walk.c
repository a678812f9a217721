/* walk.c: layers one after another over a few images. */
#include "walk.h"

#include <stdlib.h>
#include <string.h>

static size_t
real(const struct nn_walk *w)
{
	return w->kd != NULL ? sizeof(double) : sizeof(float);
}

static bool
alias(const struct nn_walk *w, int i)
{
	const struct nn_layer *l = &w->net->layer[i];

	return l->kind->alias != NULL && l->kind->alias(l, w->train, l->rate);
}

int
nn_walk_make(struct nn_walk *w)
{
	size_t n = (size_t)w->n, each = real(w);

	if ((w->act[0] = nn_alloc(each * n * nn_shape_size(w->net->in))) == NULL)
		return -1;
	for (int i = 0; i < w->net->n; i++) {
		const struct nn_layer *l = &w->net->layer[i];
		size_t aux = l->kind->aux_size == NULL ? 0 : l->kind->aux_size(l) * n;

		w->act[i + 1] = alias(w, i) ? w->act[i] : nn_alloc(each * n * nn_shape_size(l->out));
		w->aux[i] = aux > 0 && i >= w->low ? nn_alloc(aux) : NULL;
		if (w->act[i + 1] == NULL || (aux > 0 && i >= w->low && w->aux[i] == NULL))
			return -1;
	}
	for (int i = w->low; i < w->net->n; i++) {
		w->diff[i] = i > w->low && alias(w, i - 1) ? w->diff[i - 1] :
		    nn_alloc(each * n * nn_shape_size(w->net->layer[i].in));
		if (w->diff[i] == NULL)
			return -1;
	}
	return 0;
}

void
nn_walk_free(struct nn_walk *w)
{
	for (int i = w->net->n; i >= 0; i--) {
		if (i == 0 || w->act[i] != w->act[i - 1])
			free(w->act[i]);
		if (i == 0 || w->diff[i] != w->diff[i - 1])
			free(w->diff[i]);
		if (i < w->net->n)
			free(w->aux[i]);
	}
}

static struct nn_pass
pass_of(const struct nn_walk *w, int i, const struct nn_kernels *k)
{
	const struct nn_layer *l = &w->net->layer[i];
	bool careful = i >= w->wild;
	struct nn_pass p = {
		.k = careful ? &nn_kernels_reference : k,
		.kd = w->kd,
		.step = w->step,
		.layer = l,
		.index = i,
		.n = w->n,
		.train = w->train,
		.moments = w->train && l->trainable,
		.careful = careful,
		.rate = l->rate,
		.x = w->act[i],
		.y = w->act[i + 1],
		.aux = w->aux[i],
		.dy = w->diff[i + 1],
		.dx = w->diff[i],
	};

	for (int t = 0; t < l->ntensors; t++) {
		p.w[t] = (const char *)w->weights + real(w) * l->tensor[t].offset;
		if (w->grad != NULL)
			p.dw[t] = (char *)w->grad + real(w) * l->tensor[t].offset;
	}
	return p;
}

void
nn_walk_forward(struct nn_walk *w, int first)
{
	for (int i = first; i < w->net->n; i++)
		if (!alias(w, i)) {
			struct nn_pass p = pass_of(w, i, w->k);

			p.layer->kind->forward(&p);
		}
}

static double
get(const struct nn_walk *w, const void *array, int i)
{
	return w->kd != NULL ? ((const double *)array)[i] : (double)((const float *)array)[i];
}

void
nn_walk_score(struct nn_walk *w, int unit, enum nn_score score)
{
	int last = w->net->n - 1, classes = nn_net_classes(w->net);

	for (int i = 0; i < w->n * classes; i++) {
		bool own = i % classes == unit;
		double p = get(w, w->act[last + 1], i / classes * classes + unit), g = own;

		if (score == NN_PROBABILITY)
			g = p * (own - get(w, w->act[last + 1], i));
		if (w->kd != NULL)
			((double *)w->diff[last])[i] = g;
		else
			((float *)w->diff[last])[i] = (float)g;
	}
}

void
nn_walk_backward(struct nn_walk *w)
{
	if (w->grad != NULL)
		memset(w->grad, 0, real(w) * w->net->params);
	for (int i = w->net->n - 2; i >= w->low; i--)
		if (!alias(w, i)) {
			struct nn_pass p = pass_of(w, i, w->back != NULL ? w->back : w->k);

			p.layer->kind->backward(&p);
			if (w->grad != NULL && p.layer->kind->rows != NULL)
				p.layer->kind->rows(&p, 0, p.layer->tensor[0].dim[0]);
		}
}
