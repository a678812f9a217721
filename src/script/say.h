/* say.h: prints the errors of lines, and the lines themselves where they are to be seen. */
#ifndef SAY_H
#define SAY_H

#include "language/parse.h"
#include "session/session.h"

/* An error of no command, as of a script that cannot be read. script may be NULL. */
void say_error(struct session *s, int status, const char *script, int number, const char *fmt,
    ...) __attribute__((format(printf, 5, 6)));
/* Says what is wrong with a command: at a prompt with carets under the bad word, of a script with the line, too. */
void say_wrong(struct session *s, const char *command, const struct pending *p, struct err *e);
/* The same of a command that has failed, or of its job, with what follows from that. */
void say_command_failed(struct session *s, const char *command, const struct pending *p, struct err *e);
/* Whether nothing of such a line may be shown; command NULL: the line names none. */
bool say_hides(const struct pending *p, const char *command);
void say_where(struct session *s, const struct pending *p); /* what errors and warnings name; NULL: nothing */
/* Keeps the command for whoever writes the session down, whole where a person has abbreviated it. parsed: as what it
 * was understood. remark: there is no command, at most a comment, or it brings commands that are kept as well. Returns
 * the number of its cell of the transcript, 0 for a remark. */
unsigned long say_keep(struct session *s, const struct pending *p, const struct cmd_parsed *parsed, bool remark);
/* What a task says next has its command above it, where others have said something since. NULL: it needs none. */
void say_lead(struct session *s, const struct pending *p);
/* Shows the command that runs after `echo on`, or of a script that is played, and writes it to the transcript. remark:
 * there is no command there, at most a comment, which is shown where a script is played. */
void say_echo(struct session *s, const struct pending *p, bool remark);

#endif
