/* schedule.h: how the rate changes in the course of a run. It multiplies the rates of all layers. */
#ifndef SCHEDULE_H
#define SCHEDULE_H

#include "util/err.h"

#include <stdint.h>

struct schedule {
	enum schedule_kind { SCHEDULE_NONE, SCHEDULE_STEP, SCHEDULE_COSINE } kind;
	int every; /* of STEP: after so many epochs */
	double factor; /* it is multiplied by this; of COSINE: the part of the rate that is left at the end */
};

/* "step=2,0.5", "cosine", "cosine=0.1"; -1 with a sentence. */
int schedule_parse(const char *text, struct schedule *x, struct err *e);
char *schedule_text(const struct schedule *x); /* the same again, "" for none; the caller's */
/* For the `step`-th batch of a run of `steps` (of all epochs), which belongs to its `epoch`-th epoch; all from 0. */
double schedule_factor(const struct schedule *x, uint32_t epoch, uint64_t step, uint64_t steps);

#endif
