/* named.h: layers by name, index, range, glob or group, against the model as it stands. */
#ifndef NAMED_H
#define NAMED_H

#include "model/model.h"
#include "util/err.h"

/* Puts the first and the last layer of each range into pair[2 * max]. prefix: the beginning of a group's name is
 * enough. m->net is there. Returns the number of ranges, or -1 with a sentence. */
int layers_parse(const struct model *m, const char *text, bool prefix, int *pair, int max, struct err *e);
/* Whether it is an activation as a layer of its own. */
bool layers_activation(const struct nn_layer *l);
/* Such a text with the groups written whole that it names by their beginning; the caller's. */
char *layers_whole(const struct model *m, const char *text);

#endif
