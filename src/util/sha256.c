/* sha256.c: SHA-256 through libmd; the only file that includes it. */
#include "util/sha256.h"

#include <sha2.h>
#include <stdint.h>

void
sha256_hex(const void *p, size_t n, char out[65])
{
	sha256_hex2(p, n, NULL, 0, out);
}

void
sha256_hex2(const void *p, size_t n, const void *q, size_t m, char out[65])
{
	static const char hex[] = "0123456789abcdef";
	uint8_t digest[SHA256_DIGEST_LENGTH];
	SHA2_CTX ctx;

	SHA256Init(&ctx);
	if (n > 0)
		SHA256Update(&ctx, p, n);
	if (m > 0)
		SHA256Update(&ctx, q, m);
	SHA256Final(digest, &ctx);
	for (int i = 0; i < SHA256_DIGEST_LENGTH; i++) {
		out[2 * i] = hex[digest[i] >> 4];
		out[2 * i + 1] = hex[digest[i] & 15];
	}
	out[64] = '\0';
}
