/* names.h: what Keras and Python call things. */
#ifndef NAMES_H
#define NAMES_H

#include <stdbool.h>

const char *keras_key(const char *name); /* `batch` of Keras' batch_size, or NULL */
bool keras_like(const char *word); /* whether a word is one of Python's */

#endif
