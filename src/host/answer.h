/* answer.h: the last answer in the workbench, which is laid out anew where it stands wider or narrower than before. */
#ifndef ANSWER_H
#define ANSWER_H

#include "session/session.h"
#include "ui/ui.h"

struct answer {
	char *line; /* what was typed, or what that was taken for; NULL: it cannot be said again */
	bool python; /* it was taken for that */
	struct user_answer task; /* of a task, in place of a line; say NULL: there is none */
	int cells; /* how wide the answer is */
};

void answer_made(struct answer *a, const struct session *s, const char *line, int cells);
void answer_task(struct answer *a, const struct user_answer *task, int cells); /* takes it over */
void answer_again(struct answer *a, struct session *s, struct ui *ui);

#endif
