/* xmalloc.h: small allocations that cannot fail, and strings made of them: where one does, memory_out ends the program.
 * Big ones (images, weights) use malloc and report. */
#ifndef XMALLOC_H
#define XMALLOC_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

/* Hidden, since readline calls functions of the same names and would find these. */
#pragma GCC visibility push(hidden)

void *xmalloc(size_t n);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t n, size_t size); /* checks n * size */
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
char *xvasprintf(const char *fmt, va_list ap) __attribute__((format(printf, 1, 0)));
ssize_t xgetline(char **line, size_t *cap, FILE *f); /* as getline, which is silent about memory */

/* Ends the program as it ends where a small allocation fails. On the thread that called memory_guard: gives back the
 * memory that was set aside and calls last with again false, and with again true where memory is missing once more in
 * there. On a thread that called memory_thread: calls that, and stands still for good. Else, or where these return: one
 * sentence, and status 1. */
_Noreturn void memory_out(void);
void memory_guard(void (*last)(void *arg, bool again), void *arg); /* NULL: no more */
void memory_thread(void (*last)(void *arg), void *arg);

/* From memory_try to memory_tried, on this thread, what jansson allocates and what a str (text.h) grows by may fail,
 * and they hold less than they should. memory_tried says false where that happened: what was made is to be thrown
 * away. For long texts only, where the session goes on. */
void memory_try(void);
bool memory_tried(void);
void *memory_realloc(void *p, size_t n); /* NULL only between the two */
void *memory_json(size_t n); /* for json_set_alloc_funcs: the same */

#pragma GCC visibility pop

#endif
