/* sheet.h: images with what the model makes of them now: for `show`, `predict`, pictures of digits. */
#ifndef SHEET_H
#define SHEET_H

#include "session/session.h"

/* What output units mean: the split that the head was last trained on; NULL: bare units. */
const struct split *sheet_names(const struct session *s);
int sheet_digit(const struct session *s, int unit); /* -1: it stands for none */
int sheet_best(const float *p, int classes); /* the unit with the largest probability, the first of equals */

struct sheet_image {
	uint32_t index; /* in the test part */
	int label, predicted; /* predicted: the digit; -1 where the unit stands for none */
	double p; /* of what is predicted */
};

struct sheet_request {
	struct split split;
	int n; /* at most so many, in file order */
	int digit; /* of this digit only; -1: all */
	bool wrong; /* only those that are predicted wrong */
};

struct sheet {
	size_t n, seen; /* seen: images that were looked at to find them */
	struct sheet_image *image;
};

/* Looks at test images of a split. Between two batches of a run that goes on. -1 with a sentence. */
int sheet_make(struct session *s, const struct sheet_request *r, struct sheet *out, struct err *e);
void sheet_free(struct sheet *sheet);

/* Evaluates images where the net stands still, within job_call; p: [count][classes]. -1 with a sentence. */
int sheet_eval(struct session *s, const struct nn_set *set, float *p, struct err *e);

/* Probabilities of one picture: [classes]. */
int sheet_predict(struct session *s, const struct image *i, float *p, struct err *e);

#endif
