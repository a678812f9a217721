/* fit.h: fits words to the arguments of a command. */
#ifndef FIT_H
#define FIT_H

#include "language/cmd.h"
#include "language/words.h"

/* Fits n words to the positional arguments of a->cmd and fills a->pos, a->npos. -1 with a sentence. */
int fit_words(struct session *s, struct cmd_args *a, const struct cmd_word *word, int n, struct err *e);

#endif
