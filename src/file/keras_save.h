/* keras_save.h: a session's model in the files of Keras 3. */
#ifndef KERAS_SAVE_H
#define KERAS_SAVE_H

#include "session/session.h"
#include "util/err.h"

#include <jansson.h>
#include <stdio.h>

/* As struct file_format's save: a .keras archive, which has all layers; a file of weights. */
int keras_save(struct session *s, const bool *pick, FILE *f, const char *path, struct err *e);
int keras_save_weights(struct session *s, const bool *pick, FILE *f, const char *path, struct err *e);

/* Whose optimizer a file has, with its state: the run that was interrupted last, where it left the weights that there
 * are; NULL: there is none, and it is that of a run that has not begun (keras_describe.c). */
const struct run *keras_open_run(struct session *s);
/* The state of an optimizer that came with these weights, which the file then has again; NULL: there is none. */
const struct slots *keras_loaded_slots(struct session *s);
/* What the model is compiled with, and the rate: as of the run that goes on, of such a run, of the last one where the
 * weights are as it left them and nothing of this has been set since, else of the settings. */
const struct nn_run_config *keras_run_config(struct session *s, double *lr);
/* The schedule of that rate, which a file does not have; "": there is none. The caller's. */
char *keras_dropped_schedule(struct session *s);

/* What config.json says of the model, and of what it was compiled with; a new reference. (keras_describe.c) */
json_t *keras_describe(struct session *s);

#endif
