/* pickle.h: what the pickle of a PyTorch state_dict, or of a dict that has some, says, read without running any of it.
 *
 * A pickle is a program for a small machine with a stack. Of its instructions those are known here that a state_dict
 * needs, and of the functions that it may call three: collections.OrderedDict, torch._utils._rebuild_tensor_v2, and the
 * storages of torch, which are names of types. Anything else, and it is refused by its name. Lists, numbers and nested
 * dicts, as a checkpoint has them of its optimizer, are read over.
 */
#ifndef PICKLE_H
#define PICKLE_H

#include "file/tensors.h"

struct pickle_tensor {
	char *name; /* "conv1.weight" */
	const char *dtype; /* "F32" */
	char *storage; /* the member data/STORAGE has its values */
	uint64_t values; /* that the storage has */
	uint64_t offset; /* of the first one in it */
	int rank;
	uint64_t dim[TENSORS_RANK_MAX], stride[TENSORS_RANK_MAX];
};

#define PICKLE_DICTS_MAX 16

struct pickle {
	size_t n;
	struct pickle_tensor *tensor; /* in the order of the dict */
	/* Of a checkpoint, which is a dict of more than tensors: the keys of those of its values that are dicts of
	 * tensors alone. ndict 0: the file is a state_dict itself. */
	char *dict[PICKLE_DICTS_MAX];
	int ndict;
	char *rest; /* "optim, epoch": the other keys of a checkpoint, the first of them; NULL: there are none */
};

/* The tensors of the file, or of dict number `which` of a checkpoint. -1 with a sentence about the file `path`. */
int pickle_read(const char *path, const uint8_t *p, size_t n, int which, struct pickle *out, struct err *e);
void pickle_free(struct pickle *k);

#endif
