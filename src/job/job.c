/* job.c: starts a job, takes its events on the session's thread, and ends it.
 *
 * Everything that both threads touch is guarded by the job's lock, except the stop flag, which is atomic. The lock is
 * never held while something computes. The worker serves a request of the session's thread between two batches, so
 * that the request sees a whole state.
 */
#include "job/job_int.h"
#include "util/lack.h"
#include "util/os/os.h"
#include "util/reach.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int
job_wake_fd(struct worker *w)
{
	if (w->wake[1] == 0 && os_pipe(w->wake) < 0)
		return -1;
	return w->wake[0];
}

static void
job_release(struct job *j)
{
	pthread_mutex_destroy(&j->lock);
	pthread_cond_destroy(&j->cond);
	pthread_cond_destroy(&j->served);
	free(j->point);
	free(j->show);
	free(j->shown);
	inside_of_free(&j->watched);
	inside_free(j->inside);
	free(j);
}

int
job_start(struct worker *w, struct session *s, const struct job_work *work, struct err *e)
{
	struct run *run = work->run;
	struct job *j;
	int rc;

	if (w->job != NULL)
		return fail(e, "%s is going on; wait for it or `stop` it", w->job->command);
	if (job_wake_fd(w) < 0)
		return fail(e, "no pipe for the worker: %s; %s", strerror(errno), reach_way(errno, "try again"));
	j = xcalloc(1, sizeof *j);
	j->session = s;
	j->command = work->command;
	j->body = work->body;
	j->over = work->over;
	j->stepped = work->stepped;
	j->work = work->work;
	j->wake = w->wake[1];
	j->attended = work->attended;
	j->lively = work->lively;
	j->last = &j->first;
	j->steps_left = w->steps > 0 ? (int64_t)w->steps : -1;
	w->steps = 0;
	j->view = (struct job_view){.command = work->command, .run = run, .epochs = run != NULL ? run->epochs : 0,
	    .loss = NAN, .accuracy = NAN,
	    .eta = NAN, .phase = run != NULL ? JOB_CACHE : JOB_TASK, .verbose = work->verbose, .version = 1};
	j->live.phase = j->view.phase;
	j->live.part = j->view.part = NAN;
	pthread_mutex_init(&j->lock, NULL);
	pthread_cond_init(&j->cond, NULL);
	pthread_cond_init(&j->served, NULL);
	j->nshow = w->nshow;
	j->show_version = w->show_version;
	if (w->nshow > 0)
		j->show = memcpy(xmalloc(w->nshow * sizeof *j->show), w->show, w->nshow * sizeof *j->show);
	if (w->watches > 0 && inside_of_copy(&j->watched, &w->watched))
		j->watches = w->watches;
	w->job = j;
	if ((rc = nn_thread(&j->thread, job_main, j)) != 0) {
		w->job = NULL;
		job_release(j);
		return fail(e, "no thread to work on: %s; %s", strerror(rc), lack_thread_way());
	}
	return 0;
}

static void
job_view_take(struct job *j, const struct job_live *live)
{
	struct job_view *v = &j->view;
	double unit;

	v->phase = live->phase;
	v->paused = live->paused;
	v->stopping = atomic_load(&j->stop);
	v->epoch = live->epoch;
	v->step = live->step;
	v->steps = live->steps;
	v->loss = live->sum.count > 0 ? live->sum.loss / live->sum.count : NAN;
	v->accuracy = live->sum.count > 0 ? (double)live->sum.correct / live->sum.count : NAN;
	v->pace = live->pace;
	v->part = live->part;
	v->done = live->done;
	v->trials = live->trials;
	v->left = live->left;
	v->eta = NAN;
	if (live->phase == JOB_TRAIN && live->step > 0 && live->steps > 0) {
		unit = progress_pace_unit(&live->pace, live->step);
		v->eta = unit * (live->steps - live->step);
	}
	v->version++;
}

static void
job_points_take(struct run *r, const struct batch_point *point, size_t n)
{
	if (r == NULL || n == 0)
		return;
	r->batch = xrealloc(r->batch, r->nbatch + n, sizeof *r->batch);
	memcpy(r->batch + r->nbatch, point, n * sizeof *point);
	r->nbatch += n;
}

void
job_settle(struct job *j)
{
	job_points_take(j->view.run, j->point, j->npoint);
	j->npoint = 0;
}

/* One at a time, so that memory_out, wherever it is called, finds those that are left. */
static struct job_event *
job_next_event(struct job *j)
{
	struct job_event *ev;

	pthread_mutex_lock(&j->lock);
	if ((ev = j->first) != NULL && (j->first = ev->next) == NULL)
		j->last = &j->first;
	pthread_mutex_unlock(&j->lock);
	return ev;
}

bool
job_pump(struct worker *w, const char **command, struct err *e)
{
	struct job *j = w->job;
	struct job_event *ev;
	struct job_live live;
	struct batch_point *point;
	size_t npoint;
	char buf[64];
	bool ended, died;

	*command = NULL;
	*e = (struct err){0};
	if (w->wake[0] > 0)
		while (read(w->wake[0], buf, sizeof buf) > 0)
			;
	if (j == NULL)
		return false;
	pthread_mutex_lock(&j->lock);
	live = j->live;
	point = j->point;
	npoint = j->npoint;
	j->point = NULL;
	j->npoint = j->point_cap = 0;
	ended = j->ended;
	died = j->died;
	if (j->shown != NULL && j->shown_of == w->show_version) {
		free(w->shown);
		w->shown = j->shown;
		w->shown_version++;
		j->shown = NULL;
	}
	if (j->inside != NULL && j->inside_of == w->watches) {
		inside_free(w->inside);
		w->inside = j->inside;
		w->insides++;
	} else
		inside_free(j->inside);
	j->inside = NULL;
	j->woken = false;
	pthread_mutex_unlock(&j->lock);

	job_points_take(j->view.run, point, npoint);
	free(point);
	while ((ev = job_next_event(j)) != NULL) {
		ev->apply(j, ev);
		free(ev);
	}
	job_view_take(j, &live);
	if (!ended) {
		if (j->view.phase == JOB_TRAIN && j->stepped != NULL && live.pace.now - j->last_bar >= 0.05) {
			j->last_bar = live.pace.now;
			j->stepped(j);
		}
		return false;
	}
	if (died) { /* what it worked on stays as it is: it may be half done */
		w->job = NULL;
		memory_out();
	}
	pthread_join(j->thread, NULL);
	w->job = NULL;
	*command = j->command;
	j->over(j, e);
	job_release(j);
	return true;
}

bool
job_poll(struct worker *w, const char **command, struct err *e)
{
	struct pollfd fd = {job_wake_fd(w), POLLIN, 0};

	poll(&fd, 1, -1);
	return job_pump(w, command, e);
}

void
job_halt(struct worker *w)
{
	struct job *j = w->job;

	if (j == NULL)
		return;
	atomic_store(&j->stop, true);
	pthread_mutex_lock(&j->lock);
	pthread_cond_broadcast(&j->cond); /* a paused worker looks at the flag */
	pthread_mutex_unlock(&j->lock);
}

void
worker_free(struct worker *w)
{
	const char *command;
	struct err unsaid = {0};

	job_halt(w);
	while (w->job != NULL)
		job_poll(w, &command, &unsaid);
	free(w->show);
	free(w->shown);
	if (w->watches > 0)
		inside_of_free(&w->watched);
	inside_free(w->inside);
	if (w->wake[1] > 0) {
		close(w->wake[0]);
		close(w->wake[1]);
	}
	*w = (struct worker){0};
}

const struct job_view *
job_view(const struct worker *w)
{
	return w->job != NULL ? &w->job->view : NULL;
}

int
job_call(struct worker *w, int (*fn)(struct session *s, void *arg, struct err *e), struct session *s, void *arg,
    struct err *e)
{
	struct job *j = w->job;
	struct job_request r = {.fn = fn, .session = s, .arg = arg, .err = e};

	if (j == NULL || job_is_mine(j))
		return fn(s, arg, e);
	pthread_mutex_lock(&j->lock);
	if (j->ended) {
		pthread_mutex_unlock(&j->lock);
		return fn(s, arg, e);
	}
	j->request = &r;
	pthread_cond_broadcast(&j->cond);
	while (!r.done)
		pthread_cond_wait(&j->served, &j->lock);
	pthread_mutex_unlock(&j->lock);
	return r.rc;
}
