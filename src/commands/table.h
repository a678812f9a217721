/* table.h: the commands, from commands.def. The only file that knows them all. */
#ifndef TABLE_H
#define TABLE_H

#include "language/cmd.h"

extern const struct cmd_table commands_all;

#endif
