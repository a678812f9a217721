/* record.h: a run as its record in the store: a line of JSON that is the same from any process, byte for byte.
 *
 * It says what the run was made with (settings, the model as the operand of `build`, the data and their hashes, the
 * program's version, the weights that it began with by their hash), what came of it (each epoch, each batch, the hash
 * of the weights) and why it ended. Nothing in it depends on a clock, on the number of threads or on the session.
 */
#ifndef RECORD_H
#define RECORD_H

#include "past/index.h"
#include "session/session.h"

/* The caller's; NULL with a sentence where memory is missing or a signal came while the data were hashed. */
char *record_text(const struct session *s, const struct run *r, struct err *e);
/* For session.ran: keeps the run in the session's store. Where that is not possible it is said, once. */
void record_keep(struct session *s, struct run *r);
/* Gives each run of the session that came from a file the record which the store has of it, so that both are one. */
int record_meet(struct session *s, struct index *x, struct err *e);

/* A run of the session (rN), or one of its store by the beginning of its hash, without weights. Borrowed; NULL with a
 * sentence. */
struct run *record_find(struct session *s, const char *name, struct err *e);
/* The hashes of the data that it was made with, as its record has them, else as file/sums.h; null with a sentence. A
 * new reference. */
json_t *record_sha256(struct session *s, const struct run *r, struct err *why);
/* What `runs` asks for, under the names of index_facts: text, numbers, nulls. A new reference; NULL with a few words
 * where it is no record that can be read. */
json_t *record_head(const char *text, struct err *why);
json_t *record_here(const struct session *s, const struct run *r); /* the same of a run that has no record yet */
struct run *record_read(const char *text, const json_t *about, struct err *e); /* the caller's; NULL with a sentence */

#endif
