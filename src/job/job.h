/* job.h: long work on a worker thread, which owns the net meanwhile; how the session's thread watches and steers it.
 *
 * The worker leaves events in a queue and writes a byte to the wake pipe. The session's thread takes them in job_pump,
 * and brings the run's record and the view up to date. So everything here, except the function of job_call and
 * job_safe_point, is for the session's thread alone, which can read runs and view without a lock and never sees them
 * half written.
 */
#ifndef JOB_H
#define JOB_H

#include "job/inside.h"
#include "keras/progress.h"
#include "past/run.h"
#include "util/err.h"

struct job;
struct session;

/* The part of a session that works beside its thread. */
struct worker {
	struct job *job; /* NULL: nothing is running */
	int wake[2]; /* the pipe; wake[1] is 0 until it is made */
	uint32_t steps; /* the next run pauses or ends after so many batches; 0: it does not */
	uint32_t *show; /* the images of job_show */
	size_t nshow;
	float *shown;
	uint64_t show_version, shown_version;
	struct inside_of watched; /* by job_watch, as often as `watches` counts */
	uint64_t watches;
	struct inside *inside;
	uint64_t insides; /* counts them */
};

enum job_phase { JOB_CACHE, JOB_TRAIN, JOB_VALIDATE, JOB_TASK };

/* What was known of the job at the last job_pump. */
struct job_view {
	const char *command; /* "train" */
	enum job_phase phase;
	bool paused, stopping;
	struct run *run; /* NULL for a task */
	int epoch, epochs; /* counted from 1 */
	uint32_t step, steps; /* batches of this epoch: done, and all */
	double loss, accuracy; /* means over the epoch so far; NAN before the first batch */
	struct progress_pace pace; /* of this epoch */
	double eta; /* seconds left of this epoch; NAN when not known */
	double part; /* how much of the filling, the validation or the task is done, 0 to 1; NAN when not known */
	int done, trials; /* of a task that consists of them; trials 0: it does not */
	double left; /* seconds, of these; NAN when not known */
	int verbose; /* the setting, for this run: 0, 1 or 2 */
	uint64_t version; /* counts the changes of this view */
};
const struct job_view *job_view(const struct worker *w); /* NULL: nothing is running */
/* The worker calls this where the engine asks whether to go on: it serves a request. True: the work is to end. */
bool job_safe_point(struct job *j);
bool job_stopping(const struct job *j); /* its work is to end, and it serves no request; any thread may ask */

/* The end of the wake pipe to poll, the same throughout: it can be read when job_pump has something to do. */
int job_wake_fd(struct worker *w);
/* Takes the events. Returns true when the job is over: then w->job is NULL, *command (borrowed) is the command that had
 * started it, and e holds a sentence if it failed, for the caller to print. */
bool job_pump(struct worker *w, const char **command, struct err *e);
void job_halt(struct worker *w); /* asks the job, if there is one, to stop; job_pump tells when it has */
bool job_poll(struct worker *w, const char **command, struct err *e); /* waits for something to do, then job_pump */
void worker_free(struct worker *w); /* stops the job and waits until it has ended */

/* ---- steering ----
 *
 * These return -1 with a sentence when nothing is running, which says what of the past runs can be resumed. They act
 * after the present batch. */

int job_stop(struct worker *w, const struct runs *past, struct err *e); /* weights and history are kept */
int job_pause(struct worker *w, const struct runs *past, struct err *e);
int job_continue(struct worker *w, const struct runs *past, struct err *e);
int job_step(struct worker *w, const struct runs *past, uint32_t batches, struct err *e); /* then it pauses again */

/* Runs fn while the net stands still, waits for it and returns what it returns. While a job goes on, the worker runs it
 * between two batches of whatever it does; without a job, or called by the worker, it runs at once on this thread. fn
 * may use the net and the engine, but not the session's output. Keep it short. */
int job_call(struct worker *w, int (*fn)(struct session *s, void *arg, struct err *e), struct session *s, void *arg,
    struct err *e);

/* For that function: which batch of the run comes next, both counted from 1. False when there is no run. */
bool job_next_batch(const struct worker *w, int *epoch, uint32_t *batch);

/* ---- predictions of shown images ---- */

/* Sets the images, by their index in the test part, whose predictions a run brings up to date about ten times a second
 * and at the end of each epoch. It holds for all runs from now on. */
void job_show(struct worker *w, const uint32_t *index, size_t n);
/* Their probabilities, [n][classes]; NULL as long as there are none. *version counts the new sets of values. */
const float *job_shown(const struct worker *w, uint64_t *version);

/* Sets what of the net's inside a run brings up to date, as often as those predictions; NULL: nothing. A copy is kept,
 * and holds for all runs from now on. */
void job_watch(struct worker *w, const struct inside_of *of);
/* The last of it; NULL as long as there is none. *version counts the new ones. */
const struct inside *job_inside(const struct worker *w, uint64_t *version);

#endif
