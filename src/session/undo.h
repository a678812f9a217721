/* undo.h: what commands have changed of the model can be taken back: weights, flags, rates of dropouts, the model.
 *
 * Before a command that may change the model, a point is made of what it is; when the command succeeds, the point is
 * kept. What training has shown (runs, curves, figures) is no part of it: a run that is taken back is still a run, but
 * no longer the one that names the split where none is given.
 */
#ifndef UNDO_H
#define UNDO_H

#include "past/undo_point.h"

struct session;

#define UNDO_DEEP 8
#define UNDO_BYTES_MAX ((size_t)1 << 29) /* of weights; of a large model fewer points are kept, but always one */

struct undo {
	int nundo, nredo;
	struct undo_point *undo[UNDO_DEEP], *redo[UNDO_DEEP]; /* the last one is the next to take */
};

/* The session's model as it is, before this command. NULL where there is no model yet, or no memory. */
struct undo_point *undo_point(struct session *s, const char *command, size_t len);
/* Whether the session's model has the layers of the point, so that its weights fit. The session has a model. */
bool undo_fits(const struct session *s, const struct undo_point *p);
/* Makes the model what it was at a point, which stays whose it is. -1 with a sentence; then nothing has changed. */
int undo_restore(struct session *s, const struct undo_point *p, struct err *e);
/* The command has begun or succeeded: takes the point over (NULL is fine). Unless the model is still as it was, what
 * could be redone is forgotten. */
void undo_keep(struct session *s, struct undo_point *p);
/* Takes back the last change, or does it again. Returns what is now behind or before the session, borrowed: its command
 * tells which. NULL with a sentence; then nothing has changed. */
const struct undo_point *undo_back(struct session *s, struct err *e);
const struct undo_point *undo_again(struct session *s, struct err *e);
void undo_free(struct undo *u);

#endif
