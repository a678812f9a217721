/* trainer.h: a training run as a job. */
#ifndef TRAINER_H
#define TRAINER_H

#include "session.h"

/* Starts the run (a new one: record added to s->runs; or one to go on with) over s->sets. The run's config, split, epochs
 * and limit say what to do. The runs's record, the session's results and caches are brought up to date as it goes. */
int trainer_start(struct session *s, const char *command, struct run *run, bool resume, bool cache, int verbose, struct err *e);

struct run *run_new(struct session *s); /* numbered, not yet in s->runs */
void run_free(struct run *r);
void run_add(struct session *s, struct run *r); /* to s->runs; lets go of weights of runs long past */

#endif
