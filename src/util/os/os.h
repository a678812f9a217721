/* os.h: what differs between systems: the machine, the own path, random bytes, pipes, streams over functions, rights
 * that can be given up.
 *
 * Linux has all of it. For each there is a check of configure's (config.h) and a plain way without, which is all that
 * OS_PLAIN leaves; the tests are run with that, too.
 */
#ifndef OS_H
#define OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

/* ---- machine.c ---- */

int os_processors(void); /* of the affinity mask, the cgroup and a task of Slurm, at least 1 */
size_t os_memory(void); /* bytes available now: of the machine, or what the cgroup leaves, whichever is less */
/* The same, under another root than "/" (tests). mask: processors of the affinity mask. */
int os_processors_at(const char *root, int mask);
size_t os_memory_at(const char *root);

/* ---- confine.c ---- */

struct os_path {
	const char *path; /* a file, or a folder and all below */
	bool write;
	bool run; /* a program that may be started; it reads what it needs under the same rules */
};

/* From here on this thread, and those that it starts, open nothing but these, start no program that is not among them
 * and use no network, as far as the kernel can refuse it (Linux' Landlock). What is open stays so. The first path has
 * to be there. Returns the version of Landlock; 0: there is none, and nothing has changed. */
int os_confine(const struct os_path *paths, size_t n);
/* The program that loads those of this kind, "/lib64/ld-linux-x86-64.so.2": whoever may start one has to be allowed
 * it, too. NULL: there is none. */
const char *os_loader(void);

/* ---- system.c ---- */

bool os_self(char *path, size_t size); /* the path of the program that runs; false: it is not to be had */
int os_random(void *p, size_t n); /* bytes that nobody can foresee; n <= 256; -1 with errno */
void os_one_arena(void); /* glibc's malloc gives each thread 64 or 128 MB of address space; from here on it does not */
void os_end_with(pid_t parent); /* this process gets SIGTERM when the thread that has forked it ends, where it can */
int os_pipe(int fd[2]); /* neither end blocks nor outlives an exec; -1 with errno */

/* A stream whose bytes go to a function, which returns how many it took, 0 for an error, after which the stream is bad.
 * Where the system knows no such streams the bytes are kept, and go there when the stream is closed. */
struct os_stream {
	FILE *f;
	ssize_t (*take)(void *arg, const char *p, size_t n); /* NULL: what still comes is dropped */
	void *arg;
	char *kept;
	size_t nkept;
};

int os_stream_open(struct os_stream *s, ssize_t (*take)(void *arg, const char *p, size_t n), void *arg); /* -1: errno */
int os_stream_close(struct os_stream *s); /* -1: a byte was not taken */

#endif
