/* job_int.h: the mailbox between the worker and the session's thread, for job/ itself and for those who give the worker
 * its work. */
#ifndef JOB_INT_H
#define JOB_INT_H

#include "job/job.h"

#include <pthread.h>
#include <stdatomic.h>

struct job_event {
	struct job_event *next;
	void (*apply)(struct job *j, struct job_event *ev); /* on the session's thread */
	struct epoch_record record;
	struct progress_pace pace;
	int number;
	uint32_t step;
	bool best; /* of an epoch: the best so far, and the worker waits until its weights are written */
	bool guard; /* of an epoch with others behind it: the worker waits until the session has been kept */
};

struct job_request { /* on the stack of the thread that waits for it */
	int (*fn)(struct session *s, void *arg, struct err *e);
	struct session *session;
	void *arg;
	struct err *err;
	int rc;
	bool done;
};

/* What changes with every batch. */
struct job_live {
	enum job_phase phase;
	bool paused;
	int epoch;
	uint32_t step, steps;
	double part; /* as in struct job_view */
	int done, trials; /* the same */
	double left; /* the same */
	struct nn_metrics sum;
	struct progress_pace pace;
};

struct job {
	struct session *session; /* handed on to the functions below; job/ does not look into it */
	const char *command;
	pthread_t thread;
	atomic_bool stop;
	int wake; /* the end of the wake pipe to write to */
	bool attended; /* a person is there who can go on with a paused run */
	bool lively; /* a person watches: wake the session's thread between epochs, too */

	/* The worker's body and what it works on. */
	void (*body)(struct job *j);
	/* Called on the session's thread when the worker has ended; returns -1 with a sentence when the job failed. */
	int (*over)(struct job *j, struct err *e);
	/* Called on the session's thread when batches were done, to move a bar; may be NULL. */
	void (*stepped)(struct job *j);
	void *work;
	/* Called on the worker at a safe point: true when its work is not wanted any more. May be NULL. */
	bool (*vain)(struct job *j);
	/* of the worker */
	atomic_bool serving; /* it runs a request */
	size_t expected, seen; /* images to evaluate, and evaluated; expected is 0 when not known */
	double halted; /* seconds of pauses since the last job_halted */
	double told; /* when the part was last published */

	pthread_mutex_t lock;
	pthread_cond_t cond; /* for the worker: something was asked */
	pthread_cond_t served; /* for the session's thread: a request was served */
	/* guarded by the lock */
	struct job_event *first, **last;
	struct job_request *request;
	struct job_live live;
	struct batch_point *point;
	size_t npoint, point_cap;
	bool pause, ended, answered;
	bool died; /* the worker had no memory and stands still; the program has to end */
	int64_t steps_left; /* batches until a pause, or until the end if nobody is there to go on; -1: no such end */
	bool woken; /* a byte is in the pipe */
	uint32_t *show; /* the images of job_show */
	size_t nshow;
	uint64_t show_version; /* counts the calls of job_show */
	float *shown; /* [nshow][classes], new ones, until the session's thread takes them */
	uint64_t shown_of; /* the show_version that they belong to */
	struct inside_of watched; /* of job_watch, */
	uint64_t watches; /* and its count */
	struct inside *inside; /* new, until the session's thread takes it */
	uint64_t inside_of; /* the count that it belongs to */
	double last_wake;

	/* of the session's thread */
	struct job_view view;
	double last_bar; /* when the progress bar was last drawn */
};

/* ---- for the worker ---- */

double job_now(void); /* seconds of a clock that does not run backwards */
/* Both give -1 with a sentence where there is no memory. An event is copied. */
int job_post(struct job *j, const struct job_event *ev, struct nn_err *e);
/* Publishes what changes with every batch, with a point of the curves where there is one. */
int job_publish(struct job *j, const struct job_live *live, const struct batch_point *point, struct nn_err *e);
/* Waits until the session's thread has called job_answer, which it does where it applies the event that was posted. */
void job_await(struct job *j);
/* In a copy of this process that has no worker: the points that it left are those of the record. */
void job_settle(struct job *j);
void job_answer(struct job *j); /* for the session's thread: the worker goes on */
/* Says how many images are evaluated from here on, from which follows the part that is shown. */
void job_expect(struct job *j, size_t images);
void job_part(struct job *j, double part); /* says how much of it is done, where no images are counted */
void job_trials(struct job *j, int done, int trials, double left); /* of many trials, how many */
/* To be called between two batches: serves a request, and waits during a pause. Returns false when the run is to stop.
 * counted: a batch was just done. */
bool job_between(struct job *j, bool counted);
bool job_stands(struct job *j); /* whether that will wait, behind a batch that was done */
/* Looks at what is watched of the net, unless what it saw last has not been taken yet. */
void job_see(struct job *j, struct nn_net *net, struct nn_engine *eng, const struct job_live *live);
double job_halted(struct job *j); /* how many seconds it was paused since the last call */

/* ---- for the session's thread ---- */

struct job_work {
	const char *command; /* the name of the command that starts it, a constant, for the view and for errors */
	void (*body)(struct job *j);
	int (*over)(struct job *j, struct err *e);
	void (*stepped)(struct job *j);
	void *work;
	struct run *run; /* NULL for a task */
	int verbose;
	bool attended, lively;
};
/* Starts the worker. -1 with a sentence. */
int job_start(struct worker *w, struct session *s, const struct job_work *work, struct err *e);

/* ---- between the files of job/ ---- */

void *job_main(void *job); /* the worker thread's function */
bool job_is_mine(const struct job *j); /* whether this thread is the job's worker */

#endif
