/* onnx_tensor.c: tensors and attributes in a file of ONNX. A tensor is held against its dims before anybody reads it.
 */
#include "file/onnx.h"
#include "file/onnx_read.h"
#include "util/num.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

/* ---- tensors ---- */

const char *
onnx_type_name(uint64_t type)
{
	static const char *const names[] = {"no type", "F32", "U8", "I8", "U16", "I16", "I32", "I64", "text", "BOOL",
	    "F16", "F64", "U32", "U64", "C64", "C128", "BF16"};

	return type < sizeof names / sizeof *names ? names[type] : "another type";
}

static bool
dims_add(struct onnx_constant *c, struct pb_field *v)
{
	uint64_t d;

	if (v->wire == PB_VARINT) {
		if (c->rank == ONNX_RANK_MAX)
			return false;
		c->dim[c->rank++] = v->value;
		return true;
	}
	while (pb_varint(&v->in, &d)) {
		if (c->rank == ONNX_RANK_MAX)
			return false;
		c->dim[c->rank++] = d;
	}
	return !v->in.bad;
}

/* How many values the dims ask for; false: more than any memory has. */
static bool
count_values(struct onnx_constant *c)
{
	c->count = 1;
	for (int i = 0; i < c->rank; i++)
		if (__builtin_mul_overflow(c->count, c->dim[i], &c->count) || c->count > INT64_MAX / 8)
			return false;
	return true;
}

void *
onnx_own(struct onnx_file *f, size_t n)
{
	void *p = calloc(n + 1, 1);

	if (p == NULL)
		return NULL;
	f->own = xrealloc(f->own, f->nown + 1, sizeof *f->own);
	return f->own[f->nown++] = p;
}

/* float16 and bfloat16 may stand as whole numbers, whose lower two bytes they are. */
static int
shorts_read(struct onnx_file *f, struct onnx_constant *c, struct pb numbers, struct err *e)
{
	uint8_t *p = NULL;
	uint64_t n = 0, v;

	if (c->count <= pb_left(&numbers) && (p = onnx_own(f, (size_t)c->count * 2)) == NULL)
		return fail_memory(e, "%s: not enough memory to read it", f->path);
	for (; p != NULL && n < c->count && pb_varint(&numbers, &v); n++) {
		p[2 * n] = (uint8_t)v;
		p[2 * n + 1] = (uint8_t)(v >> 8);
	}
	c->values = (struct pb){p, p != NULL ? p + 2 * n : NULL, false};
	if (p != NULL && pb_left(&numbers) > 0)
		c->values.end = p; /* there are more than the dims say */
	return 0;
}

int
onnx_tensor_read(struct onnx_file *f, struct pb m, struct onnx_constant *c, struct err *e)
{
	struct pb_field v;
	struct pb shorts = {0};
	bool raw = false, lists = false, apart = false, elsewhere = false, dims = true;
	char *name;
	int rc = 0;

	*c = (struct onnx_constant){0};
	while (pb_next(&m, &v)) {
		if (v.number == TENSOR_DIMS)
			dims = dims_add(c, &v) && dims;
		else if (v.number == TENSOR_TYPE)
			c->type = v.value;
		else if (v.number == TENSOR_NAME)
			c->name = v.in;
		else if (v.number == TENSOR_EXTERNAL || (v.number == TENSOR_LOCATION && v.value != 0))
			elsewhere = true;
		else if (v.number == TENSOR_RAW || v.number == TENSOR_FLOATS || v.number == TENSOR_INT64S ||
		    v.number == TENSOR_DOUBLES) {
			lists |= raw || v.wire != PB_BYTES; /* in pieces */
			raw = true;
			c->values = v.in;
			c->packed = v.number == TENSOR_INT64S;
		} else if (v.number == TENSOR_INT32S) {
			apart |= shorts.p != NULL || v.wire != PB_BYTES;
			shorts = v.in;
		} else if (v.number == TENSOR_SEGMENT)
			lists = true;
	}
	c->floats = floats_of(onnx_type_name(c->type));
	if (floats_size(c->floats) == 2 && !raw)
		lists |= apart;
	else {
		if (c->type == ONNX_INT32 && !raw && !apart) {
			c->values = shorts;
			c->packed = true;
		}
		shorts = (struct pb){0};
	}
	name = pb_text(&c->name);
	if (m.bad)
		rc = fail(e, "%s: its tensor \"%.60s\" is damaged; " ONNX_ANOTHER, f->path, name);
	else if (elsewhere)
		rc = fail(e, "%s: the values of \"%.60s\" are in another file, which is not opened; save the model in "
		    "one: onnx.save(onnx.load(FILE), NEW)", f->path, name);
	else if (!dims || !count_values(c))
		rc = fail(e, "%s: \"%.60s\" says that it is larger than any memory; " ONNX_ANOTHER, f->path, name);
	else if (lists)
		rc = fail(e, "%s: the values of \"%.60s\" come in pieces; save the model by onnx.save", f->path, name);
	else if (shorts.p != NULL && shorts_read(f, c, shorts, e) < 0)
		rc = -1;
	else if (c->floats != FLOATS_NONE && pb_left(&c->values) != c->count * floats_size(c->floats))
		rc = fail(e, "%s: \"%.60s\" has %zu bytes of values, but its dims ask for %llu floats; " ONNX_ANOTHER,
		    f->path, name, pb_left(&c->values), (unsigned long long)c->count);
	free(name);
	return rc;
}

int
onnx_numbers(const struct onnx_constant *c, int64_t *to, int max)
{
	struct pb v = c->values;
	uint64_t x;
	bool narrow = c->type == ONNX_INT32;
	size_t size = narrow ? 4 : 8;
	int n = 0;

	if ((c->type != ONNX_INT64 && !narrow) || c->rank > 1 || c->count > (uint64_t)max)
		return -1;
	if (c->packed) {
		for (; pb_varint(&v, &x); n++)
			if (n == max)
				return -1;
			else
				to[n] = narrow ? (int32_t)x : (int64_t)x;
		return v.bad || (uint64_t)n != c->count ? -1 : n;
	}
	if (pb_left(&v) / size != c->count)
		return -1;
	for (; (uint64_t)n < c->count; n++) {
		x = 0;
		for (size_t k = 0; k < size; k++)
			x |= (uint64_t)*v.p++ << (8 * k);
		to[n] = narrow ? (int32_t)x : (int64_t)x;
	}
	return n;
}

double
onnx_float(const struct onnx_constant *c, uint64_t i)
{
	return floats_value(c->floats, c->values.p + floats_size(c->floats) * i);
}

bool
onnx_same(const struct pb *a, const struct pb *b)
{
	size_t n = pb_left(a);

	return n == pb_left(b) && (n == 0 || memcmp(a->p, b->p, n) == 0);
}

const struct onnx_constant *
onnx_find(const struct onnx_file *f, const struct pb *name)
{
	for (int i = 0; i < f->nconstants && pb_left(name) > 0; i++)
		if (onnx_same(&f->constant[i].name, name))
			return &f->constant[i];
	return NULL;
}

/* ---- attributes ---- */

/* The message of an attribute; false: the node has none of that name. */
static bool
attribute(const struct onnx_node *n, const char *name, struct pb *found)
{
	struct pb m = n->message, a;
	struct pb_field v, w;

	while (pb_next(&m, &v)) {
		if (v.number != NODE_ATTRIBUTE)
			continue;
		for (a = v.in; pb_next(&a, &w);)
			if (w.number == ATTRIBUTE_NAME && pb_is(&w.in, name)) {
				*found = v.in;
				return true;
			}
	}
	return false;
}

static bool
attribute_field(const struct onnx_node *n, const char *name, uint32_t field, struct pb_field *v)
{
	struct pb m;

	if (attribute(n, name, &m))
		while (pb_next(&m, v))
			if (v->number == field)
				return true;
	return false;
}

bool
onnx_value(const struct onnx_node *n, struct pb *tensor)
{
	struct pb_field v;

	if (!attribute_field(n, "value", ATTRIBUTE_TENSOR, &v))
		return false;
	*tensor = v.in;
	return true;
}

int64_t
onnx_int(const struct onnx_node *n, const char *name, int64_t otherwise)
{
	struct pb_field v;

	return attribute_field(n, name, ATTRIBUTE_INT, &v) ? (int64_t)v.value : otherwise;
}

double
onnx_real(const struct onnx_node *n, const char *name, double otherwise)
{
	struct pb_field v;
	uint32_t u;
	float x;
	char text[32];

	if (!attribute_field(n, name, ATTRIBUTE_FLOAT, &v))
		return otherwise;
	u = (uint32_t)v.value;
	memcpy(&x, &u, sizeof x);
	return strtod(num_text_float(text, x), NULL);
}

struct pb
onnx_text(const struct onnx_node *n, const char *name)
{
	struct pb_field v;

	return attribute_field(n, name, ATTRIBUTE_TEXT, &v) ? v.in : (struct pb){0};
}

int
onnx_int_list(const struct onnx_node *n, const char *name, int64_t *to, int max)
{
	struct pb_field v;
	struct pb m;
	uint64_t x;
	int k = 0;

	if (!attribute(n, name, &m))
		return 0;
	while (pb_next(&m, &v)) {
		if (v.number != ATTRIBUTE_INTS)
			continue;
		if (v.wire == PB_VARINT) {
			if (k == max)
				return -1;
			to[k++] = (int64_t)v.value;
		} else
			for (; pb_varint(&v.in, &x); to[k++] = (int64_t)x)
				if (k == max)
					return -1;
	}
	return k;
}

int
onnx_fail(const struct onnx_file *f, const struct onnx_node *n, struct err *e, const char *fmt, ...)
{
	char *name = pb_text(pb_left(&n->name) > 0 ? &n->name : &n->output), *op = pb_text(&n->op), *why;
	va_list ap;

	va_start(ap, fmt);
	why = xvasprintf(fmt, ap);
	va_end(ap);
	fail(e, "%s: node \"%.60s\" (%.40s): %s", f->path, name, op, why);
	free(name);
	free(op);
	free(why);
	return -1;
}
