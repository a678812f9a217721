/* xmalloc.h: small allocations that cannot fail, and strings made of them. Big ones (images, weights) use malloc and
 * report. */
#ifndef XMALLOC_H
#define XMALLOC_H

#include <stddef.h>

/* Hidden, since readline calls functions of the same names and would find these. */
#pragma GCC visibility push(hidden)

void *xmalloc(size_t n);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t n, size_t size); /* checks n * size */
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#pragma GCC visibility pop

#endif
