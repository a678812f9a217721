/* keys.h: bytes from a terminal, sorted into whole keys, pastes, reports of the mouse and answers. Knows no terminal,
 * no clock and no readline.
 *
 * A key is a character in the locale's encoding or an escape sequence, given whole however the bytes came in: however
 * they are cut, and however long one waits for the next. What is no text in the locale is dropped. Where what has come
 * so far is a key by itself and also the beginning of a longer one (ESC alone, Alt with a bracket), only time tells
 * which: the caller says when there was a pause. ESC and a pause is a key even where it means nothing: what is typed
 * then is not Alt with that. The rest of a sequence that comes later still is given with the ESC again.
 *
 * An interrupt (Ctrl-C) may fall into a paste, and the system then drops what it holds of it, be it the beginning. So
 * behind one, what comes before the end of a paste is the rest of that paste and goes with it.
 */
#ifndef UI_KEYS_H
#define UI_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#define UI_KEYS_PASTE ((size_t)1 << 20) /* bytes of the longest paste that is taken */

enum { /* what a report of the mouse says, as the terminal has it but for the last */
	UI_MOUSE_BUTTON = 3, /* 0 left, 1 middle, 2 right; of the wheel 0 up, 1 down; 3 of a movement: none */
	UI_MOUSE_SHIFT = 4,
	UI_MOUSE_MOVES = 32, /* with the button held */
	UI_MOUSE_WHEEL = 64,
	UI_MOUSE_UP = 128, /* it is let go */
};

struct ui_keys;

/* The callbacks may call ui_keys_drop. */
struct ui_keys_calls {
	void *arg;
	void (*key)(void *arg, const unsigned char *s, size_t n); /* a lone ESC too: n is 1 */
	/* Never "": without control characters but newlines, and without newlines at its end. */
	void (*paste)(void *arg, const char *text);
	void (*refused)(void *arg, size_t bytes); /* instead: a paste of so many is too long, nothing of it was taken */
	void (*mouse)(void *arg, int button, int x, int y); /* bits of UI_MOUSE_*; columns and rows from 0 */
	/* what a terminal sends when it is asked, whole; NULL: dropped */
	void (*answer)(void *arg, const char *s, size_t n);
	/* Whether ESC, or ESC and one byte more, is a key that means something without what may follow. */
	bool (*alone)(void *arg, const unsigned char *s, size_t n);
};

struct ui_keys *ui_keys_new(const struct ui_keys_calls *calls);
void ui_keys_free(struct ui_keys *k);

void ui_keys_put(struct ui_keys *k, const void *bytes, size_t n);
int ui_keys_pause(const struct ui_keys *k); /* how many milliseconds without a byte are one; -1: it changes nothing */
void ui_keys_paused(struct ui_keys *k); /* there was one */
bool ui_keys_begun(const struct ui_keys *k); /* half a key or half a paste is there */
void ui_keys_drop(struct ui_keys *k); /* an interrupt: forgets both */

#endif
