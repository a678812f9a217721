/* keras_save.h: a session's model in the files of Keras 3. */
#ifndef KERAS_SAVE_H
#define KERAS_SAVE_H

#include "session/session.h"
#include "util/err.h"

#include <jansson.h>
#include <stdio.h>

/* As struct file_format's save: a .keras archive, which has all layers; a file of weights. */
int keras_save(struct session *s, const bool *pick, FILE *f, struct err *e);
int keras_save_weights(struct session *s, const bool *pick, FILE *f, struct err *e);

/* The optimizer of a file, and its state: that of the run that was interrupted last, where it is of this model, else
 * that of a run that has not begun. */
const struct run *keras_open_run(struct session *s); /* NULL: there is none (keras_describe.c) */

/* What config.json says of the model, and of what it was compiled with; a new reference. (keras_describe.c) */
json_t *keras_describe(struct session *s);

#endif
