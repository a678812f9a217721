/* words.h: cuts one command of a line into words. */
#ifndef WORDS_H
#define WORDS_H

#include <stdbool.h>
#include <stddef.h>

struct cmd_word {
	const char *text; /* unquoted */
	int col, len; /* as typed */
	int eq; /* index in text of the first = outside quotes; -1 when there is none */
	bool open; /* a quote is not closed */
};

/* Cuts the command at line[*at] and moves *at past it and its `;`. Returns the number of words; -1 when there are more
 * than max, but *at moves on all the same. The caller frees *store. */
int cmd_words(const char *line, size_t *at, struct cmd_word *word, int max, char **store);

bool word_blank(char c);

#define WORD_PROMPT "thaw>"
/* What stands behind the prompt where one was pasted with the line; else the line. */
const char *word_unprompted(const char *line);

/* The first of these signs in a text as typed that stands outside quotes; NULL: none does. */
const char *word_find(const char *text, char sign);
/* The text as typed without its quotes; the caller's. */
char *word_unquoted(const char *text, size_t n);
char *word_quoted(const char *text); /* the reverse; the caller's */

#endif
