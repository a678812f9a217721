/* scores.h: precision, recall and F1 of each class. */
#ifndef SCORES_H
#define SCORES_H

#include "data/split.h"

struct class_score {
	double precision, recall, f1;
	uint64_t support;
};

/* Fills score for each output unit of a split, from the probabilities [count][classes] of its images. Where nothing was
 * predicted it is 0, as in scikit-learn. */
void scores_of(const struct split *split, const struct selection *sel, const float *probs, int classes,
    struct class_score *score);

#endif
