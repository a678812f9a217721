/* trait.h: what is set side by side of runs: their settings, and the figures that they came to. */
#ifndef TRAIT_H
#define TRAIT_H

#include "past/run.h"
#include "util/row.h"

#define TRAITS 37

struct trait {
	const char *name;
	char *(*text)(const struct run *r); /* a setting, "" where a run was asked nothing; the caller's */
	double (*figure)(const struct run *r); /* NULL: a setting */
	bool least; /* the smallest figure is the best */
	bool number; /* a setting that is one, or none where it does not apply */
	bool quiet; /* a setting that is said where it differs, not where it is alike */
};

extern const struct trait traits[TRAITS]; /* the settings first */

char *trait_of(const struct trait *t, const struct run *r); /* as programs have it; the caller's */
char *trait_said(const struct trait *t, const struct run *r); /* for people; the caller's */
bool trait_differs(const struct trait *t, struct run *const *run, int n);
/* Whether run[i] has the best figure, which one other at least does not have. */
bool trait_best(const struct trait *t, struct run *const *run, int n, int i);
/* What differs so that figures cannot be told better from worse: "splits"; NULL: nothing does. */
const char *trait_apart(struct run *const *run, int n);

/* A run as a row of all of them, for programs. The cells are good as long as this is, and the run. */
struct trait_row {
	char name[16], *text[TRAITS];
	struct row_cell cell[TRAITS + 3]; /* behind them its seconds */
};
void trait_row(struct trait_row *x, const struct run *r, bool json); /* json: as an object, which takes over lists */
void trait_row_free(struct trait_row *x);

#endif
