/* found.h: the files of a data set in a folder, under the names that people give them. */
#ifndef FOUND_H
#define FOUND_H

#include "data/folder.h"
#include "util/err.h"

#include <stdbool.h>

/* Four IDX files: [0] train, [1] test. The prefix is what stands before the usual names, as "emnist-digits-". */
struct found {
	char *images[2], *labels[2], *prefix;
};

/* The usual names are train-images-idx3-ubyte, train-labels-idx1-ubyte and the same with t10k or test; idx4 with
 * channels, a dot for the dash before idx, packed or not, in any case. One set of several is chosen by its prefix, with
 * or without the dash; NULL: there has to be one. -1 with a sentence: what the folder has instead, and the way out. */
int found_idx(const struct folder *f, const char *prefix, struct found *out, struct err *e);
bool found_any(const struct folder *f); /* a name in it is one of such a file */
void found_free(struct found *x);

#endif
