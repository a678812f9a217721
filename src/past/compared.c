/* compared.c: means, standard errors and paired differences of a comparison. */
#include "past/compared.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct estimate
estimate_difference(const double *value, const double *from, int n)
{
	double sum = 0, squares = 0;

	for (int i = 0; i < n; i++)
		sum += value[i] - (from != NULL ? from[i] : 0);
	for (int i = 0; i < n; i++) {
		double d = value[i] - (from != NULL ? from[i] : 0) - sum / n;

		squares += d * d;
	}
	return (struct estimate){sum / n, n > 1 ? sqrt(squares / (n - 1) / n) : NAN};
}

struct estimate
estimate_of(const double *value, int n)
{
	return estimate_difference(value, NULL, n);
}

static int
compared_partner(const struct compared *c, int of, const char *mode)
{
	int first = of;

	for (int i = c->n - 1; i >= 0; i--) {
		if (c->row[i].limit != c->row[of].limit)
			continue;
		if (strcmp(c->row[i].mode, mode) == 0)
			return i;
		first = i;
	}
	return first;
}

void
compared_estimate(struct compared *c, const char *against)
{
	for (int i = 0; i < c->n; i++) {
		struct compared_row *r = &c->row[i];

		r->of_accuracy = estimate_of(r->accuracy, c->seeds);
		r->of_loss = estimate_of(r->loss, c->seeds);
		r->against = compared_partner(c, i, against);
		r->gain = estimate_difference(r->accuracy, c->row[r->against].accuracy, c->seeds);
	}
}

const struct compared_row *
compared_find(const struct compared *c, const char *mode, size_t limit)
{
	for (int i = c->n - 1; i >= 0; i--)
		if (strcmp(c->row[i].mode, mode) == 0 && (limit == 0 || c->row[i].limit == limit))
			return &c->row[i];
	return NULL;
}

void
compared_free(struct compared *c)
{
	for (int i = 0; i < c->n; i++) {
		free(c->row[i].accuracy);
		free(c->row[i].loss);
	}
	free(c->row);
	free(c->asked);
	*c = (struct compared){0};
}
