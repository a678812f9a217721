/* table.c: the table of commands. */
#include "commands/table.h"

#define COMMAND(name) extern const struct cmd cmd_##name;
#include "commands/commands.def"
#undef COMMAND

static const struct cmd *const list[] = {
#define COMMAND(name) &cmd_##name,
#include "commands/commands.def"
#undef COMMAND
	NULL,
};

static const char *const groups[] = {"model", "data", "train", "look", "files", "session", NULL};

const struct cmd_table commands_all = {list, groups};
