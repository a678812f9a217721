/* job_int.h: the mailbox between the worker and the session's thread, for job/ and for whoever gives the worker its
 * work. */
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
};

struct job_request { /* lives on the stack of the thread that waits for it */
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
	double part; /* of what is not training, 0 to 1; NAN: not known */
	struct nn_metrics sum;
	struct progress_pace pace;
};

struct job {
	struct session *session; /* whom it works for: the worker knows it by name only */
	const char *command;
	pthread_t thread;
	atomic_bool stop;
	int wake; /* the writing end */
	bool attended; /* someone can go on with a run that is halted */
	bool lively; /* someone watches: wake them between epochs too */

	/* The worker's body and what it works on. */
	void (*body)(struct job *j);
	/* on the session's thread, when the worker has ended; -1 with a sentence: it failed */
	int (*over)(struct job *j, struct err *e);
	/* on the session's thread: batches were done, and a bar may move; NULL: nobody reports */
	void (*stepped)(struct job *j);
	void *work;
	/* on the worker, at a safe point: what is computed is not wanted any more. NULL: it always is */
	bool (*vain)(struct job *j);
	bool serving; /* a request, on the worker */
	size_t expected, seen; /* images that are evaluated, on the worker; expected 0: not known */
	double halted; /* seconds of pauses that were not yet asked for, on the worker */
	double told; /* when its part was last published */

	pthread_mutex_t lock;
	pthread_cond_t cond; /* for the worker: something was asked */
	pthread_cond_t served; /* for the session's thread: a request was served */
	/* under the lock */
	struct job_event *first, **last;
	struct job_request *request;
	struct job_live live;
	struct batch_point *point;
	size_t npoint, point_cap;
	bool pause, ended;
	int64_t steps_left; /* until a pause, or until the end where nobody could go on; -1: none */
	bool woken; /* a byte is in the pipe */
	uint32_t *show; /* images whose predictions are wanted */
	size_t nshow;
	uint64_t show_version; /* of the list */
	float *shown; /* [nshow][classes], new ones, until the session's thread takes them */
	uint64_t shown_of; /* version of the list that they belong to */
	double last_wake;

	/* of the session's thread */
	struct job_view view;
	double last_bar; /* when the progress bar was last drawn */
};

/* ---- for the worker ---- */

double job_now(void); /* seconds of a clock that does not run backwards */
struct job_event *job_event_new(void (*apply)(struct job *j, struct job_event *ev));
void job_post(struct job *j, struct job_event *ev);
/* Publishes what changes with every batch, with a point of the curves (NULL: none). */
void job_publish(struct job *j, const struct job_live *live, const struct batch_point *point);
/* So many images will be evaluated from here on, for the part that is shown. */
void job_expect(struct job *j, size_t images);
/* Between two batches: serves a request, waits while paused. False: the run is to stop. counted: a batch was just
 * done. */
bool job_between(struct job *j, bool counted);
double job_halted(struct job *j); /* seconds that it was paused since the last call */

/* ---- for the session's thread ---- */

struct job_work {
	const char *command; /* of which it is, for the view and for errors; a constant */
	void (*body)(struct job *j);
	int (*over)(struct job *j, struct err *e);
	void (*stepped)(struct job *j);
	void *work;
	struct run *run; /* NULL for a task */
	int verbose; /* of the run */
	bool attended, lively;
};
/* Starts the worker. Where the session is not async, the caller of exec waits for it. */
int job_start(struct worker *w, struct session *s, const struct job_work *work, struct err *e);

/* ---- between the files of job/ ---- */

void *job_main(void *job); /* the worker thread's function */
bool job_is_mine(const struct job *j); /* this thread is the job's worker */

#endif
