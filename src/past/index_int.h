/* index_int.h: what the files of the index share. */
#ifndef INDEX_INT_H
#define INDEX_INT_H

#include "past/index.h"
#include "past/index_sqlite.h"

struct index {
	struct sql *q;
	const struct store *st;
	json_t *(*head)(const char *text, struct err *why);
};

int index_ask_begin(struct index *x, struct err *e); /* what questions need beside the tables */
/* Notes that a record, or what is said beside it, cannot be read. */
int index_unread_put(struct index *x, const char *hash, bool about, const char *why, struct err *e);

#endif
