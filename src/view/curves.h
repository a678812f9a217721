/* curves.h: runs as charts, for `plot`, `export png plot` and the workbench. The runs stand side by side, divided and
 * named. A chart has curves of training (by batch, smoothed, with the raw values faint below), of validation and of
 * what is watched (by epoch).
 */
#ifndef CURVES_H
#define CURVES_H

#include "model/model.h"
#include "ui/model.h"
#include "session/session.h"

enum curves_kind { CURVES_LOSS, CURVES_ACCURACY, CURVES_KINDS };

#define CURVES_SMOOTH (-1.0) /* over about a twelfth of an epoch, but at most 10 batches */

/* Replaces what the chart holds. smooth: how much what came before weighs at each batch; with 0 the raw values are
 * shown alone. going: the last run goes on, so that the axis reaches to its planned end. Without values the chart is
 * empty. */
void curves_chart(struct ui_chart *c, enum curves_kind kind, struct run *const *run, int n, double smooth, bool going);
/* What a run kept frozen: "features", "conv2d dense" or "3 layers"; NULL for nothing. The caller's. */
char *curves_frozen(const struct model *m, const struct run *r);
/* Names each run with it: "r2 lt5 ❄ features". */
void curves_states(struct ui_chart *c, const struct model *m, struct run *const *run, int n);
/* Finds the runs that a plot shows when none is named: the last few that have values, the oldest first. Returns how
 * many there are. */
int curves_recent(const struct runs *runs, struct run **run, int max);
#define CURVES_RUNS RUNS_PLOTTED
/* The last one with values before a run of the list; 0: there is none. */
int curves_older(const struct runs *runs, const struct run *first);
/* The same, up to CURVES_RUNS, with a note when there are older ones. */
int curves_chosen(struct session *s, struct run **run);
/* The epoch that goes on: its mean so far, of which the log has a moving bar. */
void curves_so_far(struct ui_rule *rule, int run, int epoch, double mean);
bool curves_empty(const struct ui_chart *c);

#endif
