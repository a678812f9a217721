/* idx.c: IDX files, plain or packed by gzip. A file is a claim: its header says how much follows. The claim is checked
 * against the size of the file (deflate packs at most 1032 to 1), then the buffer is allocated, and exactly as much is
 * read.
 */
#include "data/idx.h"

#include "util/reach.h"
#include "util/signals.h"
#include "util/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>
#include <zlib.h>

#define PACK_MAX 1032 /* deflate cannot pack tighter than this */

/* A file read front to back, unpacked on the way where it is gzip. */
struct source {
	const char *path;
	int fd;
	uint64_t length; /* of the file */
	bool gzip, ended; /* ended: the last gzip member is complete, and nothing but padding follows */
	bool again; /* a member is complete: another one may follow */
	z_stream z;
	uint8_t in[65536];
};

static int
again(struct source *s, struct err *e, const char *wrong)
{
	return fail(e, "%s %s; get the file again", s->path, wrong);
}

/* Reads more of the file into the buffer; 0 at its end. */
static int
source_fill(struct source *s, struct err *e)
{
	ssize_t n;

	do
		n = read(s->fd, s->in, sizeof s->in);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return fail(e, "%s cannot be read: %s; check the disk and the file's permissions", s->path,
		    strerror(errno));
	s->z.next_in = s->in;
	s->z.avail_in = (uInt)n;
	return n > 0;
}

static int
source_open(struct source *s, const char *path, struct err *e)
{
	struct stat st;
	int more;

	s->path = path;
	s->gzip = s->ended = s->again = false;
	memset(&s->z, 0, sizeof s->z);
	s->fd = reach_open(path, 0);
	if (s->fd < 0)
		return fail(e, "%s cannot be opened: %s; %s", path, reach_why(errno), reach_way(errno,
		    "check the name, or choose another folder with `data DIR`"));
	if (fstat(s->fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(s->fd);
		return fail(e, "%s is not a regular file; put the IDX file there, or choose another folder with `data "
		    "DIR`", path);
	}
	s->length = (uint64_t)st.st_size;
	more = source_fill(s, e);
	if (more == 0)
		again(s, e, "is empty");
	if (more <= 0) {
		close(s->fd);
		return -1;
	}
	if (s->z.avail_in >= 2 && s->in[0] == 0x1f && s->in[1] == 0x8b) {
		s->gzip = true;
		if (inflateInit2(&s->z, 15 + 16) != Z_OK) {
			close(s->fd);
			return fail_memory(e, "%s cannot be unpacked: not enough memory", path);
		}
	} else if (text_ends(path, ".gz")) {
		close(s->fd);
		return fail(e, "%s is not packed by gzip; get the file again, or take .gz off its name if it is plain "
		    "IDX", path);
	}
	return 0;
}

static void
source_close(struct source *s)
{
	if (s->gzip)
		inflateEnd(&s->z);
	close(s->fd);
}

static int
behind_gzip(struct source *s, struct err *e)
{
	return fail(e, "%s has bytes behind its gzip data that belong to no gzip; get the file again, or unpack it: "
	    "`gzip -dc` leaves them out", s->path);
}

/* Behind a member, zeros are padding, as gzip itself and Python have it. */
static int
next_member(struct source *s, struct err *e)
{
	int more = 1;

	do {
		for (; s->z.avail_in > 0 && *s->z.next_in == 0; s->z.avail_in--)
			s->z.next_in++;
	} while (s->z.avail_in == 0 && (more = source_fill(s, e)) > 0);
	if (more <= 0) {
		s->ended = true;
		return more;
	}
	s->again = true;
	if (*s->z.next_in != 0x1f)
		return behind_gzip(s, e);
	return inflateReset(&s->z) == Z_OK ? 0 : again(s, e, "has damaged gzip data");
}

/* Up to n bytes; fewer only at the end of the data. -1 with a sentence. */
static int64_t
source_read(struct source *s, uint8_t *buf, uint64_t n, struct err *e)
{
	uint64_t got = 0;
	int more, r;

	while (got < n && !s->ended) {
		uInt want = n - got > 1u << 30 ? 1u << 30 : (uInt)(n - got);

		if (signals_ending())
			return fail(e, "reading %s was interrupted; nothing of it is used", s->path);
		if (s->z.avail_in == 0) {
			if ((more = source_fill(s, e)) < 0)
				return -1;
			if (more == 0 && s->gzip && s->again && s->z.total_in < 18) /* less than any member has */
				return behind_gzip(s, e);
			if (more == 0 && s->gzip)
				return again(s, e, "is cut off in the middle of its gzip data");
			if (more == 0)
				break;
		}
		if (!s->gzip) {
			want = want < s->z.avail_in ? want : s->z.avail_in;
			memcpy(buf + got, s->z.next_in, want);
			s->z.next_in += want;
			s->z.avail_in -= want;
			got += want;
			continue;
		}
		s->z.next_out = buf + got;
		s->z.avail_out = want;
		r = inflate(&s->z, Z_NO_FLUSH);
		got += want - s->z.avail_out;
		if (r == Z_STREAM_END) { /* gzip files may be put one behind the other */
			if (next_member(s, e) < 0)
				return -1;
		} else if (r == Z_MEM_ERROR)
			return fail_memory(e, "%s cannot be unpacked: not enough memory", s->path);
		else if (r == Z_DATA_ERROR && s->again && s->z.total_in <= 4)
			return behind_gzip(s, e);
		else if (r != Z_OK && r != Z_BUF_ERROR)
			return fail(e, "%s has damaged gzip data (%s); get the file again", s->path,
			    s->z.msg != NULL ? s->z.msg : "a preset dictionary");
	}
	return (int64_t)got;
}

static const char *
type_name(uint8_t type)
{
	switch (type) {
	case 0x09: return "signed bytes";
	case 0x0b: return "16-bit integers";
	case 0x0c: return "32-bit integers";
	case 0x0d: return "floats";
	case 0x0e: return "doubles";
	default: return NULL;
	}
}

/* The header, checked; fills rank, dim and size. */
static int
read_header(struct source *s, int min_rank, int max_rank, struct idx *out, struct err *e)
{
	uint8_t h[4 * IDX_RANK_MAX];
	uint64_t size = 1, room;
	int64_t n;

	if ((n = source_read(s, h, 4, e)) < 0)
		return -1;
	if (n < 4)
		return again(s, e, "is too short for an IDX file");
	if (h[0] != 0 || h[1] != 0)
		return fail(e, "%s is neither IDX nor gzip (it begins with the bytes %02x %02x %02x %02x); get the IDX "
		    "file, packed by gzip or not", s->path, h[0], h[1], h[2], h[3]);
	if (h[2] != 0x08) {
		if (type_name(h[2]) == NULL)
			return fail(e, "%s is not an IDX file (type byte %02x); get the IDX file, packed by gzip or "
			    "not", s->path, h[2]);
		return fail(e, "%s holds %s; convert it to unsigned bytes (IDX type 08)", s->path, type_name(h[2]));
	}
	if (h[3] < min_rank || h[3] > max_rank) {
		if (h[3] == 1 || max_rank == 1)
			return fail(e, "%s holds %s where %s belong (%d dimensions); check that the files are not "
			    "mixed up", s->path, h[3] == 1 ? "labels" : "something else",
			    max_rank == 1 ? "labels" : "images", h[3]);
		return fail(e, "%s has %d dimensions where images have 3, or 4 with channels; convert it", s->path,
		    h[3]);
	}
	out->rank = h[3];
	if ((n = source_read(s, h, 4 * (uint64_t)out->rank, e)) < 0)
		return -1;
	if (n < 4 * out->rank)
		return again(s, e, "is cut off in its IDX header");
	for (int i = 0; i < out->rank; i++) {
		uint32_t d = (uint32_t)h[4 * i] << 24 | (uint32_t)h[4 * i + 1] << 16 | (uint32_t)h[4 * i + 2] << 8 |
		    h[4 * i + 3];

		if (d == 0)
			return again(s, e, "says in its IDX header that it holds nothing");
		out->dim[i] = d;
		if (size > IDX_BYTES_MAX / d)
			return fail(e, "%s says in its IDX header that it holds more than %" PRIu64 " bytes; take "
			    "fewer or smaller images", s->path, IDX_BYTES_MAX);
		size *= d;
	}
	room = s->gzip ? (s->length < IDX_BYTES_MAX ? s->length * PACK_MAX : UINT64_MAX) : s->length - 4 - 4 *
	    (uint64_t)out->rank;
	if (s->gzip ? size > room : size != room)
		return fail(e, "%s says in its IDX header that %" PRIu64 " bytes follow, but %s %" PRIu64 "; get the "
		    "file again", s->path, size, s->gzip ? "its length can give at most" : "there are", room);
	out->size = (size_t)size;
	return 0;
}

int
idx_read(const char *path, int min_rank, int max_rank, struct idx *out, struct err *e)
{
	struct source *s;
	uint8_t extra;
	int64_t n, more;
	int ret = -1;

	memset(out, 0, sizeof *out);
	if ((s = malloc(sizeof *s)) == NULL)
		return fail_memory(e, "%s cannot be read: not enough memory", path);
	if (source_open(s, path, e) < 0) {
		free(s);
		return -1;
	}
	if (read_header(s, min_rank, max_rank, out, e) < 0)
		goto done;
	if ((out->bytes = malloc(out->size)) == NULL) {
		fail_memory(e, "%s needs %zu bytes, more than there is memory", path, out->size);
		goto done;
	}
	if ((n = source_read(s, out->bytes, out->size, e)) < 0)
		goto done;
	if ((size_t)n < out->size) {
		fail(e, "%s is cut off: %" PRId64 " of the %zu bytes that its IDX header announces; get the file again",
		    path, n, out->size);
		goto done;
	}
	/* Also makes zlib check the sum that stands behind the data. */
	if ((more = source_read(s, &extra, 1, e)) < 0)
		goto done;
	if (more > 0) {
		fail(e, "%s goes on behind the %zu bytes that its IDX header announces; get the file again", path,
		    out->size);
		goto done;
	}
	ret = 0;
done:
	source_close(s);
	free(s);
	if (ret < 0) {
		free(out->bytes);
		memset(out, 0, sizeof *out);
	}
	return ret;
}

size_t
idx_header(const struct idx *x, uint8_t out[4 + 4 * IDX_RANK_MAX])
{
	out[0] = out[1] = 0;
	out[2] = 0x08;
	out[3] = (uint8_t)x->rank;
	for (int i = 0; i < x->rank; i++)
		for (int b = 0; b < 4; b++)
			out[4 + 4 * i + b] = (uint8_t)(x->dim[i] >> (24 - 8 * b));
	return 4 + 4 * (size_t)x->rank;
}
