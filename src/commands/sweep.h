/* sweep.h: what the files of `sweep` share: what it was asked for, and its trials. */
#ifndef SWEEP_H
#define SWEEP_H

#include "past/compared.h"
#include "session/session.h"

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
};

/* A combination as text: "lr=0.1,batch=32"; the caller's. */
char *sweep_label(const struct sweep *x, int row);
/* The commands with what stands in brackets replaced; the caller's. NULL with a sentence: it is no key. */
char *sweep_commands(const struct sweep *x, int row, uint64_t seed, struct err *e);

/* What the result of a trial depends on, but for its own settings, seed and commands. Reads all weights. */
json_t *sweep_asked(struct session *s);
/* Fills the values of the rows, from the store where it has them: 0, NN_STOPPED, or -1 with a sentence. For a task. */
int sweep_work(struct session *s, void *sweep, struct err *e);

#endif
