/* faults.c: a library for LD_PRELOAD that makes one call of a process fail, or all from one on.
 *
 *	FAULT		the calls that are counted, with commas between: alloc write fsync rename open close truncate
 *	FAULT_AT	the number of the call that fails, from 1; 0 or nothing: none does
 *	FAULT_ON	not empty: all calls behind it fail as well
 *	FAULT_LARGE	allocations below so many bytes are not counted
 *	FAULT_ERRNO	the number of the error (ENOMEM where an allocation fails, whatever stands here)
 *	FAULT_SHORT	not empty: a write that would fail writes half of its bytes instead
 *	FAULT_COUNT	a file that gets the number of calls when the process exits
 *
 * write, close and truncate are counted for regular files only: the program's own pipes are no part of a test. A stream
 * opened for writing writes through write(), so that a transcript is reached as well; libc's own would not.
 *
 * Allocations by cairo itself are let through: where one fails while a shape gets its edges, cairo 1.16 jumps into a
 * function that has returned, and libc ends the process. ui/figure_cairo.c looks for memory before it draws.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void *__libc_memalign(size_t align, size_t n);

enum { ALLOC, WRITE, FSYNC, RENAME, OPEN, CLOSE, TRUNCATE, KINDS };

static const char *const names[KINDS] = {"alloc", "write", "fsync", "rename", "open", "close", "truncate"};
static bool counted[KINDS], on, halves;
static long at, large;
static int error = EIO;
static atomic_long calls;
static const char *count_file;

static bool
fails(int kind)
{
	long n;

	if (!counted[kind])
		return false;
	n = atomic_fetch_add(&calls, 1) + 1;
	if (at == 0 || n < at || (n > at && !on))
		return false;
	errno = kind == ALLOC ? ENOMEM : error;
	return true;
}

static bool
regular(int fd)
{
	struct stat st;
	int saved = errno;
	bool yes = syscall(SYS_newfstatat, fd, "", &st, AT_EMPTY_PATH) == 0 && S_ISREG(st.st_mode);

	errno = saved;
	return yes;
}

static long
number(const char *name, long otherwise)
{
	const char *text = getenv(name);

	return text != NULL && *text != '\0' ? strtol(text, NULL, 10) : otherwise;
}

/* No call fails from here on: what a build that counts branches writes at its end is no part of a test. */
void
faults_over(void)
{
	at = 0;
}

static void __attribute__((constructor))
begin(void)
{
	const char *what = getenv("FAULT");

	at = number("FAULT_AT", 0);
	large = number("FAULT_LARGE", 0);
	on = number("FAULT_ON", 0) != 0;
	halves = number("FAULT_SHORT", 0) != 0;
	error = (int)number("FAULT_ERRNO", EIO);
	count_file = getenv("FAULT_COUNT");
	for (int k = 0; k < KINDS && what != NULL; k++)
		counted[k] = strstr(what, names[k]) != NULL;
}

static void __attribute__((destructor))
end(void)
{
	char text[32];
	int n = snprintf(text, sizeof text, "%ld\n", atomic_load(&calls)), fd;

	if (count_file == NULL || (fd = (int)syscall(SYS_openat, AT_FDCWD, count_file, O_WRONLY | O_CREAT | O_TRUNC, 0600)) < 0)
		return;
	syscall(SYS_write, fd, text, n);
	syscall(SYS_close, fd);
}

/* ---- memory ---- */

static bool
missing(size_t n, void *caller)
{
	Dl_info in;

	if (!counted[ALLOC] || n < (size_t)large)
		return false;
	if (dladdr(caller, &in) != 0 && in.dli_fname != NULL && (strstr(in.dli_fname, "/libcairo.so") != NULL ||
	    strstr(in.dli_fname, "/libpixman-1.so") != NULL))
		return false;
	return fails(ALLOC);
}

#define CALLER __builtin_return_address(0)

void *
malloc(size_t n)
{
	return missing(n, CALLER) ? NULL : __libc_malloc(n);
}

void *
calloc(size_t n, size_t size)
{
	return missing(n * size, CALLER) ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *p, size_t n)
{
	return missing(n, CALLER) ? NULL : __libc_realloc(p, n);
}

int
posix_memalign(void **p, size_t align, size_t n)
{
	void *q = missing(n, CALLER) ? NULL : __libc_memalign(align, n);

	if (q == NULL)
		return ENOMEM;
	*p = q;
	return 0;
}

void *
aligned_alloc(size_t align, size_t n)
{
	return missing(n, CALLER) ? NULL : __libc_memalign(align, n);
}

/* ---- files ---- */

ssize_t
write(int fd, const void *buf, size_t n)
{
	if (counted[WRITE] && regular(fd) && fails(WRITE)) {
		if (!halves || n < 2)
			return -1;
		n /= 2;
	}
	return syscall(SYS_write, fd, buf, n);
}

int
fsync(int fd)
{
	return fails(FSYNC) ? -1 : (int)syscall(SYS_fsync, fd);
}

int
fdatasync(int fd)
{
	return fails(FSYNC) ? -1 : (int)syscall(SYS_fdatasync, fd);
}

int
renameat(int from_folder, const char *from, int to_folder, const char *to)
{
	return fails(RENAME) ? -1 : (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, 0);
}

/* What gives a file without a name its name, where it had none before. */
int
linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
	return fails(RENAME) ? -1 : (int)syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
}

int
rename(const char *from, const char *to)
{
	return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

int
openat(int folder, const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode;

	va_start(ap, flags);
	mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	return fails(OPEN) ? -1 : (int)syscall(SYS_openat, folder, path, flags, mode);
}

int
open(const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode;

	va_start(ap, flags);
	mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	return openat(AT_FDCWD, path, flags, mode);
}

int
mkostemp(char *path, int flags)
{
	static atomic_uint made;
	size_t n = strlen(path);
	int fd;

	for (int tries = 0; tries < 100; tries++) {
		snprintf(path + n - 6, 7, "%06u", (unsigned)getpid() % 1000 * 1000 + atomic_fetch_add(&made, 1) % 1000);
		fd = openat(AT_FDCWD, path, O_RDWR | O_CREAT | O_EXCL | flags, 0600);
		if (fd >= 0 || errno != EEXIST)
			return fd;
	}
	return -1;
}

int
close(int fd)
{
	bool fail = counted[CLOSE] && regular(fd) && fails(CLOSE);
	int saved = errno, rc = (int)syscall(SYS_close, fd);

	if (fail)
		errno = saved;
	return fail ? -1 : rc;
}

int
ftruncate(int fd, off_t length)
{
	return fails(TRUNCATE) ? -1 : (int)syscall(SYS_ftruncate, fd, length);
}

static ssize_t
stream_write(void *fd, const char *buf, size_t n)
{
	size_t done = 0;

	while (done < n) {
		ssize_t r = write((int)(ptrdiff_t)fd, buf + done, n - done);

		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			return 0;
		done += (size_t)r;
	}
	return (ssize_t)n;
}

static int
stream_close(void *fd)
{
	return close((int)(ptrdiff_t)fd);
}

FILE *
fopen(const char *path, const char *mode)
{
	static const cookie_io_functions_t io = {.write = stream_write, .close = stream_close};
	int flags = *mode == 'r' ? O_RDONLY : *mode == 'w' ? O_WRONLY | O_CREAT | O_TRUNC : O_WRONLY | O_CREAT | O_APPEND;
	int fd = open(path, flags | O_CLOEXEC, 0666);
	FILE *f;

	if (fd < 0)
		return NULL;
	f = *mode == 'r' ? fdopen(fd, "r") : fopencookie((void *)(ptrdiff_t)fd, "w", io);
	if (f == NULL)
		syscall(SYS_close, fd);
	return f;
}
