/* lines.h: the lines of a script, joined where one ends in a backslash. */
#ifndef LINES_H
#define LINES_H

#include <stdio.h>
#include <sys/types.h>

struct line_reader {
	FILE *f;
	char *text;
	size_t cap;
	int number, next;
};

/* getline's contract: -1 at the end. *number: of the line's first. A NUL byte is an error: -2 and the number. */
ssize_t line_read(struct line_reader *r);
void line_reader_free(struct line_reader *r);

#endif
