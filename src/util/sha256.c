/* sha256.c: SHA-256 through libmd; the only file that includes it. */
#include "util/sha256.h"

#include <sha2.h>
#include <stdint.h>

#define PIECE ((size_t)1 << 24) /* bytes between two looks at stop */

void
sha256_hex(const void *p, size_t n, char out[65])
{
	sha256_hex2(NULL, 0, p, n, out, NULL);
}

void
sha256_hex2(const void *p, size_t n, const void *q, size_t m, char out[65], bool (*stop)(void))
{
	static const char hex[] = "0123456789abcdef";
	uint8_t digest[SHA256_DIGEST_LENGTH];
	SHA2_CTX ctx;

	SHA256Init(&ctx);
	if (n > 0)
		SHA256Update(&ctx, p, n);
	for (size_t at = 0; at < m; at += PIECE) {
		if (stop != NULL && stop()) {
			out[0] = '\0';
			return;
		}
		SHA256Update(&ctx, (const uint8_t *)q + at, m - at < PIECE ? m - at : PIECE);
	}
	SHA256Final(digest, &ctx);
	for (int i = 0; i < SHA256_DIGEST_LENGTH; i++) {
		out[2 * i] = hex[digest[i] >> 4];
		out[2 * i + 1] = hex[digest[i] & 15];
	}
	out[64] = '\0';
}
