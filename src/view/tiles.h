/* tiles.h: images of a sheet as pictures with captions. */
#ifndef TILES_H
#define TILES_H

#include "look/sheet.h"
#include "ui/model.h"

#define TILES_COLS 12 /* columns of a class's name in a caption, at most */

/* Adds a test image; its id is the image's index. known: x says what is predicted. gap stands before the
 * probability of one that is right. */
void tiles_add(struct ui_tiles *t, const struct session *s, const struct sheet_image *x, bool known, const char *gap);
/* "wrong ones of lt5 test", "wrong ones of 3, lt5 test", "2 taken for 3, lt5 test": what is cut off at the end leaves
 * what they are. The caller's. */
char *tiles_title(const struct session *s, const struct sheet_request *r);
/* "3 of 12 wrong", "22 of 5,139", as everything says of a sheet. The caller's. */
char *tiles_note(const struct sheet_request *r, const struct sheet *sheet, bool known);
/* A whole sheet of test images, with a title and a note. */
void tiles_sheet(struct session *s, const struct sheet_request *r, const struct sheet *sheet, struct ui_tiles *t);

#endif
