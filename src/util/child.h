/* child.h: another program that is given bytes and gives bytes, and is not trusted to end. */
#ifndef CHILD_H
#define CHILD_H

#include "util/err.h"

#include <stddef.h>
#include <stdint.h>

struct child {
	char *const *argv; /* NULL-terminated; argv[0] is its path */
	const void *in; /* what it reads as its standard input; its errors go nowhere */
	size_t n;
	size_t out_max; /* bytes that it may give */
	double seconds; /* that it may take */
};

enum { CHILD_UNSTARTED = -2, CHILD_UNLINKED = -3 };

/* Runs it to its end. *out: all that it gave, the caller's to free, NULL where that is nothing. -1 with a phrase, where
 * it did not end well: "was ended by signal 11". One of the above with a phrase, where it has not run at all: it could
 * not be started, or seems to lack a library. A signal that asks for an end ends it, too. */
int child_run(const struct child *c, uint8_t **out, size_t *nout, struct err *e);

#endif
