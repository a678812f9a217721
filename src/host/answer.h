/* answer.h: the last answer in the workbench, which is laid out anew where it stands wider or narrower than before. */
#ifndef ANSWER_H
#define ANSWER_H

#include "session/session.h"
#include "ui/ui.h"

struct answer {
	char *line; /* what was typed; NULL: it cannot be said again */
	int cells; /* how wide the answer is */
};

void answer_made(struct answer *a, const char *line, int cells);
void answer_again(struct answer *a, struct session *s, struct ui *ui);

#endif
