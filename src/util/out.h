/* out.h: where text goes. Results to standard output (or the workbench's log), errors and warnings to standard error,
 * as lines, tables or JSON objects.
 */
#ifndef OUT_H
#define OUT_H

#include "util/os/os.h"
#include "util/transcript.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum out_mode { OUT_TABLE, OUT_CSV, OUT_JSON };
enum out_style { OUT_PLAIN, OUT_DIM, OUT_BOLD, OUT_GOOD, OUT_BAD, OUT_WARN, OUT_ACCENT, OUT_COLD };

/* What takes the text: standard streams, a workbench, a transcript. Lines have no '\n'. */
struct out_sink {
	void (*line)(void *arg, bool error, enum out_style style, const char *text);
	void (*progress)(void *arg, const char *text); /* replaces itself until the next line; NULL text ends it */
	void *arg;
};

struct out {
	struct out_sink sink;
	enum out_mode mode;
	bool timing, utf8, colour, moving; /* moving: a bar may be drawn over itself */
	bool ascii; /* it goes to a terminal that shows little else, whatever the locale: as glyphs=auto means here */
	bool plain; /* the sink paints by itself: no colour in the text, whatever the setting */
	int width; /* columns of tables */
	int auto_width; /* of the terminal, else 80 */
	int columns; /* of the terminal that standard output is, where lines end at words; 0: it is none */
	bool auto_colour; /* what color=auto means here */
	struct transcript kept; /* what was asked and answered so far */
	FILE *log; /* transcript, NULL when off */
	struct os_stream log_stream; /* what it is */
	int log_fd;
	char *log_path; /* its name, for sentences; owned */
	const char *script, *path; /* for errors: "all.thaw:3 > lab1.thaw" and "lab1.thaw"; NULL on a terminal */
	int line; /* its line number: */
	int cell; /* of a notebook within this cell, counted from 1; else 0 */
	int column, length; /* where in the line an error is, from 1, in characters; length 0: not known */
	bool failed; /* writing to standard output has failed */
	int failed_errno; /* why */
	bool lost; /* an event could not be made: the exit status says so */
	bool bar; /* a moving line stands on the terminal */
	unsigned long lines; /* how many there have been */
	char *lead; /* a line that comes before the next one, or NULL; owned */
	char *table; /* of CSV, whose rows are being printed: its name and headings (util/row.c); owned */
};

struct out *out_new_stdio(void);
void out_free(struct out *o);
void out_begin(struct out *o, enum out_mode mode); /* from here on; the next row of CSV has its headings */
void out_flush(struct out *o); /* standard streams and log; notices a full disk or a closed pipe: o->failed */

/* A transcript into fd, which is out's from then on; path: its name. -1: no memory. */
int out_log_begin(struct out *o, int fd, const char *path);
int out_log_end(struct out *o); /* -1 with errno: it is incomplete */

/* Text for people: dropped in csv and json mode. May hold several lines. */
void out_text(struct out *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void out_styled(struct out *o, enum out_style style, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* A word that is not a result: dropped in csv and json mode. "note: ..." */
void out_note(struct out *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* To standard error in every mode, "thaw: warning: ...". */
void out_warn(struct out *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* "thaw: lab1.thaw:7: error: ..." to standard error; in json mode an error event too. command may be NULL. */
void out_error(struct out *o, const char *command, const char *text);
char *out_place(const struct out *o); /* "lab1.thaw:7", "lab1.ipynb: cell 3, line 4"; the caller's */
/* One line, whatever the mode, that the transcript does not get. */
void out_aside(struct out *o, bool error, enum out_style style, const char *line);
/* What is said next answers a command that does not stand just above: this line comes first. NULL: it does. */
void out_lead(struct out *o, const char *line);
/* From here on only the transcript gets what is said, as a pane shows it. Returns the sink that had it, for o->sink. */
struct out_sink out_hush(struct out *o);
/* A line that replaces itself until the next line of any kind: a progress bar. Only when o->moving. NULL ends it. */
void out_progress(struct out *o, const char *text);

/* An event for programs: printed in json mode only. Takes the reference. Numbers are written in the shortest form that
 * reads back to the same value; a NaN becomes null. */
void out_event(struct out *o, json_t *event);
void out_line(struct out *o, char *text); /* whatever the mode: a row (util/row.h); cuts the text at its newlines */

/* An object or array by a format in the letters of json_pack, {s:s, s:[i, I]}: s (text; NULL: null), i, I, b, n, o.
 * Every text goes through out_string, so that no name can spoil an event. */
json_t *out_pack(const char *fmt, ...);
/* JSON is UTF-8, names and scripts need not be: cleaned where it is not. */
json_t *out_string(const char *text);
json_t *out_num(double v); /* null when v is not finite */
json_t *out_num_float(float v); /* the same, as short as the float allows */
json_t *out_words(const char *words); /* a list of those that blanks divide */
json_t *out_shape(int rank, const int *dim); /* [28, 28, 1] */
json_t *out_seconds(const struct out *o, double v); /* null when timing is off */

/* An event as one line of JSON text; the caller's to free. */
char *out_json_text(const json_t *event);

/* A text of JSON as a value; NULL: it is none, or *no_memory. */
json_t *out_json_parse(const char *text, size_t n, bool *no_memory, json_error_t *why);
/* Commas, colons and brackets outside strings: a bound on the values that a parser would allocate. */
size_t out_json_values(const char *text, size_t n);

#endif
