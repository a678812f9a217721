/* left.h: what of the model an interrupted run stood with, so that a resume tells what has changed since. */
#ifndef LEFT_H
#define LEFT_H

#include "past/run.h"

struct run_left {
	bool trainable[NN_LAYERS_MAX];
	double rate[NN_LAYERS_MAX]; /* of dropouts */
	char kernels[16]; /* of the engine */
	char data[]; /* their name */
};

struct run_left *run_left_new(const char *data); /* all zero but for that; freed by free */

/* Notes it: the run is interrupted now. */
void run_leaves(struct run *r, const struct nn_net *net, const char *kernels, const char *data);

/* What is changed since, as commands that do it: "freeze features, set dropout.rate 0.3"; NULL: nothing that is known.
 * The caller's. */
char *run_left_changes(const struct run *r, const struct nn_net *net, const char *kernels);

/* Where a resume goes on; false: all batches are done. */
bool run_left_at(const struct run *r, int *epoch, uint32_t *batch);

#endif
