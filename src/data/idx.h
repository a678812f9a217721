/* idx.h: IDX files (big-endian header: 0 0 type rank, then the sizes), plain or packed by gzip. */
#ifndef IDX_H
#define IDX_H

#include "util/err.h"

#include <stddef.h>
#include <stdint.h>

#define IDX_RANK_MAX 4
#define IDX_WORDS 0x0b /* the type of words of two bytes, big-endian; that of bytes is 0x08 */
#define IDX_BYTES_MAX ((uint64_t)1 << 31) /* of values in one file */

struct idx {
	int rank;
	uint32_t dim[IDX_RANK_MAX]; /* each at least 1 */
	size_t size; /* their product */
	uint8_t *bytes; /* [size], from malloc, the caller's to free */
};

/* Reads a file of unsigned bytes with min..max dimensions; its first bytes tell whether it is packed, and
 * a name in .gz that they belie is refused.
 * The header is checked against the size of the file before anything is allocated, and no more is ever unpacked than
 * the header says. Returns -1 with a sentence that names the file, what is wrong and the way out; then nothing is
 * allocated. */
int idx_read(const char *path, int min_rank, int max_rank, struct idx *out, struct err *e);

/* The bytes of the file's header, as unpacked: 4 + 4 * rank of them. Returns their number. */
size_t idx_header(const struct idx *x, uint8_t out[4 + 4 * IDX_RANK_MAX]);

#endif
