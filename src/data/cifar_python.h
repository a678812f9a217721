/* cifar_python.h: CIFAR's Python versions, whose files are pickles (pickled.h) of what the binary ones have. */
#ifndef CIFAR_PYTHON_H
#define CIFAR_PYTHON_H

#include "data/dataset.h"
#include "data/folder.h"

/* Which one some files are there of: 10 (data_batch_1 and its like), 100 (train, test and meta); 0: none. */
int cifar_python_in(const struct folder *f);
/* Fills parts and names; -1 with a sentence. */
int cifar_python_load(const struct folder *f, bool coarse, struct dataset *d, struct err *e);

#endif
