/* temp.h: a file without a name, or with a passing one, that takes the place of another.
 *
 * A passing name is .NAME.thaw-XXXXXX, and its file is locked as long as its writer lives: whoever opens the next in
 * that folder removes those that nobody holds, which a kill has left.
 */
#ifndef TEMP_H
#define TEMP_H

#include "util/place.h"

#define TEMP_NAME_MAX 128

struct temp {
	struct place place; /* where it will stand */
	int fd;
	char name[TEMP_NAME_MAX]; /* in the same folder; "": it has none */
};

int temp_open(struct temp *t); /* t->place is open. -1 with errno */
/* Puts it in its place; keep: fails with EEXIST where something stands there. -1 with errno. */
int temp_install(struct temp *t, bool keep);
void temp_leave(struct temp *t); /* a copy of this process installs or removes it */
void temp_drop(struct temp *t); /* closes everything, and removes what was not installed */

/* Removes those that are open; for the handler of a crash, whatever held the processor. */
void temp_crash(void);

#endif
