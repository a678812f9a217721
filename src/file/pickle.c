/* pickle.c: the machine that reads a state_dict. What it makes is bounded by the bytes that it reads. */
#include "file/pickle_int.h"

#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

/* n little-endian bytes, of a sign where 4. */
static int
operand(struct pickle_machine *m, int n, uint64_t *v)
{
	*v = 0;
	if (m->end - m->p < n)
		return pickle_damaged(m);
	for (int i = 0; i < n; i++)
		*v |= (uint64_t)*m->p++ << (8 * i);
	return 0;
}

static int
push_text(struct pickle_machine *m, int bytes)
{
	struct pickle_value v = {TEXT};
	uint64_t n;

	if (operand(m, bytes, &n) < 0)
		return -1;
	if (n > (uint64_t)(m->end - m->p) || n > 1024)
		return pickle_damaged(m);
	v.text = (const char *)m->p;
	v.length = (size_t)n;
	m->p += n;
	return pickle_push(m, v);
}

static int
push_number(struct pickle_machine *m, int bytes)
{
	uint64_t n;

	if (operand(m, bytes, &n) < 0)
		return -1;
	return pickle_push(m, (struct pickle_value){NUMBER, bytes == 4 ? (int32_t)n : (int64_t)n});
}

/* LONG1: a number of any length; of at most 8 bytes here. */
static int
push_long(struct pickle_machine *m)
{
	uint64_t n, v = 0;

	if (operand(m, 1, &n) < 0)
		return -1;
	if (n > 8)
		return pickle_damaged(m);
	if (n > 0 && operand(m, (int)n, &v) < 0)
		return -1;
	if (n > 0 && n < 8 && v >> (8 * n - 1) != 0)
		v |= ~(uint64_t)0 << (8 * n);
	return pickle_push(m, (struct pickle_value){NUMBER, (int64_t)v});
}

static int
memo_put(struct pickle_machine *m, uint64_t at)
{
	if (m->nstack == 0 || at > m->nmemo) /* they are numbered one after the other */
		return pickle_damaged(m);
	if (at == m->nmemo) {
		m->memo = pickle_grown(m->memo, m->nmemo, &m->memo_cap, sizeof *m->memo);
		m->nmemo++;
	}
	m->memo[at] = m->stack[m->nstack - 1];
	return 0;
}

static int
memo_get(struct pickle_machine *m, uint64_t at)
{
	if (at >= m->nmemo || m->memo[at].kind == MARK)
		return pickle_damaged(m);
	return pickle_push(m, m->memo[at]);
}

/* The top n values become a tuple. */
static int
make_tuple(struct pickle_machine *m, size_t n)
{
	struct pickle_value v = {TUPLE, .first = m->nitem, .n = n};

	if (n > m->nstack)
		return pickle_damaged(m);
	for (size_t i = 0; i < n; i++) {
		if (m->stack[m->nstack - n + i].kind == MARK)
			return pickle_damaged(m);
		m->item = pickle_grown(m->item, m->nitem, &m->item_cap, sizeof *m->item);
		m->item[m->nitem++] = m->stack[m->nstack - n + i];
	}
	m->nstack -= n;
	return pickle_push(m, v);
}

/* How many values stand above the last mark, which goes. */
static int
above_mark(struct pickle_machine *m, size_t *n)
{
	for (*n = 0; *n < m->nstack; ++*n)
		if (m->stack[m->nstack - 1 - *n].kind == MARK) {
			memmove(&m->stack[m->nstack - 1 - *n], &m->stack[m->nstack - *n], *n * sizeof *m->stack);
			m->nstack--;
			return 0;
		}
	return pickle_damaged(m);
}

/* The top n values, keys and values in turn, go into the dict below them. */
static int
set_items(struct pickle_machine *m, size_t n)
{
	const struct pickle_value *d, *x;

	if (n % 2 != 0 || m->nstack <= n || (d = &m->stack[m->nstack - n - 1])->kind != DICT)
		return pickle_damaged(m);
	x = d + 1;
	for (size_t i = 0; i < n; i += 2) {
		if (x[i].kind != TEXT)
			return pickle_damaged(m);
		if (x[i + 1].kind == TENSOR) {
			m->entry = pickle_grown(m->entry, m->nentry, &m->entry_cap, sizeof *m->entry);
			m->entry[m->nentry++] = (struct pickle_entry){d->number, x[i], x[i + 1].first};
		} else if (d->number == 0 && m->other == NULL) {
			m->other = x[i].text;
			m->other_length = x[i].length;
		}
	}
	m->nstack -= n;
	return 0;
}

/* ---- the machine ---- */

static int
one(struct pickle_machine *m, bool *stop)
{
	uint64_t v;
	size_t n;
	struct pickle_value x;
	uint8_t op = *m->p++;

	switch (op) {
	case 0x80: /* PROTO */
		if (operand(m, 1, &v) < 0)
			return -1;
		return v >= 2 && v <= 5 ? 0 : pickle_damaged(m);
	case '}': /* EMPTY_DICT */
		return pickle_push(m, (struct pickle_value){DICT, m->ndict++});
	case ')': return make_tuple(m, 0);
	case '(': return pickle_push(m, (struct pickle_value){MARK});
	case 't': return above_mark(m, &n) < 0 ? -1 : make_tuple(m, n);
	case 0x85: case 0x86: case 0x87: return make_tuple(m, op - 0x84u);
	case 'N': return pickle_push(m, (struct pickle_value){NOTHING});
	case 0x88: case 0x89: return pickle_push(m, (struct pickle_value){TRUTH, op == 0x88});
	case 'J': return push_number(m, 4);
	case 'K': return push_number(m, 1);
	case 'M': return push_number(m, 2);
	case 0x8a: return push_long(m);
	case 'X': return push_text(m, 4);
	case 'q': return operand(m, 1, &v) < 0 ? -1 : memo_put(m, v);
	case 'r': return operand(m, 4, &v) < 0 ? -1 : memo_put(m, v);
	case 'h': return operand(m, 1, &v) < 0 ? -1 : memo_get(m, v);
	case 'j': return operand(m, 4, &v) < 0 ? -1 : memo_get(m, v);
	case 'c': return pickle_global(m);
	case 'Q': return pickle_storage(m); /* BINPERSID */
	case 'R': return pickle_call(m);
	case 's': return set_items(m, 2);
	case 'u': return above_mark(m, &n) < 0 ? -1 : set_items(m, n);
	case 'b': /* BUILD: a dict's own attributes, _metadata, which say nothing of weights */
		if (pickle_pop(m, &x) < 0)
			return -1;
		return x.kind == DICT && m->nstack > 0 && m->stack[m->nstack - 1].kind == DICT ? 0 : pickle_damaged(m);
	case '.':
		*stop = true;
		return 0;
	default:
		return fail(m->e, "%s: its data.pkl has the instruction 0x%02x, which no state_dict has; "
		    PICKLE_SAVE_IT, m->path, op);
	}
}

/* The tensors of the dict that is left on the stack. */
static int
finish(struct pickle_machine *m, struct pickle *out)
{
	if (m->nstack != 1 || m->stack[0].kind != DICT)
		return fail(m->e, "%s holds no dict of tensors; " PICKLE_SAVE_IT, m->path);
	if (m->other != NULL && m->stack[0].number == 0) {
		char *key = xstrndup(m->other, m->other_length);

		text_clean(key);
		fail(m->e, "%s holds more than tensors (\"%.60s\"); " PICKLE_SAVE_IT, m->path, key);
		free(key);
		return -1;
	}
	out->tensor = xcalloc(m->nentry + 1, sizeof *out->tensor);
	for (size_t i = 0; i < m->nentry; i++)
		if (m->entry[i].dict == m->stack[0].number) {
			struct pickle_tensor *t = &out->tensor[out->n++];

			*t = m->tensor[m->entry[i].tensor];
			t->name = xstrndup(m->entry[i].key.text, m->entry[i].key.length);
			t->storage = xstrdup(t->storage);
		}
	return 0;
}

int
pickle_read(const char *path, const uint8_t *p, size_t n, struct pickle *out, struct err *e)
{
	struct pickle_machine m = {.path = path, .p = p, .end = p + n, .e = e};
	bool stop = false;
	int rc = 0;

	*out = (struct pickle){0};
	while (rc == 0 && !stop)
		rc = m.p < m.end ? one(&m, &stop) : pickle_damaged(&m);
	if (rc == 0)
		rc = finish(&m, out);
	for (size_t i = 0; i < m.ntensor; i++)
		free(m.tensor[i].storage);
	free(m.tensor);
	free(m.entry);
	free(m.stack);
	free(m.item);
	free(m.memo);
	return rc;
}

void
pickle_free(struct pickle *k)
{
	for (size_t i = 0; i < k->n; i++) {
		free(k->tensor[i].name);
		free(k->tensor[i].storage);
	}
	free(k->tensor);
	*k = (struct pickle){0};
}
