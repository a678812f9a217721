/* compute.h: what a session computes with: the engine, the images of the last run, their cached features. */
#ifndef COMPUTE_H
#define COMPUTE_H

#include "data/split.h"
#include "nn/nn.h"

struct compute {
	struct nn_engine *engine; /* NULL until session_engine() makes it */
	char kernels[16]; /* the setting that it was made with */
	struct nn_cache *cache_train, *cache_test; /* features of the sets below */
	struct compute_sets {
		struct split split; /* of kind SPLIT_NONE as long as there are no sets */
		struct selection_take take;
		struct selection train, test;
	} sets; /* the images of the last run, kept since the caches were made from them */
};

void compute_cache_drop(struct compute *c); /* drops both caches, when the split or the model has changed */
size_t compute_cache_bytes(const struct compute *c); /* that the features take */
void compute_sets_drop(struct compute *c); /* drops the sets and the caches, when the data has changed */
void compute_free(struct compute *c);

#endif
