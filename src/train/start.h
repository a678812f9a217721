/* start.h: starts a training run as a job, and changes its rates while it goes on. */
#ifndef START_H
#define START_H

#include "session/session.h"

/* Starts a new run, whose record joins those of the session, or goes on with one (resume), over the session's sets. The
 * record's config, split, epochs and limit say what to do. The record, and the session's results and caches, are
 * brought up to date while the run goes on. -1 with a sentence. */
int trainer_start(struct session *s, const char *command, struct run *run, bool resume, bool cache, int verbose,
    struct err *e);

void trainer_set_lr(struct session *s); /* a run that goes on takes the session's rates from the next batch on */

#endif
