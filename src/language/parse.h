/* parse.h: makes a command with typed arguments of a line of text. */
#ifndef PARSE_H
#define PARSE_H

#include "language/cmd.h"

struct cmd_parsed {
	struct cmd_args args;
	char *store; /* the unquoted words */
};

/* Parses the command at line[*at] and moves *at past it and its `;`, also when it fails. Returns 1 with a command, 0
 * when only blanks and comments were left, -1 with a sentence. In every case cmd_parsed_free frees *p. */
int cmd_parse(struct session *s, const char *line, size_t *at, struct cmd_parsed *p, struct err *e);
/* A line of commands as it would be right, where blanks stand around a = or the like and leave one meaning; the
 * caller's. NULL: it is right as it stands, or wrong otherwise. */
char *cmd_meant(struct session *s, const char *line);
void cmd_parsed_free(struct cmd_parsed *p);

#endif
