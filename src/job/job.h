/* job.h: long work on a worker thread, which owns the net while it lasts; and how the session's thread looks and
 * steers.
 *
 * The worker leaves events in a queue and writes a byte to the wake pipe; the session's thread takes them in job_pump,
 * and keeps the run's record and the view up to date. So everything below but job_call's function is of the session's
 * thread alone, the runs and the view can be read there without a lock, and nothing is ever half written.
 */
#ifndef JOB_H
#define JOB_H

#include "keras/progress.h"
#include "past/run.h"
#include "util/err.h"

struct job;
struct session;

/* What of a session works beside its thread. */
struct worker {
	struct job *job; /* NULL: nothing is running */
	int wake[2]; /* the pipe; wake[1] 0: not made yet */
	uint32_t steps; /* batches after which the next run pauses or ends, 0: none */
	uint32_t *show; /* job_show */
	size_t nshow;
	float *shown;
	uint64_t show_version, shown_version;
};

enum job_phase { JOB_CACHE, JOB_TRAIN, JOB_VALIDATE, JOB_TASK };

/* What is known of the job as of the last job_pump. */
struct job_view {
	const char *command; /* "train" */
	enum job_phase phase;
	bool paused, stopping;
	struct run *run; /* NULL for a task */
	int epoch, epochs; /* 1.. */
	uint32_t step, steps; /* batches done of this epoch */
	double loss, accuracy; /* running means over the epoch so far; NAN before the first batch */
	struct progress_pace pace; /* of this epoch */
	double eta; /* seconds left of this epoch, NAN when not known */
	double part; /* done of the filling, the validation or the task, NAN when not known */
	int verbose; /* of this run: 0, 1, 2 */
	uint64_t version; /* counts changes */
};
const struct job_view *job_view(const struct worker *w); /* NULL: nothing is running */
bool job_safe_point(struct job *j); /* of the worker, where the engine asks: serves what is asked for; true: give up */

/* The end of the wake pipe to poll: readable when job_pump has something to do. The same for a session's life. */
int job_wake_fd(struct worker *w);
/* Takes the events. True when the job is over with them: w->job is NULL, *command (borrowed) is whose it was, and e has
 * a sentence where it failed, else none. Whoever drives the queue says it. */
bool job_pump(struct worker *w, const char **command, struct err *e);
void job_halt(struct worker *w); /* asks the job to stop, if there is one; job_pump tells when it has */
bool job_poll(struct worker *w, const char **command, struct err *e); /* job_pump, waiting for something to do */
void worker_free(struct worker *w); /* stops the job and waits for it */

/* ---- steering: -1 with a sentence when nothing is running or it cannot be; the runs past tell what can be resumed
 * ---- */

/* after this batch; weights and history are kept */
int job_stop(struct worker *w, const struct runs *past, struct err *e);
int job_pause(struct worker *w, const struct runs *past, struct err *e);
int job_continue(struct worker *w, const struct runs *past, struct err *e);
int job_step(struct worker *w, const struct runs *past, uint32_t batches, struct err *e); /* then pauses */

/* Runs fn while the net stands still: on the worker between two batches of the job that goes on, whether it trains,
 * validates or fills the cache, else at once on this thread, as on the worker itself. fn gets s and arg. It may use the
 * net and the engine, not the session's output. Waits for it: keep it short. Returns what fn does. */
int job_call(struct worker *w, int (*fn)(struct session *s, void *arg, struct err *e), struct session *s, void *arg,
    struct err *e);

/* For that function: the batch of the run that comes next, both from 1. False: no run. */
bool job_next_batch(const struct worker *w, int *epoch, uint32_t *batch);

/* ---- predictions of shown images ---- */

/* The images (of the test part) whose predictions a run keeps fresh: about ten times a second and at the end of each
 * epoch. n 0: none. May be called at any time, also without a job: it holds for the next ones. */
void job_show(struct worker *w, const uint32_t *index, size_t n);
/* [n][classes] of the images above, NULL before the first. *version counts up with each new set of values. */
const float *job_shown(const struct worker *w, uint64_t *version);

#endif
