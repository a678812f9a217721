/* compare.h: what the files of `compare` share. */
#ifndef COMPARE_H
#define COMPARE_H

#include "commands/kept.h"
#include "language/cmd.h"
#include "session/session.h"
#include "train/trial.h"
#include "util/text.h"

#include <stdatomic.h>

int compare_runs(struct session *s, const struct cmd_args *a, struct err *e); /* compare r1 r2 ... */
int compare_runs_check(struct session *s, const struct cmd_args *a, struct err *e); /* what its words tell */

/* The weights whose features `compare modes` takes, the caller's: after the run, of the snapshot or as they are now, as
 * `point` says, or without one after the last run that did not train this split; what to call them is put into `said`.
 * NULL with a sentence. */
float *compare_source(struct session *s, const char *point, const struct split *split, char *said, size_t size,
    struct err *e);

/* What `compare modes` prints, with the table as a file has it into c. */
void compare_table(struct session *s, struct compared *c);

/* What is said below the table: where modes do not differ, and that a single seed has no error. */
void compare_notes(struct session *s, const struct compared *c, int head_epochs);

/* Trials of `compare modes` that the store has, or gets; or that stand in a plan. */
struct compare_kept {
	struct session *s;
	struct trials *t;
	json_t *asked; /* what all of them follow from; NULL: there is no store, and no plan */
	char source[65]; /* hash of the weights whose features are taken; "": there are none */
	size_t first; /* the number of the first trial in the plan */
	int found, others; /* trials that the store had, and those of other processes */
	atomic_int done; /* trials that are, those among them */
	struct kept_damaged damaged;
	struct err unkept; /* why results are not in the store; no text: they are, or there is none */
};

/* Counts the trials that are done and, with a store, keeps each of them from now on. The settings are those of the
 * comparison; k stays where it is as long as the trials do. */
void compare_kept_begin(struct compare_kept *k, struct session *s, const struct settings *set, struct trials *t);
/* Those that the store has are done, and those of other processes that go by the same plan. Hashes the data for it. -1
 * with a sentence: the plan is of other trials, or hashing was cut short. */
int compare_kept_find(struct compare_kept *k, struct err *e);
void compare_kept_end(const struct compare_kept *k); /* says how many of a plan are done */
/* Adds all of them to the plan, with the command that would do each of them alone. */
int compare_kept_list(struct compare_kept *k, const struct cmd_args *a, struct err *e);
void compare_kept_free(struct compare_kept *k);

#endif
