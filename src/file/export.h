/* export.h: what `export FORMAT [FIGURE]` can write: constant structs beside their code, named in export.def. */
#ifndef EXPORT_H
#define EXPORT_H

#include "session.h"

#include <stdio.h>

struct export_request {
	int n;
	const struct cmd_value *operand[CMD_WORDS_MAX]; /* words between the figure and the file */
	int width, height; /* size=, else the setting */
};

struct exporter {
	const char *format; /* "png" */
	const char *figure; /* "plot"; NULL: the format writes one thing */
	const char *operands; /* for help: "[loss|acc] [rN ...]" */
	const char *what; /* one line for help */
	/* The default file: printf formats for a run's number, or without one: "thaw-r%d-plot.png", "thaw-digits.png". */
	const char *file;
	/* Writes to f, or fails with a sentence: an operand that it does not know, nothing to draw yet and what to run. */
	int (*write)(struct session *s, const struct export_request *r, FILE *f, struct err *e);
};

extern const struct exporter *const exporters[]; /* NULL-terminated */

#endif
