/* parse.h: from a line of text to a command with typed arguments. */
#ifndef PARSE_H
#define PARSE_H

#include "language/cmd.h"

struct cmd_parsed {
	struct cmd_args args;
	char *store; /* the unquoted words */
};

/* Parses the command at line[*at] and moves *at behind it and its `;`, also when it fails. Returns 1 with a command, 0
 * when only blanks and comments were left, -1 with a sentence. *p is released by cmd_parsed_free in every case. */
int cmd_parse(struct session *s, const char *line, size_t *at, struct cmd_parsed *p, struct err *e);
void cmd_parsed_free(struct cmd_parsed *p);

#endif
