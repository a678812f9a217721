/* topics.h: what `help` and the manual say of words that are no commands. */
#ifndef TOPICS_H
#define TOPICS_H

#include <stdbool.h>

struct topic {
	const char *name, *what, *text; /* text "": help makes it */
	const char *also[3]; /* other words that lead here; NULL behind the last */
	bool apart; /* the manual has it in sections of its own */
};

extern const struct topic topics[]; /* ends with name NULL */
/* The text of a topic, with the folder of this program's assets in place of PREFIX/share/thaw; the caller's. */
char *topics_here(const char *text);
/* Of a line that is an item, how many letters say what is typed; 0: it is none. */
int topics_item(const char *line);
/* By its name or another word for it, or by a beginning of its name. NULL: there is none. */
const struct topic *topics_find(const char *name, bool prefix);

#endif
