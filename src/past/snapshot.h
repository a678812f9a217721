/* snapshot.h: weights that were kept under a name. */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#include "util/err.h"

#include <stddef.h>

struct snapshot {
	char *name;
	float *weights; /* canonical block */
	size_t params;
};

struct snapshots {
	int n;
	struct snapshot **list;
};

/* Takes the weights over; a snapshot of the same name is replaced. -1 with a sentence when it is no name: the weights
 * stay the caller's. */
int snapshots_keep(struct snapshots *p, const char *name, float *weights, size_t params, struct err *e);
/* NULL with a sentence */
const struct snapshot *snapshots_find(const struct snapshots *p, const char *name, struct err *e);
void snapshots_clear(struct snapshots *p); /* forgets all, when the model changes its shape */
void snapshots_free(struct snapshots *p);

#endif
