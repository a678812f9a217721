/* trial.h: trainings of copies of a model that differ in what they start from and in what is frozen, to compare them:
 * as many at once as there are threads, each with the same bits as alone. */
#ifndef TRIAL_H
#define TRIAL_H

#include "data/split.h"
#include "nn/nn.h"
#include "past/schedule.h"
#include "util/err.h"

/* The head is always new, drawn by the trial's seed, so that they differ in their features alone. */
enum trial_mode {
	TRIAL_FROZEN, /* features from the source, frozen */
	TRIAL_TUNED, /* features from the source, everything trains */
	TRIAL_HEAD_FIRST, /* the same, but for some epochs the head alone */
	TRIAL_SCRATCH, /* everything drawn by the seed, everything trains */
	TRIAL_RANDOM, /* features drawn by the seed, frozen: what a head makes of any features */
	TRIAL_SELFFER, /* features trained on these very images first, then frozen (Yosinski et al. 2014) */
	TRIAL_MODES,
};
extern const char *const trial_names[]; /* "frozen", ...; NULL ends them */
bool trial_has_source(enum trial_mode mode); /* whether its features are those of the source */

struct trial {
	enum trial_mode mode;
	size_t limit; /* training images, drawn by the seed; 0: all */
	uint64_t seed; /* of the images, the weights, the order and the dropout */
	int epochs;
	double loss, accuracy; /* on the test images of the split; NAN where the loss is no finite number */
	bool done; /* these are there already, and it is not done again */
};

struct trials {
	struct nn_net *net; /* the model; is not changed */
	int features; /* its first layers */
	const float *source; /* weights of a whole net, whose features are taken; NULL where no trial needs them */
	const struct part *train, *test;
	struct split split;
	struct nn_run_config config; /* but for the seed */
	struct schedule schedule; /* of its rates, in each phase anew */
	int head_epochs; /* of TRIAL_HEAD_FIRST */
	size_t cache_limit; /* bytes for outputs of frozen features, of all trials together; 0: none are kept */
	const char *kernels;
	int threads;
	bool (*stop)(void *arg); /* asked by the calling thread every 256 images that were trained */
	bool (*give_up)(const void *arg); /* asked by any thread, also within a step that takes long; it only looks */
	void *arg;
	void (*did)(void *did_arg, const struct trial *x); /* one is done; by one thread at a time; NULL: none */
	void *did_arg;
	int n;
	struct trial *trial;
};

size_t trials_images(const struct trials *t); /* how many images all trials train that are not done */
/* Does all that are not done. 0, NN_STOPPED where stop or give_up has ended it, or -1 with a sentence. */
int trials_run(struct trials *t, struct err *e);

#endif
