/* rates_chart.h: the loss against the learning rate, for `export png lrfind` and the workbench. */
#ifndef RATES_CHART_H
#define RATES_CHART_H

#include "past/rates.h"
#include "ui/model.h"

/* Replaces what the chart holds: the losses of batches faint, over them their smoothed ones, and a mark at the rate
 * that is suggested, whose loss the legend tells. */
void rates_chart(struct ui_chart *c, const struct rates *x);

#endif
