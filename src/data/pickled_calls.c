/* pickled_calls.c: the functions that a pickle may name, each as what it makes; none of them is run. */
#include "data/pickled_int.h"

#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

enum { RECONSTRUCT, NDARRAY, DTYPE, FROM_BUFFER, SCALAR, ENCODE, NO_BYTES };
static const struct {
	const char *module, *name;
	int what;
} known[] = {
	{"numpy.core.multiarray", "_reconstruct", RECONSTRUCT}, {"numpy._core.multiarray", "_reconstruct", RECONSTRUCT},
	{"numpy.core.numeric", "_frombuffer", FROM_BUFFER}, {"numpy._core.numeric", "_frombuffer", FROM_BUFFER},
	{"numpy.core.multiarray", "scalar", SCALAR}, {"numpy._core.multiarray", "scalar", SCALAR},
	{"numpy", "ndarray", NDARRAY}, {"numpy", "dtype", DTYPE},
	{"_codecs", "encode", ENCODE}, {"__builtin__", "bytes", NO_BYTES}, /* bytes, of protocol 2 from Python 3 */
};

static bool
is(const uint8_t *at, size_t n, const char *text)
{
	return strlen(text) == n && memcmp(at, text, n) == 0;
}

static int
refuse(struct machine *m, const uint8_t *module, size_t n, const uint8_t *name, size_t k)
{
	char *a = xstrndup((const char *)module, n < 60 ? n : 60), *b = xstrndup((const char *)name, k < 60 ? k : 60);

	text_clean(a);
	text_clean(b);
	fail(m->e, "%s would run %s.%s, which no batch of pictures needs; nothing of it was run, " PICKLED_WAY, m->path,
	    a, b);
	free(a);
	free(b);
	return -1;
}

int
pickled_named(struct machine *m, const uint8_t *module, size_t n, const uint8_t *name, size_t k)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (is(module, n, known[i].module) && is(name, k, known[i].name))
			return pickled_push(m, (struct value){.kind = GLOBAL, .number = known[i].what});
	return refuse(m, module, n, name, k);
}

/* The i-th operand of a call, if it is of the kind; else NULL. */
static const struct value *
operand(const struct machine *m, const struct value *args, size_t i, enum kind kind)
{
	const struct value *v = i < args->n ? &m->p->value[args->item[i]] : NULL;

	return v != NULL && v->kind == kind ? v : NULL;
}

/* A text of characters up to 255 as the bytes that they stand for, of which there are no more in all than the file
 * has. */
static int
encode(struct machine *m, const struct value *text, struct value *made)
{
	struct pickled *p = m->p;
	uint8_t *to;
	size_t n = 0;

	if ((p->decoded += text->n) > p->size || (to = malloc(text->n + 1)) == NULL)
		return pickled_broken(m);
	p->made = xrealloc(p->made, p->nmade + 1, sizeof *p->made);
	p->made[p->nmade++] = to;
	for (size_t i = 0; i < text->n; i++) {
		uint8_t c = text->text[i];

		if (c >= 0x80) {
			if ((c != 0xc2 && c != 0xc3) || i + 1 == text->n || (text->text[i + 1] & 0xc0) != 0x80)
				return pickled_broken(m);
			c = (uint8_t)(c << 6 | (text->text[++i] & 0x3f));
		}
		to[n++] = c;
	}
	*made = (struct value){.kind = TEXT, .text = to, .n = n};
	return 0;
}

/* A number that NumPy holds: its type, and its bytes. */
static int
scalar(struct machine *m, const struct value *type, const struct value *bytes, struct value *made)
{
	bool sign;
	int size = type != NULL ? pickled_integers(type, &sign) : 0;

	if (bytes == NULL || size == 0 || bytes->n != (size_t)size)
		return pickled_broken(m);
	*made = (struct value){.kind = NUMBER, .number = pickled_integer(bytes->text, size, sign)};
	return 0;
}

/* An array over bytes: these, type, shape, order; as the state that other arrays get. */
static int
from_buffer(struct machine *m, const struct value *args)
{
	const struct value *order = operand(m, args, 3, TEXT);
	struct value made = {.kind = ARRAY};
	uint32_t at[3], first;

	if (args->n != 4 || order == NULL || order->n != 1)
		return pickled_broken(m);
	for (int i = 0; i < 3; i++)
		at[i] = args->item[i];
	made.number = *order->text == 'C' ? 0 : 1;
	m->p->depth -= 2;
	if (pickled_push(m, (struct value){.kind = NUMBER, .number = made.number}) < 0)
		return -1;
	first = m->p->stack[--m->p->depth];
	pickled_item(&made, first);
	pickled_item(&made, at[2]);
	pickled_item(&made, at[1]);
	pickled_item(&made, first);
	pickled_item(&made, at[0]);
	if (pickled_push(m, made) == 0)
		return 0;
	free(made.item);
	return -1;
}

int
pickled_reduce(struct machine *m)
{
	struct value *args = pickled_peek(m, 0), *f = pickled_peek(m, 1), made = {.kind = ARRAY};
	const struct value *first, *second;
	int rc = 0;

	if (args == NULL || f == NULL)
		return -1;
	if (args->kind != TUPLE || f->kind != GLOBAL || f->number == NDARRAY)
		return pickled_broken(m);
	first = operand(m, args, 0, TEXT);
	second = operand(m, args, 1, TEXT);
	if (f->number == FROM_BUFFER)
		return from_buffer(m, args);
	if (f->number == DTYPE && first == NULL)
		rc = pickled_broken(m);
	else if (f->number == DTYPE) /* what it is a type of is the text that it gets */
		made = (struct value){.kind = TEXT, .text = first->text, .n = first->n};
	else if (f->number == SCALAR)
		rc = scalar(m, first, second, &made);
	else if (f->number == ENCODE)
		rc = first != NULL && second != NULL && is(second->text, second->n, "latin1") ?
		    encode(m, first, &made) : pickled_broken(m);
	else if (f->number == NO_BYTES && args->n > 0)
		rc = pickled_broken(m);
	else if (f->number == NO_BYTES)
		made = (struct value){.kind = TEXT, .text = m->p->bytes};
	if (rc < 0)
		return -1;
	m->p->depth -= 2;
	return pickled_push(m, made);
}

/* An array gets its state: version, shape, type, whether it is in Fortran's order, bytes. Of that of a type the order
 * of the bytes of a number counts, which is little here. */
int
pickled_build(struct machine *m)
{
	struct value *state = pickled_peek(m, 0), *to = pickled_peek(m, 1);
	const struct value *order;

	if (state == NULL || to == NULL)
		return -1;
	if (state->kind != TUPLE || (to->kind != ARRAY && to->kind != TEXT) || (to->kind == ARRAY && (to->n > 0 ||
	    state->n > 8))) /* no more: each of many arrays may be given one large tuple */
		return pickled_broken(m);
	order = operand(m, state, 1, TEXT);
	for (size_t i = 0; i < state->n && to->kind == ARRAY; i++)
		pickled_item(to, state->item[i]);
	if (to->kind == TEXT && order != NULL && is(order->text, order->n, ">"))
		to->kind = NONE;
	m->p->depth--;
	return 0;
}
