/* compare.h: what the files of `compare` share. */
#ifndef COMPARE_H
#define COMPARE_H

#include "language/cmd.h"

int compare_runs(struct session *s, const struct cmd_args *a, struct err *e); /* compare r1 r2 ... */

#endif
