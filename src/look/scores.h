/* scores.h: precision, recall and F1 of each class. */
#ifndef SCORES_H
#define SCORES_H

#include "data/split.h"

struct class_score {
	double precision, recall, f1;
	uint64_t support;
};

/* Of each output unit of a split, from the probabilities [count][classes] of its images; 0 where nothing was predicted,
 * as scikit-learn has it. */
void scores_of(const struct split *split, const struct selection *sel, const float *probs, int classes,
    struct class_score *score);

#endif
