/* worker.c: the worker's side of a job: what it tells the session's thread, and what it does for it. */
#include "job/job_int.h"
#include "util/xmalloc.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#define JOB_WAKE_SECONDS 0.033 /* the session's thread is woken no more often than that */

double
job_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec * 1e-9;
}

/* Called under the lock. One byte is enough until the other side has looked. */
static void
job_wake(struct job *j)
{
	ssize_t ignored;

	if (j->woken)
		return;
	j->woken = true;
	ignored = write(j->wake, "", 1);
	(void)ignored;
}

static int
job_no_memory(struct nn_err *e)
{
	return nn_lacks(e, NN_LACK_MEMORY, "not enough memory to go on");
}

int
job_post(struct job *j, const struct job_event *ev, struct nn_err *e)
{
	struct job_event *copy = malloc(sizeof *copy);

	if (copy == NULL)
		return job_no_memory(e);
	*copy = *ev;
	pthread_mutex_lock(&j->lock);
	*j->last = copy;
	j->last = &copy->next;
	job_wake(j);
	pthread_mutex_unlock(&j->lock);
	return 0;
}

int
job_publish(struct job *j, const struct job_live *live, const struct batch_point *point, struct nn_err *e)
{
	struct batch_point *grown;

	pthread_mutex_lock(&j->lock);
	j->live = *live;
	j->live.paused = j->pause;
	if (point != NULL) {
		if (j->npoint == j->point_cap) {
			if ((grown = realloc(j->point, (j->point_cap * 2 + 256) * sizeof *grown)) == NULL) {
				pthread_mutex_unlock(&j->lock);
				return job_no_memory(e);
			}
			j->point = grown;
			j->point_cap = j->point_cap * 2 + 256;
		}
		j->point[j->npoint++] = *point;
	}
	if (j->lively && (point == NULL || live->pace.now - j->last_wake >= JOB_WAKE_SECONDS)) {
		j->last_wake = live->pace.now;
		job_wake(j);
	}
	pthread_mutex_unlock(&j->lock);
	return 0;
}

/* Called under the lock, which it lets go of while fn runs. */
static void
job_serve(struct job *j)
{
	struct job_request *r = j->request;

	if (r == NULL)
		return;
	pthread_mutex_unlock(&j->lock);
	j->serving = true;
	r->rc = r->fn(r->session, r->arg, r->err);
	j->serving = false;
	pthread_mutex_lock(&j->lock);
	r->done = true;
	j->request = NULL;
	pthread_cond_signal(&j->served);
}

bool
job_between(struct job *j, bool counted)
{
	bool told = false; /* job_publish may have left it to a later byte, which does not come now */
	double began;

	pthread_mutex_lock(&j->lock);
	if (counted && j->steps_left > 0 && --j->steps_left == 0) {
		if (j->attended)
			j->pause = true;
		else
			atomic_store(&j->stop, true);
		j->steps_left = -1;
	}
	job_serve(j);
	began = j->pause ? job_now() : 0;
	while (j->pause && !atomic_load(&j->stop)) {
		if (!told || !j->live.paused) {
			j->live.paused = told = true;
			job_wake(j);
		}
		pthread_cond_wait(&j->cond, &j->lock);
		job_serve(j);
	}
	if (began > 0)
		j->halted += job_now() - began;
	j->live.paused = false;
	pthread_mutex_unlock(&j->lock);
	return !atomic_load(&j->stop);
}

bool
job_stands(struct job *j)
{
	bool stands;

	pthread_mutex_lock(&j->lock);
	stands = j->pause || j->steps_left == 1;
	pthread_mutex_unlock(&j->lock);
	return stands;
}

void
job_await(struct job *j)
{
	pthread_mutex_lock(&j->lock);
	while (!j->answered) {
		job_serve(j);
		if (!j->answered)
			pthread_cond_wait(&j->cond, &j->lock);
	}
	j->answered = false;
	pthread_mutex_unlock(&j->lock);
}

void
job_answer(struct job *j)
{
	pthread_mutex_lock(&j->lock);
	j->answered = true;
	pthread_cond_broadcast(&j->cond);
	pthread_mutex_unlock(&j->lock);
}

double
job_halted(struct job *j)
{
	double seconds = j->halted;

	j->halted = 0;
	return seconds;
}

void
job_expect(struct job *j, size_t images)
{
	j->expected = images;
	j->seen = 0;
}

void
job_part(struct job *j, double part)
{
	pthread_mutex_lock(&j->lock);
	j->live.part = part;
	job_wake(j);
	pthread_mutex_unlock(&j->lock);
}

void
job_trials(struct job *j, int done, int trials, double left)
{
	pthread_mutex_lock(&j->lock);
	j->live.done = done;
	j->live.trials = trials;
	j->live.left = left;
	job_wake(j);
	pthread_mutex_unlock(&j->lock);
}

bool
job_safe_point(struct job *j)
{
	double now;

	if (j->serving) /* a request is short, and whoever made it waits */
		return false;
	pthread_mutex_lock(&j->lock);
	if (j->ended) { /* this is the session's thread, with a request after the end */
		pthread_mutex_unlock(&j->lock);
		return false;
	}
	job_serve(j);
	if (j->expected > 0) {
		now = job_now();
		if (j->lively && now - j->told >= JOB_WAKE_SECONDS) {
			j->told = now;
			j->live.part = fmin((double)j->seen / (double)j->expected, 1);
			job_wake(j);
		}
		j->seen += NN_EVAL_BATCH;
	}
	pthread_mutex_unlock(&j->lock);
	return atomic_load(&j->stop) || (j->vain != NULL && j->vain(j));
}

bool
job_stopping(const struct job *j)
{
	return atomic_load(&j->stop) && !atomic_load(&j->serving);
}

static _Thread_local const struct job *job_mine; /* the job that this thread works on */

/* The worker's share of memory_out: whoever waits for it goes on, and finds that it has died. */
static void
job_die(void *arg)
{
	struct job *j = arg;

	pthread_mutex_lock(&j->lock);
	j->ended = j->died = true;
	if (j->request != NULL) {
		j->request->rc = -1;
		j->request->done = true;
		pthread_cond_signal(&j->served);
	}
	job_wake(j);
	pthread_mutex_unlock(&j->lock);
}

void *
job_main(void *arg)
{
	struct job *j = arg;
	sigset_t all;

	memory_thread(job_die, j);
	job_mine = j;
	sigfillset(&all); /* signals are for the session's thread */
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	j->body(j);
	pthread_mutex_lock(&j->lock);
	j->ended = true;
	job_serve(j);
	job_wake(j);
	pthread_mutex_unlock(&j->lock);
	return NULL;
}

bool
job_is_mine(const struct job *j)
{
	return j == job_mine;
}
