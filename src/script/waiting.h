/* waiting.h: what a person sees of a line that waits for a job. */
#ifndef WAITING_H
#define WAITING_H

#include "session/session.h"

void waiting_say(struct session *s, const char *line); /* that it waits, and what acts at once in its place */

#endif
