/* sheets.h: prints sheets of images with their predictions, for the commands that have some to show. */
#ifndef SHEETS_H
#define SHEETS_H

#include "language/cmd.h"
#include "look/picture.h"
#include "look/sheet.h"
#include "ui/canvas.h"

/* ": test:2186 test:1034 ...", the first of them, behind so many columns of a line: where a screen shows the pictures,
 * else "". The caller's. */
char *sheets_named(const struct session *s, const struct sheet *sheet, int cells);
/* In the digits pane where there is one. False: there is none. */
bool sheets_show(struct session *s, const struct sheet_request *r, const struct sheet *sheet);
/* There, or as tiles of text; as rows for programs. */
void sheets_print(struct session *s, const struct sheet_request *r, const struct sheet *sheet);
void sheets_canvas(struct session *s, const struct ui_canvas *c); /* line by line */
/* What is predicted of one picture, as a row; name NULL: the headings. */
#define SHEETS_CELLS(name_, label_, predicted_, p_) \
	{"image", ROW_TEXT, .s = name_}, \
	{"label", ROW_INT, .unknown = (label_) < 0, .n = label_}, \
	{"predicted", ROW_INT, .unknown = (predicted_) < 0, .n = predicted_}, \
	{"label_class", ROW_TEXT, .off = !class_named(s->data.set), .unknown = (label_) < 0, \
	    .s = class_text(s->data.set, label_, sheet_cols(s), (char[CLASS_TEXT]){0})}, \
	{"predicted_class", ROW_TEXT, .off = !class_named(s->data.set), .unknown = (predicted_) < 0, \
	    .s = sheet_class(s, predicted_, sheet_cols(s), (char[CLASS_TEXT]){0})}, \
	{"probability", ROW_REAL, .unknown = (predicted_) < 0, .x = p_}
void sheets_row(struct session *s, const char *name, int label, int predicted, double p);

/* The keys of a command that takes a picture, and the picture by them; they hold for this command only. */
#define SHEETS_KEYS \
	{.name = "invert", .type = ARG_WORD, .choices = sheets_switch, .what = "picture.invert, for this picture"}, \
	{.name = "level", .type = ARG_WORD, .choices = sheets_switch, .what = "picture.level"}, \
	{.name = "fit", .type = ARG_WORD, .choices = sheets_switch, .what = "picture.fit"}, \
	{.name = "centre", .type = ARG_WORD, .choices = sheets_switch, .what = "picture.centre"}
extern const char *const sheets_switch[]; /* auto, on, off */
struct image *sheets_picture(struct session *s, const struct cmd_args *a, const struct cmd_value *v, struct err *e);
/* What was done to a picture, as notes and for programs. */
void sheets_made(struct session *s, const struct image *i);
#define SHEETS_MADE(i) \
	{"inverted", ROW_BOOL, .in = ROW_IN_JSON, .n = (i)->made.inverted}, \
	{"levelled", ROW_BOOL, .in = ROW_IN_JSON, .n = (i)->made.levelled}, \
	{"fitted", ROW_JSON, .json = sheets_pair((i)->made.fitted > 0, (i)->made.height, (i)->made.width)}, \
	{"moved", ROW_JSON, .json = sheets_pair((i)->made.centred, (i)->made.down, (i)->made.right)}
json_t *sheets_pair(bool known, int a, int b); /* [a, b], else null */

#endif
