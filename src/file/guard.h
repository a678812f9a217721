/* guard.h: the work of a session at a terminal is kept as it goes, in a file of autosave.h, so that a kill loses
 * little: the next session offers the run, which goes on to the same bits.
 *
 * A copy of the process writes the file, so that neither the screen nor the run waits for the disk. It is locked from
 * its first moment: no other session is offered it as long as this one lives.
 */
#ifndef GUARD_H
#define GUARD_H

#include "session/session.h"

double guard_keep(struct session *s); /* for session.guard */
/* The setting keep has changed. Off: there is no store of its own, as under --safe, and the autosave of this session
 * goes. */
void guard_set(struct session *s);

#endif
