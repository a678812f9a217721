/* share.h: the trials of a script's sweeps and comparisons as a plan, of which this process does a share. */
#ifndef SHARE_H
#define SHARE_H

#include "util/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct share {
	bool lists; /* commands add their trials to the plan, and do none; those that only show are passed over */
	json_t *trials; /* of the plan, in order: {"trial": from 1, "set", "seed", "commands", "key"} */
	size_t slice, slices; /* those whose number, counted from 0, leaves slice - 1 as a remainder are done */
	size_t next; /* the first trial of the next command, from 0 */
	size_t mine, found; /* of the commands so far: trials of the share that are done, and that the store had */
	size_t missing; /* those that failed */
};

/* Adds a trial to the plan. */
void share_list(struct share *s, const char *set, uint64_t seed, const char *commands, const char *key);

/* For all of these s may be NULL: there is no plan, and all trials are this process's.
 *
 * A command with so many trials begins, of which the first has this number in the plan. -1 with a sentence: there are
 * fewer in it. */
int share_begin(struct share *s, size_t trials, size_t *first, struct err *e);
bool share_has(const struct share *s, size_t trial); /* it is this process's */
int share_check(const struct share *s, size_t trial, const char *key, struct err *e); /* it is the planned one, or -1 */
void share_end(struct share *s, int done, int missing, int found); /* what became of those that are this process's */

#endif
