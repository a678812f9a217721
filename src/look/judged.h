/* judged.h: every test image of a split beside what a model makes of it, for confusion, confused and toplosses. */
#ifndef JUDGED_H
#define JUDGED_H

#include "session/session.h"

struct judged {
	struct split split;
	struct selection sel;
	int classes; /* output units */
	float *probs; /* [sel.set.count][classes] */
};

/* How often an image of unit u of the split (a row) is predicted as unit v: count[u * columns + v]. The last column is
 * for units beyond the split's digits. */
struct confusion {
	int n, columns; /* digits of the split; n, or n + 1 where the model has more units than that */
	uint64_t *count;
	uint64_t right, all;
};

/* Selects the images and makes room for their probabilities; what is there is freed by judged_free, also after -1. */
int judged_begin(struct session *s, const struct split *split, struct judged *j, struct err *e);
/* Fills the probabilities, by the model as it is or (weights not NULL: nn_net_params of them) as it was. For the work
 * of a task: it may be stopped by the user. */
int judged_eval(struct session *s, struct judged *j, const float *weights, struct err *e);
void judged_free(struct judged *j);

int judged_unit(const struct judged *j, size_t i); /* the unit predicted of the i-th image */
int judged_digit(const struct judged *j, size_t i); /* the digit of it, -1 where it stands for none of the split */
double judged_p(const struct judged *j, size_t i, int unit);
/* Categorical cross-entropy of one image, -log p(actual), as in loss.c but from the float. */
double judged_loss(const struct judged *j, size_t i);

/* The images by their loss, the largest first, one that is NaN before all; of equal ones the first. judged's count of
 * them, the caller's. */
size_t *judged_worst(const struct judged *j);

/* Of 4,096 classes it takes 128 MiB: -1 with a sentence where there is no memory for it, and nothing to free. */
int confusion_make(struct confusion *c, const struct judged *j, struct err *e);
int confusion_count(struct confusion *c, const struct predictions *p, struct err *e);
int confusion_no_memory(const struct confusion *c, struct err *e); /* says so; -1 */
void confusion_free(struct confusion *c);

/* A cell beside the diagonal: `count` of the `of` images of a row. */
struct confusion_pair {
	int actual, predicted; /* a row and a column of struct confusion */
	uint64_t count, of;
};

/* The cells beside the diagonal in which there are images, those with most first; of equal ones the first. *n of them,
 * the caller's. */
struct confusion_pair *confusion_pairs(const struct confusion *c, size_t *n);

#endif
