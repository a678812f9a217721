/* names.h: what Keras and Python call things. */
#ifndef NAMES_H
#define NAMES_H

#include <stdbool.h>
#include <stddef.h>

const char *keras_key(const char *name); /* `batch` of Keras' batch_size, or NULL */
/* Why there is no such key of model.fit or compile, or what does the same: "the test images ..."; NULL: not told. */
const char *keras_left(const char *name, size_t n);
bool keras_like(const char *word); /* whether a word is one of Python's */

#endif
