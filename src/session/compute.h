/* compute.h: what a session computes with: the engine, the images of the last run, the features cached of them. */
#ifndef COMPUTE_H
#define COMPUTE_H

#include "data/split.h"
#include "nn/nn.h"

struct compute {
	struct nn_engine *engine; /* session_engine() */
	char kernels[16]; /* what it was asked for */
	struct nn_cache *cache_train, *cache_test; /* of the sets below */
	struct compute_sets {
		struct split split; /* kind SPLIT_NONE: none made */
		size_t limit;
		struct selection train, test;
	} sets; /* of the last run; kept with the caches that were made from them */
};

void compute_cache_drop(struct compute *c); /* both caches: the set, the split or the model is another one now */
void compute_sets_drop(struct compute *c); /* with the caches: the data is another one */
void compute_free(struct compute *c);

#endif
