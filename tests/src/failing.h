/* failing.h: calls that fail when a test wants it: the linker leads them here (failing_wraps in Makefile.am).
 *
 * Memory counts where its lack is an error that somebody is told of: of the small allocations that end the program only
 * those between memory_try and memory_tried.
 */
#ifndef FAILING_H
#define FAILING_H

#include <stdbool.h>

enum failing {
	FAILING_MEMORY, /* malloc and its like, and in libraries: an object that cannot be made */
	FAILING_READ, /* read, pread, fread */
	FAILING_END, /* the same come to an early end */
	FAILING_STAT, /* fstat */
	FAILING_STREAM, /* fdopen, fdopendir, open_memstream */
	FAILING_THREAD, /* pthread_create */
	FAILING_LIBRARY, /* dlopen, dlsym */
	FAILING_KINDS,
};

void failing_at(enum failing what, int n, int error); /* the n-th from here on fails, from 1 */
void failing_from(enum failing what, int n, int error); /* so do all that come behind it */
bool failing_struck(void); /* whether it has come to that; nothing fails any more */

#endif
