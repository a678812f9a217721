/* job.h: long work on a worker thread, which owns the net while it lasts; and how the session's thread looks and steers.
 *
 * The worker leaves events in a queue and writes a byte to the wake pipe; the session's thread takes them in job_pump, prints
 * what they say, and keeps the run's record and the view up to date. So everything below but job_call's function is of the
 * session's thread alone, s->runs and the view can be read there without a lock, and nothing is ever half written.
 *
 * A run that goes on is s->runs[s->nruns - 1]; its epoch records and batch points grow in job_pump.
 */
#ifndef JOB_H
#define JOB_H

#include "progress.h"
#include "session.h"

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
const struct job_view *job_view(const struct session *s); /* NULL: nothing is running */
bool job_safe_point(struct job *j); /* of the worker, where the engine asks: serves what is asked for; true: give up */

/* The end of the wake pipe to poll: readable when job_pump (session_tick) has something to do. The same for a session's life. */
int job_wake_fd(struct session *s);
void job_pump(struct session *s); /* takes the events; s->job is NULL behind the last one */
void job_wait(struct session *s); /* pumps until the job is over; a signal stops it (SIGINT) or autosaves (SIGTERM, SIGHUP) */
void job_end(struct session *s); /* stops and waits */

/* ---- steering: -1 with a sentence when nothing is running or it cannot be ---- */

int job_stop(struct session *s, struct err *e); /* after this batch; weights and history are kept, `resume` goes on */
int job_pause(struct session *s, struct err *e);
int job_continue(struct session *s, struct err *e);
int job_step(struct session *s, uint32_t batches, struct err *e); /* then pauses */
int job_set_lr(struct session *s, struct err *e); /* the session's lr and layer_lr from the next batch on */

/* Runs fn while the net stands still: on the worker between two batches of the job that goes on, whether it trains, validates or
 * fills the cache, else at once on this thread, as on the worker itself. It may use the net and the engine, not the session's output. Waits for it: keep it
 * short. Returns what fn does. */
int job_call(struct session *s, int (*fn)(struct session *s, void *arg, struct err *e), void *arg, struct err *e);

/* For that function: the batch of the run that comes next, both from 1. False: no run. */
bool job_next_batch(const struct session *s, int *epoch, uint32_t *batch);

/* ---- other long work ---- */

/* work runs on the worker; the engine's stop callback ends it when the user says so (nn functions return NN_STOPPED). Meanwhile no
 * other command changes the session: all but CMD_ALWAYS wait. done runs on the session's thread with what work returned and prints the result; it returns -1 with a sentence, as a
 * command does. release frees arg. Where the session is not async, job_task returns after done. */
struct job_task {
	int (*work)(struct session *s, void *arg, struct err *e);
	int (*done)(struct session *s, void *arg, int rc, struct err *e);
	void (*release)(void *arg);
	void *arg;
	size_t images; /* that work evaluates, for the part that is shown; 0: not known */
};
int job_task(struct session *s, const char *command, const struct job_task *t, struct err *e);

/* ---- predictions of shown images ---- */

/* The images (of the test part) whose predictions a run keeps fresh: about ten times a second and at the end of each epoch. n 0:
 * none. May be called at any time, also without a job: it holds for the next ones. */
void job_show(struct session *s, const uint32_t *index, size_t n);
/* [n][classes] of the images above, NULL before the first. *version counts up with each new set of values. */
const float *job_shown(const struct session *s, uint64_t *version);

#endif
