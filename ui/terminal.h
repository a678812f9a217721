/* terminal.h: the terminal: a screen of cells out, its size and modes. The only user of curses (term.c; this
 * header is not called term.h because curses has one). */
#ifndef UI_TERM_H
#define UI_TERM_H

#include "canvas.h"
#include "ui.h"

struct ui_term;

/* Takes the terminal on standard input and output. NULL with a sentence when it cannot carry a screen. */
struct ui_term *ui_term_open(bool mouse, char *why, size_t size);
void ui_term_close(struct ui_term *t); /* everything as it was; free */
void ui_term_leave(struct ui_term *t); /* the same for a while: a suspended process */
void ui_term_enter(struct ui_term *t);

void ui_term_size(const struct ui_term *t, int *cols, int *rows); /* as the terminal says; never LINES and COLUMNS */
enum ui_colours ui_term_colours(const struct ui_term *t); /* that it has */
void ui_term_mouse(struct ui_term *t, bool on);
void ui_term_resize(struct ui_term *t, int cols, int rows);
void ui_term_redraw(struct ui_term *t); /* all of it at the next ui_term_show: something else has written */
/* the same after Ctrl-C, with which the system drops what it holds for the terminal */
void ui_term_interrupted(struct ui_term *t);
/* Before a canvas is drawn: whether it takes inlays, and on what ground. */
void ui_term_prepare(struct ui_term *t, struct ui_canvas *c, enum ui_pictures_how how, enum ui_colours colours);
/* what the terminal answered; false: nothing has changed */
bool ui_term_told(struct ui_term *t, const char *s, size_t n);
/* Sends what differs from the last call, right behind the drawing of the canvas, whose inlays are still in the model.
 * Gives their cells their text. Returns -1 when the terminal is gone. */
int ui_term_show(struct ui_term *t, struct ui_canvas *c, enum ui_colours colours, int cursor_x, int cursor_y);
/* The same without the inlays, which the model may no longer have. */
int ui_term_echo(struct ui_term *t, const struct ui_canvas *c, enum ui_colours colours, int cursor_x, int cursor_y);
/* milliseconds until there is more to show of the same canvas; -1: there is not */
int ui_term_due(const struct ui_term *t);
void ui_term_title(struct ui_term *t, const char *text); /* of the window, where it has one; until the screen is left */
void ui_term_bell(struct ui_term *t);
const char *ui_term_restore_text(const struct ui_term *t); /* "" while nothing of it is needed */

#endif
