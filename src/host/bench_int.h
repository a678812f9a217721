/* bench_int.h: what the files of the workbench share. */
#ifndef BENCH_INT_H
#define BENCH_INT_H

#include "host/answer.h"
#include "session/session.h"
#include "ui/ui.h"

struct feed;

struct bench {
	struct session *s;
	struct ui *ui;
	struct feed *feed;
	bool lines; /* `tui off` */
	int code; /* of the `quit CODE` that asked, or -1 */
	uint64_t asked; /* lines of the log before the answer that a task is still at, 0: none */
	char *bar; /* what the log's bar shows when the panes have the same figures; NULL: it shows it */
	struct answer answer;
	struct user_answer task; /* all that is said since `asked`, while it is not done; say NULL: there is none */
};

void bench_task_drop(struct bench *b); /* bench_user.c */

extern const struct user_host bench_user_host; /* bench_user.c; its arg is a struct bench */

#endif
