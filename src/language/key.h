/* key.h: reads key=value. */
#ifndef KEY_H
#define KEY_H

#include "language/cmd.h"
#include "language/words.h"

/* The i-th key that a command takes, settings behind its own; NULL behind the last. */
const struct arg *key_at(const struct cmd *c, int i);
/* Whether a word is key=value. One with = may also be an operand, as in `train digits=3,5`. */
bool key_is(const struct cmd *c, const struct cmd_word *w, const char *line);
/* Adds key=value to a->key. The value must fit the key's type, as a positional argument must. -1 with a sentence. */
int key_take(struct session *s, struct cmd_args *a, const struct cmd_word *w, struct err *e);

#endif
