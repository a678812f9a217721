/* layered.h: the layers of a run's model by name: what was frozen, rates of layers' own. */
#ifndef LAYERED_H
#define LAYERED_H

#include "past/run.h"

/* Notes the model that a run is made with, and the names of its layers. */
void run_layered(struct run *r, const struct nn_net *net, int features);
/* The same from the text of a model and the shape of its pictures, as files have them: what is not known stays so.
 * false: there is no memory for such a net. */
bool run_layered_text(struct run *r, const char *model, struct nn_shape in);

/* Whether a word for layers (features, conv2d, 0, conv*) means just the layers that are named in frozen, as the model
 * of that text has them; so do the names themselves, and patterns for them. */
bool run_froze_by(const char *model, struct nn_shape in, const char *frozen, const char *word);
/* "features" or "head" where that is what was frozen, for people; else the names, "" for none. */
const char *run_frozen(const struct run *r);
/* Rates of layers' own: "dense=0.1 dense_1=0.1", "" for none. The caller's. */
char *run_rates(const struct run *r);

#endif
