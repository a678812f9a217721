/* saliency_view.h: which pixels matter, as pictures: the picture, the map, and the one laid over the other. */
#ifndef SALIENCY_VIEW_H
#define SALIENCY_VIEW_H

#include "look/saliency.h"
#include "ui/model.h"

/* Fills t, an empty one. all: with the overlay and what a map was scaled up from, which need room and colours. */
void saliency_view_tiles(const struct session *s, const struct image *im, const struct saliency *x, bool all,
    struct ui_tiles *t);

#endif
