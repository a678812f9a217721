/* keys.h: bytes from a terminal, sorted into whole keys, pastes and reports of the mouse. Knows no terminal and no readline.
 *
 * A key is a character in the locale's encoding or an escape sequence, given whole however the bytes came in. What is no text in
 * the locale is dropped. Of what is not whole yet the beginning is kept until more comes, or until the caller says that nothing will.
 */
#ifndef UI_KEYS_H
#define UI_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#define UI_KEYS_PASTE ((size_t)1 << 20) /* bytes of the longest paste that is taken */

struct ui_keys;

/* The callbacks may call ui_keys_drop. */
struct ui_keys_calls {
	void *arg;
	void (*key)(void *arg, const unsigned char *s, size_t n); /* a lone ESC too: n is 1 */
	void (*paste)(void *arg, const char *text); /* without control characters but newlines, and without newlines at its end; never "" */
	void (*refused)(void *arg, size_t bytes); /* instead: a paste of so many is too long, and nothing of it was taken */
	void (*mouse)(void *arg, int button, int x, int y); /* a press: 0 to 2, with 64 and 65 for the wheel; from 0 */
};

struct ui_keys *ui_keys_new(const struct ui_keys_calls *calls);
void ui_keys_free(struct ui_keys *k);

void ui_keys_put(struct ui_keys *k, const void *bytes, size_t n);
bool ui_keys_wait(const struct ui_keys *k); /* half a key is there: put more, or expire it after a moment */
void ui_keys_expire(struct ui_keys *k); /* half a key was all there is: it is given as what it is */
bool ui_keys_pasting(const struct ui_keys *k); /* within a paste, which may take its time */
void ui_keys_drop(struct ui_keys *k); /* forgets half keys and half pastes */

#endif
