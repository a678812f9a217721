/* guard.c: the work of a session at a terminal is kept as it goes. */
#include "file/guard.h"

#include "file/autosave.h"
#include "file/format.h"
#include "file/record.h"
#include "job/job_int.h"
#include "train/start.h"
#include "util/atomic.h"
#include "util/lack.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE 1000 /* milliseconds that the end of a run waits for a file of the one before it */

struct guard_work {
	struct session *s;
	struct atomic_file *a;
};

/* Runs in the copy, which has nobody to tell anything but by its answer: a sentence, "" where all is well. */
static char *
guard_work(void *arg)
{
	struct guard_work *w = arg;
	struct session *s = w->s;
	struct err e = {0};

	signal(SIGTSTP, SIG_IGN); /* Ctrl-Z stops the session, which may wait for this when it goes on */
	trainer_cut(s);
	s->worker.job = NULL;
	if (file_save_open(s, w->a, s->user.guard.path, &e) < 0)
		return xstrdup(e.text);
	return xstrdup("");
}

/* Begins to write. -1 with a sentence. */
static int
guard_begin(struct session *s, struct err *e)
{
	struct user_guard *g = &s->user.guard;
	struct guard_work w = {.s = s};
	bool fresh; /* it is one more, and replaces none */
	int rc = -1;

	if ((g->path = autosave_place(s, &fresh, e)) == NULL)
		return -1;
	g->fd = -1;
	g->began = job_now();
	/* behind a run, which there is then: see guard_keep */
	snprintf(g->of, sizeof g->of, "%s", s->worker.job == NULL ? runs_last(&s->runs)->sha256 : "");
	if ((w.a = atomic_open(g->path, e)) == NULL)
		autosave_why(s, g->path, e);
	else if ((g->fd = atomic_share(w.a)) < 0)
		fail(e, "the session is not saved: %s: %s; name another folder by XDG_STATE_HOME", g->path,
		    strerror(errno));
	else {
		if (fresh)
			atomic_keep(w.a);
		rc = process_start(&g->process, guard_work, &w);
		if (rc < 0)
			fail(e, "the session is not saved: no process for it: %s; %s", strerror(errno),
			    lack_thread_way());
	}
	if (rc == 0) {
		atomic_leave(w.a);
		return 0;
	}
	atomic_abort(w.a);
	if (g->fd >= 0)
		close(g->fd);
	free(g->path);
	g->path = NULL;
	return -1;
}

double
guard_keep(struct session *s)
{
	struct user_guard *g = &s->user.guard;
	struct err e = {0};
	bool over = s->worker.job == NULL;

	if (!s->user.interactive || s->user.safe || s->share != NULL)
		return INFINITY;
	if (!s->set.keep)
		return job_now() + 1;
	if (!autosave_await(s, over ? PATIENCE : 0) || (over ? !runs_unkept(&s->runs) : job_now() < g->due))
		return g->due;
	if (guard_begin(s, &e) < 0) {
		autosave_warn(s, e.text);
		g->due = job_now() + 1;
	}
	return g->due;
}

void
guard_set(struct session *s)
{
	char *dir = s->set.keep ? path_state("", false) : NULL;

	if (s->store.own) {
		store_choose(&s->store, dir);
		s->ran = dir != NULL ? record_keep : NULL;
	}
	if (!s->set.keep && s->user.interactive)
		autosave_saved(s, false);
	free(dir);
}

