/* lrfind.h: the loss against a rate that grows with each batch, on a copy of a net: what a rate can be (Smith 2015). */
#ifndef LRFIND_H
#define LRFIND_H

#include "data/split.h"
#include "nn/nn.h"
#include "past/rates.h"
#include "util/err.h"

struct lrfind {
	struct nn_net *net; /* is not changed */
	struct nn_engine *engine;
	const struct nn_set *set;
	struct nn_run_config config; /* but for the rates, of which all layers have the same */
	double from, to; /* the rates of the first and of the last step, which grow by equal factors */
	int steps;
	bool (*stop)(void *arg); /* asked every NN_EVAL_BATCH images */
	void *arg;
	int n; /* steps that were done: fewer where the loss has exploded */
	struct rates_point *point; /* room for `steps` of them */
};

/* Trains the copy. 0, NN_STOPPED, or -1 with a sentence. */
int lrfind_run(struct lrfind *x, struct err *e);
bool lrfind_falls(const struct lrfind *x); /* all steps are done, and the smoothed loss is the least in the last 5 */
/* The point whose rate fastai's `valley` suggests: half of the way down the longest falling series of smoothed losses,
 * without the first tenth of the steps and the last 5 points. -1 where they never fall, or too few are there. */
int lrfind_valley(const struct lrfind *x);

#endif
