/* runs.h: a run as a line of `runs`. */
#ifndef RUNS_H
#define RUNS_H

#include "past/index.h"
#include "session/session.h"

struct runs_look {
	/* columns of each; own: of r2, hash: of the record's name beside it */
	int own, hash, split, epochs, lr, frozen, tags;
	unsigned without; /* bits of runs_leaving, which have no room */
	bool kept; /* there is a store, so that runs may have tags and notes */
	bool head;
};

/* Makes room for a run; x as below. Then runs_fit takes columns away as long as a line is wider than that. */
void runs_widths(struct session *s, struct runs_look *l, const struct run *r, const struct index_row *x);
void runs_fit(struct runs_look *l, int width);
/* x: what the index says of it; NULL: it was not asked. */
void runs_row(struct session *s, const struct run *r, const struct index_row *x, struct runs_look *l);
/* Lists what the index has found, and says what of the store cannot be read; how many runs that was. (runs_found.c) */
size_t runs_found(struct session *s, struct index *x, const struct index_answer *a);

#endif
