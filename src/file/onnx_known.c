/* onnx_known.c: whole numbers of a graph of ONNX by their name: constants, and what nodes have worked out. */
#include "file/onnx_fold.h"

#include <string.h>

bool
onnx_ints_size(struct onnx_ints *x)
{
	int64_t n = 1;

	for (int i = 0; i < x->rank; i++)
		n *= x->dim[i]; /* of two that are at most ONNX_INTS_MAX */
	x->n = (int)(n <= ONNX_INTS_MAX ? n : 0);
	return n <= ONNX_INTS_MAX;
}

const struct onnx_ints *
onnx_folded(const struct onnx_walker *w, const struct pb *name)
{
	for (int i = 0; i < w->nfolded && pb_left(name) > 0; i++)
		if (onnx_same(&w->folded[i].name, name))
			return &w->folded[i];
	return NULL;
}

bool
onnx_ints_find(const struct onnx_walker *w, const struct pb *name, struct onnx_ints *to)
{
	const struct onnx_ints *have = onnx_folded(w, name);
	const struct onnx_constant *found = have == NULL ? onnx_find(w->f, name) : NULL;
	struct onnx_constant c;

	if (have != NULL && have->from == NULL) {
		*to = *have;
		return true;
	}
	if (found == NULL || found->rank > 2 || found->count > ONNX_INTS_MAX)
		return false;
	*to = (struct onnx_ints){.rank = found->rank, .n = (int)found->count};
	for (int i = 0; i < found->rank; i++) {
		if (found->dim[i] > ONNX_INTS_MAX)
			return false;
		to->dim[i] = (int)found->dim[i];
	}
	c = *found;
	c.rank = 1;
	if (onnx_numbers(&c, to->v, ONNX_INTS_MAX) != to->n)
		return false;
	for (int i = 0; i < to->n; i++)
		to->v[i] += to->v[i] == ONNX_BATCH; /* as far below zero, and no batch */
	return true;
}

int
onnx_known(const struct onnx_walker *w, const struct pb *name, int64_t *to, int max)
{
	struct onnx_ints x;

	if (!onnx_ints_find(w, name, &x) || x.rank > 1 || x.n > max)
		return -1;
	memcpy(to, x.v, (size_t)x.n * sizeof *to);
	return x.n;
}

const struct onnx_constant *
onnx_turned(const struct onnx_walker *w, const struct pb *name)
{
	const struct onnx_ints *x = onnx_folded(w, name);

	return x != NULL ? x->from : NULL;
}
