/* text.h: one layer as text: the name of its kind, or a word that means it ("relu"), then its attributes in nn's
 * order. */
#ifndef MODEL_TEXT_H
#define MODEL_TEXT_H

#include "nn/nn.h"
#include "util/err.h"
#include "util/text.h"

#define LAYER_ATTRS_MAX 16 /* of one kind */

int layer_parse(char *item, struct nn_layer_spec *spec, struct err *e); /* overwrites item */
void layer_text(struct str *b, const struct nn_layer_spec *spec); /* layer_parse reads it back */
char *layer_usages(void); /* "conv2d filters kernel_size, relu, softmax, ..."; the caller's */

/* What readers of other spellings (model/spelled.h) share. The kind that a word means: its name or, short_form, one of
 * its first attribute's words ("relu" means an activation); NULL: none. */
const char *layer_kind(const char *word, bool *short_form);
int layer_kind_unknown(const char *word, struct err *e); /* -1, with the kinds that there are */
int layer_attr_set(struct nn_layer_spec *spec, const struct nn_attr *a, const char *kind, const char *word,
    struct err *e);
/* Sets what a text has left out; -1 with a sentence where it must be given. */
int layer_attr_default(struct nn_layer_spec *spec, const struct nn_attr *a, const char *kind, struct err *e);

#endif
