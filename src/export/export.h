/* export.h: what `export FORMAT [FIGURE]` can write: constant structs beside their code, named in export.def. */
#ifndef EXPORT_H
#define EXPORT_H

#include "language/cmd.h"
#include "session/session.h"

#include <stdio.h>

struct exporter;
struct ui_figure;

/* A format of pictures: any figure can be written in any of them. */
struct export_picture {
	const char *name;
	int (*write)(const struct ui_figure *f, FILE *out, char *why, size_t whylen);
};

struct export_request {
	const struct exporter *exporter;
	const struct export_picture *picture; /* NULL: it is none */
	int n;
	const struct cmd_value *operand[CMD_WORDS_MAX]; /* words between the figure and the file */
	const struct cmd_args *args; /* for keys: n=, digit=, smooth= */
	int width, height; /* of pictures: size=, else the setting */
	bool untold; /* a picture whose file alone was named, so that its figure is said */
	bool unasked; /* it is drawn beside what was asked for, and says nothing of its own */
	/* left by a writer of pictures: to be drawn and written behind it; freed by whoever does */
	struct ui_figure *figure;
	char said[80]; /* filled by the writer: what stands in brackets behind the file's name */
};

struct exporter {
	const char *format; /* "csv"; "png": a picture, which svg and pdf have as well */
	const char *figure; /* "plot"; NULL: the format writes one thing */
	const char *operands; /* "[loss|acc] [rN or HASH ...]", "" for none */
	const struct arg *keys[8]; /* size=, smooth=; ends with NULL. One that several take is one struct */
	const char *what; /* what it writes, for help: "the curves of the runs" */
	/* The default file: a printf format that takes the last run's number, or plain text: "thaw-r%d-plot.png",
	 * "thaw-digits.png". A picture of another format ends in that. */
	const char *file;
	/* Writes to f, or leaves a figure, or fails with a sentence: an operand that it does not know, nothing to draw
	 * yet and what to run. */
	int (*write)(struct session *s, struct export_request *r, FILE *f, struct err *e);
};

extern const struct exporter *const exporters[]; /* NULL-terminated */

extern const char *const export_formats[], *const export_figures[]; /* the words that `export` takes, NULL-terminated */
const struct export_picture *export_picture(const char *format); /* NULL: it is not one of pictures */

/* The format that is named, else that of the file's name, else png. A name that would lie about its file is refused:
 * NULL with a sentence. */
const char *export_format(const struct cmd_value *format, const struct cmd_value *figure, const struct cmd_value *file,
    bool (*has)(const char *format, const struct cmd_value *figure), struct err *e);
bool export_has(const char *format, const struct cmd_value *figure); /* there is such a figure in that format */
bool export_draws(const char *word); /* there is in some */
/* The figure that a file of that format is called by, as confusion.pdf is; NULL: by none. */
const char *export_called(const char *format, const struct cmd_value *file);
/* NULL with a sentence */
const struct exporter *export_find(const char *format, const struct cmd_value *figure, struct err *e);
/* Refuses an operand that such a figure can have no use for, whatever the session is by then. */
int export_operands(struct session *s, const struct export_request *r, struct err *e);
int export_keys(const struct export_request *r, struct err *e); /* refuses a key that this figure has no use for */
/* What there is, for the command's page (a line each), and the keys of all of them, as struct cmd has them. */
char *export_text(void);
const struct arg *export_key(int i);
/* The file's name: the word with a dot or a slash, else the exporter's own; the caller's. */
char *export_file(struct session *s, const struct export_request *r, const struct cmd_value *file);

bool export_is_run(const char *word); /* whether it has the form of a run: rN, or the hash of a record */
/* For writers: refuses an operand with the list of what is taken. */
int export_unknown(const struct export_request *r, const struct cmd_value *word, struct err *e);

/* The ink of a drawing as PNG, the pixels themselves: `predict` finds them again. The caller's; NULL: no memory.
 * (png_draw.c) */
uint8_t *png_draw_bytes(const uint8_t *ink, size_t *n);

extern const struct arg export_size; /* the key size=, of pictures */
extern const struct arg export_theme; /* the key theme=, of pictures */
extern const struct arg export_class; /* the key class=, of digits, saliency and its like */
extern const struct arg export_n; /* the key n=, of tiles */
/* For writers of pictures: r->figure, of the size asked for, with the fonts of the session; NULL with a sentence. They
 * fill it; to draw it takes long, and needs nothing of the session. */
struct ui_figure *export_figure(struct session *s, struct export_request *r, struct err *e);

#endif
