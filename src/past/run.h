/* run.h: the records of runs: what each was made with, its epochs, the weights that it left. */
#ifndef RUN_H
#define RUN_H

#include "data/split.h"
#include "nn/nn.h"
#include "util/err.h"

/* Values of one epoch; NAN where not known. */
struct epoch_record {
	double accuracy, loss, val_accuracy, val_loss, watch_accuracy, watch_loss, seconds;
};

/* Points within an epoch, for the live curves: running train means by batch. */
struct batch_point {
	float x; /* in epochs */
	float loss, accuracy; /* of the batch alone */
};

struct run {
	int number; /* the 2 of r2 */
	struct split split, watch;
	struct nn_run_config config;
	int epochs, threads;
	char *kernels, *frozen; /* "conv2d conv2d_1", "" when none */
	char *changes; /* by `now` while it went on: "epoch 2, batch 17: freeze conv2d"; NULL when none */
	size_t limit, train, test, params, trainable;
	uint32_t first_epoch;
	bool cached, interrupted;
	size_t cache_bytes;
	int nepoch;
	struct epoch_record *epoch; /* [nepoch] done */
	size_t nbatch;
	struct batch_point *batch;
	double seconds;
	float *weights; /* after the run, canonical block; rN as a point. NULL when the model has changed since */
	float *before; /* the block when the run began: frozen_delta, diff */
	char sha256[65]; /* of all parameters after the run */
	/* to resume an interrupted run */
	struct nn_run_state state;
	struct nn_metrics partial; /* of the epoch that was cut */
	float *slot[NN_SLOTS_MAX];
};

/* Results that assert and print know. A run that begins, and another model, forget them. */
struct results {
	bool epoch, eval; /* an epoch was done, an eval: figures are known, be they NAN */
	bool run; /* a run has ended */
	double loss, accuracy, val_loss, val_accuracy, epochs, seconds;
};

/* The runs of a session, oldest first. One that goes on is the last, and grows in job_pump. */
struct runs {
	int n;
	struct run **list;
	uint32_t next_epoch; /* epochs that all runs have begun since the last reset of everything */
	struct split last_split; /* last trained; kind SPLIT_NONE: none */
	struct results results;
};

struct run *run_new(const struct runs *runs); /* numbered, not yet one of them */
void run_free(struct run *r); /* NULL is fine */

void runs_add(struct runs *runs, struct run *r); /* takes it over; lets go of weights of runs long past */
void runs_take_back(struct runs *runs); /* the last one, which did not begin; the caller's again */
/* the model is another one: no weights, no split, no results, epochs from 0 */
void runs_forget_model(struct runs *runs);
void runs_free(struct runs *runs);
struct run *runs_last(const struct runs *runs); /* NULL: none */
struct run *runs_find(const struct runs *runs, const char *rN, struct err *e); /* NULL with a sentence */

#endif
