/* phases.h: a training in two phases, each a run: the head alone, then everything. */
#ifndef PHASES_H
#define PHASES_H

#include "train/start.h"

/* Starts `run`, whose record joins those of the session, as the first phase: with its `rest` filled in, the first
 * rest->features layers are frozen, and the phase behind it follows by itself when it ends by itself. It then gets
 * their flags back, as it does where the first phase ends by an error. -1 with a sentence. */
int phases_start(struct session *s, struct run *run, struct trainer_how *how, struct err *e);
/* For trainer_how.then: what comes behind a run that has ended, or was interrupted. Nothing where there is no rest. */
int phases_then(struct session *s, struct run *run, enum trainer_end end, struct err *e);
/* The rate that a layer of the features has in the second phase. */
float phases_lr(const struct run *first, int layer);

#endif
