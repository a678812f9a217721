/* complete.h: what may come next on a line. */
#ifndef COMPLETE_H
#define COMPLETE_H

#include "session/session.h"
#include "ui/ui.h"

/* The words that may stand where the cursor is, with a few words about each. Changes nothing. */
void complete_line(struct session *s, const char *line, int point, struct ui_candidates *out);
/* The arguments that are expected after the line, as in a synopsis; "" for none. */
void complete_hint(struct session *s, const char *line, char *out, size_t size);

#endif
