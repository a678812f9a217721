/* odd.h: models at the edge of what they may hold: nothing named, names longer than any pane, numbers that are none. */
#ifndef ODD_H
#define ODD_H

#include "ui/ui.h"

enum odd_kind {
	ODD_EMPTY, /* nothing at all */
	ODD_BARE, /* one of everything, of which nothing is named */
	ODD_LONG, /* long names, of wide characters, and more than fits */
	ODD_WILD, /* numbers that are huge, tiny, equal, infinite or none */
	ODD_KINDS,
};

void odd_fill(struct ui_model *m, enum odd_kind kind);

#endif
