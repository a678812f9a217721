/* goal.h: what an epoch came to, which of a run's epochs is the best one, and when a run ends before its last.
 *
 * As EarlyStopping of Keras decides it: an epoch whose figure is not known does not count. What follows is a function
 * of the epochs alone, so that a run that is gone on with, or was loaded, decides as if it had not been interrupted.
 */
#ifndef GOAL_H
#define GOAL_H

#include "util/err.h"

#include <stdbool.h>

/* Values of one epoch. An accuracy that is NAN is not known, and neither is its loss; a loss that is NAN beside a known
 * accuracy is no number. */
struct epoch_record {
	double accuracy, loss, val_accuracy, val_loss, watch_accuracy, watch_loss, seconds;
};

struct goal {
	const char *metric; /* "val_loss", a constant; NULL: there is no goal */
	bool high; /* more is better */
	enum goal_end { GOAL_NEVER, GOAL_PATIENCE, GOAL_VALUE } end; /* GOAL_NEVER: the best is known, no more */
	int patience; /* the run ends when so many epochs in a row were no better, */
	double min_delta; /* by more than this */
	bool equal; /* GOAL_VALUE: it ends when the figure is beyond value, or there */
	double value;
};

struct goal_state {
	int best; /* the epoch, counted from 1; 0: none yet */
	double figure; /* its figure */
	int wait; /* epochs since then that count */
	bool over; /* the run ends with the last one */
};

/* "val_loss:patience=2", "accuracy>=0.99"; -1 with a sentence. */
int goal_parse(const char *text, struct goal *g, struct err *e);
char *goal_text(const struct goal *g); /* the same again; the caller's */
double goal_figure(const struct goal *g, const struct epoch_record *x);
bool goal_is(const struct goal *g, const char *part); /* whether it is of "val_" or "watch_" */
/* Counts an epoch, the `number`-th; whether it is the best. */
bool goal_count(const struct goal *g, struct goal_state *st, const struct epoch_record *x, int number);
struct goal_state goal_after(const struct goal *g, const struct epoch_record *epoch, int n);

#endif
