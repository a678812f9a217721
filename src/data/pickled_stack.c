/* pickled_stack.c: the values of a pickle, and the stack of the machine that reads it. */
#include "data/pickled_int.h"

#include "util/xmalloc.h"

#include <string.h>

enum { VALUES_MAX = 1 << 21 };

int
pickled_broken(struct machine *m)
{
	return fail(m->e, "%s is no pickle that is whole, at byte %zu; get the file again", m->path,
	    (size_t)(m->at - m->p->bytes));
}

int
pickled_place(struct machine *m, uint32_t place)
{
	struct pickled *p = m->p;

	if (p->depth == p->stack_cap)
		p->stack = xrealloc(p->stack, p->stack_cap = 2 * p->stack_cap + 64, sizeof *p->stack);
	p->stack[p->depth++] = place;
	return 0;
}

int
pickled_push(struct machine *m, struct value v)
{
	struct pickled *p = m->p;

	if (p->n == VALUES_MAX)
		return fail(m->e, "%s holds more than %d values, which no batch of pictures needs; get the file again",
		    m->path, VALUES_MAX);
	if (p->n == p->cap)
		p->value = xrealloc(p->value, p->cap = 2 * p->cap + 64, sizeof *p->value);
	p->value[p->n] = v;
	return pickled_place(m, (uint32_t)p->n++);
}

struct value *
pickled_peek(struct machine *m, size_t down)
{
	struct pickled *p = m->p;

	if (down >= p->depth) {
		pickled_broken(m);
		return NULL;
	}
	return &p->value[p->stack[p->depth - 1 - down]];
}

void
pickled_item(struct value *v, uint32_t place)
{
	if (v->n == v->cap)
		v->item = xrealloc(v->item, v->cap = 2 * v->cap + 4, sizeof *v->item);
	v->item[v->n++] = place;
}

int
pickled_integers(const struct value *type, bool *sign)
{
	static const char *const sizes = "1248";

	if (type->kind != TEXT || type->n != 2 || strchr("iu", type->text[0]) == NULL || type->text[0] == '\0' ||
	    type->text[1] == '\0' || strchr(sizes, type->text[1]) == NULL)
		return 0;
	*sign = type->text[0] == 'i';
	return type->text[1] - '0';
}

int64_t
pickled_integer(const uint8_t *bytes, int size, bool sign)
{
	uint64_t v = 0;

	for (int i = 0; i < size; i++)
		v |= (uint64_t)bytes[i] << 8 * i;
	if (sign && size < 8 && v >> (8 * size - 1) != 0)
		v |= ~UINT64_C(0) << 8 * size;
	return (int64_t)v;
}
