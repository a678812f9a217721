/* parity.h: the files of tests/nn/parity, for tests of sessions. */
#ifndef PARITY_H
#define PARITY_H

#include "tests/src/capture.h"

#include <stddef.h>

/* The path of a file there, until the next call. */
const char *parity_path(const char *name);
/* A tensor of one of its safetensors files, which has `count` values; the caller's. */
float *parity_values(const char *file, const char *name, size_t count);
/* Gives the session's net, which has to be the activity's, the weights of gte5-10.safetensors. */
void parity_load(struct capture *c);

#endif
