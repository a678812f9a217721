/* explain_view.h: the arithmetic of one unit as maps. */
#ifndef EXPLAIN_VIEW_H
#define EXPLAIN_VIEW_H

#include "look/explain.h"
#include "ui/model.h"

/* Rows of maps, one for each channel of what the unit reads: the inputs, and of a sum the weights and the products;
 * then what it comes to. */
void explain_view(const struct session *s, const struct image *im, const struct explain *x, struct ui_strips *out);

#endif
