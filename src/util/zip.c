/* zip.c: ZIP archives. The table of contents at the end counts; the header before each member has to agree with it. */
#include "util/zip.h"

#include "util/reach.h"
#include "util/signals.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>
#include <zlib.h>

enum {
	END = 22, COMMENT_MAX = 65535, /* the record at the end, and the comment behind it */
	ENTRY = 46, LOCAL = 30, /* an entry of the table of contents, and the header of a member, without names */
	TABLE_MAX = 8 << 20, /* bytes of the table of contents */
	PACK_MAX = 1032, /* deflate cannot pack tighter than this */
	ENCRYPTED = 1, /* a flag */
};

static uint32_t
get16(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8;
}

static uint32_t
get32(const uint8_t *p)
{
	return get16(p) | get16(p + 2) << 16;
}

static int
damaged(const struct zip *z, struct err *e, const char *what)
{
	return fail(e, "%s %s; get the file again", z->path, what);
}

static int
read_at(const struct zip *z, void *buf, size_t n, uint64_t at, struct err *e)
{
	for (size_t got = 0; got < n;) {
		ssize_t more = pread(z->fd, (char *)buf + got, n - got, (off_t)(at + got));

		if (more < 0 && errno == EINTR)
			continue;
		if (more < 0)
			return fail(e, "%s cannot be read: %s; check the disk and the file's permissions", z->path,
			    strerror(errno));
		if (more == 0)
			return damaged(z, e, "has been cut off while it was read");
		got += (size_t)more;
	}
	return 0;
}

/* ---- the table of contents ---- */

/* Where the table is, how long, and of how many members. */
struct table {
	uint64_t at;
	uint32_t length, count;
};

static int
find_table(const struct zip *z, struct table *t, struct err *e)
{
	size_t n = z->length < END + COMMENT_MAX ? (size_t)z->length : END + COMMENT_MAX;
	uint8_t *tail = xmalloc(n + 1), *p = NULL;
	int ret = -1;

	if (read_at(z, tail, n, z->length - n, e) < 0) {
		free(tail);
		return -1;
	}
	for (size_t i = n >= END ? n - END + 1 : 0; i-- > 0 && p == NULL;)
		if (get32(tail + i) == 0x06054b50 && i + END + get16(tail + i + 20) == n)
			p = tail + i;
	if (p != NULL)
		*t = (struct table){get32(p + 16), get32(p + 12), get16(p + 10)};
	if (p == NULL)
		damaged(z, e, "is no ZIP archive, or is cut off");
	else if (get16(p + 4) != 0 || get16(p + 6) != 0 || get16(p + 8) != get16(p + 10))
		fail(e, "%s is one part of an archive in several; put them together first", z->path);
	else if (t->count > ZIP_MEMBERS_MAX || t->length > TABLE_MAX)
		fail(e, "%s lists %u members in %u bytes, more than thaw reads (%d): pack fewer", z->path, t->count,
		    t->length, ZIP_MEMBERS_MAX);
	else if (t->at + t->length > z->length - END || (uint64_t)t->count * ENTRY > t->length)
		damaged(z, e, "has a damaged table of contents");
	else
		ret = 0;
	free(tail);
	return ret;
}

static int
check_member(const struct zip *z, const struct zip_member *m, uint32_t flags, struct err *e)
{
	if (flags & ENCRYPTED)
		return fail(e, "%s: %.80s is encrypted; pack it without a password", z->path, m->name);
	if (m->size == UINT32_MAX || m->packed == UINT32_MAX || m->at == UINT32_MAX)
		return fail(e, "%s: %.80s has 4 GiB or more, which thaw does not read; take less of it", z->path,
		    m->name);
	if (m->method != 0 && m->method != 8)
		return fail(e, "%s: %.80s is packed by method %d, where thaw knows deflate and none; pack it again",
		    z->path, m->name, m->method);
	if (m->at + LOCAL + m->packed > z->length || (m->method == 0 && m->size != m->packed))
		return fail(e, "%s: %.80s does not fit into the archive; get the file again", z->path, m->name);
	if (m->size / PACK_MAX > m->packed)
		return fail(e, "%s: %.80s declares %llu bytes, which cannot be in the %llu that it takes; get the file "
		    "again", z->path, m->name, (unsigned long long)m->size, (unsigned long long)m->packed);
	return 0;
}

static int
read_entries(struct zip *z, const struct table *t, const uint8_t *p, struct err *e)
{
	const uint8_t *end = p + t->length;

	z->member = xcalloc(t->count + 1, sizeof *z->member);
	for (; z->n < t->count; z->n++) {
		struct zip_member *m = &z->member[z->n];
		size_t name;

		if (end - p < ENTRY || get32(p) != 0x02014b50 ||
		    (size_t)(end - p) < ENTRY + (name = get16(p + 28)) + get16(p + 30) + get16(p + 32) ||
		    memchr(p + ENTRY, '\0', name) != NULL)
			return damaged(z, e, "has a damaged table of contents");
		*m = (struct zip_member){.name = xstrndup((const char *)p + ENTRY, name), .method = (int)get16(p + 10),
		    .crc = get32(p + 16), .packed = get32(p + 20), .size = get32(p + 24), .at = get32(p + 42)};
		if (check_member(z, m, get16(p + 8), e) < 0) {
			free(m->name);
			return -1;
		}
		p += ENTRY + name + get16(p + 30) + get16(p + 32);
	}
	return 0;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp((*(struct zip_member *const *)a)->name, (*(struct zip_member *const *)b)->name);
}

static int
by_place(const void *a, const void *b)
{
	uint64_t x = (*(struct zip_member *const *)a)->at, y = (*(struct zip_member *const *)b)->at;

	return x < y ? -1 : x > y;
}

/* No name twice, and no byte in two members. */
static int
check_apart(const struct zip *z, struct err *e)
{
	struct zip_member **m = xcalloc(z->n + 1, sizeof *m);
	int ret = 0;

	for (size_t i = 0; i < z->n; i++)
		m[i] = &z->member[i];
	qsort(m, z->n, sizeof *m, by_name);
	for (size_t i = 1; i < z->n && ret == 0; i++)
		if (strcmp(m[i - 1]->name, m[i]->name) == 0)
			ret = fail(e, "%s has two members %.80s; get the file again", z->path, m[i]->name);
	qsort(m, z->n, sizeof *m, by_place);
	for (size_t i = 1; i < z->n && ret == 0; i++)
		if (m[i - 1]->at + LOCAL + strlen(m[i - 1]->name) + m[i - 1]->packed > m[i]->at)
			ret = fail(e, "%s: %.80s and %.80s lie over each other; get the file again", z->path,
			    m[i - 1]->name, m[i]->name);
	free(m);
	return ret;
}

static int
open_file(struct zip *z, struct err *e)
{
	struct stat st;

	z->fd = reach_open(z->path, 0);
	if (z->fd < 0)
		return fail(e, "%s cannot be opened: %s; %s", z->path, reach_why(errno), reach_way(errno, "check it"));
	if (fstat(z->fd, &st) < 0 || !S_ISREG(st.st_mode))
		return fail(e, "%s is not a regular file; put the archive there", z->path);
	z->length = (uint64_t)st.st_size;
	return 0;
}

int
zip_open(struct zip *z, const char *path, struct err *e)
{
	struct table t;
	uint8_t *table = NULL;
	int ret = -1;

	*z = (struct zip){.path = xstrdup(path), .fd = -1};
	if (open_file(z, e) == 0 && find_table(z, &t, e) == 0) {
		if ((table = malloc(t.length + 1)) == NULL)
			fail_memory(e, "%s cannot be read: not enough memory", path);
		else if (read_at(z, table, t.length, t.at, e) == 0 && read_entries(z, &t, table, e) == 0)
			ret = check_apart(z, e);
	}
	free(table);
	if (ret < 0)
		zip_close(z);
	return ret;
}

void
zip_close(struct zip *z)
{
	for (size_t i = 0; i < z->n; i++)
		free(z->member[i].name);
	free(z->member);
	free(z->path);
	if (z->fd >= 0)
		close(z->fd);
	*z = (struct zip){.fd = -1};
}

const struct zip_member *
zip_find(const struct zip *z, const char *name)
{
	for (size_t i = 0; i < z->n; i++)
		if (strcmp(z->member[i].name, name) == 0)
			return &z->member[i];
	return NULL;
}

/* ---- a member ---- */

struct zip_stream {
	const struct zip *zip;
	const struct zip_member *m;
	uint64_t at, left; /* where the next packed bytes are, and how many */
	uint64_t taken; /* unpacked */
	uLong crc;
	bool ended; /* deflate has said that nothing follows */
	z_stream z;
	uint8_t in[65536];
};

static int
bad(const struct zip_stream *s, struct err *e, const char *what)
{
	return fail(e, "%s: %.80s %s; get the file again", s->zip->path, s->m->name, what);
}

struct zip_stream *
zip_start(const struct zip *z, const struct zip_member *m, struct err *e)
{
	struct zip_stream *s = xcalloc(1, sizeof *s);
	uint8_t head[LOCAL];
	size_t name = strlen(m->name);
	int rc;

	s->zip = z;
	s->m = m;
	s->crc = crc32(0, NULL, 0);
	if ((rc = read_at(z, head, LOCAL, m->at, e)) == 0) {
		s->at = m->at + LOCAL + get16(head + 26) + get16(head + 28);
		s->left = m->packed;
		if (get32(head) != 0x04034b50 || (int)get16(head + 8) != m->method || get16(head + 26) != name ||
		    s->at + s->left > z->length)
			rc = bad(s, e, "is not what the table of contents says");
	}
	if (rc == 0 && (rc = read_at(z, s->in, name, m->at + LOCAL, e)) == 0 && memcmp(s->in, m->name, name) != 0)
		rc = bad(s, e, "has another name in its own header");
	if (rc == 0 && m->method == 8 && inflateInit2(&s->z, -15) != Z_OK)
		rc = fail_memory(e, "%s cannot be unpacked: not enough memory", z->path);
	if (rc == 0)
		return s;
	free(s);
	return NULL;
}

static int
stream_fill(struct zip_stream *s, struct err *e)
{
	size_t n = s->left < sizeof s->in ? (size_t)s->left : sizeof s->in;

	if (signals_ending())
		return fail(e, "reading %s was interrupted; nothing of it is used", s->zip->path);
	if (read_at(s->zip, s->in, n, s->at, e) < 0)
		return -1;
	s->at += n;
	s->left -= n;
	s->z.next_in = s->in;
	s->z.avail_in = (uInt)n;
	return 0;
}

/* Up to n bytes, at least one of them unless deflate has ended. -1 with a sentence. */
static int64_t
stream_some(struct zip_stream *s, uint8_t *buf, uint64_t n, struct err *e)
{
	uInt want = n > 1u << 30 ? 1u << 30 : (uInt)n;
	int r = Z_OK;

	s->z.next_out = buf;
	s->z.avail_out = want;
	while (s->z.avail_out == want && r == Z_OK) {
		if (s->z.avail_in == 0 && s->left > 0 && stream_fill(s, e) < 0)
			return -1;
		if (s->m->method == 0) {
			uInt k = want < s->z.avail_in ? want : s->z.avail_in;

			if (k == 0)
				return bad(s, e, "ends too early");
			memcpy(buf, s->z.next_in, k);
			s->z.next_in += k;
			s->z.avail_in -= k;
			s->z.avail_out -= k;
		} else if ((r = inflate(&s->z, Z_NO_FLUSH)) == Z_BUF_ERROR) /* it wants more, and has had all */
			return bad(s, e, "ends too early");
	}
	if (r == Z_MEM_ERROR)
		return fail_memory(e, "%s cannot be unpacked: not enough memory", s->zip->path);
	if (r != Z_OK && r != Z_STREAM_END)
		return bad(s, e, "is damaged");
	s->ended = r == Z_STREAM_END;
	return want - s->z.avail_out;
}

int
zip_take(struct zip_stream *s, void *buf, uint64_t n, struct err *e)
{
	uint8_t *p = buf;

	if (n > s->m->size - s->taken)
		return bad(s, e, "ends too early");
	while (n > 0) {
		int64_t got = s->ended ? 0 : stream_some(s, p, n, e);

		if (got < 0)
			return -1;
		if (got == 0)
			return bad(s, e, "unpacks to less than it declares");
		s->crc = crc32_z(s->crc, p, (z_size_t)got);
		s->taken += (uint64_t)got;
		p += got;
		n -= (uint64_t)got;
	}
	return 0;
}

int
zip_end(struct zip_stream *s, struct err *e)
{
	uint8_t more;
	int ret = 0;

	if (s == NULL)
		return 0;
	if (e != NULL && s->taken < s->m->size)
		ret = bad(s, e, "is longer than what it holds");
	else if (e != NULL && s->m->method == 8 && !s->ended) {
		int64_t got = stream_some(s, &more, 1, e);

		ret = got < 0 ? -1 : got > 0 ? bad(s, e, "unpacks to more than it declares") : 0;
	}
	if (ret == 0 && e != NULL && s->crc != s->m->crc)
		ret = bad(s, e, "does not agree with its checksum");
	if (s->m->method == 8)
		inflateEnd(&s->z);
	free(s);
	return ret;
}

uint8_t *
zip_read(const struct zip *z, const struct zip_member *m, uint64_t max, struct err *e)
{
	struct zip_stream *s;
	uint8_t *p;
	int rc;

	if (m->size > max) {
		fail(e, "%s: %.80s has %llu bytes, where at most %llu are read; get the file again", z->path, m->name,
		    (unsigned long long)m->size, (unsigned long long)max);
		return NULL;
	}
	if ((s = zip_start(z, m, e)) == NULL)
		return NULL;
	if ((p = malloc(m->size + 1)) == NULL)
		rc = fail_memory(e, "%s: not enough memory for %.80s", z->path, m->name);
	else if ((rc = zip_take(s, p, m->size, e)) == 0)
		p[m->size] = '\0';
	if (zip_end(s, rc == 0 ? e : NULL) == 0 && rc == 0)
		return p;
	free(p);
	return NULL;
}
