/* layers.h: the model as a table with a row for each layer and three totals, for the workbench's pane and for `export
 * png model`. */
#ifndef LAYERS_H
#define LAYERS_H

#include "ui/model.h"
#include "nn/nn.h"

/* Replaces what the table holds. The columns are name, output shape and parameters; frozen layers are locked, and those
 * without weights are dim. */
void layers_table(const struct nn_net *net, struct ui_table *t);

#endif
