/* start.h: a training run as a job, begun; and its rates while it goes on. */
#ifndef START_H
#define START_H

#include "session/session.h"

/* Starts the run (a new one: its record is added to the session's; or one to go on with) over the session's sets. The
 * run's config, split, epochs and limit say what to do. The run's record, the session's results and caches are brought
 * up to date as it goes. */
int trainer_start(struct session *s, const char *command, struct run *run, bool resume, bool cache, int verbose,
    struct err *e);

void trainer_set_lr(struct session *s); /* the session's lr and layer_lr from the next batch on, where a run goes on */

#endif
