/* atomic.h: files that are replaced whole or not at all.
 *
 * The bytes go into another file in the target's folder, which takes the target's place after a successful fsync. On
 * any failure the target is what it was, and the other file is gone. A target that exists keeps its permissions; a
 * symbolic link stays one, and what it points to is replaced. A character device or a pipe is written straight.
 */
#ifndef ATOMIC_H
#define ATOMIC_H

#include "util/err.h"

#include <stdbool.h>
#include <stdio.h>

struct atomic_file;

/* Opens it (util/temp.h). NULL with a sentence that names the file, what is wrong and the way out. */
struct atomic_file *atomic_open(const char *path, struct err *e);
FILE *atomic_stream(struct atomic_file *a);
/* Flushes, syncs, renames and releases a. Returns the bytes written, or -1 with a sentence and the target untouched. */
long long atomic_commit(struct atomic_file *a, struct err *e);
void atomic_keep(struct atomic_file *a); /* what stands there by then stays, and the commit fails */
/* What is new is for the group of its folder, too, where that is shared (util/shared.h). */
void atomic_for_group(struct atomic_file *a);
/* For a file that a copy of this process writes and commits: the descriptor of what takes the target's place, locked
 * (flock) as long as it is open here; the caller's to close. -1 with errno. */
int atomic_share(struct atomic_file *a);
void atomic_leave(struct atomic_file *a); /* it is the copy's from here on: releases a, and removes nothing */
void atomic_abort(struct atomic_file *a); /* releases a; NULL is fine */

#endif
