/* place.h: where a path leads: a folder that is held open, and a name in it.
 *
 * What is written goes by the folder's descriptor from then on, so that nobody can put a link in the way
 * (util/reach.h).
 */
#ifndef PLACE_H
#define PLACE_H

#include "util/err.h"

#include <stdbool.h>
#include <sys/stat.h>

struct place {
	int folder;
	char *name; /* in it; links followed, also to what does not exist yet */
};

/* -1 with a sentence that names the file, what is wrong and the way out. */
int place_open(struct place *p, const char *path, struct err *e);
void place_close(struct place *p);
bool place_stat(const struct place *p, struct stat *st); /* what stands there; false: nothing */

/* Whether a path leads to something that is no regular file, as a device or a pipe. */
bool place_special(const char *path, struct stat *st);
/* Opens such a thing for writing; it never blocks (signals_write). -1 with errno. */
int place_open_special(const char *path, const struct stat *st);
/* Opens for writing as it stands, emptied: a transcript, which is written while it grows. -1 with a sentence. */
int place_open_stream(const char *path, struct err *e);

/* Whether --safe does not let this file be read, or written; then with a sentence. Nothing is opened. */
bool place_refused(const char *path, bool write, struct err *e);

/* The sentence for an errno; EXDEV is for what --safe does not let. -1. */
int place_failed(struct err *e, const char *path, int error);

#endif
