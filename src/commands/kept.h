/* kept.h: results of trials in the store, of `sweep` and of `compare modes`: each under the hash of all that it follows
 * from, which it also holds, so that it is found again for the same trial alone. */
#ifndef KEPT_H
#define KEPT_H

#include "data/dataset.h"
#include "past/store.h"
#include "session/session.h"

struct kept_result {
	double accuracy, loss; /* NAN: no number */
	bool eval; /* of an eval, else of the validation */
};

/* Files in the store that hold no result, or that of another trial. */
struct kept_damaged {
	int n;
	char key[65]; /* of the first */
};

/* Parts of what a result follows from; the caller's. */
json_t *kept_settings(const struct settings *set); /* those that a run goes by, but for the seed */
/* What data are known by, which are hashed for it; NULL with a sentence where that was cut short. */
json_t *kept_data(struct dataset *d, struct err *e);
json_t *kept_rates(const struct nn_run_config *c, int layers); /* of each layer */

void kept_key(const json_t *asked, char key[65]);
/* False: it is not there, or is damaged, which is counted. */
bool kept_find(const struct store *st, const char *key, const json_t *asked, struct kept_result *r,
    struct kept_damaged *damaged);
/* Where it cannot be written, a sentence says why; else there is none. */
void kept_put(struct store *st, const char *key, json_t *asked, const struct kept_result *r, struct err *unkept);
/* Notes, before the others run, that the store has some of the trials. Called by the worker, too. */
void kept_begins(struct session *s, int found, int trials);
/* Says at the end where some were damaged, or are not kept. */
void kept_said(struct session *s, const struct err *unkept, const struct kept_damaged *damaged);
/* The error of a `what` (comparison, sweep) that was interrupted: how many of its trials are done, and whether the
 * store has them. -1. */
int kept_cut(const struct session *s, const char *what, int done, int trials, const struct err *unkept, struct err *e);

#endif
