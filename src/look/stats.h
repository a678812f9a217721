/* stats.h: the tensors of the network as numbers and histograms: weights, activations, gradients. */
#ifndef STATS_H
#define STATS_H

#include "look/batch.h"
#include "look/figures.h"

enum stats_of { STATS_WEIGHTS, STATS_ACTIVATIONS, STATS_GRADIENTS };
extern const char *const stats_names[]; /* "weights", "activations", "gradients" */

#define STATS_IMAGES 128 /* whose activations are shown */
#define STATS_ROWS (NN_LAYERS_MAX * NN_TENSORS_MAX)

struct stats_row {
	int layer;
	const char *tensor; /* "kernel", "output"; the layer's own */
	struct figures f;
};

struct stats {
	/* what is asked for */
	enum stats_of of;
	bool pick[NN_LAYERS_MAX];
	bool split_given;
	struct split split; /* if it is given: of the images */
	/* what is found */
	struct batch batch; /* of activations and gradients: the images */
	double loss; /* of gradients: of the batch */
	int n;
	struct stats_row row[STATS_ROWS];
	bool nonfinite; /* some number is none */
	bool bare; /* the zeros are left out already */
};

/* For job_call, arg a struct stats: 0, or -1 with a sentence. Activations need a split; gradients of no split are those
 * of the batch that was trained on last. What is found is freed by stats_clear, also after -1, which leaves what is
 * asked for. */
int stats_measure(struct session *s, void *arg, struct err *e);
void stats_clear(struct stats *x);
/* Of activations the histogram leaves the zeros out, which are most of them. */
void stats_without_zeros(struct stats *x);

#endif
