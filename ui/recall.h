/* recall.h: the lines that were typed before: kept in a file that sessions share, walked and searched. Knows no
 * readline.
 *
 * Places are numbered from the oldest line; behind the newest is the place of the line that is being written. A line
 * that is changed on the way keeps the change until a line is entered.
 */
#ifndef UI_RECALL_H
#define UI_RECALL_H

#include <stdbool.h>
#include <stddef.h>

#define UI_RECALL_MOST 5000 /* lines that are known */

struct ui_recall {
	char **line; /* [n], oldest first */
	size_t n, cap;
	size_t at; /* the place one is at, 0 to n */
	char **edited; /* [n + 1] what a place's line was changed to, each NULL where it was not; NULL: none was */
	/* the search that goes on */
	bool searching, forward, failed;
	char want[256];
	size_t nwant;
	size_t begun; /* at which place */
	size_t column; /* in the line that was found */
	char message[300];
};

/* what is no text in the locale is left out; no file: nothing */
void ui_recall_read(struct ui_recall *r, const char *file);
/* A line was entered: added, unless it is the newest already, and appended to the file (NULL: none) as one line. */
void ui_recall_add(struct ui_recall *r, const char *file, const char *line);
void ui_recall_clear(struct ui_recall *r);

void ui_recall_rest(struct ui_recall *r); /* changes are forgotten, and one is at the line that is written */

/* Ways from line to line. now is the text at the place that is left, *column where the cursor stands in it and will
 * stand. Returns the text at the place gone to, NULL: there is none. */
enum ui_recall_walk {
	UI_RECALL_OLDER, UI_RECALL_NEWER, /* so many lines */
	UI_RECALL_PLACE, /* that one, from 1; 0 or less: none; more than there are: the line that is written */
	UI_RECALL_BEGINS_OLDER, UI_RECALL_BEGINS_NEWER, /* the next that begins with what stands before the cursor */
	UI_RECALL_HAS_OLDER, UI_RECALL_HAS_NEWER, /* or has it anywhere */
	UI_RECALL_AGAIN_OLDER, UI_RECALL_AGAIN_NEWER, /* or has what was last searched for */
	UI_RECALL_AGAIN, UI_RECALL_AGAIN_OTHER, /* in the direction of that search, or in the other */
};
const char *ui_recall_walk(struct ui_recall *r, enum ui_recall_walk walk, int count, const char *now, size_t *column);
/* the n-th word (-1: the last) of the line that many before the newest; NULL */
char *ui_recall_word(const struct ui_recall *r, size_t back, int n);

/* ---- incremental search: each step returns the text to show now, the cursor is at r->column, and r->message says
 * what goes on ---- */

void ui_recall_search(struct ui_recall *r, bool forward, const char *now, size_t column);
/* broken characters are not looked for until they are whole */
const char *ui_recall_type(struct ui_recall *r, char byte);
const char *ui_recall_rub(struct ui_recall *r); /* takes back the last character */
/* the next line that has it; nothing typed: what was last searched */
const char *ui_recall_again(struct ui_recall *r, bool forward);
const char *ui_recall_back(struct ui_recall *r); /* to where the search began, which ends it */
void ui_recall_stay(struct ui_recall *r); /* ends it where it is */

#endif
