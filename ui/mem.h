/* mem.h: UTF-8, and small allocations of ui that cannot fail: without memory for a line of text there is nothing left to show, so they
 * end the program. Big ones (a picture's pixels) use malloc and report.
 */
#ifndef UI_MEM_H
#define UI_MEM_H

#include <stddef.h>
#include <stdint.h>

void *ui_alloc(size_t n, size_t size); /* zeroed */
void *ui_realloc(void *p, size_t n, size_t size); /* checks n * size */
char *ui_strdup(const char *s); /* NULL gives NULL */
char *ui_strndup(const char *s, size_t n);

/* Makes room for one more: returns p, grown by doubling when n has reached *cap. */
void *ui_grow(void *p, size_t n, size_t *cap, size_t size);

/* The length of the UTF-8 sequence at s, 0 when it is not one (overlong forms and surrogates included). */
size_t ui_utf8_len(const char *s, size_t n);
const char *ui_utf8_next(const char *text, uint32_t *code); /* decodes one; broken bytes give 0xFFFD, one at a time */

#endif
