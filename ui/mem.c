/* mem.c: small allocations that cannot fail. */
#include "mem.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void (*ui_last)(void);

void
ui_memory_out(void (*last)(void))
{
	ui_last = last;
}

static void
ui_die(void)
{
	if (ui_last != NULL)
		ui_last();
	fputs("thaw: error: not enough memory to go on; close other programs\n", stderr);
	_exit(1);
}

void *
ui_alloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (p == NULL)
		ui_die();
	return p;
}

void *
ui_realloc(void *p, size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size)
		ui_die();
	p = realloc(p, n != 0 && size != 0 ? n * size : 1);
	if (p == NULL)
		ui_die();
	return p;
}

char *
ui_strndup(const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *p = ui_alloc(len + 1, 1);

	memcpy(p, s, len);
	return p;
}

char *
ui_strdup(const char *s)
{
	return s != NULL ? ui_strndup(s, strlen(s)) : NULL;
}

void *
ui_grow(void *p, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return p;
	*cap = *cap != 0 ? *cap * 2 : 8;
	return ui_realloc(p, *cap, size);
}

ssize_t
ui_getline(char **line, size_t *cap, FILE *f)
{
	ssize_t n;

	errno = 0;
	if ((n = getline(line, cap, f)) < 0 && errno == ENOMEM)
		ui_die();
	return n;
}
