/* rates.h: what losses were at learning rates that grew with each batch: what `lrfind` found last. */
#ifndef RATES_H
#define RATES_H

#include "data/split.h"

struct rates_point {
	double lr;
	double loss; /* of this batch */
	double smooth; /* the mean of the losses so far, of which each counts 0.98 times as much as the next one */
};

struct rates {
	struct split split;
	char *note; /* what they were found with */
	int n; /* 0: nothing was looked for */
	struct rates_point *point; /* the rates ascend */
	int suggested; /* the point whose rate is suggested; -1: none is */
	int behind; /* the number of the run that was the last one then; 0: there was none */
	bool away; /* the curves of runs were asked for since */
};

/* There are some, no run has begun and no curve was asked for since; last: the number of the last run, 0 without. */
bool rates_newest(const struct rates *x, int last);
char *rates_text(const struct rates *x, char buf[32]); /* "0.32", the rate that is suggested; "" without */
void rates_free(struct rates *x); /* and is empty again */

#endif
