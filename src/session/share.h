/* share.h: the trials of the sweeps of a script as a plan, of which this process does a share. */
#ifndef SHARE_H
#define SHARE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct share {
	bool lists; /* sweeps add their trials to the plan, and do none; commands that only show are passed over */
	json_t *trials; /* of the plan, in order: {"trial": from 1, "set", "seed", "commands", "key"} */
	size_t slice, slices; /* those whose number, counted from 0, leaves slice - 1 as a remainder are done */
	size_t next; /* the first trial of the next sweep, from 0 */
	size_t mine, found; /* of the sweeps so far: trials of the share that are done, and those that the store had */
	size_t missing; /* those that failed */
};

#endif
