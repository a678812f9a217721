/* words.h: one command of a line, cut into words. */
#ifndef WORDS_H
#define WORDS_H

#include <stdbool.h>
#include <stddef.h>

struct cmd_word {
	const char *text; /* unquoted */
	int col, len; /* as typed */
	int eq; /* index in text of the first = outside quotes; -1: none */
	bool open; /* a quote is not closed */
};

/* Cuts the command at line[*at] and moves *at behind it and its `;`. Returns the number of words, or -1 when there are
 * more than max (the line is read to its end all the same). *store must be freed. */
int cmd_words(const char *line, size_t *at, struct cmd_word *word, int max, char **store);

bool word_blank(char c);

#endif
