/* tensors.c: the safetensors container, read with suspicion. Nothing is allocated on the word of the file: the header's
 * length is held against the file's, the number of values in it is bounded before the JSON parser sees it, and a tensor
 * is read only into a buffer that the caller has sized by its own model.
 */
#include "file/tensors.h"

#include "util/out.h"
#include "util/reach.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define VALUES_MAX 200000 /* in the header: 16,000 tensors */

#define ANOTHER "get the file again, or load another"

static const struct {
	const char *name;
	unsigned bits;
} dtypes[] = {{"F32", 32}, {"F64", 64}, {"F16", 16}, {"BF16", 16}, {"F8_E4M3", 8}, {"F8_E5M2", 8}, {"F8_E8M0", 8},
    {"F8_E4M3FNUZ", 8}, {"F8_E5M2FNUZ", 8}, {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"F4", 4}, {"C64", 64}, {"I64", 64},
    {"I32", 32}, {"I16", 16}, {"I8", 8}, {"U64", 64}, {"U32", 32}, {"U16", 16}, {"U8", 8}, {"BOOL", 8}};

/* Reads exactly n bytes at an offset. */
static int
read_at(struct tensors *t, uint64_t at, void *buf, size_t n, struct err *e)
{
	uint8_t *p = buf;

	if (t->image != NULL) { /* of which only what the size and the header have been checked for is read */
		memcpy(p, t->image + at, n);
		return 0;
	}
	while (n > 0) {
		ssize_t r = pread(t->fd, p, n > 1u << 30 ? 1u << 30 : n, (off_t)at);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return fail(e, "%s cannot be read: %s; check the disk", t->path, strerror(errno));
		if (r == 0)
			return fail(e, "%s is cut off; " ANOTHER, t->path);
		p += r;
		at += (uint64_t)r;
		n -= (size_t)r;
	}
	return 0;
}

/* A whole number of JSON, not negative. */
static bool
number(const json_t *j, uint64_t *out)
{
	if (!json_is_integer(j) || json_integer_value(j) < 0)
		return false;
	*out = (uint64_t)json_integer_value(j);
	return true;
}

static int
parse_entry(struct tensors *t, const char *name, const json_t *j, struct tensor_entry *x, struct err *e)
{
	const char *dtype = json_string_value(json_object_get(j, "dtype"));
	const json_t *shape = json_object_get(j, "shape"), *offsets = json_object_get(j, "data_offsets");
	uint64_t size = 0, d;

	x->name = name;
	for (size_t i = 0; dtype != NULL && i < sizeof dtypes / sizeof *dtypes; i++)
		if (strcmp(dtype, dtypes[i].name) == 0)
			size = dtypes[i].bits;
	if (size == 0)
		return fail(e, "%s: tensor \"%.60s\" has no known dtype; " ANOTHER, t->path, name);
	x->dtype = dtype;
	x->floats = floats_of(dtype);
	if (!json_is_array(shape))
		return fail(e, "%s: tensor \"%.60s\" has no shape; " ANOTHER, t->path, name);
	x->rank = (int)json_array_size(shape);
	for (int i = 0; i < x->rank; i++) {
		if (!number(json_array_get(shape, (size_t)i), &d))
			return fail(e, "%s: tensor \"%.60s\" has a dimension that is no size; " ANOTHER, t->path, name);
		if (i < TENSORS_RANK_MAX)
			x->dim[i] = d;
		if (__builtin_mul_overflow(size, d, &size))
			return fail(e, "%s: tensor \"%.60s\" says that it is larger than any memory; " ANOTHER, t->path,
			    name);
	}
	if (!json_is_array(offsets) || json_array_size(offsets) != 2 || !number(json_array_get(offsets, 0),
	    &x->begin) || !number(json_array_get(offsets, 1), &x->end) || x->end < x->begin)
		return fail(e, "%s: tensor \"%.60s\" has no proper data_offsets; " ANOTHER, t->path, name);
	if (size % 8 != 0)
		return fail(e, "%s: tensor \"%.60s\" ends within a byte; " ANOTHER, t->path, name);
	size /= 8;
	if (x->end - x->begin != size)
		return fail(e, "%s: tensor \"%.60s\" has %" PRIu64 " bytes of data, but its shape asks for "
		    "%" PRIu64 "; " ANOTHER, t->path, name, x->end - x->begin, size);
	return 0;
}

static int
by_offset(const void *a, const void *b)
{
	const struct tensor_entry *x = a, *y = b;

	if (x->begin != y->begin)
		return x->begin < y->begin ? -1 : 1;
	return (x->end > y->end) - (x->end < y->end);
}

static int
parse_header(struct tensors *t, uint64_t data_size, struct err *e)
{
	const char *name;
	json_t *value;
	uint64_t at = 0;
	size_t n = json_object_size(t->header);

	t->entry = xcalloc(n, sizeof *t->entry);
	json_object_foreach(t->header, name, value) {
		if (strcmp(name, "__metadata__") != 0) {
			if (parse_entry(t, name, value, &t->entry[t->n], e) < 0)
				return -1;
			t->n++;
			continue;
		}
		if (!json_is_object(value))
			return fail(e, "%s: its __metadata__ is no object of strings; " ANOTHER, t->path);
		t->metadata = value;
	}
	json_object_foreach(t->metadata, name, value)
		if (!json_is_string(value))
			return fail(e, "%s: its __metadata__ holds something else than strings; " ANOTHER, t->path);
	qsort(t->entry, t->n, sizeof *t->entry, by_offset);
	for (size_t i = 0; i < t->n; i++) {
		const struct tensor_entry *x = &t->entry[i];

		if (x->begin != at)
			return fail(e, "%s: tensor \"%.60s\" %s; " ANOTHER, t->path, x->name,
			    x->begin < at ? "overlaps another" : "leaves a hole before it");
		at = x->end;
	}
	if (at != data_size)
		return fail(e, "%s: its tensors take %" PRIu64 " bytes, but %" PRIu64 " follow the header; " ANOTHER,
		    t->path, at, data_size);
	return 0;
}

static int
read_header(struct tensors *t, struct err *e)
{
	uint8_t head[8];
	uint64_t length = 0;
	json_error_t why;
	bool no_memory;
	char *text;

	if (t->size < 8)
		return fail(e, "%s is too short for a safetensors file; " ANOTHER, t->path);
	if (read_at(t, 0, head, 8, e) < 0)
		return -1;
	for (int i = 0; i < 8; i++)
		length |= (uint64_t)head[i] << (8 * i);
	if (length > TENSORS_HEADER_MAX)
		return fail(e, "%s is no safetensors file: its header would be %" PRIu64 " bytes long, at most %d are "
		    "allowed; load another", t->path, length, TENSORS_HEADER_MAX);
	if (length > t->size - 8)
		return fail(e, "%s is cut off: its header is %" PRIu64 " bytes long, but only %" PRIu64 " follow; "
		    "" ANOTHER, t->path, length, t->size - 8);
	if ((text = malloc(length + 1)) == NULL)
		return fail_memory(e, "%s: not enough memory for its header", t->path);
	if (read_at(t, 8, text, length, e) < 0) {
		free(text);
		return -1;
	}
	if (length < 2 || text[0] != '{') {
		free(text);
		return fail(e, "%s is no safetensors file: its header does not begin with {; load another", t->path);
	}
	if (out_json_values(text, length) > VALUES_MAX) {
		free(text);
		return fail(e, "%s has more than %d values in its header; load a file of one model", t->path,
		    VALUES_MAX);
	}
	t->header = out_json_parse(text, length, &no_memory, &why);
	free(text);
	if (no_memory)
		return fail_memory(e, "%s: not enough memory for its header", t->path);
	if (t->header == NULL)
		return fail(e, "%s has a damaged header (%.100s); " ANOTHER, t->path, why.text);
	t->data = 8 + length;
	return parse_header(t, t->size - t->data, e);
}

struct tensors *
tensors_new(const char *path)
{
	struct tensors *t = xcalloc(1, sizeof *t);

	t->path = xstrdup(path);
	t->fd = -1;
	return t;
}

int
tensors_add(struct tensors *t, const char *name, const char *dtype, int rank, const uint64_t *dim)
{
	struct tensor_entry x = {.name = name, .dtype = dtype, .rank = rank,
	    .floats = floats_of(dtype)};

	x.end = x.floats != FLOATS_NONE ? floats_size(x.floats) : 4; /* of others nobody reads any */
	for (int i = 0; i < rank; i++) {
		if (i < TENSORS_RANK_MAX)
			x.dim[i] = dim[i];
		if (__builtin_mul_overflow(x.end, dim[i], &x.end))
			return -1;
	}
	t->entry = xrealloc(t->entry, t->n + 1, sizeof *t->entry);
	t->entry[t->n++] = x;
	return 0;
}

static struct tensors *
checked(struct tensors *t, struct err *e)
{
	if (read_header(t, e) == 0)
		return t;
	tensors_close(t);
	return NULL;
}

struct tensors *
tensors_open(const char *path, struct err *e)
{
	struct tensors *t = tensors_new(path);
	struct stat st;

	if ((t->fd = reach_open(path, 0)) < 0)
		fail(e, "%s cannot be opened: %s; %s", path, reach_why(errno), reach_way(errno, "check the name"));
	else if (fstat(t->fd, &st) < 0 || !S_ISREG(st.st_mode))
		fail(e, "%s is not a regular file; load another", path);
	else {
		t->size = (uint64_t)st.st_size;
		return checked(t, e);
	}
	tensors_close(t);
	return NULL;
}

struct tensors *
tensors_of(const char *path, const uint8_t *image, size_t n, struct err *e)
{
	struct tensors *t = tensors_new(path);

	t->image = image;
	t->size = n;
	return checked(t, e);
}

void
tensors_close(struct tensors *t)
{
	if (t == NULL)
		return;
	if (t->drop != NULL)
		t->drop(t);
	if (t->fd >= 0)
		close(t->fd);
	json_decref(t->header);
	free(t->entry);
	free(t->path);
	free(t);
}

const struct tensor_entry *
tensors_find(const struct tensors *t, const char *name)
{
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->entry[i].name, name) == 0)
			return &t->entry[i];
	return NULL;
}

bool
tensors_fits(const struct tensor_entry *x, int rank, const int *dim)
{
	if (x->floats == FLOATS_NONE || x->rank != rank)
		return false;
	for (int i = 0; i < rank; i++)
		if (x->dim[i] != (uint64_t)dim[i])
			return false;
	return true;
}

char *
tensors_shape(const struct tensor_entry *x)
{
	char text[32 * (TENSORS_RANK_MAX + 1)], *p = text;

	for (int i = 0; i < x->rank && i < TENSORS_RANK_MAX; i++)
		p += sprintf(p, "%s%" PRIu64, i > 0 ? "x" : "", x->dim[i]);
	if (x->rank > TENSORS_RANK_MAX)
		strcpy(p, "x...");
	if (x->rank == 0)
		strcpy(text, "scalar");
	return xstrdup(text);
}

/* The file's values are little-endian; where the machine's are not, they are turned around. */
void
tensors_host(void *p, size_t n, size_t size)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	uint8_t *b = p;

	for (size_t i = 0; i < n; i++, b += size)
		for (size_t low = 0, high = size - 1; low < high; low++, high--) {
			uint8_t v = b[low];

			b[low] = b[high];
			b[high] = v;
		}
#else
	(void)p;
	(void)n;
	(void)size;
#endif
}

int
tensors_bytes(struct tensors *t, const struct tensor_entry *x, void *out, size_t bytes, struct err *e)
{
	size_t size = x->floats != FLOATS_NONE ? floats_size(x->floats) : sizeof(float);

	if (x->floats == FLOATS_NONE || x->end - x->begin != (uint64_t)bytes)
		return fail(e, "%s: tensor \"%.60s\" does not hold %zu floats; " ANOTHER, t->path, x->name,
		    bytes / size);
	if (x->zeros) {
		memset(out, 0, bytes);
		return 0;
	}
	return t->read != NULL ? t->read(t, x, out, bytes, e) : read_at(t, t->data + x->begin, out, bytes, e);
}

/* Values of another kind, by way of memory of their own. */
static int
convert(struct tensors *t, const struct tensor_entry *x, float *out, size_t count, struct err *e)
{
	size_t size = floats_size(x->floats), large = 0;
	void *bytes = count < SIZE_MAX / 8 ? malloc(count * size + 1) : NULL;
	int rc;

	if (bytes == NULL)
		return fail_memory(e, "%s: not enough memory to read it", t->path);
	if ((rc = tensors_bytes(t, x, bytes, count * size, e)) == 0)
		large = floats_convert(x->floats, bytes, out, count);
	free(bytes);
	if (large > 0)
		return fail(e, "%s: %zu of the %zu values of \"%.60s\" are larger than a float32 can be (3.4e38), as "
		    "which weights are held here; load an earlier file", t->path, large, count, x->name);
	return rc;
}

int
tensors_read(struct tensors *t, const struct tensor_entry *x, float *out, size_t count, struct err *e)
{
	bool own = x->floats == FLOATS_NONE || x->floats == FLOATS_32;
	size_t bad = 0;

	if (own ? tensors_bytes(t, x, out, count * sizeof *out, e) < 0 : convert(t, x, out, count, e) < 0)
		return -1;
	if (own)
		tensors_host(out, count, sizeof *out);
	for (size_t i = 0; i < count; i++)
		bad += !isfinite(out[i]);
	if (bad > 0)
		return fail(e, "%s: %zu of the %zu values of \"%.60s\" are NaN or infinite, as after a run that "
		    "diverged; load an earlier file, or `reset`", t->path, bad, count, x->name);
	t->used |= 1u << x->floats;
	return 0;
}

char *
tensors_converted(const struct tensors *t)
{
	struct str b = {0};

	for (int k = FLOATS_32 + 1; k < FLOATS_COUNT; k++)
		if (t->used & 1u << k)
			str_add(&b, "%s%s", b.n > 0 ? " and " : "", floats_name((enum floats)k));
	return b.s;
}
