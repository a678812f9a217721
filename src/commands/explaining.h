/* explaining.h: one unit that is explained, between the command and its text. */
#ifndef EXPLAINING_H
#define EXPLAINING_H

#include "look/explain.h"

struct explaining {
	struct explain x;
	struct image *im;
	int rows; /* of a list that is cut */
};

void explaining_head(struct session *s, const struct explaining *g); /* which unit, for which picture */
void explaining_text(struct session *s, const struct explaining *g); /* what it computes */

#endif
