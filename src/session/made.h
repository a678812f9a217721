/* made.h: the parts of a session that are loaded or made when first needed. On failure these functions return NULL or
 * -1, with a sentence. */
#ifndef MADE_H
#define MADE_H

#include "session/session.h"

struct dataset *session_data(struct session *s, struct err *e);
struct nn_net *session_net(struct session *s, struct err *e);
struct nn_engine *session_engine(struct session *s, struct err *e);
/* Before work whose results the store gets, where a batch was told to keep them: -1 with a sentence where it cannot be
 * written. One that holds runs may have the trials of a sweep already, so that is a warning there, once, unless it
 * trains a run. */
int session_store(struct session *s, bool trains, struct err *e);
void session_unkept(struct session *s); /* something is not kept there after all: the exit status says so */
/* That there is no run yet; where a batch asks, the store of sessions at a terminal may have some. -1. */
int session_no_run(const struct session *s, struct err *e);
/* Makes s->compute.sets for these training images of a split, unless they are there; drops sets and caches of other
 * ones. */
int session_sets_make(struct session *s, const struct split *sp, struct selection_take take, struct err *e);

/* The shape of the pictures of the chosen data set, which is read only where its name does not tell. */
bool session_input_known(const struct session *s); /* it is known without */
int session_input(struct session *s, struct nn_shape *in, struct err *e);
/* Makes `net` the session's model and takes it over, with its weights. What belonged to the model before it (snapshots,
 * weights of runs, caches, rates of layers, the count of epochs) is forgotten. */
void session_install(struct session *s, struct nn_net *net, int features, uint64_t seed);

/* Long work asks this between batches: true when it should end, after a signal, Ctrl-C or `stop`. The argument is a
 * session. */
bool session_interrupted(void *session);
/* The same, asked within a step that takes long, by any thread. */
bool session_gives_up(const void *session);

#endif
