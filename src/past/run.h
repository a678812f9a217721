/* run.h: the records of runs: what each was made with, its epochs, and the weights that it left. */
#ifndef RUN_H
#define RUN_H

#include "past/compared.h"
#include "past/goal.h"
#include "past/rates.h"
#include "past/schedule.h"
#include "past/turn.h"
#include "past/weights.h"

/* A point within an epoch, for the live curves. */
struct batch_point {
	float x; /* in epochs */
	float loss, accuracy; /* of this batch alone */
};

/* What follows a first phase in which the features are frozen: everything trains, as it did before. */
struct run_rest {
	int epochs, features, verbose; /* the first `features` layers are the features */
	double lr_mult; /* by which their rates are divided */
	bool trainable[NN_LAYERS_MAX]; /* their flags */
	bool cache;
};

#define RUN_WATCHED 21 /* the first of them before any batch */

struct run {
	int number; /* the 2 of r2 */
	struct split split, watch;
	struct nn_run_config config; /* as it began */
	struct schedule schedule; /* of the rates in config */
	int nturn;
	struct turn *turn; /* [nturn], the rates that it had later, the oldest first */
	int validate; /* scored behind so many epochs each, and behind the last; 0: behind that alone */
	bool by_batch; /* watch is scored before each of the first RUN_WATCHED batches, too: */
	int nwatched;
	struct batch_point *watched; /* [nwatched] */
	struct goal goal; /* by which it may end, and an epoch is the best one */
	bool goal_asked; /* whose weights then come back; otherwise the goal serves the checkpoint */
	char *checkpoint; /* the file of the best weights; NULL: none */
	/* SHA-256 of the optimizer's state that it began with, of a file, and the steps of that (past/slots.h); "": it
	 * began with its own, zeros */
	char slots[65];
	uint64_t slots_steps;
	int loaded; /* loads of weights before it began; 1 also where it comes from a file itself */
	bool foreign; /* it comes from a file, on whose word none is written */
	int epochs, threads; /* threads 0: not known */
	char *data; /* the name of the data set: "mnist" */
	uint64_t set; /* the serial of it in memory; 0: not known, as of a run that a file brought, or several */
	char *sums; /* its hashes as JSON, where others have taken its place since; or NULL */
	char *kernels, *frozen; /* frozen: "conv2d conv2d_1", "" for none */
	/* The model, as `build` makes it, and of its layers with weights the names, as in frozen; layers: of all, where
	 * - has no weights. NULL: not known (past/layered.h). */
	char *model, *features, *head, *layers;
	struct nn_shape input; /* of the model */
	double frozen_delta; /* the largest change of a weight of those, from its begin to its end; NAN: not known */
	/* what `now`, `lr` and `set` changed during the run, and what a resume found changed: "epoch 2, batch 17:
	 * freeze conv2d"; NULL for nothing */
	char *changes;
	struct selection_take take; /* of the training images */
	size_t train, test, params, trainable;
	uint32_t first_epoch;
	uint64_t anew; /* bit i: the weights of layer i were not those that the run before it had left */
	bool cached, interrupted;
	bool uncached; /* cache=off was asked, which a resume keeps to */
	size_t cache_bytes;
	double cache_seconds; /* of its seconds those that filling the cache took, in this session */
	int nepoch;
	struct epoch_record *epoch; /* [nepoch], those that are done */
	size_t nbatch;
	struct batch_point *batch;
	double seconds;
	struct weights *weights; /* after the run, the point rN; NULL when the model has changed since, and */
	struct weights *former; /* these are they, should it come back */
	struct weights *before; /* before it, for frozen_delta and diff; or NULL */
	char sha256[65]; /* of all parameters after the run */
	char begun[65]; /* of those that it began with; "": not known */
	char record[65]; /* the hash of its record in the store; "" as long as there is none */
	/* what an interrupted run goes on with */
	struct nn_run_state state;
	struct nn_metrics partial; /* of the epoch that was cut, and the seconds that it took until then */
	double partial_seconds;
	float *slot[NN_SLOTS_MAX];
	struct run_left *left; /* past/left.h; NULL: not known */
	struct weights *best; /* those of the best epoch, where the goal asks for them */
	struct run_rest *rest; /* what follows when it ends by itself; NULL: nothing */
};

/* What is known of a label. */
struct label_known {
	bool scored, predicted; /* the report of an eval has told of it; the last predict had a probability of it: p */
	double precision, recall, f1, p;
};

/* Results that assert and print know. They are forgotten when a run begins and when the model changes. */
struct results {
	bool epoch, eval; /* an epoch was done, an eval was made: so the figures are known, even when they are NAN */
	bool run; /* a run has ended */
	double loss, accuracy, val_loss, val_accuracy, epochs, epochs_done, seconds;
	struct label_known *label; /* [labels], by results_label; nothing is known of those behind */
	int labels;
	struct looked {
		struct split confused; /* of the last confusion; of kind SPLIT_NONE when there was none */
		uint64_t *taken; /* [its labels][the same]: images of one for another */
		bool mapped; /* pixels, by saliency, gradcam or occlude */
		double largest;
		bool explained; /* a unit, whose sum and output are: */
		double sum, output;
		bool probed[NN_LAYERS_MAX];
		double linear[NN_LAYERS_MAX], knn[NN_LAYERS_MAX];
		struct { /* the last probe, as a picture shows it */
			struct split split;
			size_t train, test; /* images */
			int n; /* rows; 0: there was none */
			int asked; /* rows that it would have, had it not been interrupted */
			int layer[NN_LAYERS_MAX + 1]; /* -1: the pixels */
			double linear[NN_LAYERS_MAX + 1], knn[NN_LAYERS_MAX + 1]; /* NAN: it cannot be read */
		} readings;
		struct { /* the last diff, for the picture that shows it */
			bool made;
			char *point[2]; /* as they were typed; NULL: left out */
			bool pick[NN_LAYERS_MAX];
		} moved;
	} looked;
};

/* The runs of a session, the oldest first. One that goes on is the last, and grows in job_pump. */
#define RUNS_PLOTTED 6 /* whose curves stand beside one another */

struct runs {
	int n;
	struct run **list;
	int loaded; /* how often a file has brought weights, also where that was taken back */
	struct nn_run_config asked; /* the settings when the last of them began, or when a file brought it */
	uint32_t next_epoch; /* how many epochs all runs have begun since the last reset of everything */
	struct split last_split; /* the one that was trained last; of kind SPLIT_NONE when none was */
	struct results results;
	struct compared compared; /* by the last `compare modes` */
	struct rates rates; /* by the last `lrfind` */
	struct plotted { /* whose curves were asked for, in this order, until a later run than `last` begins */
		int n, number[RUNS_PLOTTED], last;
	} plotted;
	char kept[65]; /* sha256 of the run that was the last when the session was saved or loaded; "" for none */
};

void results_forget(struct results *r);
struct label_known *results_label(struct results *r, int label); /* with room for it; good until the next one */

struct run *run_new(const struct runs *runs); /* has the next number, but is not yet one of them */
void run_free(struct run *r);
/* Shows the curves of these alone; n 0: of the last ones again. false: too many, or one is of another session. */
bool runs_plot(struct runs *runs, struct run *const *run, int n);
char *run_name(const struct run *r, char name[16]); /* r2; of another session the beginning of its record's hash */

uint32_t run_steps(const struct run *r); /* batches of an epoch */
/* The epoch of the weights that it left, counted from 1: the last one, or the best; 0 for none. */
int run_stands(const struct run *r);
double run_seconds(const struct run *r); /* NAN: it comes from a file that was written with timing off */
/* The figures of that epoch; those that are not known are NAN. */
const struct epoch_record *run_figures(const struct run *r);

/* Whether a layer, by its name, was frozen when it began. */
bool run_froze(const struct run *r, const char *layer);

void run_change(struct run *r, const char *change); /* adds one to r->changes */
/* What of it was: the rate of all or of some layers, or anything else, such as which layers train. */
void run_changed(const struct run *r, bool *lr, bool *more);
void runs_add(struct runs *runs, struct run *r); /* takes r over */
/* The last has begun: the one before it loses what diff and resume need, and a run long past its weights. */
void runs_begun(struct runs *runs);
void runs_take_back(struct runs *runs); /* the last one did not begin, and is the caller's again */
/* The model has changed: weights, split and results are forgotten, and epochs count from 0. */
void runs_forget_model(struct runs *runs);
/* This is the model now, as `build` makes it of this input: the weights after runs of it are known again. */
void runs_recall_model(struct runs *runs, const char *model, struct nn_shape in);
void runs_free(struct runs *runs);
struct run *runs_last(const struct runs *runs); /* NULL when there is none */
void runs_keep(struct runs *runs); /* what there is of them is in a file */
bool runs_unkept(const struct runs *runs); /* there is more than then */
struct run *runs_find(const struct runs *runs, const char *rN, struct err *e); /* NULL with a sentence */

#endif
