/* say.h: prints the errors of lines, and the lines themselves where they are to be seen. */
#ifndef SAY_H
#define SAY_H

#include "session/session.h"

/* An error of no command, as of a script that cannot be read. script may be NULL. */
void say_error(struct session *s, int status, const char *script, int number, const char *fmt,
    ...) __attribute__((format(printf, 5, 6)));
/* The error of a command, with carets under the bad word when its line was typed. */
void say_command_failed(struct session *s, const char *command, const struct pending *p, struct err *e);
/* The error of a job's command, once its exec has returned. */
void say_job_failed(struct session *s, const char *command, struct err *e);
/* Whether nothing of such a line may be shown: what a file holds that is no script, a key say, and under --safe all of
 * another file. command NULL: the line names none. */
bool say_hides(const struct pending *p, const char *command);
/* Puts carets under the bad word of a line that was typed; line is NULL when none was. lines: how many lines of output
 * there were when it was typed. */
void say_caret(struct session *s, const char *line, unsigned long lines, const struct err *e);
/* Shows the command between from and p->at after `echo on`, or of a script that is played, and writes it to the
 * transcript. remark: there is no command there, at most a comment, which is shown where a script is played. */
void say_echo(struct session *s, const struct pending *p, size_t from, bool remark);

#endif
