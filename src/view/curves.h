/* curves.h: runs as charts: one axis for the curves of train (by batch, smoothed, the raw values faint below),
 * validation and watch (by epoch), runs next to one another, divided and named. What `plot`, `export png plot` and the
 * workbench draw.
 */
#ifndef CURVES_H
#define CURVES_H

#include "ui/model.h"
#include "session/session.h"

enum curves_kind { CURVES_LOSS, CURVES_ACCURACY, CURVES_KINDS };

#define CURVES_SMOOTH (-1.0) /* by the length of an epoch: over about a twelfth of one, at most 10 batches */

/* Replaces what the chart holds. smooth: weight of what came before, batch by batch (without the bias of its start);
 * 0: the raw values alone. going: the last run goes on, so that the axis reaches to its planned end. No run, or none
 * that has a value: an empty chart. */
void curves_chart(struct ui_chart *c, enum curves_kind kind, struct run *const *run, int n, double smooth, bool going);
/* The runs that a plot shows when none is named: the last few that have values, oldest first. Returns how many. */
int curves_recent(const struct runs *runs, struct run **run, int max);
#define CURVES_RUNS 6
/* Those, and a note when there are older ones. */
int curves_chosen(struct session *s, struct run **run);
bool curves_empty(const struct ui_chart *c);

#endif
