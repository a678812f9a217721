/* feed.h: fills a ui_model, which the workbench draws, from the session and the view of its job.
 *
 * The first call shows what is known without data. A thread of the feed's own then reads the data set, so that digits
 * come into view without a command, and nothing waits for them.
 */
#ifndef FEED_H
#define FEED_H

#include "look/explain.h"
#include "look/sheet.h"
#include "look/stats.h"
#include "ui/model.h"

struct feed;

struct feed *feed_new(struct session *s, double (*clock)(void)); /* job_now, or another clock that counts seconds */
void feed_free(struct feed *f);
void feed_touch(struct feed *f); /* a command has run: anything may have changed */
/* The digits that `show` asked for stay in view until a run on another split begins. */
void feed_show(struct feed *f, const struct sheet_request *r, const struct sheet *sheet);
void feed_sample(struct feed *f); /* the first ones of the split again */
/* Which panes of the inside of the net are in view, as bits: they are kept up to date, the others are not. */
enum { FEED_FILTERS = 1, FEED_ACTIVATIONS = 2, FEED_STATS = 4, FEED_EXPLAIN = 8 };
void feed_sees(struct feed *f, unsigned panes);
/* What they show from here on: the filters of a layer (im NULL), or what it makes of a picture; layer -1: as before. */
void feed_ask(struct feed *f, int layer, const struct image *im);
/* The same of statistics: the tensors of those layers. */
void feed_stats_ask(struct feed *f, const struct stats *x);
/* The same of the arithmetic of one unit for a picture. */
void feed_explain_ask(struct feed *f, const struct explain_unit *at, const struct image *im);
/* Which stretch of the curves in view is that run's, counted from the newest; 0: it is not among them. */
int feed_span(const struct session *s, const struct run *r);
/* Waits for the data set that is being read ahead and hands it over. NULL when none is, or another one. */
struct dataset *feed_data(struct feed *f);
/* Brings m up to date if something has changed and the last time was long enough ago. Returns the milliseconds until it
 * should be called again; -1: when the job or a command has done something. */
bool feed_current(const struct feed *f); /* the model shows all that is known of the job */
int feed_update(struct feed *f, struct ui_model *m);
void feed_at_once(struct feed *f, struct ui_model *m); /* the same, however short ago the last time was */

#endif
