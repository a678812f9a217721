/* text.h: one layer as text: the name of its kind, or a word that means it ("relu"), then its attributes in nn's
 * order. */
#ifndef MODEL_TEXT_H
#define MODEL_TEXT_H

#include "nn/nn.h"
#include "util/err.h"
#include "util/text.h"

int layer_parse(char *item, struct nn_layer_spec *spec, struct err *e); /* overwrites item */
void layer_text(struct str *b, const struct nn_layer_spec *spec); /* layer_parse reads it back */

#endif
