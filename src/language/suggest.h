/* suggest.h: guesses what a word that is no command was meant to be. */
#ifndef SUGGEST_H
#define SUGGEST_H

#include "language/cmd.h"

int cmd_suggest(const struct cmd_table *table, const char *name, struct err *e); /* returns -1 with a sentence */
/* Says which commands begin so: a script needs a name whole. Their place in the line stays. 0: none does, -1. */
int cmd_suggest_whole(const struct cmd_table *table, const char *name, struct err *e);

#endif
