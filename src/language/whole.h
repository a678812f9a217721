/* whole.h: a command as a script has it, of what was typed at a prompt. */
#ifndef WHOLE_H
#define WHOLE_H

#include "language/parse.h"

/* The text line[from..to) of a command, in which what was abbreviated is written whole: its name, words, keys and the
 * groups of its layers. p is what the line was parsed into; with no command in it the text is as it was typed. The
 * caller's. */
char *cmd_whole(const struct session *s, const char *line, size_t from, size_t to, const struct cmd_parsed *p);

#endif
