/* spelled.h: a layer as Keras spells it: Conv2D(32, (3, 3), activation='relu'). */
#ifndef SPELLED_H
#define SPELLED_H

#include "nn/nn.h"
#include "util/err.h"

#include <stdbool.h>
#include <stddef.h>

bool layer_spelled(const char *item); /* whether it is spelled so */
/* Reads it, overwriting item; returns how many layers it makes (0 of Input, else 1), or -1 with a sentence. */
int layer_spelled_parse(char *item, struct nn_layer_spec *spec, struct err *e);

/* How far the item at the beginning of text goes: up to one of `ends` outside brackets and quotes, or to its end. */
size_t item_length(const char *text, const char *ends);

#endif
