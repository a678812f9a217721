/* keras_file.h: what Keras writes: a .keras archive, a file of weights, an old .h5; its content tells which. */
#ifndef KERAS_FILE_H
#define KERAS_FILE_H

#include "file/keras_config.h"
#include "file/tensors.h"

struct keras_file {
	struct tensors *t;
	bool described; /* it holds the model, too */
	struct keras_model model;
	struct tensor_entry *state; /* [nstate] what is the optimizer's, which is not in t: its names and values are */
	size_t nstate;
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

/* A list of texts that an old file says of an object, as an attribute; NULL: none. Keras cuts long ones: NAME0, NAME1
 * ... A new reference, whose values are of any kind. */
json_t *keras_list(const struct tensors *t, const char *object, const char *name);

#endif
