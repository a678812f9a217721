/* index.h: an index of a store's records, to find runs by what they were made with and by what came of them.
 *
 * It is made from the records whenever it is not there, is damaged, has the layout of another thaw, or knows less or
 * more than the store holds: the records are the truth. Where it cannot be written, it is made in memory.
 */
#ifndef INDEX_H
#define INDEX_H

#include "past/store.h"

#include <stdint.h>

enum index_kind { INDEX_TEXT, INDEX_INT, INDEX_REAL };

struct index_fact {
	const char *name;
	enum index_kind kind;
	const char *what;
};
extern const struct index_fact index_facts[]; /* ends with name NULL */
const struct index_fact *index_fact(const char *name); /* NULL: there is none */

struct index;

/* The index of a store, brought up to date; of no store (dir NULL): an empty one. head makes of a record what is asked
 * for, under the names of the facts or, where the record has such a name for something else, under those in its object
 * "facts" (NULL with a few words: it is none that can be read). NULL with a sentence. */
struct index *index_open(const struct store *st, json_t *(*head)(const char *text, struct err *why), struct err *e);
void index_close(struct index *x);
/* Adds a run that is in no store, for this index alone. */
int index_add(struct index *x, const char *id, const json_t *head, const json_t *about, struct err *e);

struct index_want { /* all of them have to be true */
	const struct index_fact *fact;
	char op; /* = < > */
	const char *value; /* of text: with * and ?, if it has any */
};

struct index_query {
	const struct index_want *want;
	int nwant;
	char *const *id; /* only these; NULL: all */
	int nid;
	const struct index_fact *order; /* NULL: by time */
	bool down; /* the largest first */
	size_t most; /* the first so many; by time the last */
};

struct index_row {
	char *id; /* the hash, or what was added */
	char *head; /* as text */
	char *when, *tags, *note; /* "" where there is none */
	double seconds; /* NAN: not known */
};

struct index_answer {
	size_t total, n; /* how many there are, and how many are here */
	struct index_row *row;
};

int index_ask(struct index *x, const struct index_query *q, struct index_answer *a, struct err *e);
void index_answer_free(struct index_answer *a);

/* How many files of the store cannot be read, and of the first its name and why (the caller's; NULL: there is none). */
int index_unread(struct index *x, size_t *n, char **first, struct err *e);
char *index_unread_name(const char *hash, bool about, const char *why); /* as there; the caller's */

#endif
