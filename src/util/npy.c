/* npy.c: arrays of NumPy. The header is a dict as Python writes it, of which the three entries that there are in every
 * file are known and no others.
 */
#include "util/npy.h"

#include "util/xmalloc.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define HEADER_MAX 10000 /* as NumPy itself */

struct header {
	char type[16]; /* "<f4" */
	bool fortran; /* the first dimension is fastest */
	bool has_type, has_order, has_shape;
};

/* ---- the header's text ---- */

static const char *
blanks(const char *p)
{
	while (*p == ' ' || *p == '\n' || *p == '\t')
		p++;
	return p;
}

/* A string in quotes; NULL: it is none that fits. */
static const char *
quoted(const char *p, char *out, size_t size)
{
	const char *end = *p == '\'' || *p == '"' ? strchr(p + 1, *p) : NULL;

	if (end == NULL || (size_t)(end - p) > size)
		return NULL;
	memcpy(out, p + 1, (size_t)(end - p - 1));
	out[end - p - 1] = '\0';
	return end + 1;
}

static const char *
shape(const char *p, struct npy *a)
{
	if (*p++ != '(')
		return NULL;
	a->rank = 0;
	for (p = blanks(p); *p != ')'; p = blanks(p)) {
		char *end;

		if (a->rank == NPY_RANK_MAX || !isdigit((unsigned char)*p))
			return NULL;
		a->dim[a->rank++] = strtoull(p, &end, 10); /* too large: the greatest there is, which no file has */
		p = blanks(end + (*end == 'L')); /* as old versions of Python write it */
		if (*p == ',')
			p++;
		else if (*p != ')')
			return NULL;
	}
	return p + 1;
}

/* One entry; NULL: it is not understood. */
static const char *
entry(const char *p, struct header *h, struct npy *a)
{
	char key[16];

	if ((p = quoted(p, key, sizeof key)) == NULL || *(p = blanks(p)) != ':')
		return NULL;
	p = blanks(p + 1);
	if (strcmp(key, "descr") == 0 && !h->has_type) {
		h->has_type = true;
		return quoted(p, h->type, sizeof h->type);
	}
	if (strcmp(key, "fortran_order") == 0 && !h->has_order) {
		h->has_order = true;
		h->fortran = strncmp(p, "True", 4) == 0;
		return h->fortran ? p + 4 : strncmp(p, "False", 5) == 0 ? p + 5 : NULL;
	}
	if (strcmp(key, "shape") == 0 && !h->has_shape) {
		h->has_shape = true;
		return shape(p, a);
	}
	return NULL;
}

static bool
dict(const char *p, struct header *h, struct npy *a)
{
	p = blanks(p);
	if (*p++ != '{')
		return false;
	for (p = blanks(p); *p != '}'; p = blanks(p)) {
		if ((p = entry(p, h, a)) == NULL)
			return false;
		p = blanks(p);
		if (*p == ',')
			p++;
		else if (*p != '}')
			return false;
	}
	return *blanks(p + 1) == '\0' && h->has_type && h->has_order && h->has_shape;
}

/* ---- the array ---- */

static bool
known_type(const struct header *h, struct npy *a)
{
	a->kind = h->type[0] != '\0' ? h->type[1] : '\0';
	a->size = a->kind != '\0' && isdigit((unsigned char)h->type[2]) && h->type[3] == '\0' ? h->type[2] - '0' : 0;
	if (strchr("<>|=", h->type[0]) == NULL)
		return false;
	switch (a->kind) {
	case 'b': return a->size == 1;
	case 'i':
	case 'u': return a->size == 1 || a->size == 2 || a->size == 4 || a->size == 8;
	case 'f': return a->size == 2 || a->size == 4 || a->size == 8;
	default: return false;
	}
}

/* Reads the header; *rest is what has to follow it. texts: of any type. */
static int
read_header(struct zip_stream *s, const struct zip *z, const struct zip_member *m, bool texts, struct header *h,
    struct npy *a, uint64_t *rest, struct err *e)
{
	uint8_t head[12];
	size_t n, before = 10;
	char text[HEADER_MAX + 1];

	if (m->size >= 10 && zip_take(s, head, 10, e) < 0)
		return -1;
	if (m->size < 10 || memcmp(head, "\x93NUMPY", 6) != 0 || head[6] < 1 || head[6] > 3)
		return fail(e, "%s: %.80s is no array of NumPy; write it with numpy.savez", z->path, m->name);
	n = head[8] | (size_t)head[9] << 8;
	if (head[6] > 1) {
		before = 12;
		if (zip_take(s, head + 10, 2, e) < 0)
			return -1;
		n |= (size_t)head[10] << 16 | (size_t)head[11] << 24;
	}
	if (n > HEADER_MAX || n > m->size - before)
		return fail(e, "%s: %.80s has a header of %zu bytes, which does not fit; get the file again", z->path,
		    m->name, n);
	if (zip_take(s, text, n, e) < 0)
		return -1;
	text[n] = '\0';
	*rest = m->size - before - n;
	if (memchr(text, '\0', n) != NULL || !dict(text, h, a))
		return fail(e, "%s: %.80s is no plain array (its header is not understood); write it with numpy.savez, "
		    "as numbers", z->path, m->name);
	if (strchr(h->type, 'O') != NULL)
		return fail(e, "%s: %.80s holds Python objects, which thaw does not unpickle; write it as numbers",
		    z->path, m->name);
	if (!texts && !known_type(h, a))
		return fail(e, "%s: %.80s holds values of the type \"%s\"; write it as integers or floats", z->path,
		    m->name, h->type);
	return 0;
}

static int
check_size(const struct zip *z, const struct zip_member *m, struct npy *a, uint64_t rest, uint64_t max, struct err *e)
{
	a->count = 1;
	for (int i = 0; i < a->rank; i++)
		if (a->dim[i] != 0 && a->count > UINT64_MAX / 8 / a->dim[i])
			return fail(e, "%s: the shape of %.80s is larger than any file; get the file again", z->path,
			    m->name);
		else
			a->count *= a->dim[i];
	if (a->count * (uint64_t)a->size != rest)
		return fail(e, "%s: the header of %.80s announces %llu bytes, but %llu follow it; get the file again",
		    z->path, m->name, (unsigned long long)a->count * (unsigned)a->size, (unsigned long long)rest);
	if (rest > max)
		return fail(e, "%s: %.80s has %llu bytes, where at most %llu are read; take less of it", z->path,
		    m->name, (unsigned long long)rest, (unsigned long long)max);
	return 0;
}

static void
swap_bytes(struct npy *a)
{
	uint8_t *p = a->data;

	for (uint64_t i = 0; i < a->count; i++, p += a->size)
		for (int lo = 0, hi = a->size - 1; lo < hi; lo++, hi--) {
			uint8_t t = p[lo];

			p[lo] = p[hi];
			p[hi] = t;
		}
}

/* Makes the last dimension the fastest one. */
static int
turn(struct npy *a)
{
	uint64_t stride[NPY_RANK_MAX], at[NPY_RANK_MAX] = {0}, from = 0, step = 1;
	const uint8_t *old = a->data;
	size_t size = (size_t)a->size;
	uint8_t *new = malloc(a->count * size + 1);

	if (new == NULL)
		return -1;
	for (int i = 0; i < a->rank; step *= a->dim[i++])
		stride[i] = step;
	for (uint64_t n = 0; n < a->count; n++) {
		memcpy(new + n * size, old + from * size, size);
		for (int i = a->rank - 1; i >= 0; i--) {
			from += stride[i];
			if (++at[i] < a->dim[i])
				break;
			from -= stride[i] * a->dim[i];
			at[i] = 0;
		}
	}
	free(a->data);
	a->data = new;
	return 0;
}

int
npy_read(const struct zip *z, const struct zip_member *m, uint64_t max, struct npy *out, struct err *e)
{
	struct zip_stream *s = zip_start(z, m, e);
	bool foreign = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
	struct header h = {0};
	uint64_t rest;
	int rc = -1;

	*out = (struct npy){0};
	if (s == NULL)
		return -1;
	if (read_header(s, z, m, false, &h, out, &rest, e) == 0 && check_size(z, m, out, rest, max, e) == 0) {
		if ((out->data = malloc(rest + 1)) == NULL)
			fail_memory(e, "%s: not enough memory for %.80s", z->path, m->name);
		else
			rc = zip_take(s, out->data, rest, e);
	}
	if (zip_end(s, rc == 0 ? e : NULL) < 0)
		rc = -1;
	foreign = h.type[0] == (foreign ? '>' : '<');
	if (rc == 0 && foreign)
		swap_bytes(out);
	if (rc == 0 && h.fortran && out->rank > 1 && turn(out) < 0)
		rc = fail_memory(e, "%s: not enough memory for %.80s", z->path, m->name);
	if (rc < 0) {
		free(out->data);
		*out = (struct npy){0};
	}
	return rc;
}

int
npy_look(const struct zip *z, const struct zip_member *m, struct npy *out, struct err *e)
{
	struct zip_stream *s = zip_start(z, m, e);
	struct header h = {0};
	uint64_t rest;
	int rc;

	*out = (struct npy){0};
	if (s == NULL)
		return -1;
	if ((rc = read_header(s, z, m, false, &h, out, &rest, e)) == 0)
		rc = check_size(z, m, out, rest, UINT64_MAX, e);
	zip_end(s, NULL);
	return rc;
}

/* Code points, up to a zero, as UTF-8. The caller's; NULL: one of them is none. */
static char *
utf8(const uint8_t *p, int n)
{
	char *text = xcalloc((size_t)n * 4 + 1, 1), *to = text;

	for (int i = 0; i < n; i++, p += 4) {
		uint32_t c = p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;

		if (c == 0)
			break;
		if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) {
			free(text);
			return NULL;
		}
		if (c < 0x80)
			*to++ = (char)c;
		else if (c < 0x800)
			*to++ = (char)(0xc0 | c >> 6);
		else if (c < 0x10000)
			*to++ = (char)(0xe0 | c >> 12);
		else
			*to++ = (char)(0xf0 | c >> 18);
		if (c >= 0x10000)
			*to++ = (char)(0x80 | (c >> 12 & 0x3f));
		if (c >= 0x800)
			*to++ = (char)(0x80 | (c >> 6 & 0x3f));
		if (c >= 0x80)
			*to++ = (char)(0x80 | (c & 0x3f));
	}
	return text;
}

int
npy_texts(const struct zip *z, const struct zip_member *m, int most, char ***text, int *n, struct err *e)
{
	struct zip_stream *s = zip_start(z, m, e);
	struct header h = {0};
	struct npy a = {0};
	struct err why = {0};
	uint8_t one[4 * NPY_TEXT_MAX];
	uint64_t rest;
	long chars;
	int rc;

	*n = 0;
	*text = NULL;
	if (s == NULL)
		return -1;
	if (read_header(s, z, m, true, &h, &a, &rest, &why) < 0) {
		zip_end(s, NULL);
		return 1;
	}
	rc = 0;
	chars = strncmp(h.type, "<U", 2) == 0 ? strtol(h.type + 2, NULL, 10) : 0;
	if (chars > 0 && (a.rank != 1 || a.dim[0] < 1 || a.dim[0] > (uint64_t)most || chars > NPY_TEXT_MAX ||
	    a.dim[0] * (uint64_t)chars * 4 != rest))
		rc = fail(e, "%s: %.80s is no list of 1 to %d texts of at most %d characters; write it so", z->path,
		    m->name, most, NPY_TEXT_MAX);
	for (uint64_t i = 0; i < a.dim[0] && rc == 0 && chars > 0; i++) {
		if ((rc = zip_take(s, one, (size_t)chars * 4, e)) < 0)
			break;
		*text = xrealloc(*text, (size_t)*n + 1, sizeof **text);
		if (((*text)[*n] = utf8(one, (int)chars)) == NULL)
			rc = fail(e, "%s: %.80s holds no text at %d; write it again", z->path, m->name, *n);
		else
			++*n;
	}
	if (zip_end(s, rc == 0 && chars > 0 ? e : NULL) < 0)
		rc = -1;
	for (int i = 0; i < *n && rc < 0; i++)
		free((*text)[i]);
	if (rc < 0) {
		free(*text);
		*text = NULL;
		*n = 0;
	}
	return rc;
}

size_t
npy_header(char buf[256], int rank, const int *dim)
{
	char text[160];
	int n = snprintf(text, sizeof text, "{'descr': '<f4', 'fortran_order': False, 'shape': (");
	size_t length;

	for (int i = 0; i < rank; i++)
		n += snprintf(text + n, sizeof text - (size_t)n, "%s%d", i > 0 ? ", " : "", dim[i]);
	n += snprintf(text + n, sizeof text - (size_t)n, "%s), }", rank == 1 ? "," : "");
	length = ((size_t)n + 11 + 63) / 64 * 64;
	memset(buf, ' ', length);
	memcpy(buf, "\x93NUMPY\1", 8); /* and the 0 behind it */
	buf[8] = (char)((length - 10) & 255);
	buf[9] = (char)((length - 10) >> 8);
	memcpy(buf + 10, text, (size_t)n);
	buf[length - 1] = '\n';
	return length;
}

int64_t
npy_int(const struct npy *a, uint64_t i)
{
	const uint8_t *p = (const uint8_t *)a->data + i * (uint64_t)a->size;
	bool is_signed = a->kind == 'i';
	uint16_t u2;
	uint32_t u4;
	uint64_t u8;

	switch (a->size) {
	case 1:
		return is_signed ? (int8_t)*p : *p;
	case 2:
		memcpy(&u2, p, sizeof u2);
		return is_signed ? (int16_t)u2 : u2;
	case 4:
		memcpy(&u4, p, sizeof u4);
		return is_signed ? (int32_t)u4 : (int64_t)u4;
	default:
		memcpy(&u8, p, sizeof u8);
		return (int64_t)u8;
	}
}
