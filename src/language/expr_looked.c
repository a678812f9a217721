/* expr_looked.c: conditions over what was looked at last: confused, predict, saliency and its like, explain, probe. */
#include "language/expr_looked.h"

#include "language/arg.h"

#include <string.h>

/* "7" and "9" of confused(7,9). */
static int
looked_digits(const char *operand, int *digit, int n, struct err *e, const char *form)
{
	for (int i = 0; i < n; i++) {
		operand += strspn(operand, " ");
		if (*operand < '0' || *operand > '9' || (operand[1] >= '0' && operand[1] <= '9'))
			return fail(e, "digits are missing, as in %s", form);
		digit[i] = *operand++ - '0';
		operand += strspn(operand, " ");
		if (*operand++ != (i + 1 < n ? ',' : '\0'))
			return fail(e, "digits are missing, as in %s", form);
	}
	return 0;
}

static int
looked_confused(const struct looked *l, const char *operand, double *value, struct err *e)
{
	int d[2];

	if (looked_digits(operand, d, 2, e, "confused(7,9)") < 0)
		return -1;
	for (int i = 0; i < 2; i++)
		if (!(l->confused & 1u << d[i]))
			return fail(e, "confused(%d,%d) is not known yet; `confused` or `confusion` of a split that "
			    "has both tells it", d[0], d[1]);
	*value = (double)l->taken[d[0]][d[1]];
	return 1;
}

static int
looked_p(const struct looked *l, const char *operand, double *value, struct err *e)
{
	int d;

	if (looked_digits(operand, &d, 1, e, "p(9)") < 0)
		return -1;
	if (!(l->predicted & 1u << d))
		return fail(e, "p(%d) is not known yet; `predict test:0` by a head that was trained on a split with "
		    "%d tells it", d, d);
	*value = l->p[d];
	return 1;
}

static int
looked_probe(struct session *s, bool linear, const char *operand, double *value, struct err *e)
{
	const struct looked *l = &s->runs.results.looked;
	int pair[2], n = arg_layers(s, operand, pair, 1, e);

	if (n < 0)
		return -1;
	if (pair[0] != pair[1])
		return fail(e, "%s is of one layer, as in linear(flatten)", linear ? "linear" : "knn");
	if (!l->probed[pair[0]])
		return fail(e, "what the readers make of %s is not known yet; `probe` tells it", operand);
	*value = linear ? l->linear[pair[0]] : l->knn[pair[0]];
	return 1;
}

int
expr_looked(struct session *s, const char *name, const char *operand, double *value, struct err *e)
{
	const struct looked *l = &s->runs.results.looked;

	if (operand == NULL) {
		if (strcmp(name, "largest") == 0) {
			*value = l->largest;
			return l->mapped ? 1 : fail(e, "largest is not known yet; `saliency test:0`, `gradcam` or "
			    "`occlude` tells it");
		}
		if (strcmp(name, "sum") != 0 && strcmp(name, "output") != 0)
			return 0;
		if (!l->explained)
			return fail(e, "%s is not known yet; `explain dense[0]` tells it", name);
		*value = name[0] == 's' ? l->sum : l->output;
		return 1;
	}
	if (strcmp(name, "confused") == 0)
		return looked_confused(l, operand, value, e);
	if (strcmp(name, "p") == 0)
		return looked_p(l, operand, value, e);
	if (strcmp(name, "linear") == 0 || strcmp(name, "knn") == 0)
		return looked_probe(s, name[0] == 'l', operand, value, e);
	return 0;
}
