/* offer.h: offers the words that may stand at a place of a line, by the type of the argument. */
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
	const char *line; /* all of it */
	int end; /* of what is typed, in the line */
	bool open; /* a quote is not closed */
	const char *before; /* the word before, which may name a setting; or NULL */
};

void offer_word(struct completion *c, const char *text, const char *what); /* if it begins with what was typed */
void offer_commands(struct completion *c, bool with_topics);
/* Entries of the folder that is being typed; with endings, folders and files that end so. made: also names that are
 * not there yet. */
void offer_files(struct completion *c, const char *(*ending)(int i), bool made);
void offer_argument(struct completion *c, const struct arg *a);

#endif
