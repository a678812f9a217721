/* pickled_run.c: the small machine that reads pickles. */
#include "data/pickled_int.h"

#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

enum { VALUES_MAX = 1 << 21, MEMO_MAX = 1 << 21 };

struct machine {
	struct pickled *p;
	const char *path;
	const uint8_t *at, *end;
	struct err *e;
};

/* The functions that may be named. */
enum { RECONSTRUCT, NDARRAY, DTYPE };
static const struct {
	const char *module, *name;
	int what;
} known[] = {
	{"numpy.core.multiarray", "_reconstruct", RECONSTRUCT}, {"numpy._core.multiarray", "_reconstruct", RECONSTRUCT},
	{"numpy", "ndarray", NDARRAY}, {"numpy", "dtype", DTYPE},
};

static int
broken(struct machine *m)
{
	return fail(m->e, "%s is no pickle that is whole, at byte %zu; get the file again", m->path,
	    (size_t)(m->at - m->p->bytes));
}

/* ---- values and the stack ---- */

static int
push_place(struct machine *m, uint32_t place)
{
	struct pickled *p = m->p;

	if (p->depth == p->stack_cap)
		p->stack = xrealloc(p->stack, p->stack_cap = 2 * p->stack_cap + 64, sizeof *p->stack);
	p->stack[p->depth++] = place;
	return 0;
}

static int
push(struct machine *m, struct value v)
{
	struct pickled *p = m->p;

	if (p->n == VALUES_MAX)
		return fail(m->e, "%s holds more than %d values, which no batch of pictures needs; get the file again",
		    m->path, VALUES_MAX);
	if (p->n == p->cap)
		p->value = xrealloc(p->value, p->cap = 2 * p->cap + 64, sizeof *p->value);
	p->value[p->n] = v;
	return push_place(m, (uint32_t)p->n++);
}

/* The value that is `down` below the top; NULL with a sentence. */
static struct value *
peek(struct machine *m, size_t down)
{
	struct pickled *p = m->p;

	if (down >= p->depth) {
		broken(m);
		return NULL;
	}
	return &p->value[p->stack[p->depth - 1 - down]];
}

static void
add_item(struct value *v, uint32_t place)
{
	if (v->n == v->cap)
		v->item = xrealloc(v->item, v->cap = 2 * v->cap + 4, sizeof *v->item);
	v->item[v->n++] = place;
}

/* How many values lie above the last mark; -1 with a sentence. */
static long
above_mark(struct machine *m)
{
	struct pickled *p = m->p;

	for (size_t i = 0; i < p->depth; i++)
		if (p->value[p->stack[p->depth - 1 - i]].kind == MARK)
			return (long)i;
	return broken(m);
}

/* Moves the last n values of the stack into one that lies `below` of them; the marks between go as well. */
static int
move_items(struct machine *m, enum kind kind, size_t n, size_t marks)
{
	struct pickled *p = m->p;
	struct value *to = peek(m, n + marks);
	const uint32_t *from;

	if (to == NULL || to->kind != kind || (kind == DICT && n % 2 != 0))
		return to == NULL ? -1 : broken(m);
	from = p->stack + p->depth - n;
	for (size_t i = 0; i < n; i++) {
		if (p->value[from[i]].kind == MARK)
			return broken(m);
		add_item(to, from[i]);
	}
	p->depth -= n + marks;
	return 0;
}

static int
make_tuple(struct machine *m, size_t n, size_t marks)
{
	struct pickled *p = m->p;
	struct value v = {.kind = TUPLE};

	if (n + marks > p->depth)
		return broken(m);
	for (size_t i = 0; i < n; i++)
		add_item(&v, p->stack[p->depth - n + i]);
	p->depth -= n + marks;
	if (push(m, v) == 0)
		return 0;
	free(v.item);
	return -1;
}

/* ---- operands ---- */

static int
operand(struct machine *m, int bytes, uint32_t *v)
{
	*v = 0;
	if (m->end - m->at < bytes)
		return broken(m);
	for (int i = 0; i < bytes; i++)
		*v |= (uint32_t)*m->at++ << 8 * i;
	return 0;
}

static int
push_number(struct machine *m, int bytes)
{
	uint32_t v;

	if (operand(m, bytes, &v) < 0)
		return -1;
	return push(m, (struct value){.kind = NUMBER, .number = bytes == 4 ? (int32_t)v : (int64_t)v});
}

static int
push_text(struct machine *m, int bytes)
{
	uint32_t n;

	if (operand(m, bytes, &n) < 0)
		return -1;
	if ((size_t)(m->end - m->at) < n)
		return broken(m);
	m->at += n;
	return push(m, (struct value){.kind = TEXT, .text = m->at - n, .n = n});
}

static bool
line_is(const uint8_t *from, const uint8_t *to, const char *text)
{
	return strlen(text) == (size_t)(to - from) && memcmp(from, text, strlen(text)) == 0;
}

static int
refuse(struct machine *m, const uint8_t *module, size_t n, const uint8_t *name, size_t k)
{
	char *a = xstrndup((const char *)module, n < 60 ? n : 60), *b = xstrndup((const char *)name, k < 60 ? k : 60);

	text_clean(a);
	text_clean(b);
	fail(m->e, "%s would run %s.%s, which no batch of pictures needs; nothing of it was run, get the file from "
	    "where it is published", m->path, a, b);
	free(a);
	free(b);
	return -1;
}

static int
push_global(struct machine *m)
{
	const uint8_t *module = m->at, *dot = memchr(module, '\n', (size_t)(m->end - module));
	const uint8_t *name = dot != NULL ? dot + 1 : NULL;
	const uint8_t *stop = name != NULL ? memchr(name, '\n', (size_t)(m->end - name)) : NULL;

	if (stop == NULL)
		return broken(m);
	m->at = stop + 1;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (line_is(module, dot, known[i].module) && line_is(name, stop, known[i].name))
			return push(m, (struct value){.kind = GLOBAL, .number = known[i].what});
	return refuse(m, module, (size_t)(dot - module), name, (size_t)(stop - name));
}

static int
memo_put(struct machine *m, int bytes)
{
	struct pickled *p = m->p;
	uint32_t i;

	if (operand(m, bytes, &i) < 0)
		return -1;
	if (i >= MEMO_MAX || p->depth == 0)
		return broken(m);
	if (i >= p->memos) {
		p->memo = xrealloc(p->memo, i + 256, sizeof *p->memo);
		memset(p->memo + p->memos, 0xff, (i + 256 - p->memos) * sizeof *p->memo);
		p->memos = i + 256;
	}
	p->memo[i] = p->stack[p->depth - 1];
	return 0;
}

static int
memo_get(struct machine *m, int bytes)
{
	uint32_t i;

	if (operand(m, bytes, &i) < 0)
		return -1;
	return i < m->p->memos && m->p->memo[i] != UINT32_MAX ? push_place(m, m->p->memo[i]) : broken(m);
}

/* ---- calls ---- */

/* A function and a tuple give what the function makes: an array, or a type. */
static int
reduce(struct machine *m)
{
	struct value *args = peek(m, 0), *f = peek(m, 1), made = {.kind = ARRAY};

	if (args == NULL || f == NULL)
		return -1;
	if (args->kind != TUPLE || f->kind != GLOBAL || f->number == NDARRAY)
		return broken(m);
	if (f->number == DTYPE) { /* what it is a type of is the text that it gets */
		const struct value *of = args->n > 0 ? &m->p->value[args->item[0]] : NULL;

		if (of == NULL || of->kind != TEXT)
			return broken(m);
		made = (struct value){.kind = TEXT, .text = of->text, .n = of->n};
	}
	m->p->depth -= 2;
	return push(m, made);
}

/* An array gets its state: version, shape, type, whether it is in Fortran's order, bytes. What a type gets is passed
 * over. */
static int
build(struct machine *m)
{
	struct value *state = peek(m, 0), *to = peek(m, 1);

	if (state == NULL || to == NULL)
		return -1;
	if (state->kind != TUPLE || (to->kind != ARRAY && to->kind != TEXT) || (to->kind == ARRAY && to->n > 0))
		return broken(m);
	for (size_t i = 0; i < state->n && to->kind == ARRAY; i++)
		add_item(to, state->item[i]);
	m->p->depth--;
	return 0;
}

/* ---- the machine ---- */

static int
with_mark(struct machine *m, uint8_t op)
{
	long n = above_mark(m);

	if (n < 0)
		return -1;
	if (op == 't')
		return make_tuple(m, (size_t)n, 1);
	/* the mark lies between the container and its items */
	return move_items(m, op == 'e' ? LIST : DICT, (size_t)n, 1);
}

/* One instruction; 1 behind the last. */
static int
step(struct machine *m)
{
	uint32_t ignored;
	uint8_t op = *m->at++;

	switch (op) {
	case 0x80: return operand(m, 1, &ignored);
	case '(': return push(m, (struct value){.kind = MARK});
	case 'N': return push(m, (struct value){.kind = NONE});
	case 0x88: case 0x89: return push(m, (struct value){.kind = NUMBER, .number = op == 0x88});
	case 'K': return push_number(m, 1);
	case 'M': return push_number(m, 2);
	case 'J': return push_number(m, 4);
	case 'U': case 'C': case 0x8c: return push_text(m, 1);
	case 'T': case 'X': case 'B': return push_text(m, 4);
	case ']': return push(m, (struct value){.kind = LIST});
	case '}': return push(m, (struct value){.kind = DICT});
	case ')': return push(m, (struct value){.kind = TUPLE});
	case 'a': return move_items(m, LIST, 1, 0);
	case 's': return move_items(m, DICT, 2, 0);
	case 'e': case 'u': case 't': return with_mark(m, op);
	case 0x85: case 0x86: case 0x87: return make_tuple(m, op - 0x84, 0);
	case 'q': return memo_put(m, 1);
	case 'r': return memo_put(m, 4);
	case 'h': return memo_get(m, 1);
	case 'j': return memo_get(m, 4);
	case 'c': return push_global(m);
	case 'R': return reduce(m);
	case 'b': return build(m);
	case '.':
		if (m->p->depth != 1 || peek(m, 0)->kind != DICT)
			return broken(m);
		m->p->top = m->p->stack[0];
		return 1;
	default:
		return fail(m->e, "%s has the instruction 0x%02x at byte %zu, which no batch of pictures needs; "
		    "nothing of it was run, get the file from where it is published", m->path, op,
		    (size_t)(m->at - 1 - m->p->bytes));
	}
}

int
pickled_run(struct pickled *p, const char *path, struct err *e)
{
	struct machine m = {.p = p, .path = path, .at = p->bytes, .end = p->bytes + p->size, .e = e};
	int rc = 0;

	while (rc == 0 && m.at < m.end)
		rc = step(&m);
	return rc == 0 ? broken(&m) : rc < 0 ? -1 : 0;
}
