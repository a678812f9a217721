/* compared.h: what a comparison of ways to train came to: figures over seeds, with their errors. */
#ifndef COMPARED_H
#define COMPARED_H

#include "data/split.h"

/* The mean of n values and its standard error, sqrt(sum (x - mean)^2 / (n - 1) / n). Without a value there is no mean,
 * and of a single one no error: these are NAN, as is what comes of values that are no numbers. */
struct estimate {
	int n;
	double mean, error;
};
struct estimate estimate_of(const double *value, int n);
struct estimate estimate_difference(const double *value, const double *from, int n); /* of value[i] - from[i] */

/* One way to train, with so many images. */
struct compared_row {
	char mode[64]; /* frozen; of a sweep its settings: "lr=0.1,batch=32" */
	size_t limit; /* 0: the commands of a sweep say it */
	int epochs;
	double *accuracy, *loss; /* [compared.seeds] on the test images */
	bool *missing; /* [compared.seeds] there is no such figure, and it counts nowhere; NULL: none is */
	int values; /* of these figures, those that are there */
	struct estimate of_accuracy, of_loss;
	int against; /* the row it is paired with, of the same images: its own number where that is none */
	struct estimate gain; /* in accuracy over that row, seed by seed */
};

struct compared {
	struct split split; /* of kind SPLIT_NONE where nothing was compared, or by a sweep */
	char from[64]; /* where features come from: "r1 (gte5)"; "" where they come from nowhere */
	int seeds;
	uint64_t seed; /* the first one; the others follow it */
	size_t test; /* images; 0: not known */
	char *asked; /* the commands of a sweep; NULL: these are ways to train a split */
	bool eval; /* of a sweep: its figures are those of an eval, else of the validation */
	char *table, *json; /* its rows as CSV, and as lines of JSON; NULL: they were not printed */
	int n;
	struct compared_row *row;
};

/* Fills estimates and gains from the values. Rows of the same limit are paired with the one of this mode, or with the
 * first of them where there is no such row. against NULL: the rows say already what they are paired with. */
void compared_estimate(struct compared *c, const char *against);
/* NULL: there is none. limit 0: the last one of that mode. Blanks around commas and =, and how a number is written,
 * make no other row: "lr=1.0, limit=64" is "lr=1,limit=64". */
const struct compared_row *compared_find(const struct compared *c, const char *mode, size_t limit);
/* The same of a sweep, whose row has these settings and perhaps others: the last such row, and how many there are. */
const struct compared_row *compared_having(const struct compared *c, const char *settings, int *n);
void compared_free(struct compared *c);

#endif
