/* key.h: key=value. */
#ifndef KEY_H
#define KEY_H

#include "language/cmd.h"
#include "language/words.h"

/* A word with = is a key, unless it can only be meant as an operand: `train digits=3,5`. */
bool key_is(const struct cmd *c, const struct cmd_word *w, const char *line);
/* The part before = chooses the key; the part behind it is typed like a positional argument. Adds to a->key. -1 with a
 * sentence. */
int key_take(struct session *s, struct cmd_args *a, const struct cmd_word *w, struct err *e);

#endif
