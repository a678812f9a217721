/* task.c: long work that is no run, as a job: the worker does a command's work, and the session's thread then prints
 * what came of it. */
#include "train/task.h"

#include "job/job_int.h"
#include "util/signals.h"
#include "util/xmalloc.h"

#include <stdlib.h>

struct task_job {
	struct task t;
	int rc;
	struct err err;
};

static bool
task_stopping(const void *job)
{
	return job_stopping(job);
}

static bool
task_interrupted(const void *nothing)
{
	return signals_pending() != 0;
}

static void
task_body(struct job *j)
{
	struct task_job *t = j->work;

	job_expect(j, t->t.images);
	signals_cut((struct signals_cut){task_stopping, j}); /* what reads or hashes files */
	t->rc = t->t.work(j->session, t->t.arg, &t->err);
	signals_cut((struct signals_cut){0}); /* what comes behind it is asked by the session's thread */
}

static void
task_free(void *arg)
{
	struct task_job *t = arg;

	t->t.release(t->t.arg);
	free(t);
}

static void
task_say(struct session *s, void *arg)
{
	struct task_job *t = arg;

	t->t.done(s, t->t.arg, t->rc, &t->err);
}

static int
task_done(struct session *s, struct task_job *t, struct err *e)
{
	const struct user_host *host = s->user.host;
	int rc = -1;

	if (t->rc >= 0 && t->t.again && host != NULL && host->answer != NULL) {
		host->answer(s->user.host_arg, &(struct user_answer){task_say, task_free, t});
		return 0;
	}
	if (t->rc < 0)
		*e = t->err;
	else
		rc = t->t.done(s, t->t.arg, t->rc, e);
	task_free(t);
	return rc;
}

static int
task_over(struct job *j, struct err *e)
{
	return task_done(j->session, j->work, e);
}

int
task_start(struct session *s, const char *command, const struct task *task, struct err *e)
{
	struct task_job *t = xcalloc(1, sizeof *t);
	struct signals_cut before;
	struct job_work work;

	t->t = *task;
	if (!s->user.async) {
		before = signals_cut((struct signals_cut){task_interrupted, NULL});
		t->rc = t->t.work(s, t->t.arg, &t->err);
		signals_cut(before);
		return task_done(s, t, e);
	}
	work = (struct job_work){.command = command, .body = task_body, .over = task_over, .work = t, .attended = true,
	    .lively = true};
	if (job_start(&s->worker, s, &work, e) < 0) {
		task_free(t);
		return -1;
	}
	return 0;
}
