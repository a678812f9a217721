/* arg.h: the types of arguments: what a word must be to fit one, and what it means to the session. */
#ifndef ARG_H
#define ARG_H

#include "language/cmd.h"
#include "session/session.h"

/* Whether a word fits an argument: 1 yes (and fills num and integer), 0 it is something else, -1 it is meant but
 * wrong. */
int arg_fits(struct session *s, const struct arg *arg, const char *text, struct cmd_value *v, struct err *e);
const char *arg_type_words(const struct arg *arg); /* "all, ltN, gteN or digits=3,5,8" */
const char *arg_bounds(const struct arg *arg, char buf[96]); /* " from 1 to 9" of a number with bounds, else "" */

const struct arg *arg_setting(int i); /* the i-th setting that is a run's key, as an argument; NULL behind the last */

/* Operands against the session as it stands; -1 with a sentence that points at the word. */
/* layers_parse of the session's model */
int arg_layers(struct session *s, const char *text, int *pair, int max, struct err *e);
/* sets pick[layer], [NN_LAYERS_MAX] */
int arg_pick_layers(struct session *s, const struct cmd_value *v, bool *pick, struct err *e);
/* v NULL: last trained, else gte5 */
int arg_split(struct session *s, const struct cmd_value *v, struct split *out, struct err *e);

#endif
