/* python.h: lines of Python that people type by habit. */
#ifndef PYTHON_H
#define PYTHON_H

#include "language/cmd.h"
#include "language/words.h"

/* The command that does what `model.fit(x,` calls or `l.trainable` sets; or NULL. */
const struct cmd *python_command(const struct cmd_table *table, const char *word);
/* The same for a line such as `score = model.evaluate(x, y)`, cut into words. */
const struct cmd *python_assignment(const struct cmd_table *table, const struct cmd_word *word, int n);

/* What a line means that was typed where it may be Python. 1: *ours, the caller's, has thaw's commands, "" where there
 * is nothing to do (s->user.notebook.passed may say why); 0: it is no Python; -1 with a sentence. */
int python_line(struct session *s, const char *line, char **ours, struct err *e);

/* Whether the next line goes on with a statement or a block. An empty one ends it, but for a text in quotes. */
bool python_goes_on(const struct session *s);
#define PYTHON_PROMPT "...   " /* then, as wide as "thaw> " */
/* Forgets such, and says so. False: there was none. */
bool python_give_up(struct session *s);

/* The commands that a line would mean at a prompt, by itself and before anything else was typed; the caller's. NULL:
 * none, or it is no Python. */
char *python_meaning(struct session *s, const char *line);

#endif
