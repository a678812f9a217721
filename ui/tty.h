/* tty.h: what the terminal is like, besides what terminal.h tells of it */
#ifndef UI_TTY_H
#define UI_TTY_H

#include "kitty.h"

double ui_tty_now(void); /* milliseconds, of no beginning in particular */
bool ui_tty_modes(const char *name); /* a terminal of that name takes private modes silently */
bool ui_tty_asks(bool tmux); /* it may be asked what it draws, through tmux or not */
void ui_tty_cell(const struct ui_kitty_answers *told, int *w, int *h); /* pixels of a cell */

bool ui_tty_write(const char *s); /* all of it to standard output; false: the terminal is gone */
/* What gives the window that title, without what would be no text; false: nothing is left of it. */
bool ui_tty_title(const char *text, char *out, size_t size);

#endif
