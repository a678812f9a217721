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
	struct stat st;
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

bool
pickled_count(const struct pickled *p, const char *key, size_t *n)
{
	const struct value *v = entry(p, key);

	*n = v != NULL && v->kind == LIST ? v->n : 0;
	return v != NULL && v->kind == LIST;
}

static const struct value *
list_item(const struct pickled *p, const char *key, size_t i)
{
	const struct value *v = entry(p, key);

	return v != NULL && v->kind == LIST && i < v->n ? &p->value[v->item[i]] : NULL;
}

bool
pickled_number(const struct pickled *p, const char *key, size_t i, int64_t *v)
{
	const struct value *x = list_item(p, key, i);

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
	const struct value *a = entry(p, key), *state[5], *shape;
	static const enum kind want[5] = {NUMBER, TUPLE, TEXT, NUMBER, TEXT};

	if (a == NULL || a->kind != ARRAY || a->n != 5)
		return NULL;
	for (int i = 0; i < 5; i++) {
		state[i] = &p->value[a->item[i]];
		if (state[i]->kind != want[i])
			return NULL;
	}
	shape = state[1];
	if (shape->n != 2 || state[2]->n != 2 || memcmp(state[2]->text, "u1", 2) != 0 || state[3]->number != 0)
		return NULL;
	for (int i = 0; i < 2; i++) {
		const struct value *v = &p->value[shape->item[i]];

		if (v->kind != NUMBER || v->number < 1) /* of at most 32 bits */
			return NULL;
		*(i == 0 ? rows : cols) = (size_t)v->number;
	}
	return *rows * *cols == state[4]->n ? state[4]->text : NULL;
}
