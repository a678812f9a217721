/* floats.c: half, bfloat16, float and double as they lie in files, as float32. This is the only place that converts
 * them, whatever the format of the file is.
 */
#include "file/floats.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* The least that is rounded to 2^128, which no float32 is. */
#define TOO_LARGE 0x1.ffffffp127

static const struct {
	const char *dtype, *name;
	size_t size;
} kinds[FLOATS_COUNT] = {[FLOATS_NONE] = {"", "no float", 0}, [FLOATS_32] = {"F32", "float32", 4},
    [FLOATS_64] = {"F64", "float64", 8}, [FLOATS_16] = {"F16", "float16", 2}, [FLOATS_B16] = {"BF16", "bfloat16", 2}};

enum floats
floats_of(const char *dtype)
{
	for (int k = 1; k < FLOATS_COUNT; k++)
		if (strcmp(dtype, kinds[k].dtype) == 0)
			return (enum floats)k;
	return FLOATS_NONE;
}

size_t
floats_size(enum floats kind)
{
	return kinds[kind].size;
}

const char *
floats_name(enum floats kind)
{
	return kinds[kind].name;
}

/* A sign, 5 bits of exponent, 10 of fraction. */
static double
half(uint64_t u)
{
	int exponent = (int)(u >> 10 & 31), fraction = (int)(u & 1023);
	double v = exponent == 31 ? (fraction > 0 ? (double)NAN : (double)INFINITY) :
	    exponent == 0 ? ldexp(fraction, -24) : ldexp(1024 + fraction, exponent - 25);

	return u >> 15 ? -v : v;
}

double
floats_value(enum floats kind, const void *bytes)
{
	const uint8_t *p = bytes;
	uint64_t u = 0;
	uint32_t low;
	double d;
	float f;

	for (size_t i = 0; i < kinds[kind].size; i++)
		u |= (uint64_t)p[i] << (8 * i);
	if (kind == FLOATS_64) {
		memcpy(&d, &u, sizeof d);
		return d;
	}
	if (kind == FLOATS_16)
		return half(u);
	low = (uint32_t)(kind == FLOATS_B16 ? u << 16 : u); /* bfloat16 is the upper half of a float32 */
	memcpy(&f, &low, sizeof f);
	return (double)f;
}

size_t
floats_convert(enum floats kind, const void *bytes, float *out, size_t n)
{
	const uint8_t *p = bytes;
	size_t bad = 0;

	for (size_t i = 0; i < n; i++, p += kinds[kind].size) {
		double v = floats_value(kind, p);

		if (isfinite(v) && fabs(v) >= TOO_LARGE) {
			v = copysign((double)INFINITY, v);
			bad++;
		}
		out[i] = (float)v;
	}
	return bad;
}
