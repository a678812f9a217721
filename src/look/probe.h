/* probe.h: what simple readers make of each layer's output: how well it tells the classes already. */
#ifndef PROBE_H
#define PROBE_H

#include "session/session.h"

#define PROBE_NEAR 15 /* neighbours that are asked */
#define PROBE_RIDGE 0.01 /* lambda, in parts of the mean squared length of the training outputs without their mean */
#define PROBE_TRAIN 1000 /* training images that the readers learn from, unless told */

struct probe_row {
	int layer; /* -1: the pixels */
	bool done; /* it was read before the work was ended */
	bool finite; /* else there is nothing to read */
	uint64_t linear, near; /* test images that each reader tells right */
	double lambda;
};

struct probe {
	struct split split;
	bool pick[NN_LAYERS_MAX], pixels;
	struct selection train, test; /* train: as many as asked for, spread evenly over the split's images */
	int n;
	struct probe_row row[NN_LAYERS_MAX + 1];
};

/* Selects the images of x->split, `train` of them to learn from; -1 with a sentence. What is there is freed by
 * probe_free, also after -1. */
int probe_begin(struct session *s, struct probe *x, size_t train, struct err *e);
/* For the work of a task: 0, NN_STOPPED (the rows that are done stay) or -1. */
int probe_work(struct session *s, struct probe *x, struct err *e);
int probe_rows(const struct probe *x); /* that it has where it is not interrupted */
size_t probe_images(const struct probe *x); /* that probe_work runs through the net */
void probe_free(struct probe *x);

#endif
