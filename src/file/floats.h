/* floats.h: the kinds of floats that files hold, and what they are as float32, which weights are here. */
#ifndef FLOATS_H
#define FLOATS_H

#include <stddef.h>

enum floats { FLOATS_NONE, FLOATS_32, FLOATS_64, FLOATS_16, FLOATS_B16, FLOATS_COUNT };

enum floats floats_of(const char *dtype); /* of "F32", "F64", "F16", "BF16"; of others FLOATS_NONE */
size_t floats_size(enum floats kind); /* bytes of a value; FLOATS_NONE: 0 */
const char *floats_name(enum floats kind); /* "float64" */
/* The value of these bytes, the lowest first. */
double floats_value(enum floats kind, const void *bytes);
/* n values of such bytes as float32, rounded to the nearest; out may not overlap them. Returns how many are numbers
 * that a float32 does not hold: they have become infinite. */
size_t floats_convert(enum floats kind, const void *bytes, float *out, size_t n);

#endif
