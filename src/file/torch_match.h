/* torch_match.h: which module of a file of PyTorch belongs to which layer, where their names do not tell. */
#ifndef TORCH_MATCH_H
#define TORCH_MATCH_H

#include "file/tensors.h"
#include "nn/nn.h"
#include "util/text.h"

/* The modules that have weights, "features.0" of "features.0.weight", in the order of the file; the names are the
 * caller's. How many there are, at most max. */
int torch_match_list(const struct tensors *t, char **list, int max);

/* Gives each layer with weights the module of its shape; where several have that shape, by the numbers in their names:
 * a safetensors file has lost the order of the modules. A layer whose shape none has is given none. module: [layers],
 * the names are the caller's, whatever is returned. Adds to `said` what was taken. -1 with a sentence. */
int torch_match(const struct tensors *t, const struct nn_net *net, char *const *list, int n, char **module,
    struct str *said, struct err *e);

#endif
