/* train.h: what a command that trains checks before it begins. */
#ifndef TRAIN_H
#define TRAIN_H

#include "language/cmd.h"
#include "session/session.h"

/* Whether the model can learn this split of the data, of which v is the word (or NULL); -1 with a sentence. */
int train_fits(struct session *s, const struct split *sp, const struct cmd_value *v, struct err *e);
/* Which of the training images, as the keys limit and sample say. */
int train_take(const struct cmd_args *a, struct selection_take *take, struct err *e);

#endif
