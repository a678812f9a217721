/* feed.h: a session as what the workbench shows. Reads the session and the job's view; fills a ui_model.
 *
 * The first call shows what is known without data; the data set is then read by a thread of the feed's own, so that its
 * digits come into view without a command and nothing waits for them.
 */
#ifndef FEED_H
#define FEED_H

#include "look/sheet.h"
#include "ui/model.h"

struct feed;

struct feed *feed_new(struct session *s, double (*clock)(void)); /* job_now, or another clock that counts seconds */
void feed_free(struct feed *f);
void feed_touch(struct feed *f); /* a command has run: anything may have changed */
/* The digits that `show` asked for stay in view until a run on another split begins. */
void feed_show(struct feed *f, const struct sheet_request *r, const struct sheet *sheet);
/* The data set that is being read ahead, waited for; NULL when it is none or another one. */
struct dataset *feed_data(struct feed *f);
/* Brings m up to date where something has changed and the last time was long enough ago. Returns the milliseconds until
 * it has something to do, -1: when the job or a command does. */
int feed_update(struct feed *f, struct ui_model *m);
void feed_at_once(struct feed *f, struct ui_model *m); /* the same, however short ago the last time was */

#endif
