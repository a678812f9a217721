/* expr_frozen.h: frozen_delta and delta(r1, LAYERS) of conditions. */
#ifndef EXPR_FROZEN_H
#define EXPR_FROZEN_H

#include "session/session.h"

/* The largest change of a frozen weight since the last run began. -1 with a sentence. */
int expr_frozen_delta(struct session *s, double *delta, struct err *e);
/* The layers that are frozen but were not when the last run began, so that it may have moved them: "conv2d conv2d_1".
 * NULL: none; the caller's. */
char *expr_frozen_late(struct session *s);
/* The value of delta(POINT, LAYERS), of whose brackets `operand` is what they hold: the largest change of a weight of
 * these layers from the point (session/point.h) to now; 0 only where all bits are the same. dry: only whether it can be
 * read. -1 with a sentence. */
int expr_delta(struct session *s, const char *operand, bool dry, double *delta, struct err *e);

#endif
