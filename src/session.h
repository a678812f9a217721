/* session.h: what a user has: data, a net, settings, runs. No globals: a program may hold several.
 *
 * One thread owns a session. While a job is active the worker owns the net, and the session is only read
 * or steered through job.h; whatever changes the model waits until the job is done.
 */
#ifndef SESSION_H
#define SESSION_H

#include "cmd/cmd.h"
#include "data/dataset.h"
#include "data/split.h"
#include "nn.h"
#include "settings.h"
#include "util/out.h"

struct job;
struct image;
struct snapshot;

/* The model: a net and where its head begins. */
struct model {
	struct nn_net *net;
	int features; /* the first `features` layers are the group features, the others head */
	char *build; /* the operand of `build` that makes it again */
	uint64_t seed; /* of the last whole reset */
	struct split trained; /* the split that the head was last trained on; kind SPLIT_NONE: never */
};

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

/* Results that assert and print know; NAN: not known yet. */
struct results {
	double loss, accuracy, val_loss, val_accuracy, epochs, seconds;
};

struct session {
	struct out *out;
	struct settings set;
	struct dataset *data; /* NULL until first needed: session_data() */
	char *data_name; /* what `data` was given, else "mnist" */
	struct model model;
	struct nn_engine *engine; /* session_engine() */
	struct nn_cache *cache_train, *cache_test;
	uint32_t next_epoch; /* epochs that all runs have begun since the last reset of everything */
	int nruns;
	struct run **runs;
	struct split last_split; /* last trained; kind SPLIT_NONE: none */
	struct image *last_image; /* the last drawing or prediction, data/image.h; NULL: none */
	int nsnapshots;
	struct snapshot **snapshots; /* point.h */
	struct results results;
	struct job *job; /* NULL: nothing is running */
	bool interactive, bail_set, bail, echo, quit, safe;
	int quit_code;
	int depth; /* of `source` */
};

struct session *session_new(struct out *out);
void session_free(struct session *s);

/* Runs one line (several commands, comments, quotes). Returns the exit status so far: 0, 1, 3; errors have been printed
 * through s->out. Where `train` and its like start a job, the host decides how to wait: session_run waits by itself
 * when there is no other host. */
int session_exec(struct session *s, const char *line);

/* What is loaded or made when first needed; NULL or -1 with a sentence. */
struct dataset *session_data(struct session *s, struct err *e);
struct nn_net *session_net(struct session *s, struct err *e);
struct nn_engine *session_engine(struct session *s, struct err *e);
struct run *session_run_find(struct session *s, const char *rN, struct err *e);
struct run *session_run_last(struct session *s); /* NULL: none */

/* Operands. Names are resolved against the model as it stands. */
int layers_parse(struct session *s, const char *text, int *first_last_pairs, int max, struct err *e); /* returns the number of ranges */
int split_operand(struct session *s, const struct cmd_value *v, struct split *out, struct err *e); /* v NULL: last trained, else gte5 */

#endif
