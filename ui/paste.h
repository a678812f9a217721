/* paste.h: a bracketed paste, byte by byte. */
#ifndef UI_PASTE_H
#define UI_PASTE_H

#include <stdbool.h>
#include <stddef.h>

extern const char ui_paste_end[]; /* what ends a paste: ESC [201~ */

struct ui_paste {
	char *text;
	size_t n, cap; /* n: how long it is; beyond UI_KEYS_PASTE it is only counted */
	size_t mark; /* bytes of the end that have come */
};

bool ui_paste_byte(struct ui_paste *p, unsigned char c); /* true: it was the last byte of the end */
/* The whole text, without control characters but newlines and without newlines at its end, the caller's to free; NULL
 * where nothing is left of it, or where *size, its length as it came, is more than UI_KEYS_PASTE. Another paste can
 * begin. */
char *ui_paste_take(struct ui_paste *p, size_t *size);
void ui_paste_drop(struct ui_paste *p); /* forgets what has come */

#endif
