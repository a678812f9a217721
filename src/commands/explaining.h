/* explaining.h: one unit that is explained, between the command and its text. */
#ifndef EXPLAINING_H
#define EXPLAINING_H

#include "look/explain.h"

struct explaining {
	struct explain x;
	struct image *im;
	int rows; /* of a list that is cut */
	/* where a unit that reads a row finds the same values as a picture: explain_picture */
	int picture;
	struct nn_shape shape;
};

const struct nn_layer *explaining_layer(const struct session *s, const struct explaining *g);
/* Where a term comes from, as `explain` takes it: "activation[4] 12,13"; "pixel 12,13". The caller's. */
char *explaining_term(const struct session *s, const struct explaining *g, const struct explain_term *t);
void explaining_text(struct session *s, const struct explaining *g);

#endif
