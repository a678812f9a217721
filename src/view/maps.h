/* maps.h: filters and activations as tiles and strips. */
#ifndef MAPS_H
#define MAPS_H

#include "look/activations.h"
#include "look/diff.h"
#include "look/filters.h"
#include "ui/model.h"

/* Filter by filter, at most n of them, on one scale: of several channels their mean. `one` not negative: of that filter
 * each channel, or of a dense layer without pictures that row. */
void maps_filters(const struct session *s, const struct filters *f, int one, int n, struct ui_tiles *t);
/* A layer's channels on one scale, each with its largest value; of a layer that puts out a row: the row. */
void maps_layer(const struct session *s, const struct image *im, const struct activation *a, struct ui_tiles *t);
/* All layers below one another, each on its own scale, and the probabilities as bars. */
void maps_layers(const struct session *s, const struct image *im, const struct activations *a, struct ui_strips *out);

/* What moved between two blocks of weights: each layer that is picked, of its kernel what changed most, all on one
 * scale, but for those that moved far less: each on its own, which has a label; one that did not move says so. */
void maps_diff(const struct session *s, float *const w[2], const bool *pick, const struct layer_diff *d,
    struct ui_strips *out);

#endif
