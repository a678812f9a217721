/* pickle_named.c: what a pickle may name and call: an OrderedDict, a tensor, and the types of storages. */
#include "file/pickle_int.h"

#include "util/text.h"
#include "util/xmalloc.h"

#include <string.h>

#define STACK_MAX 65536

/* ---- the stack ---- */

int
pickle_damaged(struct pickle_machine *m)
{
	return fail(m->e, "%s: its data.pkl is damaged; get the file again, or load another", m->path);
}

void *
pickle_grown(void *p, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return p;
	*cap = *cap == 0 ? 64 : *cap * 2;
	return xrealloc(p, *cap, size);
}

int
pickle_push(struct pickle_machine *m, struct pickle_value v)
{
	if (m->nstack == STACK_MAX)
		return pickle_damaged(m);
	m->stack = pickle_grown(m->stack, m->nstack, &m->stack_cap, sizeof *m->stack);
	m->stack[m->nstack++] = v;
	return 0;
}

int
pickle_pop(struct pickle_machine *m, struct pickle_value *v)
{
	if (m->nstack == 0)
		return pickle_damaged(m);
	*v = m->stack[--m->nstack];
	return 0;
}

/* ---- what may be named ---- */

static int
line(struct pickle_machine *m, char *out, size_t size)
{
	const uint8_t *nl = memchr(m->p, '\n', (size_t)(m->end - m->p));
	size_t n = nl != NULL ? (size_t)(nl - m->p) : 0;

	if (nl == NULL || n + 1 > size)
		return pickle_damaged(m);
	memcpy(out, m->p, n);
	out[n] = '\0';
	m->p = nl + 1;
	return memchr(out, '\0', n) != NULL ? pickle_damaged(m) : 0;
}

int
pickle_global(struct pickle_machine *m)
{
	static const char *const types[][2] = {{"FloatStorage", "F32"}, {"DoubleStorage", "F64"},
	    {"HalfStorage", "F16"}, {"BFloat16Storage", "BF16"}, {"LongStorage", "I64"}, {"IntStorage", "I32"},
	    {"ShortStorage", "I16"}, {"CharStorage", "I8"}, {"ByteStorage", "U8"}, {"BoolStorage", "BOOL"}};
	char module[256], name[256];

	if (line(m, module, sizeof module) < 0 || line(m, name, sizeof name) < 0)
		return -1;
	if (strcmp(module, "collections") == 0 && strcmp(name, "OrderedDict") == 0)
		return pickle_push(m, (struct pickle_value){ORDERED});
	if (strcmp(module, "torch._utils") == 0 && strcmp(name, "_rebuild_tensor_v2") == 0)
		return pickle_push(m, (struct pickle_value){REBUILD});
	for (size_t i = 0; strcmp(module, "torch") == 0 && i < sizeof types / sizeof *types; i++)
		if (strcmp(name, types[i][0]) == 0)
			return pickle_push(m, (struct pickle_value){TYPE, .type = types[i][1]});
	text_clean(module);
	text_clean(name);
	return fail(m->e, "%s asks for %.80s.%.80s, which would be code to run: it holds more than a state_dict; "
	    PICKLE_SAVE_IT, m->path, module, name);
}

/* NULL: it is no tuple, or an empty one, when there may be no items at all. */
static const struct pickle_value *
tuple_items(const struct pickle_machine *m, const struct pickle_value *t)
{
	return t->kind == TUPLE && t->n > 0 ? &m->item[t->first] : NULL;
}

int
pickle_storage(struct pickle_machine *m)
{
	struct pickle_value t, v = {STORAGE};
	const struct pickle_value *x;

	if (pickle_pop(m, &t) < 0)
		return -1;
	x = tuple_items(m, &t);
	if (x == NULL || t.n != 5 || x[0].kind != TEXT || x[0].length != 7 || memcmp(x[0].text, "storage", 7) != 0 ||
	    x[1].kind != TYPE || x[2].kind != TEXT || x[3].kind != TEXT || x[4].kind != NUMBER || x[4].number < 0)
		return pickle_damaged(m);
	v.text = x[2].text;
	v.length = x[2].length;
	v.type = x[1].type;
	v.values = (uint64_t)x[4].number;
	return pickle_push(m, v);
}

static int
numbers(struct pickle_machine *m, const struct pickle_value *t, uint64_t *out)
{
	if (t->kind != TUPLE || t->n > TENSORS_RANK_MAX)
		return pickle_damaged(m);
	for (size_t i = 0; i < t->n; i++) {
		const struct pickle_value *x = &m->item[t->first + i];

		if (x->kind != NUMBER || x->number < 0)
			return pickle_damaged(m);
		out[i] = (uint64_t)x->number;
	}
	return 0;
}

/* All that the strides reach lies in the storage. */
static bool
within(const struct pickle_tensor *t)
{
	uint64_t last = t->offset, step;

	for (int i = 0; i < t->rank; i++) {
		if (t->dim[i] == 0)
			return t->offset <= t->values;
		if (__builtin_mul_overflow(t->dim[i] - 1, t->stride[i], &step) ||
		    __builtin_add_overflow(last, step, &last))
			return false;
	}
	return last < t->values;
}

/* _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks) */
static int
make_tensor(struct pickle_machine *m, const struct pickle_value *args)
{
	const struct pickle_value *x = tuple_items(m, args);
	struct pickle_tensor *t;
	struct pickle_value v = {TENSOR, .first = m->ntensor};

	if (args->n < 6 || args->n > 7 || x[0].kind != STORAGE || x[1].kind != NUMBER || x[1].number < 0 ||
	    x[2].kind != TUPLE || x[3].kind != TUPLE || x[2].n != x[3].n || x[4].kind != TRUTH)
		return pickle_damaged(m);
	m->tensor = pickle_grown(m->tensor, m->ntensor, &m->tensor_cap, sizeof *m->tensor);
	t = &m->tensor[m->ntensor];
	*t = (struct pickle_tensor){.dtype = x[0].type, .values = x[0].values, .offset = (uint64_t)x[1].number,
	    .rank = (int)x[2].n};
	if (numbers(m, &x[2], t->dim) < 0 || numbers(m, &x[3], t->stride) < 0)
		return -1;
	if (!within(t))
		return fail(m->e, "%s: a tensor of its data.pkl reaches beyond its storage; get the file again, or "
		    "load another", m->path);
	t->storage = xstrndup(x[0].text, x[0].length);
	m->ntensor++;
	return pickle_push(m, v);
}

int
pickle_call(struct pickle_machine *m)
{
	struct pickle_value args, f;

	if (pickle_pop(m, &args) < 0 || pickle_pop(m, &f) < 0)
		return -1;
	if (args.kind != TUPLE)
		return pickle_damaged(m);
	if (f.kind == REBUILD)
		return make_tensor(m, &args);
	if (f.kind == ORDERED && args.n == 0)
		return pickle_push(m, (struct pickle_value){DICT, m->ndict++});
	return pickle_damaged(m);
}
