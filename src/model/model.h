/* model.h: the session's model: a net and where its head begins. */
#ifndef MODEL_H
#define MODEL_H

#include "data/split.h"
#include "nn/nn.h"

struct model {
	struct nn_net *net;
	unsigned made; /* how many nets there have been */
	int features; /* the first `features` layers are the group features, the others head */
	char *build; /* the operand of `build` that makes it again */
	uint64_t seed; /* of the last build or whole reset */
	uint64_t asked; /* the setting `seed` at that time: a reset takes the setting when it is another one now */
	char *loaded; /* the file that its weights were loaded from; NULL: they were drawn here */
	int loaded_at; /* so many runs there were then */
	struct split trained; /* the split that the head was last trained on; kind SPLIT_NONE: never */
};

/* Another net (taken over) in place of the one before; its head is untrained. */
void model_set(struct model *m, struct nn_net *net, int features, uint64_t seed, uint64_t asked);
void model_free(struct model *m);
void model_loaded(struct model *m, const char *path, int runs); /* NULL: all weights are drawn anew */

bool model_is_feature(const struct model *m, int layer);
const char *model_group(const struct model *m, int layer); /* "features" or "head" */
/* Whether the net takes pictures of this shape; -1 with a sentence, in which `name` has them. */
int model_takes(const struct nn_net *net, struct nn_shape have, const char *name, struct err *e);
/* Whether the net has an output unit for each digit of the split; -1 with a sentence. */
int model_names(const struct nn_net *net, const struct split *split, struct err *e);
/* "26x26x32" */
char *model_shape_text(char buf[48], int rank, const int *dim);

#endif
