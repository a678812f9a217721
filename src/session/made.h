/* made.h: what of a session is loaded or made when first needed; NULL or -1 with a sentence. */
#ifndef MADE_H
#define MADE_H

#include "session/session.h"

struct dataset *session_data(struct session *s, struct err *e);
struct nn_net *session_net(struct session *s, struct err *e);
struct nn_engine *session_engine(struct session *s, struct err *e);
/* s->compute.sets, of this split and limit; drops the caches of another split. */
int session_sets_make(struct session *s, const struct split *sp, size_t limit, struct err *e);

/* The shape of the chosen data set's pictures; reads it only where the name does not tell. */
int session_input(struct session *s, struct nn_shape *in, struct err *e);
/* Makes `net` (taken over) the session's model: what belonged to the one before (snapshots, weights of runs, caches,
 * rates of layers, the count of epochs) is forgotten. The weights stay as they are. */
void session_install(struct session *s, struct nn_net *net, int features, uint64_t seed);

/* Asked between batches of long work: true when it should end (a signal, Ctrl-C, `stop`). Its argument is a session. */
bool session_interrupted(void *session);

#endif
