/* lrfind.c: trains a copy of a net by a growing rate, and reads a rate off its losses. Both are as in fastai, whose
 * LRFinder it is, but that the last step has the last rate. */
#include "train/lrfind.h"

#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>

#define BETA .98 /* of the smoothed loss */
#define EXPLODED 4 /* times the best smoothed loss */
#define LAST 5 /* points that are not read: the loss is about to explode there */

static double
lrfind_rate(const struct lrfind *x, int step)
{
	return step == x->steps - 1 ? x->to : x->from * pow(x->to / x->from, (double)step / (x->steps - 1));
}

#define GIVEN_UP 2

/* Does one step. 1: it goes on; 0: the loss has exploded; GIVEN_UP; -1. */
static int
lrfind_step(struct lrfind *x, struct nn_run *run, double *mean, double *best, struct nn_err *e)
{
	float layer[NN_LAYERS_MAX];
	struct rates_point *p = &x->point[x->n];
	struct nn_metrics sum = {0};
	int rc;

	for (int i = 0; i < NN_LAYERS_MAX; i++)
		layer[i] = NAN;
	p->lr = lrfind_rate(x, x->n);
	nn_run_set_lr(run, p->lr, layer);
	if ((rc = nn_run_step(run, &sum, e)) != 0)
		return rc == NN_STOPPED ? GIVEN_UP : -1;
	p->loss = sum.loss / (double)sum.count;
	if (!isfinite(p->loss))
		return 0;
	*mean = BETA * *mean + (1 - BETA) * p->loss;
	p->smooth = *mean / (1 - pow(BETA, ++x->n)); /* since it began at 0 */
	*best = fmin(*best, p->smooth);
	return p->smooth <= EXPLODED * *best;
}

static int
lrfind_steps(struct lrfind *x, struct nn_run *run, struct nn_err *e)
{
	double mean = 0, best = INFINITY;
	size_t images = 0;
	int rc = 1;

	while (rc > 0 && x->n < x->steps) {
		for (; images >= NN_EVAL_BATCH; images -= NN_EVAL_BATCH)
			if (x->stop(x->arg))
				return NN_STOPPED;
		rc = lrfind_step(x, run, &mean, &best, e);
		if (rc == GIVEN_UP)
			return NN_STOPPED;
		images += (size_t)x->config.batch;
	}
	return rc < 0 ? -1 : 0;
}

int
lrfind_run(struct lrfind *x, struct err *e)
{
	struct nn_net *net = nn_net_clone(x->net);
	struct nn_run *run;
	struct nn_err why;
	int rc = -1;

	if (net == NULL)
		return fail_memory(e, "not enough memory for another net");
	if ((run = nn_run_new(net, x->engine, &x->config, x->set, NULL, &why)) != NULL)
		rc = lrfind_steps(x, run, &why);
	nn_run_free(run);
	nn_net_free(net);
	return rc < 0 ? fail_nn(e, &why) : rc;
}

bool
lrfind_falls(const struct lrfind *x)
{
	int least = 0;

	for (int i = 1; i < x->n; i++)
		if (x->point[i].smooth < x->point[least].smooth)
			least = i;
	return x->n == x->steps && least >= x->n - LAST;
}

int
lrfind_valley(const struct lrfind *x)
{
	int first = x->steps / 10, n = x->n - LAST - first, end = 0, begin = 0, at;
	const struct rates_point *p = x->point + first;
	int *falls; /* how many points of the longest falling series end with this one */

	if (n < 2)
		return -1;
	falls = xcalloc((size_t)n, sizeof *falls);
	for (int i = 0; i < n; i++) {
		falls[i] = 1;
		for (int j = 0; j < i; j++)
			if (p[i].smooth < p[j].smooth && falls[i] < falls[j] + 1)
				falls[i] = falls[j] + 1;
		if (falls[end] < falls[i]) {
			end = i;
			begin = end - falls[end];
		}
	}
	free(falls);
	at = begin + (end - begin) / 3 + (end - begin) / 6;
	return end == 0 ? -1 : first + (at > 0 ? at : 0);
}
