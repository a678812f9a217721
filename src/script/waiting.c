/* waiting.c: what a person sees of a line that waits for a job. */
#include "script/waiting.h"

#include "language/find.h"
#include "language/words.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

/* What acts at once in place of a line that waits: `now freeze conv2d`. */
static bool
waiting_has_now(struct session *s, const char *line)
{
	const struct cmd *now = cmd_find(s->commands, "now", false, NULL), *c;
	struct cmd_word word[CMD_WORDS_MAX];
	char *store;
	size_t at = 0;
	bool has = false;
	int n = cmd_words(line, &at, word, CMD_WORDS_MAX, &store);

	if (n > 1 && line[at] == '\0' && now != NULL && job_view(&s->worker)->run != NULL &&
	    (c = cmd_find(s->commands, word[0].text, true, NULL)) != NULL)
		for (const char *const *choice = now->arg[0].choices; *choice != NULL; choice++)
			has |= strcmp(*choice, c->name) == 0;
	free(store);
	return has;
}

/* A person sees what has become of a line that waits for the job. */
void
waiting_say(struct session *s, const char *line)
{
	char *text;

	while (word_blank(*line) || *line == ';')
		line++;
	if (*line == '\0' || *line == '#')
		return;
	text = waiting_has_now(s, line) ? xasprintf("queued: %.200s; `now %.200s` acts at once", line, line) :
	    xasprintf("queued: %.200s", line);
	text_clean(text);
	if (s->out->mode == OUT_TABLE) /* it answers nothing */
		out_aside(s->out, false, OUT_DIM, text);
	free(text);
}
