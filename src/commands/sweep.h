/* sweep.h: what the files of `sweep` share: what it was asked for, and its trials. */
#ifndef SWEEP_H
#define SWEEP_H

#include "commands/kept.h"
#include "past/compared.h"
#include "session/session.h"
#include "util/text.h"

#define SWEEP_KEYS_MAX 8
#define SWEEP_VALUES_MAX 256 /* of a key */
#define SWEEP_TRIALS_MAX 100000

struct sweep_key {
	char *name;
	bool setting; /* else it stands in the commands, as {NAME} */
	int n;
	char **value;
};

struct sweep {
	struct sweep_key key[SWEEP_KEYS_MAX]; /* the last one changes first */
	int nkey;
	char *commands;
	struct compared result; /* a row for each combination */
	json_t *asked; /* what all trials begin with and go by, */
	struct settings set; /* and the settings: as they were when it was typed */
	int trials; /* all of them */
	int mine, found; /* trials of this process's share that ended, and those that the store had */
	size_t first; /* the number of its first trial in the plan */
	struct kept_damaged damaged;
	struct err unkept; /* why the results of trials are not in the store; no text: they are, or there is none */
	int nmissing, ndied; /* trials that have no result, and those of them whose process died */
	char **missing; /* [trials] why it has none, as a line; NULL: it has one. NULL: all have */
};

struct sweep_trial {
	int row, at; /* the seed is the first one and at */
	uint64_t seed;
	char *commands;
	json_t *asked; /* what the result follows from, */
	char key[65]; /* and its hash; "": there is no store */
};

/* The key whose first value the others of it are held against: the first one that has several. */
int sweep_varied(const struct sweep *x);
/* What the k-th key is in that row; the sweep's. */
const char *sweep_value(const struct sweep *x, int row, int k);
char *sweep_shown(const char *value); /* in quotes where it has a comma; the caller's */
/* A combination as text: "lr=0.1,batch=32", a value with a comma in quotes; the caller's. */
char *sweep_label(const struct sweep *x, int row);
/* The commands with what stands in brackets replaced; the caller's. NULL with a sentence: it is no key. */
char *sweep_commands(const struct sweep *x, int row, uint64_t seed, struct err *e);

/* Notes, once, that a trial goes on from a head that was trained on other digits than it trains. */
void sweep_head(struct session *s, const struct sweep *x);

/* What the result of a trial depends on, but for its own settings, seed and commands. Reads all weights. */
json_t *sweep_asked(struct session *s);
int sweep_asked_data(struct session *s, struct sweep *x, struct err *e); /* adds what data are known by (kept_data) */

/* A trial by its number, with the key where there is a store or a plan. -1 with a sentence. */
int sweep_trial_make(const struct sweep *x, const struct session *s, int number, struct sweep_trial *t, struct err *e);
void sweep_trial_free(struct sweep_trial *t);
/* Does it, with its share of the threads and of the memory where so many go on at once. 0, NN_STOPPED, or -1 with a
 * sentence. */
int sweep_trial_run(struct sweep *x, struct session *s, int lanes, const struct sweep_trial *trial,
    struct kept_result *r, struct err *e);

/* Fills the values of the rows, from the store where it has them: 0, NN_STOPPED, or -1 with a sentence. For a task. */
int sweep_work(struct session *s, void *sweep, struct err *e);
int sweep_done(struct session *s, void *sweep, int rc, struct err *e); /* the table, behind that */

#endif
