/* explain_view.h: the arithmetic of one unit as maps, and line by line. */
#ifndef EXPLAIN_VIEW_H
#define EXPLAIN_VIEW_H

#include "look/explain.h"
#include "ui/model.h"

/* Rows of maps, one for each channel of what the unit reads: the inputs, and of a sum the weights and the products.
 * live: the numbers of their pictures begin here; 0: they have none. */
void explain_maps(const struct session *s, const struct explain *x, int live, struct ui_strips *out);
/* The same with a title and a note, and below them what it comes to. */
void explain_view(const struct session *s, const struct image *im, const struct explain *x, struct ui_strips *out);
/* What it comes to in words; the caller's. */
char *explain_says(const struct explain *x);

/* explain_table.c: a cleared table becomes its lines: name, up to three numbers, a word; what they come to as totals,
 * with the digits that the network shares. Of a long list the `rows` largest, and the sum of the others. */
void explain_table(const struct session *s, const struct explain *x, int rows, struct ui_table *t);
/* As `explain` takes them; the caller's: "conv2d[7] 12,12", and where a term comes from, "pixel 12,13". */
char *explain_unit_name(const struct session *s, const struct explain_unit *at);
char *explain_term_name(const struct session *s, const struct explain *x, const struct explain_term *t);

#endif
