/* row.h: results, said once: a row of named values is a line of a table, a line of CSV or a JSON object.
 *
 * A value that is not known is "-" in text, empty in CSV and null in JSON. In CSV the first cell of each row names its
 * table, by the event that JSON has: where several tables follow each other a reader can tell them apart.
 */
#ifndef ROW_H
#define ROW_H

#include "util/out.h"
#include "util/text.h"

#include <stdint.h>

enum row_kind {
	ROW_END,
	ROW_TEXT, /* s; NULL: not known */
	ROW_BOOL, /* n; Y or N in text */
	ROW_INT, /* n */
	ROW_COUNT, /* n; with commas in text */
	ROW_REAL, /* x; NAN is said as nan */
	ROW_FLOAT, /* x, as short as a float allows */
	ROW_SECONDS, /* x; NAN: not known; left out when timing is off, its heading too */
	ROW_JSON, /* json, in JSON only; whatever makes the object takes it over */
};

enum row_in { ROW_IN_ALL = 0, ROW_IN_TEXT = 1, ROW_IN_CSV = 2, ROW_IN_JSON = 4 }; /* bits */

/* A column, and its value in this row. A row ends with a cell of zeros. */
struct row_cell {
	const char *name; /* in CSV and JSON, and the heading in text */
	enum row_kind kind;
	int width; /* in text; negative: to the left; 0: text does not show it */
	int digits; /* of reals in text, behind the point; 0: the shortest that reads back to the same value */
	int gap; /* blanks before it in text; 0: one, none before the first */
	unsigned in; /* the only modes that have it */
	bool off; /* no mode has it */
	bool unknown; /* whatever the value is */
	const char *s;
	int64_t n;
	double x;
	json_t *json;
};

/* table: its name, the event of JSON. Headings: nothing in json mode; in csv mode once, where a table begins. */
void row_head(struct out *o, const char *table, const struct row_cell *row);
/* head: the headings come first; in csv mode row_head decides. No cell belongs to the mode: nothing is printed. */
void row_print(struct out *o, const char *event, bool head, const struct row_cell *row);
/* The same without a JSON object: the caller makes one of all rows. */
void row_part(struct out *o, const char *table, bool head, const struct row_cell *row);
/* Adds it to the text of a file, as csv mode prints it; in front of the first row stand the headings. */
void row_file(struct str *b, const struct out *o, const char *table, const struct row_cell *row);
/* The same, as json mode prints it. Takes over what the row has of objects. */
void row_file_json(struct str *b, const struct out *o, const char *event, const struct row_cell *row);
/* Prints it, and adds it to the text of a file of CSV and of one of JSON. */
void row_print_filed(struct out *o, const char *event, bool head, const struct row_cell *row, struct str *csv,
    struct str *json);
/* Widens width[k], of the k-th column that text shows, to the heading and the value. */
void row_fit(const struct out *o, const struct row_cell *row, int *width);
json_t *row_json(const struct out *o, const char *event, const struct row_cell *row); /* event NULL: without a name */

#endif
