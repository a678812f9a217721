/* tensors.h: a small safetensors reader for the tests, without mercy for broken files. */
#ifndef TEST_TENSORS_H
#define TEST_TENSORS_H

#include <stddef.h>

struct tensors;

struct tensors *tensors_open(const char *path);
const float *tensors_get(const struct tensors *t, const char *name, size_t *count); /* ends the program when it lacks */
void tensors_free(struct tensors *t);

#endif
