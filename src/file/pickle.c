/* pickle.c: the machine that reads a state_dict, or a dict that has some. What it makes is bounded by what
 * it reads.
 */
#include "file/pickle_int.h"

#include "util/text.h"
#include "util/xmalloc.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define NAME_MAX_BYTES 1024 /* of a tensor */
#define REST_MAX 8 /* keys in a sentence */

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
	if (n > (uint64_t)(m->end - m->p))
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

/* A value of n bytes that says nothing of weights. */
static int
skipped(struct pickle_machine *m, uint64_t n, enum pickle_kind kind)
{
	if (n > (uint64_t)(m->end - m->p))
		return pickle_damaged(m);
	m->p += n;
	return pickle_push(m, (struct pickle_value){kind});
}

/* LONG1: a number of any length; that of more than 8 bytes, as seeds have, counts and names nothing here. */
static int
push_long(struct pickle_machine *m)
{
	uint64_t n, v = 0;

	if (operand(m, 1, &n) < 0)
		return -1;
	if (n > 8)
		return skipped(m, n, LONG);
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

/* What Python can look up. */
static bool
is_key(enum pickle_kind kind)
{
	return kind == TEXT || kind == NUMBER || kind == TRUTH || kind == NOTHING || kind == LONG || kind == REAL ||
	    kind == TUPLE;
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
		if (!is_key(x[i].kind) || x[i + 1].kind == MARK)
			return pickle_damaged(m);
		m->entry = pickle_grown(m->entry, m->nentry, &m->entry_cap, sizeof *m->entry);
		m->entry[m->nentry++] = (struct pickle_entry){d->number, x[i], x[i + 1]};
	}
	m->nstack -= n;
	return 0;
}

/* The top n values go into the list below them. */
static int
append(struct pickle_machine *m, size_t n)
{
	if (m->nstack <= n || m->stack[m->nstack - n - 1].kind != LIST || (n == 1 && m->stack[m->nstack - 1].kind ==
	    MARK))
		return pickle_damaged(m);
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
	case ']': return pickle_push(m, (struct pickle_value){LIST});
	case 'a': return append(m, 1);
	case 'e': return above_mark(m, &n) < 0 ? -1 : append(m, n);
	case 'G': return skipped(m, 8, REAL); /* BINFLOAT */
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

/* ---- what it leaves ---- */

/* Whether an entry can be one of a state_dict. */
static bool
is_weight(const struct pickle_entry *x)
{
	return x->value.kind == TENSOR && x->key.kind == TEXT && x->key.length <= NAME_MAX_BYTES;
}

/* A key of a checkpoint as text; the caller's. */
static char *
key_text(const struct pickle_value *key)
{
	char *text;

	if (key->kind == NUMBER)
		return xasprintf("%" PRId64, key->number);
	text = key->kind == TEXT ? xstrndup(key->text, key->length < 60 ? key->length : 60) : xstrdup("?");
	text_clean(text);
	return text;
}

/* The dicts of a checkpoint that have tensors and nothing else: their numbers are put into dict[]. */
static int
find_dicts(struct pickle_machine *m, int64_t root, const bool *weights, int64_t *dict, struct pickle *out)
{
	struct str rest = {0};
	int nrest = 0;

	for (size_t i = 0; i < m->nentry; i++) {
		const struct pickle_entry *x = &m->entry[i];
		char *key;

		if (x->dict != root)
			continue;
		key = key_text(&x->key);
		if (x->value.kind == DICT && x->value.number != root && weights[x->value.number]) {
			if (out->ndict == PICKLE_DICTS_MAX) {
				free(key);
				free(rest.s);
				return fail(m->e, "%s holds more than %d dicts of tensors; " PICKLE_SAVE_IT, m->path,
				    PICKLE_DICTS_MAX);
			}
			dict[out->ndict] = x->value.number;
			out->dict[out->ndict++] = key;
			continue;
		}
		if (nrest < REST_MAX)
			str_add(&rest, "%s%s", nrest > 0 ? ", " : "", key);
		nrest++;
		free(key);
	}
	if (nrest > REST_MAX)
		str_add(&rest, " and %d more", nrest - REST_MAX);
	out->rest = rest.s;
	return 0;
}

/* The dict whose tensors are asked for: the one that is left, or one in it. -1 with a sentence. */
static int
choose(struct pickle_machine *m, int which, int64_t *chosen, struct pickle *out)
{
	int64_t root = m->stack[0].number, dict[PICKLE_DICTS_MAX];
	bool *weights = xcalloc((size_t)m->ndict, sizeof *weights); /* of each dict: it has tensors */
	const struct pickle_entry *other = NULL;
	int rc = 0;

	for (size_t i = 0; i < m->nentry; i++)
		weights[m->entry[i].dict] |= is_weight(&m->entry[i]);
	for (size_t i = 0; i < m->nentry; i++)
		if (!is_weight(&m->entry[i])) { /* and this more */
			weights[m->entry[i].dict] = false;
			other = other == NULL && m->entry[i].dict == root ? &m->entry[i] : other;
		}
	if (other != NULL && (rc = find_dicts(m, root, weights, dict, out)) == 0 && out->ndict == 0) {
		char *key = key_text(&other->key);

		rc = fail(m->e, "%s holds more than tensors (\"%s\"); " PICKLE_SAVE_IT, m->path, key);
		free(key);
	}
	*chosen = rc == 0 && out->ndict > 0 ? dict[which < out->ndict ? which : 0] : root;
	free(weights);
	return rc;
}

static int
finish(struct pickle_machine *m, int which, struct pickle *out)
{
	int64_t dict;

	if (m->nstack != 1 || m->stack[0].kind != DICT)
		return fail(m->e, "%s holds no dict of tensors; " PICKLE_SAVE_IT, m->path);
	if (choose(m, which, &dict, out) < 0)
		return -1;
	out->tensor = xcalloc(m->nentry + 1, sizeof *out->tensor);
	for (size_t i = 0; i < m->nentry; i++)
		if (m->entry[i].dict == dict) {
			struct pickle_tensor *t = &out->tensor[out->n++];

			*t = m->tensor[m->entry[i].value.first];
			t->name = xstrndup(m->entry[i].key.text, m->entry[i].key.length);
			t->storage = xstrdup(t->storage);
		}
	return 0;
}

int
pickle_read(const char *path, const uint8_t *p, size_t n, int which, struct pickle *out, struct err *e)
{
	struct pickle_machine m = {.path = path, .p = p, .end = p + n, .e = e};
	bool stop = false;
	int rc = 0;

	*out = (struct pickle){0};
	while (rc == 0 && !stop)
		rc = m.p < m.end ? one(&m, &stop) : pickle_damaged(&m);
	if (rc == 0)
		rc = finish(&m, which, out);
	if (rc < 0)
		pickle_free(out);
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
	for (int i = 0; i < k->ndict; i++)
		free(k->dict[i]);
	free(k->tensor);
	free(k->rest);
	*k = (struct pickle){0};
}
