/* runs.h: a run as a line of `runs`. */
#ifndef RUNS_H
#define RUNS_H

#include "past/index.h"
#include "session/session.h"

struct runs_look {
	int name, split, frozen; /* columns */
	bool kept; /* there is a store, so that runs may have tags and notes */
	bool head;
};

void runs_widths(struct session *s, struct runs_look *l, const struct run *r); /* makes room for it */
/* x: what the index says of it; NULL: it was not asked. */
void runs_row(struct session *s, const struct run *r, const struct index_row *x, struct runs_look *l);

#endif
