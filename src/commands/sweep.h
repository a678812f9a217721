/* sweep.h: what the files of `sweep` share: what it was asked for, and its trials. */
#ifndef SWEEP_H
#define SWEEP_H

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
	json_t *asked; /* what all trials begin with and go by */
	int found; /* trials that the store had */
	struct err unkept; /* why the results of trials are not in the store; no text: they are, or there is none */
	int ndied; /* trials whose process died, */
	struct str died; /* with a line for each of the first */
};

struct sweep_trial {
	int row, at; /* the seed is the first one and at */
	uint64_t seed;
	char *commands;
	json_t *asked; /* what the result follows from, */
	char key[65]; /* and its hash; "": there is no store */
};

struct sweep_result {
	double accuracy, loss;
	bool eval; /* of an eval, else of the validation */
};

/* A combination as text: "lr=0.1,batch=32"; the caller's. */
char *sweep_label(const struct sweep *x, int row);
/* The commands with what stands in brackets replaced; the caller's. NULL with a sentence: it is no key. */
char *sweep_commands(const struct sweep *x, int row, uint64_t seed, struct err *e);

/* What the result of a trial depends on, but for its own settings, seed and commands. Reads all weights. */
json_t *sweep_asked(struct session *s);
json_t *sweep_asked_data(struct dataset *d); /* the part of it that data are known by, which hashes them */

json_t *sweep_trial_asked(const struct sweep *x, const char *label, const char *commands, uint64_t seed);
/* The result of the same trial, if the store has it. */
bool sweep_trial_find(const struct store *st, const char *key, const json_t *asked, struct sweep_result *r);
void sweep_trial_keep(struct sweep *x, struct store *st, const char *key, json_t *asked, const struct sweep_result *r);
/* Does it, with its share of the threads and of the memory where so many go on at once. 0, NN_STOPPED, or -1 with a
 * sentence. */
int sweep_trial_run(struct sweep *x, struct session *s, int lanes, const struct sweep_trial *trial,
    struct sweep_result *r, struct err *e);

/* Fills the values of the rows, from the store where it has them: 0, NN_STOPPED, or -1 with a sentence. For a task. */
int sweep_work(struct session *s, void *sweep, struct err *e);
int sweep_done(struct session *s, void *sweep, int rc, struct err *e); /* the table, behind that */

#endif
