/* xmalloc.c: small allocations that cannot fail, and how the program ends where one does. */
#include "util/xmalloc.h"

#include "util/lack.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- the end ---- */

#define RESERVE (1 << 20) /* bytes set aside, enough to save a session of some runs */

static struct {
	void (*last)(void *arg, bool again);
	void *arg;
	pthread_t thread;
	void *reserve;
	bool under_way;
} guard;

static _Thread_local struct {
	void (*last)(void *arg);
	void *arg;
	bool trying, missed;
} here;

void
memory_guard(void (*last)(void *arg, bool again), void *arg)
{
	guard.last = last;
	guard.arg = arg;
	guard.thread = pthread_self();
	free(guard.reserve);
	guard.reserve = last != NULL ? malloc(RESERVE) : NULL;
}

void
memory_thread(void (*last)(void *arg), void *arg)
{
	here.last = last;
	here.arg = arg;
}

void
memory_out(void)
{
	char text[128];
	bool again = guard.under_way;
	ssize_t ignored;

	if (here.last != NULL) {
		here.last(here.arg);
		for (;;)
			pause();
	}
	if (guard.last != NULL && pthread_equal(guard.thread, pthread_self())) {
		guard.under_way = true;
		free(guard.reserve);
		guard.reserve = NULL;
		guard.last(guard.arg, again);
	} else {
		snprintf(text, sizeof text, "thaw: error: not enough memory to go on; %s\n", lack_memory_way());
		ignored = write(STDERR_FILENO, text, strlen(text));
		(void)ignored;
	}
	_exit(1);
}

/* ---- what may fail ---- */

void
memory_try(void)
{
	here.trying = true;
	here.missed = false;
}

bool
memory_tried(void)
{
	here.trying = false;
	return !here.missed;
}

void *
memory_realloc(void *p, size_t n)
{
	p = realloc(p, n != 0 ? n : 1);
	if (p == NULL && !here.trying)
		memory_out();
	here.missed |= p == NULL;
	return p;
}

void *
memory_json(size_t n)
{
	return memory_realloc(NULL, n);
}

/* ---- what cannot ---- */

void *
xmalloc(size_t n)
{
	void *p = malloc(n ? n : 1);

	if (p == NULL)
		memory_out();
	return p;
}

void *
xcalloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (p == NULL)
		memory_out();
	return p;
}

void *
xrealloc(void *p, size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size)
		memory_out();
	p = realloc(p, n != 0 && size != 0 ? n * size : 1);
	if (p == NULL)
		memory_out();
	return p;
}

char *
xstrdup(const char *s)
{
	return xstrndup(s, strlen(s));
}

char *
xstrndup(const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *p = xmalloc(len + 1);

	memcpy(p, s, len);
	p[len] = '\0';
	return p;
}

char *
xvasprintf(const char *fmt, va_list ap)
{
	char *p;

	if (vasprintf(&p, fmt, ap) < 0)
		memory_out();
	return p;
}

char *
xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	p = xvasprintf(fmt, ap);
	va_end(ap);
	return p;
}

ssize_t
xgetline(char **line, size_t *cap, FILE *f)
{
	ssize_t n;

	errno = 0;
	if ((n = getline(line, cap, f)) < 0 && errno == ENOMEM)
		memory_out();
	return n;
}
