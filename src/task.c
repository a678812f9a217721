/* task.c: long work that is no run, as a job: a command's work on the worker, and what it says behind it on the session's thread. */
#include "job_int.h"
#include "util/xmalloc.h"

#include <stdlib.h>

struct task {
	struct job_task t;
	int rc;
	struct err err;
};

static void
task_body(struct job *j)
{
	struct task *t = j->work;

	job_expect(j, t->t.images);
	t->rc = t->t.work(j->session, t->t.arg, &t->err);
}

static int
task_done(struct session *s, struct task *t, struct err *e)
{
	int rc;

	if (t->rc < 0) {
		*e = t->err;
		rc = -1;
	} else
		rc = t->t.done(s, t->t.arg, t->rc, e);
	if (t->t.release != NULL)
		t->t.release(t->t.arg);
	free(t);
	return rc;
}

static void
task_over(struct job *j)
{
	struct err e = {0};

	if (task_done(j->session, j->work, &e) < 0)
		session_job_failed(j->session, j->command, &e);
}

int
job_task(struct session *s, const char *command, const struct job_task *task, struct err *e)
{
	struct task *t = xcalloc(1, sizeof *t);

	t->t = *task;
	if (!s->async) {
		t->rc = t->t.work(s, t->t.arg, &t->err);
		return task_done(s, t, e);
	}
	if (job_start(s, command, task_body, task_over, t, NULL, e) < 0) {
		if (t->t.release != NULL)
			t->t.release(t->t.arg);
		free(t);
		return -1;
	}
	return 0;
}
