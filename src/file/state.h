/* state.h: a session as text, kept in a file of weights so that a session that is loaded goes on to the same bits.
 *
 * The metadata of a file are strings. "thaw" is the version of this layout, "model" the operand of `build` that makes
 * the model. The others are JSON: "session" (input, flags, seed, count of epochs, what was trained last), "settings"
 * (those of a run, as `set` takes them) and "runs" (settings, epochs and curves; for an interrupted one, where it
 * stands).
 */
#ifndef STATE_H
#define STATE_H

#include "file/reader.h"
#include "file/tensors.h"
#include "model/plan.h"
#include "session/session.h"

/* What `load` takes, and what `save` therefore keeps within: the newest runs, and of their curves a part. */
#define STATE_RUNS_MAX 10000
#define STATE_BATCHES_MAX 4000000 /* points of all curves; a file that is written has a quarter at most */
#define STATE_CHANGES_MAX 100000 /* bytes of what `now` changed in a run */
#define STATE_TURNS_MAX 1000 /* rates that were changed in a run */
#define STATE_BYTES_MAX (TENSORS_HEADER_MAX - 1000000) /* of "runs"; all else in a header is small */
#define STATE_VALUES_MAX 12000000 /* of JSON in "runs", which take some 50 bytes each; a third of it is for curves */
#define STATE_PART_VALUES_MAX 1000 /* of JSON in what else a file says of a session */

struct state {
	struct plan plan;
	const char *model; /* its text, the metadata's; NULL in a record, which has its own */
	struct nn_shape in;
	int features;
	bool trainable[NN_LAYERS_MAX];
	uint64_t seed, asked; /* as in struct model */
	struct split trained, last; /* of kind SPLIT_NONE when there is none */
	uint32_t next_epoch;
	char *data;
	struct slots slots; /* without its arrays; its weights are those of the file */
	struct settings set; /* those of the session, changed to what the file says */
	int nruns;
	struct run **runs; /* without weights and slots */
};

/* What did not get into a file. */
struct state_cut {
	int runs; /* the oldest ones */
	int curves; /* thinned or left out */
};

/* Writes the metadata of the session: a new reference, or NULL when there is not enough memory. */
json_t *state_write(struct session *s, struct state_cut *cut);

/* Whether the state of an optimizer goes with the session: it belongs to the weights that there are. */
bool state_keeps_slots(struct session *s);

/* Whether metadata hold a session. */
bool state_there(const json_t *metadata);
/* The split that the head was last trained on according to metadata, for a net of so many classes; of kind SPLIT_NONE
 * when it is not known. */
struct split state_trained(const json_t *metadata, int classes);
/* Reads and checks all of the metadata. path is for sentences; params_max is how many floats the file holds, which no
 * model may exceed. -1 with a sentence; then there is nothing to free. */
int state_read(struct session *s, const json_t *metadata, const char *path, size_t params_max, struct state *out,
    struct err *e);
void state_free(struct state *st);

/* A run by itself, and a curve of points that are the mean of so many each, with the x of the last. timing false: no
 * figure of a clock, nor how many threads there were: the same from any number of them. */
json_t *state_run_write(const struct session *s, const struct run *r, bool timing);
json_t *state_batches_write(const struct run *r, size_t each);
struct nn_shape state_input_read(struct reader *r, const json_t *o); /* the shape of pictures */
/* Reads it back; its number is above `before`, and it has at most *room points, which become fewer. st: as far as the
 * model and the data are known. */
struct run *state_run_read(struct reader *r, const json_t *o, const struct state *st, int before, size_t *room);

/* Of a run as it is written: the epoch whose weights stay, counted from 1; 0: none has ended. */
size_t state_run_stands(const json_t *o);

/* Makes the session what the state says, with this net. Takes over the net and the runs. Cannot fail. */
void state_install(struct session *s, struct state *st, struct nn_net *net);

#endif
