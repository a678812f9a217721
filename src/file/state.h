/* state.h: a session as text: what a weight file keeps besides the tensors, so that a loaded session goes on to the
 * same bits.
 *
 * The metadata of a file are strings: "thaw" the version of this layout, "model" the operand of `build` that makes the
 * model, and, as JSON, "session" (input, flags, seed, count of epochs, what was trained last), "settings" (those of a
 * run, as `set` takes them) and "runs" (their settings, epochs and curves; of an interrupted one, where it stands).
 */
#ifndef STATE_H
#define STATE_H

#include "model/plan.h"
#include "session/session.h"

#define STATE_RUNS_MAX 10000 /* of a file: the newest */
#define STATE_BATCHES_MAX 4000000 /* points of the curves of a file */

struct state {
	struct plan plan;
	struct nn_shape in;
	int features;
	bool trainable[NN_LAYERS_MAX];
	uint64_t seed, asked; /* of struct model */
	struct split trained, last; /* kind SPLIT_NONE: none */
	uint32_t next_epoch;
	char *data;
	struct settings set; /* the session's, with what the file says */
	int nruns;
	struct run **runs; /* without weights and slots */
};

/* The metadata of the session: a new reference. NULL: not enough memory. */
json_t *state_write(struct session *s);

/* Whether metadata hold a session. */
bool state_there(const json_t *metadata);
/* The split that the head was last trained on, as metadata say it, for a net of so many classes; kind SPLIT_NONE: not
 * known. */
struct split state_trained(const json_t *metadata, int classes);
/* Reads and checks them all. path is for sentences; params_max: the floats that the file holds, so that no model is
 * larger. On failure nothing is left to free. */
int state_read(struct session *s, const json_t *metadata, const char *path, size_t params_max, struct state *out,
    struct err *e);
void state_free(struct state *st);

/* The session becomes what the state says, with this net (taken over, as are the runs). Cannot fail. */
void state_install(struct session *s, struct state *st, struct nn_net *net);

#endif
