/* judged.c: evaluates a split image by image, and counts what is taken for what. */
#include "look/judged.h"

#include "look/sheet.h"
#include "session/made.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int
judged_begin(struct session *s, const struct split *split, struct judged *j, struct err *e)
{
	struct dataset *d = session_data(s, e);
	struct nn_net *net = d != NULL ? session_net(s, e) : NULL;

	*j = (struct judged){.split = *split};
	if (net == NULL || session_engine(s, e) == NULL || model_takes(net, d->test.images.shape, d->name, e) < 0 ||
	    model_names(net, split, e) < 0)
		return -1;
	j->classes = nn_net_classes(net);
	if (selection_make(&j->sel, &d->test, split, 0, e) < 0)
		return -1;
	j->probs = calloc(j->sel.set.count * (size_t)j->classes, sizeof *j->probs);
	return j->probs != NULL ? 0 : fail(e, "not enough memory for the predictions of all images; take a smaller "
	    "split");
}

static int
judged_run(struct session *s, struct nn_net *net, const struct nn_cache *cache, struct judged *j, struct err *e)
{
	struct nn_metrics m;
	struct nn_err why;
	int r = nn_eval(net, s->compute.engine, &j->sel.set, cache, &m, j->probs, &why);

	return r == 0 ? 0 : r == NN_STOPPED ? fail(e, "interrupted before the end; run it again") : fail_nn(e, &why);
}

int
judged_eval(struct session *s, struct judged *j, const float *weights, struct err *e)
{
	struct nn_net *twin;
	int rc;

	if (weights == NULL)
		return judged_run(s, s->model.net, s->compute.cache_test, j, e);
	if ((twin = nn_net_clone(s->model.net)) == NULL)
		return fail_memory(e, "not enough memory for another net");
	memcpy(nn_net_weights_edit(twin), weights, nn_net_params(twin) * sizeof *weights);
	nn_net_changed(twin);
	rc = judged_run(s, twin, NULL, j, e);
	nn_net_free(twin);
	return rc;
}

void
judged_free(struct judged *j)
{
	selection_free(&j->sel);
	free(j->probs);
	*j = (struct judged){0};
}

int
judged_unit(const struct judged *j, size_t i)
{
	return sheet_best(j->probs + i * (size_t)j->classes, j->classes);
}

int
judged_digit(const struct judged *j, size_t i)
{
	return split_digit(&j->split, judged_unit(j, i));
}

double
judged_p(const struct judged *j, size_t i, int unit)
{
	return j->probs[i * (size_t)j->classes + (size_t)unit];
}

double
judged_loss(const struct judged *j, size_t i)
{
	return -log(judged_p(j, i, j->sel.unit[i]));
}

int
confusion_no_memory(const struct confusion *c, struct err *e)
{
	return fail(e, "not enough memory for a matrix of %d by %d classes; take a smaller split", c->n, c->columns);
}

static int
confusion_begin(struct confusion *c, const struct split *split, int classes, size_t all, struct err *e)
{
	*c = (struct confusion){.n = split_count(split), .all = all};
	c->columns = c->n + (classes > c->n);
	c->count = calloc((size_t)c->n * (size_t)c->columns + 1, sizeof *c->count);
	return c->count != NULL ? 0 : confusion_no_memory(c, e);
}

static void
confusion_add(struct confusion *c, const struct split *split, int actual, int predicted)
{
	int column = split_place(split, predicted);

	c->count[split_place(split, actual) * c->columns + (column >= 0 ? column : c->n)]++;
	c->right += predicted == actual;
}

struct worst {
	size_t i;
	double loss;
};

static int
worst_order(const void *a, const void *b)
{
	const struct worst *x = a, *y = b;

	if (isnan(x->loss) != isnan(y->loss))
		return isnan(x->loss) ? -1 : 1;
	if (x->loss != y->loss && !isnan(x->loss))
		return x->loss < y->loss ? 1 : -1;
	return x->i < y->i ? -1 : 1;
}

size_t *
judged_worst(const struct judged *j)
{
	size_t n = j->sel.set.count, *out = xcalloc(n + 1, sizeof *out);
	struct worst *x = xcalloc(n + 1, sizeof *x);

	for (size_t i = 0; i < n; i++)
		x[i] = (struct worst){i, judged_loss(j, i)};
	if (n > 0)
		qsort(x, n, sizeof *x, worst_order);
	for (size_t i = 0; i < n; i++)
		out[i] = x[i].i;
	free(x);
	return out;
}

int
confusion_make(struct confusion *c, const struct judged *j, struct err *e)
{
	if (confusion_begin(c, &j->split, j->classes, j->sel.set.count, e) < 0)
		return -1;
	for (size_t i = 0; i < j->sel.set.count; i++)
		confusion_add(c, &j->split, j->sel.unit[i], judged_unit(j, i));
	return 0;
}

int
confusion_count(struct confusion *c, const struct predictions *p, struct err *e)
{
	if (confusion_begin(c, &p->split, p->classes, p->n, e) < 0)
		return -1;
	for (size_t i = 0; i < p->n; i++)
		confusion_add(c, &p->split, p->unit[i], p->predicted[i]);
	return 0;
}

static int
pair_order(const void *a, const void *b)
{
	const struct confusion_pair *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return x->actual != y->actual ? x->actual - y->actual : x->predicted - y->predicted;
}

struct confusion_pair *
confusion_pairs(const struct confusion *c, size_t *n)
{
	struct confusion_pair *pair = NULL;
	size_t room = 0;

	*n = 0;
	for (int u = 0; u < c->n; u++) {
		const uint64_t *count = c->count + u * c->columns;
		uint64_t of = 0;

		for (int v = 0; v < c->columns; v++)
			of += count[v];
		for (int v = 0; v < c->columns; v++) {
			if (u == v || count[v] == 0)
				continue;
			if (*n == room)
				pair = xrealloc(pair, room = 2 * room + 16, sizeof *pair);
			pair[(*n)++] = (struct confusion_pair){u, v, count[v], of};
		}
	}
	if (*n > 0)
		qsort(pair, *n, sizeof *pair, pair_order);
	return pair;
}

void
confusion_free(struct confusion *c)
{
	free(c->count);
	*c = (struct confusion){0};
}
