/* session.c: makes and frees a session. */
#include "session/session.h"

#include "util/xmalloc.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct session *
session_new(struct out *out, const struct cmd_table *commands)
{
	struct session *s = xcalloc(1, sizeof *s);

	s->out = out;
	s->commands = commands;
	settings_default(&s->set);
	data_choose(&s->data, DATA_BUNDLED);
	s->user.begun = time(NULL);
	out->auto_width = out->width;
	return s;
}

/* The worker is freed first, since it uses the others. */
void
session_free(struct session *s)
{
	if (s == NULL)
		return;
	worker_free(&s->worker);
	queue_free(&s->queue);
	runs_free(&s->runs);
	runs_free(&s->recalled);
	store_free(&s->store);
	slots_free(&s->slots);
	snapshots_free(&s->snapshots);
	undo_free(&s->undo);
	compute_free(&s->compute);
	model_free(&s->model);
	data_free(&s->data);
	if (s->user.guard.process.pid > 0) {
		process_wait(&s->user.guard.process, 1, -1);
		close(s->user.guard.fd);
	}
	free(s->user.guard.process.answer.s);
	free(s->user.guard.path);
	if (s->user.autosave != NULL)
		close(s->user.autosave_fd);
	free(s->user.autosave);
	json_decref(s->user.made);
	free(s->user.font_lacks);
	notebook_free(&s->user.notebook);
	free(s);
}
