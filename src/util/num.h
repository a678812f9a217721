/* num.h: numbers as text, and text as numbers. */
#ifndef NUM_H
#define NUM_H

#include <stdbool.h>
#include <stdint.h>

/* The shortest decimal text that reads back to the same double (float), as Python's repr writes it: 1.0, 0.001, 1e-07,
 * nan. */
char *num_text(char buf[32], double v);
char *num_text_float(char buf[32], float v);
/* With so many digits behind the point, or as num_text where that would be no number or a long one. It is rounded as a
 * float first, as Keras' figures are: 524 of 640 is 0.8188. Text and CSV say nan, inf and -inf, JSON null. */
char *num_fixed(char buf[32], double v, int digits);

enum num_read { NUM_OK, NUM_NONE /* it is no number */, NUM_RANGE /* one that the type cannot hold */ };

/* The whole of a text as a decimal number: digits, a sign, for a real also a point and an exponent. Hexadecimal, NaN
 * and infinity are none. */
enum num_read num_read_int(const char *text, int64_t *v);
enum num_read num_read_real(const char *text, double *v);

#endif
