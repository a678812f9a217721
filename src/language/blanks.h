/* blanks.h: words that blanks tore apart, as in `epochs = 3`. */
#ifndef BLANKS_H
#define BLANKS_H

#include <stdbool.h>
#include <stddef.h>

enum blanks {
	BLANKS_EQUALS, /* around = alone, which never belong there */
	BLANKS_SIGNS, /* also around < > , : - * / and .., which may */
};

/* A torn place of a command. */
struct torn {
	int col, len; /* of the word that shows it, in the line */
	char sign[4]; /* around which no blank stands */
	bool comma; /* it is a comma between two words, in place of a blank */
};

/* The command at line[from..to) with such words put together; the caller's. NULL: no word is torn. *torn has the first
 * place. */
char *blanks_closed(const char *line, size_t from, size_t to, enum blanks which, struct torn *torn);

#endif
