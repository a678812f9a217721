/* keras_slots.h: the optimizer's state in a file of Keras. */
#ifndef KERAS_SLOTS_H
#define KERAS_SLOTS_H

#include "file/keras_file.h"
#include "session/session.h"

/* Behind the weights of the file, which are the session's now: keeps the state of its optimizer (NULL: none that is
 * known here) as the session's, or leaves it out; a note says which, and why. Nothing where it has none. */
void keras_slots_take(struct session *s, struct keras_file *k, const struct nn_optimizer_info *of);
/* Leaves it out for this reason, "only= takes weights alone". */
void keras_slots_leave(struct session *s, const struct keras_file *k, const char *why);
/* The optimizer that the file names beside its state; NULL: none, or none that is known here. */
const struct nn_optimizer_info *keras_slots_named(const struct keras_file *k);

#endif
