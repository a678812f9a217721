/* snapshot.h: models as they were, kept under names. */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#include "past/undo_point.h"

struct snapshot {
	char *name;
	struct undo_point *was;
};

struct snapshots {
	int n;
	struct snapshot **list;
};

/* Takes the model as it is over and replaces a snapshot of the same name. -1 with a sentence when the name is not
 * allowed: it stays the caller's. */
int snapshots_keep(struct snapshots *p, const char *name, struct undo_point *was, struct err *e);
/* NULL with a sentence when there is none of that name. */
const struct snapshot *snapshots_find(const struct snapshots *p, const char *name, struct err *e);
void snapshots_free(struct snapshots *p);

#endif
