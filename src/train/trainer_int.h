/* trainer_int.h: a training run between its two threads: worker.c is the worker's side, events.c the session's.
 *
 * The worker uses the net, the engine, the sets and the caches that it was given, which nobody else changes meanwhile.
 * The session changes only in the functions that are applied on its own thread. An interrupted run keeps the
 * optimizer's slots and the counters, so that it ends with the same bits as if it had not been interrupted.
 */
#ifndef TRAINER_INT_H
#define TRAINER_INT_H

#include "data/predictions.h"
#include "job/job_int.h"
#include "train/start.h"

struct trainer {
	struct run *run;
	struct nn_net *net;
	struct nn_engine *engine;
	const struct nn_images *test_images; /* of which some are shown */
	struct dataset *hashed; /* whose hashes the record of the run needs; NULL: there will be none */
	struct nn_set train, test; /* of s->compute.sets */
	struct selection watch; /* test images of another split; its count is 0 when there is none */
	int epochs, done; /* done: the epochs that it had when it was started */
	int nwatched; /* points of the run that are known */
	struct schedule schedule;
	struct goal_state goal; /* behind the last epoch */
	struct weights *best; /* of its best epoch; NULL: none are kept */
	bool best_there; /* there has been such an epoch */
	int (*keep)(struct session *s, const char *path, struct err *e); /* writes the checkpoint */
	int (*then)(struct session *s, struct run *run, enum trainer_end end, struct err *e); /* or NULL */
	bool resume, want_cache, started;
	char *meanwhile; /* what has changed since a run that goes on was interrupted, for its record; NULL: nothing */
	size_t cache_limit;
	struct nn_cache *cache_train, *cache_test;
	int cut; /* the layer whose outputs are being cached; -1 when none are */
	double cache_seconds; /* that it took to fill them */
	size_t cache_bound; /* the bytes of a cache that did not fit; 0 when it fitted or was not wanted */
	struct nn_run_config config;
	double shown_at; /* when predictions were made last */
	bool watched; /* somebody may look at what is made of each test image */
	float *probs; /* room for the probabilities of those; NULL: none are kept */
	struct predictions *seen; /* of the last validation, until the session takes them; guarded by the job's lock */
	double halted; /* seconds of pauses */
	double began; /* by job_now */
	struct nn_run *going; /* between two epochs, while the session's thread may look at it */
	double guard_due; /* behind an epoch from then on the worker waits until session.guard was called */
	/* rates that were asked for meanwhile; guarded by the job's lock */
	bool lr_asked;
	/* In words: what was asked; what is done, and since which batch, for the record. NULL: nothing. */
	char *lr_said, *lr_did;
	struct turn lr; /* what the run has now, or is to have */
	int nturned;
	struct turn *turned; /* [nturned], what is done and not yet in the record */

	/* what came of it, to be read when the worker has ended */
	int rc;
	struct nn_err err;
	bool interrupted, exploded; /* exploded: a batch's loss was far above that of guessing */
	uint32_t invalid; /* the batch whose loss was not finite; 0 when none was */
	struct nn_run_state state;
	struct nn_metrics partial;
	double partial_seconds; /* of the epoch that is cut, or goes on, in the parts of it that are over */
	float *slot[NN_SLOTS_MAX];
	const float *loaded[NN_SLOTS_MAX]; /* slots of a file that a new run begins with, the session's; or NULL */
	struct weights *weights;
	float *kept[NN_SLOTS_MAX]; /* room for the slots */
	size_t params;
	char sha256[65], begun[65];
	double seconds;
};

/* ---- the worker ---- */

void trainer_body(struct job *j);

/* ---- rates.c, on both threads ---- */

void trainer_lr_now(struct trainer *t, const struct turn *x); /* the worker goes on with them */
/* What was asked of the rates is done from this batch on, both counted from 1. The job's lock is held, or the worker
 * stands or has ended. */
void trainer_lr_did(struct trainer *t, int epoch, uint32_t batch);
/* An interrupted run goes on with what was asked and is not done. The worker stands or has ended. */
void trainer_lr_settle(struct trainer *t);
void trainer_lr_take(struct trainer *t); /* what is done, to the record; as above, on the session's thread */

/* ---- score.c: what a run is scored by, on the worker ---- */

/* Scores what is watched before a batch that comes at live->step, where it is to be. Returns 1, 0 when it was stopped,
 * -1 on an error. */
int trainer_watched(struct job *j, struct trainer *t, const struct job_live *live);
/* Completes the record of an epoch whose batches are done: its validation, whether it is the best, and whether the run
 * ends with it. Returns what trainer_watched returns. */
int trainer_score(struct job *j, struct trainer *t, int number, struct epoch_record *x, bool *best);
void trainer_best_back(struct trainer *t); /* the weights of the best epoch are those of the net again */

/* ---- the session's thread ---- */

void trainer_on_start(struct job *j, struct job_event *ev);
void trainer_on_epoch_begin(struct job *j, struct job_event *ev);
void trainer_on_epoch(struct job *j, struct job_event *ev);
void trainer_on_lr(struct job *j, struct job_event *ev);
void trainer_on_watched(struct job *j, struct job_event *ev);
void trainer_on_explosion(struct job *j, struct job_event *ev);
void trainer_on_step(struct job *j); /* the moving bar */
int trainer_over(struct job *j, struct err *e);
void trainer_free(struct trainer *t);
void trainer_give_back(struct trainer *t); /* what a run goes on with, to its record */
void trainer_move_slots(float **to, float **from); /* [NN_SLOTS_MAX] each; frees what was in `to` */

#endif
