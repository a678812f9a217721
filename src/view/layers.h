/* layers.h: the model as a table: a row a layer, the three totals. What the workbench's pane and `export png model`
 * show. */
#ifndef LAYERS_H
#define LAYERS_H

#include "ui/model.h"
#include "nn/nn.h"

/* Replaces what the table holds. Columns: name, output shape, parameters; frozen layers are locked, those without
 * weights dim. */
void layers_table(const struct nn_net *net, struct ui_table *t);

#endif
