/* find.h: a command by name. */
#ifndef FIND_H
#define FIND_H

#include "language/cmd.h"

/* By name or alias; with `prefix` a unique prefix is enough (names and aliases that mean the same command count once).
 * NULL with a sentence where more than one begin so, without one where none does. */
const struct cmd *cmd_find(const struct cmd_table *table, const char *name, bool prefix, struct err *e);

#endif
