/* keras.h: models of Keras as nets. */
#ifndef FILE_KERAS_H
#define FILE_KERAS_H

#include "session/session.h"

/* The net that a file describes, without its weights, and how many of its layers are features; the caller's. NULL with
 * a sentence. */
struct nn_net *keras_build(struct session *s, const char *path, int *features, struct err *e);

#endif
