/* hdf5.h: HDF5 files by way of the helper program thaw-hdf5, so that a file that lies ends that and not this one. */
#ifndef FILE_HDF5_H
#define FILE_HDF5_H

#include "file/tensors.h"

#define HDF5_FILE_MAX ((uint64_t)4 << 30) /* bytes */

/* The path of the helper, found beside the program or where it is installed; the caller's. NULL with a sentence. */
char *hdf5_helper(struct err *e);

/* The data sets of a file that lies in memory, by their paths (layers/conv2d/vars/0); the text that it says of its
 * objects is the metadata, PATH@NAME. path is for sentences. */
struct tensors *hdf5_open(const char *path, const void *file, size_t n, struct err *e);
/* The same of a file on disk. */
struct tensors *hdf5_open_file(const char *path, struct err *e);

/* A file of these tensors, whose names are their paths, and of these texts (libexec/convert.h); the caller's. path:
 * where it will be, for sentences. */
uint8_t *hdf5_make(const char *path, json_t *metadata, const struct tensor_source *x, size_t count, size_t *n,
    struct err *e);

#endif
