/* stats_view.h: statistics of tensors as histograms to draw. */
#ifndef STATS_VIEW_H
#define STATS_VIEW_H

#include "look/stats.h"
#include "ui/model.h"

/* Fills a cleared one. live: the numbers of their pictures begin here; 0: they have none. */
void stats_view(const struct session *s, struct stats *x, int live, struct ui_histograms *out);

#endif
