/* steer.c: stops, pauses and steps a run that goes on. */
#include "job/job_int.h"

static int
job_idle(const struct runs *past, struct err *e)
{
	const struct run *r = runs_last(past);

	if (r != NULL && r->interrupted)
		return fail(e, "nothing is running; `resume` goes on with r%d", r->number);
	return fail(e, "nothing is running; `train gte5` starts a run");
}

static bool
job_has_run(const struct worker *w)
{
	return w->job != NULL && w->job->view.run != NULL;
}

int
job_stop(struct worker *w, const struct runs *past, struct err *e)
{
	if (w->job == NULL)
		return job_idle(past, e);
	job_halt(w);
	w->job->view.stopping = true;
	return 0;
}

static int
job_set_pause(struct worker *w, const struct runs *past, bool on, int64_t steps, struct err *e)
{
	struct job *j = w->job;

	if (!job_has_run(w))
		return job_idle(past, e);
	pthread_mutex_lock(&j->lock);
	j->pause = on;
	j->steps_left = steps;
	if (!on)
		j->live.paused = j->view.paused = false;
	pthread_cond_broadcast(&j->cond);
	pthread_mutex_unlock(&j->lock);
	return 0;
}

int
job_pause(struct worker *w, const struct runs *past, struct err *e)
{
	return job_set_pause(w, past, true, -1, e);
}

int
job_continue(struct worker *w, const struct runs *past, struct err *e)
{
	return job_set_pause(w, past, false, -1, e);
}

int
job_step(struct worker *w, const struct runs *past, uint32_t batches, struct err *e)
{
	return job_set_pause(w, past, false, batches, e);
}

bool
job_next_batch(const struct worker *w, int *epoch, uint32_t *batch)
{
	const struct job *j = w->job;

	if (j == NULL || j->view.run == NULL || j->ended)
		return false;
	*epoch = j->live.epoch;
	*batch = j->live.step + 1;
	if (j->live.steps > 0 && j->live.step >= j->live.steps) { /* it validates */
		if (++*epoch > j->view.epochs)
			return false;
		*batch = 1;
	}
	return true;
}
