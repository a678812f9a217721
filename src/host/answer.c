/* answer.c: says an answer again for another width. Only commands that say the same again and change nothing are
 * asked.
 */
#include "host/answer.h"

#include "script/exec.h"
#include "util/xmalloc.h"

#include <stdlib.h>

void
answer_made(struct answer *a, const struct session *s, const char *line, int cells)
{
	const char *meant = s->user.notebook.meant;

	answer_task(a, &(struct user_answer){0}, cells);
	a->python = meant != NULL;
	a->line = line == NULL ? NULL : xstrdup(a->python ? meant : line);
}

void
answer_task(struct answer *a, const struct user_answer *task, int cells)
{
	if (a->task.say != NULL)
		a->task.release(a->task.arg);
	free(a->line);
	*a = (struct answer){.task = *task, .cells = cells};
}

static void
answer_line(void *arg, bool error, enum out_style style, const char *text)
{
	ui_log_add(arg, error && style == OUT_PLAIN ? UI_BAD : (enum ui_style)style, text);
}

static void
answer_bar(void *arg, const char *text)
{
}

void
answer_again(struct answer *a, struct session *s, struct ui *ui)
{
	struct out *o = s->out;
	struct out_sink sink = o->sink;
	struct ui_log lines = {0};
	FILE *log = o->log;
	struct transcript kept = o->kept;
	int cells = ui_answer_cells(ui), width = o->auto_width;

	if ((a->line == NULL && a->task.say == NULL) || cells <= 0 || cells == a->cells)
		return;
	a->cells = cells;
	o->auto_width = cells;
	settings_show(&s->set, o);
	o->sink = (struct out_sink){answer_line, answer_bar, &lines};
	o->log = NULL;
	o->kept = (struct transcript){0}; /* it has the answer already */
	if (a->task.say != NULL)
		a->task.say(s, a->task.arg);
	if (a->task.say != NULL || session_again(s, a->line, a->python))
		ui_answer_again(ui, &lines);
	o->log = log;
	transcript_clear(&o->kept);
	o->kept = kept;
	o->sink = sink;
	o->auto_width = width;
	settings_show(&s->set, o);
	ui_log_clear(&lines);
}
