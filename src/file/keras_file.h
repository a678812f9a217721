/* keras_file.h: what Keras writes: a .keras archive, a file of weights, an old .h5; its content tells which. */
#ifndef KERAS_FILE_H
#define KERAS_FILE_H

#include "file/keras_config.h"
#include "file/tensors.h"

struct keras_file {
	struct tensors *t;
	bool described; /* it holds the model, too */
	struct keras_model model;
	size_t optimizer; /* arrays of the optimizer's state but for zeros, which are not in t */
	char **own; /* names of tensors, while t lives */
	size_t nown;
};

/* weights: its model may be one that cannot be had here; then it is not described. -1 with a sentence; then there is
 * nothing to close. */
int keras_open(const char *path, bool weights, struct keras_file *k, struct err *e);
void keras_close(struct keras_file *k); /* zeros are fine */

/* Gives the tensors the names of this net, conv2d.kernel: by their groups, of an old file by their order. A file that
 * is described wants the net of its own model. What belongs to no layer of it keeps its path. */
void keras_names(struct keras_file *k, const struct nn_net *net);

#endif
