/* sha256.h: SHA-256 as hexadecimal text. */
#ifndef SHA256_H
#define SHA256_H

#include <stdbool.h>
#include <stddef.h>

/* Writes 64 lower-case digits and a NUL. */
void sha256_hex(const void *p, size_t n, char out[65]);

/* The same over two pieces one behind the other; "" where stop, asked now and then unless it is NULL, says so. */
void sha256_hex2(const void *p, size_t n, const void *q, size_t m, char out[65], bool (*stop)(void));

#endif
