/* runs.h: a run as a line of `runs`. */
#ifndef RUNS_H
#define RUNS_H

#include "past/index.h"
#include "past/trait.h"
#include "session/session.h"

#define RUNS_MORE 6

struct runs_look {
	/* columns of each; own: of r2, hash: of the record's name beside it */
	int own, hash, split, epochs, lr, frozen, tags;
	unsigned without; /* bits of runs_leaving, which have no room */
	struct { /* columns of settings in which the runs differ, and that stand in no other one */
		const struct trait *of;
		int width; /* negative: to the left */
	} more[RUNS_MORE];
	int nmore;
	struct str unseen; /* the names of such that have no room; freed by runs_differ */
	bool kept; /* there is a store, so that runs may have tags and notes */
	bool head;
	char changed[16]; /* the first with a mark, since it was changed while it went on; "": none */
};

/* Makes room for a run; x as below. Then runs_fit adds columns for what they differ in, and takes some away as long as
 * a line is wider than that. */
void runs_widths(struct session *s, struct runs_look *l, const struct run *r, const struct index_row *x);
void runs_fit(struct runs_look *l, struct run *const *run, int n, int width);
void runs_differ(struct session *s, struct runs_look *l); /* behind them: says in what else they differ */
/* x: what the index says of it; NULL: it was not asked. */
void runs_row(struct session *s, const struct run *r, const struct index_row *x, struct runs_look *l);
/* Lists what the index has found, and says what of the store cannot be read; how many runs that was. (runs_found.c) */
size_t runs_found(struct session *s, struct index *x, const struct index_answer *a);

#endif
