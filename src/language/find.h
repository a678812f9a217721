/* find.h: finds a command by name. */
#ifndef FIND_H
#define FIND_H

#include "language/cmd.h"

/* Finds a command by its name or alias, with `prefix` also by a beginning that only one command has. NULL with a
 * sentence when several begin so, without one when none does. */
const struct cmd *cmd_find(const struct cmd_table *table, const char *name, bool prefix, struct err *e);

#endif
