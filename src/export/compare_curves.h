/* compare_curves.h: a comparison as curves, where it has enough points for them. */
#ifndef COMPARE_CURVES_H
#define COMPARE_CURVES_H

#include "past/compared.h"
#include "ui/model.h"

#define COMPARE_CHARTS 2

/* A title for a sweep, as much of its commands as has room in one; *note: what goes below it. Both are the caller's. */
char *compare_title(const struct compared *c, char **note);
/* Fills the charts, to be cleared by the caller, and returns how many, drawn below one another; 0: there are fewer than
 * three numbers along which curves could run. Of ways to train: the error of the test images against the number of
 * training images, and the gain over the way with which they were paired. Of a sweep: the accuracy against the key that
 * has most numbers, a curve for each combination of the others. */
int compare_curves(struct ui_chart chart[COMPARE_CHARTS], const struct compared *c);

#endif
