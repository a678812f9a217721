/* job.c: the worker, its mailbox, and steering. What the worker does is trainer.c's business, or a task's.
 *
 * Everything that both threads touch lies under the job's lock, but for the stop flag, which is atomic. The lock is never
 * held while something computes. A request of the session's thread is served between two batches, so that it sees a whole state.
 */
#include "job_int.h"
#include "report.h"
#include "util/signals.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define JOB_WAKE_SECONDS 0.033

double
job_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec * 1e-9;
}

/* ---- the worker's side ---- */

/* Under the lock. One byte is enough until the other side has looked. */
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

struct job_event *
job_event_new(void (*apply)(struct job *j, struct job_event *ev))
{
	struct job_event *ev = xcalloc(1, sizeof *ev);

	ev->apply = apply;
	return ev;
}

void
job_post(struct job *j, struct job_event *ev)
{
	pthread_mutex_lock(&j->lock);
	*j->last = ev;
	j->last = &ev->next;
	job_wake(j);
	pthread_mutex_unlock(&j->lock);
}

void
job_publish(struct job *j, const struct job_live *live, const struct batch_point *point)
{
	pthread_mutex_lock(&j->lock);
	j->live = *live;
	j->live.paused = j->pause;
	if (point != NULL) {
		if (j->npoint == j->point_cap) {
			j->point_cap = j->point_cap * 2 + 256;
			j->point = xrealloc(j->point, j->point_cap, sizeof *j->point);
		}
		j->point[j->npoint++] = *point;
	}
	if (j->lively && (point == NULL || live->pace.now - j->last_wake >= JOB_WAKE_SECONDS)) {
		j->last_wake = live->pace.now;
		job_wake(j);
	}
	pthread_mutex_unlock(&j->lock);
}

/* Under the lock, which is let go while fn runs. */
static void
job_serve(struct job *j)
{
	struct job_request *r = j->request;

	if (r == NULL)
		return;
	pthread_mutex_unlock(&j->lock);
	j->serving = true;
	r->rc = r->fn(j->session, r->arg, r->err);
	j->serving = false;
	pthread_mutex_lock(&j->lock);
	r->done = true;
	j->request = NULL;
	pthread_cond_signal(&j->served);
}

bool
job_between(struct job *j, bool counted)
{
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
		if (!j->live.paused) {
			j->live.paused = true;
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

bool
job_safe_point(struct job *j)
{
	double now;

	if (j->serving) /* what is served is short, and whoever asked waits for it */
		return false;
	pthread_mutex_lock(&j->lock);
	if (j->ended) { /* a request behind the end, on the session's thread */
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

static _Thread_local struct job *job_mine; /* of a worker: the job that it does */

static void *
job_main(void *arg)
{
	struct job *j = job_mine = arg;
	sigset_t all;

	sigfillset(&all); /* signals are the session's thread's */
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	j->body(j);
	pthread_mutex_lock(&j->lock);
	j->ended = true;
	job_serve(j);
	job_wake(j);
	pthread_mutex_unlock(&j->lock);
	return NULL;
}

/* ---- the session's side ---- */

int
job_wake_fd(struct session *s)
{
	if (s->wake[1] == 0 && pipe2(s->wake, O_CLOEXEC | O_NONBLOCK) < 0)
		return -1;
	return s->wake[0];
}

int
job_start(struct session *s, const char *command, void (*body)(struct job *), void (*over)(struct job *), void *work,
    struct run *run, struct err *e)
{
	struct job *j;
	int rc;

	if (s->job != NULL)
		return fail(e, "%s is going on; wait for it or `stop` it", s->job->command);
	if (job_wake_fd(s) < 0)
		return fail(e, "no pipe for the worker: %s; close some files", strerror(errno));
	j = xcalloc(1, sizeof *j);
	j->session = s;
	j->command = command;
	j->body = body;
	j->over = over;
	j->work = work;
	j->wake = s->wake[1];
	j->attended = s->interactive || s->async;
	j->lively = s->async || s->out->moving;
	j->last = &j->first;
	j->steps_left = s->job_steps > 0 ? (int64_t)s->job_steps : -1;
	s->job_steps = 0;
	j->view = (struct job_view){.command = command, .run = run, .epochs = run != NULL ? run->epochs : 0, .loss = NAN, .accuracy = NAN,
	    .eta = NAN, .phase = run != NULL ? JOB_CACHE : JOB_TASK, .version = 1};
	j->live.phase = j->view.phase;
	j->live.part = j->view.part = NAN;
	pthread_mutex_init(&j->lock, NULL);
	pthread_cond_init(&j->cond, NULL);
	pthread_cond_init(&j->served, NULL);
	j->nshow = s->nshow;
	j->show_version = s->show_version;
	if (s->nshow > 0)
		j->show = memcpy(xmalloc(s->nshow * sizeof *j->show), s->show, s->nshow * sizeof *j->show);
	s->job = j;
	if ((rc = nn_thread(&j->thread, job_main, j)) != 0) {
		s->job = NULL;
		pthread_mutex_destroy(&j->lock);
		free(j->show);
		free(j);
		return fail(e, "no thread to work on: %s; end other programs", strerror(rc));
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

static void
job_release(struct job *j)
{
	pthread_mutex_destroy(&j->lock);
	pthread_cond_destroy(&j->cond);
	pthread_cond_destroy(&j->served);
	free(j->point);
	free(j->show);
	free(j->shown);
	free(j);
}

void
job_pump(struct session *s)
{
	struct job *j = s->job;
	struct job_event *ev, *next;
	struct job_live live;
	struct batch_point *point;
	size_t npoint;
	char buf[64];
	bool ended;

	if (s->wake[0] > 0)
		while (read(s->wake[0], buf, sizeof buf) > 0)
			;
	if (j == NULL)
		return;
	pthread_mutex_lock(&j->lock);
	ev = j->first;
	j->first = NULL;
	j->last = &j->first;
	live = j->live;
	point = j->point;
	npoint = j->npoint;
	j->point = NULL;
	j->npoint = j->point_cap = 0;
	ended = j->ended;
	if (j->shown != NULL && j->shown_of == s->show_version) {
		free(s->shown);
		s->shown = j->shown;
		s->shown_version++;
		j->shown = NULL;
	}
	j->woken = false;
	pthread_mutex_unlock(&j->lock);

	job_points_take(j->view.run, point, npoint);
	free(point);
	for (; ev != NULL; ev = next) {
		next = ev->next;
		ev->apply(j, ev);
		free(ev);
	}
	job_view_take(j, &live);
	if (!ended) {
		if (j->view.phase == JOB_TRAIN && live.pace.now - j->last_bar >= 0.05) {
			j->last_bar = live.pace.now;
			report_step(s, &j->view);
		}
		return;
	}
	pthread_join(j->thread, NULL);
	s->job = NULL;
	j->over(j);
	if (s->dropped != NULL)
		out_note(s->out, "%s", s->dropped);
	free(s->dropped);
	s->dropped = NULL;
	job_release(j);
}

/* Wakes a paused worker, so that it looks at its flags. */
static void
job_poke(struct job *j)
{
	pthread_mutex_lock(&j->lock);
	pthread_cond_broadcast(&j->cond);
	pthread_mutex_unlock(&j->lock);
}

/* What a signal asks for while we wait. An interrupt is served here where someone sits at a terminal; else it ends the batch. */
static void
job_wait_signals(struct session *s)
{
	signals_drain();
	if (s->host != NULL && s->host->served != NULL)
		s->host->served(s->host_arg);
	if (signals_pending() == 0 && !s->out->failed && !s->quit)
		return;
	atomic_store(&s->job->stop, true);
	job_poke(s->job);
	if (s->interactive && signals_take_interrupt()) {
		s->interrupts++;
		session_queue_drop(s, "interrupted");
	}
}

void
job_wait(struct session *s)
{
	struct pollfd fd[3] = {{job_wake_fd(s), POLLIN, 0}, {signals_fd(), POLLIN, 0}, {-1, POLLIN, 0}};

	s->waiting = true;
	while (s->job != NULL) {
		job_wait_signals(s);
		fd[2].fd = s->host != NULL && s->host->input_fd != NULL ? s->host->input_fd(s->host_arg) : -1;
		if (poll(fd, 3, -1) < 0 && errno != EINTR)
			break;
		if (fd[0].revents != 0)
			job_pump(s);
		if (s->job != NULL && fd[2].fd >= 0 && fd[2].revents != 0)
			s->host->input(s->host_arg);
		if (!s->out->moving)
			out_flush(s->out);
	}
	s->waiting = false;
}

void
job_end(struct session *s)
{
	if (s->job == NULL)
		return;
	atomic_store(&s->job->stop, true);
	job_poke(s->job);
	while (s->job != NULL) {
		struct pollfd fd = {job_wake_fd(s), POLLIN, 0};

		poll(&fd, 1, -1);
		job_pump(s);
	}
}

const struct job_view *
job_view(const struct session *s)
{
	return s->job != NULL ? &s->job->view : NULL;
}

/* ---- steering ---- */

static int
job_idle(struct session *s, struct err *e)
{
	struct run *r = session_run_last(s);

	if (r != NULL && r->interrupted)
		return fail(e, "nothing is running; `resume` goes on with r%d", r->number);
	return fail(e, "nothing is running; `train gte5` starts a run");
}

static bool
job_has_run(const struct session *s)
{
	return s->job != NULL && s->job->view.run != NULL;
}

int
job_stop(struct session *s, struct err *e)
{
	if (s->job == NULL)
		return job_idle(s, e);
	atomic_store(&s->job->stop, true);
	s->job->view.stopping = true;
	job_poke(s->job);
	return 0;
}

static int
job_set_pause(struct session *s, bool on, int64_t steps, struct err *e)
{
	struct job *j = s->job;

	if (!job_has_run(s))
		return job_idle(s, e);
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
job_pause(struct session *s, struct err *e)
{
	return job_set_pause(s, true, -1, e);
}

int
job_continue(struct session *s, struct err *e)
{
	return job_set_pause(s, false, -1, e);
}

int
job_step(struct session *s, uint32_t batches, struct err *e)
{
	return job_set_pause(s, false, batches, e);
}

int
job_call(struct session *s, int (*fn)(struct session *s, void *arg, struct err *e), void *arg, struct err *e)
{
	struct job *j = s->job;
	struct job_request r = {.fn = fn, .arg = arg, .err = e};

	if (j == NULL || j == job_mine)
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

bool
job_next_batch(const struct session *s, int *epoch, uint32_t *batch)
{
	const struct job *j = s->job;

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

/* ---- predictions of shown images ---- */

void
job_show(struct session *s, const uint32_t *index, size_t n)
{
	struct job *j = s->job;

	if (n == s->nshow && (n == 0 || memcmp(index, s->show, n * sizeof *index) == 0))
		return;
	free(s->show);
	s->show = n > 0 ? memcpy(xmalloc(n * sizeof *index), index, n * sizeof *index) : NULL;
	s->nshow = n;
	s->show_version++;
	free(s->shown);
	s->shown = NULL;
	if (j == NULL)
		return;
	pthread_mutex_lock(&j->lock);
	free(j->show);
	j->show = n > 0 ? memcpy(xmalloc(n * sizeof *index), index, n * sizeof *index) : NULL;
	j->nshow = n;
	j->show_version = s->show_version;
	pthread_mutex_unlock(&j->lock);
}

const float *
job_shown(const struct session *s, uint64_t *version)
{
	if (version != NULL)
		*version = s->shown_version;
	return s->shown;
}
