/* filters.h: the kernel of a layer as pictures, one for each filter or unit. */
#ifndef FILTERS_H
#define FILTERS_H

#include "session/session.h"

/* A kernel lies as [height][width][channels][count], whatever its rank: that of a convolution as it is. That of a dense
 * layer behind a flatten (dropout and activations may stand between) by the picture that was flattened: each unit has a
 * weight for each of its pixels. That of any other dense layer is one row a unit: height 1, channels 1. */
struct filters {
	int layer, count, height, width, channels;
	bool rows;
	float *kernel;
};

/* The first layer that has a kernel, or 0 where none has; -1 with a sentence: there is no model. */
int filters_first(struct session *s, struct err *e);
/* Copies the kernel, between two batches if a run goes on; what is in *f is freed by filters_free. -1 with a sentence,
 * that of a layer without a kernel names those that have one. */
int filters_take(struct session *s, int layer, struct filters *f, struct err *e);
/* Its shape, and room for a kernel. */
int filters_room(const struct nn_net *net, int layer, struct filters *f, struct err *e);
void filters_free(struct filters *f);

/* Fills map[height][width] with what filter k has for a channel; channel -1: the mean over all of them. */
void filters_map(const struct filters *f, int k, int channel, float *map);
/* With what it has in the channel where that is furthest from 0. */
void filters_peak(const struct filters *f, int k, float *map);

#endif
