/* rich.h: text in the cells of a table, broken as the library rich does it. Text is ASCII here, so that a byte is a
 * cell. */
#ifndef RICH_H
#define RICH_H

#include "util/text.h"

#define RICH_LINES 16 /* of one cell */
#define RICH_CELL 96 /* bytes of a text */

enum rich_align { RICH_LEFT, RICH_CENTER, RICH_RIGHT };

/* The lines of a cell, each padded to `width`; a line that is still longer is cut. Returns how many. */
int rich_cell(const char *s, int width, enum rich_align align, bool utf8, char line[RICH_LINES][RICH_CELL + 4]);
/* A line below the table, folded at the width of the terminal. */
void rich_fold(struct str *b, const char *s, int width);

#endif
