/* taken.h: weights that are taken from the tensors of a file into the net that is there, whatever the file's format. */
#ifndef TAKEN_H
#define TAKEN_H

#include "file/tensors.h"
#include "session/session.h"

/* All weights, which must all be there and fit; with pick those of these layers, as far as they fit. Says what it took.
 * On failure the session is as before. */
int taken_load(struct session *s, struct tensors *t, const bool *pick, struct err *e);
/* What the weights that were read have been converted from: ", converted from float64", or ""; the caller's. */
char *taken_kinds(const struct tensors *t);
/* Notes what of the file no model here can have, and the weights do not miss. */
void taken_say_strange(struct session *s, const struct tensors *t);
/* Notes which layers have no bias in the file. */
void taken_say_unbiased(struct session *s, const struct nn_net *net, const bool *layer);

#endif
