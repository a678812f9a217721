/* zip.h: reads ZIP archives, member by member: stored ones and those packed by deflate.
 *
 * Nothing that an archive says is believed before it is checked: its table of contents is bounded, members that lie
 * over one another, have one name twice or are encrypted are refused, and no more is ever unpacked than a member
 * declares, nor than as much as it takes in the file can hold.
 */
#ifndef ZIP_H
#define ZIP_H

#include "util/err.h"

#include <stddef.h>
#include <stdint.h>

#define ZIP_MEMBERS_MAX 20000

struct zip_member {
	char *name;
	uint64_t size, packed; /* bytes, unpacked and in the file */
	uint64_t at; /* of its header in the file */
	uint32_t crc;
	int method; /* 0 stored, 8 deflate */
};

struct zip {
	char *path;
	int fd;
	uint64_t length; /* of the file */
	size_t n;
	struct zip_member *member; /* [n] in the order of the table of contents */
};

/* Reads the table of contents. -1 with a sentence that names the file, what is wrong and the way out; then there is
 * nothing to close. */
int zip_open(struct zip *z, const char *path, struct err *e);
void zip_close(struct zip *z); /* one of zeros with fd -1 is fine */
const struct zip_member *zip_find(const struct zip *z, const char *name); /* NULL: there is none */

/* A member front to back. */
struct zip_stream;
struct zip_stream *zip_start(const struct zip *z, const struct zip_member *m, struct err *e);
int zip_take(struct zip_stream *s, void *buf, uint64_t n, struct err *e); /* the next n bytes, all of them, else -1 */
/* Closes it (NULL is fine). -1 with a sentence where something follows what was taken, or the sum over it does not
 * agree; with e NULL nothing is checked. */
int zip_end(struct zip_stream *s, struct err *e);

/* A whole member of at most max bytes, with a NUL behind it; the caller's to free. */
uint8_t *zip_read(const struct zip *z, const struct zip_member *m, uint64_t max, struct err *e);

#endif
