/* store.h: the runs that are kept from one session to the next, as files of a folder.
 *
 * A record is a text whose file is named by its SHA-256 and written whole, and which never changes: no lock can be left
 * behind, two processes cannot disagree, and two stores are put together by copying files. What a clock or a person
 * says of a run (when, how long, tags, a note) lies beside it, in a file that is named by both hashes:
 *     runs/HASH.json  runs.about/HASH-HASH.json  runs.trials/HASH.json
 * The last are the results of trials, each under the hash of what was asked.
 */
#ifndef STORE_H
#define STORE_H

#include "util/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define STORE_BYTES_MAX ((size_t)256 << 20) /* of a file that is read */

enum store_kind { STORE_RUNS, STORE_ABOUT, STORE_TRIALS, STORE_KINDS };

struct store {
	char *dir; /* NULL: nothing is kept */
	bool asked; /* a batch was told to keep its runs here: it fails where it cannot */
	bool own; /* it is the one of a person's own sessions at a terminal, by the setting keep */
	bool shut; /* that it cannot be written has been said */
	bool told; /* that something could not be kept */
	size_t unread; /* how many of its files could not be read, as far as that was said */
};

struct store_names { /* without ".json", in order */
	size_t n;
	char **name;
};

void store_choose(struct store *st, const char *dir); /* made when something is kept first; NULL: none */
void store_free(struct store *st);
char *store_path(const struct store *st, const char *name); /* in its folder; the caller's */

/* Keeps a text under its hash, unless it is there. -1 with a sentence. */
int store_put(struct store *st, const char *text, char hash[65], struct err *e);
/* The text of a record, the caller's; NULL with a sentence, also where it is not what its name says. */
char *store_get(const struct store *st, const char *hash, struct err *e);
/* The same for who reads many of them: NULL with a few words on what keeps it from being read, or with none where there
 * is no such record. */
char *store_look(const struct store *st, const char *hash, struct err *why);

/* What is known of a run beside its record, all files of it taken together: "when", "seconds", "tags", "note" and, with
 * a note, "noted", the time of it (where it has none, the end of the run); of several the latest. Never NULL. names:
 * those of STORE_ABOUT. why (or NULL): a few words on the first of them that cannot be read, if one is. */
json_t *store_about(const struct store *st, const struct store_names *names, const char *hash, struct err *why);
/* Says it, in place of what these files said (NULL: none); another process may say more meanwhile. Takes `about`
 * over. */
int store_say(struct store *st, const char *hash, json_t *about, const struct store_names *before, struct err *e);
int store_delete(struct store *st, const char *hash, struct err *e); /* the record, and what is said of it */

/* Makes its folders, and says what keeps it from being written. -1 with a sentence. */
int store_ready(struct store *st, struct err *e);
int store_put_trial(struct store *st, const char *key, const char *text, struct err *e);
char *store_get_trial(const struct store *st, const char *key); /* NULL: there is none */

/* The names of a folder. -1 with a sentence; a folder that is not there has none. */
int store_list(const struct store *st, enum store_kind kind, struct store_names *names, struct err *e);
size_t store_first(const struct store_names *names, const char *beginning); /* the first that is not below it */
void store_names_free(struct store_names *names);
/* What its folders of records are now, as a text that any later change of their names changes; the caller's. NULL: it
 * has changed too lately to tell. */
char *store_stamp(const struct store *st);
bool store_is_hash(const char *word); /* a word has the form of such a hash or of its beginning: 8 digits at least */
/* The record whose hash begins so. -1 with a sentence. */
int store_find(const struct store *st, const char *beginning, char hash[65], struct err *e);

json_t *store_now(void); /* the time, as "when" and "noted" have it */

struct store_merged {
	size_t records, there; /* those that are new, and those that were there already */
	size_t notes; /* runs that had other notes in the two */
};
/* Takes over all that another store has. -1 with a sentence on the first of its files that could not be taken. */
int store_merge(struct store *st, const char *dir, struct store_merged *m, struct err *e);

#endif
