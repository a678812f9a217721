/* autosave.h: the work of sessions that ended unsaved: where it is kept, and how it comes back. Not under --safe.
 *
 * Each has a file of its own: autosave.safetensors, autosave-2.safetensors and so on. A session that has loaded one
 * holds it by a lock: no other is offered it, and an autosave of this session replaces it.
 */
#ifndef AUTOSAVE_H
#define AUTOSAVE_H

#include "session/session.h"

#define AUTOSAVE_WORD "autosave" /* of `load` */

/* The newest that no living session holds; the caller's to free, NULL: none. *others: how many more there are. */
char *autosave_newest(const struct session *s, int *others);
char *autosave_offer(const struct session *s, int *others); /* the same, where no person has been told of it yet */
/* The newest of where this session does not look: for a batch that of a terminal, and there that of a batch in this
 * folder. The caller's, or NULL. */
char *autosave_elsewhere(const struct session *s);
/* The newest, for this session, if it loads: no other is offered it while *fd is open. */
char *autosave_claim(const struct session *s, int *fd);
void autosave_hold(struct session *s, const char *path, int fd); /* it has been loaded; takes fd over */
void autosave_loaded(struct session *s, const char *path); /* the same of a file that was named, if it is one */
/* Saves what must not be lost; the path is the caller's to free. NULL: with a sentence, or with none under
 * --safe. Both: it cannot be written any more, and the path has it as it was behind the last run. */
char *autosave_write(struct session *s, struct err *e);
/* Where the work of this session goes: what it holds, else a new name (*fresh), else in place of the oldest. The
 * caller's to free; NULL as of autosave_write. */
char *autosave_place(const struct session *s, bool *fresh, struct err *e);
void autosave_why(const struct session *s, const char *path, struct err *e); /* when it cannot be opened */
void autosave_warn(struct session *s, const char *why); /* its work is not kept as it goes: said once */
/* Waits for the process of user.guard, so many milliseconds (-1: as long as it takes), and takes what it has left.
 * False: it is still at work. */
bool autosave_await(struct session *s, int milliseconds);
/* What there is of runs has been saved by name: its own work is not offered, nor, where the whole session was saved,
 * what it has loaded and gone on with. */
void autosave_saved(struct session *s, bool whole);
/* The session ends as it was asked to: what it holds is not offered again. */
void autosave_done(struct session *s);

#endif
