/* say.h: errors of lines, and the lines themselves, where they are to be seen. */
#ifndef SAY_H
#define SAY_H

#include "session/session.h"

/* An error that no command made: a script that cannot be read. script NULL: of no place. */
void say_error(struct session *s, int status, const char *script, int number, const char *fmt,
    ...) __attribute__((format(printf, 5, 6)));
/* The error of a command: with carets under the bad word of a line that was typed, when `lines` lines of output had
 * been printed. */
void say_command_failed(struct session *s, const char *command, const struct pending *p, const struct err *e);
/* The error of a job's command, once its exec has returned. */
void say_job_failed(struct session *s, const char *command, const struct err *e);
/* Carets under the bad word of a line that was typed; NULL: none was. lines: of output when it was. */
void say_caret(struct session *s, const char *line, unsigned long lines, const struct err *e);
/* The command between from and p->at, where it is to be seen: `echo on`, and in the transcript. */
void say_echo(struct session *s, const struct pending *p, size_t from);

#endif
