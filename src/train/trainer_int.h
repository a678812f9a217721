/* trainer_int.h: a training run between its two threads: worker.c is the worker's side, events.c the session's.
 *
 * The worker touches the net, the engine, the caches it was given and the sets, which stand still meanwhile; everything
 * of the session changes in the functions that are applied on the session's thread. An interrupted run keeps the
 * optimizer's slots and the counters, so that going on gives the bits that it would have given at once.
 */
#ifndef TRAINER_INT_H
#define TRAINER_INT_H

#include "data/split.h"
#include "job/job_int.h"

struct trainer {
	struct run *run;
	struct nn_net *net;
	struct nn_engine *engine;
	const struct nn_images *test_images; /* of the shown ones */
	struct nn_set train, test; /* of s->compute.sets */
	struct selection watch; /* test images of another split; count 0: none */
	int epochs, done; /* records that the run had when it was started */
	bool resume, want_cache, started;
	size_t cache_limit;
	struct nn_cache *cache_train, *cache_test;
	int cut; /* of the cache that is being filled, -1: none is */
	size_t cache_bound; /* of a cache that did not fit, 0: it fitted or was not wanted */
	struct nn_run_config config;
	double shown_at;
	double halted; /* seconds of pauses */
	/* a rate that was asked for meanwhile, under the job's lock */
	bool lr_asked;
	double lr;
	float layer_lr[NN_LAYERS_MAX];

	/* what came of it, read when the worker has ended */
	int rc;
	struct nn_err err;
	bool interrupted;
	uint32_t invalid; /* the batch whose loss was not finite, 0: none */
	struct nn_run_state state;
	struct nn_metrics partial;
	float *slot[NN_SLOTS_MAX], *weights;
	size_t params;
	char sha256[65];
	double seconds;
};

/* ---- the worker ---- */

void trainer_body(struct job *j);

/* ---- the session's thread ---- */

void trainer_on_start(struct job *j, struct job_event *ev);
void trainer_on_epoch_begin(struct job *j, struct job_event *ev);
void trainer_on_epoch(struct job *j, struct job_event *ev);
void trainer_on_step(struct job *j); /* the moving bar */
int trainer_over(struct job *j, struct err *e);
void trainer_free(struct trainer *t);

#endif
