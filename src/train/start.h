/* start.h: starts a training run as a job, and changes its rates while it goes on. */
#ifndef START_H
#define START_H

#include "session/session.h"

enum trainer_end {
	TRAINER_DONE,
	TRAINER_CUT, /* interrupted: it can be resumed */
	TRAINER_STOPPED, /* it is done, but the user wants no more */
	TRAINER_FAILED, /* or has not begun */
};

struct trainer_how {
	const char *command; /* "train" */
	bool resume; /* goes on with a run of the session */
	bool cache; /* outputs of frozen layers may be kept */
	int verbose;
	/* writes a checkpoint, while the worker stands still; -1 with a sentence, which is a warning */
	int (*keep)(struct session *s, const char *path, struct err *e);
	/* called when the run is over, and may start another one; -1 with a sentence. NULL: nothing follows */
	int (*then)(struct session *s, struct run *run, enum trainer_end end, struct err *e);
};

/* Starts a new run, whose record joins those of the session, or goes on with one, over the session's sets. The record's
 * config, split, epochs, limit and what else it was asked say what to do. The record, and the session's results and
 * caches, are brought up to date while the run goes on. -1 with a sentence. */
int trainer_start(struct session *s, struct run *run, const struct trainer_how *how, struct err *e);

/* In a copy of this process, between two epochs of a run that goes on: the session is what an interrupt would leave. */
void trainer_cut(struct session *s);

bool trainer_lr(const struct session *s, struct turn *x); /* those of a run that goes on; false: none does */
/* A run that goes on takes the session's rates from the next batch on; pick: those of these layers alone, NULL: all.
 * said: the change in words, for its record: "lr head 0.1". */
void trainer_set_lr(struct session *s, const bool *pick, const char *said);

#endif
