/* suggest.h: guesses what a word that is no command was meant to be. */
#ifndef SUGGEST_H
#define SUGGEST_H

#include "language/cmd.h"

int cmd_suggest(const struct cmd_table *table, const char *name, struct err *e); /* returns -1 with a sentence */
/* `focus digits` of digits: the command that needs such a word, one of its choices; the caller's. NULL: none does. */
char *cmd_suggest_other(const struct cmd_table *table, const char *word);
/* Says which commands begin so: a script needs a name whole. Their place in the line stays. 0: none does, -1. */
int cmd_suggest_whole(const struct cmd_table *table, const char *name, struct err *e);

#endif
