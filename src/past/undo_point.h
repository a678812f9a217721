/* undo_point.h: a model as it was: what `undo` and `redo` go back to, and `load` of a snapshot. */
#ifndef UNDO_POINT_H
#define UNDO_POINT_H

#include "data/split.h"
#include "past/weights.h"

struct undo_point {
	char *command; /* that came behind it, as typed */
	char *build; /* its layers: the operand of `build` */
	struct nn_shape in;
	int features, layers;
	uint64_t seed, asked;
	struct split trained, last; /* that the head was trained on; that a split stands for where none is named */
	struct weights *weights;
	bool trainable[NN_LAYERS_MAX];
	double rate[NN_LAYERS_MAX];
};

void undo_point_free(struct undo_point *p); /* NULL is fine */

#endif
