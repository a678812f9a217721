/* pickled.h: the pickles of CIFAR's Python version, read without running any of them.
 *
 * A pickle is a program for a small machine with a stack. Of its instructions those are known here that a dictionary of
 * numbers, texts, lists and NumPy's arrays of bytes needs, and of the functions that it may call those that such an
 * array is made by. Anything else is refused by its name.
 */
#ifndef PICKLED_H
#define PICKLED_H

#include "util/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pickled; /* a file as it was read */

/* -1 with a sentence about the file `path`. `max`: bytes of the largest file. NULL with a sentence. */
struct pickled *pickled_open(const char *path, size_t max, struct err *e);
void pickled_free(struct pickled *p);

/* What the dictionary has by a key; false where it has no such thing. */
bool pickled_has(const struct pickled *p, const char *key); /* anything */
bool pickled_count(const struct pickled *p, const char *key, size_t *n); /* a list, a tuple or an array of so many */
bool pickled_number(const struct pickled *p, const char *key, size_t i, int64_t *v); /* in it, a whole number */
char *pickled_text(const struct pickled *p, const char *key, size_t i); /* in it, a text; the caller's, NULL for none */
/* An array of bytes [rows][cols] in C's order, borrowed. */
const uint8_t *pickled_bytes(const struct pickled *p, const char *key, size_t *rows, size_t *cols);

#endif
