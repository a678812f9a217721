/* pickled_run.c: the small machine that reads pickles. */
#include "data/pickled_int.h"

#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

enum { MEMO_MAX = 1 << 21 };

/* ---- values and the stack ---- */

/* How many values lie above the last mark; -1 with a sentence. */
static long
above_mark(struct machine *m)
{
	struct pickled *p = m->p;

	for (size_t i = 0; i < p->depth; i++)
		if (p->value[p->stack[p->depth - 1 - i]].kind == MARK)
			return (long)i;
	return pickled_broken(m);
}

/* Moves the last n values of the stack into one that lies `below` of them; the marks between go as well. */
static int
move_items(struct machine *m, enum kind kind, size_t n, size_t marks)
{
	struct pickled *p = m->p;
	struct value *to = pickled_peek(m, n + marks);
	const uint32_t *from;

	if (to == NULL || to->kind != kind || (kind == DICT && n % 2 != 0))
		return to == NULL ? -1 : pickled_broken(m);
	from = p->stack + p->depth - n;
	for (size_t i = 0; i < n; i++) {
		if (p->value[from[i]].kind == MARK)
			return pickled_broken(m);
		pickled_item(to, from[i]);
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
		return pickled_broken(m);
	for (size_t i = 0; i < n; i++)
		pickled_item(&v, p->stack[p->depth - n + i]);
	p->depth -= n + marks;
	if (pickled_push(m, v) == 0)
		return 0;
	free(v.item);
	return -1;
}

/* ---- operands ---- */

static int
operand(struct machine *m, int bytes, uint64_t *v)
{
	*v = 0;
	if (m->end - m->at < bytes)
		return pickled_broken(m);
	for (int i = 0; i < bytes; i++)
		*v |= (uint64_t)*m->at++ << 8 * i;
	return 0;
}

static int
push_number(struct machine *m, int bytes)
{
	uint64_t v;

	if (operand(m, bytes, &v) < 0)
		return -1;
	return pickled_push(m, (struct value){.kind = NUMBER, .number = bytes == 4 ? (int32_t)v : (int64_t)v});
}

/* Passes n bytes over. */
static int
pass(struct machine *m, uint64_t n)
{
	if ((uint64_t)(m->end - m->at) < n)
		return pickled_broken(m);
	m->at += n;
	return 0;
}

static int
push_text(struct machine *m, int bytes)
{
	uint64_t n;

	if (operand(m, bytes, &n) < 0 || pass(m, n) < 0)
		return -1;
	return pickled_push(m, (struct value){.kind = TEXT, .text = m->at - n, .n = n});
}

/* A number that nothing here asks for: of 8 bytes, or of as many as a byte says. */
static int
push_other(struct machine *m, bool counted)
{
	uint64_t n = 8;

	if ((counted && operand(m, 1, &n) < 0) || pass(m, n) < 0)
		return -1;
	return pickled_push(m, (struct value){.kind = NONE});
}

static int
push_global(struct machine *m)
{
	const uint8_t *module = m->at, *dot = memchr(module, '\n', (size_t)(m->end - module));
	const uint8_t *name = dot != NULL ? dot + 1 : NULL;
	const uint8_t *stop = name != NULL ? memchr(name, '\n', (size_t)(m->end - name)) : NULL;

	if (stop == NULL)
		return pickled_broken(m);
	m->at = stop + 1;
	return pickled_named(m, module, (size_t)(dot - module), name, (size_t)(stop - name));
}

/* The same where both are texts on the stack. */
static int
stack_global(struct machine *m)
{
	const struct value *name = pickled_peek(m, 0), *module = pickled_peek(m, 1);

	if (name == NULL || module == NULL)
		return -1;
	if (name->kind != TEXT || module->kind != TEXT)
		return pickled_broken(m);
	m->p->depth -= 2;
	return pickled_named(m, module->text, module->n, name->text, name->n);
}

/* The value on top becomes the i-th of the memo. */
static int
memo_put(struct machine *m, uint64_t i)
{
	struct pickled *p = m->p;

	if (i >= MEMO_MAX || p->depth == 0)
		return pickled_broken(m);
	if (i >= p->memos) {
		p->memo = xrealloc(p->memo, i + 256, sizeof *p->memo);
		memset(p->memo + p->memos, 0xff, (i + 256 - p->memos) * sizeof *p->memo);
		p->memos = i + 256;
	}
	p->memo[i] = p->stack[p->depth - 1];
	m->memoized++;
	return 0;
}

static int
memo_put_at(struct machine *m, int bytes)
{
	uint64_t i;

	return operand(m, bytes, &i) < 0 ? -1 : memo_put(m, i);
}

static int
memo_get(struct machine *m, int bytes)
{
	uint64_t i;

	if (operand(m, bytes, &i) < 0)
		return -1;
	return i < m->p->memos && m->p->memo[i] != UINT32_MAX ? pickled_place(m, m->p->memo[i]) : pickled_broken(m);
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
	uint64_t ignored;
	uint8_t op = *m->at++;

	switch (op) {
	case 0x80: return operand(m, 1, &ignored);
	case 0x95: return operand(m, 8, &ignored); /* of a frame, which is only for who reads a stream */
	case '(': return pickled_push(m, (struct value){.kind = MARK});
	case 'N': return pickled_push(m, (struct value){.kind = NONE});
	case 0x88: case 0x89: return pickled_push(m, (struct value){.kind = NUMBER, .number = op == 0x88});
	case 'K': return push_number(m, 1);
	case 'M': return push_number(m, 2);
	case 'J': return push_number(m, 4);
	case 'U': case 'C': case 0x8c: return push_text(m, 1);
	case 'T': case 'X': case 'B': return push_text(m, 4);
	case 0x8d: case 0x8e: case 0x96: return push_text(m, 8);
	case 'G': case 0x8a: return push_other(m, op != 'G');
	case ']': return pickled_push(m, (struct value){.kind = LIST});
	case '}': return pickled_push(m, (struct value){.kind = DICT});
	case ')': return pickled_push(m, (struct value){.kind = TUPLE});
	case 'a': return move_items(m, LIST, 1, 0);
	case 's': return move_items(m, DICT, 2, 0);
	case 'e': case 'u': case 't': return with_mark(m, op);
	case 0x85: case 0x86: case 0x87: return make_tuple(m, op - 0x84, 0);
	case 'q': return memo_put_at(m, 1);
	case 'r': return memo_put_at(m, 4);
	case 0x94: return memo_put(m, m->memoized);
	case 'h': return memo_get(m, 1);
	case 'j': return memo_get(m, 4);
	case 'c': return push_global(m);
	case 0x93: return stack_global(m);
	case 'R': return pickled_reduce(m);
	case 'b': return pickled_build(m);
	case '.':
		if (m->p->depth != 1 || pickled_peek(m, 0)->kind != DICT)
			return pickled_broken(m);
		m->p->top = m->p->stack[0];
		return 1;
	default:
		return fail(m->e, "%s has the instruction 0x%02x at byte %zu, which no batch of pictures needs; "
		    "nothing of it was run, " PICKLED_WAY, m->path, op,
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
	return rc == 0 ? pickled_broken(&m) : rc < 0 ? -1 : 0;
}
