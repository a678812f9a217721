/* arg.h: the types of arguments: which words fit one, and what it means to the session. */
#ifndef ARG_H
#define ARG_H

#include "language/cmd.h"
#include "session/session.h"

/* Whether a word fits an argument. 1: it does, and its number is in v. 0: it is something else. -1: it is meant for
 * this argument but wrong, as the sentence says. */
int arg_fits(struct session *s, const struct arg *arg, const char *text, struct cmd_value *v, struct err *e);
const char *arg_type_words(const struct arg *arg); /* "a whole number" */
const char *arg_bounds(const struct arg *arg, char buf[96]); /* " from 1 to 9" of a number that has bounds, else "" */

/* The session's settings with the command's own on top. -1 with a sentence. */
int arg_settings(struct session *s, const struct cmd_args *a, struct settings *set, struct err *e);
const struct arg *arg_setting(int i); /* the i-th setting of a run, as an argument; NULL after the last */

/* What operands mean to the session as it is now; -1 with a sentence that points at the word. */
int arg_layers(struct session *s, const char *text, int *pair, int max, struct err *e);
/* Sets pick[layer], of NN_LAYERS_MAX, for the layers that are named. */
int arg_pick_layers(struct session *s, const struct cmd_value *v, bool *pick, struct err *e);
/* LAYER[CHANNEL] of one layer, or LAYER[UNIT] where its output is a row. */
int arg_unit(struct session *s, const struct cmd_value *v, int *layer, int *unit, struct err *e);
/* LAYER, of which *unit is -1, or LAYER[CHANNEL]; without a word the first layer that has filters. */
int arg_layer(struct session *s, const struct cmd_value *v, int *layer, int *unit, struct err *e);
/* Y,X in a picture of this shape. */
int arg_place(const struct cmd_value *v, struct nn_shape shape, int *y, int *x, struct err *e);
/* The session's data set where its classes have names or are not the ten digits; NULL with *rc 0: those of mnist, which
 * are known without reading it; NULL with *rc -1 and a sentence. */
struct dataset *arg_data(struct session *s, int *rc, struct err *e);
/* Without a word: the split that was trained last, else the usual one. */
int arg_split(struct session *s, const struct cmd_value *v, struct split *out, struct err *e);

#endif
