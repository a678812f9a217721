/* slice.h: which part of the work is this process's: as the option says, or as a scheduler does in the environment. */
#ifndef SLICE_H
#define SLICE_H

#include "util/err.h"

#include <stddef.h>

struct slice {
	size_t i, n; /* i from 1 to n */
	int here; /* how many of the n share this machine, as far as that is told; at least 1 */
	char by[64]; /* what has told: "SLURM_ARRAY_TASK_ID", ...; "" for nothing */
};

/* "2/10". -1 with a sentence. */
int slice_read(struct slice *s, const char *text, struct err *e);
/* A task of a Slurm array; within it, or without one, a rank of Open MPI, of PMI, of Kubernetes' indexed job, or of a
 * step of Slurm. Without any: all. -1 with a sentence where what is set makes no sense. */
int slice_environment(struct slice *s, struct err *e);

#endif
