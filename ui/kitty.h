/* kitty.h: kitty's protocol for pictures as bytes: what asks for it, what sends and takes back a picture, the text of
 * the cells that show one, and what terminals answer. Pure: it neither reads nor writes a terminal.
 *
 * A picture is shown by cells of text: U+10EEEE with marks that say which row and column of it they are, in a colour
 * that says which picture. So it goes where text goes: through curses, a resize and tmux.
 */
#ifndef UI_KITTY_H
#define UI_KITTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UI_KITTY_CELLS 256 /* the most rows, and columns, that a picture can have */

struct ui_kitty { /* text for the terminal; free text. A zeroed one is ready */
	char *text;
	size_t n, cap;
	bool tmux; /* it goes through tmux, which passes it on */
};

void ui_kitty_ask(struct ui_kitty *k); /* everything that struct ui_kitty_answers tells, a fence behind it */
/* Sends a PNG and says that it is shown in cols x rows cells. A picture that was sent with the same id goes. */
void ui_kitty_send(struct ui_kitty *k, uint32_t id, int cols, int rows, const uint8_t *png, size_t n);
void ui_kitty_delete(struct ui_kitty *k, uint32_t id);
void ui_kitty_delete_range(struct ui_kitty *k, uint32_t from, uint32_t to); /* of kitty 0.33 on */
void ui_kitty_mend(struct ui_kitty *k); /* ends what was begun and cut off */

/* The text of a cell of a picture. Its colour has to be the low bits of the id: 0x0000nn, or number nn of 256. */
void ui_kitty_cell(char text[16], int row, int col, uint32_t id);
bool ui_kitty_measured(void); /* the C library measures such a cell as one column */

struct ui_kitty_answers {
	bool yes; /* it draws pictures */
	bool knows; /* a terminal that is known to show them by cells */
	bool done; /* the fence has been answered: nothing more will be */
	int cell_w, cell_h; /* pixels of a cell; 0: not told */
	uint32_t ground; /* UI_RGB of the background; 0: not told */
};

/* Whether what follows ESC and this byte looks as the answers of terminals do; whether a whole sequence does, which no
 * key sends. */
bool ui_kitty_begins(int introducer, int c);
bool ui_kitty_is_answer(const char *s, size_t n);

/* Takes a whole escape sequence that came in. False: it answers nothing that was asked, and changes nothing. */
bool ui_kitty_answer(struct ui_kitty_answers *a, const char *s, size_t n);

#endif
