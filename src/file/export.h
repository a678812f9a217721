/* export.h: what `export FORMAT [FIGURE]` can write: constant structs beside their code, named in export.def. */
#ifndef EXPORT_H
#define EXPORT_H

#include "session.h"

#include <stdio.h>

struct exporter;

struct export_request {
	const struct exporter *exporter;
	int n;
	const struct cmd_value *operand[CMD_WORDS_MAX]; /* words between the figure and the file */
	const struct cmd_args *args; /* for keys: n=, digit=, smooth= */
	int width, height; /* of pictures: size=, else the setting */
	struct ui_figure *figure; /* left by a writer of pictures: to be drawn and written behind it; freed by whoever does */
	char said[80]; /* filled by the writer: what stands in brackets behind the file's name */
};

struct exporter {
	const char *format; /* "png" */
	const char *figure; /* "plot"; NULL: the format writes one thing */
	const char *operands; /* "[loss|acc] [rN ...]", "" for none */
	const char *keys[4]; /* "size", "smooth"; those of the command that it has a use for, ends with NULL */
	const char *what; /* one line for help */
	/* The default file: a printf format that takes the last run's number, or plain text: "thaw-r%d-plot.png", "thaw-digits.png". */
	const char *file;
	/* Writes to f, or leaves a figure, or fails with a sentence: an operand that it does not know, nothing to draw yet and what to run. */
	int (*write)(struct session *s, struct export_request *r, FILE *f, struct err *e);
};

extern const struct exporter *const exporters[]; /* NULL-terminated */

/* For writers: refuses an operand with the list of what is taken. */
int export_unknown(const struct export_request *r, const struct cmd_value *word, struct err *e);

struct ui_figure;
/* For writers of pictures: r->figure, of the size asked for, with the fonts of the session; NULL with a sentence. They fill it; to draw
 * it takes long, and needs nothing of the session. */
struct ui_figure *export_figure(struct session *s, struct export_request *r, struct err *e);

#endif
