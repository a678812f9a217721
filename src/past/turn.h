/* turn.h: the rates of a run that were changed while it went on. */
#ifndef TURN_H
#define TURN_H

#include "past/schedule.h"

#include "nn/nn.h"

#include <stdbool.h>

struct run;

/* Rates that a run has from some batch on. */
struct turn {
	int epoch; /* the first epoch that begins with them, counted from 0 */
	double lr;
	float layer_lr[NN_LAYERS_MAX]; /* of layers' own; NAN: lr */
	struct schedule schedule;
};

/* Adds one, which takes the place of one from the same epoch on: figures of epochs ask for what each began with. */
void turn_add(struct turn **list, int *n, const struct turn *x);
struct turn turn_last(const struct run *r); /* those that it has now, or was left with */
/* The rate, and its schedule, that an epoch began with, counted from 0. */
double turn_lr(const struct run *r, int epoch);
bool turn_varies(const struct run *r); /* that rate is not the same in all epochs */

#endif
