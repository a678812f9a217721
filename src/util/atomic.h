/* atomic.h: files that are replaced whole or not at all.
 *
 * The bytes go into a temporary file beside the target, which takes the target's place after a successful fsync. On any
 * failure the target is what it was, and the temporary file is gone. A target that exists keeps its permissions; a
 * symbolic link stays one, and what it points to is replaced. A character device or a pipe is written straight.
 */
#ifndef ATOMIC_H
#define ATOMIC_H

#include "util/err.h"

#include <stdbool.h>
#include <stdio.h>

struct atomic_file;

/* Opens the temporary file. safe: refuse a target outside the working directory. NULL with a sentence that names the
 * file, what is wrong and the way out. */
struct atomic_file *atomic_open(const char *path, bool safe, struct err *e);
FILE *atomic_stream(struct atomic_file *a);
/* Flushes, syncs, renames and releases a. Returns the bytes written, or -1 with a sentence and the target untouched. */
long long atomic_commit(struct atomic_file *a, struct err *e);
void atomic_abort(struct atomic_file *a); /* releases a; NULL is fine */

/* Removes the temporary files of those that are open; for the handler of a crash, whatever held the processor. */
void atomic_crash(void);

/* Whether the file lies, or would lie, in the working directory, links followed. */
bool atomic_inside(const char *path);

#endif
