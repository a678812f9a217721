/* mem.h: small allocations of ui that cannot fail: without memory for a line of text there is nothing left to show, so
 * they end the program. Big ones (a picture's pixels) use malloc and report.
 */
#ifndef UI_MEM_H
#define UI_MEM_H

#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

void *ui_alloc(size_t n, size_t size); /* zeroed */
void *ui_realloc(void *p, size_t n, size_t size); /* checks n * size */
char *ui_strdup(const char *s); /* NULL gives NULL */
char *ui_strndup(const char *s, size_t n);

ssize_t ui_getline(char **line, size_t *cap, FILE *f); /* as getline, which is silent about memory */

/* What is called before the program ends for lack of memory, and may end it. */
void ui_memory_out(void (*last)(void));

/* Makes room for one more: returns p, grown by doubling when n has reached *cap. */
void *ui_grow(void *p, size_t n, size_t *cap, size_t size);

#endif
