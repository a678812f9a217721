/* batch.h: the images whose activations and gradients are shown. */
#ifndef BATCH_H
#define BATCH_H

#include "session/session.h"

struct batch {
	struct selection sel; /* the images, in the order in which they were trained on */
	char text[160]; /* which they are: "the last batch of r2 (epoch 5, batch 230: 92 images of lt5)" */
	struct split split;
};

/* The batch that the run trained on last, also where it still goes on: to be called within job_call then. Without a
 * run whose order is known, the first of the split that is used where none is named. -1 with a sentence. */
int batch_last(struct session *s, struct batch *b, struct err *e);
/* The first n training images (train) or test images of a split. */
int batch_first(struct session *s, const struct split *split, bool train, size_t n, struct batch *b, struct err *e);
void batch_free(struct batch *b);

#endif
