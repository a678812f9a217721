/* predictions.c: keeps of each image's probabilities which one is largest. */
#include "data/predictions.h"

#include <stdlib.h>
#include <string.h>

static bool
predictions_room(struct predictions *p)
{
	size_t n = p->n > 0 ? p->n : 1;

	p->index = malloc(n * sizeof *p->index);
	p->unit = malloc(n * sizeof *p->unit);
	p->predicted = malloc(n * sizeof *p->predicted);
	p->p = malloc(n * sizeof *p->p);
	return p->index != NULL && p->unit != NULL && p->predicted != NULL && p->p != NULL;
}

struct predictions *
predictions_new(const struct split *split, const struct nn_set *set, const float *probs, int classes)
{
	struct predictions *p = calloc(1, sizeof *p);

	if (p == NULL)
		return NULL;
	p->split = *split;
	p->classes = classes;
	p->n = set->count;
	if (!predictions_room(p)) {
		predictions_free(p);
		return NULL;
	}
	memcpy(p->index, set->index, p->n * sizeof *p->index);
	memcpy(p->unit, set->unit, p->n * sizeof *p->unit);
	for (size_t i = 0; i < p->n; i++, probs += classes) {
		int best = 0;

		for (int u = 1; u < classes; u++)
			best = probs[u] > probs[best] ? u : best;
		p->predicted[i] = (uint16_t)best;
		p->p[i] = probs[best];
	}
	return p;
}

void
predictions_free(struct predictions *p)
{
	if (p == NULL)
		return;
	free(p->index);
	free(p->unit);
	free(p->predicted);
	free(p->p);
	free(p);
}
