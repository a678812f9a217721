/* sums.h: the SHA-256 of the data that a run was trained on, as long as no record of it has them.
 *
 * To hash takes a moment, so it is done when it is asked for, or when the data of a run give way to others.
 */
#ifndef SUMS_H
#define SUMS_H

#include "session/session.h"

json_t *sums_of(const struct dataset *d); /* a new reference; NULL: it is not hashed */
bool sums_wanted(const struct session *s); /* a run was trained on the data in memory, and has not their sums */
void sums_keep(struct session *s); /* gives each such run the sums, where the data are hashed */
/* Those of a run: as they were kept, or of the data in memory if it was trained on these very ones, which are hashed. A
 * new reference; NULL with a sentence: nobody knows. */
json_t *sums_run(const struct session *s, const struct run *r, struct err *why);

#endif
