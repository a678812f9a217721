/* sheet.h: images with what the model makes of them now, for `show`, `predict` and pictures of digits. */
#ifndef SHEET_H
#define SHEET_H

#include "data/class.h"
#include "session/session.h"

/* The split whose digits the output units stand for, the one that the head was trained on last; NULL when there is
 * none. */
const struct split *sheet_names(const struct session *s);
int sheet_digit(const struct session *s, int unit); /* the digit that a unit stands for; -1 for none */
/* "; the unit of digit 9 is dense_1[4]": which one of an output layer stands for it; "" where none does. */
const char *sheet_stands(const struct session *s, int layer, int64_t digit, char buf[96]);
int sheet_cols(const struct session *s); /* columns of a name: CLASS_COLS, for programs CLASS_WHOLE */
/* What a label that is predicted is called: by the data in use where the head was trained on its classes, else the
 * number; "other" below 0. */
const char *sheet_class(const struct session *s, int label, int cols, char buf[CLASS_TEXT]);
/* The name of what a unit stands for; "unit 3" where that is nothing; bare: "3" where no head was trained. */
const char *sheet_unit(const struct session *s, int unit, bool bare, char buf[CLASS_TEXT]);
int sheet_best(const float *p, int classes); /* the unit with the largest probability, the first of equals */

struct sheet_image {
	uint32_t index; /* in the test part */
	int label, predicted; /* predicted: the digit; -1 where the unit stands for none */
	double p; /* of what is predicted */
};

struct sheet_request {
	struct split split;
	int n; /* at most so many, in file order */
	int digit; /* only images of this digit; -1: of all */
	bool wrong; /* only those that are predicted wrong */
	bool cell; /* those behind a cell of a confusion: digit's that are predicted as taken_for */
	int taken_for;
	bool predicted; /* one that a person asked about: where it was clicked on, it is in view */
};

#define SHEET_UNTRAINED "the head has not been trained in this session: this is what its first weights say"

struct sheet {
	size_t n, seen, of; /* seen: images that were looked at to find them, of so many */
	struct sheet_image *image;
};

/* Evaluates test images of a split, between two batches if a run goes on. Where no head was trained, those are wrong
 * whose unit of the split is another. -1 with a sentence. */
int sheet_make(struct session *s, const struct sheet_request *r, struct sheet *out, struct err *e);
bool sheet_judges(const struct session *s, const struct sheet_request *r); /* what is predicted has names */
/* To be asked first, outside a task: -1 with a sentence where a run goes on that has yet to give units a meaning. */
int sheet_ready(const struct session *s, const struct sheet_request *r, struct err *e);
void sheet_said(struct session *s, const struct sheet_request *r); /* a note on what was judged, where one is due */
void sheet_free(struct sheet *sheet);

/* Evaluates images into p[count][classes]. To be called within job_call, where the net stands still. -1 with a
 * sentence. */
int sheet_eval(struct session *s, const struct nn_set *set, float *p, struct err *e);

/* The probabilities of one picture, p[classes]. -1 with a sentence. */
int sheet_predict(struct session *s, const struct image *i, float *p, struct err *e);

#endif
