/* train.h: what a command that trains checks before it begins. */
#ifndef TRAIN_H
#define TRAIN_H

#include "language/cmd.h"
#include "session/session.h"

/* Whether the model can learn this split of the data, of which v is the word (or NULL); -1 with a sentence. */
int train_fits(struct session *s, const struct split *sp, const struct cmd_value *v, struct err *e);
/* The record of a run of this model on SPLIT, as the words say, for trainer_start; the session's sets are its images.
 * The settings are those of the command. NULL with a sentence. */
struct run *train_asked(struct session *s, const struct cmd_args *a, struct settings *set, struct err *e);
int train_verbose(const struct session *s, const struct settings *set); /* how much its epochs say */
/* Which of the training images, as the keys limit and sample say. */
int train_take(const struct cmd_args *a, struct selection_take *take, struct err *e);

#endif
