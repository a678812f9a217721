/* report.h: what a run prints as it goes, as text, rows or events. */
#ifndef REPORT_H
#define REPORT_H

#include "session/session.h"

void report_data(struct session *s, const struct run *r); /* x_train shape and counts */
void report_run(struct session *s, const struct run *r); /* the header line, the event, and what is worth a note */
/* Notes that the head was trained on other digits than these, and what comes of it; false: it was not. */
bool report_head(struct session *s, const struct split *split, const char *then);
/* Says, once r has begun, that the run before it was cut and cannot be resumed any more. */
void report_given_up(struct session *s, const struct run *r);
json_t *report_run_json(const struct run *r); /* the event "run": what the run was made with */
void report_epoch_begin(struct session *s, int epoch, int epochs, int verbose);
void report_step(struct session *s, const struct job_view *v); /* the moving bar */
/* The final line of an epoch; steps done, and times. */
void report_epoch(struct session *s, const struct run *r, int epoch, uint32_t steps, const struct progress_pace *pace,
    int verbose);
/* What the epochs of runs have that not all have: the columns of one table. */
struct report_columns {
	bool lr, watch, record;
};
struct report_columns report_columns(struct run *const *run, int n);
/* An epoch, counted from 0, as a row; i -1: the headings. c NULL: in a run that goes on, where text has progress lines
 * instead and rows of several runs may follow each other. */
void report_row(struct out *o, const struct run *r, int i, const struct report_columns *c);
void report_end(struct session *s, const struct run *r, bool invalid); /* invalid: the loss was not a number */

/* What is watched, before batch `step` (from 0) of the first epoch; the last of r->watched. */
void report_watched(struct session *s, const struct run *r, int step, int verbose);
#define REPORT_UNBEGUN "interrupted before the first batch; nothing has changed" /* of a run that leaves no record */
char *report_duration(double seconds); /* "0:00:05.812" */

#endif
