/* charts.h: made-up charts and tiles for pictures; the same numbers each time, no training needed. */
#ifndef CHARTS_H
#define CHARTS_H

#include "ui/figure.h"

#include <stdio.h>

enum charts_kind {
	CHARTS_EMPTY,
	CHARTS_POINT, /* one epoch, no batches */
	CHARTS_ONE, /* one run of one epoch */
	CHARTS_TWO, /* two runs, the second with a watched split */
	CHARTS_GAPS, /* values that are not finite, an isolated one among them */
	CHARTS_FIFTY, /* runs */
	CHARTS_LONG, /* 10,000 points a curve */
	CHARTS_HUGE,
	CHARTS_TINY,
	CHARTS_FLAT,
	CHARTS_WILD, /* negative, huge, unordered, infinite */
	CHARTS_MANY, /* curves side by side, each in the legend */
	CHARTS_ERRORS, /* values with errors, of which one reaches below 0, along a log axis with ticks of its own */
	CHARTS_KINDS,
};

struct charts {
	struct ui_chart loss, accuracy;
	const struct ui_chart *both[2];
};

void charts_fill(struct charts *c, enum charts_kind kind);
void charts_clear(struct charts *c);
void charts_tiles(struct ui_tiles *t, int n);
void charts_worst(struct ui_tiles *t); /* the answers of toplosses, */
void charts_flips(struct ui_tiles *t); /* of a confusion of two points */
void charts_table(struct ui_table *t);
void charts_matrix(struct ui_matrix *m, int n);
void charts_strips(struct ui_strips *s);
void charts_histograms(struct ui_histograms *t);
void charts_estimates(struct ui_estimates *t);
void charts_explain(struct ui_strips *s); /* the answer of explain, */
void charts_probe(struct ui_estimates *t); /* of probe: two in each row */
void charts_filters(struct ui_tiles *t);
void charts_layer(struct ui_tiles *t); /* what a layer makes of a picture, channel by channel */
void charts_saliency(struct ui_tiles *t); /* a picture, a signed map of it, and one over the other */

#endif
