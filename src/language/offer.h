/* offer.h: what may stand at a place of a line, one type of argument after the other. */
#ifndef OFFER_H
#define OFFER_H

#include "language/cmd.h"
#include "session/session.h"
#include "ui/ui.h"

struct completion {
	struct session *s;
	struct ui_candidates *out;
	const struct cmd *cmd;
	const char *typed; /* the beginning that candidates must have */
	size_t ntyped;
	const char *before; /* the word before, for values of settings; NULL: none */
};

void offer_word(struct completion *c, const char *text, const char *what); /* where it begins as what was typed */
void offer_commands(struct completion *c, bool topics);
void offer_argument(struct completion *c, const struct arg *a);

#endif
