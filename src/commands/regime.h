/* regime.h: what `train` is asked beside its settings: when it scores, when it ends, and what stays. */
#ifndef REGIME_H
#define REGIME_H

#include "language/cmd.h"
#include "past/run.h"

/* Reads validate=, by=, stop= and checkpoint= into the record of a run, whose watch is known. -1 with a sentence. */
int regime_read(const struct cmd_args *a, struct run *r, struct err *e);
int regime_check(struct session *s, const struct cmd_args *a, struct err *e); /* what can be said before it runs */
int regime_keep(struct session *s, const char *path, struct err *e); /* writes a checkpoint */
/* Reads checkpoint=best:FILE of a run that is gone on with. */
int regime_resume(struct session *s, const struct cmd_args *a, struct run *r, struct err *e);

#endif
