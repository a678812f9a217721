/* sheets.h: prints sheets of images with their predictions, for the commands that have some to show. */
#ifndef SHEETS_H
#define SHEETS_H

#include "look/sheet.h"
#include "ui/canvas.h"

/* In the digits pane where there is one. False: there is none. */
bool sheets_show(struct session *s, const struct sheet_request *r, const struct sheet *sheet);
/* There, or as tiles of text; as rows for programs. */
void sheets_print(struct session *s, const struct sheet_request *r, const struct sheet *sheet);
void sheets_canvas(struct session *s, const struct ui_canvas *c); /* line by line */
/* What is predicted of one picture, as a row; name NULL: the headings. */
void sheets_row(struct session *s, const char *name, int label, int predicted, double p);

#endif
