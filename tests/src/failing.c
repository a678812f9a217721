/* failing.c: calls that fail when a test wants it. */
#include "tests/src/failing.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <png.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

static atomic_int kind = FAILING_KINDS, left, failing_errno;
static atomic_bool struck, stays;
static _Thread_local int small; /* within an allocation that ends the program */
static _Thread_local bool tries; /* between memory_try and memory_tried */

void
failing_at(enum failing what, int n, int error)
{
	struck = stays = false;
	left = n;
	failing_errno = error;
	kind = (int)what;
}

void
failing_from(enum failing what, int n, int error)
{
	failing_at(what, n, error);
	stays = true;
}

bool
failing_struck(void)
{
	kind = FAILING_KINDS;
	return struck;
}

static bool
fails(enum failing what)
{
	int before;

	if (kind != (int)what || (what == FAILING_MEMORY && small > 0))
		return false;
	before = atomic_fetch_sub(&left, 1);
	if (before > 1 || (before < 1 && !stays))
		return false;
	struck = true;
	errno = failing_errno;
	return true;
}

/* Each is called in place of NAME, and calls it by the name __real_NAME. */
#define WRAP(type, name, args, call, what, failed) \
	type __real_##name args; \
	type __wrap_##name args; \
	type \
	__wrap_##name args \
	{ \
		return fails(what) ? failed : __real_##name call; \
	}

WRAP(void *, malloc, (size_t n), (n), FAILING_MEMORY, NULL)
WRAP(void *, calloc, (size_t n, size_t size), (n, size), FAILING_MEMORY, NULL)
WRAP(void *, realloc, (void *p, size_t n), (p, n), FAILING_MEMORY, NULL)
WRAP(int, posix_memalign, (void **p, size_t align, size_t n), (p, align, n), FAILING_MEMORY, ENOMEM)
WRAP(int, inflateInit2_, (z_stream *z, int bits, const char *version, int size), (z, bits, version, size),
    FAILING_MEMORY, Z_MEM_ERROR)
WRAP(png_structp, png_create_read_struct, (const char *v, void *p, png_error_ptr e, png_error_ptr w), (v, p, e, w),
    FAILING_MEMORY, NULL)
WRAP(png_structp, png_create_write_struct, (const char *v, void *p, png_error_ptr e, png_error_ptr w), (v, p, e, w),
    FAILING_MEMORY, NULL)
WRAP(png_infop, png_create_info_struct, (png_const_structp png), (png), FAILING_MEMORY, NULL)
WRAP(int, fstat, (int fd, struct stat *st), (fd, st), FAILING_STAT, -1)
WRAP(FILE *, fdopen, (int fd, const char *mode), (fd, mode), FAILING_STREAM, NULL)
WRAP(FILE *, open_memstream, (char **p, size_t *n), (p, n), FAILING_STREAM, NULL)
WRAP(DIR *, fdopendir, (int fd), (fd), FAILING_STREAM, NULL)
WRAP(int, pthread_create, (pthread_t *t, const pthread_attr_t *how, void *(*f)(void *), void *arg), (t, how, f, arg),
    FAILING_THREAD, EAGAIN)

/* What is asked for instead is not there either, so that dlerror has words. */
void *__real_dlopen(const char *name, int flags);
void *__wrap_dlopen(const char *name, int flags);
void *__real_dlsym(void *library, const char *name);
void *__wrap_dlsym(void *library, const char *name);

void *
__wrap_dlopen(const char *name, int flags)
{
	return __real_dlopen(fails(FAILING_LIBRARY) ? "libnowhere.so" : name, flags);
}

void *
__wrap_dlsym(void *library, const char *name)
{
	return __real_dlsym(library, fails(FAILING_LIBRARY) ? "no_such_call" : name);
}

#define WRAP_READ(type, name, args, call) \
	type __real_##name args; \
	type __wrap_##name args; \
	type \
	__wrap_##name args \
	{ \
		return fails(FAILING_END) ? 0 : fails(FAILING_READ) ? (type)-1 : __real_##name call; \
	}

WRAP_READ(ssize_t, read, (int fd, void *p, size_t n), (fd, p, n))
WRAP_READ(ssize_t, pread, (int fd, void *p, size_t n, off_t at), (fd, p, n, at))

size_t __real_fread(void *p, size_t size, size_t n, FILE *f);
size_t __wrap_fread(void *p, size_t size, size_t n, FILE *f);

size_t
__wrap_fread(void *p, size_t size, size_t n, FILE *f)
{
	return fails(FAILING_END) || fails(FAILING_READ) ? 0 : __real_fread(p, size, n, f);
}

/* ---- small allocations ---- */

#define SMALL(type, name, args, call) \
	type __real_##name args; \
	type __wrap_##name args; \
	type \
	__wrap_##name args \
	{ \
		type made; \
		small++; \
		made = __real_##name call; \
		small--; \
		return made; \
	}

SMALL(void *, xmalloc, (size_t n), (n))
SMALL(void *, xcalloc, (size_t n, size_t size), (n, size))
SMALL(void *, xrealloc, (void *p, size_t n, size_t size), (p, n, size))
SMALL(char *, xstrdup, (const char *s), (s))
SMALL(char *, xstrndup, (const char *s, size_t n), (s, n))
SMALL(void *, ui_alloc, (size_t n, size_t size), (n, size))
SMALL(void *, ui_realloc, (void *p, size_t n, size_t size), (p, n, size))
SMALL(char *, ui_strdup, (const char *s), (s))
SMALL(char *, ui_strndup, (const char *s, size_t n), (s, n))
SMALL(void *, ui_grow, (void *p, size_t n, size_t *cap, size_t size), (p, n, cap, size))

#define TRIED(name, args, call) \
	void *__real_##name args; \
	void *__wrap_##name args; \
	void * \
	__wrap_##name args \
	{ \
		void *made; \
		small += !tries; \
		made = __real_##name call; \
		small -= !tries; \
		return made; \
	}

TRIED(memory_realloc, (void *p, size_t n), (p, n))
TRIED(memory_json, (size_t n), (n))

void __real_memory_try(void);
void __wrap_memory_try(void);
bool __real_memory_tried(void);
bool __wrap_memory_tried(void);

void
__wrap_memory_try(void)
{
	tries = true;
	__real_memory_try();
}

bool
__wrap_memory_tried(void)
{
	tries = false;
	return __real_memory_tried();
}
