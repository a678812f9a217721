/* pickled.c: files that hold a pickle, and what the dictionary in it says. */
#include "data/pickled_int.h"

#include "util/reach.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int
read_file(struct pickled *p, const char *path, size_t max, struct err *e)
{
	int fd = reach_open(path, 0);
	struct stat st = {0};
	ssize_t got = 1;

	if (fd < 0)
		return fail(e, "%s cannot be opened: %s; %s", path, reach_why(errno), reach_way(errno,
		    "choose another folder with `data DIR`"));
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size == 0 || (uint64_t)st.st_size > max) {
		close(fd);
		return fail(e, "%s holds %lld bytes, which is no batch of pictures; get the file again", path,
		    (long long)st.st_size);
	}
	if ((p->bytes = malloc((size_t)st.st_size)) == NULL) {
		close(fd);
		return fail_memory(e, "%s: not enough memory for its %lld bytes", path,
		    (long long)st.st_size);
	}
	while (p->size < (size_t)st.st_size && got > 0)
		if ((got = read(fd, p->bytes + p->size, (size_t)st.st_size - p->size)) > 0)
			p->size += (size_t)got;
	close(fd);
	return p->size == (size_t)st.st_size ? 0 : fail(e, "%s cannot be read to its end; get the file again", path);
}

struct pickled *
pickled_open(const char *path, size_t max, struct err *e)
{
	struct pickled *p = xcalloc(1, sizeof *p);

	if (read_file(p, path, max, e) == 0 && pickled_run(p, path, e) == 0)
		return p;
	pickled_free(p);
	return NULL;
}

void
pickled_free(struct pickled *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->n; i++)
		free(p->value[i].item);
	for (size_t i = 0; i < p->nmade; i++)
		free(p->made[i]);
	free(p->made);
	free(p->value);
	free(p->stack);
	free(p->memo);
	free(p->bytes);
	free(p);
}

/* ---- what it says ---- */

static const struct value *
entry(const struct pickled *p, const char *key)
{
	const struct value *d = &p->value[p->top], *found = NULL;

	for (size_t i = 0; i + 1 < d->n; i += 2) {
		const struct value *k = &p->value[d->item[i]];

		if (k->kind == TEXT && k->n == strlen(key) && memcmp(k->text, key, k->n) == 0)
			found = &p->value[d->item[i + 1]];
	}
	return found;
}

/* The state of an array: shape, type, in C's order, bytes; false where it has none that can be. */
static bool
array_state(const struct pickled *p, const struct value *a, const struct value *state[5])
{
	static const enum kind want[5] = {NUMBER, TUPLE, TEXT, NUMBER, TEXT};

	if (a == NULL || a->kind != ARRAY || a->n != 5)
		return false;
	for (int i = 0; i < 5; i++) {
		state[i] = &p->value[a->item[i]];
		if (state[i]->kind != want[i])
			return false;
	}
	return state[3]->number == 0;
}

/* The i-th of an array's dimensions; 0: it is none that a batch has. */
static size_t
array_dim(const struct pickled *p, const struct value *shape, size_t i)
{
	const struct value *v = i < shape->n ? &p->value[shape->item[i]] : NULL;

	return v != NULL && v->kind == NUMBER && v->number >= 1 && v->number <= INT32_MAX ? (size_t)v->number : 0;
}

/* An array of whole numbers in one dimension: how many; 0: it is none. */
static size_t
array_numbers(const struct pickled *p, const struct value *a, const uint8_t **bytes, int *size, bool *sign)
{
	const struct value *state[5];
	size_t n;

	if (!array_state(p, a, state) || state[1]->n != 1 || (*size = pickled_integers(state[2], sign)) == 0)
		return 0;
	n = array_dim(p, state[1], 0);
	*bytes = state[4]->text;
	return n * (size_t)*size == state[4]->n ? n : 0;
}

static bool
is_list(const struct value *v)
{
	return v != NULL && (v->kind == LIST || v->kind == TUPLE);
}

bool
pickled_has(const struct pickled *p, const char *key)
{
	return entry(p, key) != NULL;
}

bool
pickled_count(const struct pickled *p, const char *key, size_t *n)
{
	const struct value *v = entry(p, key);
	const uint8_t *bytes;
	bool sign;
	int size;

	*n = is_list(v) ? v->n : array_numbers(p, v, &bytes, &size, &sign);
	return is_list(v) || *n > 0;
}

static const struct value *
list_item(const struct pickled *p, const char *key, size_t i)
{
	const struct value *v = entry(p, key);

	return is_list(v) && i < v->n ? &p->value[v->item[i]] : NULL;
}

bool
pickled_number(const struct pickled *p, const char *key, size_t i, int64_t *v)
{
	const struct value *x = list_item(p, key, i);
	const uint8_t *bytes;
	bool sign;
	int size;

	if (x == NULL && i < array_numbers(p, entry(p, key), &bytes, &size, &sign)) {
		*v = pickled_integer(bytes + i * (size_t)size, size, sign);
		return true;
	}
	if (x == NULL || x->kind != NUMBER)
		return false;
	*v = x->number;
	return true;
}

char *
pickled_text(const struct pickled *p, const char *key, size_t i)
{
	const struct value *x = list_item(p, key, i);

	return x != NULL && x->kind == TEXT && x->n < 256 ? xstrndup((const char *)x->text, x->n) : NULL;
}

const uint8_t *
pickled_bytes(const struct pickled *p, const char *key, size_t *rows, size_t *cols)
{
	const struct value *state[5];

	if (!array_state(p, entry(p, key), state) || state[1]->n != 2 || state[2]->n != 2 ||
	    memcmp(state[2]->text, "u1", 2) != 0)
		return NULL;
	*rows = array_dim(p, state[1], 0);
	*cols = array_dim(p, state[1], 1);
	return *rows > 0 && *cols > 0 && *rows * *cols == state[4]->n ? state[4]->text : NULL;
}
