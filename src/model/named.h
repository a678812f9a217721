/* named.h: layers by name, index, range, glob or group, against the model as it stands. */
#ifndef NAMED_H
#define NAMED_H

#include "model/model.h"
#include "util/err.h"

/* Ranges of layers, first and last of each, into pair[2 * max]; prefix: a unique beginning of a group is enough. The
 * net is there. Returns the number of ranges, or -1 with a sentence. */
int layers_parse(const struct model *m, const char *text, bool prefix, int *pair, int max, struct err *e);

#endif
